//! Where rows go, and what became of those of a block.

use core_compliance::ports::RowSink;

use super::books::ListBooks;

/// Where rows go; what is not asked for is not made.
#[derive(Clone, Copy, Debug, Default)]
pub struct ScrubOutputs<W> {
    /// All rows that could be judged, with what was decided.
    pub annotated: Option<W>,
    /// Those that may be called.
    pub permitted: Option<W>,
    /// Those that may not.
    pub prohibited: Option<W>,
    /// Those that could not be judged, with line and reason.
    pub rejected: Option<W>,
}

impl<W: RowSink> ScrubOutputs<W> {
    /// Which outputs there are.
    pub(super) fn wanted(&self) -> ScrubOutputs<()> {
        ScrubOutputs {
            annotated: self.annotated.as_ref().map(|_| ()),
            permitted: self.permitted.as_ref().map(|_| ()),
            prohibited: self.prohibited.as_ref().map(|_| ()),
            rejected: self.rejected.as_ref().map(|_| ()),
        }
    }

    pub(super) fn write(&mut self, done: &Done) -> Result<(), W::Error> {
        let all = [
            (&mut self.annotated, &done.annotated),
            (&mut self.permitted, &done.permitted),
            (&mut self.prohibited, &done.prohibited),
            (&mut self.rejected, &done.rejected),
        ];
        for (output, bytes) in all {
            if let Some(output) = output
                && !bytes.is_empty()
            {
                output.write(bytes)?;
            }
        }
        Ok(())
    }
}

/// What became of a block.
#[derive(Debug, Default)]
pub(super) struct Done {
    pub(super) annotated: Vec<u8>,
    pub(super) permitted: Vec<u8>,
    pub(super) prohibited: Vec<u8>,
    pub(super) rejected: Vec<u8>,
    pub(super) books: ListBooks,
    /// How many rows it begins with that are rejected, all for this reason.
    pub(super) head: Option<(&'static str, u64)>,
    /// Why the block cannot be trusted: bytes of it are in none of its rows, or a row has no answer of its own.
    pub(super) fault: Option<String>,
}

impl Done {
    /// Empty again, with its memory.
    pub(super) fn clear(&mut self) {
        for bytes in [
            &mut self.annotated,
            &mut self.permitted,
            &mut self.prohibited,
            &mut self.rejected,
        ] {
            bytes.clear();
        }
        self.books = ListBooks::default();
        self.head = None;
        self.fault = None;
    }
}
