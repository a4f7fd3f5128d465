//! Contacts from lines of JSON: records in the tenant's form, or flat objects whose keys are as columns are.

use std::borrow::Cow;
use std::io::BufRead;
use std::sync::Arc;

use core_compliance::ports::{ContactRecord, Reading};
use serde_json::{Map, Value};

use super::examine::{Examiner, Said};
use super::lines::{LONGEST, Line, ends_of_lines, read_line, without_end};
use super::values::Spoilt;
use super::{ListOptions, ListRow, OUR_COLUMNS, io_error};
use crate::{ColumnMapping, Columns, ColumnsError, Field, FileError};

/// The key under which a line that is no JSON is kept among rejected rows.
pub(super) const TEXT: &str = "curfew_text";

/// The rows of a list with one JSON object a line.
pub(super) struct NdjsonRows<R> {
    input: R,
    examiner: Examiner,
    list: String,
    mapping: ColumnMapping,
    line: u64,
    /// The keys of the last flat object, and what they were recognised as: most lines have the same.
    known: Option<(Vec<String>, Arc<Columns>)>,
}

impl<R: BufRead> NdjsonRows<R> {
    pub(super) fn new(input: R, list: &str, options: &ListOptions) -> Self {
        Self {
            input,
            examiner: Examiner::new(list, options.country),
            list: list.to_owned(),
            mapping: options.columns.clone(),
            line: 1,
            known: None,
        }
    }

    /// The attributes that a field of a flat object can become.
    pub(super) fn attributes(&self, field: Field) -> Vec<String> {
        if self.mapping.reads_none(field) {
            return Vec::new();
        }
        let mapped = self.mapping.iter().find(|(each, _)| *each == field);
        match (mapped, field) {
            (Some((_, header)), Field::At) => vec![header.to_owned()],
            _ => attribute_names(field)
                .iter()
                .map(|name| (*name).to_owned())
                .collect(),
        }
    }

    /// The next row; blank lines are none.
    pub(super) fn next(&mut self) -> Result<Option<ListRow>, FileError> {
        let mut bytes = Vec::new();
        loop {
            bytes.clear();
            let found =
                read_line(&mut self.input, &mut bytes).map_err(|error| io_error(&self.list, error))?;
            let line = self.line;
            let reading = match found {
                Line::End => return Ok(None),
                Line::TooLong => {
                    self.line += 1;
                    let reason = format!("the line is longer than {LONGEST} bytes and is no contact");
                    self.examiner
                        .spoilt(line, "", Spoilt::new("row-too-long", reason))
                }
                Line::Whole => {
                    self.line += ends_of_lines(&bytes);
                    if bytes.trim_ascii().is_empty() {
                        continue;
                    }
                    self.read(line, &bytes)
                }
            };
            return Ok(Some(ListRow {
                reading,
                line,
                bytes: without_end(&bytes).to_vec(),
            }));
        }
    }

    fn read(&mut self, line: u64, bytes: &[u8]) -> Reading {
        let Ok(text) = std::str::from_utf8(bytes) else {
            let reason = "the line is not UTF-8 (Latin-1, Windows-1252?); save the list as UTF-8";
            return self
                .examiner
                .spoilt(line, "", Spoilt::new("row-not-utf8", reason));
        };
        let mut read = parse(text);
        // A line that was rejected as no JSON comes back as a text, mended or not.
        if let Ok(Value::Object(fields)) = &read
            && let Some(Value::String(text)) = fields.get(TEXT)
        {
            read = parse(text);
        }
        match read {
            Ok(Value::Object(mut fields)) => {
                fields.retain(|key, _| !OUR_COLUMNS.contains(&key.as_str()));
                if fields.contains_key("attributes") {
                    self.tenants_form(line, fields)
                } else {
                    self.flat(line, fields)
                }
            }
            Ok(other) => match ContactRecord::from_json(other) {
                Ok(record) => Reading::Contact(record),
                Err(error) => self.examiner.unreadable(line, error.to_string()),
            },
            Err(error) => self
                .examiner
                .spoilt(line, "", Spoilt::new("json-unreadable", error)),
        }
    }

    /// A record as the tenant lists it is kept as it is, its number aside.
    fn tenants_form(&mut self, line: u64, mut fields: Map<String, Value>) -> Reading {
        let of = |fields: &Map<String, Value>, field: Field| {
            let attributes = fields.get("attributes").and_then(Value::as_object);
            let found = attribute_names(field)
                .iter()
                .find_map(|name| attributes?.get(*name)?.as_str());
            found.unwrap_or_default().to_owned()
        };
        let text = |key: &str| fields.get(key).and_then(Value::as_str).unwrap_or_default();
        let (country, region) = (of(&fields, Field::Country), of(&fields, Field::Region));
        let postal_code = of(&fields, Field::PostalCode);
        let said = Said {
            external_id: text("externalId"),
            phone: text("phone"),
            country: &country,
            region: &region,
            postal_code: &postal_code,
        };
        match self.examiner.examine(line, &said) {
            Ok(phone) => {
                // What is no text is left for the use case to reject.
                if let Some(Value::String(written)) = fields.get_mut("phone") {
                    *written = phone;
                }
                self.record(line, fields)
            }
            Err(reading) => reading,
        }
    }

