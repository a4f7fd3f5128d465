//! The documents that a rulebook was read from, kept so that it can be archived and read again, years later.

use std::sync::Arc;

use crate::document::{Document, DocumentError};
use crate::rule::RuleOrigin;

use super::parse::{Overlay, read};
use super::{Rulebook, RulebookError};

/// A document: how errors call it, and what stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SourceDocument {
    /// How errors call it: a path.
    pub name: String,
    /// What stands in it.
    pub text: String,
}

/// All documents of a rulebook.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RulebookSource {
    /// Those of the rulebook itself.
    pub rulebook: Vec<SourceDocument>,
    /// Those of each overlay, in the order in which they were laid over it. They may hold other tables too.
    pub overlays: Vec<Vec<SourceDocument>>,
}

/// Documents that came with something. They are no part of what it is: equal rules are equal, whatever files they
/// came from.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept<T>(pub(super) Option<Arc<T>>);

impl<T> PartialEq for Kept<T> {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl<T> Eq for Kept<T> {}

impl Rulebook {
    /// What the rulebook was read from; `None` if a part of it was made in code.
    #[must_use]
    pub fn source(&self) -> Option<&RulebookSource> {
        self.source.0.as_deref()
    }

    /// Reads a rulebook again from what it was once read from.
    ///
    /// # Errors
    /// As [`Rulebook::from_documents`] and [`Rulebook::with_overlay`].
    pub fn from_source(source: &RulebookSource) -> Result<Self, RulebookError> {
        let documents = source.rulebook.iter();
        let mut book =
            Self::from_documents(documents.map(|document| (document.name.as_str(), document.text.as_str())))?;
        for documents in &source.overlays {
            let mut overlay = Overlay::default();
            for document in documents {
                overlay.merge(read_among_others(document)?);
            }
            book = book.with_overlay(overlay)?;
        }
        Ok(book)
    }
}

/// The overlay in a document that may be a settings file.
fn read_among_others(document: &SourceDocument) -> Result<Overlay, DocumentError> {
    let document = Document {
        name: &document.name,
        text: &document.text,
    };
    let table = document.parse()?;
    let nodes = document.nodes(table.get_ref(), "");
    let names: Vec<&str> = nodes.iter().map(|(name, _)| name.as_str()).collect();
    read(&document, RuleOrigin::Overlay, &names)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str =
        "guard = \"5m\"\n[[rule]]\nid = \"acme.late\"\njurisdiction = \"US-CA\"\nhours = \"10:00-19:00\"\n";

    fn overlay(text: &str) -> Overlay {
        let document = Document {
            name: "curfew.toml",
            text,
        };
        Overlay::parse(&document, &["guard"]).unwrap()
    }

    #[test]
    fn a_rulebook_can_be_read_again_from_its_documents() {
        let shipped = Rulebook::shipped();
        let more = "[[calendar]]\nextends = \"US\"\ndays = []\n";
        let mut both = overlay(OWN);
        both.merge(overlay(more));
        let books = [
            shipped.clone(),
            shipped.with_overlay(overlay(OWN)).unwrap(),
            shipped
                .with_overlay(overlay(OWN))
                .unwrap()
                .with_overlay(overlay(""))
                .unwrap(),
        ];
        for book in books {
            let again = Rulebook::from_source(book.source().unwrap()).unwrap();
            assert_eq!((again.sha256(), &again), (book.sha256(), &book));
        }
    }

    #[test]
    fn what_was_made_in_code_has_no_source() {
        let made = Overlay {
            parts: overlay(OWN).parts,
            ..Overlay::default()
        };
        assert_eq!(Rulebook::shipped().with_overlay(made).unwrap().source(), None);
        let date = crate::LocalDate::from_calendar(2026, 1, 1).unwrap();
        assert_eq!(Rulebook::new("1", date, Vec::new()).unwrap().source(), None);
    }
}
