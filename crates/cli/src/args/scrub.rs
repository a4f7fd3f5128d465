//! Options of `scrub`.

use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueEnum};

use local_files::ColumnMapping;

use super::decision::DecisionArgs;
use crate::commands::sync::tolerance::Tolerance;

#[derive(Args, Debug)]
#[command(
    group = ArgGroup::new("planned").required(true).args(["at", "at_column"]),
    after_help = "Without an output, or with --preview, nothing is written: the books show what a campaign at that time \
                  would do. Endings say what a list is: .csv, .tsv, .ndjson, with .gz or .zst after it; `-` is stdin or \
                  stdout.\n\nExample: curfew scrub leads.csv --at 2026-06-10T12:30:00Z --permitted now.csv \
                  --rejected mend.csv"
)]
pub(crate) struct ScrubArgs {
    /// The list: CSV, TSV or NDJSON, as it is or packed by gzip or zstd; `-` reads stdin
    #[arg(value_name = "INPUT")]
    pub(crate) input: PathBuf,
    /// When the calls are planned: RFC 3339 with offset, `+8h`, or `now`
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) at: Option<String>,
    /// Column with the planned time of each row
    #[arg(long, value_name = "COLUMN")]
    pub(crate) at_column: Option<String>,
    /// Write the rows that may be called, with what was decided, to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) permitted: Option<PathBuf>,
    /// Write the rows that may not be called, with what was decided, to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) prohibited: Option<PathBuf>,
    /// Write the rows that cannot be judged, with line and reason before them, to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) rejected: Option<PathBuf>,
    /// Write all rows that can be judged, with what was decided, to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) annotate: Option<PathBuf>,
    /// Write nothing, show the books alone
    #[arg(long, conflicts_with_all = ["permitted", "prohibited", "rejected", "annotate"])]
    pub(crate) preview: bool,
    /// Which columns hold what, where their headers do not say it: phone=Telefon,region=State; `phone=-` reads none
    #[arg(long, value_name = "FIELD=HEADER,…")]
    pub(crate) columns: Option<ColumnMapping>,
    /// Replace files that are there
    #[arg(long)]
    pub(crate) force: bool,
    /// Names of zones in what is written
    #[arg(long, value_enum, value_name = "NAMES", default_value_t = ZoneNamesArg::Iana)]
    pub(crate) zone_names: ZoneNamesArg,
    /// Prohibit numbers that their country's numbering plan does not know
    #[arg(long)]
    pub(crate) validate_phones: bool,
    /// Exit 0 although up to this many rows (or N%) were rejected
    #[arg(long, value_name = "N|P%", default_value = "0")]
    pub(crate) max_rejected: Tolerance,
    /// Write the books as JSON to this file, or with `-` to stdout
    #[arg(long, value_name = "FILE")]
    pub(crate) summary: Option<PathBuf>,
    /// Threads that work [default: as many as there are processors]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
    /// Show progress also where stderr is no terminal
    #[arg(long)]
    pub(crate) progress: bool,
    #[command(flatten)]
    pub(crate) decision: DecisionArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ZoneNamesArg {
    /// America/New_York
    Iana,
    /// Eastern Standard Time, as CXone's calling lists have it
    Windows,
}

impl ScrubArgs {
    /// The options given, by name of setting.
    pub(crate) fn flags(&self) -> Vec<(&'static str, String)> {
        let mut flags = self.decision.flags();
        flags.extend(
            self.validate_phones
                .then(|| ("unknown_numbers", "prohibit".to_owned())),
        );
        flags
    }
}
