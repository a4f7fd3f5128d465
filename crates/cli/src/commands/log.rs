//! `curfew log`: what the records of runs say, and whether they still say it.

mod export;
mod prune;
mod replay;
mod show;
mod verify;

use core_compliance::ports::PortFailure;
use record_keeping::{Record, RecordsError, StateDir, StateView};

use crate::args::{Global, LogAction, LogArgs, StateArgs};
use crate::exit::CliError;
use crate::output::Output;
use crate::settings::{Layers, state_dir};

pub(crate) fn run(global: &Global, args: &LogArgs, output: &Output) -> Result<u8, CliError> {
    let view = |state: &StateArgs| look(&Layers::load(global, state.flags())?);
    match &args.action {
        LogAction::Verify(args) => verify::run(&view(&args.state)?, args, output),
        LogAction::Show(args) => show::run(&view(&args.state)?, args, output),
        LogAction::Replay(args) => replay::run(global, args, output),
        LogAction::Export(args) => export::run(&view(&args.state)?, args, output),
        LogAction::Prune(args) => prune::run(global, args, output),
    }
}

/// The state directory, to be read.
pub(crate) fn look(layers: &Layers) -> Result<StateView, CliError> {
    Ok(StateDir::read(&state_dir(layers)?)?)
}

/// The records that can be read; those that cannot are named and counted.
struct Readable<'o, I> {
    records: I,
    run: Option<String>,
    output: &'o Output,
    broken: u64,
}

impl<'o, I: Iterator<Item = Result<Record, RecordsError>>> Readable<'o, I> {
    fn of(records: I, run: Option<&str>, output: &'o Output) -> Self {
        Self {
            records,
            run: run.map(str::to_owned),
            output,
            broken: 0,
        }
    }

    fn next(&mut self) -> Option<Record> {
        loop {
            match self.records.next()? {
                Ok(record) if self.run.is_some() && record.run != self.run => {}
                Ok(record) => return Some(record),
                Err(error) => {
                    self.broken += 1;
                    self.output.warning(&PortFailure::from(error).to_string());
                }
            }
        }
    }
}
