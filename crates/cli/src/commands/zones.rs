//! `curfew zones`: which zone data are in use, how old, from where.

use core_compliance::ports::Clock as _;
use core_compliance::{Instant, LocalDate, LocalTime, TZDB_AGE_LIMIT_DAYS, Zone, ZoneDatabase};
use serde_json::json;

use crate::args::{Format, Global, ZonesArgs};
use crate::clock::SystemClock;
use crate::durations::parse_planned;
use crate::exit::{CliError, Exit};
use crate::output::Output;
use crate::settings::{Layers, load_zones};

/// How many coming changes of a zone's clock are shown.
const CHANGES_SHOWN: usize = 4;

pub(crate) fn run(global: &Global, args: &ZonesArgs, output: &Output) -> Result<u8, CliError> {
    let flags = args
        .tzdata
        .iter()
        .map(|folder| ("tzdata", folder.clone()))
        .collect();
    let layers = Layers::load(global, flags)?;
    let zones = load_zones(&layers, output)?;
    let now = SystemClock.now();
    let at = match &args.at {
        None => now,
        Some(text) => parse_planned(text, now, layers.assume_utc()?)
            .map_err(|error| CliError::usage(format!("--at: {error}")))?,
    };
    match &args.zone {
        None => overview(&zones, now, output),
        Some(name) => {
            let zone = zones
                .get(name)
                .map_err(|error| CliError::usage(error.to_string()))?;
            one(&zones, zone, at, output)
        }
    }
}

fn overview(zones: &ZoneDatabase, now: Instant, output: &Output) -> Result<u8, CliError> {
    let today = LocalDate::from(now.to_utc().date());
    let age = zones.released_on().map(|released| today.days() - released.days());
    let released = zones.released_on().map(|date| date.to_string());
    if output.format_or(Format::Text) == Format::Text {
        output.line(&format!("IANA time zone data {}", zones.version()))?;
        output.line(&format!("  origin    {}", zones.origin()))?;
        output.line(&format!(
            "  released  {}",
            released.as_deref().unwrap_or("not known")
        ))?;
        output.line(&format!("  zones     {}", zones.names().count()))?;
        output.line(&format!("  sha256    {}", zones.sha256()))?;
    } else {
        let document = json!({
            "version": zones.version(), "origin": zones.origin(), "released_on": released,
            "zones": zones.names().count(), "sha256": zones.sha256(), "age_days": age,
        });
        output.line(&document.to_string())?;
    }
    match age {
        Some(age) if age > TZDB_AGE_LIMIT_DAYS => output.warning(&format!(
            "these zone data are {age} days old; update Curfew, or give newer data with --tzdata DIR"
        )),
        _ => {}
    }
    Ok(Exit::DONE)
}

fn one(zones: &ZoneDatabase, zone: &Zone, at: Instant, output: &Output) -> Result<u8, CliError> {
    let now_there = zone.local_time(at);
    let changes: Vec<(Instant, LocalTime)> = zone
        .spans(at.unix(), i64::MAX)
        .skip(1)
        .take(CHANGES_SHOWN)
        .filter_map(|span| Instant::from_unix(span.from).ok())
        .map(|change| (change, zone.local_time(change)))
        .collect();
    if output.format_or(Format::Text) != Format::Text {
        let changes: Vec<_> = changes
            .iter()
            .map(|(at, local)| json!({"at": at, "local_time": local}))
            .collect();
        let document = json!({
            "zone": zone.name(), "version": zones.version(), "at": at, "local_time": now_there, "changes": changes,
        });
        output.line(&document.to_string())?;
        return Ok(Exit::DONE);
    }
    output.line(&format!("{} (IANA {})", zone.name(), zones.version()))?;
    output.line(&format!("  {at} is {now_there}"))?;
    for (change, local) in &changes {
        output.line(&format!("  clocks change at {change}, to {local}"))?;
    }
    if changes.is_empty() {
        output.line("  clocks do not change any more")?;
    }
    Ok(Exit::DONE)
}
