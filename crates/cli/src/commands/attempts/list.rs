//! `curfew attempts list`: what the ledger has of a callee.

use core_compliance::has_e164_shape;
use core_compliance::ports::{CalleeKey, PortFailure};
use record_keeping::{LedgerEntry, SqliteAttemptLedger};
use serde_json::{Value, json};

use crate::args::{Format, Global, ListArgs};
use crate::exit::{CliError, Exit};
use crate::output::{Output, printable};
use crate::settings::{Layers, state_dir};

pub(super) fn run(global: &Global, args: &ListArgs, output: &Output) -> Result<u8, CliError> {
    let flags = args.state_dir.clone().map(|path| ("state_dir", path));
    let layers = Layers::load(global, flags.into_iter().collect())?;
    if args.phone.as_deref().is_some_and(|phone| !has_e164_shape(phone)) {
        return Err(CliError::usage(
            "--phone is not E.164; write `+`, country code and number without spaces, such as `+13055550123`",
        ));
    }
    let folder = state_dir(&layers)?;
    let callee = CalleeKey {
        external_id: args.external_id.as_deref(),
        phone: args.phone.as_deref(),
    };
    let ledger = SqliteAttemptLedger::read(&folder);
    let entries = ledger.entries(callee).map_err(PortFailure::from)?;
    let entries = entries.ok_or_else(|| {
        CliError::failed(format!(
            "{}: there is no ledger; fill it with `curfew attempts import`, or name its folder with --state-dir",
            ledger.path().display()
        ))
    })?;
    match output.format_or(Format::Text) {
        Format::Text if entries.is_empty() => output.note("the ledger has no attempts of this callee"),
        Format::Text => {
            for entry in &entries {
                output.line(&text(entry))?;
            }
        }
        Format::Ndjson => {
            for entry in &entries {
                output.line(&document(entry).to_string())?;
            }
        }
        Format::Json => {
            let attempts: Vec<_> = entries.iter().map(document).collect();
            output.line(&json!({"schema": 1, "attempts": attempts}).to_string())?;
        }
    }
    Ok(Exit::DONE)
}

fn text(entry: &LedgerEntry) -> String {
    let attempt = &entry.attempt;
    let outcome = attempt.outcome.map_or("-", |outcome| outcome.as_str());
    let matter = attempt.matter.as_deref().unwrap_or("-");
    let id = entry.external_id.as_deref().unwrap_or("-");
    let line = format!(
        "{}  {outcome:<12}  {matter}  {id}  {}:{}",
        attempt.at, entry.source, entry.line
    );
    printable(&line)
}

fn document(entry: &LedgerEntry) -> Value {
    json!({
        "at": entry.attempt.at,
        "outcome": entry.attempt.outcome,
        "matter": entry.attempt.matter,
        "external_id": entry.external_id,
        "source": entry.source,
        "line": entry.line,
        "entered_at": entry.entered_at,
    })
}
