//! A list as a source of contacts, read beside the run.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use core_compliance::ports::{ContactSource, PortFailure, PortFailureKind, Reading};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::rejected::{Form, RejectedRows};
use super::{ListFormat, ListOptions, ListRow, ListRows};
use crate::{Columns, Field, FileError};

/// Bytes read at a time.
const BUFFER: usize = 1 << 16;
/// Rows read ahead of the run.
const AHEAD: usize = 256;

/// The contacts of a list, as [`ContactSource`].
///
/// A thread of its own reads, a few rows ahead and no more, so that a slow disk or pipe holds up neither what is in
/// flight nor a signal. Memory does not grow with the list, but for 16 bytes a contact by which duplicates are told.
#[derive(Debug)]
pub struct FileContactSource {
    rows: Receiver<Message>,
    path: Option<PathBuf>,
    columns: Option<Columns>,
    attributes: BTreeMap<Field, Vec<String>>,
    format: ListFormat,
    form: Form,
    rejected: Option<Arc<RejectedRows>>,
    has_ended: bool,
}

#[derive(Debug)]
enum Message {
    Row(ListRow),
    End,
    Failed(PortFailure),
}

impl FileContactSource {
    /// Opens a list, `-` for stdin, and reads the names of its columns.
    ///
    /// # Errors
    /// [`FileError`] where it cannot be read, its format is not known, or its columns are not understood.
    pub fn open(path: &Path, options: &ListOptions) -> Result<Self, FileError> {
        let is_stdin = path == Path::new("-");
        let list = if is_stdin {
            "stdin".to_owned()
        } else {
            path.display().to_string()
        };
        let refused = |message: &str| FileError::Folder {
            path: list.clone(),
            message: message.to_owned(),
        };
        let format = options.format.or_else(|| ListFormat::of(path)).ok_or_else(|| {
            refused("its name tells no format; name it .csv, .tsv or .ndjson, or say --from-format")
        })?;
        let input: Box<dyn BufRead + Send> = if is_stdin {
            Box::new(BufReader::with_capacity(BUFFER, io::stdin()))
        } else {
            let file = File::open(path).map_err(|error| FileError::io(path, error))?;
            if file.metadata().is_ok_and(|about| about.is_dir()) {
                return Err(refused("is a folder; name the list in it"));
            }
            Box::new(BufReader::with_capacity(BUFFER, file))
        };
        let rows = ListRows::new(input, &list, format, options)?;
        let (columns, form) = (rows.columns().cloned(), rows.form());
        let attributes = Field::ALL.map(|field| (field, rows.attributes(field)));
        let (sender, receiver) = channel(AHEAD);
        thread::Builder::new()
            .name("contact list".to_owned())
            .spawn(move || read(rows, &sender))
            .map_err(|error| FileError::io(path, error))?;
        Ok(Self {
            rows: receiver,
            path: Some(path.to_owned()).filter(|_| !is_stdin),
            columns,
            attributes: attributes.into(),
            format,
            form,
            rejected: None,
            has_ended: false,
        })
    }

    /// The columns; NDJSON has none.
    #[must_use]
    pub fn columns(&self) -> Option<&Columns> {
        self.columns.as_ref()
    }

    /// The format.
    #[must_use]
    pub fn format(&self) -> ListFormat {
        self.format
    }

    /// The attributes in which a field may stand in the contacts of this list; the first that holds something counts.
    #[must_use]
    pub fn attributes(&self, field: Field) -> &[String] {
        self.attributes.get(&field).map_or(&[], Vec::as_slice)
    }

    /// From now on rows go to this file as they are found to be unusable, and are kept for it until their contacts are
    /// settled: [`RejectedRows::settled`] must be called for each.
    pub fn keep_rejected(&mut self, rejected: Arc<RejectedRows>) {
        self.rejected = Some(rejected);
    }

    pub(super) fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    pub(super) fn form(&self) -> &Form {
        &self.form
    }

