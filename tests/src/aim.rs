//! Aimed instants: a spot on the calendar, a spot on the clock, and a small push.
//!
//! An [`Aim`] is drawn apart from the scenario and resolved against it afterwards, so that a failing case shrinks in
//! both: fewer rules with the same aim, or a plainer aim with the same rules.

use proptest::prelude::*;
use proptest::sample::Index;

use crate::plain::{Case, Week};
use crate::reference_zones::{ReferenceZone, TABLE_UNTIL};

const DAY: i64 = 86_400;

/// Last second that is aimed at: with the 400 days of the look-ahead, the reference table still covers it.
pub const LAST: i64 = TABLE_UNTIL - 420 * DAY;

/// A spot on the calendar.
#[derive(Clone, Copy, Debug)]
pub enum Date {
    /// Days after the local date of a change of the zone's clock.
    Change(Index, i64),
    /// Days after 31 December of this year.
    YearEnd(i64, i64),
    /// Days after a day on which a rule begins or ends to be in force.
    InForce(Index, i64),
    /// Days since 1970-01-01.
    Day(i64),
}

/// A spot on the clock.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    /// The instant of the change that [`Date::Change`] names; otherwise midnight.
    Change,
    /// An edge of a window, as a clock shows it; midnights are among them.
    Edge(Index),
    /// A second of the day.
    Second(i64),
}

/// What is added to the instant.
#[derive(Clone, Copy, Debug)]
pub enum Push {
    /// Seconds.
    Seconds(i64),
    /// The guard, and seconds.
    Guard(i64),
    /// Less the guard and the rest of the call, and seconds.
    After(i64),
}

/// An aimed instant, not yet resolved.
#[derive(Clone, Copy, Debug)]
pub struct Aim {
    /// Of which place.
    pub place: Index,
    /// On which date.
    pub date: Date,
    /// At what time of day.
    pub clock: Clock,
    /// Read with the offset after the change rather than before it.
    pub after: bool,
    /// How far from there.
    pub push: Push,
}

/// Any aim.
pub fn aim() -> impl Strategy<Value = Aim> {
    let near = || prop_oneof![4 => Just(0_i64), 3 => -1..=1_i64, 1 => -8..=8_i64];
    let date = prop_oneof![
        6 => (any::<Index>(), near()).prop_map(|(change, days)| Date::Change(change, days)),
        2 => (1970..=2097_i64, -1..=2_i64).prop_map(|(year, days)| Date::YearEnd(year, days)),
        2 => (any::<Index>(), -1..=1_i64).prop_map(|(rule, days)| Date::InForce(rule, days)),
        1 => (0..LAST / DAY).prop_map(Date::Day),
    ];
    let clock = prop_oneof![
        2 => Just(Clock::Change),
        4 => any::<Index>().prop_map(Clock::Edge),
        1 => (0..DAY).prop_map(Clock::Second),
    ];
    let second = || prop_oneof![6 => -1..=1_i64, 1 => -60..=60_i64, 1 => -7_200..=7_200_i64];
    let push = prop_oneof![
        3 => second().prop_map(Push::Seconds),
        1 => second().prop_map(Push::Guard),
        1 => second().prop_map(Push::After),
    ];
    (any::<Index>(), date, clock, any::<bool>(), push).prop_map(|(place, date, clock, after, push)| Aim {
        place,
        date,
        clock,
        after,
        push,
    })
}

/// Instants at a change of a zone's clock, at the midnights and full hours around it, and near them.
pub fn instant_near_transition(zone: &ReferenceZone) -> impl Strategy<Value = i64> + use<> {
    let changes: Vec<i64> = zone
        .changes
        .iter()
        .map(|(at, _)| *at)
        .filter(|at| *at <= LAST)
        .collect();
    let changes = if changes.is_empty() {
        vec![LAST / 2]
    } else {
        changes
    };
    let push = prop_oneof![
        3 => -1..=1_i64,
        2 => (-26..=26_i64).prop_map(|hours| hours * 3_600),
        2 => -26 * 3_600..=26 * 3_600_i64,
    ];
    (proptest::sample::select(changes), push).prop_map(|(at, push)| (at + push).clamp(0, LAST))
}

