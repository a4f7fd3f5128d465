//! One run: wires the parts, watches for signals, reports, and tells the exit code.

use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use core_compliance::ports::{Clock, ContactSink, Footing, PortFailure, RunRecords, Timer};
use core_compliance::{Gate, Hours};
use cxone_client::{CxoneClient, CxoneConfig};
use local_files::SuppressionFile;
use pipeline::{DryRunSink, Following, LEDGER_UNREADABLE, NoRecords, Scope, Summary, SyncOptions, SyncRun};
use record_keeping::SqliteAttemptLedger;
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::Instant as Moment;

use super::keeping::{Keeping, Kept};
use super::list::{List, Watching};
use super::report::Reporter;
use super::source::{Listing, TenantListing};
use super::summary_file::SummaryFile;
use super::tolerance::Tolerance;
use crate::args::Format;
use crate::exit::{CliError, Exit};
use crate::footing::{FootedClock, SystemFooting};
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
    /// Where contacts are read; `None` = from the tenant's listing.
    pub(crate) list: Option<List>,
    /// Where records are kept; `None` = a dry run, which keeps none.
    pub(crate) keeping: Option<Keeping>,
    pub(crate) scope: Scope,
    pub(crate) following: Following,
    pub(crate) suppression: &'a SuppressionFile,
    pub(crate) ledger: SqliteAttemptLedger,
    pub(crate) footing: Arc<SystemFooting>,
    pub(crate) show: Show,
    /// For people: where contacts are read and written.
    pub(crate) target: String,
    /// For people: when the calls are planned.
    pub(crate) planned: String,
    pub(crate) max_rejected: Tolerance,
    pub(crate) summary: Option<SummaryFile>,
}

/// How a run ended.
pub(crate) struct End {
    pub(crate) summary: Summary,
    pub(crate) failure: Option<PortFailure>,
    /// The exit code of the signal that ended it.
    pub(crate) signal: Option<u8>,
}

impl End {
    /// Whether nothing is left for the same command to go on with.
    pub(crate) fn is_complete(&self) -> bool {
        self.failure.is_none() && self.signal.is_none() && self.summary.books.not_attempted == 0
    }
}

impl<C: Clock + Timer + 'static> Job<'_, C> {
    pub(crate) async fn run(self, output: &Output) -> Result<u8, CliError> {
        self.announce(output);
        let footing: Arc<dyn Footing> = self.footing.clone();
        let clock = FootedClock {
            clock: self.clock.clone(),
            footing,
        };
        let client = CxoneClient::new(self.config.clone(), Arc::new(clock)).map_err(PortFailure::from)?;
        let started = Moment::now();
        let reporter = Reporter::new(output, self.show, self.gate, self.options.limit);
        let (end, kept) = match &self.keeping {
            None => {
                let sink = DryRunSink::new(client.contact_sink());
                let end = self
                    .watch(&client, &sink, &NoRecords, &reporter, Summary::default())
                    .await?;
                (end, self.unkept())
            }
            Some(keeping) => keeping.run(&self, &client, &reporter, output).await?,
        };
        reporter.finish();
        // Whatever becomes of the report, what was rejected is kept.
        let rejected = self.list.as_ref().map_or(Ok(None), List::finish);
        let seconds = started.elapsed().as_secs_f64();
        let throttled = client.stats().snapshot().throttled;
        let document = self.document(&end, &kept, throttled, seconds)?;
        if let Some(file) = &self.summary {
            file.write(&document, output)?;
        }
        let reported = match output.format_or(Format::Text) {
            // A run that never came to read anything has an error to tell, and no books.
            Format::Text if end.failure.is_some() && end.summary.books.read == 0 => Ok(()),
            Format::Text => reporter
                .books(&end.summary, throttled, seconds)
                .and_then(|()| kept.show(output)),
            Format::Json | Format::Ndjson => output.line(&document),
        };
        // A reader that has gone away ends the report; how the run ended is still told by file and exit code.
        match reported {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => return Err(error.into()),
            _ => {}
        }
        let exit = self.exit(&end, output)?;
        match rejected? {
            Some((path, count)) if count > 0 => output.note(&format!(
                "rejected rows: {count} in {path}; mend them there and read it: --from {path}",
                path = path.display()
            )),
            None if self.list.is_some() && end.summary.books.rejected > 0 => {
                output.note("rejected rows: --rejected FILE would keep them, to be mended and read again");
            }
            _ => {}
        }
        Ok(exit)
    }

