//! Lists of many rows, read in blocks and written row by row as they were.
//!
//! These ports are called for every row of lists of tens of millions: they lend what they read and allocate nothing.

/// Where the blocks of a list come from, in order.
pub trait ListSource: Send {
    /// Why reading cannot go on.
    type Error;

    /// The next block, or `None` at the end. `spare` is a block's memory that is not needed any more.
    ///
    /// # Errors
    /// What was being read is broken.
    fn next_block(&mut self, spare: Vec<u8>) -> Result<Option<ListBlock>, Self::Error>;
}

/// Where rows go.
pub trait RowSink: Send {
    /// Why writing cannot go on.
    type Error;

    /// Writes these bytes after all before them.
    ///
    /// # Errors
    /// What is being written is broken.
    fn write(&mut self, bytes: &[u8]) -> Result<(), Self::Error>;
}

/// Some rows of a list, whole ones; or a piece of one that is too long to be read.
#[derive(Debug, Default)]
pub struct ListBlock {
    /// Line of the list, from 1, on which the block begins.
    pub line: u64,
    /// Memory, of which the first `used` bytes are the block.
    pub bytes: Vec<u8>,
    /// How much of the memory is in use.
    pub used: usize,
    /// What it holds.
    pub kind: BlockKind,
}

/// What a block holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BlockKind {
    /// Whole rows.
    #[default]
    Rows,
    /// Whole rows, without a quotation mark among them.
    PlainRows,
    /// A piece of a row that is too long.
    Torn {
        /// Whether the row begins here.
        first: bool,
    },
}

impl ListBlock {
    /// The block itself.
    #[must_use]
    pub fn rows(&self) -> BlockRows<'_> {
        BlockRows {
            line: self.line,
            bytes: self.bytes.get(..self.used).unwrap_or(&self.bytes),
            kind: self.kind,
        }
    }
}

/// Rows of a block: all of them, or a single one that is read again.
#[derive(Clone, Copy, Debug)]
pub struct BlockRows<'b> {
    /// Line of the list, from 1, on which they begin.
    pub line: u64,
    /// The rows, line ends included.
    pub bytes: &'b [u8],
    /// What the block holds.
    pub kind: BlockKind,
}

/// Who is handed what a block holds, in order. Bytes live as long as the block, the texts of fields may not.
pub trait TakeRows<'b> {
    /// A row that can be judged: the line of the list on which it begins, all of it with its line end, and what is read of it.
    fn row(&mut self, line: u64, bytes: &'b [u8], fields: &impl RowFields);

    /// Bytes that are no row, with a permanent code for what is wrong: `fields-count`, `quote-unclosed` and so on.
    fn bad(&mut self, line: u64, bytes: &'b [u8], code: &'static str);
}

/// The fields of a row. Each is found when it is asked for: most rows are decided by few.
pub trait RowFields {
    /// What a field holds.
    fn get(&self, field: RowField) -> Value<'_>;
}

/// What a decision reads of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowField {
    /// The number to call.
    Phone,
    /// A region code.
    Region,
    /// An IANA zone name.
    Zone,
    /// A country code.
    Country,
    /// A postal code.
    PostalCode,
    /// The planned time.
    At,
}

impl RowField {
    /// All of them, in order.
    pub const ALL: [Self; 6] = [
        Self::Phone,
        Self::Region,
        Self::Zone,
        Self::Country,
        Self::PostalCode,
        Self::At,
    ];
}

/// The value of a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Value<'f> {
    /// The list has no such column, or the row no such key.
    #[default]
    Absent,
    /// A text; blank counts as absent.
    Text(&'f [u8]),
    /// Something that is no text: a JSON number, a list.
    NotText,
}

/// What is written beside a row. Empty = there is none.
#[derive(Clone, Copy, Debug)]
pub struct Annotation<'a> {
    /// `permit` or `prohibit`.
    pub decision: &'a str,
    /// The code of the first reason.
    pub reason: &'a str,
    /// Whose rule that is.
    pub jurisdiction: &'a str,
    /// The callee's zone.
    pub zone: &'a str,
    /// The local date there: `2026-06-10`.
    pub date: &'a str,
    /// Its offset from UTC: `-04:00`. Date, time of day and offset are one value.
    pub offset: &'a str,
    /// First instant from which the call may no longer be placed.
    pub permitted_until: &'a str,
    /// First later instant at which it may be placed.
    pub next_opening: &'a str,
}

/// How the rows of a list are laid out: where one ends, which fields it has, how something is written beside it.
pub trait ListLayout: Sync {
    /// An [`Annotation`] made ready for writing.
    type Note: Send;

    /// Hands over all rows, in order. Blank lines are no rows; their bytes are counted. A row alone is handed over as it is
    /// among others.
    fn each<'b>(&self, rows: BlockRows<'b>, to: &mut impl TakeRows<'b>) -> usize;

    /// Makes an annotation ready; it is written beside many rows.
    fn note(&self, annotation: &Annotation<'_>) -> Self::Note;

    /// Writes the row with the annotation, in which only the time of day is the row's own: `08:30:00`, and `None` where no
    /// local time is known.
    fn annotate(&self, row: &[u8], note: &Self::Note, time: Option<[u8; 8]>, to: &mut Vec<u8>);

    /// Writes what stands before bytes that are rejected: line and reason. The bytes follow as they were.
    fn reject(&self, line: u64, code: &str, to: &mut Vec<u8>);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_listed_in_their_order() {
        let places: Vec<usize> = RowField::ALL.iter().map(|field| *field as usize).collect();
        assert_eq!(places, [0, 1, 2, 3, 4, 5]);
    }
}
