//! A decision as a record tells it, years later.

use crate::Instant;
use crate::attempt::{CallAttempt, EvidenceKind};
use crate::determination::{Decision, Effect, VersionStamp};
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
    /// Why, what prohibits first.
    pub findings: Vec<RecordedFinding>,
    /// Fingerprint of the settings.
    pub settings: Sha256Hex,
    /// By which rulebook.
    pub rulebook: VersionStamp,
    /// By which time zone data.
    pub tzdb: VersionStamp,
    /// By which version of Curfew.
    pub engine: String,
}

impl RecordedDecision {
    /// The finding that explains it best: the first that prohibits, or that permits.
    #[must_use]
    pub fn reason(&self) -> Option<&RecordedFinding> {
        let wanted = match self.decision {
            Decision::Permit => Effect::Permits,
            Decision::Prohibit => Effect::Prohibits,
        };
        self.findings.iter().find(|finding| finding.effect == wanted)
    }
}

/// A finding, as far as a record is asked for it. Its code may be one of a later version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedFinding {
    /// Permanent code.
    pub code: String,
    /// What it did to the decision.
    pub effect: Effect,
    /// The rule behind it.
    pub rule: Option<String>,
    /// For people.
    pub message: String,
}
