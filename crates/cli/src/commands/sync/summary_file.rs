//! The file that `--summary` names: found writable before the run, and there whole or not at all after it.

use std::ffi::OsString;
use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};

use crate::exit::CliError;
use crate::output::Output;

/// Where the summary goes.
#[derive(Debug)]
pub(crate) struct SummaryFile {
    path: PathBuf,
    /// Written first, then renamed; `None` = stdout.
    part: Option<PathBuf>,
}

impl SummaryFile {
    /// Makes sure that the summary can be written later: a run that has sent thousands must not end in an error that
    /// was there to be seen before it. `-` is stdout.
    pub(crate) fn create(path: &Path) -> Result<Self, CliError> {
        let refused = |error: &dyn Display| CliError::usage(format!("--summary {}: {error}", path.display()));
        // A link is followed, so that what it leads to is renewed and the link stays.
        let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let part = if path == Path::new("-") {
            None
        } else if path.is_dir() {
            return Err(refused(&"is a folder; name a file in it"));
        } else if target.exists() && !target.is_file() {
            return Err(refused(
                &"is no regular file and would be replaced by one; name a file, or `-` for stdout",
            ));
        } else {
            let mut name = OsString::from(&target);
            // Nobody else's file has this name.
            name.push(format!(".{}.part", std::process::id()));
            std::fs::write(&name, "").map_err(|error| refused(&error))?;
            Some(PathBuf::from(name))
        };
        Ok(Self { path: target, part })
    }

    /// Writes it.
    pub(crate) fn write(&self, text: &str, output: &Output) -> Result<(), CliError> {
        let Some(part) = &self.part else {
            return Ok(output.line(text)?);
        };
        let keep_mode = || match std::fs::metadata(&self.path) {
            Ok(old) => std::fs::set_permissions(part, old.permissions()),
            Err(_) => Ok(()),
        };
        std::fs::write(part, format!("{text}\n"))
            .and_then(|()| keep_mode())
            .and_then(|()| std::fs::rename(part, &self.path))
            .map_err(|error: io::Error| {
                CliError::failed(format!("--summary {}: {error}", self.path.display()))
            })
    }
}

impl Drop for SummaryFile {
    /// After a run that never came to its summary nothing stays behind.
    fn drop(&mut self) {
        if let Some(part) = &self.part {
            let _ = std::fs::remove_file(part);
        }
    }
}
