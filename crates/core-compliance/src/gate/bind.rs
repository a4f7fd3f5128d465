//! What binds an attempt at a place: rules with the facts that lift them, and the hours that stand in for them.

use crate::Instant;
use crate::Jurisdiction;
use crate::attempt::{CallAttempt, Consent};
use crate::civil::{DAY, LocalDate};
use crate::place::Place;
use crate::rule::{DayHours, Hours, Provision, Rule, RuleClock};
use crate::settings::{Hours as HoursSetting, UnverifiedRules};
use crate::timetable::Timetable;
use crate::window::{CallingWindow, WeeklyWindows};
use crate::zone::Zone;

use super::Gate;
use super::outlook::LOOK_AHEAD_DAYS;

/// Days known before the year's first instant and after the farthest look-ahead: more than any offset or guard.
pub(super) const MARGIN_DAYS: i64 = 3;

/// The stretch of time that is looked at: the attempt's year, and the look-ahead after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Range {
    pub(super) year: i32,
    pub(super) from: i64,
    pub(super) until: i64,
}

impl Range {
    pub(super) fn around(at: Instant) -> Self {
        let year = at.to_utc().year();
        let new_year = |year| LocalDate::from_calendar(year, 1, 1).map_or(0, |date| i64::from(date.days()));
        Self {
            year,
            from: (new_year(year) - MARGIN_DAYS) * DAY,
            until: (new_year(year + 1) + i64::from(LOOK_AHEAD_DAYS) + MARGIN_DAYS) * DAY,
        }
    }
}

/// All that binds the places that share a clock and a set of rules.
#[derive(Debug)]
pub(super) struct Group<'g> {
    pub(super) zone: &'g Zone,
    /// The zone's name as it is shown.
    pub(super) zone_name: &'g str,
    /// The jurisdictions concerned, in order.
    pub(super) jurisdictions: Vec<&'g Jurisdiction>,
    /// The place, where its rules have days that count in some places alone.
    pub(super) apart: Option<&'g Jurisdiction>,
    pub(super) rules: Vec<Bound<'g>>,
    pub(super) standby: Standby<'g>,
    /// Whether facts of the attempt change anything.
    pub(super) has_facts: bool,
}

/// A rule as it binds one attempt.
#[derive(Debug)]
pub(super) struct Bound<'g> {
    pub(super) rule: &'g Rule,
    pub(super) decides: bool,
    /// The clocks that the rule reads; empty = not all of them are known, and the rule is taken for closed.
    pub(super) clocks: Vec<&'g Zone>,
    /// When one of the rule's `unless` is met.
    pub(super) exempt: Timetable,
    /// The same as if consent had not been withdrawn. The house hours that stood in then stay: a refusal, which withdraws
    /// consent, opens nothing.
    pub(super) lifted: Timetable,
    /// When one of the rule's `requires` is met.
    pub(super) met: Timetable,
}

/// The hours that stand in for rules.
#[derive(Clone, Copy, Debug)]
pub(super) enum Standby<'g> {
    /// House hours, wherever no rule of the rulebook gives hours.
    House(&'g WeeklyWindows),
    /// `--calling-hours`: these alone.
    CallingHours(&'g WeeklyWindows),
}

impl Standby<'_> {
    /// What findings call them.
    pub(super) fn id(&self) -> &'static str {
        match self {
            Self::House(_) => "house-hours",
            Self::CallingHours(_) => "calling-hours",
        }
    }
}

impl<'g> Group<'g> {
    /// The place by which days of single counties are judged.
    pub(super) fn place(&self) -> Option<&'g Jurisdiction> {
        self.jurisdictions.first().copied()
    }

    /// Whether, at this instant, a rule of the rulebook that binds gives hours: then the house hours stand back.
    pub(super) fn has_hours_at(&self, unix: i64, date: LocalDate) -> bool {
        self.rules.iter().any(|bound| {
            bound.rule.displaces_house_hours() && bound.rule.in_force_on(date) && !bound.lifted.permits(unix)
        })
    }
}

impl<'g> Bound<'g> {
    /// The hours of a rule on a date of one of its clocks, whole days where it is not in force.
    pub(super) fn hours_on(
        &self,
        gate: &'g Gate,
        place: Option<&Jurisdiction>,
        date: LocalDate,
    ) -> DayHours<'g> {
        let whole = DayHours {
            windows: std::borrow::Cow::Borrowed(CallingWindow::WHOLE_DAY_LIST),
            holiday: None,
            unverified_calendar: None,
        };
        match (&self.rule.provision, place) {
            (Provision::Hours(hours), Some(place)) if self.rule.in_force_on(date) => {
                hours.on(date, place, |id| gate.rulebook.calendar(id))
            }
            _ => whole,
        }
    }
}

