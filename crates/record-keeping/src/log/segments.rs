//! The files of a log: `000000000001.ndjson` and on, each named by the number of its first record.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use crate::RecordsError;

/// One file of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) first_seq: u64,
    pub(crate) path: PathBuf,
}

impl Segment {
    pub(crate) fn of(folder: &Path, first_seq: u64) -> Self {
        Self {
            first_seq,
            path: folder.join(format!("{first_seq:012}.ndjson")),
        }
    }

    /// Its file name, for people.
    pub(crate) fn name(&self) -> String {
        name_of(&self.path)
    }

    pub(crate) fn lines(&self) -> Result<Lines<BufReader<File>>, RecordsError> {
        let file = File::open(&self.path).map_err(|error| RecordsError::io(&self.path, "reading", error))?;
        Ok(Lines::of(BufReader::with_capacity(1 << 16, file)))
    }
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// The files of a log in order; other files are passed over.
pub(crate) fn list(folder: &Path) -> Result<Vec<Segment>, RecordsError> {
    let failed = |error| RecordsError::io(folder, "listing", error);
    let mut segments = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let is_segment = path.extension().is_some_and(|extension| extension == "ndjson");
        let number = path.file_stem().and_then(|stem| stem.to_str()?.parse().ok());
        if let Some(first_seq) = number.filter(|_| is_segment) {
            segments.push(Segment { first_seq, path });
        }
    }
    segments.sort_by_key(|segment| segment.first_seq);
    Ok(segments)
}

/// Lines of a file, one at a time, with their numbers.
#[derive(Debug)]
pub(crate) struct Lines<R> {
    reader: R,
    bytes: Vec<u8>,
    number: u64,
}

/// One line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'l> {
    /// From 1.
    pub(crate) number: u64,
    /// Without its break.
    pub(crate) bytes: &'l [u8],
    /// Whether its break is there.
    pub(crate) is_whole: bool,
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn of(reader: R) -> Self {
        Self {
            reader,
            bytes: Vec::new(),
            number: 0,
        }
    }

    pub(crate) fn next(&mut self) -> std::io::Result<Option<Line<'_>>> {
        self.bytes.clear();
        self.reader.read_until(b'\n', &mut self.bytes)?;
        if self.bytes.is_empty() {
            return Ok(None);
        }
        if !self.bytes.ends_with(b"\n") {
            // Somebody may be writing the line just now.
            self.reader.read_until(b'\n', &mut self.bytes)?;
        }
        self.number += 1;
        let without = self.bytes.strip_suffix(b"\n");
        Ok(Some(Line {
            number: self.number,
            bytes: without.unwrap_or(&self.bytes),
            is_whole: without.is_some(),
        }))
    }
}
