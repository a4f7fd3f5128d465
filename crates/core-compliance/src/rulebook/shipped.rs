//! The rulebook that ships with this crate.

use std::sync::OnceLock;

use crate::civil::LocalDate;
use crate::document::{Document, DocumentError};
use crate::rule::RuleOrigin;

use super::parse::read;
use super::{Parts, Rulebook, RulebookError};

macro_rules! files {
    ($($name:literal),+ $(,)?) => {
        /// Every file, by name.
        pub(super) const FILES: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../rulebook/", $name, ".toml")))),+];
    };
}

files! { "ae","au","be","br","ca","cl","co","de","es","fr","gb","gr","id","in","it","jp","kr","mx","nl","no","pe","ph","pt","ru","rulebook","th","us","vn","za" }

/// Read once: the files are constants.
static SHIPPED: OnceLock<Rulebook> = OnceLock::new();

impl Rulebook {
    /// The rulebook that ships with this crate.
    #[must_use]
    pub fn shipped() -> Self {
        #[expect(
            clippy::expect_used,
            reason = "the files are constants, and a test reads every one"
        )]
        let book = SHIPPED.get_or_init(|| Self::try_shipped().expect("the embedded rulebook is valid"));
        book.clone()
    }

    /// Reads every file.
    pub(crate) fn try_shipped() -> Result<Self, RulebookError> {
        let mut head = None;
        let mut parts = Parts::default();
        for (name, text) in FILES {
            let name = format!("rulebook/{name}.toml");
            let document = Document { name: &name, text };
            let found = read(&document, RuleOrigin::Rulebook, &["rulebook"])?.parts;
            parts.rules.extend(found.rules);
            parts.caps.extend(found.caps);
            parts.calendars.extend(found.calendars);
            parts.without_rules.extend(found.without_rules);
            head = head.or(read_head(&document)?);
        }
        let (version, reviewed_on) = head.ok_or_else(|| DocumentError {
            name: "rulebook/rulebook.toml".to_owned(),
            line: 1,
            key: "rulebook".to_owned(),
            message: "version and reviewed_on are missing".to_owned(),
        })?;
        Self::of_parts(&version, reviewed_on, parts)
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
    fn every_embedded_file_is_valid() {
        if let Err(error) = Rulebook::try_shipped() {
            panic!("{error}");
        }
    }
}
