//! The fast evaluator: timetables, built once for a clock, a set of rules and a year.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::Instant;
use crate::civil::{DAY, LocalDate};
use crate::timetable::Timetable;

use super::Gate;
use super::governing::{Constraint, Governing};
use super::outlook::LOOK_AHEAD_DAYS;

/// Days known before the year's first instant and after the farthest look-ahead: more than any offset or guard.
const MARGIN_DAYS: i64 = 3;

/// Timetables by zone, rules and year.
#[derive(Debug, Default)]
pub(super) struct Schedules(RwLock<HashMap<Key, Arc<Timetable>>>);

#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    zone: String,
    constraints: Vec<String>,
    year: i32,
}

impl Schedules {
    /// The timetable of everything that governs, narrowed by guard and call length, over the attempt's year and the
    /// look-ahead after it.
    pub(super) fn of(&self, gate: &Gate, governing: &Governing<'_>, at: Instant) -> Arc<Timetable> {
        let year = at.to_utc().year();
        let key = Key {
            zone: governing.zone.name().to_owned(),
            constraints: governing
                .constraints
                .iter()
                .map(|each| each.key().to_owned())
                .collect(),
            year,
        };
        // A poisoned lock means a panic elsewhere; what is kept here is whole all the same.
        if let Some(kept) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Arc::clone(kept);
        }
        let built = Arc::new(build(gate, governing, year));
        self.0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(key)
            .or_insert(built)
            .clone()
    }
}

fn build(gate: &Gate, governing: &Governing<'_>, year: i32) -> Timetable {
    let new_year = |year| LocalDate::from_calendar(year, 1, 1).map_or(0, |date| i64::from(date.days()));
    let from = (new_year(year) - MARGIN_DAYS) * DAY;
    let until = (new_year(year + 1) + i64::from(LOOK_AHEAD_DAYS) + MARGIN_DAYS) * DAY;
    let of = |constraint: &Constraint<'_>| {
        Timetable::of_windows(governing.zone, from, until, |date| constraint.windows_on(date))
    };
    let deciding = governing
        .constraints
        .iter()
        .filter(|constraint| constraint.decides());
    let all = deciding.map(of).reduce(|one, two| one.intersect(&two));
    let all = all.unwrap_or_else(|| Timetable::new(from, until, []));
    all.narrowed(gate.settings().guard, gate.settings().seconds_after())
}
