//! `curfew attempts import`: a dialler's report into the ledger.

use core_compliance::ports::{
    AttemptRecorder as _, Clock as _, Entered, PlacedCall, PortFailure, ReportedCall,
};
use core_compliance::{AttemptOutcome, Instant};
use record_keeping::SqliteAttemptLedger;
use serde::Serialize;
use serde_json::json;

use super::Report;
use crate::args::{Format, Global, ImportArgs};
use crate::clock::SystemClock;
use crate::commands::simulate::runtime;
use crate::exit::{CliError, Exit};
use crate::output::{Output, printable};
use crate::settings::{Layers, state_dir};

/// Calls that are entered at once.
const BATCH: usize = 1_000;

/// What came of the lines; `read` is the sum of the others.
#[derive(Debug, Default, Serialize)]
struct Books {
    read: u64,
    added: u64,
    completed: u64,
    known: u64,
    rejected: u64,
}

#[derive(Debug, Serialize)]
struct Reject {
    line: u64,
    message: String,
}

pub(super) fn run(global: &Global, args: &ImportArgs, output: &Output) -> Result<u8, CliError> {
    let mut flags: Vec<(&'static str, String)> = Vec::new();
    flags.extend(args.state_dir.clone().map(|path| ("state_dir", path)));
    flags.extend(args.assume_utc.then(|| ("assume_utc", "true".to_owned())));
    let layers = Layers::load(global, flags)?;
    let folder = state_dir(&layers)?;
    let mut report = Report::open(&args.report, &layers)?;
    let ledger = SqliteAttemptLedger::open(&folder).map_err(PortFailure::from)?;
    let mut import = Import {
        ledger: &ledger,
        now: SystemClock.now(),
        source: report.name.clone(),
        waiting: Vec::with_capacity(BATCH),
        books: Books::default(),
        rejects: Vec::new(),
        output,
    };
    runtime()?.block_on(import.run(&mut report))?;
    import.show()
}

struct Import<'i> {
    ledger: &'i SqliteAttemptLedger,
    now: Instant,
    source: String,
    waiting: Vec<(u64, PlacedCall)>,
    books: Books,
    /// Kept where one document is to have them all.
    rejects: Vec<Reject>,
    output: &'i Output,
}

impl Import<'_> {
    async fn run(&mut self, report: &mut Report) -> Result<(), CliError> {
        while let Some(read) = report.next()? {
            self.books.read += 1;
            match read.call {
                Ok(call) if call.at > self.now => {
                    let message = format!(
                        "`at`: {} lies ahead; only calls already placed are attempts",
                        call.at
                    );
                    self.reject(read.line, message)?;
                }
                Ok(call) => self.waiting.push((read.line, call)),
                Err(error) => self.reject(read.line, error.to_string())?,
            }
            if self.waiting.len() >= BATCH {
                self.enter().await?;
            }
        }
        self.enter().await
    }

    /// Enters what waits.
    async fn enter(&mut self) -> Result<(), CliError> {
        let waiting = std::mem::take(&mut self.waiting);
        let reported: Vec<_> = waiting
            .iter()
            .map(|(line, call)| ReportedCall {
                call,
                source: &self.source,
                line: *line,
            })
            .collect();
        let entered = self.ledger.enter(&reported, self.now).await?;
        for ((line, call), entered) in waiting.iter().zip(entered) {
            match entered {
                Entered::Added => self.books.added += 1,
                Entered::Completed => self.books.completed += 1,
                Entered::Known => self.books.known += 1,
                Entered::OtherOutcome(kept) => {
                    let said = call.outcome.map_or("-", AttemptOutcome::as_str);
                    let message = format!(
                        "`outcome`: the ledger has `{kept}` for this call, and the report says `{said}`; the ledger \
                         keeps what it has"
                    );
                    self.reject(*line, message)?;
                }
            }
        }
        Ok(())
    }

    fn reject(&mut self, line: u64, message: String) -> Result<(), CliError> {
        self.books.rejected += 1;
        let reject = Reject { line, message };
        match self.output.format_or(Format::Text) {
            Format::Text => self
                .output
                .line(&format!("rejected  line {line}: {}", printable(&reject.message)))?,
            Format::Ndjson => self.output.line(&serde_json::to_string(&reject)?)?,
            Format::Json => self.rejects.push(reject),
        }
        Ok(())
    }

    fn show(&self) -> Result<u8, CliError> {
        let books = &self.books;
        let ledger = self.ledger.path().display().to_string();
        let mut summary = json!({"schema": 1, "source": self.source, "ledger": ledger, "books": books});
        match self.output.format_or(Format::Text) {
            Format::Text => {
                for (name, count) in [
                    ("read", books.read),
                    ("added", books.added),
                    ("completed", books.completed),
                    ("known", books.known),
                    ("rejected", books.rejected),
                ] {
                    self.output.line(&format!("{name:<12} {count:>11}"))?;
                }
            }
            Format::Ndjson => self.output.line(&summary.to_string())?,
            Format::Json => {
                if let Some(summary) = summary.as_object_mut() {
                    summary.insert("rejects".to_owned(), serde_json::to_value(&self.rejects)?);
                }
                self.output.line(&summary.to_string())?;
            }
        }
        Ok(if books.rejected > 0 {
            Exit::ITEMS
        } else {
            Exit::DONE
        })
    }
}
