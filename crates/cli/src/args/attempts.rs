//! `curfew attempts …`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::DecisionArgs;

#[derive(Args, Debug)]
pub(crate) struct AttemptsArgs {
    #[command(subcommand)]
    pub(crate) action: AttemptsAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AttemptsAction {
    /// Enter the calls of a dialler's report into the ledger; once only, however often it is imported
    Import(ImportArgs),
    /// Judge every call of a report at the instant at which it was placed; exit code 3 if one was unlawful
    Audit(Box<AuditArgs>),
    /// Show the attempts that the ledger has of a callee
    List(ListArgs),
}

/// A report of placed calls.
#[derive(Args, Debug)]
pub(crate) struct ReportArgs {
    /// Report with a call a line: CSV under headers, or NDJSON; `-` reads stdin
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// How the report is written, where its name does not tell
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) format_in: Option<FormatIn>,
    /// Which columns hold what, such as phone=Telefon,at=Zeit
    #[arg(long, value_name = "FIELD=HEADER,…")]
    pub(crate) columns: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatIn {
    /// Fields between commas, semicolons or tabs, under headers
    Csv,
    /// A JSON object a line
    Ndjson,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Columns: at, phone, external_id, outcome, matter. Exit code 4 if lines were rejected; \
                        what could be read is in the ledger.\n\nExample: curfew attempts import calls.csv"
)]
pub(crate) struct ImportArgs {
    #[command(flatten)]
    pub(crate) report: ReportArgs,
    /// Folder with the ledger
    #[arg(long, value_name = "DIR")]
    pub(crate) state_dir: Option<String>,
    /// Take times without an offset as UTC
    #[arg(long)]
    pub(crate) assume_utc: bool,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Columns: at, phone, external_id, outcome, matter, purpose, region, zone, country, postal_code. Exit \
                        codes: 0 all lawful, 3 some unlawful, 4 none unlawful and some lines unreadable.\n\n\
                        Example: curfew attempts audit calls.csv"
)]
pub(crate) struct AuditArgs {
    #[command(flatten)]
    pub(crate) report: ReportArgs,
    /// Folder with ledger and decision log
    #[arg(long, value_name = "DIR")]
    pub(crate) state_dir: Option<String>,
    #[command(flatten)]
    pub(crate) decision: DecisionArgs,
}

#[derive(Args, Debug)]
#[command(after_help = "Example: curfew attempts list --external-id C-0000007")]
pub(crate) struct ListArgs {
    /// The contact's external id
    #[arg(long, value_name = "ID", required_unless_present = "phone")]
    pub(crate) external_id: Option<String>,
    /// The number, E.164
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true)]
    pub(crate) phone: Option<String>,
    /// Folder with the ledger
    #[arg(long, value_name = "DIR")]
    pub(crate) state_dir: Option<String>,
}
