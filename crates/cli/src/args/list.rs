//! Options of `sync` about lists of contacts.

use std::path::PathBuf;

use clap::Args;
use local_files::{ColumnMapping, ListFormat};

#[derive(Args, Debug, Default)]
pub(crate) struct ListArgs {
    /// Where contacts are read: `cxone`, or a list of them: a CSV, TSV or NDJSON file, `-` for stdin
    /// [default: cxone]
    #[arg(
        long,
        value_name = "cxone|FILE",
        conflicts_with = "preflight",
        help_heading = "List options"
    )]
    pub(crate) from: Option<PathBuf>,
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
