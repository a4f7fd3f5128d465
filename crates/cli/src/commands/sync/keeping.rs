//! The records of a run: state directory, resuming, what the summary says of them.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use core_compliance::ports::{Clock, PortFailure, Timer};
use cxone_client::CxoneClient;
use pipeline::Summary;
use record_keeping::{Begun, Head, Resumed, RunSpec, StateDir};

use super::job::{End, Job};
use super::list::List;
use super::report::Reporter;
use super::source::label;
use crate::exit::CliError;
use crate::output::Output;

/// Where and as what the records of a run are kept.
#[derive(Debug)]
pub(crate) struct Keeping {
    pub(crate) state_dir: PathBuf,
    /// For people: the command.
    pub(crate) command: String,
    /// Of everything that makes two commands the same run.
    pub(crate) fingerprint: String,
    /// Gives up an unfinished run.
    pub(crate) fresh: bool,
    /// Whether the records outlive the command: then it is said where they are.
    pub(crate) lasts: bool,
}

/// What a summary says of records.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) run_id: String,
    pub(crate) resumed: bool,
    pub(crate) state_dir: Option<String>,
    pub(crate) head: Option<Head>,
}

impl Kept {
    /// For people: what is to be kept somewhere else.
    pub(crate) fn show(&self, output: &Output) -> io::Result<()> {
        match &self.head {
            Some(head) => output.line(&format!("log head {} {}", head.seq, head.hash)),
            None => Ok(()),
        }
    }
}

impl Keeping {
    /// Runs the job with records: goes on with an unfinished run of the same command, and ends it when all is done.
    pub(crate) async fn run<C: Clock + Timer + 'static>(
        &self,
        job: &Job<'_, C>,
        client: &CxoneClient,
        reporter: &Reporter<'_>,
        output: &Output,
    ) -> Result<(End, Kept), CliError> {
        let clock: Arc<dyn Clock> = job.clock.clone();
        let state = StateDir::open(&self.state_dir, &self.command, clock).map_err(PortFailure::from)?;
        for note in state.notes() {
            output.warning(note);
        }
        let spec = RunSpec {
            fingerprint: &self.fingerprint,
            command: &self.command,
            source: &label(&job.target, &job.source()),
            target: &job.target,
            fresh: self.fresh,
        };
        let Begun {
            run_id,
            resumed,
            records,
            ..
        } = state.begin(spec, job.gate).map_err(PortFailure::from)?;
        if self.lasts {
            output.note(&format!("records  {} (run {run_id})", self.state_dir.display()));
        }
        let is_resumed = resumed.is_some();
        let carried = resumed.map(|resumed| carry(resumed, output)).unwrap_or_default();
        let sink = client.contact_sink();
        let mut end = job.watch(client, &sink, &records, reporter, carried).await?;
        // A run that never came to read anything leaves nothing to go on with.
        let never_began = !is_resumed && end.summary.books.read == 0;
        // Nor does a list that was misread: the next command reads it in another way.
        let is_misread = job.list.as_ref().is_some_and(|list| list.misread().is_some());
        // Nor a pipe: what it brought cannot be read again.
        let is_piped = job.list.as_ref().is_some_and(List::is_piped);
        if end.is_complete() || never_began || is_misread || is_piped {
            let books = serde_json::to_value(&end.summary)?;
            if let Err(failure) = records.end(books).await {
                end.failure.get_or_insert(failure);
            }
        }
        let kept = Kept {
            run_id,
            resumed: is_resumed,
            state_dir: self.lasts.then(|| self.state_dir.display().to_string()),
            head: Some(records.head()),
        };
        Ok((end, kept))
    }
}

/// What earlier pieces came to, said and taken over.
fn carry(resumed: Resumed, output: &Output) -> Summary {
    let settled: u64 = resumed.by_outcome.iter().map(|(_, count)| count).sum();
    let again = match resumed.unfinished.len() {
        0 => String::new(),
        1 => "; 1 that was under way is sent again".to_owned(),
        many => format!("; {many} that were under way are sent again"),
    };
    output.note(&format!(
        "resumed  begun {}, {settled} contacts are settled{again}; --fresh would begin anew",
        resumed.started_at
    ));
    Summary::carried(resumed.by_outcome, resumed.by_reason, resumed.earliest_opening)
}
