//! One scrub from its first block to its exit code.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use core_compliance::Gate;
use core_compliance::ports::ListLayout;
use local_files::{FileError, ListInput, ListOutput, SuppressionFile};
use pipeline::{ListBooks, ScrubFailure, ScrubOptions, ScrubOutputs, ScrubRun};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

use super::super::simulate::runtime;
use super::super::sync::summary_file::SummaryFile;
use super::super::sync::tolerance::Tolerance;
use super::outputs::{Outputs, finish, write_error};
use super::progress::Progress;
use super::report::{Facts, Report};
use crate::exit::{CliError, Exit};

/// How long a signal waits for the blocks at work before they are abandoned: reading a pipe may never end.
const GRACE: Duration = Duration::from_secs(2);

/// What is to be done.
pub(super) struct Plan {
    pub(super) gate: Arc<Gate>,
    pub(super) suppression: SuppressionFile,
    pub(super) options: ScrubOptions,
    pub(super) threads: usize,
    pub(super) outputs: Outputs,
}

/// What is told about it.
pub(super) struct Job {
    pub(super) report: Report,
    pub(super) max_rejected: Tolerance,
    pub(super) summary: Option<SummaryFile>,
    pub(super) planned: String,
    pub(super) shows_progress: bool,
    pub(super) has_rejected_file: bool,
    /// Whether something else than a pipe is written.
    pub(super) writes_files: bool,
}

/// What comes out of the threads.
type Judged = Result<(ListBooks, ScrubOutputs<ListOutput>), ScrubFailure<FileError>>;

impl Job {
    pub(super) fn run<L>(self, plan: Plan, input: ListInput, layout: L) -> Result<u8, CliError>
    where
        L: ListLayout + Send + 'static,
    {
        let name = input.name().to_owned();
        let progress = Arc::new(Progress::new(
            self.shows_progress,
            self.report.output.quiet,
            input.bytes_read(),
            input.size(),
        ));
        let gate = Arc::clone(&plan.gate);
        let judged = judge(plan, input, layout, Arc::clone(&progress));
        let seconds = progress.seconds();
        progress.end();
        let (books, lists) = match judged? {
            Ok(judged) => judged,
            Err(Ended::Signal(code)) => {
                self.report.output.warning("interrupted; nothing was written");
                return Ok(code);
            }
            Err(Ended::Failure(failure)) => return Err(self.lost(failed(failure, &name))),
        };
        finish(lists).map_err(|error| self.lost(write_error(error)))?;
        let facts = Facts {
            gate: &gate,
            books: &books,
            seconds,
            planned: &self.planned,
            name: &name,
            has_rejected_file: self.has_rejected_file,
        };
        if let Some(summary) = &self.summary {
            summary.write(&facts.document()?, &self.report.output)?;
        }
        self.report.end(&facts)?;
        Ok(if self.max_rejected.allows(books.rejected, books.rows) {
            Exit::DONE
        } else {
            Exit::ITEMS
        })
    }
}

impl Job {
    /// A reader that has gone away ends a run well, unless files were to be written too.
    fn lost(&self, error: CliError) -> CliError {
        match error {
            CliError::ClosedPipe if self.writes_files => CliError::failed(
                "nobody reads the output any more; the other files were not written".to_owned(),
            ),
            error => error,
        }
    }
}

/// Why there are no books.
enum Ended {
    Signal(u8),
    Failure(ScrubFailure<FileError>),
}

/// Judges in threads of their own while this one waits for signals.
fn judge<L>(
    plan: Plan,
    input: ListInput,
    layout: L,
    progress: Arc<Progress>,
) -> Result<Result<(ListBooks, ScrubOutputs<ListOutput>), Ended>, CliError>
where
    L: ListLayout + Send + 'static,
{
    let stop = Arc::new(AtomicBool::new(false));
    let (sender, receiver) = oneshot::channel();
    let parts = plan.outputs.parts.clone();
    let theirs = Arc::clone(&stop);
    std::thread::spawn(move || {
        let run = ScrubRun {
            gate: &plan.gate,
            layout: &layout,
            suppression: Some(&plan.suppression).filter(|list| !list.is_empty()),
            options: plan.options,
            threads: plan.threads,
            progress: progress.as_ref(),
            stop: theirs.as_ref(),
        };
        let judged = run.run(input.into_blocks(), plan.outputs.lists);
        // Nobody waits for it once the grace of a signal is over.
        let _ = sender.send(judged);
    });
    runtime()?.block_on(wait(receiver, &stop, &parts))
}

async fn wait(
    mut judged: oneshot::Receiver<Judged>,
    stop: &AtomicBool,
    parts: &[PathBuf],
) -> Result<Result<(ListBooks, ScrubOutputs<ListOutput>), Ended>, CliError> {
    let failed = |error: std::io::Error| CliError::failed(format!("signals cannot be watched: {error}"));
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    let code = tokio::select! {
        judged = &mut judged => return settled(judged),
        _ = interrupt.recv() => Exit::INTERRUPTED,
        _ = terminate.recv() => Exit::TERMINATED,
    };
    stop.store(true, Ordering::Relaxed);
    let ended = tokio::time::timeout(GRACE, &mut judged).await;
    if ended.is_err() {
        // What is still being written is taken away from under it.
        for part in parts {
            let _ = std::fs::remove_file(part);
        }
    }
    Ok(Err(Ended::Signal(code)))
}

fn settled(
    judged: Result<Judged, oneshot::error::RecvError>,
) -> Result<Result<(ListBooks, ScrubOutputs<ListOutput>), Ended>, CliError> {
    match judged {
        Ok(judged) => Ok(judged.map_err(Ended::Failure)),
        Err(_) => Err(CliError::failed(
            "internal fault: a thread has died; please report it",
        )),
    }
}

fn failed(failure: ScrubFailure<FileError>, name: &str) -> CliError {
    match failure {
        ScrubFailure::Files(error) => write_error(error),
        ScrubFailure::RejectedAlike { code, rows, line } => CliError::failed(format!(
            "{name}: the first {rows} rows, from line {line} on, were all rejected: {}; nothing was written",
            super::report::advice(code)
        )),
        failure => CliError::failed(format!("{name}: {failure}")),
    }
}
