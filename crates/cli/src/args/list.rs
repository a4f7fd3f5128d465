//! Options of `sync` about lists of contacts.

use std::path::PathBuf;

use clap::Args;
use local_files::{ColumnMapping, ListFormat};

#[derive(Args, Debug, Default)]
pub(crate) struct ContactListArgs {
    /// Where contacts are read: `cxone`; a list of them, CSV, TSV or NDJSON, `-` for stdin; `deferred` for those of
    /// the tenant that were prohibited and are due [default: cxone]
    #[arg(
        long,
        value_name = "cxone|FILE|deferred",
        conflicts_with = "preflight",
        help_heading = "List options"
    )]
    pub(crate) from: Option<PathBuf>,
    /// Of the list only those that were prohibited earlier and are due now
    #[arg(
        long,
        requires = "from",
        conflicts_with = "dry_run",
        help_heading = "List options"
    )]
    pub(crate) deferred: bool,
    /// Format of the list, where its name does not tell: csv, tsv, ndjson
    #[arg(long, value_name = "FORMAT", requires = "from", help_heading = "List options")]
    pub(crate) from_format: Option<ListFormat>,
    /// Which columns hold what, where their headers do not tell, such as phone=Telefon,region=Land
    #[arg(
        long,
        value_name = "FIELD=HEADER,…",
        requires = "from",
        help_heading = "List options"
    )]
    pub(crate) columns: Option<ColumnMapping>,
    /// Country of the list's numbers that are written without `+` and country code, such as US
    #[arg(long, value_name = "CODE", requires = "from", help_heading = "List options")]
    pub(crate) country: Option<String>,
    /// Write rejected rows to this file, with line and reason, to be mended and read again
    #[arg(long, value_name = "FILE", requires = "from", help_heading = "List options")]
    pub(crate) rejected: Option<PathBuf>,
}
