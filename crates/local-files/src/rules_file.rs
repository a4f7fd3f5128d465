//! Files with the user's own rules, and folders with a whole rulebook.

use std::path::Path;

use core_compliance::document::Document;
use core_compliance::{Overlay, Rulebook};

use crate::FileError;
use crate::error::read_text;

/// Reads a file of rules, caps, calendars and relaxations (docs/rulebook-format.md).
///
/// # Errors
/// [`FileError`], with line and key.
pub fn read_rules_file(path: &Path) -> Result<Overlay, FileError> {
    let text = read_text(path)?;
    let name = path.display().to_string();
    Ok(Overlay::parse(
        &Document {
            name: &name,
            text: &text,
        },
        &[],
    )?)
}

/// Reads a folder that holds a whole rulebook as `*.toml`, of which one has the table `[rulebook]`. Other files and
/// folders within are passed over.
///
/// # Errors
/// [`FileError`], with file, line and key where there is one.
pub fn read_rulebook_folder(path: &Path) -> Result<Rulebook, FileError> {
    let shown = path.display().to_string();
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(|error| FileError::io(path, error))? {
        let file = entry.map_err(|error| FileError::io(path, error))?.path();
        if file.extension().is_some_and(|extension| extension == "toml") {
            files.push(file);
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(FileError::Folder {
            path: shown,
            message: "holds no *.toml; name a folder of rulebook files".to_owned(),
        });
    }
    let documents = files
        .iter()
        .map(|file| Ok((file.display().to_string(), read_text(file)?)))
        .collect::<Result<Vec<_>, FileError>>()?;
    let documents = documents
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()));
    Rulebook::from_documents(documents).map_err(|error| match error {
        core_compliance::RulebookError::Document(error) => FileError::Document(error),
        other => FileError::Folder {
            path: shown,
            message: other.to_string(),
        },
    })
}
