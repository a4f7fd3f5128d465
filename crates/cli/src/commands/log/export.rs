//! `curfew log export`.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use record_keeping::{Event, Record, StateView};

use super::Readable;
use crate::args::LogExportArgs;
use crate::exit::{CliError, Exit};
use crate::output::Output;

const COLUMNS: [&str; 23] = [
    "record",
    "time",
    "run",
    "kind",
    "contact",
    "country",
    "prefix",
    "phone_hash",
    "purpose",
    "channel",
    "at",
    "places",
    "decision",
    "permitted_until",
    "next_opening",
    "code",
    "rule",
    "outcome",
    "reason",
    "message",
    "deferred_until",
    "rulebook",
    "tzdb",
];

pub(super) fn run(view: &StateView, args: &LogExportArgs, output: &Output) -> Result<u8, CliError> {
    let to_stdout = args.csv == Path::new("-");
    let target: Box<dyn Write> = if to_stdout {
        Box::new(io::stdout().lock())
    } else {
        let refused = |error: io::Error| CliError::usage(format!("--csv {}: {error}", args.csv.display()));
        Box::new(File::create(&args.csv).map_err(refused)?)
    };
    let failed = |error: csv::Error| match error.into_kind() {
        csv::ErrorKind::Io(error) if to_stdout => CliError::from(error),
        csv::ErrorKind::Io(error) => CliError::failed(format!("--csv {}: {error}", args.csv.display())),
        other => CliError::failed(format!("--csv {}: {other:?}", args.csv.display())),
    };
    let mut table = csv::Writer::from_writer(target);
    table.write_record(COLUMNS).map_err(failed)?;
    let mut records = Readable::of(view.records()?, args.run.as_deref(), output);
    let mut count = 0_u64;
    while let Some(record) = records.next() {
        table.write_record(row(&record)).map_err(failed)?;
        count += 1;
    }
    table.flush().map_err(|error| failed(error.into()))?;
    output.note(&format!("{count} records written"));
    Ok(if records.broken > 0 {
        Exit::ITEMS
    } else {
        Exit::DONE
    })
}

/// The cells of a record, in the order of the columns.
fn row(record: &Record) -> [String; COLUMNS.len()] {
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    let shown = |value: Option<core_compliance::Instant>| value.map(|at| at.to_string()).unwrap_or_default();
    let (kind, outcome, reason, message, deferred) = match &record.event {
        Event::RunStarted { command, .. } => ("run-started", None, None, Some(command.as_str()), None),
        Event::Intent { .. } => ("intent", None, None, None, None),
        Event::Outcome {
            outcome,
            reason,
            message,
            ..
        } => (
            "outcome",
            Some(outcome),
            reason.as_deref(),
            message.as_deref(),
            None,
        ),
        Event::Settled {
            outcome,
            reason,
            message,
            deferred_until,
            ..
        } => (
            "settled",
            Some(outcome),
            Some(reason.as_str()),
            Some(message.as_str()),
            *deferred_until,
        ),
        Event::DeferralDropped { .. } => ("deferral-dropped", None, None, None, None),
        Event::Deferred { until, .. } => ("deferred", None, None, None, Some(*until)),
        Event::RunEnded { .. } => ("run-ended", None, None, None, None),
        Event::RunAbandoned => ("run-abandoned", None, None, None, None),
        Event::Checkpoint { why, .. } => ("checkpoint", None, None, Some(why.as_str()), None),
        Event::Other { kind } => (kind.as_str(), None, None, None, None),
        _ => ("", None, None, None, None),
    };
    let decided = record.decision();
    let phone = decided.and_then(|(callee, _)| callee.phone.as_ref());
    let decision = decided.map(|(_, decision)| decision);
    let places = decision.into_iter().flat_map(|decision| &decision.places);
    let places: Vec<String> = places
        .map(|(place, _)| format!("{}@{}", place.jurisdiction, place.zone))
        .collect();
    let found = decision.and_then(|decision| decision.reason());
    [
        record.seq.to_string(),
        record.time.to_string(),
        text(record.run.as_deref()),
        kind.to_owned(),
        text(record.contact()),
        text(phone.and_then(|phone| phone.country.as_deref())),
        text(phone.and_then(|phone| phone.prefix.as_deref())),
        text(phone.map(|phone| phone.hash.as_str())),
        text(decision.map(|decision| decision.attempt.purpose.as_str())),
        text(decision.map(|decision| decision.attempt.channel.as_str())),
        shown(decision.map(|decision| decision.attempt.at)),
        places.join(" "),
        text(decision.map(|decision| decision.decision.as_str())),
        shown(decision.and_then(|decision| decision.permitted_until)),
        shown(decision.and_then(|decision| decision.next_opening)),
        text(found.map(|found| found.code.as_str())),
        text(found.and_then(|found| found.rule.as_deref())),
        text(outcome.map(String::as_str)),
        text(reason),
        text(message.or_else(|| found.map(|found| found.message.as_str()))),
        shown(deferred),
        text(decision.map(|decision| decision.rulebook.version.as_str())),
        text(decision.map(|decision| decision.tzdb.version.as_str())),
    ]
}
