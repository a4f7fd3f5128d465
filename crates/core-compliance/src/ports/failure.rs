//! Failures of a port that concern the whole run.

use core::fmt;

/// A failure that ends the run, with what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortFailure {
    /// What sort of failure, for decisions.
    pub kind: PortFailureKind,
    /// What was wrong with which value, for people; never carries a secret.
    pub message: String,
    /// What to do next, for people.
    pub advice: String,
}

/// The sorts of [`PortFailure`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PortFailureKind {
    /// Credentials or permissions were refused.
    NotAuthorized,
    /// The other side does not speak the expected contract.
    NotThisApi,
    /// Nothing succeeded for as long as the run is patient.
    OutOfPatience,
    /// A listing that cannot be followed to its end (looping cursor).
    BrokenListing,
    /// Cannot be reached at all.
    Unreachable,
    /// A file or folder that cannot be read or written.
    Local,
    /// Another process works with the same records.
    InUse,
    /// What the run rests on has changed under it: the clock was set, the zone data or the rules were replaced.
    FootingLost,
}

impl PortFailure {
    /// A failure of this kind.
    #[must_use]
    pub fn new(kind: PortFailureKind, message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            advice: advice.into(),
        }
    }
}

impl fmt::Display for PortFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.message, self.advice)
    }
}

impl std::error::Error for PortFailure {}
