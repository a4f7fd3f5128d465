//! A list cut into blocks of whole rows.

use std::io::{self, Read};

use core_compliance::ports::{BlockKind, ListBlock, ListSource};
use memchr::{memchr, memchr_iter, memrchr};

use super::scan::{Scanned, scan};
use super::{LONGEST_ROW, ListForm};
use crate::FileError;

/// So many bytes are read before a block is cut.
const BLOCK: usize = 1 << 20;
/// Room for a row that begins in the last byte of a block.
const ROOM: usize = BLOCK + LONGEST_ROW + 4;

/// Reads a list block by block. Its memory is that of a few blocks, however long the list or a row of it is.
#[derive(Debug)]
pub struct ListBlocks<R> {
    name: String,
    reader: R,
    form: ListForm,
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
            form,
            rest,
            line,
            ended: false,
            is_torn: false,
        }
    }

    /// Reads on until so many bytes are in use, or to the end.
    fn fill(&mut self, bytes: &mut Vec<u8>, used: &mut usize, wanted: usize) -> io::Result<()> {
        if bytes.len() < wanted {
            bytes.resize(wanted.max(ROOM), 0);
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
        let is_plain = self.form == ListForm::Ndjson || memchr(b'"', bytes).is_none();
        if self.ended {
            return (bytes.len(), is_plain);
        }
        if is_plain {
            return (memrchr(b'\n', bytes).map_or(0, |at| at + 1), true);
        }
        let mut at = 0;
        loop {
            match scan(bytes, at, self.form.delimiter(), false, |_| {}) {
                Scanned::Row(end) | Scanned::Bad(end, _) => at = end,
                Scanned::Open => return (at, false),
            }
        }
    }

    fn next(&mut self, mut bytes: Vec<u8>) -> io::Result<Option<ListBlock>> {
        let mut used = self.rest.len();
        if bytes.len() < used {
            bytes.resize(ROOM.max(used), 0);
        }
        if let Some(room) = bytes.get_mut(..used) {
            room.copy_from_slice(&self.rest);
        }
        self.rest.clear();
        self.fill(&mut bytes, &mut used, BLOCK)?;
        if used == 0 {
            return Ok(None);
        }
        let (end, kind) = if self.is_torn {
            self.torn(bytes.get(..used).unwrap_or_default(), false)
        } else {
            let (mut end, mut is_plain) = self.cut(bytes.get(..used).unwrap_or_default());
            if end == 0 {
                self.fill(&mut bytes, &mut used, ROOM)?;
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
        self.line += memchr_iter(b'\n', block).count() as u64;
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
