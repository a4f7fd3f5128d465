//! A decision as a record tells it, years later.

use crate::Instant;
use crate::attempt::{CallAttempt, EvidenceKind};
use crate::determination::{Decision, VersionStamp};
use crate::digest::Sha256Hex;
use crate::place::Place;

/// A decision that was made, with all that it rested on but the number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedDecision {
    /// What was asked, without the number.
    pub attempt: CallAttempt,
    /// The places that were judged, each with what spoke for it.
    pub places: Vec<(Place, Vec<EvidenceKind>)>,
    /// The answer.
    pub decision: Decision,
    /// Until when it held.
    pub permitted_until: Option<Instant>,
    /// When calling was to open.
    pub next_opening: Option<Instant>,
    /// The finding that explains it best.
    pub reason: Option<RecordedReason>,
    /// Fingerprint of the settings.
    pub settings: Sha256Hex,
    /// By which rulebook.
    pub rulebook: VersionStamp,
    /// By which time zone data.
    pub tzdb: VersionStamp,
    /// By which version of Curfew.
    pub engine: String,
}

/// A finding, as far as a record is asked for it. Its code may be one of a later version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedReason {
    /// Permanent code.
    pub code: String,
    /// The rule behind it.
    pub rule: Option<String>,
    /// The place in the law.
    pub citation: Option<String>,
    /// For people.
    pub message: String,
}
