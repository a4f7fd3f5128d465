//! Nothing switched off, nothing left open: ignored tests, allowed lints, marks of unfinished work.

use super::Violation;
use super::lexer::{Source, has_word};

/// Words that mark unfinished work, in code and in comments.
const MARKS: &[&str] = &["TODO", "FIXME", "XXX", "HACK"];

/// What one Rust file switches off or leaves open.
pub(crate) fn violations(path: &str, source: &Source) -> Vec<Violation> {
    let mut found = Vec::new();
    for (number, line) in source.code_lines() {
        for name in ["todo!", "unimplemented!"] {
            if has_word(line, name) {
                found.push(Violation::new(
                    path,
                    number,
                    format!("`{name}` is left open; write it or leave it out"),
                ));
            }
        }
    }
    for half in [&source.code, &source.comments] {
        for (number, line) in (1..).zip(half.lines()) {
            if let Some(mark) = MARKS.iter().find(|mark| has_word(line, mark)) {
                let message = format!("`{mark}` marks unfinished work; finish it or open an issue");
                found.push(Violation::new(path, number, message));
            }
        }
    }
    for (number, attribute) in attributes(&source.code) {
        found.extend(fault(&attribute).map(|message| Violation::new(path, number, message)));
    }
    found
}

/// Every `#[…]` and `#![…]` with the line on which it begins.
fn attributes(code: &str) -> Vec<(usize, String)> {
    let mut all = Vec::new();
    for (at, _) in code.match_indices('#') {
        let (before, from) = code.split_at(at);
        let inner = from.trim_start_matches('#').trim_start_matches('!');
        if !inner.starts_with('[') {
            continue;
        }
        let mut depth = 0_usize;
        let mut text = String::new();
        for character in inner.chars() {
            match character {
                '[' => depth += 1,
                ']' => depth -= 1,
                _ => {}
            }
            text.push(character);
            if depth == 0 {
                break;
            }
        }
        all.push((before.matches('\n').count() + 1, text));
    }
    all
}

fn fault(attribute: &str) -> Option<&'static str> {
    let flat: String = attribute.split_whitespace().collect();
    let has = |name: &str| {
        let opens = [format!("[{name}"), format!(",{name}")];
        opens.iter().any(|open| {
            flat.match_indices(open.as_str()).any(|(at, _)| {
                let rest = flat
                    .split_at(at)
                    .1
                    .strip_prefix(open.as_str())
                    .unwrap_or_default();
                rest.starts_with(['(', ']', ')', '=', ','])
            })
        })
    };
    if has("ignore") && (flat.starts_with("[ignore") || flat.starts_with("[cfg_attr(")) {
        return Some("an ignored test proves nothing; make it pass or delete it");
    }
    if has("should_panic") {
        return Some("`should_panic` hides which line panics; return a typed error and assert on it");
    }
    if has("allow") && (flat.starts_with("[allow(") || flat.starts_with("[cfg_attr(")) {
        return Some("`allow` outlives its cause; use `expect` with a reason");
    }
    if has("expect") && !flat.contains("reason=\"") {
        return Some("`expect` without a reason; add `reason = \"…\"`");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Source, violations};

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let shown: Vec<String> = violations("a.rs", &Source::new(text))
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(shown.len(), expected.len(), "{shown:?}");
        for (line, expected) in shown.iter().zip(expected) {
            assert!(line.contains(expected), "{line}");
        }
    }

    #[test]
    fn switched_off_tests_are_found() {
        check("#[test]\n#[ignore]\nfn f() {}", &["a.rs:2: an ignored"]);
        check("#[ignore = \"slow\"]", &["an ignored"]);
        check("#[cfg_attr(windows, ignore)]", &["an ignored"]);
        check("#[should_panic(expected = \"x\")]", &["`should_panic`"]);
        check("fn ignore() { ignore(); }\n#[serde(ignore)]\n// #[ignore]", &[]);
    }

    #[test]
    fn allowed_lints_and_reasonless_exceptions_are_found() {
        check("#[allow(dead_code)]", &["`allow` outlives"]);
        check("#![allow(\n    dead_code\n)]", &["a.rs:1: `allow` outlives"]);
        check("#[cfg_attr(test, allow(dead_code))]", &["`allow` outlives"]);
        check("#[expect(dead_code)]", &["`expect` without a reason"]);
        check(
            "#[expect(dead_code, reason = \"shown\")]\n#![expect(\n a,\n reason = \"b\"\n)]",
            &[],
        );
        check(
            "option.expect(\"x\"); #[derive(Debug)] let allow = f(\"#[allow(x)]\");",
            &[],
        );
    }

    #[test]
    fn unfinished_work_is_found() {
        check("fn f() { todo!() }", &["`todo!` is left open"]);
        check("fn f() { unimplemented!(\"x\") }", &["`unimplemented!`"]);
        check("// TODO: x\n/* FIXME */", &["a.rs:1: `TODO`", "a.rs:2: `FIXME`"]);
        check("let zone = \"XXX\"; // HACKNEY, my_todo\nfn todo() {}", &[]);
    }
}
