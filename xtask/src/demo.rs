//! `cargo xtask demo [arguments]`: builds `curfew` and runs `curfew demo` with those arguments.

use crate::failure::Outcome;
use crate::{cargo, process};

/// The newcomer's first command; its exit code is the demo's.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    let curfew = cargo::build_binary("cli", "curfew", false)?;
    let status = process::status(process::program(curfew).arg("demo").args(arguments))?;
    Ok(process::exit_code(status))
}
