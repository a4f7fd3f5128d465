//! Contacts from rows with separators: CSV and TSV.

use std::collections::{HashMap, HashSet};
use std::io::BufRead;

use core_compliance::ports::{Attributes, ContactRecord, Reading};
use serde_json::Value;

use super::examine::{Examiner, Said};
use super::lines::LONGEST;
use super::records::{Content, Fields, Record, Records};
use super::values::Spoilt;
use super::{ListFormat, ListOptions, ListRow, OUR_COLUMNS, content_error, io_error};
use crate::{ColumnMapping, Columns, Field, FileError};

/// The rows of a list whose first line names the columns.
pub(super) struct CsvRows<R> {
    records: Records<R>,
    examiner: Examiner,
    list: String,
    columns: Columns,
    /// For each column the attribute that its values become; `None`: they are no attribute.
    attributes: Vec<Option<String>>,
    header: Vec<u8>,
    delimiter: u8,
}

impl<R: BufRead> CsvRows<R> {
    /// Reads the first line.
    pub(super) fn new(
        input: R,
        list: &str,
        format: ListFormat,
        options: &ListOptions,
    ) -> Result<Self, FileError> {
        let candidates: &[u8] = if format == ListFormat::Tsv { b"\t" } else { b",;\t" };
        let first = candidates.first().copied().unwrap_or(b',');
        let mut records = Records::new(input, first, 1);
        let header = records.next().map_err(|error| io_error(list, error))?;
        let header = header.ok_or_else(|| {
            content_error(list, 1, "the list is empty; its first line must name the columns")
        })?;
        let (columns, delimiter) = header_of(&header, list, candidates, &options.columns)?;
        records.separate_by(delimiter);
        let attributes = attribute_names(&columns);
        Ok(Self {
            records,
            examiner: Examiner::new(list, options.country),
            list: list.to_owned(),
            columns,
            attributes,
            header: header.bytes,
            delimiter,
        })
    }

    pub(super) fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The attribute that holds a field of every contact.
    pub(super) fn attribute(&self, field: Field) -> Option<&str> {
        self.attributes.get(self.columns.index(field)?)?.as_deref()
    }

    pub(super) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// The first line as it is written.
    pub(super) fn header(&self) -> &[u8] {
        &self.header
    }

    /// The next row.
    pub(super) fn next(&mut self) -> Result<Option<ListRow>, FileError> {
        let record = self.records.next().map_err(|error| io_error(&self.list, error))?;
        Ok(record.map(|record| ListRow {
            reading: self.read(&record),
            line: record.line,
            bytes: record.bytes,
        }))
    }

    fn read(&mut self, record: &Record) -> Reading {
        let spoilt = |code, reason: String| self.examiner.spoilt(record.line, "", Spoilt::new(code, reason));
        let fields = match &record.content {
            Content::Fields(fields) => fields,
            Content::NotUtf8 => {
                let reason = "the row is not UTF-8 (Latin-1, Windows-1252?); save the list as UTF-8";
                return spoilt("row-not-utf8", reason.to_owned());
            }
            Content::Unclosed => {
                let reason =
                    "a quote is opened and never closed; close it, or double it where it belongs to the text";
                return spoilt("row-unclosed-quote", reason.to_owned());
            }
            Content::TooLong => {
                return spoilt(
                    "row-too-long",
                    format!("the line is longer than {LONGEST} bytes and is no contact"),
                );
            }
        };
        let expected = self.columns.headers().len();
        if fields.len() != expected {
            let reason = format!(
                "the row has {} fields where the first line has {expected}; put quotes around fields that hold the separator",
                fields.len()
            );
            return spoilt("row-ragged", reason);
        }
        self.contact(record.line, fields)
    }

