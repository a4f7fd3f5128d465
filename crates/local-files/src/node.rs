//! TOML with its places: every value knows file, line and key, so that an error can name them.

use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::FileError;

/// One TOML document under its path.
pub(crate) struct Document<'t> {
    pub(crate) path: &'t Path,
    pub(crate) text: &'t str,
}

/// A value, and where it stands.
#[derive(Clone)]
pub(crate) struct Node<'d, 't> {
    document: &'d Document<'t>,
    key: String,
    value: &'d Spanned<DeValue<'t>>,
}

impl<'t> Document<'t> {
    pub(crate) fn parse(&self) -> Result<Spanned<DeTable<'t>>, FileError> {
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

    fn wrong(&self, line: usize, key: &str, message: impl Into<String>) -> FileError {
        FileError::Content {
            path: self.path.display().to_string(),
            line,
            key: if key.is_empty() {
                String::new()
            } else {
                format!("`{key}`: ")
            },
            message: message.into(),
        }
    }

    /// The entries of a table, as nodes.
    pub(crate) fn nodes<'d>(&'d self, table: &'d DeTable<'t>, prefix: &str) -> Vec<(String, Node<'d, 't>)> {
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
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    pub(crate) fn line(&self) -> usize {
        self.document.line(&self.value.span())
    }

    /// The error that this value is wrong.
    pub(crate) fn wrong(&self, message: impl Into<String>) -> FileError {
        self.document.wrong(self.line(), &self.key, message)
    }

    /// The error that this key is not known, with those that are.
    pub(crate) fn unknown(&self, known: &str) -> FileError {
        self.wrong(format!("unknown key; known here: {known}"))
    }

    /// A text, number or boolean, as text.
    pub(crate) fn scalar(&self) -> Result<String, FileError> {
        match self.value.get_ref() {
            DeValue::String(text) => Ok(text.to_string()),
            DeValue::Integer(number) => Ok(number.to_string()),
            DeValue::Float(number) => Ok(number.to_string()),
            DeValue::Boolean(value) => Ok(value.to_string()),
            DeValue::Datetime(moment) => Ok(moment.to_string()),
            DeValue::Array(_) | DeValue::Table(_) => Err(self.wrong("must be a text, a number or a boolean")),
        }
    }

    pub(crate) fn text(&self) -> Result<String, FileError> {
        match self.value.get_ref() {
            DeValue::String(text) => Ok(text.to_string()),
            _ => Err(self.wrong("must be a text in quotes")),
        }
    }

    /// A text that is read as `T`.
    pub(crate) fn parsed<T>(&self) -> Result<T, FileError>
    where
        T: core::str::FromStr,
        T::Err: core::fmt::Display,
    {
        self.text()?
            .parse()
            .map_err(|error: T::Err| self.wrong(error.to_string()))
    }

    /// A list; a single value counts as a list of one.
    pub(crate) fn list(&self) -> Vec<Self> {
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
    pub(crate) fn entries(&self) -> Result<Vec<(String, Self)>, FileError> {
        match self.value.get_ref() {
            DeValue::Table(table) => Ok(self.document.nodes(table, &self.key)),
            _ => Err(self.wrong("must be a table")),
        }
    }
}
