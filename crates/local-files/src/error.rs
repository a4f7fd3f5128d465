//! What can be wrong with a file.

use std::path::Path;

/// A file that cannot be used, with the place in it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// The file or folder cannot be read at all.
    #[error("{path}: cannot be read: {source}")]
    Io {
        /// Which.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file cannot be written.
    #[error("{path}: cannot be written: {source}")]
    Write {
        /// Which.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// Something in a TOML file is wrong.
    #[error(transparent)]
    Document(#[from] core_compliance::document::DocumentError),
    /// Something in another file is wrong.
    #[error("{path}:{line}: {key}{message}")]
    Content {
        /// Which file.
        path: String,
        /// Where, from 1.
        line: usize,
        /// The key with a colon and a space, or nothing.
        key: String,
        /// What is wrong, and what to write.
        message: String,
    },
    /// Lines of a list that has to be read whole or not at all.
    #[error(
        "{path}: {count} of its lines cannot be read, and a list of those not to be called must not be read in part:{first}"
    )]
    Lines {
        /// Which file.
        path: String,
        /// How many lines.
        count: usize,
        /// The first of them, each on a line of its own.
        first: String,
    },
    /// The folder as a whole cannot be used: no time zone data, or files that do not make a rulebook.
    #[error("{path}: {message}")]
    Folder {
        /// Which folder.
        path: String,
        /// What is wrong, and what to do.
        message: String,
    },
}

impl FileError {
    pub(crate) fn io(path: &Path, source: std::io::Error) -> Self {
        Self::Io {
            path: path.display().to_string(),
            source,
        }
    }
}

/// Reads a text file.
pub(crate) fn read_text(path: &Path) -> Result<String, FileError> {
    std::fs::read_to_string(path).map_err(|error| FileError::io(path, error))
}
