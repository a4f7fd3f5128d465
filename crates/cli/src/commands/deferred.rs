//! `curfew deferred list`: who was prohibited and waits for an opening.

use record_keeping::Waiting;
use serde_json::json;

use super::log::look;
use crate::args::{DeferredAction, DeferredArgs, DeferredListArgs, Format, Global};
use crate::exit::{CliError, Exit};
use crate::output::{Output, printable};
use crate::settings::Layers;

pub(crate) fn run(global: &Global, args: &DeferredArgs, output: &Output) -> Result<u8, CliError> {
    match &args.action {
        DeferredAction::List(args) => list(global, args, output),
    }
}

fn list(global: &Global, args: &DeferredListArgs, output: &Output) -> Result<u8, CliError> {
    let layers = Layers::load(global, args.state.flags())?;
    let (waiting, all) = look(&layers)?.waiting(args.limit)?;
    match output.format_or(Format::Text) {
        Format::Text => {
            for each in &waiting {
                output.line(&text(each))?;
            }
            let shown = waiting.len() as u64;
            output.note(&match all {
                0 => "nobody waits".to_owned(),
                all if all > shown => format!("{all} wait, {shown} shown; --limit {all} shows all"),
                all => format!("{all} wait"),
            });
        }
        Format::Ndjson => {
            for each in &waiting {
                output.line(&serde_json::to_string(each)?)?;
            }
        }
        Format::Json => {
            output.line(&json!({"schema": 1, "waiting": waiting, "count": all}).to_string())?;
        }
    }
    Ok(Exit::DONE)
}

fn text(waiting: &Waiting) -> String {
    let reason = waiting.reason.as_deref().unwrap_or("-");
    let line = format!(
        "{}  {:<22}  {}  ({})",
        waiting.opens, reason, waiting.external_id, waiting.source
    );
    printable(&line)
}
