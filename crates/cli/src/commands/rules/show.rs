//! `curfew rules show`: all that governs in a jurisdiction, and the hours of a date.

use core_compliance::{Gate, Instant, Jurisdiction, LocalDate, Provision, Purpose, Rule};
use serde_json::json;

use super::entry::{Entry, entries};
use super::explain::field;
use super::{named, places, stamp, words};
use crate::args::{Format, RulesShowArgs};
use crate::commands::day::Day;
use crate::exit::{CliError, Exit};
use crate::output::{Output, Tone};
use crate::render::wrapped;

/// Fields that a compliance officer asks for first; `rules explain` has the others.
const SHOWN: [&str; 9] = [
    "purposes",
    "channels",
    "clock",
    "holidays",
    "requires",
    "limits",
    "cooldowns",
    "counts",
    "unless",
];

/// The hours of a date on one clock.
struct ZoneDay {
    zone: String,
    hours: String,
    holidays: Vec<String>,
    needs: Vec<String>,
}

pub(super) fn run(gate: &Gate, args: &RulesShowArgs, output: &Output) -> Result<u8, CliError> {
    let here = gate.gazetteer().canonical(args.jurisdiction.clone());
    if !gate.gazetteer().knows(&here) {
        return Err(CliError::usage(format!(
            "`{here}` is not a known jurisdiction; write ISO codes such as `US-FL` or `GB`"
        )));
    }
    let book = gate.rulebook();
    let mut governing: Vec<Entry<'_>> = entries(book)
        .into_iter()
        .filter(|entry| here.is_within(entry.jurisdiction()))
        .collect();
    // The narrowest jurisdiction first.
    governing.sort_by_key(|entry| std::cmp::Reverse(entry.jurisdiction().as_str().len()));
    let days = match args.at {
        None => Vec::new(),
        Some(date) => hours_of(gate, &here, date)?,
    };
    if output.format_or(Format::Text) != Format::Text {
        let settings = gate.settings();
        let day = |each: &ZoneDay| json!({"zone": each.zone, "hours": each.hours, "holidays": each.holidays, "requires": each.needs});
        let document = json!({
            "schema": 1, "jurisdiction": here, "name": gate.gazetteer().name(&here),
            "date": args.at.map(|date| date.to_string()), "purpose": settings.purpose, "channel": settings.channel,
            "days": days.iter().map(day).collect::<Vec<_>>(),
            "rules": governing.iter().map(|entry| entry.json(book)).collect::<Vec<_>>(),
            "rulebook": stamp(book),
        });
        output.line(&document.to_string())?;
        return Ok(Exit::DONE);
    }
    let lineage: Vec<String> = here.lineage().map(|each| named(gate, &each)).collect();
    output.line(&lineage.join(", in "))?;
    if let Some(date) = args.at {
        show_days(gate, date, &days, output)?;
    }
    for entry in &governing {
        one(*entry, args.at, output)?;
    }
    let in_house = in_house(gate, &here, args.at);
    if !in_house.is_empty() {
        output.line("")?;
        let text = format!(
            "The rulebook gives no hours for {} by {}: the house hours decide.",
            in_house.join(", "),
            gate.settings().channel
        );
        for line in wrapped("", &text, 0) {
            output.line(&line)?;
        }
    }
    Ok(Exit::DONE)
}

/// The purposes for which no rule of the rulebook gives hours there, by the channel of the settings.
pub(super) fn in_house(gate: &Gate, here: &Jurisdiction, at: Option<LocalDate>) -> Vec<&'static str> {
    let book = gate.rulebook();
    let is_ruled = |purpose: &Purpose| {
        book.governing(here, *purpose, gate.settings().channel)
            .any(|rule| rule.displaces_house_hours() && at.is_none_or(|date| rule.in_force_on(date)))
    };
    let in_house = Purpose::ALL.iter().filter(|purpose| !is_ruled(purpose));
    in_house.map(|purpose| purpose.as_str()).collect()
}

