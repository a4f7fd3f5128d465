//! `curfew rules diff`: two rulebooks, field by field and hour by hour.

mod hours;
mod pattern;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use core_compliance::ports::Clock as _;
use core_compliance::{Calendar, Instant, Purpose, Rulebook};
use local_files::{read_rulebook_folder, read_rules_file};
use serde_json::json;

use super::entry::{Content, Field, Fields, entries};
use super::{stamp, words};
use crate::args::{Format, Global, RulesDiffArgs};
use crate::clock::SystemClock;
use crate::exit::{CliError, Exit};
use crate::output::{Output, Tone};
use crate::render::wrapped;
use crate::settings::{Layers, load_gate};

/// Something that was added, removed or changed.
struct Change {
    mark: &'static str,
    kind: &'static str,
    id: String,
    fields: Vec<FieldChange>,
}

struct FieldChange {
    name: &'static str,
    old: Option<Content>,
    new: Option<Content>,
}

pub(super) fn run(global: &Global, args: &RulesDiffArgs, output: &Output) -> Result<u8, CliError> {
    let (old, new) = (book("OLD", &args.old)?, book("NEW", &args.new)?);
    let mut flags = Vec::new();
    flags.extend(args.channel.clone().map(|channel| ("channel", channel)));
    flags.extend(args.tzdata.clone().map(|folder| ("tzdata", folder)));
    let in_use = load_gate(&Layers::load(global, flags)?, output)?;
    let gate = |book: &Rulebook| {
        in_use
            .with_rulebook(book.clone(), in_use.settings().clone())
            .map_err(|error| CliError::failed(error.to_string()))
    };
    let purposes = match args.purposes.as_slice() {
        [] => vec![Purpose::Sales, Purpose::Collections],
        given => given.to_vec(),
    };
    let from = match args.at {
        None => SystemClock.now(),
        Some(date) => Instant::from_unix(i64::from(date.days()) * 86_400)
            .map_err(|error| CliError::usage(format!("--at: {error}")))?,
    };
    let changes = changes(&old, &new);
    let year = hours::Year::of(&gate(&old)?, &gate(&new)?, &purposes, from);
    if output.format_or(Format::Text) == Format::Text {
        text(args, [&old, &new], &changes, output)?;
        return year.text(&purposes, output).map(|()| Exit::DONE);
    }
    let document = json!({
        "schema": 1,
        "old": {"name": args.old, "rulebook": stamp(&old)},
        "new": {"name": args.new, "rulebook": stamp(&new)},
        "changes": changes.iter().map(Change::json).collect::<Vec<_>>(),
        "hours": year.json(),
    });
    output.line(&document.to_string())?;
    Ok(Exit::DONE)
}

/// The rulebook that an argument names.
fn book(side: &str, name: &str) -> Result<Rulebook, CliError> {
    if name == "shipped" {
        return Ok(Rulebook::shipped());
    }
    let path = Path::new(name);
    let wrong = |error: &dyn std::fmt::Display| CliError::usage(format!("{side}: {error}"));
    if path.is_dir() {
        return read_rulebook_folder(path).map_err(|error| wrong(&error));
    }
    let overlay = read_rules_file(path).map_err(|error| wrong(&error))?;
    Rulebook::shipped()
        .with_overlay(overlay)
        .map_err(|error| wrong(&format!("{name}: {error}")))
}

/// Kind and id → fields, of everything in a rulebook.
fn contents(book: &Rulebook) -> BTreeMap<(&'static str, String), Vec<Field>> {
    let rows = entries(book)
        .into_iter()
        .map(|entry| ((entry.kind(), entry.id().to_owned()), entry.fields()));
    let calendars = book
        .calendars()
        .map(|calendar| (("calendar", calendar.id.clone()), calendar_fields(calendar)));
    rows.chain(calendars).collect()
}