impl Gate {
    /// What binds each place; places that share clock and rules are taken together.
    pub(super) fn groups<'g>(
        &'g self,
        places: impl Iterator<Item = &'g Place>,
        attempt: &CallAttempt,
        range: Range,
    ) -> Vec<Group<'g>> {
        let mut groups: Vec<Group<'g>> = Vec::new();
        for place in places {
            // Located places are in zones that the data knows.
            let Ok(zone) = self.zones.get(&place.zone) else {
                continue;
            };
            let rules: Vec<&Rule> = match &self.settings.hours {
                HoursSetting::CallingHours(_) => Vec::new(),
                HoursSetting::Law { .. } => self
                    .rulebook
                    .governing(&place.jurisdiction, attempt.purpose, attempt.channel)
                    .collect(),
            };
            // Where days count in some places alone, each place is judged by itself.
            let apart = rules
                .iter()
                .any(|rule| self.rulebook.has_local_days(rule))
                .then_some(&place.jurisdiction);
            let same = |group: &&mut Group<'g>| {
                group.apart == apart
                    && group.zone.name() == zone.name()
                    && group
                        .rules
                        .iter()
                        .map(|bound| &bound.rule.id)
                        .eq(rules.iter().map(|rule| &rule.id))
            };
            if let Some(group) = groups.iter_mut().find(same) {
                group.jurisdictions.push(&place.jurisdiction);
                continue;
            }
            let rules: Vec<_> = rules
                .into_iter()
                .map(|rule| self.bind(rule, zone, attempt, range))
                .collect();
            let touched =
                |bound: &Bound<'_>| !bound.lifted.openings().is_empty() || !bound.met.openings().is_empty();
            groups.push(Group {
                zone,
                zone_name: self.shown_name(zone),
                jurisdictions: vec![&place.jurisdiction],
                apart,
                has_facts: rules.iter().any(touched),
                rules,
                standby: match &self.settings.hours {
                    HoursSetting::CallingHours(hours) => Standby::CallingHours(hours),
                    HoursSetting::Law { house } => Standby::House(house),
                },
            });
        }
        groups
    }

    /// The tables' name of a zone, or its own where they have none.
    pub(super) fn shown_name<'g>(&'g self, zone: &'g Zone) -> &'g str {
        self.gazetteer.zone_name(zone.name()).unwrap_or(zone.name())
    }

    pub(super) fn bind<'g>(
        &'g self,
        rule: &'g Rule,
        zone: &'g Zone,
        attempt: &CallAttempt,
        range: Range,
    ) -> Bound<'g> {
        let met = |conditions: &[crate::Condition], attempt: &CallAttempt| {
            let none = Timetable::new(range.from, range.until, []);
            conditions.iter().fold(none, |all, condition| {
                let one = condition.met_by(attempt, zone, range.from, range.until);
                if one.openings().is_empty() {
                    all
                } else {
                    all.union(&one)
                }
            })
        };
        let (clocks, requires) = match &rule.provision {
            Provision::Hours(hours) => (self.clocks(rule, hours, zone), [].as_slice()),
            Provision::Requires(conditions) => (vec![zone], conditions.as_slice()),
        };
        let exempt = met(&rule.unless, attempt);
        let lifted = match attempt.consent_withdrawn_at() {
            None => exempt.clone(),
            Some(_) => {
                let consent = attempt.consent.map(|consent| Consent {
                    revoked_at: None,
                    ..consent
                });
                let before = CallAttempt {
                    consent,
                    history: None,
                    ..attempt.clone()
                };
                met(&rule.unless, &before)
            }
        };
        Bound {
            rule,
            decides: rule.decides() || self.settings.unverified == UnverifiedRules::Decide,
            clocks,
            exempt,
            lifted,
            met: met(requires, attempt),
        }
    }

    fn clocks<'g>(&'g self, rule: &'g Rule, hours: &Hours, zone: &'g Zone) -> Vec<&'g Zone> {
        match hours.clock {
            RuleClock::Callee => vec![zone],
            RuleClock::Fixed(offset) => self.fixed_clocks.get(&offset).into_iter().collect(),
            RuleClock::Jurisdiction => {
                // All of them or none: a rule that cannot be read on each of its clocks closes.
                let own = self.gazetteer.zones(&rule.jurisdiction).iter();
                let Ok(mut clocks) = own
                    .map(|name| self.zones.get(name))
                    .collect::<Result<Vec<&Zone>, _>>()
                else {
                    return Vec::new();
                };
                // The callee's own clock counts even where the tables do not list it.
                if !clocks.iter().any(|clock| clock.same_clock(zone)) {
                    clocks.push(zone);
                }
                clocks
            }
        }
    }
}
