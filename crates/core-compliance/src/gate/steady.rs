//! How long an answer stands: for callers who ask about many callees at many instants and keep what they were told.

use core::ops::Range as Seconds;

use crate::Instant;
use crate::attempt::{CallAttempt, Evidence};
use crate::civil::{DAY, LocalDate};
use crate::determination::Determination;
use crate::locate::Locator;
use crate::place::Place;
use crate::rule::Provision;
use crate::timetable::Timetable;
use crate::zone::Zone;

use super::Gate;
use super::bind::{Bound, Group, MARGIN_DAYS, Range, Standby};
use super::outlook::LOOK_AHEAD_DAYS;

impl Gate {
    /// A determination, and the seconds around its instant in which decision, end, next opening, first reason and the
    /// offsets of all places are the same: at most those of its UTC day. An attempt with a history is steady for its
    /// own second.
    #[must_use]
    pub fn determine_steadily(&self, attempt: &CallAttempt) -> (Determination, Seconds<i64>) {
        let determination = self.determine(attempt);
        let at = attempt.at.unix();
        if attempt.history.is_some() {
            return (determination, at..at + 1);
        }
        let day = at.div_euclid(DAY) * DAY;
        let range = Range {
            year: attempt.at.to_utc().year(),
            from: day - MARGIN_DAYS * DAY,
            until: day + (1 + MARGIN_DAYS) * DAY,
        };
        let places: Vec<Place> = determination
            .places
            .iter()
            .map(|judged| Place {
                jurisdiction: judged.jurisdiction.clone(),
                zone: judged.zone.clone(),
            })
            .collect();
        let mut edges = Vec::new();
        for group in self.groups(places.iter(), attempt, range) {
            self.edges_of(&group, range, &mut edges);
        }
        let (guard, after) = (self.settings().guard, self.settings().seconds_after());
        let shifted: Vec<i64> = edges
            .iter()
            .flat_map(|edge| [edge + i64::from(guard), edge - i64::from(after)])
            .collect();
        edges.extend(shifted);
        edges.extend([day, day + DAY]);
        edges.extend(
            attempt
                .suppression
                .as_ref()
                .and_then(|entry| entry.until)
                .map(Instant::unix),
        );
        let named = determination.permitted_until.or(determination.next_opening);
        // What is named comes into sight so many days before.
        edges.extend(named.map(|named| named.unix() - i64::from(LOOK_AHEAD_DAYS) * DAY));
        let from = edges.iter().copied().filter(|edge| *edge <= at).max();
        let until = edges.iter().copied().filter(|edge| *edge > at).min();
        let (from, mut until) = (from.unwrap_or(at), until.unwrap_or(at + 1));
        if named.is_none() && until > at + 1 {
            // What is not named yet may come into sight within the stretch.
            let last = self.determine(&CallAttempt {
                at: Instant::from_unix_clamped(until - 1),
                ..attempt.clone()
            });
            if last.permitted_until.or(last.next_opening).is_some() {
                until = at + 1;
            }
        }
        (determination, from..until)
    }

    /// The places that an attempt with this evidence is judged in; empty where [`Gate::determine`] says why there are none.
    #[must_use]
    pub fn places(&self, evidence: &Evidence) -> Vec<Place> {
        let locator = Locator {
            places_alone: true,
            ..self.locator()
        };
        let located = locator.locate(evidence).places;
        located.into_iter().map(|(place, _)| place).collect()
    }

    /// The country whose postal code this evidence's is taken for; `None` if the evidence names none, or several.
    #[cfg(feature = "postal")]
    #[must_use]
    pub fn postal_country(&self, evidence: &Evidence) -> Option<String> {
        self.locator().country_code(evidence)
    }

    /// Every second of the range at which a rule, a clock or a date of the group may change. More than needed does no
    /// harm.
    fn edges_of<'g>(&'g self, group: &Group<'g>, range: Range, edges: &mut Vec<i64>) {
        changes(group.zone, range, edges);
        for bound in &group.rules {
            for clock in &bound.clocks {
                changes(clock, range, edges);
                self.edges_of_windows(group, bound, clock, range, edges);
            }
            ends(&bound.exempt, edges);
            ends(&bound.lifted, edges);
            ends(&bound.met, edges);
        }
        let (Standby::House(hours) | Standby::CallingHours(hours)) = group.standby;
        let standby = Timetable::of_windows(group.zone, range.from, range.until, |date| hours.on(date));
        ends(&standby, edges);
    }

    fn edges_of_windows<'g>(
        &'g self,
        group: &Group<'g>,
        bound: &Bound<'g>,
        clock: &Zone,
        range: Range,
        edges: &mut Vec<i64>,
    ) {
        if matches!(bound.rule.provision, Provision::Hours(_)) {
            let windows = |date| bound.hours_on(self, group.place(), date).windows;
            ends(
                &Timetable::of_windows(clock, range.from, range.until, windows),
                edges,
            );
        }
    }
}

fn ends(timetable: &Timetable, edges: &mut Vec<i64>) {
    edges.extend(
        timetable
            .openings()
            .iter()
            .flat_map(|each| [each.open, each.close]),
    );
}

/// The clock's changes of offset, and its midnights.
fn changes(clock: &Zone, range: Range, edges: &mut Vec<i64>) {
    for span in clock.spans(range.from, range.until) {
        let (start, end) = (span.from.max(range.from), span.until.min(range.until));
        let offset = i64::from(span.offset);
        let first = LocalDate::of_local_seconds(start + offset).days();
        let last = LocalDate::of_local_seconds(end - 1 + offset).days();
        edges.push(start);
        edges.extend((first..=last).map(|day| i64::from(day) * DAY - offset));
    }
}
