//! NDJSON: one JSON object a line. What is written beside a row are further keys of its object.

use std::borrow::Cow;
use std::fmt;

use core_compliance::ports::{Annotation, BlockRows, ListLayout, RowField, RowFields, TakeRows, Value};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::LONGEST_ROW;
use super::head::ANNOTATION_COLUMNS;
use super::input::BYTE_ORDER_MARK;
use crate::columns::{ColumnMapping, Field};

/// The layout of a list of JSON objects.
#[derive(Clone, Debug)]
pub struct NdjsonLayout {
    mapping: ColumnMapping,
}

/// An annotation as text, in two parts between which the time of day goes.
#[derive(Clone, Debug)]
pub struct NdjsonNote {
    before: Vec<u8>,
    after: Vec<u8>,
}

impl NdjsonLayout {
    /// A list whose keys mean what this mapping says, or else what they are called.
    #[must_use]
    pub fn new(mapping: ColumnMapping) -> Self {
        Self { mapping }
    }

    fn take<'b>(&self, line: u64, row: &'b [u8], to: &mut impl TakeRows<'b>) {
        if row.len() > LONGEST_ROW {
            return to.bad(line, row, "row-too-long");
        }
        let text = row.strip_prefix(BYTE_ORDER_MARK).unwrap_or(row);
        let mut found = Found::default();
        let seed = RowSeed {
            mapping: &self.mapping,
            found: &mut found,
        };
        let mut json = serde_json::Deserializer::from_slice(text);
        if seed.deserialize(&mut json).and_then(|()| json.end()).is_err() {
            return to.bad(line, row, "json-unreadable");
        }
        if let Some(code) = found.wrong {
            return to.bad(line, row, code);
        }
        to.row(line, row, &found);
    }
}

impl ListLayout for NdjsonLayout {
    type Note = NdjsonNote;

    fn each<'b>(&self, rows: BlockRows<'b>, to: &mut impl TakeRows<'b>) -> usize {
        let mut blank = 0;
        for (line, row) in (rows.line..).zip(rows.bytes.split_inclusive(|byte| *byte == b'\n')) {
            if row.trim_ascii().is_empty() {
                blank += row.len();
            } else {
                self.take(line, row, to);
            }
        }
        blank
    }

    fn note(&self, annotation: &Annotation<'_>) -> NdjsonNote {
        let [decision, reason, jurisdiction, zone, local_time, until, opening] = ANNOTATION_COLUMNS;
        let mut before = String::new();
        for (name, value) in [
            (decision, annotation.decision),
            (reason, annotation.reason),
            (jurisdiction, annotation.jurisdiction),
            (zone, annotation.zone),
        ] {
            before.push_str(&format!("\"{name}\":{},", text_or_null(value)));
        }
        let (date, offset) = (annotation.date, annotation.offset);
        let (opens, closes) = match date.is_empty() {
            true => ("null".to_owned(), String::new()),
            false => (format!("\"{date}T"), format!("{offset}\"")),
        };
        before.push_str(&format!("\"{local_time}\":{opens}"));
        let after = [
            (until, annotation.permitted_until),
            (opening, annotation.next_opening),
        ]
        .map(|(name, value)| format!(",\"{name}\":{}", text_or_null(value)))
        .concat();
        NdjsonNote {
            before: before.into_bytes(),
            after: format!("{closes}{after}}}").into_bytes(),
        }
    }

    fn annotate(&self, row: &[u8], note: &NdjsonNote, time: Option<[u8; 8]>, to: &mut Vec<u8>) {
        let object = row.trim_ascii_end();
        let end = row.get(object.len()..).unwrap_or_default();
        // It was read as an object, so it ends with a brace.
        let open = object.strip_suffix(b"}").unwrap_or(object).trim_ascii_end();
        to.extend_from_slice(open);
        if !open.ends_with(b"{") {
            to.push(b',');
        }
        let time = time.as_ref().map_or(&[][..], |time| time);
        for part in [&note.before, time, &note.after] {
            to.extend_from_slice(part);
        }
        to.extend_from_slice(end);
    }

    fn reject(&self, line: u64, code: &str, to: &mut Vec<u8>) {
        to.extend_from_slice(format!("{line}\t{code}\t").as_bytes());
    }
}

fn text_or_null(value: &str) -> String {
    if value.is_empty() {
        return "null".to_owned();
    }
    serde_json::Value::from(value).to_string()
}

/// What was found in a row.
#[derive(Default)]
struct Found<'de> {
    values: Vec<(Field, Parsed<'de>)>,
    wrong: Option<&'static str>,
}

impl RowFields for Found<'_> {
    fn get(&self, field: RowField) -> Value<'_> {
        let field = Field::from(field);
        let known = self.values.iter().find(|(known, _)| *known == field);
        known.map_or(Value::Absent, |(_, value)| match value {
            Parsed::Text(text) => Value::Text(text.as_bytes()),
            // A number that is said to be none is a blank one.
            Parsed::Null if field == Field::Phone => Value::Text(&[]),
            Parsed::Null => Value::Absent,
            Parsed::Other => Value::NotText,
        })
    }
}

/// A value as far as it matters.
enum Parsed<'de> {
    Text(Cow<'de, str>),
    Null,
    Other,
}

struct RowSeed<'m, 'f, 'de> {
    mapping: &'m ColumnMapping,
    found: &'f mut Found<'de>,
}

impl<'de> DeserializeSeed<'de> for RowSeed<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for RowSeed<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(ValueSeed)? {
            let key = match &key {
                Parsed::Text(key) => key.as_ref(),
                Parsed::Null | Parsed::Other => "",
            };
            if ANNOTATION_COLUMNS.contains(&key) {
                self.found.wrong = Some("annotated-before");
            }
            let Some(field) = self.mapping.field_of(key) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let value = map.next_value_seed(ValueSeed)?;
            let known = self.found.values.iter_mut().find(|(known, _)| *known == field);
            match (known, value) {
                (Some(_), Parsed::Null) => {}
                (Some((_, held @ Parsed::Null)), value) => *held = value,
                (Some(_), _) => self.found.wrong = Some("columns-ambiguous"),
                (None, value) => self.found.values.push((field, value)),
            }
        }
        Ok(())
    }
}

struct ValueSeed;

impl<'de> DeserializeSeed<'de> for ValueSeed {
    type Value = Parsed<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Parsed<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueSeed {
    type Value = Parsed<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Parsed<'de>, E> {
        Ok(Parsed::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Parsed<'de>, E> {
        Ok(Parsed::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Parsed<'de>, E> {
        Ok(Parsed::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Parsed<'de>, E> {
        Ok(Parsed::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Parsed<'de>, E> {
        Ok(Parsed::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Parsed<'de>, E> {
        Ok(Parsed::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Parsed<'de>, E> {
        Ok(Parsed::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Parsed<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Parsed::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Parsed<'de>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Parsed::Other)
    }
}
