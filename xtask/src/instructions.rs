//! `cargo xtask instructions [--bless]`: how many instructions `scrub` spends on a row, beside the committed figures.
//!
//! Instructions do not depend on what else the machine does, so that a loss of speed shows in CI. Two lists of one seed,
//! one longer than the other, are judged under `valgrind --tool=callgrind`; the difference is that of the rows alone.
//! Without valgrind CI fails, and a machine of somebody's own says so and goes on.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use crate::failure::{self, Failure, Outcome};
use crate::scratch::Scratch;
use crate::{cargo, process};

/// The committed figures: `hours 1234`, a line each.
const FIGURES: &str = "tests/lists/instructions.txt";
/// Growth that is let pass, in percent.
const TOLERANCE: u64 = 10;
/// Rows of the shorter and of the longer list.
const ROWS: [u64; 2] = [20_000, 60_000];
const KINDS: [&str; 2] = ["hours", "law"];
const WHAT: &str =
    "# Instructions that `scrub` spends on a row; written by `cargo xtask instructions --bless`.\n";

/// Counts and compares, or with `--bless` writes the figures anew.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    failure::only(arguments, &["--bless"])?;
    if !has_valgrind() {
        let message = "valgrind is missing, so instructions cannot be counted; install it (Debian: apt-get install valgrind)";
        if std::env::var_os("CI").is_some() {
            return Err(Failure::new(message));
        }
        println!("instructions: skipped: {message}");
        return Ok(ExitCode::SUCCESS);
    }
    let judge = cargo::build_binary("lists", "judge-list", true)?;
    let scratch = Scratch::new("instructions")?;
    let list = |rows: u64| scratch.path().join(format!("{rows}.csv"));
    for rows in ROWS {
        let mut make = process::program(&judge);
        process::succeed(make.args(["make", &rows.to_string()]).arg(list(rows)))?;
    }
    let mut counted = Vec::new();
    for kind in KINDS {
        let [short, long] = ROWS;
        let spent = |rows| count(&judge, scratch.path(), kind, &list(rows));
        counted.push((kind, spent(long)?.saturating_sub(spent(short)?) / (long - short)));
    }
    let path = process::workspace_root().join(FIGURES);
    if !arguments.is_empty() {
        let lines: String = counted
            .iter()
            .map(|(kind, figure)| format!("{kind} {figure}\n"))
            .collect();
        fs::write(&path, format!("{WHAT}{lines}"))
            .map_err(|error| Failure::new(format!("cannot write {FIGURES}: {error}")))?;
        println!("instructions: {FIGURES} is written:\n{lines}");
        return Ok(ExitCode::SUCCESS);
    }
    let text =
        fs::read_to_string(&path).map_err(|error| Failure::new(format!("cannot read {FIGURES}: {error}")))?;
    compare(&text, &counted)
}

fn has_valgrind() -> bool {
    let mut command = process::program("valgrind");
    let status = command
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}

/// Instructions of one run.
fn count(judge: &Path, folder: &Path, kind: &str, list: &Path) -> Result<u64, Failure> {
    let file = folder.join("callgrind.out");
    let mut command: Command = process::program("valgrind");
    command.args(["--quiet", "--tool=callgrind"]);
    command.arg(format!("--callgrind-out-file={}", file.display()));
    command.arg(judge).arg(kind).arg(list);
    process::output(&mut command)?;
    let text = fs::read_to_string(&file)
        .map_err(|error| Failure::new(format!("callgrind wrote no {}: {error}", file.display())))?;
    total(&text).ok_or_else(|| Failure::new("callgrind's file has no line `totals:`; is its format another?"))
}

/// The sum at the end of callgrind's file.
fn total(text: &str) -> Option<u64> {
    let line = text.lines().rev().find_map(|line| line.strip_prefix("totals:"))?;
    line.split_whitespace().next()?.parse().ok()
}

fn compare(figures: &str, counted: &[(&str, u64)]) -> Outcome {
    let mut grown = Vec::new();
    for (kind, now) in counted {
        let committed = figures
            .lines()
            .find_map(|line| line.strip_prefix(kind)?.trim().parse::<u64>().ok());
        let committed = committed
            .ok_or_else(|| Failure::new(format!("{FIGURES} has no figure for `{kind}`; run with --bless")))?;
        let growth = (*now as f64 / committed as f64 - 1.0) * 100.0;
        println!("instructions: {kind:<5} {now:>6} a row, committed {committed} ({growth:+.1} %)");
        // In whole numbers: exactly the tolerance is no more than it.
        if now * 100 > committed * (100 + TOLERANCE) {
            grown.push(format!("{kind} by {growth:.1} %"));
        }
    }
    if grown.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    Err(Failure::new(format!(
        "a row costs more than {TOLERANCE} % more instructions: {}; make it cheaper, or, if it is worth it, commit the new \
         figures of `cargo xtask instructions --bless` and say why",
        grown.join(", ")
    )))
}

#[cfg(test)]
mod tests {
    use super::{compare, total};

    #[test]
    fn the_sum_is_read() {
        assert_eq!(total("events: Ir\nfn=x\n1 2\ntotals: 4711\n"), Some(4_711));
        assert_eq!(total("events: Ir\n"), None);
    }

    #[test]
    fn growth_beyond_the_tolerance_fails() {
        let figures = "# what\nhours 1000\nlaw 2000\n";
        assert!(compare(figures, &[("hours", 1_100), ("law", 1_500)]).is_ok());
        let message = compare(figures, &[("hours", 1_101), ("law", 2_000)])
            .unwrap_err()
            .to_string();
        assert!(
            message.contains("hours by 10.1 %") && !message.contains("law"),
            "{message}"
        );
        assert!(compare("hours 1000\n", &[("law", 1)]).is_err());
    }
}
