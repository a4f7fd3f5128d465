//! Who may depend on whom: the adapters and the use cases know the core and never each other.

use std::path::Path;

use super::Violation;
use super::files::relative;
use crate::cargo::Package;

/// What a package may depend on, of the packages in this workspace.
enum May {
    /// Exactly these.
    Only(&'static [&'static str]),
    /// Every product crate (those in `crates/`).
    Products,
}

/// The layers, as `docs/architecture.md` tells them. A package that is not listed here breaks the check.
const LAYERS: &[(&str, May)] = &[
    ("core-compliance", May::Only(&[])),
    ("cxone-client", May::Only(&["core-compliance"])),
    ("cxone-simulator", May::Only(&["core-compliance"])),
    ("local-files", May::Only(&["core-compliance"])),
    ("pipeline", May::Only(&["core-compliance"])),
    ("record-keeping", May::Only(&["core-compliance"])),
    (
        "lists",
        May::Only(&["core-compliance", "local-files", "pipeline"]),
    ),
    ("cli", May::Products),
    ("tests", May::Products),
    ("xtask", May::Only(&[])),
];

/// Dependencies (dev and build too) that the layers do not allow.
pub(crate) fn violations(root: &Path, packages: &[Package]) -> Vec<Violation> {
    let mut found = Vec::new();
    for package in packages {
        let path = relative(root, &package.manifest);
        let Some((_, may)) = LAYERS.iter().find(|(name, _)| *name == package.name) else {
            let advice = "give it one in xtask/src/tidy/layers.rs and in docs/architecture.md";
            found.push(Violation::new(
                &path,
                1,
                format!("`{}` has no layer; {advice}", package.name),
            ));
            continue;
        };
        for dependency in &package.dependencies {
            let name = dependency.name.as_str();
            let ours = packages.iter().any(|package| package.name == name);
            if ours && !allows(may, name) {
                found.push(Violation::new(
                    &path,
                    1,
                    forbidden(&package.name, name, &dependency.kind),
                ));
            }
        }
    }
    found
}

fn allows(may: &May, name: &str) -> bool {
    match may {
        May::Only(names) => names.contains(&name),
        May::Products => !matches!(name, "cli" | "tests" | "xtask"),
    }
}

fn forbidden(package: &str, dependency: &str, kind: &str) -> String {
    let advice = "share it through a port of the core, or wire it in `cli` (tests of both belong to `tests`)";
    format!("`{package}` may not depend on `{dependency}` ({kind}); {advice}")
}

#[cfg(test)]
mod tests {
    use super::violations;
    use crate::cargo::{Dependency, Package};
    use std::path::Path;

    fn package(name: &str, dependencies: &[(&str, &str)]) -> Package {
        Package {
            name: name.to_owned(),
            manifest: format!("/w/crates/{name}/Cargo.toml").into(),
            dependencies: dependencies
                .iter()
                .map(|(name, kind)| Dependency {
                    name: (*name).to_owned(),
                    kind: (*kind).to_owned(),
                })
                .collect(),
            ..Package::default()
        }
    }

    #[track_caller]
    fn check(package: Package, expected: &[&str]) {
        let core = self::package("core-compliance", &[("time", "normal")]);
        let packages = [
            package,
            core,
            self::package("local-files", &[]),
            self::package("tests", &[("local-files", "dev")]),
        ];
        let found = violations(Path::new("/w"), &packages);
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (violation, expected) in found.iter().zip(expected) {
            assert!(violation.to_string().contains(expected), "{violation}");
        }
    }

    #[test]
    fn adapters_know_the_core_only() {
        check(
            package("pipeline", &[("core-compliance", "normal"), ("serde", "normal")]),
            &[],
        );
        check(
            package("pipeline", &[("local-files", "dev")]),
            &["crates/pipeline/Cargo.toml:1: `pipeline` may not depend on `local-files` (dev)"],
        );
        check(
            package("cli", &[("local-files", "normal"), ("core-compliance", "normal")]),
            &[],
        );
        check(
            package("cli", &[("tests", "dev")]),
            &["`cli` may not depend on `tests`"],
        );
    }

    #[test]
    fn a_new_package_needs_a_layer() {
        check(package("newcomer", &[]), &["`newcomer` has no layer"]);
    }
}
