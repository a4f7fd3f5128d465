//! `curfew log …`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use core_compliance::LocalDate;

use super::rules::parse_date;

/// Where records are kept; also a setting.
#[derive(Args, Debug, Default)]
pub(crate) struct StateArgs {
    /// Folder with the records of runs [default: curfew in XDG_STATE_HOME, or ~/.local/state/curfew]
    #[arg(long, value_name = "DIR")]
    pub(crate) state_dir: Option<String>,
}

impl StateArgs {
    /// The option given, by name of setting.
    pub(crate) fn flags(&self) -> Vec<(&'static str, String)> {
        let given = self.state_dir.clone();
        given.map(|value| ("state_dir", value)).into_iter().collect()
    }
}

#[derive(Args, Debug)]
pub(crate) struct LogArgs {
    #[command(subcommand)]
    pub(crate) action: LogAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LogAction {
    /// Look whether the log is what was written; exit code 1 where it is not
    Verify(LogVerifyArgs),
    /// Tell the story of a contact: what was decided, why, what was sent, and what came of it
    Show(LogShowArgs),
    /// Decide every recorded decision again and print what differs; exit code 3 where something does
    Replay(LogReplayArgs),
    /// Write the records as a table
    Export(LogExportArgs),
    /// Remove old files of the log, leaving a record that says so
    Prune(LogPruneArgs),
}

#[derive(Args, Debug)]
#[command(
    after_help = "The head that a summary printed, kept elsewhere, shows whether the end was cut off since."
)]
pub(crate) struct LogVerifyArgs {
    /// Hash of a record that must be there: the head that a run's summary printed
    #[arg(long, value_name = "HASH", value_parser = parse_hash)]
    pub(crate) head: Option<String>,
    #[command(flatten)]
    pub(crate) state: StateArgs,
}

#[derive(Args, Debug)]
#[command(after_help = "Example: curfew log show --external-id C-0000004")]
#[group(id = "whom", required = true, multiple = false, args = ["external_id", "phone"])]
pub(crate) struct LogShowArgs {
    /// The contact with this external id
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    pub(crate) external_id: Option<String>,
    /// Contacts with this number, E.164; found by its keyed hash
    #[arg(long, value_name = "NUMBER")]
    pub(crate) phone: Option<String>,
    /// Only in this run
    #[arg(long, value_name = "RUN")]
    pub(crate) run: Option<String>,
    #[command(flatten)]
    pub(crate) state: StateArgs,
}

#[derive(Args, Debug)]
#[command(
    after_help = "The settings are always those of the record. Example, which past decisions change under new zone \
                  data: curfew log replay --with todays-tzdata --tzdata ./zoneinfo"
)]
pub(crate) struct LogReplayArgs {
    /// By what it is decided again
    #[arg(long = "with", value_enum, default_value_t = With::Today)]
    pub(crate) with: With,
    /// Only in this run
    #[arg(long, value_name = "RUN")]
    pub(crate) run: Option<String>,
    /// Today's rulebook with the further [[rule]] tables of this file
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: Option<String>,
    /// Folder with newer compiled zone data, as today's
    #[arg(long, value_name = "DIR")]
    pub(crate) tzdata: Option<String>,
    #[command(flatten)]
    pub(crate) state: StateArgs,
}

/// By which rulebook and zone data decisions are repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum With {
    /// The recorded rulebook and zone data, from the archive
    Recorded,
    /// Today's rulebook and zone data
    Today,
    /// The recorded rulebook, today's zone data
    TodaysTzdata,
    /// Today's rulebook, the recorded zone data
    TodaysRules,
}

impl LogReplayArgs {
    /// The options given, by name of setting.
    pub(crate) fn flags(&self) -> Vec<(&'static str, String)> {
        let mut flags = self.state.flags();
        let mut add = |name, value: &Option<String>| flags.extend(value.clone().map(|value| (name, value)));
        add("rules_file", &self.rules);
        add("tzdata", &self.tzdata);
        flags
    }
}

#[derive(Args, Debug)]
pub(crate) struct LogExportArgs {
    /// As CSV, into this file; `-` is stdout
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-", required = true)]
    pub(crate) csv: PathBuf,
    /// Only this run
    #[arg(long, value_name = "RUN")]
    pub(crate) run: Option<String>,
    #[command(flatten)]
    pub(crate) state: StateArgs,
}

#[derive(Args, Debug)]
pub(crate) struct LogPruneArgs {
    /// Remove files whose records were all written before this day begins, in UTC
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub(crate) before: LocalDate,
    #[command(flatten)]
    pub(crate) state: StateArgs,
}

fn parse_hash(text: &str) -> Result<String, String> {
    let text = text.trim().to_ascii_lowercase();
    match core_compliance::Sha256Hex::from_digits(&text) {
        Some(_) => Ok(text),
        None => Err("a head is 64 hexadecimal digits, as a summary prints it".to_owned()),
    }
}