impl Aim {
    /// The instant in the case's scenario and places; the case's own instant is not looked at.
    pub fn resolve(&self, case: &Case) -> i64 {
        let (_, name) = &case.places[self.place.index(case.places.len())];
        let zone = crate::reference_zones::ReferenceZones::get().zone(name);
        let (change, day) = self.day(case, zone);
        let edges = || -> Vec<u32> {
            case.scenario
                .weeks()
                .flat_map(Week::edges)
                .chain([0, 86_400])
                .collect()
        };
        let second = match (self.clock, change) {
            (Clock::Change, Some(change)) => return self.pushed(change, case),
            (Clock::Change, None) => 0,
            (Clock::Second(second), _) => second,
            (Clock::Edge(edge), _) => {
                let edges = edges();
                i64::from(edges[edge.index(edges.len())])
            }
        };
        let local = day * DAY + second;
        // Which offset turns the wall clock into an instant: that of a day earlier or of a day later. Both are worth
        // asking about, and neither need be right.
        let around = if self.after { local + DAY } else { local - DAY };
        self.pushed(local - i64::from(zone.offset_at(around)), case)
    }

    /// The instant of the change aimed at, if any, and the local day.
    fn day(&self, case: &Case, zone: &ReferenceZone) -> (Option<i64>, i64) {
        match self.date {
            Date::Change(change, days) => {
                let changes = zone.changes.partition_point(|(at, _)| *at <= LAST);
                if changes == 0 {
                    return (None, LAST / DAY / 2 + days);
                }
                let (at, offset) = zone.changes[change.index(changes)];
                (Some(at), (at + i64::from(offset)).div_euclid(DAY) + days)
            }
            Date::YearEnd(year, days) => {
                // Good from 1901 to 2099, which holds all that is aimed at.
                let leap_days = (year + 1 - 1969).div_euclid(4);
                (None, (year + 1 - 1970) * 365 + leap_days - 1 + days)
            }
            Date::InForce(rule, days) => {
                let rules = case.scenario.rules.iter();
                let dates: Vec<i64> = rules.flat_map(|rule| [rule.from, rule.until]).flatten().collect();
                let day = if dates.is_empty() {
                    LAST / DAY / 3
                } else {
                    dates[rule.index(dates.len())]
                };
                (None, day + days)
            }
            Date::Day(day) => (None, day),
        }
    }

    fn pushed(&self, unix: i64, case: &Case) -> i64 {
        let push = match self.push {
            Push::Seconds(seconds) => seconds,
            Push::Guard(seconds) => i64::from(case.scenario.guard) + seconds,
            Push::After(seconds) => seconds - case.scenario.seconds_after(),
        };
        (unix + push).clamp(0, LAST)
    }
}

#[cfg(test)]
mod tests {
    use core_compliance::Instant;
    use proptest::strategy::ValueTree as _;

    use super::*;
    use crate::generate::case_of;
    use crate::plain::Scenario;

    #[test]
    fn year_ends_are_where_the_calendar_has_them() {
        let scenario = Scenario::of_calling_hours(Week::daily(&[(28_800, 75_600)]));
        let case = case_of(scenario, &[("GB", "Etc/UTC")], 0);
        for year in [1970, 1971, 1972, 1999, 2000, 2026, 2027, 2028, 2096] {
            let aim = Aim {
                place: any_index(),
                date: Date::YearEnd(year, 0),
                clock: Clock::Second(86_399),
                after: false,
                push: Push::Seconds(0),
            };
            let at = Instant::from_unix(aim.resolve(&case)).unwrap();
            assert_eq!(at.to_string(), format!("{year}-12-31T23:59:59Z"));
        }
    }

    fn any_index() -> Index {
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        any::<Index>().new_tree(&mut runner).unwrap().current()
    }
}
