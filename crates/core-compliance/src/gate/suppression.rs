//! Do-not-call entries: what one blocks, and what is to be said about it.

use crate::Instant;
use crate::attempt::{CallAttempt, Suppression};
use crate::determination::{Finding, FindingCode};
use crate::locate::{notes, prohibits};
use crate::timetable::{Opening, Timetable};

use super::bind::Range;

/// The attempt's entry, if it holds at the instant of the attempt: no hours, no law and no place are asked.
pub(super) fn holding(attempt: &CallAttempt) -> Option<&Suppression> {
    let holds = |entry: &&Suppression| entry.until.is_none_or(|until| attempt.at < until);
    attempt.suppression.as_ref().filter(holds)
}

/// What the attempt's entry leaves open. When it began is not known, so it blocks everything before its end.
pub(super) fn open(attempt: &CallAttempt, range: Range) -> Option<Timetable> {
    let until = attempt.suppression.as_ref()?.until.map(Instant::unix);
    let after = until.map(|until| Opening {
        open: until,
        close: range.until,
    });
    Some(Timetable::new(range.from, range.until, after))
}

/// The finding that prohibits.
pub(super) fn finding(entry: &Suppression) -> Finding {
    let mut message = "the number is on the do-not-call list".to_owned();
    message.push_str(
        &entry
            .until
            .map_or_else(|| ", without end".to_owned(), |until| format!(" until {until}")),
    );
    if let Some(reason) = &entry.reason {
        message.push_str(": ");
        message.push_str(reason);
    }
    prohibits(FindingCode::Suppressed, message)
}

/// The finding that says why no opening is named.
pub(super) fn never_opens() -> Finding {
    let message = "the do-not-call entry has no end; no time and no other fact opens calling";
    notes(FindingCode::NeverOpens, message.to_owned())
}

#[cfg(test)]
#[cfg(feature = "bundled-tzdb")]
mod tests {
    use super::*;
    use crate::{Determination, Evidence, Gate, Hours, Place, Rulebook, Settings, ZoneDatabase};

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn gate() -> Gate {
        Gate::new(ZoneDatabase::bundled(), Rulebook::shipped(), Settings::default()).unwrap()
    }

    fn message(determination: &Determination) -> &str {
        &determination.reason().unwrap().message
    }

    /// Miami at noon.
    fn noon() -> CallAttempt {
        let place = Place {
            jurisdiction: "US-FL".parse().unwrap(),
            zone: "America/New_York".to_owned(),
        };
        CallAttempt::new(
            at("2026-06-10T16:00:00Z"),
            Evidence {
                places: vec![place],
                ..Evidence::default()
            },
        )
    }

    fn suppressed(attempt: CallAttempt, until: Option<&str>, reason: Option<&str>) -> CallAttempt {
        CallAttempt {
            suppression: Some(Suppression {
                until: until.map(at),
                reason: reason.map(str::to_owned),
            }),
            ..attempt
        }
    }

    #[test]
    fn a_suppression_prohibits_before_everything_else_and_opens_where_it_ends() {
        let noon = noon();
        assert!(gate().determine(&noon).is_permitted());
        let held = suppressed(noon, Some("2026-06-12T01:00:00Z"), Some("asked by letter"));
        let determination = gate().determine(&held);
        assert_eq!(determination.findings[0].code, FindingCode::Suppressed);
        assert_eq!(
            message(&determination),
            "the number is on the do-not-call list until 2026-06-12T01:00:00Z: asked by letter"
        );
        // It ends at 21:00 in Florida, which opens at eight.
        assert_eq!(determination.next_opening, Some(at("2026-06-12T12:00:00Z")));
        let timetable = gate().timetable(&held).unwrap();
        assert!(!timetable.permits(at("2026-06-11T16:00:00Z").unix()));
        assert!(timetable.permits(at("2026-06-12T16:00:00Z").unix()));
        let after = CallAttempt {
            at: at("2026-06-12T12:00:00Z"),
            ..held.clone()
        };
        let determination = gate().determine(&after);
        assert!(determination.is_permitted() && !determination.has(FindingCode::Suppressed));
        // At night, too, it is the reason that is told.
        let night = CallAttempt {
            at: at("2026-06-11T04:00:00Z"),
            ..held
        };
        assert_eq!(
            gate().determine(&night).reason().unwrap().code,
            FindingCode::Suppressed
        );
    }

    #[test]
    fn a_suppression_without_end_never_opens_and_holds_without_law_and_without_place() {
        let noon = noon();
        let calling_hours = Settings {
            hours: Hours::CallingHours("00:00-24:00".parse().unwrap()),
            ..Settings::default()
        };
        for settings in [Settings::default(), calling_hours] {
            let gate = Gate::new(ZoneDatabase::bundled(), Rulebook::shipped(), settings).unwrap();
            let determination = gate.determine(&suppressed(noon.clone(), None, None));
            assert_eq!(
                message(&determination),
                "the number is on the do-not-call list, without end"
            );
            assert!(determination.has(FindingCode::NeverOpens) && determination.next_opening.is_none());
            assert!(gate.determine(&noon).is_permitted());
        }
        let nowhere = suppressed(CallAttempt::new(noon.at, Evidence::default()), None, None);
        let determination = gate().determine(&nowhere);
        assert_eq!(determination.findings[0].code, FindingCode::Suppressed);
        assert!(
            determination.has(FindingCode::PlaceUnresolved) && !determination.has(FindingCode::FactsNeeded)
        );
        assert_eq!(gate().timetable(&nowhere), None);
    }
}
