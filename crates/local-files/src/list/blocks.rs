//! A list cut into blocks of whole rows.

use std::io::{self, Read};

use core_compliance::ports::{BlockKind, ListBlock, ListSource};
use memchr::{memchr, memrchr};

use super::ListForm;
use super::marks::count_lines;
use super::scan::{Rules, Scanned, scan};
use crate::FileError;

/// So many bytes are read before a block is cut: they, and what is written of them, stay in a processor's cache.
const BLOCK: usize = 1 << 18;
/// Beyond the longest row: what must be seen to tell that a row has ended.
const BEYOND: usize = 4;

/// Reads a list block by block. Its memory is that of a few blocks, however long the list or a row of it is.
#[derive(Debug)]
pub struct ListBlocks<R> {
    name: String,
    reader: R,
    rules: Rules,
    /// Whether quotation marks mean something.
    heeds_quotes: bool,
    /// So many bytes are read before a block is cut: they, and what is written of them, stay in a processor's cache.
    block: usize,
    /// Read, and not yet handed over.
    rest: Vec<u8>,
    /// Line on which the rest begins, from 1.
    line: u64,
    ended: bool,
    /// Whether the rest goes on with a row that is too long.
    is_torn: bool,
}

impl<R: Read> ListBlocks<R> {
    /// A list read from here; `rest` was read already and begins on this line.
    pub(super) fn new(name: String, reader: R, form: ListForm, rest: Vec<u8>, line: u64) -> Self {
        Self {
            name,
            reader,
            rules: form.rules(),
            heeds_quotes: form != ListForm::Ndjson,
            block: BLOCK,
            rest,
            line,
            ended: false,
            is_torn: false,
        }
    }

    /// The same in blocks of about so many bytes.
    #[must_use]
    pub fn in_blocks_of(self, bytes: usize) -> Self {
        Self { block: bytes, ..self }
    }

    /// Room for a row that begins in the last byte of a block.
    fn room(&self) -> usize {
        self.block + self.rules.longest + BEYOND
    }

    /// Reads on until so many bytes are in use, or to the end.
    fn fill(&mut self, bytes: &mut Vec<u8>, used: &mut usize, wanted: usize) -> io::Result<()> {
        if bytes.len() < wanted {
            bytes.resize(wanted.max(self.room()), 0);
        }
        while *used < wanted && !self.ended {
            let room = bytes.get_mut(*used..wanted).unwrap_or_default();
            match self.reader.read(room) {
                Ok(0) => self.ended = true,
                Ok(read) => *used += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Where the last whole row ends, and whether there is a quotation mark before.
    fn cut(&self, bytes: &[u8]) -> (usize, bool) {
        let is_plain = !self.heeds_quotes || memchr(b'"', bytes).is_none();
        if self.ended {
            return (bytes.len(), is_plain);
        }
        if is_plain {
            return (memrchr(b'\n', bytes).map_or(0, |at| at + 1), true);
        }
        let mut at = 0;
        loop {
            match scan(bytes, at, self.rules, false, |_| {}) {
                Scanned::Row(end) | Scanned::Bad(end, _) => at = end,
                Scanned::Open => return (at, false),
            }
        }
    }

    fn next(&mut self, mut bytes: Vec<u8>) -> io::Result<Option<ListBlock>> {
        let mut used = self.rest.len();
        if bytes.len() < used {
            bytes.resize(self.room().max(used), 0);
        }
        if let Some(room) = bytes.get_mut(..used) {
            room.copy_from_slice(&self.rest);
        }
        self.rest.clear();
        self.fill(&mut bytes, &mut used, self.block)?;
        if used == 0 {
            return Ok(None);
        }
        let (end, kind) = if self.is_torn {
            self.torn(bytes.get(..used).unwrap_or_default(), false)
        } else {
            let (mut end, mut is_plain) = self.cut(bytes.get(..used).unwrap_or_default());
            if end == 0 {
                self.fill(&mut bytes, &mut used, self.room())?;
                (end, is_plain) = self.cut(bytes.get(..used).unwrap_or_default());
            }
            match (end, is_plain) {
                (0, _) => self.torn(bytes.get(..used).unwrap_or_default(), true),
                (end, true) => (end, BlockKind::PlainRows),
                (end, false) => (end, BlockKind::Rows),
            }
        };
        let taken = bytes.get(..used).unwrap_or_default();
        let (block, rest) = taken.split_at_checked(end).unwrap_or((taken, &[]));
        let line = self.line;
        self.line += count_lines(block);
        self.rest.extend_from_slice(rest);
        Ok(Some(ListBlock {
            line,
            bytes,
            used: end,
            kind,
        }))
    }

    /// The next piece of a row that is too long.
    fn torn(&mut self, bytes: &[u8], first: bool) -> (usize, BlockKind) {
        let end = memchr(b'\n', bytes).map(|at| at + 1);
        self.is_torn = end.is_none();
        (end.unwrap_or(bytes.len()), BlockKind::Torn { first })
    }
}

impl<R: Read + Send> ListSource for ListBlocks<R> {
    type Error = FileError;

    fn next_block(&mut self, spare: Vec<u8>) -> Result<Option<ListBlock>, FileError> {
        self.next(spare).map_err(|source| FileError::Io {
            path: self.name.clone(),
            source,
        })
    }
}

#[cfg(test)]
mod tests {
    use core_compliance::ports::{ListLayout as _, RowFields, TakeRows};

    use super::*;
    use crate::list::{DelimitedLayout, ListHead, ListInput, Packing};

    /// Reads a few bytes at a time.
    struct Drops<'b>(&'b [u8], usize);

    impl Read for Drops<'_> {
        fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
            let count = bytes.len().min(self.1);
            self.0.read(&mut bytes[..count])
        }
    }

