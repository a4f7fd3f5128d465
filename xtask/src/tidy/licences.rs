//! Every crate inside the shipped binary may be shipped under MIT or Apache-2.0 without further duties.
//!
//! Allowed are permissive licences: they ask for no more than keeping their notice. Copyleft (GPL, LGPL, MPL,
//! EPL) is not on the list, and a crate that names no licence may not be used at all. Only what `curfew` links
//! or runs at build time counts; tools and tests are not shipped.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Violation;
use crate::cargo::{self, list, text};
use crate::failure::Failure;

/// SPDX names of the licences that `curfew` may contain.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
];

/// The platforms of the release workflow.
const PLATFORMS: &[&str] = &["x86_64-unknown-linux-musl", "aarch64-unknown-linux-musl"];

/// The package whose binary is shipped.
const SHIPPED: &str = "cli";

/// Asks cargo for everything inside `curfew` and looks at the licences.
pub(crate) fn check() -> Result<Vec<Violation>, Failure> {
    let platforms = PLATFORMS
        .iter()
        .flat_map(|platform| ["--filter-platform", platform]);
    let metadata = cargo::metadata(&platforms.collect::<Vec<_>>())?;
    Ok(violations(&metadata))
}

fn violations(metadata: &Value) -> Vec<Violation> {
    let packages: BTreeMap<String, &Value> = list(metadata, "packages")
        .iter()
        .map(|package| (text(package, "id"), package))
        .collect();
    let Some(shipped) = packages
        .iter()
        .find(|(_, package)| text(package, "name") == SHIPPED)
    else {
        return vec![Violation::new(
            "Cargo.toml",
            1,
            format!("there is no package `{SHIPPED}`; name the shipped one"),
        )];
    };
    let mut found = Vec::new();
    for id in inside(metadata, shipped.0) {
        let Some(package) = packages.get(&id) else {
            continue;
        };
        let licence = text(package, "license");
        if !is_allowed(&licence) {
            let name = format!("`{} {}`", text(package, "name"), text(package, "version"));
            let shown = if licence.is_empty() {
                "no licence"
            } else {
                &licence
            };
            let advice =
                "use another crate, or extend the list in xtask/src/tidy/licences.rs after reading it";
            found.push(Violation::new(
                "Cargo.lock",
                1,
                format!("{name} has {shown}; {advice}"),
            ));
        }
    }
    found
}

/// Everything reachable from `start` through normal and build dependencies.
fn inside(metadata: &Value, start: &str) -> BTreeSet<String> {
    let empty = Value::Null;
    let resolve = metadata.get("resolve").unwrap_or(&empty);
    let nodes: BTreeMap<String, &Value> = list(resolve, "nodes")
        .iter()
        .map(|node| (text(node, "id"), node))
        .collect();
    let mut seen = BTreeSet::new();
    let mut open = vec![start.to_owned()];
    while let Some(id) = open.pop() {
        if !seen.insert(id.clone()) {
            continue;
        }
        let dependencies = nodes.get(&id).map(|node| list(node, "deps")).unwrap_or_default();
        let shipped = dependencies.iter().filter(|dependency| {
            let mut kinds = list(dependency, "dep_kinds").iter();
            kinds.any(|kind| kind.get("kind").and_then(Value::as_str) != Some("dev"))
        });
        open.extend(shipped.map(|dependency| text(dependency, "pkg")));
    }
    seen
}

/// Whether an SPDX expression can be met with the allowed licences; `/` is the old spelling of `OR`.
fn is_allowed(expression: &str) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    matches!(any_of(&words), Some((true, [])))
}

/// `a OR b …`: whether it is met, and the words behind it.
fn any_of<'a>(words: &'a [&'a str]) -> Option<(bool, &'a [&'a str])> {
    let (mut met, mut rest) = all_of(words)?;
    while let Some((&"OR", after)) = rest.split_first() {
        let (next, behind) = all_of(after)?;
        met |= next;
        rest = behind;
    }
    Some((met, rest))
}

/// `a AND b …`, which binds tighter.
fn all_of<'a>(words: &'a [&'a str]) -> Option<(bool, &'a [&'a str])> {
    let (mut met, mut rest) = one(words)?;
    while let Some((&"AND", after)) = rest.split_first() {
        let (next, behind) = one(after)?;
        met &= next;
        rest = behind;
    }
    Some((met, rest))
}

/// One licence, one with an exception, or an expression in parentheses.
fn one<'a>(words: &'a [&'a str]) -> Option<(bool, &'a [&'a str])> {
    match words {
        ["(", inner @ ..] => match any_of(inner)? {
            (met, [")", rest @ ..]) => Some((met, rest)),
            _ => None,
        },
        [name, "WITH", exception, rest @ ..] => Some((
            ALLOWED.contains(&format!("{name} WITH {exception}").as_str()),
            rest,
        )),
        [name, rest @ ..] => Some((ALLOWED.contains(name), rest)),
        [] => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_allowed, violations};

    #[test]
    fn expressions_are_understood() {
        for good in [
            "MIT",
            "MIT OR Apache-2.0",
            "MIT/Apache-2.0",
            "GPL-3.0 OR MIT",
            "(MIT OR Apache-2.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR GPL-2.0",
            "Apache-2.0 AND ISC",
        ] {
            assert!(is_allowed(good), "{good}");
        }
        for bad in [
            "",
            "GPL-3.0-only",
            "MIT AND MPL-2.0",
            "MIT OR",
            "(MIT",
            "MIT Apache-2.0",
            "MIT OR GPL-3.0 AND",
            "AND",
        ] {
            assert!(!is_allowed(bad), "{bad}");
        }
    }

    #[test]
    fn only_what_is_shipped_counts() {
        let edge =
            |to: &str, kind: Option<&str>| serde_json::json!({"pkg": to, "dep_kinds": [{"kind": kind}]});
        let package = |id: &str, licence: Option<&str>| serde_json::json!({"id": id, "name": id, "version": "1.0.0", "license": licence});
        let metadata = serde_json::json!({
            "packages": [
                package("cli", Some("MIT OR Apache-2.0")), package("good", Some("ISC")),
                package("copyleft", Some("GPL-3.0-only")), package("nameless", None), package("tool", Some("GPL-2.0")),
            ],
            "resolve": {"nodes": [
                {"id": "cli", "deps": [edge("good", None), edge("tool", Some("dev"))]},
                {"id": "good", "deps": [edge("copyleft", Some("build")), edge("nameless", None), edge("cli", None)]},
            ]},
        });
        let shown: Vec<String> = violations(&metadata).iter().map(ToString::to_string).collect();
        assert_eq!(shown.len(), 2, "{shown:?}");
        assert!(
            shown[0].contains("`copyleft 1.0.0` has GPL-3.0-only"),
            "{shown:?}"
        );
        assert!(shown[1].contains("`nameless 1.0.0` has no licence"), "{shown:?}");
    }
}
