//! `curfew log prune`.

use std::sync::Arc;

use core_compliance::Instant;
use record_keeping::StateDir;
use serde_json::json;

use super::look;
use crate::args::{Format, Global, LogPruneArgs};
use crate::clock::SystemClock;
use crate::exit::{CliError, Exit};
use crate::output::Output;
use crate::settings::{Layers, state_dir};

pub(super) fn run(global: &Global, args: &LogPruneArgs, output: &Output) -> Result<u8, CliError> {
    let layers = Layers::load(global, args.state.flags())?;
    // Nothing is made where nothing was recorded.
    look(&layers)?;
    let command = format!("curfew log prune --before {}", args.before);
    let state = StateDir::open(&state_dir(&layers)?, &command, Arc::new(SystemClock))?;
    for note in state.notes() {
        output.warning(note);
    }
    let before = Instant::from_unix_clamped(i64::from(args.before.days()) * 86_400);
    let pruned = state.prune(before, &format!("pruned by `{command}`"))?;
    let head = state.head();
    match output.format_or(Format::Text) {
        Format::Text if pruned.segments == 0 => output.line(&format!(
            "nothing removed: no file of the log that is closed ends before {}, or what is in it is still needed",
            args.before
        ))?,
        Format::Text => {
            output.line(&format!(
                "removed  {} files of the log, records up to {}, {} bytes",
                pruned.segments, pruned.through, pruned.bytes
            ))?;
            if pruned.deferrals > 0 {
                output.line(&format!("kept     {} contacts that wait, recorded again", pruned.deferrals))?;
            }
            output.line(&format!("head     {} (record {})", head.hash, head.seq))?;
        }
        Format::Json | Format::Ndjson => {
            let document = json!({
                "schema": 1,
                "files": pruned.segments,
                "through": pruned.through,
                "bytes": pruned.bytes,
                "deferrals": pruned.deferrals,
                "head": {"seq": head.seq, "hash": head.hash},
            });
            output.line(&document.to_string())?;
        }
    }
    Ok(Exit::DONE)
}
