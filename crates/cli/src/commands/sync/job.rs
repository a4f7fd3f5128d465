//! One run: wires the parts, watches for signals, reports, and tells the exit code.

use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use core_compliance::ports::{Clock, ContactSink, PortFailure};
use core_compliance::{Gate, Hours};
use cxone_client::{CxoneClient, CxoneConfig};
use pipeline::{DryRunSink, NoRecords, Summary, SyncOptions, SyncRun};
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::Instant as Moment;

use super::report::Reporter;
use super::summary_file::SummaryFile;
use super::tolerance::Tolerance;
use crate::args::Format;
use crate::exit::{CliError, Exit};
use crate::output::Output;

/// How long what is in flight may take to finish after a signal.
const GRACE: Duration = Duration::from_secs(9);

/// Which contacts are shown one by one in text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Show {
    /// All of them.
    EveryContact,
    /// Those that were rejected or failed.
    Exceptions,
}

/// All that a run needs.
pub(crate) struct Job<'a, C> {
    pub(crate) gate: &'a Gate,
    pub(crate) clock: Arc<C>,
    pub(crate) config: CxoneConfig,
    pub(crate) options: SyncOptions,
    pub(crate) dry_run: bool,
    pub(crate) show: Show,
    /// For people: where contacts are read and written.
    pub(crate) target: String,
    /// For people: when the calls are planned.
    pub(crate) planned: String,
    pub(crate) max_rejected: Tolerance,
    pub(crate) summary: Option<SummaryFile>,
}

/// How a run ended.
struct End {
    summary: Summary,
    failure: Option<PortFailure>,
    /// The exit code of the signal that ended it.
    signal: Option<u8>,
}

impl<C: Clock + 'static> Job<'_, C> {
    pub(crate) async fn run(self, output: &Output) -> Result<u8, CliError> {
        let mode = if self.dry_run { "DRY RUN" } else { "WRITE" };
        let settings = self.gate.settings();
        output.note(&format!("target   {}", self.target));
        output.note(&format!("purpose  {} {}", settings.purpose, settings.channel));
        output.note(&format!("planned  {}", self.planned));
        if matches!(settings.hours, Hours::CallingHours(_)) {
            output.note("law      set aside: --calling-hours decides alone");
        }
        output.note(&format!("mode     {mode}"));
        let clock: Arc<dyn Clock> = self.clock.clone();
        let run_id = format!(
            "{}-{:x}",
            self.clock.now().to_string().replace([':', '-'], ""),
            std::process::id()
        );
        let client = CxoneClient::new(self.config.clone(), clock).map_err(PortFailure::from)?;
        let started = Moment::now();
        let reporter = Reporter::new(output, self.show, self.gate, self.options.limit);
        let end = if self.dry_run {
            self.watch(&client, &DryRunSink::new(client.contact_sink()), &reporter)
                .await?
        } else {
            self.watch(&client, &client.contact_sink(), &reporter).await?
        };
        reporter.finish();
        let seconds = started.elapsed().as_secs_f64();
        let throttled = client.stats().snapshot().throttled;
        let document = self.document(&end, &run_id, throttled, seconds)?;
        if let Some(file) = &self.summary {
            file.write(&document, output)?;
        }
        let reported = match output.format_or(Format::Text) {
            // A run that never came to read anything has an error to tell, and no books.
            Format::Text if end.failure.is_some() && end.summary.books.read == 0 => Ok(()),
            Format::Text => reporter.books(&end.summary, throttled, seconds),
            Format::Json | Format::Ndjson => output.line(&document),
        };
        // A reader that has gone away ends the report; how the run ended is still told by file and exit code.
        match reported {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
            _ => self.exit(&end, output),
        }
    }

    /// Runs until all is done or a signal has ended it: after the first, what is in flight is finished; the second, or
    /// the end of the grace, ends it at once.
    async fn watch<S: ContactSink>(
        &self,
        client: &CxoneClient,
        sink: &S,
        reporter: &Reporter<'_>,
    ) -> Result<End, CliError> {
        let failed = |error: std::io::Error| CliError::failed(format!("signals cannot be watched: {error}"));
        let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
        let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
        let stop = AtomicBool::new(false);
        let run = SyncRun {
            gate: self.gate,
            sink,
            clock: &self.clock,
            observer: reporter,
            records: &NoRecords,
            ledger: &(),
            suppression: &(),
            footing: &(),
            stop: &stop,
            options: &self.options,
        };
        let mut running = std::pin::pin!(run.run(client.contact_source(), Summary::default()));
        let mut received: Option<u8> = None;
        let mut grace = std::pin::pin!(tokio::time::sleep(Duration::MAX));
        loop {
            let code = tokio::select! {
                (summary, failure) = &mut running => return Ok(End { summary, failure, signal: received }),
                () = &mut grace => None,
                _ = interrupt.recv() => Some(Exit::INTERRUPTED),
                _ = terminate.recv() => Some(Exit::TERMINATED),
            };
            match (received, code) {
                (None, Some(code)) => {
                    stop.store(true, Ordering::Relaxed);
                    received = Some(code);
                    grace.as_mut().reset(Moment::now() + GRACE);
                    reporter.stopping();
                }
                _ => {
                    let code = received.or(code);
                    return Ok(End {
                        summary: reporter.cut_off(),
                        failure: None,
                        signal: code,
                    });
                }
            }
        }
    }

    fn document(&self, end: &End, run_id: &str, throttled: u64, seconds: f64) -> Result<String, CliError> {
        let mut document = serde_json::to_value(&end.summary)?;
        if let Some(fields) = document.as_object_mut() {
            let beside = json!({
                "schema": 1,
                "run_id": run_id,
                "mode": if self.dry_run { "dry-run" } else { "write" },
                "target": self.target,
                "complete": end.failure.is_none() && end.signal.is_none(),
                "error": end.failure.as_ref().map(ToString::to_string),
                "throttled": throttled,
                "seconds": (seconds * 1_000.0).round() / 1_000.0,
                "rulebook": self.gate.rulebook().version(),
                "tzdb": self.gate.zones().version(),
            });
            fields.extend(beside.as_object().cloned().unwrap_or_default());
        }
        Ok(document.to_string())
    }

    fn exit(&self, end: &End, output: &Output) -> Result<u8, CliError> {
        let books = &end.summary.books;
        if !books.balance() {
            return Err(CliError::failed(format!(
                "internal fault: the books do not balance: {books:?}"
            )));
        }
        if let Some(failure) = &end.failure {
            return Err(CliError::failed(failure.to_string()));
        }
        if let Some(code) = end.signal {
            if books.not_attempted > 0 {
                output.warning(&format!(
                    "cut off: of {} contacts that were read it is not known whether they arrived",
                    books.not_attempted
                ));
            }
            output.warning("interrupted; run the same command again, what was sent is known to the tenant");
            return Ok(code);
        }
        let tolerated = self.max_rejected.allows(books.rejected, books.read);
        Ok(if tolerated && books.failed == 0 {
            Exit::DONE
        } else {
            Exit::ITEMS
        })
    }
}
