//! Findings in words for a compliance officer: who says what, what the clock shows, where it stands.

mod words;

use crate::Instant;
use crate::attempt::CallAttempt;
use crate::civil::{LocalTime, push_time_of_day};
use crate::determination::{Effect, Finding, FindingCode};
use crate::locate::notes;
use crate::rule::{DayHours, Provision, Rule, RuleOrigin, RuleStatus};
use crate::window::CallingWindow;
use crate::zone::Zone;

use super::Gate;
use super::bind::{Bound, Group, Standby};
use words::{Calls, calls_in_words, few, push_all, push_clock, push_from, push_windows};

/// Room for a message: most are shorter, and one that is not grows.
const USUAL_LENGTH: usize = 192;

/// Collects the findings of one attempt.
pub(super) struct Explainer<'g> {
    gate: &'g Gate,
    at: Instant,
    calls: Calls,
    /// The refusal that withdrew the consent which was given.
    refused: Option<Instant>,
    findings: Vec<Finding>,
    in_house: Vec<String>,
    law_set_aside: bool,
}

impl<'g> Explainer<'g> {
    pub(super) fn new(gate: &'g Gate, attempt: &CallAttempt) -> Self {
        Self {
            gate,
            at: attempt.at,
            calls: calls_in_words(attempt.purpose, attempt.channel),
            refused: attempt.consent_withdrawn_at().filter(|end| {
                let revoked = attempt.consent.and_then(|consent| consent.revoked_at);
                revoked != Some(*end) && *end <= attempt.at
            }),
            findings: Vec::with_capacity(8),
            in_house: Vec::new(),
            law_set_aside: false,
        }
    }

