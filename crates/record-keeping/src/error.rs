//! What can be wrong with records.

use std::io;
use std::path::Path;

use core_compliance::ports::{PortFailure, PortFailureKind};
use rusqlite::ErrorCode;

/// Records that cannot be written or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordsError {
    /// The file system refuses.
    #[error("{path}: {doing} failed: {source}")]
    Io {
        /// Which file or folder.
        path: String,
        /// What was being done.
        doing: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// Another process works with the same state directory.
    #[error("{path} is in use by {holder}")]
    InUse {
        /// The state directory.
        path: String,
        /// Who uses it, as its lock says.
        holder: String,
    },
    /// Nothing was ever recorded there.
    #[error("{path} holds no records")]
    NoRecords {
        /// The state directory.
        path: String,
    },
    /// A record is not what was written.
    #[error("{place}: {message}")]
    Broken {
        /// Segment and line.
        place: String,
        /// What is wrong.
        message: String,
    },
    /// The log ends before what the index remembers, or says something else there.
    #[error("{path}: {message}")]
    Rewritten {
        /// The folder of the log.
        path: String,
        /// What is missing or differs.
        message: String,
    },
    /// The index cannot be used.
    #[error("{path}: {source}")]
    Index {
        /// Its file.
        path: String,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// The ledger of attempts cannot be used.
    #[error("{path}: the ledger of attempts cannot be used: {message}")]
    Ledger {
        /// Its file.
        path: String,
        /// What is wrong.
        message: String,
    },
    /// Another command's run is not finished.
    #[error("{path} has an unfinished run of another command: {run}, begun {started_at} by `{command}`")]
    UnfinishedRun {
        /// The state directory.
        path: String,
        /// Its id.
        run: String,
        /// When it began.
        started_at: String,
        /// The command that began it.
        command: String,
    },
    /// What a record names is not in the archive, or is not what it was.
    #[error("{path}: {message}")]
    Archive {
        /// Its file.
        path: String,
        /// What is wrong.
        message: String,
    },
    /// The key of the number hashes is no key.
    #[error("{path}: {message}")]
    Key {
        /// Its file.
        path: String,
        /// What is wrong.
        message: String,
    },
    /// A decision by rules or zone data that the run was not begun with.
    #[error("a decision names {what} {found}, and the run was begun with {begun}")]
    OtherFooting {
        /// Rulebook or zone data.
        what: &'static str,
        /// What the decision names.
        found: String,
        /// What the run began with.
        begun: String,
    },
}

impl RecordsError {
    pub(crate) fn io(path: &Path, doing: &'static str, source: io::Error) -> Self {
        Self::Io {
            path: path.display().to_string(),
            doing,
            source,
        }
    }

    /// What to do next.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Io { source, .. } => match source.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                    "make room and run the same command again; nothing was sent that is not recorded"
                }
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                    "let this user write there, or name another folder with --state-dir"
                }
                _ => "mend it, or name another folder with --state-dir",
            },
            Self::InUse { .. } => "wait until it has ended, or name another folder with --state-dir",
            Self::NoRecords { .. } => "name the folder of a run with --state-dir",
            Self::Broken { .. } | Self::Rewritten { .. } => {
                "find out who changed it; `curfew log verify` names every break; go on with a backup, or in another \
                 folder with --state-dir"
            }
            Self::Index { source, .. }
                if matches!(
                    source.sqlite_error_code(),
                    Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure)
                ) =>
            {
                "make room and run the same command again; nothing was sent that is not recorded"
            }
            Self::Index { .. } => "it is made anew from the log when its file is moved away",
            Self::Ledger { .. } => {
                "put it back from a backup together with the file `key`; or move it away and import the reports of all \
                 calls anew with `curfew attempts import`"
            }
            Self::UnfinishedRun { .. } => {
                "run that command again to finish it, begin anew with --fresh, or name another folder with --state-dir"
            }
            Self::Archive { .. } => "put it back from a backup",
            Self::Key { .. } => {
                "put it back from a backup; if it is lost, move the file away: a new key is made, and older records \
                 are no longer found by number"
            }
            Self::OtherFooting { .. } => "run the command again",
        }
    }
}

impl From<&RecordsError> for PortFailure {
    fn from(error: &RecordsError) -> Self {
        let kind = match error {
            RecordsError::InUse { .. } => PortFailureKind::InUse,
            RecordsError::OtherFooting { .. } => PortFailureKind::FootingLost,
            _ => PortFailureKind::Local,
        };
        Self::new(kind, error.to_string(), error.advice())
    }
}

impl From<RecordsError> for PortFailure {
    fn from(error: RecordsError) -> Self {
        Self::from(&error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_as_one_wherever_it_is_met() {
        let index = |code| RecordsError::Index {
            path: "state/index.sqlite".to_owned(),
            source: rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None),
        };
        let log = RecordsError::io(
            Path::new("state/log"),
            "writing the decision log",
            io::ErrorKind::StorageFull.into(),
        );
        for full in [
            index(rusqlite::ffi::SQLITE_FULL),
            index(rusqlite::ffi::SQLITE_IOERR_WRITE),
            log,
        ] {
            assert!(full.advice().starts_with("make room"), "{full}");
        }
        assert!(
            index(rusqlite::ffi::SQLITE_CORRUPT)
                .advice()
                .contains("made anew")
        );
    }
}
