//! A list opened for reading: where it comes from, how it is packed, what it is written in.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::form::{ListForm, Packing, form_of};
use super::head::split_line;
use super::scan::{Scanned, scan};
use super::{LONGEST_ROW, ListBlocks};
use crate::FileError;

const GZIP_MAGIC: &[u8] = &[0x1f, 0x8b];
const ZSTD_MAGIC: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
/// Bytes read at once while the first row is looked for.
const STEP: usize = 1 << 16;
/// What some programs put before UTF-8.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A list, its first row read ahead.
pub struct ListInput {
    name: String,
    form: ListForm,
    packing: Packing,
    reader: Box<dyn Read + Send>,
    /// Read so far.
    ahead: Vec<u8>,
    /// How much of it is the first row; 0 for NDJSON, which has no header, and for an empty list.
    header: usize,
    read: Arc<AtomicU64>,
    size: Option<u64>,
}

impl core::fmt::Debug for ListInput {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("ListInput")
            .field("name", &self.name)
            .field("form", &self.form)
            .finish_non_exhaustive()
    }
}

/// Opens a list; `-` is stdin. Form and packing are taken from the endings of its name, and where they say nothing from
/// its first bytes: `{` begins NDJSON, a first line with tabs and without commas TSV.
///
/// # Errors
/// [`FileError`] where it cannot be read, or has a first line that is no row.
pub fn open_list(path: &Path) -> Result<ListInput, FileError> {
    let broken = |source| FileError::io(path, source);
    if path == Path::new("-") {
        return ListInput::new(
            "stdin".to_owned(),
            Box::new(io::stdin()),
            None,
            (None, Packing::Plain),
        );
    }
    let file = File::open(path).map_err(broken)?;
    let about = file.metadata().map_err(broken)?;
    if about.is_dir() {
        return Err(FileError::Folder {
            path: path.display().to_string(),
            message: "is a folder; name the list in it".to_owned(),
        });
    }
    let size = about.is_file().then_some(about.len());
    ListInput::new(path.display().to_string(), Box::new(file), size, form_of(path))
}

impl ListInput {
    /// A list that is read from somewhere else.
    ///
    /// # Errors
    /// As [`open_list`].
    pub fn new(
        name: String,
        reader: Box<dyn Read + Send>,
        size: Option<u64>,
        (form, mut packing): (Option<ListForm>, Packing),
    ) -> Result<Self, FileError> {
        let broken = |source| FileError::Io {
            path: name.clone(),
            source,
        };
        let read = Arc::new(AtomicU64::new(0));
        let mut reader: Box<dyn Read + Send> = Box::new(Counted {
            reader,
            read: Arc::clone(&read),
        });
        let mut ahead = Vec::new();
        if form.is_none() && packing == Packing::Plain {
            while ahead.len() < ZSTD_MAGIC.len() && more(&mut reader, &mut ahead).map_err(broken)? {}
            packing = match ahead.as_slice() {
                bytes if bytes.starts_with(GZIP_MAGIC) => Packing::Gzip,
                bytes if bytes.starts_with(ZSTD_MAGIC) => Packing::Zstd,
                _ => Packing::Plain,
            };
        }
        let mut reader = match packing {
            Packing::Plain => reader,
            _ => unpacked(packing, std::mem::take(&mut ahead), reader).map_err(broken)?,
        };
        // A whole line tells what the list is written in.
        while ahead.len() < STEP
            && !ahead.contains(&b'\n')
            && more(&mut reader, &mut ahead).map_err(broken)?
        {}
        let form = form.unwrap_or_else(|| sniffed(&ahead));
        let mut input = Self {
            name,
            form,
            packing,
            reader,
            ahead,
            header: 0,
            read,
            size,
        };
        if form != ListForm::Ndjson {
            input.find_header()?;
        }
        Ok(input)
    }

