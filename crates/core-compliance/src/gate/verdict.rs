//! Verdicts: decisions without findings, for callers who ask about one callee at many instants.

use std::sync::{Arc, OnceLock};

use crate::Instant;
use crate::attempt::CallAttempt;
use crate::civil::LocalDate;
use crate::determination::{Decision, Effect};
use crate::place::Place;
use crate::settings::Hours;
use crate::timetable::Timetable;
use crate::window::CallingWindow;

use super::Gate;
use super::bind::{Group, Range};
use super::outlook::{Outlook, outlook_of};
use super::suppression;

/// The decision on an attempt, without the reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the call may be placed.
    pub decision: Decision,
    /// As in a [`Determination`](crate::Determination).
    pub permitted_until: Option<Instant>,
    /// As in a [`Determination`](crate::Determination).
    pub next_opening: Option<Instant>,
}

impl Verdict {
    const UNTOLD: Self = Self {
        decision: Decision::Prohibit,
        permitted_until: None,
        next_opening: None,
    };

    /// Whether the call may be placed.
    #[must_use]
    pub fn is_permitted(&self) -> bool {
        self.decision == Decision::Permit
    }
}

/// When one callee may be called: an attempt with everything settled except its instant. Made by [`Gate::schedule`].
#[derive(Debug)]
pub struct Schedule<'g> {
    gate: &'g Gate,
    attempt: CallAttempt,
    /// Empty if the callee's place is not resolved.
    places: Vec<Place>,
    first_year: i32,
    /// What is known of each supported year, worked out when first asked for.
    years: Box<[OnceLock<Vec<Stretch>>]>,
}

/// A part of a year in which the same caps are in force.
#[derive(Debug)]
struct Stretch {
    /// First second after it.
    until: i64,
    openings: Timetable,
    /// Whether a finding prohibits that is no matter of hours: no history where the settings demand one.
    is_barred: bool,
}

impl Gate {
    /// Settles everything about an attempt except its instant, which is not looked at.
    ///
    /// The first decision in a year works out the timetable of that year; the others take well under 100 ns.
    ///
    /// ```
    /// # #[cfg(feature = "bundled-tzdb")] {
    /// use core_compliance::{CallAttempt, Evidence, Gate, Instant, Rulebook, Settings, ZoneDatabase};
    ///
    /// let gate = Gate::new(ZoneDatabase::bundled(), Rulebook::shipped(), Settings::default())?;
    /// let evidence = Evidence { region: Some("US-CA".into()), ..Evidence::default() };
    /// let schedule = gate.schedule(&CallAttempt::new(Instant::EARLIEST, evidence));
    /// let verdict = schedule.decide("2026-06-10T14:59:59Z".parse()?);
    /// assert!(!verdict.is_permitted());
    /// assert_eq!(verdict.next_opening, Some("2026-06-10T15:00:00Z".parse()?));
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn schedule(&self, attempt: &CallAttempt) -> Schedule<'_> {
        let located = self.locator().locate(&attempt.evidence);
        let first_year = Instant::EARLIEST.to_utc().year();
        let years = first_year..=Instant::LATEST.to_utc().year();
        Schedule {
            gate: self,
            attempt: attempt.clone(),
            places: located.places.into_iter().map(|(place, _)| place).collect(),
            first_year,
            years: years.map(|_| OnceLock::new()).collect(),
        }
    }
}

impl Schedule<'_> {
    /// What [`Gate::determine`] decides about the attempt at this instant, without saying why.
    #[must_use]
    pub fn decide(&self, at: Instant) -> Verdict {
        if self.places.is_empty() {
            return Verdict::UNTOLD;
        }
        let second = at.unix();
        let year = LocalDate::of_local_seconds(second).to_date().year();
        // Every instant lies in a supported year, and the stretches of a year cover it.
        let stretch = usize::try_from(year - self.first_year)
            .ok()
            .and_then(|index| self.years.get(index))
            .map(|slot| slot.get_or_init(|| self.stretches(at)))
            .and_then(|stretches| stretches.iter().find(|stretch| second < stretch.until));
        let Some(stretch) = stretch else {
            return Verdict::UNTOLD;
        };
        if stretch.is_barred {
            return Verdict::UNTOLD;
        }
        match outlook_of(stretch.openings.opening_from(second), at) {
            Outlook::Open { until } => Verdict {
                decision: Decision::Permit,
                permitted_until: until,
                next_opening: None,
            },
            Outlook::Closed { next } => Verdict {
                decision: Decision::Prohibit,
                permitted_until: None,
                next_opening: next,
            },
        }
    }

    /// The year of this instant, cut wherever a cap comes into force or goes out of it: a determination heeds the caps
    /// in force on its own day.
    fn stretches(&self, at: Instant) -> Vec<Stretch> {
        let range = Range::around(at);
        let groups = self.gate.groups(self.places.iter(), &self.attempt, range);
        let hours = groups
            .iter()
            .map(|group| self.gate.schedules.of(self.gate, group, range))
            .chain(suppression::open(&self.attempt, range).map(Arc::new))
            .fold(Timetable::always(range.from, range.until), |all, each| {
                all.intersect(&each)
            });
        let mut cuts = self.cap_changes(&groups, range);
        cuts.push(range.until);
        cuts.sort_unstable();
        cuts.dedup();
        let mut from = range.from;
        let mut stretches = Vec::with_capacity(cuts.len());
        for until in cuts {
            let attempt = CallAttempt {
                at: Instant::from_unix_clamped(from),
                ..self.attempt.clone()
            };
            let caps = self.gate.read_caps(&groups, &attempt, range);
            let openings = caps
                .open
                .iter()
                .fold(hours.clone(), |all, open| all.intersect(open));
            let is_barred = attempt.history.is_none()
                && caps
                    .findings
                    .iter()
                    .any(|finding| finding.effect == Effect::Prohibits);
            stretches.push(Stretch {
                until,
                openings,
                is_barred,
            });
            from = until;
        }
        stretches
    }

    /// The instants at which a governing cap begins or ends to be in force.
    fn cap_changes(&self, groups: &[Group<'_>], range: Range) -> Vec<i64> {
        let mut cuts = Vec::new();
        if matches!(self.gate.settings.hours, Hours::CallingHours(_)) {
            return cuts;
        }
        for group in groups {
            for jurisdiction in &group.jurisdictions {
                let book = &self.gate.rulebook;
                for cap in book.governing_caps(jurisdiction, self.attempt.purpose, self.attempt.channel) {
                    if cap.effective_from.is_none() && cap.effective_until.is_none() {
                        continue;
                    }
                    let in_force = Timetable::of_windows(group.zone, range.from, range.until, |date| {
                        if cap.in_force_on(date) {
                            CallingWindow::WHOLE_DAY_LIST
                        } else {
                            &[]
                        }
                    });
                    let edges = in_force
                        .openings()
                        .iter()
                        .flat_map(|each| [each.open, each.close]);
                    cuts.extend(edges.filter(|edge| range.from < *edge && *edge < range.until));
                }
            }
        }
        cuts
    }
}
