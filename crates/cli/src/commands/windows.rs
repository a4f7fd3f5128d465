//! `curfew windows`: when a place may be called in the coming days.

use core_compliance::ports::Clock as _;
use core_compliance::{CallAttempt, Determination, Evidence, FindingCode, Gate, Instant, LocalDate, Zone};
use serde_json::json;

use super::day::{Day, Stretch};
use crate::args::{Format, Global, WindowsArgs, parse_place};
use crate::clock::SystemClock;
use crate::durations::parse_planned;
use crate::exit::{CliError, Exit};
use crate::output::{Output, Tone};
use crate::render::{local_and_utc, wrapped};
use crate::settings::{Layers, load_gate, load_suppression};

/// Names listed one by one before the rest is counted.
const NAMES_SHOWN: usize = 3;

pub(crate) fn run(global: &Global, args: &WindowsArgs, output: &Output) -> Result<u8, CliError> {
    let layers = Layers::load(global, args.decision.flags())?;
    let gate = load_gate(&layers, output)?;
    let now = SystemClock.now();
    let at = match &args.at {
        None => now,
        Some(text) => parse_planned(text, now, layers.assume_utc()?)
            .map_err(|error| CliError::usage(format!("--at: {error}")))?,
    };
    let settings = gate.settings();
    let mut attempt = CallAttempt {
        purpose: settings.purpose,
        channel: settings.channel,
        ..CallAttempt::new(at, evidence(args)?)
    };
    pipeline::suppress(&load_suppression(&layers)?, &mut attempt);
    let determination = gate.determine(&attempt);
    let (Some(timetable), Some(place)) = (gate.timetable(&attempt), determination.places.first()) else {
        let reason = determination
            .reason()
            .map_or("the place is not known", |finding| &finding.message);
        return Err(CliError::usage(reason));
    };
    let zone = gate
        .zones()
        .get(&place.zone)
        .map_err(|error| CliError::failed(error.to_string()))?;
    let first = zone.local_time(at).date();
    let days: Vec<Day> = (0..i32::from(args.days))
        .map(|day| Day::of(&timetable, zone, first.plus_days(day)))
        .collect();
    let days: Vec<(Day, Option<String>)> = days
        .into_iter()
        .map(|day| {
            let holiday = holiday(&gate, &attempt, day.date);
            (day, holiday)
        })
        .collect();
    match output.format_or(Format::Text) {
        Format::Text => show(&gate, &determination, zone, &days, output)?,
        Format::Json | Format::Ndjson => output.line(&document(&determination, zone, &days).to_string())?,
    }
    Ok(Exit::DONE)
}

/// The names of the holidays that change a date's hours, each once.
fn holiday(gate: &Gate, attempt: &CallAttempt, date: LocalDate) -> Option<String> {
    let names: Vec<String> = gate
        .holidays(attempt, date)
        .iter()
        .map(ToString::to_string)
        .collect();
    (!names.is_empty()).then(|| few(names.iter().map(String::as_str)))
}

/// What PLACE and the options say. PLACE is a number, a place outright, a zone, or a region code, by its form.
fn evidence(args: &WindowsArgs) -> Result<Evidence, CliError> {
    let mut evidence = args.evidence.evidence();
    match &args.place {
        None => {}
        Some(number) if number.starts_with('+') && evidence.phone.is_some() => {
            let message = format!("a number, `{number}`, and --phone are given; give one");
            return Err(CliError::usage(pipeline::mask_numbers(&message)));
        }
        Some(number) if number.starts_with('+') => evidence.phone = Some(number.clone()),
        Some(place) if place.contains('@') => {
            let read = parse_place(place).map_err(|error| CliError::usage(format!("`{place}`: {error}")))?;
            evidence.places.push(read);
        }
        Some(zone) if zone.contains('/') => {
            if let Some(other) = &evidence.zone {
                return Err(CliError::usage(format!(
                    "zones `{zone}` and `{other}` are given; give one, or a region with --zone"
                )));
            }
            evidence.zone = Some(zone.clone());
        }
        Some(region) => evidence.region = Some(region.clone()),
    }
    Ok(evidence)
}