/// The hours of a local date in each zone of a jurisdiction, for the purpose and channel of the settings.
fn hours_of(gate: &Gate, here: &Jurisdiction, date: LocalDate) -> Result<Vec<ZoneDay>, CliError> {
    let settings = gate.settings();
    let midnight = Instant::from_unix(i64::from(date.days()) * 86_400)
        .map_err(|error| CliError::usage(format!("--at: {error}")))?;
    let mut days = Vec::new();
    for zone in places::zones(gate, here) {
        let attempt = places::attempt(here, zone.name(), settings.purpose, settings.channel, midnight);
        let Some(timetable) = gate.timetable(&attempt) else {
            continue;
        };
        let mut holidays: Vec<_> = gate
            .holidays(&attempt, date)
            .iter()
            .map(ToString::to_string)
            .collect();
        holidays.dedup();
        let demands = |rule: &&Rule| {
            rule.decides() && rule.in_force_on(date) && matches!(rule.provision, Provision::Requires(_))
        };
        let governing = gate
            .rulebook()
            .governing(here, settings.purpose, settings.channel);
        days.push(ZoneDay {
            zone: zone.name().to_owned(),
            hours: Day::of(&timetable, zone, date).hours(),
            holidays,
            needs: governing.filter(demands).map(|rule| rule.id.clone()).collect(),
        });
    }
    Ok(days)
}

fn show_days(gate: &Gate, date: LocalDate, days: &[ZoneDay], output: &Output) -> Result<(), CliError> {
    let settings = gate.settings();
    let (purpose, channel) = (settings.purpose, settings.channel);
    output.line(&format!(
        "{} {date}, {purpose} {channel}, local time:",
        date.weekday()
    ))?;
    for day in days {
        let mut text = day.hours.clone();
        if !day.holidays.is_empty() {
            text.push_str(&format!(" ({})", day.holidays.join(", ")));
        }
        if day.hours == "closed" && !day.needs.is_empty() {
            text.push_str(&format!(
                ", without the facts that {} requires",
                day.needs.join(", ")
            ));
        }
        output.line(&format!("  {:<30} {text}", day.zone))?;
    }
    Ok(())
}

fn one(entry: Entry<'_>, at: Option<LocalDate>, output: &Output) -> Result<(), CliError> {
    let provenance = entry.provenance();
    let status = entry.status().map(|status| status.to_string());
    let confidence = entry
        .confidence()
        .map(|confidence| format!("confidence {confidence}"));
    let origin = entry.is_own().then(|| "own".to_owned());
    let not_yet = at.filter(|date| !entry.in_force_on(*date));
    let not_yet = not_yet.map(|date| format!("not in force on {date}"));
    let facts: Vec<_> = [status, confidence, origin, not_yet]
        .into_iter()
        .flatten()
        .collect();
    let head = format!("{} ({})", entry.id(), facts.join(", "));
    output.line("")?;
    output.line(&output.toned(&head, Tone::Good))?;
    match entry {
        Entry::Nothing(_) => return field("note", &spaced(&provenance.note), output),
        _ if provenance.title.is_empty() => {}
        _ => field("title", &provenance.title, output)?,
    }
    if let Entry::Rule(rule) = entry
        && let Provision::Hours(hours) = &rule.provision
    {
        let after = if hours.start_excluded {
            ", the first second excluded"
        } else {
            ""
        };
        field("hours", &format!("{}{after}", words::week(&hours.week)), output)?;
    }
    for (name, content) in entry.fields().iter().filter(|(name, _)| SHOWN.contains(name)) {
        let (parts, join) = (
            content.parts(),
            if matches!(*name, "unless" | "requires") {
                "; or "
            } else {
                ", "
            },
        );
        field(name, &parts.join(join), output)?;
    }
    if let Some(force) = in_force(entry) {
        field("in force", &force, output)?;
    }
    if !provenance.citation.is_empty() {
        field("citation", &provenance.citation, output)?;
    }
    Ok(())
}

/// `from 2026-08-11`, `until 2026-08-10`; `None` = always.
pub(super) fn in_force(entry: Entry<'_>) -> Option<String> {
    let (from, until) = entry.dates();
    let from = from.map(|date| format!("from {date}"));
    let until = until.map(|date| format!("through {}", date.plus_days(-1)));
    let parts: Vec<_> = [from, until].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
