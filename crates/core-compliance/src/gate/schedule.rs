//! The fast evaluator: timetables composed by set algebra, built once for a clock, a set of rules and a year.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::civil::LocalDate;
use crate::rule::{Provision, Rule};
use crate::timetable::Timetable;
use crate::window::CallingWindow;
use crate::zone::Zone;

use super::Gate;
use super::bind::{Bound, Group, Range, Standby};

/// Timetables by zone, rules and year, for attempts without facts of their own.
#[derive(Debug, Default)]
pub(super) struct Schedules(RwLock<HashMap<Key, Arc<Timetable>>>);

#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    /// Zones and rules by their addresses: the gate that keeps the timetables keeps these too, and changes neither.
    zone: usize,
    apart: Option<String>,
    rules: Vec<usize>,
    year: i32,
}

impl Schedules {
    /// The timetable of everything that binds, narrowed by guard and call length.
    pub(super) fn of<'g>(&self, gate: &'g Gate, group: &Group<'g>, range: Range) -> Arc<Timetable> {
        if group.has_facts {
            return Arc::new(compose(gate, group, range));
        }
        let key = Key {
            zone: core::ptr::from_ref(group.zone).addr(),
            apart: group.apart.map(ToString::to_string),
            rules: group
                .rules
                .iter()
                .map(|bound| core::ptr::from_ref(bound.rule).addr())
                .collect(),
            year: range.year,
        };
        // A poisoned lock means a panic elsewhere; what is kept here is whole all the same.
        if let Some(kept) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Arc::clone(kept);
        }
        let built = Arc::new(compose(gate, group, range));
        self.0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(key)
            .or_insert(built)
            .clone()
    }
}

/// Every deciding rule, widened by its exemptions, intersected; house hours wherever none gives hours.
fn compose<'g>(gate: &'g Gate, group: &Group<'g>, range: Range) -> Timetable {
    let always = Timetable::always(range.from, range.until);
    let deciding = group.rules.iter().filter(|bound| bound.decides);
    let ruled = deciding.fold(always, |all, bound| {
        all.intersect(&permitted_by(gate, group, bound, range))
    });
    let (standby, displaced) = match group.standby {
        Standby::CallingHours(hours) => (hours, Timetable::new(range.from, range.until, [])),
        Standby::House(hours) => {
            let none = Timetable::new(range.from, range.until, []);
            let displacing = group
                .rules
                .iter()
                .filter(|bound| bound.rule.displaces_house_hours());
            let displaced = displacing.fold(none, |all, bound| {
                all.union(&in_force(bound.rule, group.zone, range).minus(&bound.lifted))
            });
            (hours, displaced)
        }
    };
    let hours = Timetable::of_windows(group.zone, range.from, range.until, |date| standby.on(date));
    ruled
        .intersect(&hours.union(&displaced))
        .narrowed(gate.settings().guard, gate.settings().seconds_after())
}

fn permitted_by<'g>(gate: &'g Gate, group: &Group<'g>, bound: &Bound<'g>, range: Range) -> Timetable {
    let own = match &bound.rule.provision {
        Provision::Hours(_) if bound.clocks.is_empty() => Timetable::new(range.from, range.until, []),
        Provision::Hours(_) => {
            let always = Timetable::always(range.from, range.until);
            bound.clocks.iter().fold(always, |all, clock| {
                let windows = |date: LocalDate| bound.hours_on(gate, group.place(), date).windows;
                all.intersect(&Timetable::of_windows(clock, range.from, range.until, windows))
            })
        }
        Provision::Requires(_) => {
            let not_in_force = in_force(bound.rule, group.zone, range).complement(range.from, range.until);
            bound.met.union(&not_in_force)
        }
    };
    own.union(&bound.exempt)
}

/// The instants on whose local date the rule is in force.
pub(super) fn in_force(rule: &Rule, zone: &Zone, range: Range) -> Timetable {
    if rule.effective_from.is_none() && rule.effective_until.is_none() {
        return Timetable::always(range.from, range.until);
    }
    Timetable::of_windows(zone, range.from, range.until, |date| {
        if rule.in_force_on(date) {
            CallingWindow::WHOLE_DAY_LIST
        } else {
            &[]
        }
    })
}
