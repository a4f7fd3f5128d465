//! Decides a recorded decision again, and tells what is different.

use core_compliance::ports::RecordedDecision;
use core_compliance::{Determination, Gate};

/// What deciding again came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replayed {
    /// The same answer, until or from the same instant.
    Same,
    /// Another one.
    Changed(Box<Determination>),
    /// No place was known then, and without the number none can be found now.
    NoPlace,
}

/// Decides again, at the same instant, about the same places with the same facts, by the rules, zone data and settings
/// of this gate.
#[must_use]
pub fn replay(gate: &Gate, recorded: &RecordedDecision) -> Replayed {
    if recorded.places.is_empty() {
        return Replayed::NoPlace;
    }
    let again = gate.determine_in(recorded.places.clone(), &recorded.attempt);
    let now = (again.decision, again.permitted_until, again.next_opening);
    if now == (recorded.decision, recorded.permitted_until, recorded.next_opening) {
        Replayed::Same
    } else {
        Replayed::Changed(Box::new(again))
    }
}
