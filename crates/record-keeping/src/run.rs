//! A run as the records see it: begun, perhaps in several pieces, and ended.

use std::collections::BTreeMap;

use core_compliance::ports::Outcome;
use core_compliance::{Gate, Instant};

use crate::RecordsError;
use crate::log::entry::{Named, RunAbandoned, RunStarted, rest};
use crate::log::step::Change;
use crate::queue::Draft;
use crate::records::NdjsonRecords;
use crate::state::StateDir;

/// What a run is to be.
#[derive(Clone, Copy, Debug)]
pub struct RunSpec<'a> {
    /// Fingerprint of everything that makes two commands the same run.
    pub fingerprint: &'a str,
    /// The command, for people.
    pub command: &'a str,
    /// Where contacts are read from: the name under which deferrals wait.
    pub source: &'a str,
    /// Where contacts go.
    pub target: &'a str,
    /// Give up an unfinished run and begin anew.
    pub fresh: bool,
}

/// A run that was begun.
#[derive(Debug)]
#[non_exhaustive]
pub struct Begun {
    /// Its id.
    pub run_id: String,
    /// What earlier pieces of it came to, if there are any.
    pub resumed: Option<Resumed>,
    /// Its records.
    pub records: NdjsonRecords,
}

/// What earlier pieces of a run came to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Resumed {
    /// When the first piece began.
    pub started_at: Instant,
    /// How many pieces there were.
    pub pieces: u64,
    /// Contacts settled for good, by outcome.
    pub by_outcome: Vec<(Outcome, u64)>,
    /// Of these, those that are not in the campaign, by reason.
    pub by_reason: BTreeMap<String, u64>,
    /// When calling opens for the first of those that are deferred.
    pub earliest_opening: Option<Instant>,
    /// Intents without an outcome: they may have been sent, and will be sent again. (Record, contact.)
    pub unfinished: Vec<(u64, String)>,
}

impl StateDir {
    /// Begins a run, or goes on with the unfinished one of the same fingerprint. What decisions of this gate rest on is
    /// archived.
    ///
    /// # Errors
    /// [`RecordsError::UnfinishedRun`] of another fingerprint, unless `fresh`; and what cannot be written.
    pub fn begin(&self, spec: RunSpec<'_>, gate: &Gate) -> Result<Begun, RecordsError> {
        let unfinished = self.writer().disk().index.unfinished()?;
        let same = unfinished
            .as_ref()
            .is_some_and(|run| run.fingerprint == spec.fingerprint);
        if let Some(other) = unfinished.as_ref().filter(|_| !same && !spec.fresh) {
            return Err(RecordsError::UnfinishedRun {
                path: self.path().display().to_string(),
                run: other.id.clone(),
                started_at: other.started_at.clone(),
                command: other.command.clone(),
            });
        }
        self.keep(gate)?;
        let mut drafts = Vec::new();
        let (run_id, resumed) = match unfinished {
            Some(run) if !spec.fresh => {
                let resumed = self.resumed(&run.started_at, run.pieces)?;
                (run.id, Some(resumed))
            }
            given_up => {
                if let Some(run) = given_up {
                    drafts.push(written(
                        Some(&run.id),
                        Change::RunOver,
                        rest(Some(&run.id), &RunAbandoned {}),
                    )?);
                }
                let now = self.writer().now().to_string().replace([':', '-'], "");
                let number = self.head().seq + 1 + drafts.len() as u64;
                (format!("{now}-{number}"), None)
            }
        };
        drafts.push(started(&run_id, spec, gate, resumed.is_some())?);
        self.writer().write_now(drafts)?;
        let unfinished = resumed.iter().flat_map(|resumed| resumed.unfinished.clone());
        let records = NdjsonRecords::new(self, &run_id, spec.source, gate, unfinished)?;
        Ok(Begun {
            run_id,
            resumed,
            records,
        })
    }

    fn keep(&self, gate: &Gate) -> Result<(), RecordsError> {
        let archive = &self.writer().disk().archive;
        archive.keep_rulebook(gate.rulebook())?;
        archive.keep_zones(gate.zones())?;
        archive.keep_settings(gate.settings())
    }

    fn resumed(&self, started_at: &str, pieces: u64) -> Result<Resumed, RecordsError> {
        let index = &self.writer().disk().index;
        Ok(Resumed {
            started_at: started_at.parse().unwrap_or(Instant::EARLIEST),
            pieces,
            by_outcome: index.by_outcome()?,
            by_reason: index.by_reason()?,
            earliest_opening: index.earliest_opening()?,
            unfinished: index.open_intents()?,
        })
    }
}

fn started(run: &str, spec: RunSpec<'_>, gate: &Gate, resumed: bool) -> Result<Draft, RecordsError> {
    let settings = gate.settings();
    let settings = settings.sha256(settings.purpose, settings.channel);
    let entry = RunStarted {
        resumed,
        fingerprint: spec.fingerprint,
        command: spec.command,
        source: spec.source,
        target: spec.target,
        settings: settings.as_str(),
        rulebook: Named {
            version: gate.rulebook().version(),
            sha256: gate.rulebook().sha256().as_str(),
        },
        tzdb: Named {
            version: gate.zones().version(),
            sha256: gate.zones().sha256().as_str(),
        },
        engine: env!("CARGO_PKG_VERSION"),
    };
    let change = Change::RunStarted {
        resumed,
        fingerprint: spec.fingerprint.to_owned(),
        command: spec.command.to_owned(),
        source: spec.source.to_owned(),
        target: spec.target.to_owned(),
    };
    written(Some(run), change, rest(Some(run), &entry))
}

/// A record, of a run or of none.
pub(crate) fn written(
    run: Option<&str>,
    change: Change,
    rest: Result<String, serde_json::Error>,
) -> Result<Draft, RecordsError> {
    Ok(Draft {
        rest: rest.map_err(|error| RecordsError::Broken {
            place: "a record".to_owned(),
            message: format!("cannot be written as JSON: {error}"),
        })?,
        run: run.map(str::to_owned),
        change,
        settings: None,
    })
}
