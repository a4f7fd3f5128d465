//! `cargo xtask tidy`: the invariants that are written down, enforced.
//!
//! Every check is a pure function over text that answers [`Violation`]s, with tests that show a hit and a miss;
//! this file only gathers the files and calls them. The whole runs as a test too, so that `cargo xtask test`
//! cannot pass on a tree that breaks them.

mod attributes;
mod clock;
mod dependencies;
mod documents;
mod files;
mod layers;
mod lexer;
mod licences;
mod purity;
mod shape;

use std::fmt;
use std::process::ExitCode;

use crate::cargo;
use crate::failure::{self, Failure, Outcome};
use crate::process;

/// One broken invariant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Violation {
    path: String,
    line: usize,
    /// What is wrong, and after a semicolon what to do.
    message: String,
}

impl Violation {
    fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            message: message.into(),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.path, self.line, self.message)
    }
}

/// Prints every violation; fails when there is one.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    failure::only(arguments, &[])?;
    let violations = violations()?;
    for violation in &violations {
        println!("{violation}");
    }
    match violations.len() {
        0 => {
            println!("tidy: every invariant holds");
            Ok(ExitCode::SUCCESS)
        }
        count => Err(Failure::new(format!(
            "{count} invariants are broken; mend the lines listed above"
        ))),
    }
}

/// Every violation in this checkout, sorted by place.
fn violations() -> Result<Vec<Violation>, Failure> {
    let root = process::workspace_root();
    let tree = files::Tree::read(&root)?;
    let mut found = Vec::new();
    for file in tree.texts() {
        found.extend(shape::violations(&file.path, &file.text));
        if file.path.ends_with(".rs") {
            let source = lexer::Source::new(&file.text);
            found.extend(clock::violations(&file.path, &source));
            found.extend(purity::violations(&file.path, &source));
            found.extend(attributes::violations(&file.path, &source));
        }
    }
    found.extend(shape::stray_snapshots(tree.paths()));
    found.extend(documents::violations(&tree));

    let packages = cargo::workspace_packages()?;
    found.extend(layers::violations(&root, &packages));
    found.extend(dependencies::check(&root)?);
    found.extend(licences::check()?);
    found.sort();
    found.dedup();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::{Violation, violations};

    #[test]
    fn this_checkout_is_tidy() {
        let found: Vec<String> = violations().unwrap().iter().map(ToString::to_string).collect();
        assert!(found.is_empty(), "broken invariants:\n{}", found.join("\n"));
    }

    #[test]
    fn a_violation_names_its_place() {
        let shown = Violation::new("a.rs", 3, "what; do what").to_string();
        assert_eq!(shown, "a.rs:3: what; do what");
    }
}
