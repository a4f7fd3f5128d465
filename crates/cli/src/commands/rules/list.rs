//! `curfew rules list`: everything in the rulebook, a line each.

use core_compliance::Gate;
use serde_json::json;

use super::entry::{Entry, entries};
use super::{counted, stamp, title};
use crate::args::{Format, RulesListArgs};
use crate::exit::{CliError, Exit};
use crate::output::Output;
use crate::render::{WIDTH, clipped};

pub(super) fn run(gate: &Gate, args: &RulesListArgs, output: &Output) -> Result<u8, CliError> {
    let book = gate.rulebook();
    let listed: Vec<Entry<'_>> = entries(book)
        .into_iter()
        .filter(|entry| {
            let here = args.jurisdiction.as_ref();
            here.is_none_or(|here| entry.jurisdiction().is_within(here))
                && args.status.is_none_or(|status| entry.status() == Some(status))
        })
        .collect();
    match output.format_or(Format::Text) {
        Format::Text => table(gate, &listed, output)?,
        Format::Json => {
            let rules: Vec<_> = listed.iter().map(|entry| entry.json(book)).collect();
            output.line(&json!({"schema": 1, "rulebook": stamp(book), "rules": rules}).to_string())?;
        }
        Format::Ndjson => {
            for entry in listed {
                output.line(&entry.json(book).to_string())?;
            }
        }
    }
    Ok(Exit::DONE)
}

fn table(gate: &Gate, listed: &[Entry<'_>], output: &Output) -> Result<(), CliError> {
    let book = gate.rulebook();
    let mut rows = vec![["id", "in", "status", "confidence", "hours"].map(str::to_owned)];
    for entry in listed {
        let mark = match (entry.is_own(), entry.is_relaxed(book)) {
            (true, _) => " *",
            (_, true) => " ~",
            _ => "",
        };
        rows.push([
            format!("{}{mark}", entry.id()),
            entry.jurisdiction().to_string(),
            entry.status_in_words().to_owned(),
            entry
                .confidence()
                .map_or("-".to_owned(), |confidence| confidence.to_string()),
            entry.short(),
        ]);
    }
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let (ids, places, statuses, confidences) = (width(0).min(30), width(1).min(14), width(2), width(3));
    for [id, place, status, confidence, hours] in &rows {
        let line = format!(
            "{:<ids$}  {:<places$}  {status:<statuses$}  {confidence:<confidences$}  {hours}",
            clipped(id, ids),
            clipped(place, places)
        );
        output.line(&clipped(&line, WIDTH))?;
    }
    let count = |kind: &str| listed.iter().filter(|entry| entry.kind() == kind).count();
    output.line(&format!(
        "{}, {}, {} places without hours of their own",
        counted(count("rule"), "rule"),
        counted(count("cap"), "cap"),
        count("no-rule")
    ))?;
    output.line(&title(book))?;
    if listed.iter().any(|entry| entry.is_own()) {
        output.line("* own, not shipped")?;
    }
    if listed.iter().any(|entry| entry.is_relaxed(book)) {
        output.line("~ relaxed by an own [[relaxation]]; `curfew rules lint` says by whom and until when")?;
    }
    Ok(())
}
