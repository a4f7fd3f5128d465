//! CSV and TSV: rows of a block, and what is written beside them.

use core_compliance::ports::{
    Annotation, BlockKind, ListBlock, ListFields, ListItem, ListLayout, ListRow, Value,
};

use super::ListForm;
use super::head::{ListHead, split_line, unquoted};
use super::marks::Marks;
use super::scan::{Extent, Rules, Scanned, scan};
use crate::columns::Field;

/// The fields that a decision reads.
const READ: [Field; 6] = [
    Field::Phone,
    Field::Region,
    Field::Zone,
    Field::Country,
    Field::PostalCode,
    Field::At,
];
/// Of a column that is not read.
const UNREAD: usize = usize::MAX;

/// The layout of a list with named columns.
#[derive(Clone, Debug)]
pub struct DelimitedLayout {
    rules: Rules,
    /// For each column its place among the columns that are read.
    places: Vec<usize>,
    /// For each field the place of its column.
    fields: [usize; READ.len()],
}

/// An annotation as text, in two parts between which the time of day goes.
#[derive(Clone, Debug)]
pub struct DelimitedNote {
    before: Vec<u8>,
    after: Vec<u8>,
}

/// The columns that are read, as they stand in one row.
type Extents = [Extent; READ.len()];

const NOTHING: Extent = Extent {
    start: 0,
    end: 0,
    is_quoted: false,
};

impl DelimitedLayout {
    /// The layout that a list's head shows.
    #[must_use]
    pub fn of(form: ListForm, head: &ListHead) -> Self {
        let columns = head.columns();
        let mut places = vec![UNREAD; columns.headers().len()];
        let mut fields = [UNREAD; READ.len()];
        let mut next = 0;
        for (field, place) in READ.into_iter().zip(&mut fields) {
            let Some(column) = columns.index(field).and_then(|index| places.get_mut(index)) else {
                continue;
            };
            if *column == UNREAD {
                *column = next;
                next += 1;
            }
            *place = *column;
        }
        Self {
            rules: form.rules(),
            places,
            fields,
        }
    }

    /// The same with rows made otherwise.
    #[cfg(test)]
    pub(super) fn with_rules(self, rules: Rules) -> Self {
        Self { rules, ..self }
    }

