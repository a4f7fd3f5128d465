//! Findings in words for a compliance officer: who says what, what the clock shows, where it stands.

use crate::Instant;
use crate::attempt::{CallAttempt, Channel, Purpose};
use crate::civil::{LocalDate, LocalTime};
use crate::determination::{Effect, Finding, FindingCode};
use crate::locate::notes;
use crate::rule::{DayHours, Provision, Rule, RuleOrigin, RuleStatus};
use crate::window::CallingWindow;

use super::Gate;
use super::bind::{Bound, Group, Standby};

/// How many jurisdictions a message names before it counts the rest.
const NAMED_IN_MESSAGE: usize = 3;

/// Collects the findings of one attempt.
pub(super) struct Explainer<'g> {
    gate: &'g Gate,
    at: Instant,
    /// `telephone sales calls`.
    calls: String,
    /// The refusal that withdrew the consent which was given.
    refused: Option<Instant>,
    findings: Vec<Finding>,
    in_house: Vec<String>,
    law_set_aside: bool,
}

impl<'g> Explainer<'g> {
    pub(super) fn new(gate: &'g Gate, attempt: &CallAttempt) -> Self {
        let calls = calls_in_words(attempt.purpose, attempt.channel);
        Self {
            gate,
            at: attempt.at,
            calls,
            refused: attempt.consent_withdrawn_at().filter(|end| {
                let revoked = attempt.consent.and_then(|consent| consent.revoked_at);
                revoked != Some(*end) && *end <= attempt.at
            }),
            findings: Vec::new(),
            in_house: Vec::new(),
            law_set_aside: false,
        }
    }

    /// All findings; equal ones once.
    pub(super) fn findings(mut self) -> Vec<Finding> {
        if !self.in_house.is_empty() {
            self.in_house.sort_unstable();
            self.in_house.dedup();
            let names = few(&self.in_house);
            self.findings.push(notes(
                FindingCode::HouseHours,
                format!("no rule gives hours for such calls to {names}; the house hours decide"),
            ));
        }
        if self.law_set_aside {
            let message = "--calling-hours decides alone: no law was applied";
            self.findings
                .push(notes(FindingCode::LawNotApplied, message.to_owned()));
        }
        let mut once: Vec<Finding> = Vec::with_capacity(self.findings.len());
        for finding in self.findings {
            if !once.contains(&finding) {
                once.push(finding);
            }
        }
        once
    }

    pub(super) fn rule(&mut self, group: &Group<'g>, bound: &Bound<'g>, holds: bool) {
        let rule = bound.rule;
        let here = group.zone.local_time(self.at);
        if !rule.in_force_on(here.date()) && (holds || !bound.decides) {
            return;
        }
        let name = match rule.origin {
            RuleOrigin::Overlay => &format!("own rule {}", rule.id),
            _ => self.gate.gazetteer().name(&rule.jurisdiction),
        };
        if bound.exempt.permits(self.at.unix()) && holds {
            let why: Vec<_> = rule.unless.iter().map(ToString::to_string).collect();
            let message = format!("{name}: {} does not bind: {}", rule.id, why.join("; or "));
            self.push(rule, FindingCode::ExemptionApplies, Effect::Notes, message);
            return;
        }
        let (code, message) = match &rule.provision {
            Provision::Requires(conditions) => {
                let wanted: Vec<_> = conditions.iter().map(ToString::to_string).collect();
                let wanted = wanted.join("; or ");
                match holds {
                    true => (
                        FindingCode::RequirementMet,
                        format!("{name} demands {wanted}, which is given"),
                    ),
                    false => (
                        FindingCode::RequirementNotMet,
                        format!(
                            "{name} permits no {} without {wanted}; {}",
                            self.calls,
                            self.lack()
                        ),
                    ),
                }
            }
            Provision::Hours(_) => self.hours_message(group, bound, holds, name),
        };
        let (code, effect) = match (holds, bound.decides) {
            (true, true) => (code, Effect::Permits),
            (false, true) => (code, Effect::Prohibits),
            (true, false) => return,
            (false, false) => (FindingCode::UnverifiedRuleWouldProhibit, Effect::Notes),
        };
        self.push(rule, code, effect, message);
    }

