//! Comparing what a command printed with what a page says: `[..]` within a line, `...` for lines.

use super::session::Printed;

/// Stands for any text within a line.
const ANY_TEXT: &str = "[..]";

/// A line that stands for any number of lines.
const ANY_LINES: &str = "...";

/// How the output differs from the page; none when it does not.
pub(crate) fn difference(expected: &[String], code: u8, printed: &Printed) -> Option<String> {
    let actual = printed.lines();
    if matches(expected, &actual) && code == printed.code {
        return None;
    }
    if code != printed.code {
        let code = format!("ends with exit code {}, the page says {code}", printed.code);
        return Some(format!("{code}; it prints:\n{}", indented(&actual)));
    }
    let first = expected
        .iter()
        .zip(&actual)
        .position(|(pattern, line)| pattern != ANY_LINES && !line_matches(pattern, line));
    let line = first.unwrap_or_else(|| expected.len().min(actual.len())) + 1;
    let said = expected.get(line - 1).map_or("(nothing)", String::as_str);
    Some(format!(
        "prints something else; about its line {line} the page says\n    {said}\n  it prints:\n{}",
        indented(&actual)
    ))
}

/// The output for the page: what was printed, with `[..]` kept where it still fits.
pub(crate) fn blessed(expected: &[String], printed: &Printed) -> Vec<String> {
    let mut patterns = expected.iter().filter(|line| line.contains(ANY_TEXT)).peekable();
    let mut lines: Vec<String> = Vec::new();
    for line in printed.lines() {
        let kept = patterns.next_if(|pattern| line_matches(pattern, &line));
        lines.push(kept.cloned().unwrap_or(line));
    }
    if printed.code != 0 {
        lines.push(format!("# exit code: {}", printed.code));
    }
    lines
}

fn matches(expected: &[String], actual: &[String]) -> bool {
    match expected.split_first() {
        None => actual.is_empty(),
        Some((pattern, rest)) if pattern == ANY_LINES => {
            (0..=actual.len()).any(|skipped| matches(rest, actual.get(skipped..).unwrap_or_default()))
        }
        Some((pattern, rest)) => actual
            .split_first()
            .is_some_and(|(line, behind)| line_matches(pattern, line) && matches(rest, behind)),
    }
}

fn line_matches(pattern: &str, line: &str) -> bool {
    let mut pieces = pattern.split(ANY_TEXT);
    let Some(mut rest) = line.strip_prefix(pieces.next().unwrap_or_default()) else {
        return false;
    };
    let mut middle: Vec<&str> = pieces.collect();
    let Some(last) = middle.pop() else {
        return rest.is_empty();
    };
    for piece in middle {
        match rest.split_once(piece) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    rest.ends_with(last)
}

fn indented(lines: &[String]) -> String {
    lines
        .iter()
        .map(|line| format!("    {line}"))
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::{Printed, blessed, difference};

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[track_caller]
    fn check(expected: &str, actual: &str, same: bool) {
        let printed = Printed {
            text: actual.to_owned(),
            code: 0,
        };
        assert_eq!(
            difference(&lines(expected), 0, &printed).is_none(),
            same,
            "{expected:?} and {actual:?}"
        );
    }

    #[test]
    fn lines_match_exactly_or_by_wildcard() {
        check("a\nb", "a\nb\n", true);
        check("a\nb", "a\n", false);
        check("a", "a\nb\n", false);
        check("took [..] s", "took 0.25 s\n", true);
        check("took [..] s", "took 0.25 min\n", false);
        check("[..] of [..]", "1 of 2", true);
        check("a[..]a", "a", false);
        check("a [..] b [..] c", "a x b c", false);
    }

    #[test]
    fn dots_skip_lines() {
        check("a\n...\nd", "a\nb\nc\nd\n", true);
        check("a\n...\nd", "a\nd\n", true);
        check("a\n...", "a\nb\n", true);
        check("...\nd", "a\nb\n", false);
    }

    #[test]
    fn exit_codes_count() {
        let printed = Printed {
            text: "no\n".to_owned(),
            code: 3,
        };
        assert_eq!(difference(&lines("no"), 3, &printed), None);
        let said = difference(&lines("no"), 0, &printed).unwrap();
        assert!(
            said.starts_with("ends with exit code 3, the page says 0"),
            "{said}"
        );
    }

    #[test]
    fn blessing_keeps_wildcards_that_still_fit() {
        let printed = Printed {
            text: "run 7f\nnew\ntook 3 s\n".to_owned(),
            code: 4,
        };
        let expected = ["run [..]", "new", "took [..] s", "# exit code: 4"];
        assert_eq!(blessed(&lines("run [..]\nold\ntook [..] s"), &printed), expected);
    }
}
