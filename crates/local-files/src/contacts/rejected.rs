//! Rows that were rejected, in a file of their own: as they were written, with line and reason before them, so that they
//! can be mended there and read again as they are.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Map, Value};

use super::ndjson::TEXT;
use super::records::third_field;
use super::{FileContactSource, ListFormat, OUR_COLUMNS};
use crate::FileError;

/// How rejected rows are written: as their list is.
#[derive(Clone, Debug)]
pub(super) enum Form {
    Csv {
        header: Vec<u8>,
        delimiter: u8,
        /// The list begins with a mark of UTF-8, by which spreadsheets know it.
        has_mark: bool,
        /// The first two columns are ours: the list is of rows that were rejected before.
        is_ours: bool,
    },
    Ndjson,
}

/// The file of rejected rows. It is there whole once it is finished, and not before.
#[derive(Debug)]
pub struct RejectedRows {
    form: Form,
    path: PathBuf,
    part: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    file: Option<BufWriter<File>>,
    /// Rows whose contacts are on their way, by external id.
    waiting: HashMap<String, (u64, Vec<u8>)>,
    written: u64,
    failed: Option<io::Error>,
}

impl RejectedRows {
    /// Makes sure that the file can be written, for the rows of this list.
    ///
    /// # Errors
    /// [`FileError`] where it cannot, where it is the list itself, or where its name tells another format.
    pub fn create(path: &Path, list: &FileContactSource) -> Result<Self, FileError> {
        let form = list.form().clone();
        let refused = |message: String| FileError::Folder {
            path: path.display().to_string(),
            message,
        };
        // A link is followed, so that what it leads to is renewed and the link stays.
        let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if path == Path::new("-") || (target.exists() && !target.is_file()) {
            return Err(refused(
                "is no regular file; name a file for the rejected rows".to_owned(),
            ));
        }
        if list.path().and_then(|path| std::fs::canonicalize(path).ok()) == Some(target.clone()) {
            return Err(refused(
                "is the list that is read; name another file, for rows that were not read yet would be lost"
                    .to_owned(),
            ));
        }
        let is_ndjson = matches!(form, Form::Ndjson);
        if ListFormat::of(path).is_some_and(|format| (format == ListFormat::Ndjson) != is_ndjson) {
            let extension = if is_ndjson { ".ndjson" } else { ".csv" };
            return Err(refused(format!(
                "rejected rows are written as the list is; give the file a name that ends with `{extension}`"
            )));
        }
        let unwritable = |source| FileError::Write {
            path: path.display().to_string(),
            source,
        };
        let (file, part) = open_part(&target).map_err(unwritable)?;
        let mut file = BufWriter::new(file);
        write_header(&mut file, &form).map_err(unwritable)?;
        Ok(Self {
            form,
            path: target,
            part,
            state: Mutex::new(State {
                file: Some(file),
                waiting: HashMap::new(),
                written: 0,
                failed: None,
            }),
        })
    }

    /// Keeps the row of a contact until it is settled.
    pub(super) fn keep(&self, external_id: &str, line: u64, bytes: Vec<u8>) {
        self.state().waiting.insert(external_id.to_owned(), (line, bytes));
    }

    /// Writes a row that is no usable contact.
    pub(super) fn reject(&self, line: u64, bytes: &[u8], code: &str, message: &str) {
        let reason = reason(code, message);
        let row = match &self.form {
            Form::Csv {
                delimiter, is_ours, ..
            } => csv_row(line, &reason, bytes, *delimiter, *is_ours, code),
            Form::Ndjson => ndjson_row(line, &reason, bytes),
        };
        let mut state = self.state();
        let State {
            file,
            failed,
            written,
            ..
        } = &mut *state;
        let Some(file) = file.as_mut().filter(|_| failed.is_none()) else {
            return;
        };
        match file.write_all(&row) {
            Ok(()) => *written += 1,
            Err(error) => *failed = Some(error),
        }
    }

    /// The contact of this external id has come to its end: its row is written if it was rejected, by this code and for
    /// this reason, and forgotten in any case.
    pub fn settled(&self, external_id: &str, rejected: Option<(&str, &str)>) {
        let row = self.state().waiting.remove(external_id);
        if let (Some((line, bytes)), Some((code, message))) = (row, rejected) {
            self.reject(line, &bytes, code, message);
        }
    }

    /// Puts the file in its place, and says how many rows it holds.
    ///
    /// # Errors
    /// [`FileError::Io`] where any of it could not be written.
    pub fn finish(&self) -> Result<u64, FileError> {
        let mut state = self.state();
        let file = state.file.take();
        let failed = state.failed.take();
        let written = state.written;
        let finish = || {
            if let Some(error) = failed {
                return Err(error);
            }
            if let Some(file) = file {
                // Open, and so locked, until it has its name.
                let file = file.into_inner()?;
                file.sync_all()?;
                std::fs::rename(&self.part, &self.path)?;
            }
            Ok(())
        };
        finish().map_err(|error: io::Error| FileError::Write {
            path: self.path.display().to_string(),
            source: error,
        })?;
        Ok(written)
    }

