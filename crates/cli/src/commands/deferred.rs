//! `curfew deferred`: which contacts wait for their next opening.

use record_keeping::Waiting;
use serde_json::json;

use super::log::look;
use crate::args::{DeferredAction, DeferredArgs, DeferredListArgs, Format, Global};
use crate::exit::{CliError, Exit};
use crate::output::{Output, printable};
use crate::settings::Layers;

pub(crate) fn run(global: &Global, args: &DeferredArgs, output: &Output) -> Result<u8, CliError> {
    let DeferredAction::List(args) = &args.action;
    list(global, args, output)
}

fn list(global: &Global, args: &DeferredListArgs, output: &Output) -> Result<u8, CliError> {
    let view = look(&Layers::load(global, args.state.flags())?)?;
    let (waiting, count) = view.waiting(args.limit)?;
    match output.format_or(Format::Text) {
        Format::Text => show(&waiting, count, output)?,
        Format::Json => {
            let document = json!({"schema": 1, "waiting": count, "contacts": waiting});
            output.line(&document.to_string())?;
        }
        Format::Ndjson => {
            for contact in &waiting {
                output.line(&serde_json::to_string(contact)?)?;
            }
        }
    }
    Ok(Exit::DONE)
}

fn show(waiting: &[Waiting], count: u64, output: &Output) -> Result<(), CliError> {
    let width = waiting.iter().map(|contact| contact.external_id.chars().count());
    let width = width.max().unwrap_or_default().min(40);
    for contact in waiting {
        output.line(&format!(
            "{}  {:<width$}  {}, from {} (record {})",
            contact.opens,
            printable(&contact.external_id),
            contact.reason.as_deref().unwrap_or("-"),
            printable(&contact.source),
            contact.seq
        ))?;
    }
    let rest = count.saturating_sub(u64::try_from(waiting.len()).unwrap_or(u64::MAX));
    if rest > 0 {
        output.line(&format!("and {rest} more; --limit shows them"))?;
    }
    if count == 0 {
        output.line("no contact waits")?;
    }
    Ok(())
}
