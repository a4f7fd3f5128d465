//! Exit codes, and the errors that lead to them.

use std::fmt;
use std::io;

use core_compliance::ports::{PortFailure, PortFailureKind};
use record_keeping::RecordsError;

/// The exit codes; scripts depend on them.
pub(crate) struct Exit;

impl Exit {
    /// Done; for one attempt: permitted.
    pub(crate) const DONE: u8 = 0;
    /// Could not go on.
    pub(crate) const FAILED: u8 = 1;
    /// Usage, values that cannot be read included.
    pub(crate) const USAGE: u8 = 2;
    /// One attempt: prohibited.
    pub(crate) const PROHIBITED: u8 = 3;
    /// Done, but items were rejected, unreadable or failed.
    pub(crate) const ITEMS: u8 = 4;
    /// The state directory is in use by another process.
    pub(crate) const IN_USE: u8 = 75;
    /// Ended by SIGINT.
    pub(crate) const INTERRUPTED: u8 = 130;
    /// Ended by SIGTERM.
    pub(crate) const TERMINATED: u8 = 143;
}

/// Why a command could not be carried out.
#[derive(Debug)]
pub(crate) enum CliError {
    /// The user asked for something that cannot be.
    Usage(String),
    /// Something outside failed.
    Failed(String),
    /// Another process works with the same records.
    InUse(String),
    /// Nobody reads the output any more.
    ClosedPipe,
}

impl CliError {
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::Usage(message.into())
    }

    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self::Failed(message.into())
    }

    pub(crate) fn exit(&self) -> u8 {
        match self {
            Self::Usage(_) => Exit::USAGE,
            Self::Failed(_) => Exit::FAILED,
            Self::InUse(_) => Exit::IN_USE,
            Self::ClosedPipe => Exit::DONE,
        }
    }

    pub(crate) fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::ClosedPipe)
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(message) | Self::Failed(message) | Self::InUse(message) => f.write_str(message),
            Self::ClosedPipe => f.write_str("nobody reads the output any more"),
        }
    }
}

impl From<io::Error> for CliError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::ClosedPipe;
        }
        Self::Failed(format!("output cannot be written: {error}"))
    }
}

impl From<serde_json::Error> for CliError {
    fn from(error: serde_json::Error) -> Self {
        if error.io_error_kind() == Some(io::ErrorKind::BrokenPipe) {
            return Self::ClosedPipe;
        }
        Self::Failed(format!("output cannot be written: {error}"))
    }
}

impl From<PortFailure> for CliError {
    fn from(failure: PortFailure) -> Self {
        match failure.kind {
            PortFailureKind::InUse => Self::InUse(failure.to_string()),
            _ => Self::Failed(failure.to_string()),
        }
    }
}

impl From<RecordsError> for CliError {
    fn from(error: RecordsError) -> Self {
        PortFailure::from(error).into()
    }
}
