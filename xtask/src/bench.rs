//! `cargo xtask bench <name> [--write] [arguments]`: measures something, and with `--write` puts it into
//! docs/performance.md.
//!
//! A bench is a program of its own: the binary `bench-<name>` of the package `tests`, built in release. To add
//! one: write `tests/src/bin/bench-<name>.rs` and add a line to [`BENCHES`].

mod results;

use std::process::{ExitCode, Stdio};

use crate::failure::{Failure, Outcome};
use crate::{cargo, process};

/// Where a bench finds the release build of `curfew`, if it asked for one.
const BINARY_VARIABLE: &str = "CURFEW_BINARY";

/// Puts what the bench says into docs/performance.md.
const WRITE: &str = "--write";

/// One bench.
struct Bench {
    name: &'static str,
    what: &'static str,
    /// Whether the bench starts the real `curfew`: it is then built first and named in `CURFEW_BINARY`.
    starts_curfew: bool,
}

const BENCHES: &[Bench] = &[
    Bench {
        name: "core",
        what: "time of a decision with and without findings, and of the rulebook's timetables",
        starts_curfew: false,
    },
    Bench {
        name: "scrub",
        what: "whole lists beside DuckDB, polars and cat; needs Python, PyPI and some GB",
        starts_curfew: true,
    },
    Bench {
        name: "history",
        what: "memory and time of a do-not-call list of millions and of a ledger of a million attempts",
        starts_curfew: false,
    },
    Bench {
        name: "sync",
        what: "share of the tenant's quota that `sync` uses at 1, 20, 100 and 300 ms latency",
        starts_curfew: true,
    },
    Bench {
        name: "sync-memory",
        what: "peak memory of `sync --dry-run` over 50,000 and 200,000 contacts",
        starts_curfew: true,
    },
];

/// Builds and runs one bench; its exit code is the bench's.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    let Some((name, rest)) = arguments.split_first() else {
        return Err(Failure::usage(format!("name a bench:\n{}", known())));
    };
    let bench = BENCHES
        .iter()
        .find(|bench| bench.name == name)
        .ok_or_else(|| Failure::usage(format!("there is no bench `{name}`; choose one of:\n{}", known())))?;
    let mut command = process::cargo();
    if bench.starts_curfew {
        command.env(BINARY_VARIABLE, cargo::build_binary("cli", "curfew", true)?);
    }
    command.args(["run", "--release", "--package", "tests", "--bin"]);
    let writes = rest.iter().any(|argument| argument == WRITE);
    let arguments = rest.iter().filter(|argument| *argument != WRITE);
    command
        .arg(format!("bench-{}", bench.name))
        .arg("--")
        .args(arguments);
    if !writes {
        return Ok(process::exit_code(process::status(&mut command)?));
    }
    let said = process::output(command.stderr(Stdio::inherit()))?;
    print!("{said}");
    results::write(bench.name, &said)?;
    Ok(ExitCode::SUCCESS)
}

/// Builds and runs the program that kills syncs; its exit code is the program's.
pub(crate) fn kill(arguments: &[String]) -> Outcome {
    let mut command = process::cargo();
    command.env(BINARY_VARIABLE, cargo::build_binary("cli", "curfew", true)?);
    command.args(["run", "--release", "--package", "tests", "--bin", "kill", "--"]);
    command.args(arguments);
    Ok(process::exit_code(process::status(&mut command)?))
}

fn known() -> String {
    let lines: Vec<String> = BENCHES
        .iter()
        .map(|bench| format!("  {:<11} {}", bench.name, bench.what))
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::run;

    #[test]
    fn an_unknown_bench_lists_the_known_ones() {
        for arguments in [vec![], vec!["snyc".to_owned()]] {
            let message = run(&arguments).unwrap_err().to_string();
            assert!(message.contains("sync "), "{message}");
        }
    }
}
