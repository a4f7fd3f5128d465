//! TOML with its places: every value knows file, line and key, so that an error can name them.
//!
//! Outside the semver promise: for the rulebook and for Curfew's own adapters.

use core::fmt;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::Jurisdiction;
use crate::civil::LocalDate;
use crate::gazetteer::Gazetteer;

/// Something wrong at a place in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentError {
    /// Which document.
    pub name: String,
    /// Where, from 1.
    pub line: usize,
    /// The dotted key, or nothing.
    pub key: String,
    /// What is wrong, and what to write.
    pub message: String,
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = if self.key.is_empty() {
            String::new()
        } else {
            format!("`{}`: ", self.key)
        };
        write!(f, "{}:{}: {key}{}", self.name, self.line, self.message)
    }
}

impl std::error::Error for DocumentError {}

/// One TOML document under its name.
#[derive(Debug)]
pub struct Document<'t> {
    /// How errors call it: a path.
    pub name: &'t str,
    /// What stands in it.
    pub text: &'t str,
}

/// A value, and where it stands.
#[derive(Clone, Debug)]
pub struct Node<'d, 't> {
    document: &'d Document<'t>,
    key: String,
    value: &'d Spanned<DeValue<'t>>,
}

impl<'t> Document<'t> {
    /// The top-level table.
    ///
    /// # Errors
    /// Where the text is not TOML.
    pub fn parse(&self) -> Result<Spanned<DeTable<'t>>, DocumentError> {
        DeTable::parse(self.text).map_err(|error| {
            let line = error.span().map_or(1, |span| self.line(&span));
            self.wrong(line, "", error.message())
        })
    }

    fn line(&self, span: &Range<usize>) -> usize {
        self.text
            .bytes()
            .take(span.start)
            .filter(|byte| *byte == b'\n')
            .count()
            + 1
    }

    fn wrong(&self, line: usize, key: &str, message: impl Into<String>) -> DocumentError {
        DocumentError {
            name: self.name.to_owned(),
            line,
            key: key.to_owned(),
            message: message.into(),
        }
    }

    /// The entries of a table, as nodes.
    #[must_use]
    pub fn nodes<'d>(&'d self, table: &'d DeTable<'t>, prefix: &str) -> Vec<(String, Node<'d, 't>)> {
        let entry = |(name, value): (&'d Spanned<_>, &'d Spanned<DeValue<'t>>)| {
            let name = AsRef::<std::borrow::Cow<'_, str>>::as_ref(name).to_string();
            let key = if prefix.is_empty() {
                name.clone()
            } else {
                format!("{prefix}.{name}")
            };
            (
                name,
                Node {
                    document: self,
                    key,
                    value,
                },
            )
        };
        table.iter().map(entry).collect()
    }
}

impl<'d, 't> Node<'d, 't> {
    /// The dotted key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The line, from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.document.line(&self.value.span())
    }

    /// The error that this value is wrong.
    #[must_use]
    pub fn wrong(&self, message: impl Into<String>) -> DocumentError {
        self.document.wrong(self.line(), &self.key, message)
    }

    /// The error that this key is not known, with those that are.
    #[must_use]
    pub fn unknown(&self, known: &str) -> DocumentError {
        self.wrong(format!("unknown key; known here: {known}"))
    }

    /// A text, number or boolean, as text.
    ///
    /// # Errors
    /// For lists and tables.
    pub fn scalar(&self) -> Result<String, DocumentError> {
        match self.value.get_ref() {
            DeValue::String(text) => Ok(text.to_string()),
            DeValue::Integer(number) => Ok(number.to_string()),
            DeValue::Float(number) => Ok(number.to_string()),
            DeValue::Boolean(value) => Ok(value.to_string()),
            DeValue::Datetime(moment) => Ok(moment.to_string()),
            DeValue::Array(_) | DeValue::Table(_) => Err(self.wrong("must be a text, a number or a boolean")),
        }
    }

    /// A text.
    ///
    /// # Errors
    /// For every other value.
    pub fn text(&self) -> Result<String, DocumentError> {
        match self.value.get_ref() {
            DeValue::String(text) => Ok(text.to_string()),
            _ => Err(self.wrong("must be a text in quotes")),
        }
    }

    /// A text that is read as `T`.
    ///
    /// # Errors
    /// What `T` finds wrong with it.
    pub fn parsed<T>(&self) -> Result<T, DocumentError>
    where
        T: core::str::FromStr,
        T::Err: core::fmt::Display,
    {
        self.text()?
            .parse()
            .map_err(|error: T::Err| self.wrong(error.to_string()))
    }

    /// A list; a single value counts as a list of one.
    #[must_use]
    pub fn list(&self) -> Vec<Self> {
        match self.value.get_ref() {
            DeValue::Array(values) => values
                .iter()
                .enumerate()
                .map(|(index, value)| Self {
                    key: format!("{}[{index}]", self.key),
                    value,
                    ..self.clone()
                })
                .collect(),
            _ => vec![self.clone()],
        }
    }

    /// The entries of a table.
    ///
    /// # Errors
    /// For every other value.
    pub fn entries(&self) -> Result<Vec<(String, Self)>, DocumentError> {
        match self.value.get_ref() {
            DeValue::Table(table) => Ok(self.document.nodes(table, &self.key)),
            _ => Err(self.wrong("must be a table")),
        }
    }

    /// Yes or no.
    ///
    /// # Errors
    /// For every other value.
    pub fn boolean(&self) -> Result<bool, DocumentError> {
        match self.value.get_ref() {
            DeValue::Boolean(value) => Ok(*value),
            _ => Err(self.wrong("must be `true` or `false`")),
        }
    }

    /// A whole number that fits `T`.
    ///
    /// # Errors
    /// For every other value.
    pub fn number<T: TryFrom<i64>>(&self) -> Result<T, DocumentError> {
        let number = match self.value.get_ref() {
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        number
            .and_then(|number| T::try_from(number).ok())
            .ok_or_else(|| self.wrong("must be a whole number in range"))
    }

    /// A date such as `2026-01-31`, in quotes or not.
    ///
    /// # Errors
    /// For every other value.
    pub fn date(&self) -> Result<LocalDate, DocumentError> {
        let text = self.scalar()?;
        let mut parts = text.split('-').map(str::parse::<i32>);
        let date = match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(Ok(year)), Some(Ok(month)), Some(Ok(day)), None) => u8::try_from(month)
                .ok()
                .zip(u8::try_from(day).ok())
                .and_then(|(month, day)| LocalDate::from_calendar(year, month, day)),
            _ => None,
        };
        date.ok_or_else(|| self.wrong(format!("`{text}` is not a date; write it as `2026-01-31`")))
    }

    /// Every value of a list, read as `T`.
    ///
    /// # Errors
    /// The first that cannot be read.
    pub fn parsed_list<T>(&self) -> Result<Vec<T>, DocumentError>
    where
        T: core::str::FromStr,
        T::Err: core::fmt::Display,
    {
        self.list().iter().map(Self::parsed).collect()
    }

    /// A jurisdiction that the tables know: one for `US-FLA` would otherwise govern nobody, in silence.
    ///
    /// # Errors
    /// For every other value.
    pub fn known_jurisdiction(&self) -> Result<Jurisdiction, DocumentError> {
        let read: Jurisdiction = self.parsed()?;
        if Gazetteer::standard().knows(&read) {
            return Ok(read);
        }
        Err(self.wrong(format!("`{read}` is not a known jurisdiction; write an ISO code")))
    }
}
