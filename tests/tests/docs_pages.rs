//! What README.md and docs/settings.md say about the code is what the code says.

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
