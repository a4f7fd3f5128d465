//! The direct evaluator: what the clock at the place shows, held against each rule, with a finding for each.

use crate::civil::{LocalDate, LocalTime};
use crate::determination::{Effect, Finding, FindingCode};
use crate::window::CallingWindow;
use crate::zone::Zone;
use crate::{Instant, RuleStatus};

use super::Gate;
use super::governing::{Constraint, Governing};

/// How many jurisdictions a message names before it counts the rest.
const NAMED_IN_MESSAGE: usize = 3;

impl Gate {
    /// Reads every constraint at the instant; the answer is whether all that decide permit.
    pub(super) fn read_directly(&self, governing: &[Governing<'_>], at: Instant) -> (bool, Vec<Finding>) {
        let mut findings = Vec::new();
        let mut permits = !governing.is_empty();
        let mut in_gap: Vec<String> = Vec::new();
        for group in governing {
            for constraint in &group.constraints {
                let local = group.zone.local_time(at);
                if !matters_on(constraint, local.date()) {
                    // Nothing of its own to say today; a margin that reaches into another day is still checked.
                    permits &= !constraint.decides() || self.holds(group.zone, constraint, at);
                    continue;
                }
                let holds = self.holds(group.zone, constraint, at);
                permits &= holds || !constraint.decides();
                if matches!(constraint, Constraint::House { .. }) {
                    in_gap.extend(
                        group
                            .jurisdictions
                            .iter()
                            .map(|each| self.gazetteer().name(each).to_owned()),
                    );
                }
                findings.extend(self.finding(group, constraint, local, holds));
            }
        }
        if !in_gap.is_empty() {
            in_gap.sort_unstable();
            in_gap.dedup();
            findings.push(crate::locate::notes(
                FindingCode::HouseHours,
                format!(
                    "no rule gives calling hours for {}; the house hours decide",
                    few(&in_gap)
                ),
            ));
        }
        if governing
            .iter()
            .any(|group| matches!(group.constraints.as_slice(), [Constraint::CallingHours(_)]))
        {
            findings.push(crate::locate::notes(
                FindingCode::LawNotApplied,
                "--calling-hours decides alone: no law was applied".to_owned(),
            ));
        }
        (permits, findings)
    }

    /// Whether the constraint leaves open every second from the guard before the instant to the guard after the call.
    fn holds(&self, zone: &Zone, constraint: &Constraint<'_>, at: Instant) -> bool {
        let last = at.unix() + i64::from(self.settings().seconds_after());
        let mut second = at.unix() - i64::from(self.settings().guard);
        while second <= last {
            let span = zone.span_at(second);
            let local = LocalTime::new(second, span.offset);
            let of_day = local.second_of_day();
            let window = constraint
                .windows_on(local.date())
                .iter()
                .find(|window| window.contains(of_day));
            let Some(window) = window else { return false };
            // The window's end as this clock runs, or the clock's own next change: then look at it again.
            second = (second + i64::from(window.end() - of_day)).min(span.until);
        }
        true
    }

    fn finding(
        &self,
        group: &Governing<'_>,
        constraint: &Constraint<'_>,
        local: LocalTime,
        holds: bool,
    ) -> Option<Finding> {
        let (code, effect) = match (holds, constraint.decides()) {
            (true, true) => (FindingCode::WithinCallingWindow, Effect::Permits),
            (false, true) => (FindingCode::OutsideCallingWindow, Effect::Prohibits),
            (true, false) => return None,
            (false, false) => (FindingCode::UnverifiedRuleWouldProhibit, Effect::Notes),
        };
        let windows = constraint.windows_on(local.date());
        let inside = windows
            .iter()
            .any(|window| window.contains(local.second_of_day()));
        let margin = if inside && !holds {
            self.margin()
        } else {
            String::new()
        };
        let hours = shown(windows, local.date());
        let zone = self
            .gazetteer()
            .zone_name(group.zone.name())
            .unwrap_or(group.zone.name());
        let it_is = format!(
            "it is {} on {} {} in {zone}",
            local.clock(),
            weekday(local.date()),
            local.date()
        );
        let (rule, status, jurisdiction, citation, message) = match constraint {
            Constraint::Rule(rule) => (
                rule.id.clone(),
                rule.status,
                Some(rule.jurisdiction.clone()),
                Some(rule.citation.clone()).filter(|citation| !citation.is_empty()),
                format!(
                    "{it_is}; calls to {} {hours}{margin}",
                    self.gazetteer().name(&rule.jurisdiction)
                ),
            ),
            Constraint::House { .. } => {
                let rule = "house-hours".to_owned();
                (
                    rule,
                    RuleStatus::Practice,
                    None,
                    None,
                    format!("{it_is}; by house hours, calls {hours}{margin}"),
                )
            }
            Constraint::CallingHours(_) => {
                let rule = "calling-hours".to_owned();
                (
                    rule,
                    RuleStatus::Practice,
                    None,
                    None,
                    format!("{it_is}; by --calling-hours, calls {hours}{margin}"),
                )
            }
        };
        let message = match &citation {
            Some(citation) => format!("{message} ({citation})"),
            None => message,
        };
        Some(Finding {
            code,
            effect,
            rule: Some(rule),
            status: Some(status),
            jurisdiction,
            citation,
            message,
        })
    }

    fn margin(&self) -> String {
        let (guard, length) = (self.settings().guard, self.settings().call_length);
        match (guard, length) {
            (0, length) => format!(", too near the edge for a call of {length} s"),
            (guard, 0) => format!(", too near the edge for a guard of {guard} s"),
            (guard, length) => {
                format!(", too near the edge for a guard of {guard} s and a call of {length} s")
            }
        }
    }
}

/// Whether the constraint has anything to say on a date.
fn matters_on(constraint: &Constraint<'_>, date: LocalDate) -> bool {
    match constraint {
        Constraint::Rule(rule) => rule.in_force_on(date),
        Constraint::House { gap_of, .. } => !gap_of.is_filled_on(date),
        Constraint::CallingHours(_) => true,
    }
}

fn shown(windows: &[CallingWindow], date: LocalDate) -> String {
    if windows.is_empty() {
        return format!("are not permitted on a {}", weekday(date));
    }
    let windows: Vec<_> = windows.iter().map(ToString::to_string).collect();
    format!("are permitted {}", windows.join(" and "))
}

fn weekday(date: LocalDate) -> String {
    date.weekday().to_string()
}

/// `A, B, C and 20 more`.
fn few(names: &[String]) -> String {
    let named = names
        .iter()
        .take(NAMED_IN_MESSAGE)
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ");
    match names.len().saturating_sub(NAMED_IN_MESSAGE) {
        0 => named,
        rest => format!("{named} and {rest} more"),
    }
}
