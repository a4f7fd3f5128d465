//! The rulebook that ships with this crate.

use std::sync::OnceLock;

use super::{Rulebook, RulebookError};

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
        let names: Vec<String> = FILES
            .iter()
            .map(|(name, _)| format!("rulebook/{name}.toml"))
            .collect();
        Self::from_documents(
            names
                .iter()
                .zip(FILES)
                .map(|(name, (_, text))| (name.as_str(), *text)),
        )
    }
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
