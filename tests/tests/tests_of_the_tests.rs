//! The laws of `properties`, asked of implementations that are wrong on purpose: each must be caught, the right ones not.
//!
//! Runs are seeded: they draw the same cases on every machine, so a mutant that is caught here is caught everywhere.

use core_compliance::{Instant, ZoneDatabase};
use proptest::strategy::Strategy;
use tests::evaluator::{
    Evaluator, Forecaster, Make, by_determination, by_model, by_timetable, forecast_by_determination,
};
use tests::generate::{case, case_of, seeded_runner, simple_case};
use tests::laws::{counterexample, counterexample_at_the_instant, forecast_counterexample};
use tests::mutants::{
    STALE, closing_by_the_offset_of_now, end_inclusive, ignoring_the_guard, midnight_and_hours,
    rounding_to_minutes, stale_zones, tomorrow_at_eight, with_stale_zones,
};
use tests::plain::{Case, Scenario, Week, bundled_zones};

/// As many cases as `properties` tries.
const CASES: u32 = 96;
/// Each with cases of its own.
const SEEDS: [u8; 3] = [1, 2, 3];

/// Clocks that change: the zones of the measurement in `reference/styles.md` §8.
const CHANGING: &[&str] = &[
    "America/New_York",
    "Europe/Paris",
    "Australia/Lord_Howe",
    "Australia/Hobart",
];

/// 08:00 to 21:00.
const DAY: &[(u32, u32)] = &[(8 * 3_600, 21 * 3_600)];
/// 20:00 to 06:00, over the hours at which clocks change.
const NIGHT: &[(u32, u32)] = &[(0, 6 * 3_600), (20 * 3_600, 24 * 3_600)];

fn usual_hours() -> Scenario {
    Scenario::of_calling_hours(Week::daily(DAY))
}

#[track_caller]
fn is_caught(name: &str, make: Make<dyn Evaluator>) {
    for seed in SEEDS {
        let found = counterexample(&mut seeded_runner(seed, CASES), &case(), make);
        assert!(found.is_some(), "{name} escaped with seed {seed}");
    }
}

/// `properties` tries the right ones on other cases at each run; here once on those that catch the mutants.
#[track_caller]
fn is_right(name: &str, make: Make<dyn Evaluator>) {
    let found = counterexample(&mut seeded_runner(SEEDS[0], CASES), &case(), make);
    assert!(found.is_none(), "{name}: {found:#?}");
}

#[track_caller]
fn forecast_is_caught(name: &str, cases: &impl Strategy<Value = Case>, make: Make<dyn Forecaster>) {
    for seed in SEEDS {
        let found = forecast_counterexample(&mut seeded_runner(seed, CASES / 2), cases, make);
        assert!(found.is_some(), "{name} escaped with seed {seed}");
    }
}

#[test]
fn the_right_ones_pass() {
    is_right("the model", by_model);
    is_right("the timetable", by_timetable);
    is_right("the determination", by_determination);
}

#[test]
fn the_right_forecast_passes() {
    let found = forecast_counterexample(
        &mut seeded_runner(1, CASES / 2),
        &case(),
        forecast_by_determination,
    );
    assert!(found.is_none(), "{found:#?}");
}

#[test]
fn midnight_and_hours_is_caught() {
    is_caught("`local midnight + hours`", midnight_and_hours);
}

#[test]
fn an_end_that_counts_as_inside_is_caught() {
    is_caught("an inclusive end", end_inclusive);
}

#[test]
fn rounding_to_minutes_is_caught() {
    is_caught("rounding to minutes", rounding_to_minutes);
}

#[test]
fn a_guard_that_is_not_read_is_caught() {
    is_caught("an ignored guard", ignoring_the_guard);
}

#[test]
fn a_next_opening_that_says_tomorrow_at_eight_is_caught() {
    forecast_is_caught("tomorrow at 08:00", &case(), tomorrow_at_eight);
}

/// Wrong only where a change comes before the closing: nights of a change alone are asked about.
#[test]
fn a_closing_by_the_offset_of_now_is_caught() {
    let cases = simple_case(NIGHT, CHANGING, true);
    forecast_is_caught(
        "closing by the offset of now",
        &cases,
        closing_by_the_offset_of_now,
    );
}

/// Three zones of 598 are stale: the cases of the general laws meet them because they are among the odd zones.
#[test]
fn a_stale_zone_table_is_caught_by_the_general_cases() {
    let found = counterexample(&mut seeded_runner(1, 1_024), &case(), with_stale_zones);
    let (case, reason) = found.expect("a stale table escaped 1,024 cases");
    let stale = |(_, zone): &(&str, String)| STALE.iter().any(|(name, _)| name == zone);
    assert!(case.places.iter().any(stale), "{reason}: {case:?}");
}