    /// Where contacts are read.
    pub(crate) fn source(&self) -> String {
        self.list
            .as_ref()
            .map_or_else(|| "tenant".to_owned(), List::place)
    }

    fn announce(&self, output: &Output) {
        let settings = self.gate.settings();
        if let Some(list) = &self.list {
            output.note(&format!("source   {}", list.described()));
        }
        if self.scope == Scope::Deferred {
            output.note("scope    what was prohibited earlier and is due");
        }
        output.note(&format!("target   {}", self.target));
        output.note(&format!("purpose  {} {}", settings.purpose, settings.channel));
        output.note(&format!("planned  {}", self.planned));
        if matches!(settings.hours, Hours::CallingHours(_)) {
            output.note("law      set aside: --calling-hours decides alone");
        }
        let mode = if self.keeping.is_some() {
            "WRITE"
        } else {
            "DRY RUN"
        };
        output.note(&format!("mode     {mode}"));
    }

    fn unkept(&self) -> Kept {
        let now = self.clock.now().to_string().replace([':', '-'], "");
        Kept {
            run_id: format!("{now}-{:x}", std::process::id()),
            resumed: false,
            state_dir: None,
            head: None,
        }
    }

    /// Runs until all is done or a signal has ended it: after the first, what is in flight is finished; the second, or
    /// the end of the grace, ends it at once.
    pub(crate) async fn watch<S: ContactSink, R: RunRecords>(
        &self,
        client: &CxoneClient,
        sink: &S,
        records: &R,
        reporter: &Reporter<'_>,
        carried: Summary,
    ) -> Result<End, CliError> {
        let failed = |error: std::io::Error| CliError::failed(format!("signals cannot be watched: {error}"));
        let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
        let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
        let stop = AtomicBool::new(false);
        let watching = Watching {
            reporter,
            list: self.list.as_ref(),
        };
        let run = SyncRun {
            gate: self.gate,
            sink,
            clock: &self.clock,
            observer: &watching,
            records,
            ledger: &self.ledger,
            suppression: self.suppression,
            footing: &*self.footing,
            stop: &stop,
            options: &self.options,
        };
        reporter.carry(&carried);
        let mut sources = [match &self.list {
            Some(list) => Listing::List(list.source(&self.target)),
            None => Listing::Tenant(TenantListing::new(client.clone(), &self.target)),
        }];
        let over = run.run_over(&mut sources, self.scope, self.following, &*self.clock, carried);
        let mut running = std::pin::pin!(over);
        let mut received: Option<u8> = None;
        let mut grace = std::pin::pin!(tokio::time::sleep(Duration::MAX));
        loop {
            let code = tokio::select! {
                (summary, failure) = &mut running => {
                    let failure = failure.or_else(|| self.list.as_ref()?.misread());
                    return Ok(End { summary, failure, signal: received });
                }
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

    fn document(&self, end: &End, kept: &Kept, throttled: u64, seconds: f64) -> Result<String, CliError> {
        let mut document = serde_json::to_value(&end.summary)?;
        if let Some(fields) = document.as_object_mut() {
            let beside = json!({
                "schema": 1,
                "run_id": kept.run_id,
                "resumed": kept.resumed,
                "state_dir": kept.state_dir,
                "log_head": kept.head.as_ref().map(|head| json!({"seq": head.seq, "hash": head.hash})),
                "mode": if self.keeping.is_some() { "write" } else { "dry-run" },
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
                    "cut off: of {} contacts that were read it is not known whether they arrived; the next run sends them again",
                    books.not_attempted
                ));
            }
            output.warning(match (&self.keeping, &self.list) {
                (None, _) => "interrupted",
                (_, Some(list)) if list.is_piped() => {
                    "interrupted; what was piped in cannot be gone on with: pipe in the whole list again"
                }
                _ => "interrupted; the same command goes on where this one ended",
            });
            return Ok(code);
        }
        let tolerated = self.max_rejected.allows(books.rejected, books.read);
        let all_decided = !end.summary.by_reason.contains_key(LEDGER_UNREADABLE);
        Ok(if tolerated && books.failed == 0 && all_decided {
            Exit::DONE
        } else {
            Exit::ITEMS
        })
    }
}
