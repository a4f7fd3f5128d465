//! Deferred contacts: each is read again from its source, decided anew and sent when its window opens.

use std::collections::BTreeMap;

use core_compliance::Instant;
use core_compliance::ports::{
    AttemptLedger, Clock, ContactRecord, ContactSink, ContactSource, Deferral, Outcome, PortFailure, Reading,
    RunRecords, Timer,
};
use futures_util::stream::{self, StreamExt as _};

use super::books::Summary;
use super::event::SyncObserver;
use super::lock;
use super::run::{Pass, PassEnd, Progress, SyncRun};

/// A source is read again at least this long before a window opens, in seconds.
const SHORTEST_LEAD: i64 = 2;
/// And at most this long before: what is read earlier may be stale when it is sent.
const LONGEST_LEAD: i64 = 600;
/// So many deferred contacts are worked on in one reading of their source.
const PER_READING: usize = 10_000;
/// While nothing is to be done, a signal or a lost footing is noticed after this many seconds.
const LONGEST_NAP: i64 = 1;

/// A source that can be read again and again.
pub trait Reopen: Send {
    /// What is read.
    type Source: ContactSource;

    /// The name under which contacts of this source are deferred.
    fn label(&self) -> &str;

    /// The source from its beginning.
    ///
    /// # Errors
    /// A source that cannot be read ends the run.
    fn open(&mut self) -> Result<Self::Source, PortFailure>;
}

/// Which contacts a run works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything in the sources.
    Everything,
    /// What is deferred, and due.
    Deferred,
}

/// How long a run goes on after what can be done at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Following {
    /// Not at all.
    No,
    /// As long as a contact waits whose window opens by then.
    Until(Option<Instant>),
}