fn show(
    gate: &Gate,
    determination: &Determination,
    zone: &Zone,
    days: &[(Day, Option<String>)],
    output: &Output,
) -> Result<(), CliError> {
    let places = determination.places.iter();
    let names = few(places
        .clone()
        .map(|place| gate.gazetteer().name(&place.jurisdiction)));
    let stamp = &determination.settings;
    let title = format!(
        "{} {} to {names}; days of {}",
        stamp.purpose,
        stamp.channel,
        zone.name()
    );
    for line in wrapped("", &title, 0) {
        output.line(&line)?;
    }
    let zones: Vec<&str> = once(places.map(|place| place.zone.as_str()));
    if zones.len() > 1 {
        output.line(&format!("permitted in every one of {}", few(zones.into_iter())))?;
    }
    output.line("                 0     3     6     9     12    15    18    21    24")?;
    for (day, holiday) in days {
        let weekday = day.date.weekday().to_string();
        let bar = output.toned(&day.bar(), Tone::Good);
        let mark = if day.clock_changes.is_empty() { "" } else { " *" };
        let holiday = holiday
            .as_ref()
            .map_or(String::new(), |name| format!(" ({name})"));
        output.line(&format!(
            "{} {}  |{bar}| {}{mark}{holiday}",
            weekday.get(..3).unwrap_or_default(),
            day.date,
            day.hours()
        ))?;
    }
    for change in days.iter().flat_map(|(day, _)| &day.clock_changes) {
        output.line(&format!("* {}", change_text(zone, *change)))?;
    }
    let next = determination.next_opening.map(|opening| ("opens", opening));
    let until = determination.permitted_until.map(|until| ("open; closes", until));
    let suppressed = determination
        .findings
        .iter()
        .find(|finding| finding.code == FindingCode::Suppressed);
    for line in suppressed
        .iter()
        .flat_map(|finding| wrapped("", &finding.message, 0))
    {
        output.line(&line)?;
    }
    if let Some((what, when)) = next.or(until) {
        output.line(&format!(
            "{what} {}",
            local_and_utc(gate, Some(zone.name()), when)
        ))?;
    }
    Ok(())
}

/// `clocks go back 1:00 h on 2026-11-01, to 01:00 (2026-11-01T06:00:00Z)`.
fn change_text(zone: &Zone, at: Instant) -> String {
    let (before, after) = (zone.local_time(at.plus_seconds(-1)), zone.local_time(at));
    let seconds = i64::from(after.offset()) - i64::from(before.offset());
    let direction = if seconds < 0 { "back" } else { "forward" };
    let size = seconds.unsigned_abs() / 60;
    format!(
        "clocks go {direction} {}:{:02} h on {}, to {} ({at})",
        size / 60,
        size % 60,
        after.date(),
        after.clock()
    )
}

/// Each text once, in order.
fn once<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<&'t str> {
    let mut seen = std::collections::BTreeSet::new();
    texts.filter(|text| seen.insert(*text)).collect()
}

/// `Alabama, Alaska, Arizona and 54 more`.
fn few<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    let texts = once(texts);
    let named = texts
        .iter()
        .take(NAMES_SHOWN)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    match texts.len().saturating_sub(NAMES_SHOWN) {
        0 => named,
        rest => format!("{named} and {rest} more"),
    }
}

fn document(determination: &Determination, zone: &Zone, days: &[(Day, Option<String>)]) -> serde_json::Value {
    let days: Vec<_> = days
        .iter()
        .map(|(day, holiday)| {
            let opening = |it: &Stretch| {
                json!({
                    "open": it.open, "close": it.close,
                    "local_open": zone.local_time(it.open), "local_close": zone.local_time(it.close),
                })
            };
            let change = |at: &Instant| json!({"at": at, "local_time": zone.local_time(*at)});
            json!({
                "date": day.date.to_string(),
                "weekday": day.date.weekday().to_string(),
                "holiday": holiday,
                "openings": day.stretches.iter().map(opening).collect::<Vec<_>>(),
                "clock_changes": day.clock_changes.iter().map(change).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "schema": 1,
        "zone": zone.name(),
        "places": determination.places,
        "days": days,
        "settings": determination.settings,
        "rulebook": determination.rulebook,
        "tzdb": determination.tzdb,
    })
}
