//! `curfew windows`: when a place may be called in the coming days.

use core_compliance::ports::Clock as _;
use core_compliance::{CallAttempt, Evidence, Instant, LocalDate, LocalTime, Timetable, Zone};
use serde_json::json;

use crate::args::{Format, Global, WindowsArgs};
use crate::clock::SystemClock;
use crate::durations::parse_planned;
use crate::exit::{CliError, Exit};
use crate::output::{Output, Tone};
use crate::render::local_and_utc;
use crate::settings::{Layers, load_gate};

/// Half an hour a cell: 48 cells a day fit a terminal of 80 columns.
const CELLS: u32 = 48;
const CELL_SECONDS: u32 = 86_400 / CELLS;

/// One stretch of a local day in which calls are permitted.
struct Stretch {
    open: Instant,
    close: Instant,
    local_open: LocalTime,
    local_close: LocalTime,
}

pub(crate) fn run(global: &Global, args: &WindowsArgs, output: &Output) -> Result<u8, CliError> {
    let layers = Layers::load(global, args.decision.flags())?;
    let gate = load_gate(&layers, output)?;
    let now = SystemClock.now();
    let at = match &args.at {
        None => now,
        Some(text) => parse_planned(text, now, layers.assume_utc()?)
            .map_err(|error| CliError::usage(format!("--at: {error}")))?,
    };
    let evidence = args.evidence.evidence();
    let evidence = Evidence {
        region: args.place.clone().or(evidence.region.clone()),
        ..evidence
    };
    let settings = gate.settings();
    let attempt = CallAttempt {
        purpose: settings.purpose,
        channel: settings.channel,
        ..CallAttempt::new(at, evidence)
    };
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
    let days: Vec<(LocalDate, Vec<Stretch>)> = (0..i32::from(args.days))
        .map(|day| first.plus_days(day))
        .map(|date| (date, stretches(&timetable, zone, date)))
        .collect();
    if output.format_or(Format::Text) != Format::Text {
        output.line(&document(&determination, zone, &days).to_string())?;
        return Ok(Exit::DONE);
    }
    let mut zones: Vec<&str> = determination
        .places
        .iter()
        .map(|place| place.zone.as_str())
        .collect();
    zones.dedup();
    output.line(&format!(
        "{} {} to {}; days of {}",
        settings.purpose,
        settings.channel,
        names(&gate, &determination),
        place.zone
    ))?;
    if zones.len() > 1 {
        output.line(&format!("permitted in every one of {}", zones.join(", ")))?;
    }
    output.line("                 0     3     6     9     12    15    18    21    24")?;
    for (date, stretches) in &days {
        let weekday = date.weekday().to_string();
        let times: Vec<_> = stretches
            .iter()
            .map(|it| format!("{}-{}", it.local_open.clock(), end_of(it)))
            .collect();
        let times = if times.is_empty() {
            "closed".to_owned()
        } else {
            times.join(", ")
        };
        let bar = output.toned(&bar(stretches), Tone::Good);
        output.line(&format!(
            "{} {date}  |{bar}| {times}",
            weekday.get(..3).unwrap_or_default()
        ))?;
    }
    let next = determination.next_opening.map(|opening| ("opens", opening));
    if let Some((what, when)) = next.or(determination
        .permitted_until
        .map(|until| ("open now; closes", until)))
    {
        output.line(&format!(
            "{what} {}",
            local_and_utc(&gate, Some(&place.zone), when)
        ))?;
    }
    Ok(Exit::DONE)
}

fn names(gate: &core_compliance::Gate, determination: &core_compliance::Determination) -> String {
    let mut names: Vec<&str> = determination
        .places
        .iter()
        .map(|place| gate.gazetteer().name(&place.jurisdiction))
        .collect();
    names.dedup();
    match names.as_slice() {
        [one, two, three, _, rest @ ..] => format!("{one}, {two}, {three} and {} more", rest.len() + 1),
        few => few.join(", "),
    }
}

/// The parts of a local date in which the timetable permits. Where clocks change, a part ends and another begins.
fn stretches(timetable: &Timetable, zone: &Zone, date: LocalDate) -> Vec<Stretch> {
    let midnight = i64::from(date.days()) * 86_400;
    let mut found = Vec::new();
    // No clock is more than 26 hours from UTC.
    for span in zone.spans(midnight - 93_600, midnight + 86_400 + 93_600) {
        let offset = i64::from(span.offset);
        let (from, until) = (
            span.from.max(midnight - offset),
            span.until.min(midnight + 86_400 - offset),
        );
        for opening in timetable
            .openings()
            .iter()
            .filter(|opening| opening.open < until && from < opening.close)
        {
            let (open, close) = (opening.open.max(from), opening.close.min(until));
            let instants = Instant::from_unix(open).ok().zip(Instant::from_unix(close).ok());
            let Some((open, close)) = instants else { continue };
            // The close belongs to the next span where clocks change at it; it is shown by the clock that ran till then.
            let local_close = zone.local_time(close.plus_seconds(-1));
            found.push(Stretch {
                open,
                close,
                local_open: zone.local_time(open),
                local_close,
            });
        }
    }
    found
}

/// Seconds since local midnight at which a stretch ends, up to 86,400.
fn end_second(stretch: &Stretch) -> u32 {
    stretch.local_close.second_of_day() + 1
}

fn end_of(stretch: &Stretch) -> String {
    let end = end_second(stretch);
    if end.is_multiple_of(60) {
        format!("{:02}:{:02}", end / 3_600, end / 60 % 60)
    } else {
        format!("{:02}:{:02}:{:02}", end / 3_600, end / 60 % 60, end % 60)
    }
}

/// `#` = open throughout the half hour, `+` = in a part of it.
fn bar(stretches: &[Stretch]) -> String {
    (0..CELLS)
        .map(|cell| {
            let (from, until) = (cell * CELL_SECONDS, (cell + 1) * CELL_SECONDS);
            let open: u32 = stretches
                .iter()
                .map(|it| {
                    end_second(it)
                        .min(until)
                        .saturating_sub(it.local_open.second_of_day().max(from))
                })
                .sum();
            match open {
                0 => '.',
                open if open < CELL_SECONDS => '+',
                _ => '#',
            }
        })
        .collect()
}

fn document(
    determination: &core_compliance::Determination,
    zone: &Zone,
    days: &[(LocalDate, Vec<Stretch>)],
) -> serde_json::Value {
    let days: Vec<_> = days
        .iter()
        .map(|(date, stretches)| {
            let openings: Vec<_> = stretches
                .iter()
                .map(|it| {
                    json!({
                        "open": it.open, "close": it.close,
                        "local_open": it.local_open, "local_close": zone.local_time(it.close),
                    })
                })
                .collect();
            json!({"date": date.to_string(), "weekday": date.weekday().to_string(), "openings": openings})
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