impl<Sink, C, O, R, A> SyncRun<'_, Sink, C, O, R, A>
where
    Sink: ContactSink,
    C: Clock,
    O: SyncObserver,
    R: RunRecords,
    A: AttemptLedger,
{
    /// As [`SyncRun::run`], over sources that are read again for what was deferred.
    pub async fn run_over<S: Reopen>(
        &self,
        sources: &mut [S],
        scope: Scope,
        following: Following,
        timer: &impl Timer,
        carried: Summary,
    ) -> (Summary, Option<PortFailure>) {
        let mut left = self.deferred_limit(scope, &carried);
        let progress = Progress::of(carried);
        let mut lead = SHORTEST_LEAD;
        let begun = self.clock.now();
        if scope == Scope::Everything {
            for source in sources.iter_mut() {
                match source.open() {
                    Ok(opened) => self.whole_pass(opened, &progress).await,
                    Err(failure) => progress.failures.of_source(failure),
                }
            }
            lead = (self.clock.now().unix() - begun.unix()).clamp(SHORTEST_LEAD, LONGEST_LEAD);
            self.flush(&progress).await;
        }
        while left > 0 {
            let Some((index, opens)) = self.next_due(sources, &progress).await else {
                break;
            };
            let now = self.clock.now();
            let is_due = opens <= now;
            match following {
                Following::No if !(is_due && scope == Scope::Deferred) => break,
                Following::Until(Some(until)) if opens > until => break,
                Following::No | Following::Until(_) => {}
            }
            let begin = opens.plus_seconds(-lead);
            if begin > now && !self.nap_until(begin, timer, &progress).await {
                break;
            }
            let by = match following {
                Following::No => self.clock.now(),
                Following::Until(until) => {
                    let by = opens.max(self.clock.now()).plus_seconds(lead);
                    until.map_or(by, |until| by.min(until))
                }
            };
            let Some(source) = sources.get_mut(index) else {
                break;
            };
            let worked_on = self.due_pass(source, by, left, timer, &progress).await;
            left = left.saturating_sub(worked_on);
            self.flush(&progress).await;
            if self.is_ending(&progress) || progress.failures.any() {
                break;
            }
        }
        self.note_earliest(sources, &progress).await;
        progress.end()
    }

    /// How many deferred contacts may be worked on, those of earlier pieces of the run not among them. Where everything
    /// is read, the limit is that of the reading.
    fn deferred_limit(&self, scope: Scope, carried: &Summary) -> usize {
        match (scope, self.options.limit) {
            (Scope::Deferred, Some(limit)) => {
                usize::try_from(limit.saturating_sub(carried.books.read)).unwrap_or(usize::MAX)
            }
            _ => usize::MAX,
        }
    }

    /// The source whose deferred contacts open first, and when.
    async fn next_due<S: Reopen>(&self, sources: &[S], progress: &Progress) -> Option<(usize, Instant)> {
        if self.is_ending(progress) || progress.failures.any() {
            return None;
        }
        let mut first: Option<(usize, Instant)> = None;
        for (index, source) in sources.iter().enumerate() {
            match self.records.next_opening(source.label()).await {
                Ok(Some(opens)) if first.is_none_or(|(_, known)| opens < known) => {
                    first = Some((index, opens));
                }
                Ok(_) => {}
                Err(failure) => progress.failures.of_sending(failure),
            }
        }
        first
    }

    /// Waits for an instant; false if the run is to end meanwhile.
    async fn nap_until(&self, begin: Instant, timer: &impl Timer, progress: &Progress) -> bool {
        self.observer.waiting(begin);
        loop {
            if let Some(failure) = self.footing.lost() {
                progress.failures.of_sending(failure);
            }
            if self.is_ending(progress) {
                return false;
            }
            let now = self.clock.now();
            if now >= begin {
                return true;
            }
            timer.reach(begin.min(now.plus_seconds(LONGEST_NAP))).await;
        }
    }

    /// Reads a source again and works on those of its contacts that are due, on so many at most: on how many it was.
    async fn due_pass<S: Reopen>(
        &self,
        source: &mut S,
        by: Instant,
        at_most: usize,
        timer: &impl Timer,
        progress: &Progress,
    ) -> usize {
        let Some(found) = self.read_due(source, by, at_most, progress).await else {
            return 0;
        };
        let worked_on = found.len();
        let passes =
            stream::iter(found).map(|(opens, record)| self.pass_when_open(opens, record, timer, progress));
        self.finish(passes, progress).await;
        worked_on
    }

    /// The contacts of a source that are due, the earliest opening first; those that are not in it any more are
    /// forgotten. `None` if the run is to end.
    async fn read_due<S: Reopen>(
        &self,
        source: &mut S,
        by: Instant,
        at_most: usize,
        progress: &Progress,
    ) -> Option<Vec<(Instant, ContactRecord)>> {
        let label = source.label().to_owned();
        let unread = |failure| {
            progress.failures.of_source(failure);
            None
        };
        let due = match self.records.due(&label, by, PER_READING.min(at_most)).await {
            Ok(due) => due,
            Err(failure) => {
                progress.failures.of_sending(failure);
                return None;
            }
        };
        let mut due: BTreeMap<String, Instant> = due
            .into_iter()
            .map(|Deferral { external_id, opens }| (external_id, opens))
            .collect();
        let mut found = Vec::with_capacity(due.len());
        match source.open() {
            Ok(mut opened) => {
                while !due.is_empty() && !self.is_ending(progress) {
                    match opened.next().await {
                        Ok(Some(Reading::Contact(record))) => {
                            let opens = record.external_id().and_then(|id| due.remove(id));
                            found.extend(opens.map(|opens| (opens, record)));
                        }
                        Ok(Some(_)) => {}
                        Ok(None) => break,
                        Err(failure) => return unread(failure),
                    }
                }
            }
            Err(failure) => return unread(failure),
        }
        if self.is_ending(progress) {
            return None;
        }
        // The source was read to its end without them.
        for gone in due.into_keys() {
            match self.records.forget(&label, &gone).await {
                Ok(()) => self.observer.gone(&gone),
                Err(failure) => {
                    progress.failures.of_sending(failure);
                    return None;
                }
            }
        }
        found.sort_by_key(|(opens, _)| *opens);
        Some(found)
    }

    /// Waits for the window of one contact, then decides anew.
    async fn pass_when_open(
        &self,
        opens: Instant,
        record: ContactRecord,
        timer: &impl Timer,
        progress: &Progress,
    ) -> Option<Pass> {
        let id = record.external_id()?.to_owned();
        while self.clock.now() < opens {
            if self.is_ending(progress) {
                // It stays deferred.
                return None;
            }
            let nap = self.clock.now().plus_seconds(LONGEST_NAP);
            timer.reach(opens.min(nap)).await;
        }
        if self.is_ending(progress) {
            return None;
        }
        let failed = lock(&progress.failed).remove(&id);
        let was = match self.records.settled(&id).await {
            Ok(settled) => failed.or(settled),
            Err(failure) => {
                progress.failures.of_sending(failure);
                return None;
            }
        };
        if was.is_none() {
            // Deferred by another run; this one counts it.
            self.count_as_read(progress);
        }
        let end = self.send(Box::new(record), progress).await;
        let was_worked_on =
            !matches!(&end, PassEnd::Settled(event) if event.outcome == Outcome::NotAttempted);
        (was_worked_on || was.is_none()).then_some(Pass {
            was,
            was_deferred: true,
            end,
        })
    }

    /// The opening that the summary names is that of the contacts that still wait.
    async fn note_earliest<S: Reopen>(&self, sources: &[S], progress: &Progress) {
        let mut earliest: Option<Instant> = None;
        for source in sources {
            let Ok(next) = self.records.next_opening(source.label()).await else {
                return;
            };
            earliest = match (earliest, next) {
                (Some(one), Some(two)) => Some(one.min(two)),
                (one, two) => one.or(two),
            };
        }
        if earliest.is_some() {
            lock(&progress.summary).earliest_opening = earliest;
        }
    }
}