    fn contact(&mut self, line: u64, fields: &Fields) -> Reading {
        let field = |field| {
            let index = self.columns.index(field);
            index.and_then(|index| fields.get(index)).unwrap_or_default()
        };
        let said = Said {
            external_id: field(Field::ExternalId).trim(),
            phone: field(Field::Phone),
            country: field(Field::Country),
            region: field(Field::Region),
            postal_code: field(Field::PostalCode),
        };
        let phone = match self.examiner.examine(line, &said) {
            Ok(phone) => phone,
            Err(reading) => return reading,
        };
        let named = self.attributes.iter().zip(fields.iter());
        let attributes: Attributes = named
            .filter_map(|(name, value)| Some((name.clone()?, Value::from(value))))
            .collect();
        let mut contact = serde_json::Map::new();
        contact.insert("externalId".to_owned(), Value::from(said.external_id));
        contact.insert("phone".to_owned(), Value::from(phone));
        contact.insert("attributes".to_owned(), Value::Object(attributes));
        match ContactRecord::from_json(Value::Object(contact)) {
            Ok(record) => Reading::Contact(record),
            Err(error) => self.examiner.unreadable(line, error.to_string()),
        }
    }
}

/// What the first line says, and the separator by which it says it.
fn header_of(
    header: &Record,
    list: &str,
    candidates: &[u8],
    mapping: &ColumnMapping,
) -> Result<(Columns, u8), FileError> {
    let wrong = |message: &str| content_error(list, header.line, message);
    match header.content {
        Content::Fields(_) => {}
        Content::NotUtf8 => {
            return Err(wrong(
                "the first line is not UTF-8 (Latin-1, Windows-1252?); save the list as UTF-8",
            ));
        }
        Content::Unclosed => return Err(wrong("a quote in the first line is never closed")),
        Content::TooLong => return Err(wrong("the first line is too long to name columns")),
    }
    // The separator by which the fields that are needed are found, or else the one that makes the most columns.
    let mut best: Option<(usize, crate::ColumnsError)> = None;
    for delimiter in candidates {
        let mut again = Records::new(header.bytes.as_slice(), *delimiter, 1);
        let Ok(Some(Record {
            content: Content::Fields(fields),
            ..
        })) = again.next()
        else {
            continue;
        };
        let names: Vec<&str> = fields.iter().collect();
        let found = Columns::recognise(&names, mapping).and_then(|columns| {
            columns.need(Field::ExternalId)?;
            columns.need(Field::Phone)?;
            Ok(columns)
        });
        match found {
            Ok(columns) => return Ok((columns, *delimiter)),
            Err(error) if best.as_ref().is_none_or(|(count, _)| names.len() > *count) => {
                best = Some((names.len(), error));
            }
            Err(_) => {}
        }
    }
    let message = best.map_or_else(
        || "the first line names no columns".to_owned(),
        |(_, error)| error.to_string(),
    );
    Err(wrong(&message))
}

/// The attribute for each column: its header, told apart where two are the same.
fn attribute_names(columns: &Columns) -> Vec<Option<String>> {
    // A column that is a key and evidence as well must be found as evidence.
    let is_key = |index| {
        let mut fields = Field::ALL
            .into_iter()
            .filter(|field| columns.index(*field) == Some(index));
        let is_key = |field: Field| matches!(field, Field::ExternalId | Field::Phone);
        fields.next().is_some_and(is_key) && fields.all(is_key)
    };
    let mut taken: HashSet<String> = HashSet::new();
    let mut again: HashMap<String, u32> = HashMap::new();
    let mut attribute = |(index, header): (usize, &String)| {
        if is_key(index) || OUR_COLUMNS.contains(&header.as_str()) {
            return None;
        }
        let base = if header.is_empty() {
            format!("column_{}", index + 1)
        } else {
            header.clone()
        };
        let mut name = base.clone();
        while !taken.insert(name.clone()) {
            let number = again.entry(base.clone()).or_insert(1);
            *number += 1;
            name = format!("{base}_{number}");
        }
        Some(name)
    };
    columns.headers().iter().enumerate().map(&mut attribute).collect()
}

#[cfg(test)]
mod tests;
