//! No direct clock: time comes from a `Clock`, or from tokio's clock that tests can pause.

use super::Violation;
use super::lexer::{Source, has_word};

/// The only files that read the system's clock, and why they may.
const MAY_READ_A_CLOCK: &[(&str, &str)] = &[
    ("crates/cli/src/clock.rs", "the `SystemClock` adapter"),
    ("xtask/src/stopwatch.rs", "times the steps of `ci`"),
];

/// Reads of a clock that can never be tokio's.
const READS: &[&str] = &[
    "SystemTime::now",
    "now_utc(",
    "now_local(",
    "std::time::Instant::now",
    "Timestamp::now",
    "Zoned::now",
];

const ADVICE: &str = "take the time from a `Clock`, or pass the instant in";

/// Clock reads in one Rust file.
pub(crate) fn violations(path: &str, source: &Source) -> Vec<Violation> {
    if MAY_READ_A_CLOCK.iter().any(|(allowed, _)| *allowed == path) {
        return Vec::new();
    }
    let tokio = imports_tokio_instant(&source.code);
    let mut found = Vec::new();
    for (number, line) in source.code_lines() {
        if let Some(read) = READS.iter().find(|read| has_word(line, read)) {
            let read = read.trim_end_matches('(');
            found.push(Violation::new(
                path,
                number,
                format!("reads the clock (`{read}`); {ADVICE}"),
            ));
        } else if line.contains("Instant::now") && !tokio && !line.contains("tokio::time::Instant::now") {
            let message =
                format!("reads the clock (`Instant::now`); {ADVICE}, or use `tokio::time::Instant`");
            found.push(Violation::new(path, number, message));
        }
    }
    found
}

/// Whether the `Instant` of this file is tokio's: `use tokio::time::Instant` or within `use tokio::time::{…}`.
fn imports_tokio_instant(code: &str) -> bool {
    code.split(';').any(|statement| {
        let words: String = statement.split_whitespace().collect::<Vec<_>>().join(" ");
        words.rsplit("use ").next().is_some_and(|tree| {
            tree.starts_with("tokio::") && tree.contains("time::") && has_word(tree, "Instant")
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{Source, violations};

    #[track_caller]
    fn check(path: &str, text: &str, lines: &[usize]) {
        let found: Vec<usize> = violations(path, &Source::new(text))
            .into_iter()
            .map(|violation| violation.line)
            .collect();
        assert_eq!(found, lines, "{text}");
    }

    #[test]
    fn direct_reads_are_found() {
        check("a.rs", "\nlet t = SystemTime::now();", &[2]);
        check("a.rs", "let t = OffsetDateTime::now_utc();", &[1]);
        check("a.rs", "use std::time::Instant;\nInstant::now()", &[2]);
        check(
            "a.rs",
            "use tokio::time::Instant;\nstd::time::Instant::now()",
            &[2],
        );
        check("a.rs", "use tokio::time::sleep;\nInstant::now()", &[2]);
    }

    #[test]
    fn the_paused_clock_the_adapter_and_mere_words_are_not() {
        check("a.rs", "tokio::time::Instant::now()", &[]);
        check("a.rs", "use tokio::time::{self,\n Instant};\nInstant::now()", &[]);
        check("crates/cli/src/clock.rs", "SystemTime::now()", &[]);
        check("a.rs", "// SystemTime::now()\nf(\"now_utc()\")", &[]);
        check("a.rs", "self.now_utc_offset()", &[]);
    }
}
