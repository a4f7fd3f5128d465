//! The head of a list: what its columns are called, which of them are read, and the heads of what is written.

use super::ListInput;
use super::form::ListForm;
use super::input::BYTE_ORDER_MARK;
use super::scan::{Extent, scan};
use crate::columns::{ColumnMapping, Columns, ColumnsError};
use crate::contacts::OUR_COLUMNS;

/// The columns that are written beside a row.
pub const ANNOTATION_COLUMNS: [&str; 7] = [
    "curfew_decision",
    "curfew_reason_code",
    "curfew_jurisdiction",
    "curfew_zone",
    "curfew_local_time",
    "curfew_permitted_until",
    "curfew_next_opening",
];

/// The head of a list with named columns.
#[derive(Clone, Debug)]
pub struct ListHead {
    form: ListForm,
    line: Vec<u8>,
    columns: Columns,
}

impl ListHead {
    /// Finds the columns of a list.
    ///
    /// # Errors
    /// [`ColumnsError`], where they are not understood.
    pub fn of(input: &ListInput, mapping: &ColumnMapping) -> Result<Self, ColumnsError> {
        let line = input.header();
        let text = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
        let mut names: Vec<String> = Vec::new();
        // The input has found a whole row here.
        let _ = scan(text, 0, input.form().rules(), true, |extent| {
            names.push(String::from_utf8_lossy(&unquoted(text, extent)).into_owned());
        });
        Ok(Self {
            form: input.form(),
            line: line.to_vec(),
            columns: Columns::recognise(&names, mapping)?,
        })
    }

    /// Which columns hold what.
    #[must_use]
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The first of [`ANNOTATION_COLUMNS`] that the list has already.
    #[must_use]
    pub fn annotated_before(&self) -> Option<&'static str> {
        let has = |name: &&str| self.columns.headers().iter().any(|header| header == *name);
        ANNOTATION_COLUMNS.into_iter().find(|name| has(name))
    }

    /// The head of a list of annotated rows.
    #[must_use]
    pub fn annotated(&self) -> Vec<u8> {
        let (names, end) = self.split();
        if names.is_empty() {
            // An empty list has no head, and none is made up.
            return Vec::new();
        }
        let delimiter = self.form.rules().delimiter;
        let mut head = names.to_vec();
        for name in ANNOTATION_COLUMNS {
            head.push(delimiter);
            head.extend_from_slice(name.as_bytes());
        }
        head.extend_from_slice(end);
        head
    }

    /// The head of a list of rejected rows.
    #[must_use]
    pub fn rejected(&self) -> Vec<u8> {
        if self.line.is_empty() {
            return Vec::new();
        }
        let names = self.line.strip_prefix(BYTE_ORDER_MARK);
        let mut head = if names.is_some() {
            BYTE_ORDER_MARK.to_vec()
        } else {
            Vec::new()
        };
        for name in OUR_COLUMNS {
            head.extend_from_slice(name.as_bytes());
            head.push(self.form.rules().delimiter);
        }
        head.extend_from_slice(names.unwrap_or(&self.line));
        head
    }

    /// The line, and its end.
    fn split(&self) -> (&[u8], &[u8]) {
        split_line(&self.line)
    }
}

/// A line without its end, and the end.
#[inline]
pub(super) fn split_line(line: &[u8]) -> (&[u8], &[u8]) {
    let length = match line {
        [.., b'\r', b'\n'] => line.len() - 2,
        // A CR alone ends a row only where the list ends with it.
        [.., b'\n' | b'\r'] => line.len() - 1,
        _ => line.len(),
    };
    line.split_at_checked(length).unwrap_or((line, &[]))
}

/// The text of a field, doubled quotation marks undone.
pub(super) fn unquoted(bytes: &[u8], extent: Extent) -> Vec<u8> {
    let text = bytes.get(extent.start..extent.end).unwrap_or_default();
    let mut undone = Vec::with_capacity(text.len());
    let mut is_second = false;
    for byte in text {
        if extent.is_doubled && *byte == b'"' && !is_second {
            is_second = true;
            continue;
        }
        is_second = false;
        undone.push(*byte);
    }
    undone
}
