//! Lists of contacts: CSV, TSV and NDJSON, packed or not, read in blocks and written row by row.

mod blocks;
mod delimited;
mod form;
mod head;
mod input;
mod marks;
mod ndjson;
mod output;
mod scan;

pub use blocks::ListBlocks;
pub use delimited::DelimitedLayout;
pub use form::{ListForm, Packing, form_of};
pub use head::{ANNOTATION_COLUMNS, ListHead};
pub use input::{ListInput, open_list};
pub use ndjson::NdjsonLayout;
pub use output::{Ended, ListOutput};

/// Longer rows are not read.
pub const LONGEST_ROW: usize = 1 << 20;
