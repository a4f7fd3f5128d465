//! From settings to a gate: zone data, rules, hours, regions.

use std::cmp::Ordering;
use std::path::Path;

use core_compliance::{
    Gate, Hours, Regions, Rulebook, Settings, SettingsError, WeeklyWindows, ZoneDatabase,
    standard_house_hours,
};
use local_files::{newer, read_rules_file, read_zoneinfo_folder};

use super::Layers;
use crate::durations::parse_seconds;
use crate::exit::CliError;
use crate::output::Output;

/// The zone data in use: the bundled, or the operator's where they are newer.
pub(crate) fn load_zones(layers: &Layers, output: &Output) -> Result<ZoneDatabase, CliError> {
    let bundled = ZoneDatabase::bundled();
    let Some(folder) = layers.parse::<String>("tzdata")? else {
        return Ok(bundled);
    };
    let given = read_zoneinfo_folder(Path::new(&folder)).map_err(|error| layers.wrong("tzdata", &error))?;
    match newer(given.version(), bundled.version()) {
        Ordering::Greater => Ok(given),
        Ordering::Equal => Ok(bundled),
        Ordering::Less => {
            output.warning(&format!(
                "{folder} holds zone data {}, older than the bundled {}; the bundled are used; update the folder or \
                 drop --tzdata",
                given.version(),
                bundled.version()
            ));
            Ok(bundled)
        }
    }
}

/// The gate that the settings ask for.
pub(crate) fn load_gate(layers: &Layers, output: &Output) -> Result<Gate, CliError> {
    let zones = load_zones(layers, output)?;
    let usage = |error: &dyn std::fmt::Display| CliError::usage(error.to_string());
    let house: WeeklyWindows = layers.parse("house_hours")?.unwrap_or_else(standard_house_hours);
    let hours = match layers.parse::<WeeklyWindows>("calling_hours")? {
        Some(alone) => Hours::CallingHours(alone),
        None => Hours::Law { house },
    };
    let own = layers
        .file
        .as_ref()
        .map(|file| file.regions.clone())
        .unwrap_or_default();
    for (code, region) in &own {
        for zone in &region.zones {
            zones
                .get(zone)
                .map_err(|error| layers.wrong_in_file(&format!("regions.{code}.zones"), &error))?;
        }
    }
    let standard = Settings::default();
    let settings = Settings {
        purpose: layers.parse("purpose")?.unwrap_or(standard.purpose),
        channel: layers.parse("channel")?.unwrap_or(standard.channel),
        policy: layers.parse("policy")?.unwrap_or(standard.policy),
        guard: layers.read("guard", parse_seconds)?.unwrap_or(standard.guard),
        call_length: layers.read("for", parse_seconds)?.unwrap_or(standard.call_length),
        hours,
        regions: Regions {
            scheme: layers.parse("region_codes")?.unwrap_or(standard.regions.scheme),
            own,
        },
        unknown_numbers: layers
            .parse("unknown_numbers")?
            .unwrap_or(standard.unknown_numbers),
        unverified: layers.parse("unverified")?.unwrap_or(standard.unverified),
        require_history: layers.boolean("require_history")?,
    };
    let mut overlay = layers
        .file
        .as_ref()
        .map(|file| file.overlay.clone())
        .unwrap_or_default();
    if let Some(file) = layers.parse::<String>("rules_file")? {
        overlay.merge(read_rules_file(Path::new(&file)).map_err(|error| layers.wrong("rules_file", &error))?);
    }
    let rulebook = Rulebook::shipped()
        .with_overlay(overlay)
        .map_err(|error| usage(&error))?;
    let gate = Gate::new(zones, rulebook, settings).map_err(|error| match error {
        SettingsError::GuardTooLong(_) => layers.wrong("guard", &error),
        SettingsError::CallTooLong(_) => layers.wrong("for", &error),
        other => usage(&other),
    })?;
    tracing::info!(
        file = layers.file.as_ref().map(|file| file.path.display().to_string()),
        rulebook = gate.rulebook().version(),
        tzdb = gate.zones().version(),
        "settings are loaded"
    );
    Ok(gate)
}