    /// All findings; equal ones, which several groups can have, once.
    pub(super) fn findings(mut self, groups: usize) -> Vec<Finding> {
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
        if groups < 2 {
            return self.findings;
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
        let (effect, shown_only) = match (holds, bound.decides) {
            (true, true) => (Effect::Permits, None),
            (false, true) => (Effect::Prohibits, None),
            (true, false) => return,
            (false, false) => (Effect::Notes, Some(FindingCode::UnverifiedRuleWouldProhibit)),
        };
        let mut message = String::with_capacity(USUAL_LENGTH);
        let code = match &rule.provision {
            Provision::Requires(conditions) => {
                let wanted: Vec<_> = conditions.iter().map(ToString::to_string).collect();
                let wanted = wanted.join("; or ");
                if holds {
                    push_all(&mut message, &[name, " demands ", &wanted, ", which is given"]);
                    FindingCode::RequirementMet
                } else {
                    let [purpose, channel] = self.calls;
                    let parts = [name, " permits no ", purpose, channel, " without ", &wanted, "; "];
                    push_all(&mut message, &parts);
                    message.push_str(&self.lack());
                    FindingCode::RequirementNotMet
                }
            }
            Provision::Hours(_) => self.push_hours(&mut message, group, bound, holds, name),
        };
        self.push(rule, shown_only.unwrap_or(code), effect, message);
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

    /// What a rule with hours says.
    fn push_hours(
        &self,
        text: &mut String,
        group: &Group<'g>,
        bound: &Bound<'g>,
        holds: bool,
        name: &str,
    ) -> FindingCode {
        let Some((clock, local, hours)) = self.clock_to_show(group, bound) else {
            push_all(text, &[name, ": no clock of the rule is known"]);
            return FindingCode::OutsideCallingWindow;
        };
        if let Some(calendar) = hours.unverified_calendar {
            let date = local.date().to_string();
            let parts = [
                "the holidays of ",
                calendar,
                " on ",
                &date,
                " are not verified, so ",
                name,
            ];
            push_all(text, &parts);
            text.push_str(" is taken for closed");
            return FindingCode::CalendarUnverified;
        }
        let code = match hours.holiday {
            Some(_) if hours.windows.is_empty() => {
                let [purpose, channel] = self.calls;
                push_all(text, &[name, " permits no ", purpose, channel, " on that day"]);
                FindingCode::Holiday
            }
            holiday => {
                self.push_what(text, name, self.calls, &hours.windows, local, holds);
                match (holds, holiday) {
                    (true, _) => FindingCode::WithinCallingWindow,
                    (false, Some(_)) => FindingCode::Holiday,
                    (false, None) => FindingCode::OutsideCallingWindow,
                }
            }
        };
        if let Some(day) = hours.holiday.filter(|_| code == FindingCode::Holiday) {
            push_all(text, &["; ", &local.date().to_string(), " is ", &day.name]);
        }
        self.push_it_is(text, local, clock, group);
        code
    }

    /// The clock of a rule that is shown, with its hours: the first that closes, else the first.
    fn clock_to_show(
        &self,
        group: &Group<'g>,
        bound: &Bound<'g>,
    ) -> Option<(&'g Zone, LocalTime, DayHours<'g>)> {
        let mut first = None;
        for clock in &bound.clocks {
            let local = clock.local_time(self.at);
            let hours = bound.hours_on(self.gate, group.place(), local.date());
            let second = local.second_of_day();
            if !hours.windows.iter().any(|window| window.contains(second)) {
                return Some((clock, local, hours));
            }
            first.get_or_insert((*clock, local, hours));
        }
        first
    }

    /// `; it is 20:30 in America/New_York`.
    fn push_it_is(&self, text: &mut String, local: LocalTime, clock: &'g Zone, group: &Group<'g>) {
        text.push_str("; it is ");
        push_time_of_day(text, local.second_of_day());
        text.push_str(" in ");
        text.push_str(if core::ptr::eq(clock, group.zone) {
            group.zone_name
        } else {
            self.gate.shown_name(clock)
        });
    }

    /// `Florida ends telephone sales calls at 20:00 local time`.
    fn push_what(
        &self,
        text: &mut String,
        who: &str,
        [purpose, channel]: Calls,
        windows: &[CallingWindow],
        local: LocalTime,
        holds: bool,
    ) {
        let second = local.second_of_day();
        let inside = windows.iter().any(|window| window.contains(second));
        if holds || inside {
            push_all(text, &[who, " permits ", purpose, channel, " "]);
            push_windows(text, windows);
            text.push_str(" local time");
            if !holds {
                text.push_str(&self.margin());
            }
            return;
        }
        let before = windows.iter().rev().find(|window| window.end() <= second);
        let after = windows.iter().find(|window| second < window.start());
        match (before, after) {
            (None, None) => {
                let weekday = local.date().weekday().to_string();
                push_all(
                    text,
                    &[who, " permits no ", purpose, channel, " on ", &weekday, "s"],
                );
                return;
            }
            (None, Some(first)) => {
                push_all(text, &[who, " permits ", purpose, channel, " "]);
                push_from(text, first.start());
            }
            (Some(last), None) => {
                push_all(text, &[who, " ends ", purpose, channel, " at "]);
                push_clock(text, last.end());
            }
            (Some(last), Some(next)) => {
                push_all(text, &[who, " permits no ", purpose, channel, " between "]);
                push_clock(text, last.end());
                text.push_str(" and ");
                push_clock(text, next.start());
            }
        }
        text.push_str(" local time");
    }

    /// House hours or `--calling-hours`.
    pub(super) fn standby(&mut self, group: &Group<'g>, holds: bool) {
        let local = group.zone.local_time(self.at);
        let (hours, who) = match group.standby {
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
                (hours, "the house")
            }
            Standby::CallingHours(hours) => {
                self.law_set_aside = true;
                (hours, "--calling-hours")
            }
        };
        let mut message = String::with_capacity(USUAL_LENGTH);
        self.push_what(
            &mut message,
            who,
            ["calls", ""],
            hours.on(local.date()),
            local,
            holds,
        );
        self.push_it_is(&mut message, local, group.zone, group);
        let (code, effect) = match holds {
            true => (FindingCode::WithinCallingWindow, Effect::Permits),
            false => (FindingCode::OutsideCallingWindow, Effect::Prohibits),
        };
        self.findings.push(Finding {
            code,
            effect,
            rule: Some(group.standby.id().to_owned()),
            status: Some(RuleStatus::Practice),
            jurisdiction: None,
            citation: None,
            message,
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
