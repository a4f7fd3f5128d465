//! Where everything is in a state directory, and how files come into it whole or not at all.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::RecordsError;

/// The paths within a state directory.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub(crate) root: PathBuf,
}

impl Layout {
    pub(crate) fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    pub(crate) fn lock(&self) -> PathBuf {
        self.root.join("lock")
    }

    pub(crate) fn key(&self) -> PathBuf {
        self.root.join("key")
    }

    pub(crate) fn index(&self) -> PathBuf {
        self.root.join("index.sqlite")
    }

    pub(crate) fn ledger(&self) -> PathBuf {
        self.root.join("ledger.sqlite")
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.root.join("log")
    }

    pub(crate) fn archive(&self) -> PathBuf {
        self.root.join("archive")
    }
}

/// Makes a folder for this user alone, and those above it that are missing.
pub(crate) fn make_folder(path: &Path) -> Result<(), RecordsError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|error| RecordsError::io(path, "making the folder", error))
}

/// The options of every file here: for this user alone.
pub(crate) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

/// Makes a change of names in a folder durable.
pub(crate) fn sync_folder(path: &Path) -> Result<(), RecordsError> {
    File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| RecordsError::io(path, "making it durable", error))
}

/// Puts a file there, whole or not at all, and durable.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), RecordsError> {
    let folder = path.parent().unwrap_or(path);
    let unfinished = path.with_extension("part");
    let write = || {
        let mut file = private()
            .write(true)
            .create(true)
            .truncate(true)
            .open(&unfinished)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&unfinished, path)
    };
    write().map_err(|error| RecordsError::io(path, "writing", error))?;
    sync_folder(folder)
}
