//! What governs a place: rules, or the hours that stand in for them.

use crate::Jurisdiction;
use crate::attempt::CallAttempt;
use crate::civil::LocalDate;
use crate::place::Place;
use crate::rule::{Provision, Rule, RuleOrigin};
use crate::settings::Hours;
use crate::window::{CallingWindow, WeeklyWindows};
use crate::zone::Zone;

use super::Gate;

/// What a constraint leaves open on a date on which it has nothing to say.
static WHOLE_DAY: [CallingWindow; 1] = [CallingWindow::WHOLE_DAY];

/// All that gives hours to the places that share a clock and a set of rules.
#[derive(Debug)]
pub(super) struct Governing<'g> {
    pub(super) zone: &'g Zone,
    /// The jurisdictions concerned, in order.
    pub(super) jurisdictions: Vec<Jurisdiction>,
    pub(super) constraints: Vec<Constraint<'g>>,
}

/// One thing that gives hours.
#[derive(Clone, Copy, Debug)]
pub(super) enum Constraint<'g> {
    /// A rule.
    Rule(&'g Rule),
    /// The house hours, on dates on which none of these rules of the rulebook gives hours.
    House {
        hours: &'g WeeklyWindows,
        gap_of: GapOf<'g>,
    },
    /// `--calling-hours`.
    CallingHours(&'g WeeklyWindows),
}

/// The rules whose silence lets the house hours in.
#[derive(Clone, Copy, Debug)]
pub(super) struct GapOf<'g> {
    gate: &'g Gate,
    jurisdiction: &'g Jurisdiction,
    purpose: crate::Purpose,
    channel: crate::Channel,
}

impl<'g> Constraint<'g> {
    /// The windows that it leaves open on a local date.
    pub(super) fn windows_on(&self, date: LocalDate) -> &'g [CallingWindow] {
        match self {
            Self::Rule(rule) if rule.in_force_on(date) => {
                let Provision::Windows(windows) = &rule.provision;
                windows.on(date)
            }
            Self::Rule(_) => &WHOLE_DAY,
            Self::House { hours, gap_of } => {
                if gap_of.is_filled_on(date) {
                    &WHOLE_DAY
                } else {
                    hours.on(date)
                }
            }
            Self::CallingHours(hours) => hours.on(date),
        }
    }

    /// Whether it takes part in decisions.
    pub(super) fn decides(&self) -> bool {
        match self {
            Self::Rule(rule) => rule.decides(),
            Self::House { .. } | Self::CallingHours(_) => true,
        }
    }

    /// A name under which timetables are kept.
    pub(super) fn key(&self) -> &'g str {
        match self {
            Self::Rule(rule) => &rule.id,
            Self::House { .. } => "house-hours",
            Self::CallingHours(_) => "calling-hours",
        }
    }
}

impl GapOf<'_> {
    /// Whether a deciding rule of the rulebook gives hours on this date. The user's own rules do not count: adding one
    /// must never open the hours outside the house's.
    pub(super) fn is_filled_on(&self, date: LocalDate) -> bool {
        self.gate
            .rulebook
            .governing(self.jurisdiction, self.purpose, self.channel)
            .any(|rule| rule.origin == RuleOrigin::Rulebook && rule.decides() && rule.in_force_on(date))
    }
}

impl Gate {
    /// What governs each place; places that share clock and rules are taken together.
    pub(super) fn governing<'g>(
        &'g self,
        places: impl Iterator<Item = &'g Place>,
        attempt: &CallAttempt,
    ) -> Vec<Governing<'g>> {
        let mut all: Vec<Governing<'g>> = Vec::new();
        for place in places {
            // Located places are in zones that the data knows.
            let Ok(zone) = self.zones.get(&place.zone) else {
                continue;
            };
            let constraints = self.constraints(&place.jurisdiction, attempt);
            let same = |each: &&mut Governing<'g>| {
                each.zone.name() == zone.name()
                    && each
                        .constraints
                        .iter()
                        .map(Constraint::key)
                        .eq(constraints.iter().map(Constraint::key))
            };
            match all.iter_mut().find(same) {
                Some(group) => group.jurisdictions.push(place.jurisdiction.clone()),
                None => {
                    all.push(Governing {
                        zone,
                        jurisdictions: vec![place.jurisdiction.clone()],
                        constraints,
                    });
                }
            }
        }
        all
    }

    fn constraints<'g>(
        &'g self,
        jurisdiction: &'g Jurisdiction,
        attempt: &CallAttempt,
    ) -> Vec<Constraint<'g>> {
        let house = match &self.settings.hours {
            Hours::CallingHours(hours) => return vec![Constraint::CallingHours(hours)],
            Hours::Law { house } => house,
        };
        let (purpose, channel) = (attempt.purpose, attempt.channel);
        let mut constraints: Vec<_> = self
            .rulebook
            .governing(jurisdiction, purpose, channel)
            .map(Constraint::Rule)
            .collect();
        let gap_of = GapOf {
            gate: self,
            jurisdiction,
            purpose,
            channel,
        };
        constraints.push(Constraint::House { hours: house, gap_of });
        constraints
    }
}
