//! `cargo xtask fuzz [cases] [suite…] [-- test arguments]`: the property suites with many more cases.
//!
//! A property suite is an integration test that mentions proptest. The release profile keeps overflow checks on,
//! so an overflow is found here too. Cases per property: 100,000 unless given. A suite that fixes its number of
//! cases in code (`with_cases`) ignores the variable that carries ours.

use std::path::Path;
use std::process::ExitCode;

use crate::cargo::{self, Package};
use crate::failure::{Failure, Outcome};
use crate::process;

/// Cases per property when none are given.
const DEFAULT_CASES: u32 = 100_000;

/// One suite: an integration test of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Suite {
    package: String,
    name: String,
}

/// What the caller asked for.
#[derive(Debug, PartialEq, Eq)]
struct Request {
    cases: u32,
    suites: Vec<String>,
    test_arguments: Vec<String>,
}

/// Runs the suites one after the other; stops at the first that fails.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    let request = request(arguments)?;
    let suites = chosen(&property_suites(&cargo::workspace_packages()?), &request.suites)?;
    for suite in suites {
        println!(
            "==> {} of `{}`, {} cases per property",
            suite.name, suite.package, request.cases
        );
        let mut command = process::cargo();
        command.env("PROPTEST_CASES", request.cases.to_string());
        command.args([
            "test",
            "--release",
            "--all-features",
            "--package",
            &suite.package,
            "--test",
            &suite.name,
        ]);
        command.arg("--").args(&request.test_arguments);
        process::succeed(&mut command)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn request(arguments: &[String]) -> Result<Request, Failure> {
    let mut request = Request {
        cases: DEFAULT_CASES,
        suites: Vec::new(),
        test_arguments: Vec::new(),
    };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        if word == "--" {
            request.test_arguments = words.cloned().collect();
            break;
        }
        if word.starts_with(|first: char| first.is_ascii_digit()) {
            request.cases = word.replace('_', "").parse().map_err(|_| {
                Failure::usage(format!(
                    "`{word}` is not a number of cases; give one like 100_000"
                ))
            })?;
        } else if word.starts_with('-') {
            return Err(Failure::usage(format!(
                "unknown argument `{word}`; put test arguments after `--`"
            )));
        } else {
            request.suites.push(word.clone());
        }
    }
    Ok(request)
}

fn property_suites(packages: &[Package]) -> Vec<Suite> {
    let mut suites = Vec::new();
    for package in packages {
        for target in package.targets.iter().filter(|target| target.kind == "test") {
            if mentions_proptest(&target.source) {
                suites.push(Suite {
                    package: package.name.clone(),
                    name: target.name.clone(),
                });
            }
        }
    }
    suites
}

/// Looks into the file, and beside it when it is the `main.rs` of a folder.
fn mentions_proptest(source: &Path) -> bool {
    let mut files = vec![source.to_path_buf()];
    if source.file_name().is_some_and(|name| name == "main.rs") {
        let folder = source.parent().and_then(|folder| std::fs::read_dir(folder).ok());
        files.extend(folder.into_iter().flatten().flatten().map(|entry| entry.path()));
    }
    files
        .iter()
        .any(|file| std::fs::read_to_string(file).is_ok_and(|text| text.contains("proptest")))
}

fn chosen(known: &[Suite], wanted: &[String]) -> Result<Vec<Suite>, Failure> {
    if known.is_empty() {
        return Err(Failure::new(
            "there is no property suite yet; write one, such as tests/tests/properties.rs",
        ));
    }
    if wanted.is_empty() {
        return Ok(known.to_vec());
    }
    let mut suites = Vec::new();
    for name in wanted {
        let matching: Vec<Suite> = known
            .iter()
            .filter(|suite| suite.name == *name)
            .cloned()
            .collect();
        if matching.is_empty() {
            let names: Vec<&str> = known.iter().map(|suite| suite.name.as_str()).collect();
            let names = names.join(", ");
            return Err(Failure::usage(format!(
                "there is no property suite `{name}`; choose from {names}"
            )));
        }
        suites.extend(matching);
    }
    Ok(suites)
}

#[cfg(test)]
mod tests {
    use super::{Suite, chosen, mentions_proptest, request};
    use crate::scratch::Scratch;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn arguments_are_cases_suites_and_the_rest() {
        let all = request(&words("5_000 laws -- --nocapture")).unwrap();
        assert_eq!(
            (all.cases, all.suites, all.test_arguments),
            (5_000, words("laws"), words("--nocapture"))
        );
        assert_eq!(request(&[]).unwrap().cases, 100_000);
        assert!(request(&words("5x")).unwrap_err().to_string().contains("`5x`"));
        assert!(request(&words("--nocapture")).is_err());
    }

    #[test]
    fn unknown_suites_are_named() {
        let known = [Suite {
            package: "tests".to_owned(),
            name: "laws".to_owned(),
        }];
        assert_eq!(chosen(&known, &[]).unwrap(), known);
        let message = chosen(&known, &words("lwas")).unwrap_err().to_string();
        assert!(
            message.contains("`lwas`") && message.ends_with("choose from laws"),
            "{message}"
        );
        assert!(chosen(&[], &[]).is_err());
    }

    #[test]
    fn a_suite_may_be_a_folder() {
        let scratch = Scratch::new("fuzz").unwrap();
        let main = scratch.path().join("main.rs");
        std::fs::write(&main, "mod laws;").unwrap();
        assert!(!mentions_proptest(&main));
        std::fs::write(scratch.path().join("laws.rs"), "proptest! {}").unwrap();
        assert!(mentions_proptest(&main));
    }
}
