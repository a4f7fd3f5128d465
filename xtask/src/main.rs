//! The build harness: `cargo xtask <task>`.
//!
//! Every task is one file with one `run(arguments)`, listed once in [`TASKS`]. A task that starts a program of
//! ours answers with that program's exit code; what goes wrong in the harness itself is a [`Failure`] (exit 1), a
//! wrong argument a usage failure (exit 2).

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a build harness talks to its terminal"
)]

mod bench;
mod cargo;
mod ci;
mod demo;
mod failure;
mod fuzz;
mod instructions;
mod process;
mod readme;
mod rulebook;
mod scratch;
mod stopwatch;
mod test;
mod tidy;
mod tzdata;

use std::process::ExitCode;

use crate::failure::{Failure, Outcome};

/// One thing the harness can do.
struct Task {
    name: &'static str,
    usage: &'static str,
    what: &'static str,
    run: fn(&[String]) -> Outcome,
}

/// Everything `cargo xtask` knows, in the order in which a newcomer meets it.
const TASKS: &[Task] = &[
    Task {
        name: "demo",
        usage: "[arguments]",
        what: "build `curfew` and run `curfew demo`",
        run: demo::run,
    },
    Task {
        name: "test",
        usage: "[cargo test arguments]",
        what: "run every test, doc tests included",
        run: test::run,
    },
    Task {
        name: "ci",
        usage: "[--list]",
        what: "run what CI runs, stop at the first failure",
        run: ci::run,
    },
    Task {
        name: "tidy",
        usage: "",
        what: "check the written invariants of the repository",
        run: tidy::run,
    },
    Task {
        name: "readme",
        usage: "[--bless]",
        what: "check (or rewrite) the console blocks of README.md and docs",
        run: readme::run,
    },
    Task {
        name: "rulebook",
        usage: "[--check]",
        what: "rewrite (or check) docs/rulebook.md from the rulebook",
        run: rulebook::run,
    },
    Task {
        name: "bench",
        usage: "<name> [--write] [arguments]",
        what: "measure something",
        run: bench::run,
    },
    Task {
        name: "instructions",
        usage: "[--bless]",
        what: "count what a row of a list costs, beside the committed figures",
        run: instructions::run,
    },
    Task {
        name: "kill",
        usage: "[--kills N] [--seed N] [--contacts N]",
        what: "kill -9 a sync at random points, start it again, and audit what is left",
        run: bench::kill,
    },
    Task {
        name: "fuzz",
        usage: "[cases] [suite…] [-- test arguments]",
        what: "run the property suites much longer than `test` does",
        run: fuzz::run,
    },
    Task {
        name: "tzdata",
        usage: "[--check]",
        what: "regenerate (or compare) the generated data files; needs Python and PyPI",
        run: tzdata::run,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("error: {failure}");
            failure.exit_code()
        }
    }
}

fn dispatch(arguments: &[String]) -> Outcome {
    let Some((name, rest)) = arguments.split_first() else {
        print!("{}", help());
        return Ok(ExitCode::SUCCESS);
    };
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        print!("{}", help());
        return Ok(ExitCode::SUCCESS);
    }
    let task = TASKS.iter().find(|task| task.name == name).ok_or_else(|| {
        let known: Vec<&str> = TASKS.iter().map(|task| task.name).collect();
        Failure::usage(format!(
            "there is no task `{name}`; choose one of {}",
            known.join(", ")
        ))
    })?;
    (task.run)(rest)
}

fn help() -> String {
    let mut text = String::from("cargo xtask <task>\n\n");
    for task in TASKS {
        let call = format!("{} {}", task.name, task.usage);
        text.push_str(&format!("  {call:<44} {}\n", task.what));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{TASKS, dispatch, help};

    #[test]
    fn help_has_one_line_per_task() {
        let text = help();
        for task in TASKS {
            let start = format!("  {} ", task.name);
            assert_eq!(
                text.lines().filter(|line| line.starts_with(&start)).count(),
                1,
                "{}",
                task.name
            );
        }
    }

    #[test]
    fn an_unknown_task_names_the_known_ones() {
        let message = dispatch(&["tets".to_owned()]).unwrap_err().to_string();
        assert!(
            message.contains("`tets`") && message.contains("demo, test, ci"),
            "{message}"
        );
    }
}
