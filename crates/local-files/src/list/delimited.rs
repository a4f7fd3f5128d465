//! CSV and TSV: rows of a block, and what is written beside them.

use core_compliance::ports::{
    Annotation, BlockKind, BlockRows, ListLayout, RowField, RowFields, TakeRows, Value,
};

use super::ListForm;
use super::head::{ListHead, split_line, unquoted};
use super::marks::Marks;
use super::scan::{Extent, Rules, Scanned, scan};
use memchr::{memchr, memrchr};

/// How many fields a decision reads.
const READ: usize = RowField::ALL.len();
/// Of a field that the list has no column for.
const NO_COLUMN: usize = usize::MAX;
/// Rows are looked at in pieces of about so many bytes, whose marks stay in a processor's nearest cache.
const PIECE: usize = 1 << 13;

/// The layout of a list with named columns.
#[derive(Clone, Debug)]
pub struct DelimitedLayout {
    rules: Rules,
    columns: usize,
    /// For each field of [`RowField::ALL`] its column.
    fields: [usize; READ],
}

/// An annotation as text.
#[derive(Clone, Debug)]
pub struct DelimitedNote {
    /// With the line end that nearly all rows have.
    text: Vec<u8>,
    /// Where in it the time of day goes.
    time: usize,
}

impl DelimitedLayout {
    /// The layout that a list's head shows.
    #[must_use]
    pub fn of(form: ListForm, head: &ListHead) -> Self {
        let columns = head.columns();
        Self {
            rules: form.rules(),
            columns: columns.headers().len(),
            fields: RowField::ALL.map(|field| columns.index(field.into()).unwrap_or(NO_COLUMN)),
        }
    }

    /// The same with rows made otherwise.
    #[cfg(test)]
    pub(super) fn with_rules(self, rules: Rules) -> Self {
        Self { rules, ..self }
    }

    /// Hands over a row, or says why it is none.
    #[inline(always)]
    fn take<'b>(
        &self,
        (line, bytes): (u64, &'b [u8]),
        columns: usize,
        fields: &impl RowFields,
        to: &mut impl TakeRows<'b>,
    ) {
        if bytes.len() > self.rules.longest {
            to.bad(line, bytes, "row-too-long");
        } else if columns != self.columns {
            to.bad(line, bytes, "fields-count");
        } else {
            to.row(line, bytes, fields);
        }
    }

    /// Rows without a quotation mark: each is a line, and every delimiter ends a field.
    fn each_plain<'b>(&self, mut line: u64, bytes: &'b [u8], to: &mut impl TakeRows<'b>) -> usize {
        let mut blank = 0;
        let mut marks = Marks::default();
        let mut rest = bytes;
        while !rest.is_empty() {
            let (piece, after) = whole_lines(rest);
            let (mut fields, rows) = marks.find(piece, self.rules.delimiter);
            for end in rows {
                let columns = match fields.get(self.columns) {
                    Some(next) if next == end => self.columns,
                    _ => fields.partition_point(|start| start < end),
                };
                let start = fields.first().copied().unwrap_or_default();
                let row = piece.get(start..(*end).min(piece.len())).unwrap_or_default();
                let length = split_line(row).0.len();
                if length == 0 {
                    blank += row.len();
                } else {
                    let row_fields = PlainFields {
                        piece,
                        starts: fields.get(..=columns).unwrap_or_default(),
                        end: start + length,
                        columns: &self.fields,
                    };
                    self.take((line, row), columns, &row_fields, to);
                }
                line += 1;
                fields = fields.get(columns..).unwrap_or_default();
            }
            rest = after;
        }
        blank
    }

    fn each_quoted<'b>(&self, mut line: u64, bytes: &'b [u8], to: &mut impl TakeRows<'b>) -> usize {
        let mut blank = 0;
        let mut start = 0;
        let mut extents: Vec<Extent> = Vec::with_capacity(self.columns);
        let mut undone: [Vec<u8>; READ] = Default::default();
        while start < bytes.len() {
            extents.clear();
            let scanned = scan(bytes, start, self.rules, true, |extent| extents.push(extent));
            let (Scanned::Row(end) | Scanned::Bad(end, _)) = scanned else {
                // Nothing is open where nothing follows; what is left is counted as missing.
                return blank;
            };
            let row = bytes.get(start..end).unwrap_or_default();
            match scanned {
                Scanned::Bad(_, code) => to.bad(line, row, code),
                _ if split_line(row).0.is_empty() => blank += row.len(),
                _ => {
                    for (column, text) in self.fields.into_iter().zip(&mut undone) {
                        if let Some(extent) = extents.get(column).filter(|extent| extent.is_doubled) {
                            *text = unquoted(bytes, *extent);
                        }
                    }
                    let row_fields = QuotedFields {
                        bytes,
                        extents: &extents,
                        undone: &undone,
                        columns: &self.fields,
                    };
                    self.take((line, row), extents.len(), &row_fields, to);
                }
            }
            line += memchr::memchr_iter(b'\n', row).count() as u64;
            start = end;
        }
        blank
    }

    /// A value as a field, quoted where it must be.
    fn field(&self, value: &str, to: &mut Vec<u8>) {
        let is_special = |byte: u8| byte == self.rules.delimiter || matches!(byte, b'"' | b'\n' | b'\r');
        if value.bytes().any(is_special) {
            to.extend_from_slice(format!("\"{}\"", value.replace('"', "\"\"")).as_bytes());
        } else {
            to.extend_from_slice(value.as_bytes());
        }
    }
}

