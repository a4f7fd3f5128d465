//! A throw-away folder.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::failure::Failure;

/// Numbers the folders of this process, so that parallel tests never share one.
static NEXT: AtomicU32 = AtomicU32::new(0);

/// A folder below the system's temporary one, removed when dropped.
pub(crate) struct Scratch {
    path: PathBuf,
}

impl Scratch {
    /// Makes a new, empty folder; `purpose` shows in its name.
    ///
    /// # Errors
    /// When the temporary folder cannot be written.
    pub(crate) fn new(purpose: &str) -> Result<Self, Failure> {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("curfew-xtask-{purpose}-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).map_err(|error| {
            Failure::new(format!(
                "cannot make `{}`: {error}; set TMPDIR to a writable folder",
                path.display()
            ))
        })?;
        Ok(Self { path })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A folder left behind in the temporary folder harms nobody.
        let _ = std::fs::remove_dir_all(&self.path);
    }
}
