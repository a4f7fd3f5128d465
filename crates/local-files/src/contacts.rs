//! Contacts from lists: CSV, TSV and NDJSON, read row by row.
//!
//! A row is read into a contact in the tenant's form: `externalId`, `phone`, and everything else under `attributes`. A
//! row that cannot be one is named by its line with a permanent code, and the reading goes on with the next.

mod csv;
mod examine;
mod format;
mod lines;
mod ndjson;
mod records;
mod rejected;
mod source;
mod values;

use std::io::{self, BufRead, Cursor, Read};

use core_compliance::phone::NumberingPlan;
use core_compliance::ports::Reading;

pub use format::ListFormat;
pub use rejected::RejectedRows;
pub use source::FileContactSource;

use self::csv::CsvRows;
use self::ndjson::NdjsonRows;
use self::rejected::Form;
use crate::{ColumnMapping, Columns, Field, FileError};

/// What Curfew adds to rows that it rejected: where they stood, and why. Both are passed over when such rows are read
/// again.
pub(crate) const OUR_COLUMNS: [&str; 2] = ["curfew_line", "curfew_reason"];

/// How a list is to be read.
#[derive(Clone, Debug, Default)]
pub struct ListOptions {
    /// Its format; `None`: as its name tells.
    pub format: Option<ListFormat>,
    /// What the user says about its columns.
    pub columns: ColumnMapping,
    /// The country whose habits numbers without a country code follow, where their row names none.
    pub country: Option<NumberingPlan>,
}

/// One row of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct ListRow {
    /// What it was read as.
    pub reading: Reading,
    /// The line that it begins in, from 1.
    pub line: u64,
    /// The bytes that it was written in, the end of line left out; none if they were too many.
    pub bytes: Vec<u8>,
}

/// The rows of a list, without any waiting: what [`FileContactSource`] reads by.
pub struct ListRows<R> {
    rows: Rows<Begun<R>>,
    has_mark: bool,
}

enum Rows<R> {
    Csv(Box<CsvRows<R>>),
    Ndjson(NdjsonRows<R>),
}

/// A list of which the first bytes were looked at.
type Begun<R> = io::Chain<Cursor<Vec<u8>>, R>;

impl<R: BufRead> ListRows<R> {
    /// Reads a list of this name and format; of CSV and TSV the first line.
    ///
    /// # Errors
    /// [`FileError`] where the list cannot be read at all, or its columns are not understood.
    pub fn new(input: R, list: &str, format: ListFormat, options: &ListOptions) -> Result<Self, FileError> {
        let (input, has_mark) = begin(input, list)?;
        let rows = match format {
            ListFormat::Ndjson => Rows::Ndjson(NdjsonRows::new(input, list, options)),
            _ => Rows::Csv(Box::new(CsvRows::new(input, list, format, options)?)),
        };
        Ok(Self { rows, has_mark })
    }

    /// The next row.
    ///
    /// # Errors
    /// [`FileError::Io`] where the list cannot be read on.
    pub fn next_row(&mut self) -> Result<Option<ListRow>, FileError> {
        match &mut self.rows {
            Rows::Csv(rows) => rows.next(),
            Rows::Ndjson(rows) => rows.next(),
        }
    }

    /// The columns; NDJSON has none.
    #[must_use]
    pub fn columns(&self) -> Option<&Columns> {
        match &self.rows {
            Rows::Csv(rows) => Some(rows.columns()),
            Rows::Ndjson(_) => None,
        }
    }

    /// The attributes in which a field may stand in the contacts of this list, the first that holds something counts.
    #[must_use]
    pub fn attributes(&self, field: Field) -> Vec<String> {
        match &self.rows {
            Rows::Csv(rows) => rows.attribute(field).map(str::to_owned).into_iter().collect(),
            Rows::Ndjson(rows) => rows.attributes(field),
        }
    }
}

impl<R: BufRead> ListRows<R> {
    /// How rejected rows are to be written, so that they can be read again.
    fn form(&self) -> Form {
        match &self.rows {
            Rows::Csv(rows) => Form::Csv {
                header: rows.header().to_vec(),
                delimiter: rows.delimiter(),
                has_mark: self.has_mark,
                is_ours: rows
                    .columns()
                    .headers()
                    .get(..2)
                    .is_some_and(|first| first == OUR_COLUMNS),
            },
            Rows::Ndjson(_) => Form::Ndjson,
        }
    }
}

/// Looks at the first bytes: a mark of UTF-8 is taken off, and what is no text is refused.
fn begin<R: BufRead>(mut input: R, list: &str) -> Result<(Begun<R>, bool), FileError> {
    let mut first = Vec::new();
    input
        .by_ref()
        .take(3)
        .read_to_end(&mut first)
        .map_err(|error| io_error(list, error))?;
    let has_mark = first == "\u{feff}".as_bytes();
    let refused = match first.as_slice() {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
            "the list is UTF-16 (a spreadsheet's Unicode text); save it as CSV UTF-8"
        }
        [b'P', b'K', 3, ..] => "this is a spreadsheet or an archive; save the list as CSV UTF-8",
        [0x1f, 0x8b, ..] | [0x28, 0xb5, 0x2f] => {
            "the list is compressed; unpack it, or pipe it in: `--from -`"
        }
        _ => "",
    };
    if !refused.is_empty() {
        return Err(content_error(list, 1, refused));
    }
    if has_mark {
        first.clear();
    }
    Ok((Cursor::new(first).chain(input), has_mark))
}

fn io_error(list: &str, source: io::Error) -> FileError {
    FileError::Io {
        path: list.to_owned(),
        source,
    }
}

fn content_error(list: &str, line: u64, message: &str) -> FileError {
    FileError::Content {
        path: list.to_owned(),
        line: usize::try_from(line).unwrap_or(usize::MAX),
        key: String::new(),
        message: message.to_owned(),
    }
}
