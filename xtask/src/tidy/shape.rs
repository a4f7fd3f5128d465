//! The shape of files: length, module documentation, white space, stray snapshots.

use super::Violation;

/// A file tells one thing; more lines than these tell two.
const MOST_LINES: usize = 500;

/// What one text file breaks.
pub(crate) fn violations(path: &str, text: &str) -> Vec<Violation> {
    let mut found = white_space(path, text);
    if path.ends_with(".rs") {
        let lines = text.lines().count();
        if lines > MOST_LINES {
            let message = format!("{lines} lines, the most is {MOST_LINES}; split it by what its parts tell");
            found.push(Violation::new(path, MOST_LINES + 1, message));
        }
        if !has_module_documentation(text) {
            found.push(Violation::new(
                path,
                1,
                "no module documentation; begin with `//!` and say what it is for",
            ));
        }
    }
    found
}

/// Snapshots that somebody has yet to look at.
pub(crate) fn stray_snapshots(paths: &[String]) -> Vec<Violation> {
    let stray = paths
        .iter()
        .filter(|path| path.ends_with(".snap.new") || path.ends_with(".pending-snap"));
    stray
        .map(|path| Violation::new(path, 1, "a snapshot not looked at; accept it or delete it"))
        .collect()
}

fn white_space(path: &str, text: &str) -> Vec<Violation> {
    let mut found = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.ends_with([' ', '\t', '\r']) {
            found.push(Violation::new(
                path,
                number,
                "white space at the end of the line; delete it",
            ));
        }
        if path.ends_with(".rs") && line.contains('\t') {
            found.push(Violation::new(
                path,
                number,
                "a tab; indent with spaces, write `\\t` in a string",
            ));
        }
    }
    let last = text.lines().count().max(1);
    if !text.is_empty() && !text.ends_with('\n') {
        found.push(Violation::new(
            path,
            last,
            "no line break at the end of the file; add one",
        ));
    }
    if text.ends_with("\n\n") {
        found.push(Violation::new(
            path,
            last,
            "empty lines at the end of the file; delete them",
        ));
    }
    found
}

/// The first line that is neither empty nor a `#![…]` attribute must be a `//!` with words in it.
fn has_module_documentation(text: &str) -> bool {
    let mut inside_attribute = false;
    for line in text.lines().map(str::trim) {
        if inside_attribute || line.starts_with("#![") {
            inside_attribute = !line.ends_with(']');
        } else if !line.is_empty() {
            return line
                .strip_prefix("//!")
                .is_some_and(|words| !words.trim().is_empty());
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{stray_snapshots, violations};

    #[track_caller]
    fn check(path: &str, text: &str, expected: &[&str]) {
        let found = violations(path, text);
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (violation, start) in found.iter().zip(expected) {
            let shown = violation.to_string();
            assert!(shown.starts_with(&format!("{path}:{start}")), "{shown}");
        }
    }

    #[test]
    fn length_has_a_limit() {
        let of = |lines: usize| format!("//! Doc.\n{}", "x\n".repeat(lines - 1));
        check("a.rs", &of(500), &[]);
        check("a.rs", &of(501), &["501: 501 lines"]);
        check("a.md", &of(501), &[]);
    }

    #[test]
    fn modules_are_documented() {
        check("a.rs", "//! Doc.\n", &[]);
        check(
            "a.rs",
            "#![expect(\n    a,\n    reason = \"b\"\n)]\n\n//! Doc.\n",
            &[],
        );
        check("a.rs", "// Copyright\n//! Doc.\n", &["1: no module"]);
        check("a.rs", "//!\nfn f() {}\n", &["1: no module"]);
        check("a.rs", "", &["1: no module"]);
    }

    #[test]
    fn white_space_is_clean() {
        check("a.md", "a \nb\n", &["1: white space"]);
        check("a.md", "a\nb", &["2: no line break"]);
        check("a.md", "a\n\n", &["2: empty lines"]);
        check("a.rs", "//! Doc.\n\tf();\n", &["2: a tab"]);
        check("a.md", "\tcode\n", &[]);
    }

    #[test]
    fn snapshots_are_looked_at() {
        let paths = [
            "a.snap.new".to_owned(),
            "a.snap".to_owned(),
            "src/.b.rs.pending-snap".to_owned(),
        ];
        assert_eq!(stray_snapshots(&paths).len(), 2);
    }
}
