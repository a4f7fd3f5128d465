//! `cargo xtask readme [--bless]`: what the documents say a command prints is what it prints.
//!
//! A fenced block tagged `console` holds commands (`$ curfew …`) and, below each, what it prints. The commands run
//! from the root of the workspace, with the built `curfew` first on the path and nothing of the user's own
//! settings. `$ cargo xtask demo` with output below runs as `curfew demo`, which is what it does. Other commands
//! that are no `curfew` (`cargo xtask test`, `git clone …`) may be shown without output; they are not run.
//!
//! In the output `[..]` stands for any text within a line, a line `...` for any number of lines, and a line
//! `# exit code: N` for an exit code other than 0.

mod blocks;
mod expectation;
mod session;

use std::path::Path;
use std::process::ExitCode;

use self::blocks::{Action, Command};
pub(crate) use self::session::Session;
use crate::failure::{self, Failure, Outcome};
use crate::{cargo, process};

const README: &str = "README.md";

/// How many commands of the documents ran, and what differed.
#[derive(Debug, Default)]
struct Tally {
    run: usize,
    shown_only: usize,
    differences: Vec<String>,
    blessed: usize,
}

/// Checks README.md and docs/*.md, or with `--bless` rewrites what differs.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    failure::only(arguments, &["--bless"])?;
    let bless = !arguments.is_empty();
    let root = process::workspace_root();
    let documents = documents(&root)?;
    let session = Session::new(&root, &cargo::build_binary("cli", "curfew", false)?)?;
    let mut tally = Tally::default();
    for name in &documents {
        let path = root.join(name);
        let text = read(&path)?;
        let corrected = check(name, &text, &mut tally, |script| session.run(script))?;
        if bless && corrected != text {
            std::fs::write(&path, corrected)
                .map_err(|error| Failure::new(format!("cannot write `{name}`: {error}")))?;
            println!("rewrote {name}");
        }
    }
    report(&tally, bless)
}

fn report(tally: &Tally, bless: bool) -> Outcome {
    if bless || tally.differences.is_empty() {
        let Tally {
            run,
            shown_only,
            blessed,
            ..
        } = tally;
        println!("readme: {run} commands run, {shown_only} only shown, {blessed} outputs were out of date");
        return Ok(ExitCode::SUCCESS);
    }
    for difference in &tally.differences {
        println!("{difference}");
    }
    let count = tally.differences.len();
    let advice = "mend the program, or run `cargo xtask readme --bless` and read the diff";
    Err(Failure::new(format!(
        "{count} console outputs are not what the documents say; {advice}"
    )))
}

/// README.md, which must be there, and the pages of docs.
fn documents(root: &Path) -> Result<Vec<String>, Failure> {
    if !root.join(README).is_file() {
        return Err(Failure::new(
            "there is no README.md; write it, with a ```console block that shows `curfew`",
        ));
    }
    let mut names: Vec<String> = std::fs::read_dir(root.join("docs"))
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| format!("docs/{}", entry.file_name().to_string_lossy()))
        .filter(|name| name.ends_with(".md"))
        .collect();
    names.sort();
    names.insert(0, README.to_owned());
    Ok(names)
}

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path)
        .map_err(|error| Failure::new(format!("cannot read `{}`: {error}", path.display())))
}

/// Runs the commands of one document and answers its text with every output corrected.
fn check(
    name: &str,
    text: &str,
    tally: &mut Tally,
    run: impl Fn(&str) -> Result<session::Printed, Failure>,
) -> Result<String, Failure> {
    let mut corrections = Vec::new();
    let commands = blocks::commands(text)
        .map_err(|(line, message)| Failure::new(format!("{name}:{line}: {message}")))?;
    for command in commands {
        let script = match command.action() {
            Action::Run(script) => script,
            Action::ShownOnly => {
                tally.shown_only += 1;
                continue;
            }
            Action::Unknown => {
                let message = "is neither `curfew` nor a command of the build; show it in another block";
                return Err(Failure::new(format!(
                    "{name}:{}: `{}` {message}",
                    command.line, command.shown
                )));
            }
        };
        tally.run += 1;
        let printed = run(&script)?;
        if let Some(difference) = expectation::difference(&command.expected, command.code, &printed) {
            tally.differences.push(described(name, &command, &difference));
            tally.blessed += 1;
            corrections.push((
                command.output.clone(),
                expectation::blessed(&command.expected, &printed),
            ));
        }
    }
    Ok(blocks::replaced(text, &corrections))
}

fn described(name: &str, command: &Command, difference: &str) -> String {
    format!("{name}:{}: `{}` {difference}", command.line, command.shown)
}

#[cfg(test)]
mod tests {
    use super::session::Printed;
    use super::{Tally, check};
    use crate::failure::Failure;

    const TEXT: &str = "# Curfew\n\n```console\n$ cargo xtask test\n$ curfew check --at now\nprohibited at [..]\n# exit code: 3\n\n$ curfew zones\nold\n```\n\nMore.\n";

    fn run(script: &str) -> Result<Printed, Failure> {
        match script {
            "curfew check --at now" => Ok(Printed {
                text: "prohibited at noon\n".to_owned(),
                code: 3,
            }),
            "curfew zones" => Ok(Printed {
                text: "2026f\nbundled\n".to_owned(),
                code: 0,
            }),
            other => Err(Failure::new(format!("unexpected: {other}"))),
        }
    }

    #[test]
    fn a_document_is_checked_and_corrected() {
        let mut tally = Tally::default();
        let corrected = check("README.md", TEXT, &mut tally, run).unwrap();
        assert_eq!((tally.run, tally.shown_only, tally.differences.len()), (2, 1, 1));
        assert!(
            tally.differences[0].starts_with("README.md:9: `curfew zones` prints"),
            "{:?}",
            tally.differences
        );
        assert_eq!(corrected, TEXT.replace("old\n", "2026f\nbundled\n"));

        let mut again = Tally::default();
        assert_eq!(
            check("README.md", &corrected, &mut again, run).unwrap(),
            corrected
        );
        assert!(again.differences.is_empty());
    }

    #[test]
    fn commands_that_nobody_knows_are_refused() {
        let text = "```console\n$ rm -rf /\n```\n";
        let message = check("README.md", text, &mut Tally::default(), run)
            .unwrap_err()
            .to_string();
        assert!(message.starts_with("README.md:2: `rm -rf /`"), "{message}");
    }
}