    struct All(Vec<String>);

    impl<'b> TakeRows<'b> for All {
        fn row(&mut self, line: u64, bytes: &'b [u8], _fields: &impl RowFields) {
            self.0.push(format!("{line} {bytes:?}"));
        }

        fn bad(&mut self, line: u64, _bytes: &'b [u8], code: &'static str) {
            self.0.push(format!("{line} {code}"));
        }
    }

    /// Every row and every bad line with its line number, of a list in blocks of this size.
    fn rows(text: &[u8], block: usize, longest: usize) -> (Vec<String>, Vec<u8>) {
        let header = ListInput::new(
            "x".to_owned(),
            Box::new(&b"a,b\n"[..]),
            None,
            (Some(ListForm::Csv), Packing::Plain),
        );
        let head = ListHead::of(&header.unwrap(), &crate::ColumnMapping::default()).unwrap();
        let rules = Rules {
            delimiter: b',',
            longest,
        };
        let layout = DelimitedLayout::of(ListForm::Csv, &head).with_rules(rules);
        let mut blocks = ListBlocks::new("x".to_owned(), Drops(text, 3), ListForm::Csv, Vec::new(), 2);
        (blocks.block, blocks.rules) = (block, rules);
        let (mut all, mut joined) = (All(Vec::new()), Vec::new());
        let mut spare = Vec::new();
        while let Some(next) = blocks.next_block(std::mem::take(&mut spare)).unwrap() {
            joined.extend_from_slice(next.rows().bytes);
            match next.kind {
                BlockKind::Torn { first: true } => all.0.push(format!("{} row-too-long", next.line)),
                BlockKind::Torn { first: false } => {}
                _ => {
                    layout.each(next.rows(), &mut all);
                }
            }
            spare = next.bytes;
        }
        (all.0, joined)
    }

    /// Texts of a few characters that matter.
    fn text(mut number: usize) -> Vec<u8> {
        const PIECES: [&[u8]; 8] = [
            b"\"",
            b",",
            b"\n",
            b"\r\n",
            b"x",
            b"\"\"",
            b"yyyyyyyyyyy",
            b"a,b\n",
        ];
        let mut text = Vec::new();
        while number > 0 {
            text.extend_from_slice(PIECES[number % 8]);
            number /= 8;
        }
        text
    }

    #[test]
    fn rows_are_the_same_wherever_blocks_are_cut_and_no_byte_is_lost() {
        for number in (0..8_usize.pow(9)).step_by(99_991) {
            let text = text(number);
            let (whole, joined) = rows(&text, 1 << 16, 40);
            assert_eq!(joined, text);
            for block in [1, 7, 16] {
                let (cut, joined) = rows(&text, block, 40);
                assert_eq!(
                    cut,
                    whole,
                    "{:?} in blocks of {block}",
                    String::from_utf8_lossy(&text)
                );
                assert_eq!(joined, text);
            }
        }
    }

    #[test]
    fn a_row_that_fits_no_memory_is_handed_over_in_pieces() {
        let text = format!("1,2\n{}\n3,4\n", "x".repeat(500)).into_bytes();
        let (all, joined) = rows(&text, 16, 40);
        assert_eq!((all.len(), all[1].as_str()), (3, "3 row-too-long"));
        assert!(all[2].starts_with("4 "));
        assert_eq!(joined, text);
    }
}