    /// Hands over one row.
    fn hand_over(
        &self,
        line: u64,
        row: &[u8],
        extents: &Extents,
        count: usize,
        take: &mut impl FnMut(&ListItem<'_>),
    ) {
        if count != self.places.len() {
            return take(&ListItem::Bad {
                line,
                bytes: row,
                code: "fields-count",
            });
        }
        if !extents.iter().any(|extent| extent.is_quoted) {
            let value = |place: usize| match extents.get(place) {
                Some(extent) => Value::Text(row.get(extent.start..extent.end).unwrap_or_default()),
                None => Value::Absent,
            };
            return take(&self.row(line, row, value));
        }
        let mut undone: [Vec<u8>; READ.len()] = Default::default();
        for (extent, text) in extents.iter().zip(&mut undone) {
            if extent.is_quoted {
                *text = unquoted(row, *extent);
            }
        }
        let value = |place: usize| match (extents.get(place), undone.get(place)) {
            (Some(extent), Some(text)) if extent.is_quoted => Value::Text(text),
            (Some(extent), _) => Value::Text(row.get(extent.start..extent.end).unwrap_or_default()),
            (None, _) => Value::Absent,
        };
        take(&self.row(line, row, value));
    }

    /// A row of these values.
    fn row<'b>(&self, line: u64, bytes: &'b [u8], value: impl Fn(usize) -> Value<'b>) -> ListItem<'b> {
        let [phone, region, zone, country, postal_code, at] = self.fields;
        ListItem::Row(ListRow {
            line,
            bytes,
            fields: ListFields {
                phone: value(phone),
                region: value(region),
                zone: value(zone),
                country: value(country),
                postal_code: value(postal_code),
                at: value(at),
            },
        })
    }

    /// Rows without a quotation mark: each is a line, and every delimiter ends a field.
    fn each_plain(&self, mut line: u64, bytes: &[u8], take: &mut impl FnMut(&ListItem<'_>)) -> usize {
        let mut blank = 0;
        let (mut row_start, mut field_start, mut count) = (0, 0, 0);
        let mut extents: Extents = [NOTHING; READ.len()];
        let unended = (!bytes.ends_with(b"\n")).then_some(bytes.len());
        for at in Marks::new(bytes, self.rules.delimiter).chain(unended) {
            let is_end = bytes.get(at) != Some(&self.rules.delimiter);
            let place = self.places.get(count).copied().unwrap_or(UNREAD);
            if let Some(extent) = extents.get_mut(place) {
                *extent = Extent {
                    start: field_start - row_start,
                    end: at - row_start,
                    is_quoted: false,
                };
            }
            count += 1;
            field_start = at + 1;
            if !is_end {
                continue;
            }
            let end = (at + 1).min(bytes.len());
            let row = bytes.get(row_start..end).unwrap_or_default();
            let text = split_line(row).0.len();
            if let Some(extent) = extents.get_mut(place) {
                extent.end = extent.end.min(text);
            }
            if text == 0 {
                blank += row.len();
            } else if row.len() > self.rules.longest {
                take(&ListItem::Bad {
                    line,
                    bytes: row,
                    code: "row-too-long",
                });
            } else {
                self.hand_over(line, row, &extents, count, take);
            }
            line += 1;
            (row_start, field_start, count) = (end, end, 0);
        }
        blank
    }

    fn each_quoted(&self, mut line: u64, bytes: &[u8], take: &mut impl FnMut(&ListItem<'_>)) -> usize {
        let mut blank = 0;
        let mut start = 0;
        while start < bytes.len() {
            let mut extents: Extents = [NOTHING; READ.len()];
            let mut count = 0;
            let scanned = scan(bytes, start, self.rules, true, |extent| {
                let place = self.places.get(count).copied().unwrap_or(UNREAD);
                if let Some(kept) = extents.get_mut(place) {
                    *kept = Extent {
                        start: extent.start - start,
                        end: extent.end - start,
                        ..extent
                    };
                }
                count += 1;
            });
            let (Scanned::Row(end) | Scanned::Bad(end, _)) = scanned else {
                // Nothing is open where nothing follows; what is left is counted as missing.
                return blank;
            };
            let row = bytes.get(start..end).unwrap_or_default();
            match scanned {
                Scanned::Bad(_, code) => take(&ListItem::Bad {
                    line,
                    bytes: row,
                    code,
                }),
                _ if split_line(row).0.is_empty() => blank += row.len(),
                _ => self.hand_over(line, row, &extents, count, take),
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

impl ListLayout for DelimitedLayout {
    type Note = DelimitedNote;

    fn each(&self, block: &ListBlock, take: &mut impl FnMut(&ListItem<'_>)) -> usize {
        match block.kind {
            BlockKind::PlainRows => self.each_plain(block.line, block.rows(), take),
            _ => self.each_quoted(block.line, block.rows(), take),
        }
    }

    fn note(&self, annotation: &Annotation<'_>) -> DelimitedNote {
        let mut before = Vec::new();
        for value in [
            annotation.decision,
            annotation.reason,
            annotation.jurisdiction,
            annotation.zone,
        ] {
            before.push(self.rules.delimiter);
            self.field(value, &mut before);
        }
        before.push(self.rules.delimiter);
        if !annotation.date.is_empty() {
            before.extend_from_slice(annotation.date.as_bytes());
            before.push(b'T');
        }
        let mut after = annotation.offset.as_bytes().to_vec();
        for value in [annotation.permitted_until, annotation.next_opening] {
            after.push(self.rules.delimiter);
            self.field(value, &mut after);
        }
        DelimitedNote { before, after }
    }

    fn annotate(&self, row: &[u8], note: &DelimitedNote, time: &[u8], to: &mut Vec<u8>) {
        let (text, end) = split_line(row);
        for part in [text, &note.before, time, &note.after, end] {
            to.extend_from_slice(part);
        }
    }

    fn reject(&self, line: u64, code: &str, to: &mut Vec<u8>) {
        let delimiter = char::from(self.rules.delimiter);
        to.extend_from_slice(format!("{line}{delimiter}{code}{delimiter}").as_bytes());
    }
}
