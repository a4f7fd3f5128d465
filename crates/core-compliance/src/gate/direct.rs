//! The direct evaluator: what the clock at the place shows, held against each rule, with a finding for each.

use crate::Instant;
use crate::attempt::CallAttempt;
use crate::civil::{LocalDate, LocalTime};
use crate::determination::Finding;
use crate::rule::Provision;
use crate::window::CallingWindow;
use crate::zone::Zone;

use super::Gate;
use super::bind::{Bound, Group, Standby};
use super::explain::Explainer;

/// Whether something is open at an instant and, if it is, until when that is known without looking again.
type Reading = Option<i64>;

/// What a direct reading of everything that binds comes to.
pub(super) struct DirectReading<'g> {
    /// Whether all that decides permits.
    pub(super) permits: bool,
    pub(super) findings: Vec<Finding>,
    /// Rules that permit, with the instant at which, as far as was looked, each closes.
    pub(super) closings: Vec<(&'g str, i64)>,
}

impl Gate {
    /// Reads everything that binds at the instant.
    pub(super) fn read_directly<'g>(
        &'g self,
        groups: &[Group<'g>],
        attempt: &CallAttempt,
    ) -> DirectReading<'g> {
        let at = attempt.at;
        let mut explainer = Explainer::new(self, attempt);
        let mut permits = !groups.is_empty();
        let mut closings = Vec::with_capacity(8);
        for group in groups {
            for bound in &group.rules {
                let until = self.open_until(at, |second| self.read_rule(group, bound, second));
                permits &= until.is_some() || !bound.decides;
                explainer.rule(group, bound, until.is_some());
                closings.extend(until.map(|until| (bound.rule.id.as_str(), until)));
            }
            let until = self.open_until(at, |second| read_standby(group, second));
            permits &= until.is_some();
            explainer.standby(group, until.is_some());
            closings.extend(until.map(|until| (group.standby.id(), until)));
        }
        DirectReading {
            permits,
            findings: explainer.findings(groups.len()),
            closings,
        }
    }

    /// Whether every second is open from the guard before the instant to the guard after the call; if so, how long a
    /// call could be placed, as far as was looked.
    fn open_until(&self, at: Instant, read: impl Fn(i64) -> Reading) -> Reading {
        let after = i64::from(self.settings().seconds_after());
        let mut second = at.unix() - i64::from(self.settings().guard);
        while second <= at.unix() + after {
            second = read(second)?;
        }
        Some(second.saturating_sub(after))
    }

    fn read_rule<'g>(&'g self, group: &Group<'g>, bound: &Bound<'g>, second: i64) -> Reading {
        if let Some(exempt) = open_in(&bound.exempt, second) {
            return Some(exempt);
        }
        match &bound.rule.provision {
            // A clock of the rule that is not known leaves the rule unread: closed.
            Provision::Hours(_) if bound.clocks.is_empty() => None,
            Provision::Hours(_) => bound.clocks.iter().try_fold(i64::MAX, |until, clock| {
                let (date, of_day, span_end) = shown(clock, second);
                let hours = bound.hours_on(self, group.place(), date);
                Some(until.min(read_windows(&hours.windows, second, of_day, span_end)?))
            }),
            Provision::Requires(_) => {
                let (date, of_day, span_end) = shown(group.zone, second);
                if bound.rule.in_force_on(date) {
                    return open_in(&bound.met, second);
                }
                read_windows(CallingWindow::WHOLE_DAY_LIST, second, of_day, span_end)
            }
        }
    }
}

/// House hours, or `--calling-hours`. Where rules displace the house hours that is known for the rest of the day, as
/// long as no exemption begins or ends.
fn read_standby(group: &Group<'_>, second: i64) -> Reading {
    let (date, of_day, span_end) = shown(group.zone, second);
    let (hours, is_displaced) = match group.standby {
        Standby::CallingHours(hours) => (hours, false),
        Standby::House(hours) => (hours, group.has_hours_at(second, date)),
    };
    let windows = if is_displaced {
        CallingWindow::WHOLE_DAY_LIST
    } else {
        hours.on(date)
    };
    let until = read_windows(windows, second, of_day, span_end)?;
    let edges = group.rules.iter().flat_map(|bound| bound.lifted.openings());
    let next_edge = edges
        .flat_map(|each| [each.open, each.close])
        .filter(|edge| *edge > second)
        .min();
    Some(until.min(next_edge.unwrap_or(i64::MAX)))
}

/// What a clock shows: date, second of the day, and when it next changes.
fn shown(clock: &Zone, second: i64) -> (LocalDate, u32, i64) {
    let span = clock.span_at(second);
    let local = LocalTime::new(second, span.offset);
    (local.date(), local.second_of_day(), span.until)
}

/// The end of the window that holds, as this clock runs, or the clock's own next change: then it is read again.
fn read_windows(windows: &[CallingWindow], second: i64, of_day: u32, span_end: i64) -> Reading {
    let window = windows.iter().find(|window| window.contains(of_day))?;
    Some((second + i64::from(window.end() - of_day)).min(span_end))
}

fn open_in(timetable: &crate::Timetable, second: i64) -> Reading {
    timetable
        .opening_from(second)
        .filter(|opening| opening.open <= second)
        .map(|opening| opening.close)
}
