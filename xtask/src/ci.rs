//! `cargo xtask ci [--list]`: what CI runs, in order, up to the first failure.
//!
//! Quick checks come first and tests last, so that the lines with cargo's `test result:` close the log. There are
//! three builds in all (checked by clippy, the binary that the README shows, the tests), because a cold CI
//! machine has two cores.

use std::process::ExitCode;

use crate::failure::{self, Failure, Outcome};
use crate::stopwatch::Stopwatch;
use crate::{cargo, instructions, process, readme, rulebook, tidy};

/// The library for embedders, whose features are checked one by one.
const CORE: &str = "core-compliance";

/// One thing CI does.
struct Step {
    name: String,
    work: Work,
}

enum Work {
    /// A cargo command, and variables for it.
    Cargo(Vec<String>, &'static [(&'static str, &'static str)]),
    /// A task of ours.
    Task(fn(&[String]) -> Outcome),
}

/// Runs the steps, or with `--list` prints them.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    failure::only(arguments, &["--list"])?;
    let steps = steps(&core_features()?);
    if !arguments.is_empty() {
        for step in &steps {
            println!("{:<28} {}", step.name, step.command());
        }
        return Ok(ExitCode::SUCCESS);
    }
    let whole = Stopwatch::start();
    for (number, step) in (1..).zip(&steps) {
        eprintln!("==> {number}/{} {}: {}", steps.len(), step.name, step.command());
        let watch = Stopwatch::start();
        let result = step.run();
        let verdict = if result.is_ok() { "passed" } else { "FAILED" };
        eprintln!("<== {} {verdict} after {}", step.name, watch.shown());
        if let Err(failure) = result {
            let advice = format!("repeat the step alone with `{}`", step.command());
            return Err(Failure::new(format!(
                "ci stopped at `{}`: {failure}; {advice}",
                step.name
            )));
        }
    }
    eprintln!("ci: all {} steps passed in {}", steps.len(), whole.shown());
    Ok(ExitCode::SUCCESS)
}

impl Step {
    fn cargo(name: impl Into<String>, command: &str) -> Self {
        Self::cargo_with(name, command, &[])
    }

    fn cargo_with(
        name: impl Into<String>,
        command: &str,
        variables: &'static [(&'static str, &'static str)],
    ) -> Self {
        let words = command.split_whitespace().map(str::to_owned).collect();
        Self {
            name: name.into(),
            work: Work::Cargo(words, variables),
        }
    }

    fn task(name: &str, task: fn(&[String]) -> Outcome) -> Self {
        Self {
            name: name.to_owned(),
            work: Work::Task(task),
        }
    }

    fn run(&self) -> Result<(), Failure> {
        match &self.work {
            Work::Task(task) => task(&[]).map(|_| ()),
            Work::Cargo(words, variables) => {
                let mut command = process::cargo();
                command.args(words).envs(variables.iter().copied());
                // Snapshots are compared, never written.
                command.env("INSTA_UPDATE", "no");
                process::succeed(&mut command)
            }
        }
    }

    /// What to type to repeat the step.
    fn command(&self) -> String {
        match &self.work {
            Work::Task(_) => format!("cargo xtask {}", self.name),
            Work::Cargo(words, variables) => {
                let variables: String = variables
                    .iter()
                    .map(|(key, value)| format!("{key}='{value}' "))
                    .collect();
                format!("{variables}cargo {}", words.join(" "))
            }
        }
    }
}

/// The features of the core; the manifest decides, so that a new one is checked without a change here.
fn core_features() -> Result<Vec<String>, Failure> {
    let packages = cargo::workspace_packages()?;
    let core = packages.into_iter().find(|package| package.name == CORE);
    core.map(|package| package.features).ok_or_else(|| {
        Failure::new(format!(
            "there is no package `{CORE}`; restore it or rename it in xtask"
        ))
    })
}

fn steps(core_features: &[String]) -> Vec<Step> {
    let strict = "-- -D warnings";
    let mut steps = vec![
        Step::cargo("format", "fmt --all -- --check"),
        Step::task("tidy", tidy::run),
        Step::cargo(
            "clippy",
            &format!("clippy --locked --workspace --all-targets --all-features {strict}"),
        ),
    ];
    let bare = format!("clippy --locked --package {CORE} --lib --no-default-features");
    steps.push(Step::cargo("core without features", &format!("{bare} {strict}")));
    for feature in core_features {
        let command = format!("{bare} --features {feature} {strict}");
        steps.push(Step::cargo(format!("core with only {feature}"), &command));
    }
    steps.push(Step::cargo_with(
        "documentation",
        &format!("doc --locked --no-deps --all-features --package {CORE} --package cxone-client"),
        &[("RUSTDOCFLAGS", "-D warnings")],
    ));
    steps.push(Step::task("readme", readme::run));
    steps.push(Step::task("rulebook --check", rulebook::check));
    steps.push(Step::task("instructions", instructions::run));
    let tests = "test --locked --no-fail-fast --workspace --all-features";
    steps.push(Step::cargo("tests", &format!("{tests} --all-targets")));
    steps.push(Step::cargo("doc tests", &format!("{tests} --doc")));
    steps
}

#[cfg(test)]
mod tests {
    use super::{ExitCode, Step, core_features, steps};
    use crate::failure::Failure;

    #[test]
    fn every_feature_is_checked_alone_and_tests_close_the_log() {
        let steps = steps(&["ports".to_owned(), "serde".to_owned()]);
        let names: Vec<&str> = steps.iter().map(|step| step.name.as_str()).collect();
        assert!(
            names.contains(&"core with only ports") && names.contains(&"core with only serde"),
            "{names:?}"
        );
        assert_eq!(names.last_chunk(), Some(&["tests", "doc tests"]));
        assert!(core_features().unwrap().contains(&"bundled-tzdb".to_owned()));
    }

    #[test]
    fn steps_can_be_typed() {
        let documentation = steps(&[])
            .into_iter()
            .find(|step| step.name == "documentation")
            .unwrap();
        assert!(
            documentation
                .command()
                .starts_with("RUSTDOCFLAGS='-D warnings' cargo doc --locked")
        );
        assert_eq!(
            Step::task("tidy", |_| Err(Failure::new("x"))).command(),
            "cargo xtask tidy"
        );
    }

    #[test]
    fn a_failing_step_fails() {
        assert!(Step::task("tidy", |_| Err(Failure::new("x"))).run().is_err());
        assert!(Step::task("tidy", |_| Ok(ExitCode::SUCCESS)).run().is_ok());
    }
}
