//! The reference model: looks at the clock on the wall, again and again, and reads every rule anew each time.
//!
//! Written from the text of DESIGN §3 in another style than Curfew: no intervals, no spans, no calendar types, other
//! zone data ([`crate::reference_zones`]). Nothing here may be made fast at the price of being plain.

use core_compliance::RuleStatus;

use crate::plain::{Case, PlainHours, PlainRule, Week};
use crate::reference_zones::{ReferenceZone, ReferenceZones};

/// How this reader sees the world; the mutants see it otherwise.
#[derive(Clone, Copy)]
pub struct Model {
    /// The local day (since 1970-01-01) and second of the day that a clock shows at an instant.
    pub shows: fn(&ReferenceZone, i64) -> (i64, i64),
    /// Whether a window holds a second of the day.
    pub holds: fn((u32, u32), i64) -> bool,
}

/// The model as the text has it.
pub const MODEL: Model = Model {
    shows: |zone, unix| {
        let local = unix + i64::from(zone.offset_at(unix));
        (local.div_euclid(86_400), local.rem_euclid(86_400))
    },
    holds: |(start, end), second| i64::from(start) <= second && second < i64::from(end),
};

impl Model {
    /// Whether every second from the guard before the call to the guard after it is permitted in every place.
    pub fn permits(&self, case: &Case) -> bool {
        let (first, last) = (
            case.at - i64::from(case.scenario.guard),
            case.at + case.scenario.seconds_after(),
        );
        let hands = second_hands(case);
        case.places.iter().all(|(code, name)| {
            let zone = ReferenceZones::get().zone(name);
            looks(zone, &hands, first, last).all(|unix| self.permits_second(case, code, zone, unix))
        })
    }

    fn permits_second(&self, case: &Case, code: &str, zone: &ReferenceZone, unix: i64) -> bool {
        let (day, second) = (self.shows)(zone, unix);
        let inside = |week: &Week| {
            let weekday = (day + 3).rem_euclid(7) as usize; // 1970-01-01 was a Thursday, Monday is 0.
            week.0[weekday].iter().any(|window| (self.holds)(*window, second))
        };
        let house = match &case.scenario.hours {
            PlainHours::CallingHours(week) => return inside(week),
            PlainHours::Law(house) => house,
        };
        let decides = |rule: &&PlainRule| {
            // `US-AL:Mobile` lies in `US-AL` and in `US`: the rule's code is the beginning, part by part.
            let (wide, narrow) = (rule.jurisdiction.split(['-', ':']), code.split(['-', ':']));
            wide.clone().eq(narrow.take(wide.count()))
                && rule.status != RuleStatus::Unverified
                && (rule.purposes.is_empty() || rule.purposes.contains(&case.purpose))
                && (rule.channels.is_empty() || rule.channels.contains(&case.channel))
                && rule.from.is_none_or(|from| from <= day)
                && rule.until.is_none_or(|until| day < until)
        };
        let rules: Vec<_> = case.scenario.rules.iter().filter(decides).collect();
        let law_is_silent = rules.iter().all(|rule| rule.overlay);
        rules.iter().all(|rule| inside(&rule.week)) && (!law_is_silent || inside(house))
    }
}

/// Where the second hand stands when any window begins or ends; mostly at 0 alone.
fn second_hands(case: &Case) -> Vec<i64> {
    let edges = case.scenario.weeks().flat_map(Week::edges);
    let mut hands: Vec<i64> = edges.map(|edge| i64::from(edge % 60)).chain([0]).collect();
    hands.sort_unstable();
    hands.dedup();
    hands
}

/// The instants from `first` to `last` at which to look: the first, whenever the second hand stands at one of `hands`,
/// and whenever the clock itself is put forward or back. In between nothing can begin or end.
fn looks<'a>(
    zone: &'a ReferenceZone,
    hands: &'a [i64],
    first: i64,
    last: i64,
) -> impl Iterator<Item = i64> + 'a {
    core::iter::successors(Some(first), move |unix| {
        let hand = (unix + i64::from(zone.offset_at(*unix))).rem_euclid(60);
        let later = hands
            .iter()
            .find(|next| **next > hand)
            .map_or(60 + hands[0], |next| *next);
        let tick = unix + later - hand;
        Some(zone.next_change(*unix).map_or(tick, |change| tick.min(change)))
    })
    .take_while(move |unix| *unix <= last)
}
