//! `curfew rules explain`: one rule or cap, whole.

use core_compliance::{Calendar, Gate, LocalDate, Provision, Rule, Rulebook};
use serde_json::json;

use super::entry::{Content, Entry, entries};
use super::{date_or_today, named, stamp, words};
use crate::args::{Format, RulesExplainArgs};
use crate::exit::{CliError, Exit};
use crate::output::{Output, Tone};
use crate::render::wrapped;

/// Where values begin.
const INDENT: usize = 14;

pub(super) fn run(gate: &Gate, args: &RulesExplainArgs, output: &Output) -> Result<u8, CliError> {
    let book = gate.rulebook();
    let found: Vec<Entry<'_>> = matching(book, &args.id);
    if found.is_empty() {
        return Err(CliError::usage(unknown(book, &args.id)));
    }
    let year = date_or_today(args.at).to_date().year();
    let years = [year, year + 1];
    if output.format_or(Format::Text) != Format::Text {
        for entry in found {
            let mut document = entry.json(book);
            if let Some(object) = document.as_object_mut() {
                object.insert("calendars".to_owned(), calendars_json(book, entry, years));
                object.insert("rulebook".to_owned(), stamp(book));
            }
            output.line(&document.to_string())?;
        }
        return Ok(Exit::DONE);
    }
    for entry in found {
        text(gate, entry, years, output)?;
    }
    Ok(Exit::DONE)
}

/// The entry of this id; letters may be small. A jurisdiction without rules goes by its code.
fn matching<'r>(book: &'r Rulebook, id: &str) -> Vec<Entry<'r>> {
    entries(book)
        .into_iter()
        .filter(|entry| entry.id().eq_ignore_ascii_case(id))
        .collect()
}

fn unknown(book: &Rulebook, id: &str) -> String {
    let near: Vec<&str> = entries(book)
        .into_iter()
        .map(Entry::id)
        .filter(|each| each.to_ascii_lowercase().starts_with(&id.to_ascii_lowercase()))
        .take(5)
        .collect();
    if near.is_empty() {
        format!("`{id}` is not in the rulebook; `curfew rules list` shows all ids")
    } else {
        format!("`{id}` is not in the rulebook; did you mean {}?", near.join(", "))
    }
}

/// The calendars that a rule names, each once.
pub(super) fn calendars<'r>(book: &'r Rulebook, rule: &'r Rule) -> Vec<&'r Calendar> {
    let Provision::Hours(hours) = &rule.provision else {
        return Vec::new();
    };
    let mut found: Vec<&Calendar> = Vec::new();
    for calendar in hours
        .holidays
        .iter()
        .filter_map(|effect| book.calendar(&effect.calendar))
    {
        if !found.iter().any(|other| other.id == calendar.id) {
            found.push(calendar);
        }
    }
    found
}

fn calendars_json(book: &Rulebook, entry: Entry<'_>, years: [i32; 2]) -> serde_json::Value {
    let Entry::Rule(rule) = entry else {
        return json!([]);
    };
    let one = |calendar: &&Calendar| {
        let days: Vec<_> = dates(calendar, years)
            .map(|(date, name, only)| json!({"date": date.to_string(), "name": name, "only": only}))
            .collect();
        json!({
            "id": calendar.id,
            "verified_through": calendar.verified_through.map(|date| date.to_string()),
            "citation": calendar.provenance.citation,
            "source": calendar.provenance.source,
            "days": days,
        })
    };
    calendars(book, rule).iter().map(one).collect()
}

fn dates(calendar: &Calendar, years: [i32; 2]) -> impl Iterator<Item = (LocalDate, &str, Vec<String>)> {
    let days = years.into_iter().flat_map(|year| calendar.dates_in(year));
    days.filter(|(date, _)| calendar.is_verified_on(*date))
        .map(|(date, day)| {
            let only = day.only.iter().map(ToString::to_string).collect();
            (date, day.name.as_str(), only)
        })
}

fn text(gate: &Gate, entry: Entry<'_>, years: [i32; 2], output: &Output) -> Result<(), CliError> {
    let book = gate.rulebook();
    let title = match entry.provenance().title.as_str() {
        "" => named(gate, entry.jurisdiction()),
        title => title.to_owned(),
    };
    output.line(&output.toned(&format!("{}: {title}", entry.id()), Tone::Good))?;
    let origin = match (entry.is_own(), entry.is_relaxed(book)) {
        (true, _) => "own",
        (_, true) => "shipped, relaxed by an own [[relaxation]]",
        _ => "shipped",
    };
    field("kind", &format!("{}, {origin}", entry.kind()), output)?;
    for (name, content) in entry.fields() {
        match (name, entry) {
            ("title", _) => continue,
            ("jurisdiction", _) => field(name, &named(gate, entry.jurisdiction()), output)?,
            ("hours", Entry::Rule(rule)) => hours(rule, output)?,
            ("text", _) => field(name, &format!("\"{}\"", plain(&content)), output)?,
            _ => {
                let label = name.replace('_', " ");
                for (position, part) in content.parts().iter().enumerate() {
                    field(if position == 0 { &label } else { "" }, part, output)?;
                }
            }
        }
        if let ("holidays", Entry::Rule(rule)) = (name, entry) {
            for calendar in calendars(book, rule) {
                holidays(calendar, years, output)?;
            }
        }
    }
    Ok(())
}

fn hours(rule: &Rule, output: &Output) -> Result<(), CliError> {
    let Provision::Hours(hours) = &rule.provision else {
        return Ok(());
    };
    field(
        "hours",
        &format!("{}, local time", words::week(&hours.week)),
        output,
    )
}

fn holidays(calendar: &Calendar, years: [i32; 2], output: &Output) -> Result<(), CliError> {
    for year in years {
        let days: Vec<_> = calendar
            .dates_in(year)
            .filter(|(date, _)| calendar.is_verified_on(*date))
            .map(|(date, day)| {
                let month_and_day = date.to_string().get(5..).unwrap_or_default().to_owned();
                let only: Vec<_> = day.only.iter().map(ToString::to_string).collect();
                match only.is_empty() {
                    true => format!("{month_and_day} {}", day.name),
                    false => format!("{month_and_day} {} (only {})", day.name, only.join(", ")),
                }
            })
            .collect();
        field(
            "",
            &format!("{} {year}: {}", calendar.id, days.join(", ")),
            output,
        )?;
    }
    if let Some(last) = calendar.verified_through {
        field(
            "",
            &format!(
                "{} is known through {last}; later dates are prohibited",
                calendar.id
            ),
            output,
        )?;
    }
    Ok(())
}

fn plain(content: &Content) -> String {
    content.parts().join(" ")
}

pub(super) fn field(label: &str, value: &str, output: &Output) -> Result<(), CliError> {
    let label = if label.is_empty() {
        String::new()
    } else {
        format!("  {label}")
    };
    // A label that fills the column still keeps a blank before its value.
    let label = if label.chars().count() >= INDENT {
        format!("{label} ")
    } else {
        label
    };
    for line in wrapped(&label, value, INDENT + 4) {
        output.line(&line)?;
    }
    Ok(())
}