    /// Why a requirement is not met.
    fn lack(&self) -> String {
        let withdrawn = |at| format!("the refusal of {at} withdrew the consent");
        self.refused.map_or_else(|| "none is given".to_owned(), withdrawn)
    }

    fn push(&mut self, rule: &Rule, code: FindingCode, effect: Effect, mut message: String) {
        let citation = Some(rule.provenance.citation.clone()).filter(|citation| !citation.is_empty());
        if let Some(citation) = &citation {
            for part in [" (", citation, ")"] {
                message.push_str(part);
            }
        }
        self.findings.push(Finding {
            code,
            effect,
            rule: Some(rule.id.clone()),
            status: Some(rule.status),
            jurisdiction: Some(rule.jurisdiction.clone()),
            citation,
            message,
        });
    }

    fn hours_message(
        &self,
        group: &Group<'g>,
        bound: &Bound<'g>,
        holds: bool,
        name: &str,
    ) -> (FindingCode, String) {
        // The clock to show: the first that closes, else the first.
        let read = |clock: &&'g crate::Zone| {
            let local = clock.local_time(self.at);
            (
                *clock,
                local,
                bound.hours_on(self.gate, group.place(), local.date()),
            )
        };
        let closed = |(_, local, hours): &(_, LocalTime, DayHours<'_>)| {
            !hours
                .windows
                .iter()
                .any(|window| window.contains(local.second_of_day()))
        };
        let readings: Vec<_> = bound.clocks.iter().map(read).collect();
        let Some((clock, local, hours)) = readings.iter().find(|each| closed(each)).or(readings.first())
        else {
            return (
                FindingCode::OutsideCallingWindow,
                format!("{name}: no clock of the rule is known"),
            );
        };
        let zone = self
            .gate
            .gazetteer()
            .zone_name(clock.name())
            .unwrap_or(clock.name());
        let it_is = format!("it is {} in {zone}", local.clock());
        if let Some(calendar) = hours.unverified_calendar {
            let message = format!(
                "the holidays of {calendar} on {} are not verified, so {name} is taken for closed",
                local.date()
            );
            return (FindingCode::CalendarUnverified, message);
        }
        let what = self.what(name, &self.calls, &hours.windows, *local, holds);
        match hours.holiday {
            Some(day) if hours.windows.is_empty() => (
                FindingCode::Holiday,
                format!(
                    "{name} permits no {} on that day; {} is {}; {it_is}",
                    self.calls,
                    local.date(),
                    day.name
                ),
            ),
            Some(day) if !holds => (
                FindingCode::Holiday,
                format!("{what}; {} is {}; {it_is}", local.date(), day.name),
            ),
            _ if holds => (FindingCode::WithinCallingWindow, format!("{what}; {it_is}")),
            _ => (FindingCode::OutsideCallingWindow, format!("{what}; {it_is}")),
        }
    }

    /// `Florida ends telephone sales calls at 20:00 local time`.
    fn what(
        &self,
        who: &str,
        calls: &str,
        windows: &[CallingWindow],
        local: LocalTime,
        holds: bool,
    ) -> String {
        let second = local.second_of_day();
        let inside = windows.iter().any(|window| window.contains(second));
        let listed = || windows.iter().map(window_text).collect::<Vec<_>>().join(" and ");
        if holds {
            return format!("{who} permits {calls} {} local time", listed());
        }
        if inside {
            return format!("{who} permits {calls} {} local time{}", listed(), self.margin());
        }
        let before = windows.iter().rev().find(|window| window.end() <= second);
        let after = windows.iter().find(|window| second < window.start());
        match (before, after) {
            (None, None) => format!("{who} permits no {calls} on {}", day_in_words(local.date())),
            (None, Some(first)) => format!("{who} permits {calls} {} local time", from_text(first.start())),
            (Some(last), None) => format!("{who} ends {calls} at {} local time", clock_text(last.end())),
            (Some(last), Some(next)) => format!(
                "{who} permits no {calls} between {} and {} local time",
                clock_text(last.end()),
                clock_text(next.start())
            ),
        }
    }

    /// House hours or `--calling-hours`.
    pub(super) fn standby(&mut self, group: &Group<'g>, holds: bool) {
        let local = group.zone.local_time(self.at);
        let (hours, id, who) = match group.standby {
            Standby::House(hours) => {
                let is_displaced = group.has_hours_at(self.at.unix(), local.date());
                // Displaced now, and yet closed: the guard or the call reaches into a time when they are not.
                if is_displaced && holds {
                    return;
                }
                if !is_displaced {
                    let names = group
                        .jurisdictions
                        .iter()
                        .map(|each| self.gate.gazetteer().name(each).to_owned());
                    self.in_house.extend(names);
                }
                (hours, "house-hours", "the house")
            }
            Standby::CallingHours(hours) => {
                self.law_set_aside = true;
                (hours, "calling-hours", "--calling-hours")
            }
        };
        let zone = self
            .gate
            .gazetteer()
            .zone_name(group.zone.name())
            .unwrap_or(group.zone.name());
        let what = self.what(who, "calls", hours.on(local.date()), local, holds);
        let (code, effect) = match holds {
            true => (FindingCode::WithinCallingWindow, Effect::Permits),
            false => (FindingCode::OutsideCallingWindow, Effect::Prohibits),
        };
        self.findings.push(Finding {
            code,
            effect,
            rule: Some(id.to_owned()),
            status: Some(RuleStatus::Practice),
            jurisdiction: None,
            citation: None,
            message: format!("{what}; it is {} in {zone}", local.clock()),
        });
    }

    fn margin(&self) -> String {
        let (guard, length) = (self.gate.settings().guard, self.gate.settings().call_length);
        match (guard, length) {
            (0, length) => format!(", too near the edge for a call of {length} s"),
            (guard, 0) => format!(", too near the edge for a guard of {guard} s"),
            (guard, length) => {
                format!(", too near the edge for a guard of {guard} s and a call of {length} s")
            }
        }
    }
}

