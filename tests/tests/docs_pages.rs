//! What the pages say about the code is what the code says.

use std::path::Path;

const README: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md"));
const SETTINGS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/settings.md"));
const KEYS: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../crates/cli/src/settings/keys.rs"
));
const CORE: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../crates/core-compliance/src/lib.rs"
));

#[test]
fn every_setting_has_its_row() {
    let (_, keys) = KEYS.split_once("KEYS: &[Key]").unwrap();
    // In each row the strings are name, variable, flag and, if there is one, default.
    let rows: Vec<Vec<&str>> = keys
        .split("key(")
        .skip(1)
        .map(|row| row.split('"').skip(1).step_by(2).collect())
        .collect();
    assert!(rows.len() > 10, "found {} settings only", rows.len());
    for row in rows {
        let start = format!("| `{}` | `{}` |", row[0], row[1]);
        let line = SETTINGS.lines().find(|line| line.starts_with(&start));
        let line = line.unwrap_or_else(|| panic!("no row begins `{start}`; add it to docs/settings.md"));
        for said in &row[2..] {
            let shown = format!("| `{said}` |");
            assert!(
                said.starts_with('(') || line.contains(&shown),
                "docs/settings.md does not say `{said}` of `{}`",
                row[0]
            );
        }
    }
}

#[test]
fn the_snippet_is_the_cores_doctest() {
    let (_, snippet) = README.split_once("```rust\n").unwrap();
    let (snippet, _) = snippet.split_once("```").unwrap();
    let documented: String = snippet
        .lines()
        .map(|line| format!("//! {line}").trim_end().to_owned() + "\n")
        .collect();
    assert!(
        CORE.contains(&documented),
        "README.md shows other code than the documentation of core-compliance"
    );
}

/// The text of every file below a folder whose name ends in `ending`, one after the other.
fn texts(folder: &Path, ending: &str, all: &mut String) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            texts(&path, ending, all);
        } else if path.to_string_lossy().ends_with(ending) {
            all.push_str(&std::fs::read_to_string(&path).unwrap_or_default());
        }
    }
}

#[test]
fn the_tests_that_pages_name_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (mut pages, mut code) = (String::new(), String::new());
    texts(&root.join("docs/adr"), ".md", &mut pages);
    pages.push_str(&std::fs::read_to_string(root.join("docs/architecture.md")).unwrap());
    for folder in ["crates", "tests", "xtask"] {
        texts(&root.join(folder), ".rs", &mut code);
    }
    let is_test = |word: &&str| {
        word.matches('_').count() >= 2
            && word
                .bytes()
                .all(|byte| byte == b'_' || byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    let named: Vec<&str> = pages.split('`').filter(is_test).collect();
    assert!(named.len() > 20, "found {} names only", named.len());
    for name in named {
        assert!(
            code.contains(&format!("fn {name}(")),
            "no test is called `{name}`; follow it in docs/architecture.md and docs/adr"
        );
    }
}
