//! `curfew`: the command line, and the only place that names adapters.

mod args;
mod clock;
mod commands;
mod durations;
mod exit;
mod footing;
mod logging;
mod output;
mod render;
mod settings;

use std::process::ExitCode;

use clap::Parser as _;

use crate::args::{Cli, Command};
use crate::exit::{CliError, Exit};
use crate::output::Output;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version go to stdout and end well; all else is usage.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() {
                Exit::USAGE
            } else {
                Exit::DONE
            });
        }
    };
    let output = Output::new(&cli.global);
    logging::start(&cli.global, &output);
    match run(cli, &output) {
        Ok(exit) => ExitCode::from(exit),
        Err(error) if error.is_closed_pipe() => ExitCode::from(Exit::DONE),
        Err(error) => {
            output.error(&error.to_string());
            ExitCode::from(error.exit())
        }
    }
}

fn run(cli: Cli, output: &Output) -> Result<u8, CliError> {
    let global = &cli.global;
    match cli.command {
        Command::Demo(args) => commands::demo::run(&args, output),
        Command::Check(args) => commands::check::run(global, &args, output),
        Command::Sync(args) => commands::sync::run(global, &args, output),
        Command::Scrub(args) => commands::scrub::run(global, &args, output),
        Command::Attempts(args) => commands::attempts::run(global, &args, output),
        Command::Windows(args) => commands::windows::run(global, &args, output),
        Command::Rules(args) => commands::rules::run(global, &args, output),
        Command::Deferred(args) => commands::deferred::run(global, &args, output),
        Command::Log(args) => commands::log::run(global, &args, output),
        Command::Zones(args) => commands::zones::run(global, &args, output),
        Command::Simulate(args) => commands::simulate::run(&args, output),
        Command::Config(args) => commands::config::run(global, &args, output),
        Command::Completions(args) => commands::completions::run(&args, output),
    }
}
