//! Notices a list that is misread as a whole: its first rows all come to the same bad end.

use std::sync::{Mutex, PoisonError};

use core_compliance::FindingCode;
use core_compliance::ports::{Outcome, mask_numbers};
use pipeline::ContactEvent;

/// So many rows are looked at.
pub(crate) const ROWS: u64 = 1_000;
/// Ends that say what stands in a column, and not when it is.
const MISREAD: [FindingCode; 4] = [
    FindingCode::PlaceUnresolved,
    FindingCode::JurisdictionUnknown,
    FindingCode::ZoneUnknown,
    FindingCode::EvidenceUnreadable,
];

/// How the first rows of a list ended.
#[derive(Debug, Default)]
pub(crate) struct Alike(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    rows: u64,
    first: Option<Bad>,
    differs: bool,
}

/// A bad end, and the first row that came to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bad {
    pub(crate) reason: String,
    pub(crate) contact: String,
    pub(crate) message: String,
}

impl Alike {
    /// A row has ended.
    pub(crate) fn see(&self, event: &ContactEvent) {
        let is_misread = |reason: &str| MISREAD.iter().any(|code| code.as_str() == reason);
        let bad = match (event.outcome, event.reason.as_deref()) {
            (Outcome::Rejected, Some(reason)) => Some(reason),
            (Outcome::Prohibited, Some(reason)) if is_misread(reason) => Some(reason),
            _ => None,
        };
        let mut state = self.state();
        if state.differs || state.rows >= ROWS {
            return;
        }
        state.rows += 1;
        match (bad, &state.first) {
            (None, _) => state.differs = true,
            (Some(reason), Some(first)) => state.differs = first.reason != reason,
            (Some(reason), None) => {
                state.first = Some(Bad {
                    reason: reason.to_owned(),
                    contact: event.contact.clone(),
                    message: mask_numbers(event.message.as_deref().unwrap_or_default()),
                });
            }
        }
    }

    /// Nothing more is to be noticed: some rows were good.
    pub(crate) fn see_good(&self) {
        self.state().differs = true;
    }

    /// The end that the first rows all came to.
    pub(crate) fn verdict(&self) -> Option<Bad> {
        let state = self.state();
        state
            .first
            .clone()
            .filter(|_| state.rows >= ROWS && !state.differs)
    }

    /// A poisoned lock means a panic elsewhere; the counts are whole all the same.
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(outcome: Outcome, reason: &str) -> ContactEvent {
        ContactEvent {
            contact: "leads.csv:2".to_owned(),
            outcome,
            reason: Some(reason.to_owned()),
            message: Some("phone 13055550123".to_owned()),
            next_opening: None,
            permitted_until: None,
            zone: None,
        }
    }

    fn verdict(events: impl IntoIterator<Item = ContactEvent>) -> Option<String> {
        let alike = Alike::default();
        for event in events {
            alike.see(&event);
        }
        alike.verdict().map(|bad| {
            assert_eq!(bad.message, "phone 1305*****23");
            bad.reason
        })
    }

    #[test]
    fn a_thousand_bad_ends_alike_are_noticed_and_fewer_or_others_are_not() {
        let many = |outcome, reason, count: u64| {
            let events: Vec<_> = (0..count).map(|_| event(outcome, reason)).collect();
            events
        };
        let rejected = |count| many(Outcome::Rejected, "phone-not-e164", count);
        assert_eq!(verdict(rejected(ROWS)).as_deref(), Some("phone-not-e164"));
        assert_eq!(verdict(rejected(ROWS - 1)), None);
        let misread = many(Outcome::Prohibited, "jurisdiction-unknown", ROWS);
        assert_eq!(verdict(misread).as_deref(), Some("jurisdiction-unknown"));
        assert_eq!(
            verdict(many(Outcome::Prohibited, "outside-calling-window", ROWS)),
            None
        );
        assert_eq!(verdict(many(Outcome::Duplicate, "duplicate", ROWS)), None);
        // One that is good, or bad in another way, first or last.
        for other in [
            event(Outcome::Inserted, ""),
            event(Outcome::Rejected, "phone-missing"),
        ] {
            let last = rejected(ROWS - 1).into_iter().chain([other.clone()]);
            assert_eq!(verdict(last), None);
            assert_eq!(verdict([other].into_iter().chain(rejected(ROWS))), None);
        }
        // What comes after the first rows changes nothing.
        let later = rejected(ROWS).into_iter().chain([event(Outcome::Inserted, "")]);
        assert!(verdict(later).is_some());
    }
}
