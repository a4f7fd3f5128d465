//! `curfew check`: one attempt, or a file of them.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write as _};
use std::path::Path;

use core_compliance::ports::{AttemptLedger as _, CalleeKey, Clock as _};
use core_compliance::{CallAttempt, Gate, PastAttempt};
use local_files::SuppressionFile;
use pipeline::{JudgedLine, judge_line, suppress};
use record_keeping::SqliteAttemptLedger;

use super::simulate::runtime;
use crate::args::{CheckArgs, Format, Global};
use crate::clock::SystemClock;
use crate::durations::parse_planned;
use crate::exit::{CliError, Exit};
use crate::output::{Output, Tone, printable};
use crate::render::{details, headline};
use crate::settings::{Layers, load_gate, load_suppression};

/// A longer line is an error: it is no attempt.
const LONGEST_LINE: u64 = 1 << 20;
/// Bytes read, and written, at a time.
const BUFFER: usize = 1 << 16;

pub(crate) fn run(global: &Global, args: &CheckArgs, output: &Output) -> Result<u8, CliError> {
    let layers = Layers::load(global, args.decision.flags())?;
    let gate = load_gate(&layers, output)?;
    let list = load_suppression(&layers)?;
    let assume_utc = layers.assume_utc()?;
    match &args.input {
        Some(input) => many(&gate, &list, input, assume_utc, output),
        None => one(&gate, &list, args, assume_utc, output),
    }
}

fn one(
    gate: &Gate,
    list: &SuppressionFile,
    args: &CheckArgs,
    assume_utc: bool,
    output: &Output,
) -> Result<u8, CliError> {
    let now = SystemClock.now();
    let at = match &args.at {
        None => now,
        Some(text) => {
            parse_planned(text, now, assume_utc).map_err(|error| CliError::usage(format!("--at: {error}")))?
        }
    };
    let settings = gate.settings();
    let mut attempt = CallAttempt {
        id: args.id.clone(),
        purpose: settings.purpose,
        channel: settings.channel,
        ..CallAttempt::new(at, args.evidence.evidence())
    };
    args.facts
        .put_into(&mut attempt, assume_utc)
        .map_err(CliError::usage)?;
    suppress(list, &mut attempt);
    if let Some(folder) = &args.state_dir {
        attempt.history = history(folder, &attempt)?;
    }
    let determination = gate.determine(&attempt);
    let written = match output.format_or(Format::Text) {
        Format::Text => details(gate, &determination, output)
            .iter()
            .try_for_each(|line| output.line(line)),
        Format::Json | Format::Ndjson => output.line(&serde_json::to_string(&determination)?),
    };
    let exit = if determination.is_permitted() {
        Exit::DONE
    } else {
        Exit::PROHIBITED
    };
    match written {
        // The decision stands, whoever stopped reading the reasons.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(exit),
    }
}

/// The attempts that a ledger has of the callee; `None` where no ledger is kept.
fn history(state_dir: &Path, attempt: &CallAttempt) -> Result<Option<Vec<PastAttempt>>, CliError> {
    let callee = CalleeKey {
        external_id: attempt.id.as_deref(),
        phone: attempt.evidence.phone.as_deref(),
    };
    let ledger = SqliteAttemptLedger::read(state_dir);
    Ok(runtime()?.block_on(ledger.attempts(callee, attempt.at))?)
}

fn many(
    gate: &Gate,
    list: &SuppressionFile,
    input: &Path,
    assume_utc: bool,
    output: &Output,
) -> Result<u8, CliError> {
    let mut reader = open(input)?;
    let broken = |error: io::Error| CliError::failed(format!("{}: {error}", input.display()));
    let format = output.format_or(Format::Ndjson);
    let mut out = io::BufWriter::with_capacity(BUFFER, io::stdout().lock());
    let (mut count, mut unreadable) = (0_u64, 0_u64);
    let mut line = Vec::new();
    let mut is_first = true;
    loop {
        if !reader.buffer().contains(&b'\n') {
            // What was judged is shown before more input is waited for.
            out.flush()?;
        }
        line.clear();
        let is_whole = read_line(&mut reader, &mut line).map_err(broken)?;
        if line.is_empty() {
            break;
        }
        let text = line.trim_ascii();
        let text = match text.strip_prefix("\u{feff}".as_bytes()) {
            Some(rest) if is_first => rest,
            _ => text,
        };
        is_first = false;
        if text.is_empty() {
            continue;
        }
        let judged = if is_whole {
            judge_line(gate, list, text, assume_utc)
        } else {
            JudgedLine::too_long(LONGEST_LINE)
        };
        unreadable += u64::from(!judged.is_readable());
        match (format, &judged) {
            (Format::Text, JudgedLine::Determined(determination)) => {
                let id = printable(determination.id.as_deref().unwrap_or("-"));
                writeln!(out, "{id}  {}", headline(gate, determination, output))?;
            }
            (Format::Text, JudgedLine::Unreadable(unreadable)) => {
                let word = output.toned("unreadable", Tone::Bad);
                let message = printable(unreadable.message());
                writeln!(
                    out,
                    "{}  {word}: {message}",
                    printable(&unreadable.id().to_string())
                )?;
            }
            (Format::Json, _) => {
                let before = if count == 0 { "[" } else { ",\n" };
                write!(out, "{before}{}", judged.to_json()?)?;
            }
            (Format::Ndjson, _) => writeln!(out, "{}", judged.to_json()?)?,
        }
        count += 1;
    }
    if format == Format::Json {
        writeln!(out, "{}]", if count == 0 { "[" } else { "" })?;
    }
    out.flush()?;
    if unreadable > 0 {
        output.warning(&format!(
            "{unreadable} of {count} lines could not be read; they are prohibited"
        ));
        return Ok(Exit::ITEMS);
    }
    Ok(Exit::DONE)
}

fn open(input: &Path) -> Result<BufReader<Box<dyn Read>>, CliError> {
    let source: Box<dyn Read> = if input == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        let unusable =
            |error: &dyn std::fmt::Display| CliError::usage(format!("--input {}: {error}", input.display()));
        let file = File::open(input).map_err(|error| unusable(&error))?;
        if file.metadata().is_ok_and(|it| it.is_dir()) {
            return Err(unusable(&"is a folder; give a file with one JSON object a line"));
        }
        Box::new(file)
    };
    Ok(BufReader::with_capacity(BUFFER, source))
}

/// One line, whatever its bytes; nothing at the end. Tells whether it is whole: one that is too long is passed over.
fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    Read::take(&mut *reader, LONGEST_LINE).read_until(b'\n', line)?;
    let is_whole = (line.len() as u64) < LONGEST_LINE || line.ends_with(b"\n");
    if !is_whole {
        reader.skip_until(b'\n')?;
    }
    Ok(is_whole)
}