    /// A flat object: the keys that are recognised are put where the tenant's form has them, the others become
    /// attributes.
    fn flat(&mut self, line: u64, fields: Map<String, Value>) -> Reading {
        let columns = match self.recognise(&fields) {
            Ok(columns) => columns,
            Err(error) => {
                let reason = error.to_string();
                return self
                    .examiner
                    .spoilt(line, "", Spoilt::new("keys-ambiguous", reason));
            }
        };
        let text = |field| -> Cow<'_, str> {
            let value = columns.index(field).and_then(|index| fields.values().nth(index));
            match value {
                Some(Value::String(text)) => Cow::Borrowed(text.trim()),
                // Databases export ids and numbers as numbers; their digits are the text.
                Some(Value::Number(number)) => Cow::Owned(number.to_string()),
                _ => Cow::Borrowed(""),
            }
        };
        let (external_id, phone) = (text(Field::ExternalId), text(Field::Phone));
        let (country, region) = (text(Field::Country), text(Field::Region));
        let postal_code = text(Field::PostalCode);
        let said = Said {
            external_id: &external_id,
            phone: &phone,
            country: &country,
            region: &region,
            postal_code: &postal_code,
        };
        let phone = match self.examiner.examine(line, &said) {
            Ok(phone) => phone,
            Err(reading) => return reading,
        };
        let external_id = external_id.into_owned();
        let mut attributes = Map::new();
        for (index, (key, value)) in fields.into_iter().enumerate() {
            let Some(names) = self.names_for(&columns, index, &key) else {
                continue;
            };
            for name in names {
                if attributes.insert(name.clone(), value.clone()).is_some() {
                    let reason =
                        format!("both `{key}` and another key would become `attributes.{name}`; drop one");
                    let spoilt = Spoilt::new("keys-ambiguous", reason);
                    return self.examiner.spoilt(line, &external_id, spoilt);
                }
            }
        }
        let mut contact = Map::new();
        contact.insert("externalId".to_owned(), Value::String(external_id));
        contact.insert("phone".to_owned(), Value::String(phone));
        contact.insert("attributes".to_owned(), Value::Object(attributes));
        self.record(line, contact)
    }

    fn record(&self, line: u64, fields: Map<String, Value>) -> Reading {
        match ContactRecord::from_json(Value::Object(fields)) {
            Ok(record) => Reading::Contact(record),
            Err(error) => self.examiner.unreadable(line, error.to_string()),
        }
    }

    fn recognise(&mut self, fields: &Map<String, Value>) -> Result<Arc<Columns>, ColumnsError> {
        if let Some((keys, columns)) = &self.known
            && keys.iter().eq(fields.keys())
        {
            return Ok(Arc::clone(columns));
        }
        let keys: Vec<String> = fields.keys().cloned().collect();
        let columns = Arc::new(Columns::among(&keys, &self.mapping)?);
        self.known = Some((keys, Arc::clone(&columns)));
        Ok(columns)
    }

    /// The attributes that a key becomes; `None`: none, since it is id or number and nothing else. Evidence is found by its
    /// name: a key that is recognised in another spelling gets the usual one, and each where it is recognised as two.
    fn names_for(&self, columns: &Columns, index: usize, key: &str) -> Option<Vec<String>> {
        let fields = Field::ALL
            .into_iter()
            .filter(|field| columns.index(*field) == Some(index));
        let (keys, evidence): (Vec<Field>, Vec<Field>) =
            fields.partition(|field| matches!(field, Field::ExternalId | Field::Phone));
        if evidence.is_empty() {
            return keys.is_empty().then(|| vec![key.to_owned()]);
        }
        let name = |field| {
            let names = self.attributes(field);
            let first = names.first().cloned();
            let usual = names.into_iter().find(|name| name == key);
            usual.or(first).unwrap_or_else(|| key.to_owned())
        };
        Some(evidence.into_iter().map(name).collect())
    }
}

/// The attributes in which contacts of the tenant's form have a field.
fn attribute_names(field: Field) -> &'static [&'static str] {
    match field {
        Field::Region => &["region", "state"],
        Field::Zone => &["zone", "time_zone", "timezone", "timeZone"],
        Field::Country => &["country"],
        Field::PostalCode => &["postal_code", "postalCode", "zip"],
        _ => &[],
    }
}

/// serde_json counts lines within the text it was given, which is always one line here; and it quotes nothing of it.
fn parse(text: &str) -> Result<Value, String> {
    serde_json::from_str(text.trim_end()).map_err(|error| {
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or_default();
        format!(
            "the line is no JSON: {message} at column {}; write one object a line",
            error.column()
        )
    })
}

#[cfg(test)]
mod tests;