/// And at once where the cases are of those zones, one winter on.
#[test]
fn a_stale_zone_table_is_caught_in_the_winter_of_2026() {
    let first: Instant = "2026-11-01T12:00:00Z".parse().unwrap();
    let last: Instant = "2027-03-01T12:00:00Z".parse().unwrap();
    for (stale, _) in STALE {
        let edges = (0..120_i64, proptest::sample::select(vec![8_i64, 21]), -1..=1_i64);
        let cases = edges.prop_map(move |(day, hour, push)| {
            let zone = tests::reference_zones::ReferenceZones::get().zone(stale);
            let midnight = (first.unix() / 86_400 + day) * 86_400;
            let at = midnight + hour * 3_600 - i64::from(zone.offset_at(midnight)) + push;
            case_of(
                usual_hours(),
                &[("CA-BC", stale)],
                at.clamp(first.unix(), last.unix()),
            )
        });
        for seed in SEEDS {
            let run = |make| counterexample(&mut seeded_runner(seed, 24), &cases, make);
            assert!(
                run(with_stale_zones).is_some(),
                "{stale} escaped with seed {seed}"
            );
            assert!(run(by_determination).is_none(), "{stale}");
        }
    }
}

/// The stale table is what it says: an hour behind in the winters from 2026 on, right before, right elsewhere.
#[test]
fn the_stale_table_is_that_of_2025b() {
    let (stale, current) = (stale_zones(), bundled_zones());
    let offset = |zones: &ZoneDatabase, name: &str, at: &str| {
        zones.get(name).unwrap().local_time(at.parse().unwrap()).offset()
    };
    for (name, _) in STALE {
        for (at, behind) in [
            ("2025-12-01T12:00:00Z", 0),
            ("2026-07-01T12:00:00Z", 0),
            ("2026-10-31T12:00:00Z", 0),
            ("2026-12-01T12:00:00Z", 3_600),
            ("2027-07-01T12:00:00Z", 0),
            ("2027-12-01T12:00:00Z", 3_600),
        ] {
            let difference = offset(&current, name, at) - offset(&stale, name, at);
            assert_eq!(difference, behind, "{name} at {at}");
        }
    }
    assert_eq!(stale.names().count(), current.names().count());
    assert!(stale.get("Europe/London").unwrap() == current.get("Europe/London").unwrap());
}

/// Why cases are aimed. Of 40 runs of 256 cases each, a run of instants drawn evenly from 2015 to 2040 finds
/// `midnight + hours` now and then; a run of aimed ones always does. (Of 200 runs: 22 and 200, measured 2026-11-23; the
/// design's prototype: 15 and 200.)
#[test]
fn even_instants_rarely_find_what_aimed_ones_always_find() {
    let runs = 40;
    let caught = |aimed: bool| {
        let run = |seed: &u8| {
            let cases = simple_case(DAY, CHANGING, aimed);
            counterexample_at_the_instant(&mut seeded_runner(*seed, 256), &cases, midnight_and_hours)
                .is_some()
        };
        (1..=runs).filter(run).count()
    };
    let (evenly, aimed) = (caught(false), caught(true));
    println!("of {runs} runs, even instants found the mutant in {evenly}, aimed ones in {aimed}");
    assert_eq!(aimed, usize::from(runs));
    assert!(
        evenly <= usize::from(runs) / 2,
        "even instants found it in {evenly} of {runs} runs"
    );
}

/// A case that fails shows all that is needed to write it down as a test.
#[test]
fn a_failing_case_shows_zone_instant_local_time_and_windows() {
    let cases = simple_case(DAY, &["America/New_York"], true);
    let (case, _) = counterexample_at_the_instant(&mut seeded_runner(1, 256), &cases, midnight_and_hours)
        .expect("a mutant");
    let shown = format!("{case:?}");
    let instant = Instant::from_unix(case.at).unwrap().to_string();
    for part in [
        "America/New_York",
        &instant,
        "local 20",
        "next change",
        "08:00:00-21:00:00",
        "guard 0 s",
    ] {
        assert!(shown.contains(part), "`{part}` is not in {shown}");
    }
}

/// A mutant's reading of an ordinary day is right: what catches it is the change of clocks, and nothing else.
#[test]
fn midnight_and_hours_is_right_on_ordinary_days() {
    let mutant = midnight_and_hours(&usual_hours());
    let at = |text: &str| -> Case {
        let at: Instant = text.parse().unwrap();
        case_of(usual_hours(), &[("US-NY", "America/New_York")], at.unix())
    };
    for (text, permitted) in [
        ("2026-06-10T07:59:59-04:00", false),
        ("2026-06-10T08:00:00-04:00", true),
        ("2026-06-10T20:59:59-04:00", true),
        ("2026-06-10T21:00:00-04:00", false),
    ] {
        assert_eq!(mutant.permits(&at(text)), permitted, "{text}");
    }
    // On 2026-03-08 an hour is missing: it opens an hour late and closes an hour late.
    assert!(mutant.permits(&at("2026-03-08T21:30:00-04:00")));
}