/// The fields of a row without a quotation mark.
struct PlainFields<'p> {
    piece: &'p [u8],
    /// Where each begins, and where the next row does.
    starts: &'p [usize],
    /// Where the row's text ends.
    end: usize,
    columns: &'p [usize; READ],
}

impl RowFields for PlainFields<'_> {
    #[inline(always)]
    fn get(&self, field: RowField) -> Value<'_> {
        let column = self.columns.get(field as usize).copied().unwrap_or(NO_COLUMN);
        match (self.starts.get(column), self.starts.get(column.wrapping_add(1))) {
            (Some(from), Some(next)) => {
                let to = (next - 1).min(self.end);
                Value::Text(self.piece.get(*from..to).unwrap_or_default())
            }
            _ => Value::Absent,
        }
    }
}

/// The fields of a row that may have quotation marks.
struct QuotedFields<'q> {
    bytes: &'q [u8],
    extents: &'q [Extent],
    /// Texts with doubled quotation marks undone, of the fields that have any.
    undone: &'q [Vec<u8>; READ],
    columns: &'q [usize; READ],
}

impl RowFields for QuotedFields<'_> {
    fn get(&self, field: RowField) -> Value<'_> {
        let column = self.columns.get(field as usize).copied().unwrap_or(NO_COLUMN);
        match self.extents.get(column) {
            None => Value::Absent,
            Some(extent) if extent.is_doubled => {
                Value::Text(self.undone.get(field as usize).map_or(&[], Vec::as_slice))
            }
            Some(extent) => Value::Text(self.bytes.get(extent.start..extent.end).unwrap_or_default()),
        }
    }
}

impl ListLayout for DelimitedLayout {
    type Note = DelimitedNote;

    fn each<'b>(&self, rows: BlockRows<'b>, to: &mut impl TakeRows<'b>) -> usize {
        match rows.kind {
            BlockKind::PlainRows => self.each_plain(rows.line, rows.bytes, to),
            _ => self.each_quoted(rows.line, rows.bytes, to),
        }
    }

    fn note(&self, annotation: &Annotation<'_>) -> DelimitedNote {
        let mut text = Vec::new();
        for value in [
            annotation.decision,
            annotation.reason,
            annotation.jurisdiction,
            annotation.zone,
        ] {
            text.push(self.rules.delimiter);
            self.field(value, &mut text);
        }
        text.push(self.rules.delimiter);
        let mut time = text.len();
        if !annotation.date.is_empty() {
            text.extend_from_slice(annotation.date.as_bytes());
            text.push(b'T');
            time = text.len();
            text.extend_from_slice(&[b' '; 8]);
        }
        text.extend_from_slice(annotation.offset.as_bytes());
        for value in [annotation.permitted_until, annotation.next_opening] {
            text.push(self.rules.delimiter);
            self.field(value, &mut text);
        }
        text.push(b'\n');
        DelimitedNote { text, time }
    }

    #[inline]
    fn annotate(&self, row: &[u8], note: &DelimitedNote, time: Option<[u8; 8]>, to: &mut Vec<u8>) {
        let (text, end) = split_line(row);
        to.extend_from_slice(text);
        let at = to.len() + note.time;
        to.extend_from_slice(&note.text);
        if let Some(time) = time
            && let Some(room) = to.get_mut(at..).and_then(|room| room.first_chunk_mut())
        {
            *room = time;
        }
        if end != b"\n" {
            to.pop();
            to.extend_from_slice(end);
        }
    }

    fn reject(&self, line: u64, code: &str, to: &mut Vec<u8>) {
        let delimiter = char::from(self.rules.delimiter);
        to.extend_from_slice(format!("{line}{delimiter}{code}{delimiter}").as_bytes());
    }
}

/// The first lines, a piece's worth of them or one longer one, and what follows.
fn whole_lines(bytes: &[u8]) -> (&[u8], &[u8]) {
    let (first, rest) = bytes.split_at_checked(PIECE).unwrap_or((bytes, &[]));
    let end = match (memrchr(b'\n', first), memchr(b'\n', rest)) {
        _ if rest.is_empty() => bytes.len(),
        (Some(last), _) => last + 1,
        (None, Some(next)) => first.len() + next + 1,
        (None, None) => bytes.len(),
    };
    bytes.split_at_checked(end).unwrap_or((bytes, &[]))
}