    fn find_header(&mut self) -> Result<(), FileError> {
        let mut is_end = self.ahead.is_empty();
        let refused = |message: &str| FileError::Content {
            path: self.name.clone(),
            line: 1,
            key: String::new(),
            message: message.to_owned(),
        };
        if self.ahead.starts_with(&[0xff, 0xfe]) || self.ahead.starts_with(&[0xfe, 0xff]) {
            return Err(refused("the list is UTF-16; write it as UTF-8"));
        }
        let start = match self.ahead.strip_prefix(BYTE_ORDER_MARK) {
            Some(_) => BYTE_ORDER_MARK.len(),
            None => 0,
        };
        while !self.ahead.is_empty() {
            match scan(&self.ahead, start, self.form.rules(), is_end, |_| {}) {
                Scanned::Row(end) => {
                    let head = self.ahead.get(..end).unwrap_or_default();
                    let (names, _) = split_line(head);
                    if names.contains(&b'\r') && !names.contains(&b'"') {
                        return Err(refused(
                            "the lines end with CR alone; write the list with line ends LF or CRLF",
                        ));
                    }
                    self.header = end;
                    break;
                }
                Scanned::Open if self.ahead.len() <= LONGEST_ROW => {
                    let read = more(&mut self.reader, &mut self.ahead);
                    is_end = !read.map_err(|source| FileError::Io {
                        path: self.name.clone(),
                        source,
                    })?;
                }
                Scanned::Bad(..) | Scanned::Open => {
                    return Err(refused(
                        "the first line cannot be read as the names of the columns; mend its quotation marks or its length",
                    ));
                }
            }
        }
        Ok(())
    }

    /// What it is called in messages.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is written in.
    #[must_use]
    pub fn form(&self) -> ListForm {
        self.form
    }

    /// How it is packed.
    #[must_use]
    pub fn packing(&self) -> Packing {
        self.packing
    }

    /// Its size in bytes, packed as it is, where that is known.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.size
    }

    /// How many of these bytes have been read, now and later.
    #[must_use]
    pub fn bytes_read(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.read)
    }

    /// The line with the names of the columns, line end included; empty where there is none.
    #[must_use]
    pub fn header(&self) -> &[u8] {
        self.ahead.get(..self.header).unwrap_or_default()
    }

    /// The rows after the header.
    #[must_use]
    pub fn into_blocks(mut self) -> ListBlocks<Box<dyn Read + Send>> {
        let lines = memchr::memchr_iter(b'\n', self.header()).count() as u64;
        self.ahead.drain(..self.header);
        ListBlocks::new(self.name, self.reader, self.form, self.ahead, lines + 1)
    }
}

fn sniffed(bytes: &[u8]) -> ListForm {
    let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if text.trim_ascii_start().first() == Some(&b'{') {
        ListForm::Ndjson
    } else if line.contains(&b'\t') && !line.contains(&b',') {
        ListForm::Tsv
    } else {
        ListForm::Csv
    }
}

/// Reads what is there, waiting only if there is nothing; `false` at the end.
fn more(reader: &mut (impl Read + ?Sized), to: &mut Vec<u8>) -> io::Result<bool> {
    let used = to.len();
    to.resize(used + STEP, 0);
    let read = loop {
        match reader.read(to.get_mut(used..).unwrap_or_default()) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => break read,
        }
    };
    to.truncate(used + read.as_ref().copied().unwrap_or(0));
    read.map(|read| read > 0)
}

/// What the packed bytes hold, of which the first were read already.
fn unpacked(
    packing: Packing,
    ahead: Vec<u8>,
    reader: Box<dyn Read + Send>,
) -> io::Result<Box<dyn Read + Send>> {
    let whole = io::Cursor::new(ahead).chain(reader);
    Ok(match packing {
        Packing::Plain => Box::new(whole),
        // Files that were put together of several, as log rotation does, are one.
        Packing::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(BufReader::with_capacity(
            STEP, whole,
        ))),
        Packing::Zstd => Box::new(zstd::stream::read::Decoder::with_buffer(
            BufReader::with_capacity(STEP, whole),
        )?),
    })
}

/// Counts what is read of the file itself, packed as it is.
struct Counted<R> {
    reader: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(bytes)?;
        self.read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
