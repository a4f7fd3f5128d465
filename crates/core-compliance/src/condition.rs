//! Conditions: facts about consent, relationship and people under which a rule does not bind, or is met.

use time::{Date, Month};

use crate::Instant;
use crate::attempt::{CallAttempt, CalleeKind, CallerKind, ConsentLevel, RelationshipKind};
use crate::civil::LocalDate;
use crate::timetable::{Opening, Timetable};
use crate::window::CallingWindow;
use crate::zone::Zone;

/// Facts that must all be given. A fact that is not given never meets a condition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// The callee agreed at least so firmly.
    pub consent: Option<ConsentLevel>,
    /// The agreement is at most this many months old.
    pub consent_within_months: Option<u32>,
    /// Callee and caller are tied so.
    pub relationship: Option<RelationshipKind>,
    /// The tie was last acted on at most this many months before.
    pub within_months: Option<u32>,
    /// Who is called.
    pub callee: Option<CalleeKind>,
    /// Who calls.
    pub caller: Option<CallerKind>,
    /// The condition counts before this local date alone.
    pub until: Option<LocalDate>,
}

impl Condition {
    /// The instants of `[from, until)` at which the attempt's facts meet the condition; empty if they never do.
    #[must_use]
    pub fn met_by(&self, attempt: &CallAttempt, zone: &Zone, from: i64, until: i64) -> Timetable {
        let stretch = self.stretch(attempt);
        let met = Timetable::new(from, until, stretch);
        match self.until {
            Some(end) if !met.openings().is_empty() => {
                met.intersect(&Timetable::of_windows(zone, from, until, |date| {
                    if date < end {
                        CallingWindow::WHOLE_DAY_LIST
                    } else {
                        &[]
                    }
                }))
            }
            _ => met,
        }
    }

    /// The one stretch of time in which the facts hold.
    fn stretch(&self, attempt: &CallAttempt) -> Option<Opening> {
        let mut stretch = Opening {
            open: i64::MIN,
            close: i64::MAX,
        };
        if let Some(level) = self.consent {
            let consent = attempt.consent.filter(|consent| consent.level >= level)?;
            stretch.open = consent.given_at.map_or(i64::MIN, Instant::unix);
            stretch.close = attempt.consent_withdrawn_at().map_or(i64::MAX, Instant::unix);
            if let Some(months) = self.consent_within_months {
                stretch.close = stretch.close.min(plus_months(consent.given_at?, months));
            }
        }
        if let Some(kind) = self.relationship {
            let tie = attempt.business_relationship.filter(|tie| tie.kind == kind)?;
            stretch.open = stretch.open.max(tie.last_at.map_or(i64::MIN, Instant::unix));
            if let Some(months) = self.within_months {
                stretch.close = stretch.close.min(plus_months(tie.last_at?, months));
            }
        }
        let callee = self
            .callee
            .is_none_or(|callee| attempt.callee_kind == Some(callee));
        let caller = self
            .caller
            .is_none_or(|caller| attempt.caller_kind == Some(caller));
        (callee && caller && stretch.open < stretch.close).then_some(stretch)
    }
}

impl core::fmt::Display for Condition {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let mut parts = Vec::new();
        let within =
            |months: Option<u32>| months.map_or(String::new(), |months| format!(" within {months} months"));
        if let Some(level) = self.consent {
            parts.push(format!("{level} consent{}", within(self.consent_within_months)));
        }
        if let Some(kind) = self.relationship {
            parts.push(format!("{kind}{}", within(self.within_months)));
        }
        parts.extend(self.callee.map(|callee| format!("callee is a {callee}")));
        parts.extend(self.caller.map(|caller| format!("caller is {caller}")));
        parts.extend(self.until.map(|until| format!("before {until}")));
        f.write_str(&parts.join(", "))
    }
}

/// The same time of day so many months later; the last of the month where that day does not exist.
fn plus_months(instant: Instant, months: u32) -> i64 {
    let utc = instant.to_utc();
    let months = i64::from(utc.year()) * 12 + i64::from(u8::from(utc.month())) - 1 + i64::from(months);
    let year = i32::try_from(months.div_euclid(12)).unwrap_or(i32::MAX);
    let month = u8::try_from(months.rem_euclid(12) + 1)
        .ok()
        .and_then(|month| Month::try_from(month).ok());
    let date =
        month.and_then(|month| Date::from_calendar_date(year, month, utc.day().min(month.length(year))).ok());
    date.map_or(i64::MAX, |date| utc.replace_date(date).unix_timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_end_where_they_must() {
        let at = |text: &str| text.parse::<Instant>().unwrap();
        assert_eq!(
            plus_months(at("2026-01-31T10:00:00Z"), 1),
            at("2026-02-28T10:00:00Z").unix()
        );
        assert_eq!(
            plus_months(at("2024-12-15T10:00:00Z"), 18),
            at("2026-06-15T10:00:00Z").unix()
        );
    }
}
