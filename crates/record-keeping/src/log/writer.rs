//! Appends records to the last segment, and begins another when it is full.

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;

use super::line::Head;
use super::segments::Segment;
use super::tail::Tail;
use crate::RecordsError;
use crate::layout::{private, sync_folder};

/// A segment is full at this size.
pub(crate) const SEGMENT_BYTES: u64 = 64 << 20;

/// What records are written to.
pub(crate) trait Medium: Write + Send {
    /// Makes durable what was written.
    fn sync(&mut self) -> io::Result<()>;
}

impl Medium for File {
    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }
}

/// The end of the log, open for more.
pub(crate) struct LogWriter {
    folder: PathBuf,
    segment: Option<(Segment, Box<dyn Medium>)>,
    length: u64,
    limit: u64,
    pub(crate) head: Head,
}

impl LogWriter {
    pub(crate) fn after(folder: PathBuf, tail: Tail, limit: u64) -> Result<Self, RecordsError> {
        let mut writer = Self {
            folder,
            segment: None,
            length: 0,
            limit,
            head: tail.head,
        };
        if let Some((segment, length)) = tail.segment {
            let file = private()
                .append(true)
                .open(&segment.path)
                .map_err(|error| RecordsError::io(&segment.path, "opening", error))?;
            writer.length = length;
            writer.segment = Some((segment, Box::new(file)));
        }
        Ok(writer)
    }

    /// Appends whole lines that end at `head`; durable when it returns.
    pub(crate) fn append(&mut self, lines: &[u8], head: Head) -> Result<(), RecordsError> {
        if self.length >= self.limit {
            self.segment = None;
        }
        let (segment, medium) = match &mut self.segment {
            Some(open) => open,
            none => {
                let segment = Segment::of(&self.folder, self.head.seq + 1);
                let file = private()
                    .append(true)
                    .create_new(true)
                    .open(&segment.path)
                    .map_err(|error| {
                        RecordsError::io(&segment.path, "beginning a segment of the log", error)
                    })?;
                sync_folder(&self.folder)?;
                self.length = 0;
                none.insert((segment, Box::new(file)))
            }
        };
        medium
            .write_all(lines)
            .and_then(|()| medium.sync())
            .map_err(|error| RecordsError::io(&segment.path, "writing the decision log", error))?;
        self.length += lines.len() as u64;
        self.head = head;
        Ok(())
    }

    /// Writes elsewhere from now on.
    #[cfg(test)]
    pub(crate) fn write_to(&mut self, medium: Box<dyn Medium>) {
        let segment = Segment::of(&self.folder, self.head.seq + 1);
        self.segment = Some((segment, medium));
    }
}
