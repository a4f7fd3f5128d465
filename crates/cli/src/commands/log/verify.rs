//! `curfew log verify`.

use record_keeping::{StateView, Verified};
use serde_json::json;

use crate::args::{Format, LogVerifyArgs};
use crate::exit::{CliError, Exit};
use crate::output::{Output, Tone};

pub(super) fn run(view: &StateView, args: &LogVerifyArgs, output: &Output) -> Result<u8, CliError> {
    let verified = view.verify(args.head.as_deref())?;
    match output.format_or(Format::Text) {
        Format::Text => show(&verified, output)?,
        Format::Json | Format::Ndjson => output.line(&document(&verified).to_string())?,
    }
    Ok(if verified.is_whole() {
        Exit::DONE
    } else {
        Exit::FAILED
    })
}

fn show(verified: &Verified, output: &Output) -> Result<(), CliError> {
    for found in &verified.breaks {
        output.line(&format!("{} {found}", output.toned("broken   ", Tone::Bad)))?;
    }
    if verified.more_breaks > 0 {
        output.line(&format!("broken    at {} more places", verified.more_breaks))?;
    }
    let files = match verified.segments {
        1 => "1 file".to_owned(),
        files => format!("{files} files"),
    };
    let span = match (verified.first, verified.last) {
        (Some((_, first)), Some((_, last))) => format!(", written {first} to {last}"),
        _ => String::new(),
    };
    let (word, tone) = if verified.is_whole() {
        ("whole    ", Tone::Good)
    } else {
        ("not whole", Tone::Bad)
    };
    output.line(&format!(
        "{} {} records in {files}{span}",
        output.toned(word, tone),
        verified.records
    ))?;
    if let Some((through, by)) = verified.pruned {
        output.line(&format!("pruned    records up to {through}, as record {by} says"))?;
    }
    output.line(&format!(
        "head      {} (record {})",
        verified.head.hash, verified.head.seq
    ))?;
    if let Some(after) = verified.after_head {
        output.line(&format!(
            "since     the head that was given, {after} records were written"
        ))?;
    }
    Ok(())
}

fn document(verified: &Verified) -> serde_json::Value {
    let end = |end: Option<(u64, core_compliance::Instant)>| {
        end.map(|(seq, time)| json!({"seq": seq, "time": time}))
    };
    json!({
        "schema": 1,
        "whole": verified.is_whole(),
        "records": verified.records,
        "files": verified.segments,
        "first": end(verified.first),
        "last": end(verified.last),
        "head": {"seq": verified.head.seq, "hash": verified.head.hash},
        "after_head": verified.after_head,
        "pruned": verified.pruned.map(|(through, by)| json!({"through": through, "checkpoint": by})),
        "breaks": verified.breaks,
        "more_breaks": verified.more_breaks,
    })
}