fn calls_in_words(purpose: Purpose, channel: Channel) -> String {
    let purpose = match purpose {
        Purpose::Sales => "sales",
        Purpose::SalesAutomated => "automated sales",
        Purpose::Fundraising => "fundraising",
        Purpose::Research => "research",
        Purpose::Collections => "debt collection",
        Purpose::Informational => "informational",
    };
    match channel {
        Channel::Voice => format!("{purpose} calls"),
        Channel::Text => format!("{purpose} texts"),
        Channel::Email => format!("{purpose} e-mails"),
    }
}

/// `20:00`. A window that starts one second late is one whose text says "after".
fn clock_text(second: u32) -> String {
    let text = format!("{:02}:{:02}", second / 3_600, second / 60 % 60);
    match second % 60 {
        0 => text,
        1 => format!("after {text}"),
        rest => format!("{text}:{rest:02}"),
    }
}

fn day_in_words(date: LocalDate) -> String {
    format!("{}s", date.weekday())
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

fn from_text(second: u32) -> String {
    let text = clock_text(second);
    if text.starts_with("after") {
        text
    } else {
        format!("from {text}")
    }
}

/// `08:00-20:00`, `after 09:00 until 21:00`.
fn window_text(window: &CallingWindow) -> String {
    let (start, end) = (clock_text(window.start()), clock_text(window.end()));
    if start.starts_with("after") {
        format!("{start} until {end}")
    } else {
        format!("{start}-{end}")
    }
}
