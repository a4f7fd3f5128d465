//! `cargo xtask rulebook [--check]`: docs/rulebook.md, which `curfew rules document` prints.

use std::process::ExitCode;

use crate::failure::{self, Failure, Outcome};
use crate::readme::Session;
use crate::{cargo, process};

/// The page; nobody edits it by hand.
const PAGE: &str = "docs/rulebook.md";
/// No settings of whoever runs it: the page is of the shipped rulebook.
const COMMAND: &str = "curfew --no-config rules document";

/// Writes the page, or with `--check` says whether it is current.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    failure::only(arguments, &["--check"])?;
    let root = process::workspace_root();
    let session = Session::new(&root, &cargo::build_binary("cli", "curfew", false)?)?;
    let printed = session.run(COMMAND)?;
    if printed.code != 0 {
        return Err(Failure::new(format!("`{COMMAND}` failed: {}", printed.text)));
    }
    let path = root.join(PAGE);
    let present = std::fs::read_to_string(&path).unwrap_or_default();
    if present == printed.text {
        println!("rulebook: {PAGE} is current");
        return Ok(ExitCode::SUCCESS);
    }
    if !arguments.is_empty() {
        let line = first_difference(&present, &printed.text);
        return Err(Failure::new(format!(
            "{PAGE}:{line} is not what `{COMMAND}` prints; run `cargo xtask rulebook` and read the diff"
        )));
    }
    std::fs::write(&path, printed.text)
        .map_err(|error| Failure::new(format!("cannot write `{PAGE}`: {error}")))?;
    println!("rulebook: rewrote {PAGE}");
    Ok(ExitCode::SUCCESS)
}

/// What CI runs.
pub(crate) fn check(_arguments: &[String]) -> Outcome {
    run(&["--check".to_owned()])
}

/// The first line, from 1, that differs.
fn first_difference(one: &str, two: &str) -> usize {
    let same = one.lines().zip(two.lines()).take_while(|(one, two)| one == two);
    same.count() + 1
}

#[cfg(test)]
mod tests {
    use super::first_difference;

    #[test]
    fn the_first_difference_is_found() {
        assert_eq!(first_difference("", "a\n"), 1);
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), 2);
        assert_eq!(first_difference("a\n", "a\nb\n"), 2);
    }
}