    /// A poisoned lock means a panic elsewhere; the rows are whole all the same.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for RejectedRows {
    /// Of a run that never came to its end nothing half stays behind.
    fn drop(&mut self) {
        if self.state().file.is_some() {
            let _ = std::fs::remove_file(&self.part);
        }
    }
}

/// Opens the file that becomes the one of rejected rows: what a run that was killed left of it is written over, and what
/// another run is writing just now is left alone.
fn open_part(target: &Path) -> io::Result<(File, PathBuf)> {
    let named = |suffix: &str| {
        let mut part = OsString::from(target);
        part.push(suffix);
        PathBuf::from(part)
    };
    let open = |part: &Path| {
        let mut options = OpenOptions::new();
        // It holds the numbers of people.
        options.write(true).create(true).truncate(false).mode(0o600);
        options.open(part)
    };
    let part = named(".part");
    let file = open(&part)?;
    let is_mine = file.try_lock().is_ok() && is_at(&file, &part);
    let (file, part) = if is_mine {
        (file, part)
    } else {
        let part = named(&format!(".{}.part", std::process::id()));
        (open(&part)?, part)
    };
    file.set_len(0)?;
    Ok((file, part))
}

/// Whether the file still has this name: another run may have put it in its place meanwhile.
fn is_at(file: &File, path: &Path) -> bool {
    let named = |about: std::fs::Metadata| (about.dev(), about.ino());
    let there = std::fs::metadata(path).map(named);
    matches!((file.metadata().map(named), there), (Ok(open), Ok(there)) if open == there)
}

fn write_header(file: &mut impl Write, form: &Form) -> io::Result<()> {
    let Form::Csv {
        header,
        delimiter,
        has_mark,
        is_ours,
    } = form
    else {
        return Ok(());
    };
    if *has_mark {
        file.write_all("\u{feff}".as_bytes())?;
    }
    for name in OUR_COLUMNS {
        file.write_all(name.as_bytes())?;
        file.write_all(&[*delimiter])?;
    }
    file.write_all(without_ours(header, *delimiter, *is_ours))?;
    file.write_all(b"\n")
}

/// The code and what it means for this row, in one line.
fn reason(code: &str, message: &str) -> String {
    let line: String = message
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    format!("{code}: {line}")
}

fn without_ours(bytes: &[u8], delimiter: u8, is_ours: bool) -> &[u8] {
    let own = third_field(bytes, delimiter).filter(|_| is_ours);
    bytes.get(own.unwrap_or(0)..).unwrap_or_default()
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

fn csv_row(line: u64, reason: &str, bytes: &[u8], delimiter: u8, is_ours: bool, code: &str) -> Vec<u8> {
    let separator = char::from(delimiter);
    let mut row = format!("{line}{separator}{}{separator}", quoted(reason)).into_bytes();
    let bytes = without_ours(bytes, delimiter, is_ours);
    if code == "row-unclosed-quote" {
        // As it is written it would swallow the rows after it.
        row.extend_from_slice(quoted(&String::from_utf8_lossy(bytes)).as_bytes());
    } else {
        row.extend_from_slice(bytes);
    }
    row.push(b'\n');
    row
}

fn ndjson_row(line: u64, reason: &str, bytes: &[u8]) -> Vec<u8> {
    let bytes = bytes.trim_ascii();
    let text = String::from_utf8_lossy(bytes);
    let [line_key, reason_key] = OUR_COLUMNS.map(str::to_owned);
    let mut row = Map::new();
    row.insert(line_key, Value::from(line));
    row.insert(reason_key, Value::from(reason));
    let is_ours = |key: &String| OUR_COLUMNS.contains(&key.as_str());
    match serde_json::from_str::<Value>(&text) {
        Ok(Value::Object(fields)) if !fields.keys().any(is_ours) => {
            // Byte for byte, so that nothing about the row changes, its encoding neither.
            let ours = Value::Object(row).to_string();
            let ours = ours.strip_suffix('}').unwrap_or_default();
            let separator = if fields.is_empty() { "" } else { "," };
            let rest = bytes.strip_prefix(b"{").unwrap_or_default();
            [ours.as_bytes(), separator.as_bytes(), rest, b"\n"].concat()
        }
        // Written anew it would become UTF-8, with signs that stand for what was lost.
        Ok(Value::Object(_)) if matches!(text, Cow::Owned(_)) => [bytes, b"\n"].concat(),
        Ok(Value::Object(fields)) => {
            row.extend(fields.into_iter().filter(|(key, _)| !is_ours(key)));
            format!("{}\n", Value::Object(row)).into_bytes()
        }
        _ => {
            row.insert(TEXT.to_owned(), Value::from(text));
            format!("{}\n", Value::Object(row)).into_bytes()
        }
    }
}

#[cfg(test)]
mod tests;
