//! What the core is made of: the allow-list of everything it pulls into an embedder's build.
//!
//! The list is data, `xtask/core-dependencies.txt`: one crate and why, per line. It is compared with the whole
//! normal tree, all features on. (`! cargo tree -i NAME` would also pass on a misspelt name; a list cannot.)

use std::collections::BTreeSet;
use std::path::Path;

use super::Violation;
use crate::failure::Failure;
use crate::process;

const LIST: &str = "xtask/core-dependencies.txt";

/// One platform for everybody, so that the answer does not depend on the machine.
const PLATFORM: &str = "x86_64-unknown-linux-gnu";

/// Asks cargo and compares.
pub(crate) fn check(root: &Path) -> Result<Vec<Violation>, Failure> {
    let list = std::fs::read_to_string(root.join(LIST))
        .map_err(|error| Failure::new(format!("cannot read `{LIST}`: {error}; restore it from git")))?;
    let mut command = process::cargo();
    command.args([
        "tree",
        "--package",
        "core-compliance",
        "--edges",
        "normal",
        "--prefix",
        "none",
    ]);
    command.args(["--all-features", "--target", PLATFORM, "--format", "{p}"]);
    Ok(violations(&list, &process::output(&mut command)?))
}

/// Crates in the tree that are not on the list, and lines of the list that are wrong or no longer needed.
fn violations(list: &str, tree: &str) -> Vec<Violation> {
    let used: BTreeSet<&str> = tree
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    let mut listed = BTreeSet::new();
    let mut found = Vec::new();
    for (number, line) in (1..).zip(list.lines()) {
        let mut words = line.split_whitespace();
        let Some(name) = words.next().filter(|name| !name.starts_with('#')) else {
            continue;
        };
        if words.next().is_none() {
            found.push(Violation::new(
                LIST,
                number,
                format!("`{name}` has no reason; say in a word why it is there"),
            ));
        }
        if !used.contains(name) {
            found.push(Violation::new(
                LIST,
                number,
                format!("the core no longer uses `{name}`; delete the line"),
            ));
        }
        if !listed.insert(name) {
            found.push(Violation::new(
                LIST,
                number,
                format!("`{name}` is listed twice; delete one"),
            ));
        }
    }
    for name in used
        .difference(&listed)
        .filter(|name| **name != "core-compliance")
    {
        let what = format!("the core now pulls in `{name}`");
        let message =
            format!("{what}; do without it, or list it here with a reason and record why in docs/adr");
        found.push(Violation::new(LIST, 1, message));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::violations;

    const TREE: &str =
        "core-compliance v0.1.0 (/w)\njiff v1.0.1\nserde_derive v1.0.2 (proc-macro)\njiff v1.0.1 (*)\n";

    #[track_caller]
    fn check(list: &str, expected: &[&str]) {
        let shown: Vec<String> = violations(list, TREE).iter().map(ToString::to_string).collect();
        assert_eq!(shown.len(), expected.len(), "{shown:?}");
        for (line, expected) in shown.iter().zip(expected) {
            assert!(line.contains(expected), "{line}");
        }
    }

    #[test]
    fn the_list_is_exact() {
        check("# crates\njiff           zones\nserde_derive   features\n", &[]);
        check("jiff zones\n", &["now pulls in `serde_derive`"]);
        check(
            "jiff zones\nserde_derive json\nregex why\n",
            &[":3: the core no longer uses `regex`"],
        );
        check(
            "jiff\nserde_derive json\njiff zones\n",
            &[":1: `jiff` has no reason", ":3: `jiff` is listed twice"],
        );
    }
}
