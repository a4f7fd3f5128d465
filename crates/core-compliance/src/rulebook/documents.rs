//! A whole rulebook out of its documents.

use std::sync::Arc;

use crate::civil::LocalDate;
use crate::document::{Document, DocumentError};
use crate::rule::RuleOrigin;

use super::parse::read;
use super::source::{Kept, RulebookSource};
use super::{Parts, Rulebook, RulebookError};

impl Rulebook {
    /// A rulebook of these documents, name and text of each, as docs/rulebook-format.md describes them. One of them has
    /// the table `[rulebook]` with version and review date.
    ///
    /// ```
    /// use core_compliance::Rulebook;
    ///
    /// let head = ("head.toml", "[rulebook]\nversion = \"1\"\nreviewed_on = 2026-11-23");
    /// let book = Rulebook::from_documents([head])?;
    /// assert_eq!(book.version(), "1");
    /// # Ok::<(), core_compliance::RulebookError>(())
    /// ```
    ///
    /// # Errors
    /// [`RulebookError`], with document, line and key where there is one.
    pub fn from_documents<'t>(
        documents: impl IntoIterator<Item = (&'t str, &'t str)>,
    ) -> Result<Self, RulebookError> {
        let mut head = None;
        let mut parts = Parts::default();
        let mut first = None;
        let mut source = RulebookSource::default();
        for (name, text) in documents {
            let document = Document { name, text };
            let found = read(&document, RuleOrigin::Rulebook, &["rulebook"])?;
            if let Some(id) = found.added_days.into_iter().map(|added| added.calendar).next() {
                return Err(DocumentError {
                    name: name.to_owned(),
                    line: 1,
                    key: "calendar.extends".to_owned(),
                    message: format!("`{id}` is extended in a rulebook; write its days where it is defined"),
                }
                .into());
            }
            source.rulebook.extend(found.documents);
            parts.rules.extend(found.parts.rules);
            parts.caps.extend(found.parts.caps);
            parts.calendars.extend(found.parts.calendars);
            parts.without_rules.extend(found.parts.without_rules);
            head = head.or(read_head(&document)?);
            first = first.or(Some(name));
        }
        let (version, reviewed_on) = head.ok_or_else(|| DocumentError {
            name: first.unwrap_or("rulebook.toml").to_owned(),
            line: 1,
            key: "rulebook".to_owned(),
            message: "no document has `[rulebook]` with version and reviewed_on".to_owned(),
        })?;
        let mut book = Self::of_parts(&version, reviewed_on, parts)?;
        book.source = Kept(Some(Arc::new(source)));
        Ok(book)
    }
}

fn read_head(document: &Document<'_>) -> Result<Option<(String, LocalDate)>, DocumentError> {
    let table = document.parse()?;
    let (mut version, mut reviewed_on) = (None, None);
    for (_, node) in document
        .nodes(table.get_ref(), "")
        .into_iter()
        .filter(|(name, _)| name == "rulebook")
    {
        for (name, value) in node.entries()? {
            match name.as_str() {
                "version" => version = Some(value.text()?),
                "reviewed_on" => reviewed_on = Some(value.date()?),
                _ => return Err(value.unknown("version, reviewed_on")),
            }
        }
    }
    Ok(version.zip(reviewed_on))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_names_the_document() {
        let error = |documents: &[(&str, &str)]| {
            Rulebook::from_documents(documents.iter().copied())
                .unwrap_err()
                .to_string()
        };
        assert!(error(&[]).contains("no document has `[rulebook]`"));
        let extending = "[[calendar]]\nextends = \"X\"\ndays = []";
        assert!(error(&[("a.toml", extending)]).starts_with("a.toml:1: "));
        assert!(error(&[("a.toml", ""), ("b.toml", "[rulebook]\nversion = 1")]).starts_with("b.toml:2"));
    }
}