fn calendar_fields(calendar: &Calendar) -> Vec<Field> {
    let mut fields = Fields::default();
    let provenance = &calendar.provenance;
    let days = calendar.days.iter().map(|day| {
        let when = words::when(day, &calendar.observed);
        match &day.when {
            core_compliance::When::Dates(dates) => {
                let dates: Vec<_> = dates.iter().map(ToString::to_string).collect();
                format!("{}: {when}: {}", day.name, dates.join(", "))
            }
            _ => format!("{}: {when}", day.name),
        }
    });
    fields.list("days", days);
    fields.maybe("verified_through", calendar.verified_through);
    fields.maybe("confidence", provenance.confidence);
    fields.filled("citation", &provenance.citation);
    fields.list("source", provenance.source.iter().cloned());
    fields.list("open", provenance.open.iter().cloned());
    fields.filled("note", &provenance.note);
    fields.0
}

fn changes(old: &Rulebook, new: &Rulebook) -> Vec<Change> {
    let (old, new) = (contents(old), contents(new));
    let keys: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let mut changes = Vec::new();
    for key in keys {
        let (before, after) = (old.get(key), new.get(key));
        let mark = match (before, after) {
            (None, _) => "added",
            (_, None) => "removed",
            _ => "changed",
        };
        let none = Vec::new();
        let fields = field_changes(before.unwrap_or(&none), after.unwrap_or(&none));
        if !fields.is_empty() {
            changes.push(Change {
                mark,
                kind: key.0,
                id: key.1.clone(),
                fields,
            });
        }
    }
    changes
}

fn field_changes(old: &[Field], new: &[Field]) -> Vec<FieldChange> {
    let get = |fields: &[Field], name: &str| {
        let found = fields.iter().find(|(each, _)| *each == name);
        found.map(|(_, content)| content.clone())
    };
    let removed = old.iter().filter(|(name, _)| get(new, name).is_none());
    new.iter()
        .chain(removed)
        .map(|(name, _)| FieldChange {
            name,
            old: get(old, name),
            new: get(new, name),
        })
        .filter(|change| change.old != change.new)
        .collect()
}

impl Change {
    fn json(&self) -> serde_json::Value {
        let fields: Vec<_> = self
            .fields
            .iter()
            .map(|field| {
                let value = |content: &Option<Content>| content.as_ref().map(Content::json);
                json!({"field": field.name, "old": value(&field.old), "new": value(&field.new)})
            })
            .collect();
        json!({"change": self.mark, "kind": self.kind, "id": self.id, "fields": fields})
    }
}

/// What goes in front of a line, and where its text begins.
const INDENT: usize = 18;

fn text(
    args: &RulesDiffArgs,
    books: [&Rulebook; 2],
    changes: &[Change],
    output: &Output,
) -> Result<(), CliError> {
    for ((label, name), book) in [("old", &args.old), ("new", &args.new)].into_iter().zip(books) {
        let sha256 = book.sha256().as_str();
        let short = sha256.get(..12).unwrap_or(sha256);
        output.line(&format!("{label}  {name}: rulebook {} ({short})", book.version()))?;
    }
    if changes.is_empty() {
        output.line("the rules are the same")?;
    }
    for change in changes {
        let (sign, tone) = match change.mark {
            "added" => ("+", Tone::Good),
            "removed" => ("-", Tone::Bad),
            _ => ("~", Tone::Faint),
        };
        let head = format!("{sign} {} {} {}", change.kind, change.id, change.mark);
        output.line(&output.toned(&head, tone))?;
        for field in change.fields.iter().filter(|_| change.mark != "removed") {
            field_text(field, change.mark == "added", output)?;
        }
    }
    Ok(())
}

fn field_text(field: &FieldChange, is_added: bool, output: &Output) -> Result<(), CliError> {
    let mut label = format!("    {}", field.name);
    if label.chars().count() >= INDENT {
        label.push(' ');
    }
    let parts = |content: &Option<Content>| {
        content
            .as_ref()
            .map_or(Vec::new(), |content| content.parts().to_vec())
    };
    let (old, new) = (parts(&field.old), parts(&field.new));
    let gone = old
        .iter()
        .filter(|part| !new.contains(part))
        .map(|part| format!("- {part}"));
    let come = new.iter().filter(|part| !old.contains(part));
    let come = come.map(|part| {
        if is_added {
            part.clone()
        } else {
            format!("+ {part}")
        }
    });
    for part in gone.chain(come) {
        for line in wrapped(&label, &part, INDENT) {
            output.line(&line)?;
        }
        label.clear();
    }
    Ok(())
}
