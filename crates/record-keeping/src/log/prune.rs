//! Removes old files of the log, after a record that says so.

use core_compliance::Instant;

use super::entry::{Checkpoint, Deferred, Entry, rest};
use super::line::Head;
use super::segments::{self, Segment};
use super::step::Change;
use super::tail;
use crate::RecordsError;
use crate::layout::sync_folder;
use crate::queue::Draft;
use crate::run::written;
use crate::state::StateDir;

/// Records written at once.
const GROUP: usize = 1_000;

/// What pruning did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pruned {
    /// Files removed.
    pub segments: usize,
    /// Bytes removed.
    pub bytes: u64,
    /// The last record that was removed.
    pub through: u64,
    /// Deferrals that were told again, because the record that told them is gone.
    pub deferrals: usize,
}

impl StateDir {
    /// Removes the files of the log whose records were all written before this instant. The file that is written to
    /// stays, and so does all of a run that is not finished. `why` is recorded.
    ///
    /// # Errors
    /// What cannot be written or removed.
    pub fn prune(&self, before: Instant, why: &str) -> Result<Pruned, RecordsError> {
        let folder = self.path().join("log");
        let unfinished = self.writer().disk().index.unfinished()?;
        let first_needed = unfinished.map_or(u64::MAX, |run| run.seq);
        let mut old: Vec<(Segment, Head)> = Vec::new();
        let segments = segments::list(&folder)?;
        let closed = segments.len().saturating_sub(1);
        for segment in segments.into_iter().take(closed) {
            let (head, time) = tail::end_of(&segment)?;
            if time >= before || head.seq >= first_needed {
                break;
            }
            old.push((segment, head));
        }
        let Some((_, last)) = old.last() else {
            return Ok(Pruned::default());
        };
        let through = last.seq;
        let deferrals = self.tell_again(last)?;
        let checkpoint = Checkpoint {
            removed_through: last.seq,
            removed_hash: &last.hash,
            why,
        };
        self.writer()
            .write_now(vec![draft(Change::Nothing, &checkpoint)?])?;
        let mut pruned = Pruned {
            segments: old.len(),
            bytes: 0,
            through,
            deferrals,
        };
        // The oldest first: what is left is always one chain up to the checkpoint.
        for (segment, _) in &old {
            pruned.bytes += std::fs::metadata(&segment.path).map_or(0, |file| file.len());
            std::fs::remove_file(&segment.path)
                .map_err(|error| RecordsError::io(&segment.path, "removing", error))?;
        }
        sync_folder(&folder)?;
        Ok(pruned)
    }

    /// Records again what waits because of records that are to go.
    fn tell_again(&self, last: &Head) -> Result<usize, RecordsError> {
        let waiting = self.writer().disk().index.waiting_through(last.seq)?;
        for group in waiting.chunks(GROUP) {
            let again = group.iter().map(|waiting| {
                let entry = Deferred {
                    source: &waiting.source,
                    contact: &waiting.external_id,
                    deferred_until: waiting.opens,
                    reason: waiting.reason.as_deref(),
                    deferred_by: waiting.run.as_deref(),
                };
                let change = Change::Deferred {
                    source: waiting.source.clone(),
                    contact: waiting.external_id.clone(),
                    until: waiting.opens,
                    reason: waiting.reason.clone(),
                    by_run: waiting.run.clone(),
                };
                draft(change, &entry)
            });
            self.writer().write_now(again.collect::<Result<_, _>>()?)?;
        }
        Ok(waiting.len())
    }
}

/// A record that belongs to no run.
fn draft<E: Entry>(change: Change, entry: &E) -> Result<Draft, RecordsError> {
    written(None, change, rest(None, entry))
}
