//! Do-not-call lists: `--suppress FILE`.

mod line;
mod numbers;
mod rows;

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use core_compliance::ports::SuppressionList;
use core_compliance::{Instant, Suppression};

use crate::FileError;
use line::Line;
use numbers::NumberSet;
use rows::{Entry, Rows};

/// Bytes read at a time.
const BUFFER: usize = 1 << 16;
/// Lines named one by one before the rest is counted.
const LINES_NAMED: usize = 10;

/// The numbers of one list or of several, each with its end and reason where it has them.
///
/// A number takes four bytes, and sixteen more if it has an end or a reason. Looking one up allocates nothing and takes
/// some hundred nanoseconds in a list of millions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SuppressionFile {
    numbers: NumberSet,
    /// Of the numbers that have an end or a reason, by position.
    details: Vec<Detail>,
    reasons: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Detail {
    position: u32,
    entry: Entry,
}

/// An entry that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SuppressionEntry<'f> {
    /// First instant at which it holds no more; `None` = it has no end.
    pub until: Option<Instant>,
    /// Why, in the list's words.
    pub reason: Option<&'f str>,
}

impl SuppressionFile {
    /// Reads these files as one list. Of a number that stands in it several times the entry counts that ends last.
    ///
    /// # Errors
    /// [`FileError`]: a file that cannot be read, or lines in it; a list is read whole or not at all.
    pub fn read<P: AsRef<Path>>(paths: &[P]) -> Result<Self, FileError> {
        let mut rows = Rows::default();
        for path in paths {
            let path = path.as_ref();
            let file = File::open(path).map_err(|error| FileError::io(path, error))?;
            read_list(path, BufReader::with_capacity(BUFFER, file), &mut rows)?;
        }
        rows.finish(|| {
            let names = paths.iter().map(|path| path.as_ref().display().to_string());
            names.collect::<Vec<_>>().join(", ")
        })
    }

    /// Reads a list that is at hand; `name` is for errors.
    ///
    /// # Errors
    /// As [`SuppressionFile::read`].
    pub fn of_bytes(name: &str, bytes: &[u8]) -> Result<Self, FileError> {
        let mut rows = Rows::default();
        read_list(Path::new(name), bytes, &mut rows)?;
        rows.finish(|| name.to_owned())
    }

    /// The entry for this number (E.164, blanks around do not count) that holds at this instant.
    #[must_use]
    pub fn entry(&self, phone: &str, at: Instant) -> Option<SuppressionEntry<'_>> {
        self.entry_of_digits(phone.trim().strip_prefix('+')?.as_bytes(), at)
    }

    /// The same, of the digits after the `+`.
    #[must_use]
    pub fn entry_of_digits(&self, digits: &[u8], at: Instant) -> Option<SuppressionEntry<'_>> {
        let position = self.numbers.position(number(digits)?)?;
        let detail = self
            .details
            .binary_search_by_key(&position, |detail| detail.position)
            .ok()
            .and_then(|index| self.details.get(index));
        let entry = detail.map_or(Entry::ENDLESS, |detail| detail.entry);
        let found = SuppressionEntry {
            until: entry.until(),
            reason: entry
                .reason
                .and_then(|reason| self.reasons.get(reason.get() as usize - 1))
                .map(String::as_str),
        };
        found.until.is_none_or(|until| at < until).then_some(found)
    }

    /// How many numbers it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many bytes of memory it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let reasons = self
            .reasons
            .iter()
            .map(|reason| reason.capacity() + size_of::<String>());
        self.numbers.bytes() + self.details.capacity() * size_of::<Detail>() + reasons.sum::<usize>()
    }
}

impl SuppressionList for SuppressionFile {
    fn suppression(&self, phone: &str, at: Instant) -> Option<Suppression> {
        self.entry(phone, at).map(|found| Suppression {
            until: found.until,
            reason: found.reason.map(str::to_owned),
        })
    }
}

/// The digits as one number: no two E.164 numbers have the same, as none begins with 0.
fn number(digits: &[u8]) -> Option<u64> {
    if digits.len() > 15 || digits.first() == Some(&b'0') {
        return None;
    }
    digits.iter().try_fold(0, |number, digit| {
        let value = digit.checked_sub(b'0').filter(|value| *value < 10)?;
        Some(number * 10 + u64::from(value))
    })
}

/// Adds the entries of one list; all lines are looked at before the bad ones are reported.
fn read_list(path: &Path, mut reader: impl BufRead, rows: &mut Rows) -> Result<(), FileError> {
    let mut columns = None;
    let (mut first, mut count) = (String::new(), 0);
    let mut bytes = Vec::new();
    for number in 1.. {
        bytes.clear();
        let read = reader.read_until(b'\n', &mut bytes);
        if read.map_err(|error| FileError::io(path, error))? == 0 {
            break;
        }
        let bytes = match number {
            1 => bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes),
            _ => &bytes,
        };
        let line = Line::of(bytes).and_then(|line| line.read(&mut columns));
        match line {
            Ok(Some(row)) => rows.add(row),
            Ok(None) => {}
            // Without its columns nothing of the list can be understood.
            Err(message) if columns.is_none() => {
                return Err(FileError::Content {
                    path: path.display().to_string(),
                    line: number,
                    key: String::new(),
                    message,
                });
            }
            Err(message) => {
                count += 1;
                if count <= LINES_NAMED {
                    first.push_str(&format!("\n  line {number}: {message}"));
                }
            }
        }
    }
    if count == 0 {
        return Ok(());
    }
    if count > LINES_NAMED {
        first.push_str(&format!("\n  and {} more", count - LINES_NAMED));
    }
    Err(FileError::Lines {
        path: path.display().to_string(),
        count,
        first,
    })
}

#[cfg(test)]
mod tests;
