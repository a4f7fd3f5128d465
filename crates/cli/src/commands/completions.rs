//! `curfew completions`.

use clap::CommandFactory as _;

use crate::args::{Cli, CompletionsArgs};
use crate::exit::{CliError, Exit};
use crate::output::Output;

pub(crate) fn run(args: &CompletionsArgs, output: &Output) -> Result<u8, CliError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "curfew", &mut script);
    output.line(String::from_utf8_lossy(&script).trim_end())?;
    Ok(Exit::DONE)
}