    fn keep(&self, row: ListRow) -> Reading {
        if let Some(rejected) = &self.rejected {
            match &row.reading {
                Reading::Contact(record) => {
                    if let Some(id) = record.external_id() {
                        rejected.keep(id, row.line, row.bytes);
                    }
                }
                Reading::Unusable { code, reason, .. } => {
                    rejected.reject(row.line, &row.bytes, code, reason);
                }
                Reading::Unreadable { reason, .. } => {
                    rejected.reject(row.line, &row.bytes, "contact-unreadable", reason);
                }
                _ => {}
            }
        }
        row.reading
    }
}

impl ContactSource for FileContactSource {
    async fn next(&mut self) -> Result<Option<Reading>, PortFailure> {
        if self.has_ended {
            return Ok(None);
        }
        match self.rows.recv().await {
            Some(Message::Row(row)) => Ok(Some(self.keep(row))),
            Some(Message::End) => {
                self.has_ended = true;
                Ok(None)
            }
            Some(Message::Failed(failure)) => {
                self.has_ended = true;
                Err(failure)
            }
            // An end that is not told is none: the rest of the list would be lost in silence.
            None => Err(PortFailure::new(
                PortFailureKind::Local,
                "reading the list was cut off",
                "this is a fault of Curfew; report it, and run the same command again",
            )),
        }
    }
}

/// Reads until the end, or until nobody wants to know any more.
fn read(mut rows: ListRows<Box<dyn BufRead + Send>>, sender: &Sender<Message>) {
    loop {
        let message = match rows.next_row() {
            Ok(Some(row)) => Message::Row(row),
            Ok(None) => Message::End,
            Err(error) => Message::Failed(PortFailure::new(
                PortFailureKind::Local,
                error.to_string(),
                "see that the list can be read to its end, and run the same command again",
            )),
        };
        let goes_on = matches!(message, Message::Row(_));
        if sender.blocking_send(message).is_err() || !goes_on {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    /// Yields a text, and then an error.
    struct Torn(&'static [u8]);

    impl Read for Torn {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            match self.0.read(into)? {
                0 => Err(io::Error::other("the disk is gone")),
                count => Ok(count),
            }
        }
    }

    fn messages(rows: ListRows<Box<dyn BufRead + Send>>) -> Vec<Message> {
        let (sender, mut receiver) = channel(AHEAD);
        read(rows, &sender);
        std::iter::from_fn(|| receiver.try_recv().ok()).collect()
    }

    #[test]
    fn a_list_that_cannot_be_read_to_its_end_fails_after_what_was_read() {
        let torn: Box<dyn BufRead + Send> = Box::new(BufReader::new(Torn(b"id,phone\n1,x\n2,")));
        let rows = ListRows::new(torn, "leads.csv", ListFormat::Csv, &ListOptions::default()).unwrap();
        match messages(rows).as_slice() {
            [Message::Row(row), Message::Failed(failure)] => {
                assert_eq!(row.line, 2);
                assert_eq!(failure.kind, PortFailureKind::Local);
                assert!(
                    failure
                        .message
                        .starts_with("leads.csv: cannot be read: the disk is gone"),
                    "{failure}"
                );
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_end_is_told() {
        let whole: Box<dyn BufRead + Send> = Box::new(b"id,phone\n1,x".as_slice());
        let rows = ListRows::new(whole, "leads.csv", ListFormat::Csv, &ListOptions::default()).unwrap();
        assert!(matches!(
            messages(rows).as_slice(),
            [Message::Row(_), Message::End]
        ));
    }

    #[test]
    fn what_cannot_be_opened_is_named() {
        let error = |path: &str| {
            FileContactSource::open(Path::new(path), &ListOptions::default())
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            error("/nowhere/leads.csv"),
            "/nowhere/leads.csv: cannot be read: No such file or directory (os error 2)"
        );
        assert_eq!(
            error("/nowhere/leads"),
            "/nowhere/leads: its name tells no format; name it .csv, .tsv or .ndjson, or say --from-format"
        );
    }
}
