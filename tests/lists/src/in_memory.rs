//! Lists judged in memory.

use std::io::Cursor;
use std::sync::atomic::AtomicBool;

use core_compliance::Gate;
use core_compliance::ports::{ListLayout, RowSink, SuppressionList};
use local_files::{
    ColumnMapping, DelimitedLayout, FileError, ListForm, ListHead, ListInput, NdjsonLayout, Packing,
};
use pipeline::{ListBooks, ScrubFailure, ScrubOptions, ScrubOutputs, ScrubRun};

/// Takes what is written.
#[derive(Debug, Default)]
pub struct MemorySink(pub Vec<u8>);

impl RowSink for MemorySink {
    type Error = FileError;

    fn write(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }
}

/// What came of a list; heads are left out.
#[derive(Debug, PartialEq, Eq)]
pub struct Scrubbed {
    /// The books.
    pub books: ListBooks,
    /// All rows that could be judged.
    pub annotated: Vec<u8>,
    /// Those that may be called.
    pub permitted: Vec<u8>,
    /// Those that may not.
    pub prohibited: Vec<u8>,
    /// Those that could not be judged.
    pub rejected: Vec<u8>,
}

/// A list in memory.
#[must_use]
pub fn input(list: &[u8], form: ListForm) -> ListInput {
    let reader = Box::new(Cursor::new(list.to_vec()));
    ListInput::new("list".to_owned(), reader, None, (Some(form), Packing::Plain))
        .expect("a list in memory can be read")
}

/// Judges a list with its head.
///
/// # Errors
/// As the run.
pub fn scrub(
    gate: &Gate,
    suppression: Option<&impl SuppressionList>,
    list: &[u8],
    form: ListForm,
    mapping: &ColumnMapping,
    options: ScrubOptions,
    threads: usize,
) -> Result<Scrubbed, ScrubFailure<FileError>> {
    let input = input(list, form);
    match form {
        ListForm::Ndjson => {
            let layout = NdjsonLayout::new(mapping.clone());
            judged(gate, suppression, input, &layout, options, threads)
        }
        ListForm::Csv | ListForm::Tsv => {
            let head = ListHead::of(&input, mapping).expect("the columns are understood");
            let layout = DelimitedLayout::of(form, &head);
            judged(gate, suppression, input, &layout, options, threads)
        }
    }
}

fn judged(
    gate: &Gate,
    suppression: Option<&impl SuppressionList>,
    input: ListInput,
    layout: &impl ListLayout,
    options: ScrubOptions,
    threads: usize,
) -> Result<Scrubbed, ScrubFailure<FileError>> {
    let run = ScrubRun {
        gate,
        layout,
        suppression,
        options,
        threads,
        progress: &(),
        stop: &AtomicBool::new(false),
    };
    let sink = || Some(MemorySink::default());
    let outputs = ScrubOutputs {
        annotated: sink(),
        permitted: sink(),
        prohibited: sink(),
        rejected: sink(),
    };
    let mut blocks = input.into_blocks();
    if threads > 1 {
        // Small ones, so that each thread has some.
        blocks = blocks.in_blocks_of(1 << 12);
    }
    let (books, outputs) = run.run(blocks, outputs)?;
    let bytes = |sink: Option<MemorySink>| sink.expect("it was given").0;
    Ok(Scrubbed {
        books,
        annotated: bytes(outputs.annotated),
        permitted: bytes(outputs.permitted),
        prohibited: bytes(outputs.prohibited),
        rejected: bytes(outputs.rejected),
    })
}
