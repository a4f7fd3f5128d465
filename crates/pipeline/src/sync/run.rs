//! One run, from the first page to the books.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use core_compliance::Gate;
use core_compliance::ports::{
    AttemptLedger, Clock, ContactRecord, ContactSink, ContactSource, Footing, Outcome, PortFailure, Reading,
    RunRecords, Settled, Settlement, SuppressionList,
};
use futures_util::stream::{self, Stream, StreamExt as _};

use super::books::Summary;
use super::event::{ContactEvent, SyncObserver, event, not_attempted, undelivered};
use super::failures::Failures;
use super::lock;
use super::options::SyncOptions;
use core_compliance::ports::mask_numbers;

/// At most this many undelivered contacts are kept for the last pass; more than that is an outage, not bad luck.
const LAST_PASS_LIMIT: usize = 50_000;
/// A deferred contact that failed, and one that could not be decided, is tried again after this many seconds.
pub(super) const AFTER_FAILURE: i64 = 900;

/// One run over a source into a sink.
pub struct SyncRun<'a, Sink, C, O, R, A> {
    /// Decides.
    pub gate: &'a Gate,
    /// Where admitted contacts go.
    pub sink: &'a Sink,
    /// Tells the time.
    pub clock: &'a C,
    /// Is told each outcome.
    pub observer: &'a O,
    /// Keeps what was decided and what became of it.
    pub records: &'a R,
    /// Knows earlier attempts.
    pub ledger: &'a A,
    /// Knows who must not be called.
    pub suppression: &'a dyn SuppressionList,
    /// What must not change while the run goes on.
    pub footing: &'a dyn Footing,
    /// Once true, nothing more is read; what is in flight is finished.
    pub stop: &'a AtomicBool,
    /// What to do.
    pub options: &'a SyncOptions,
}

/// What the passes of a run have in common.
#[derive(Default)]
pub(super) struct Progress {
    pub(super) summary: Mutex<Summary>,
    pub(super) failures: Failures,
    /// Where the books have contacts that failed: they are not settled, so the records do not tell.
    pub(super) failed: Mutex<HashMap<String, Settled>>,
}

impl Progress {
    pub(super) fn of(carried: Summary) -> Self {
        Self {
            summary: Mutex::new(carried),
            ..Self::default()
        }
    }

    pub(super) fn end(self) -> (Summary, Option<PortFailure>) {
        let whole = lock(&self.summary).clone();
        (whole, self.failures.first())
    }
}

/// One pass over a contact.
pub(super) struct Pass {
    /// Where the books have the contact until now.
    pub(super) was: Option<Settled>,
    /// Whether it waited in the queue of deferrals, and goes back there if it fails.
    pub(super) was_deferred: bool,
    pub(super) end: PassEnd,
}

/// How one pass over a contact ended.
pub(super) enum PassEnd {
    Settled(ContactEvent),
    /// To be tried again in the last pass.
    Undelivered {
        record: Box<ContactRecord>,
        reason: String,
    },
}

impl Pass {
    fn is_undelivered(&self) -> bool {
        matches!(self.end, PassEnd::Undelivered { .. })
    }
}

impl From<PassEnd> for Pass {
    fn from(end: PassEnd) -> Self {
        Self {
            was: None,
            was_deferred: false,
            end,
        }
    }
}

impl<Sink, C, O, R, A> SyncRun<'_, Sink, C, O, R, A>
where
    Sink: ContactSink,
    C: Clock,
    O: SyncObserver,
    R: RunRecords,
    A: AttemptLedger,
{
    /// Reads, judges and sends until the source is empty, `stop` is set, or nothing can go on. The summary is whole in
    /// every case; a failure says why the run ended early.
    ///
    /// `carried` is what earlier pieces of the run came to, of the contacts that they settled.
    pub async fn run(&self, source: impl ContactSource, carried: Summary) -> (Summary, Option<PortFailure>) {
        let progress = Progress::of(carried);
        self.whole_pass(source, &progress).await;
        self.flush(&progress).await;
        progress.end()
    }

    /// Works on everything that the source returns and that is not settled yet.
    pub(super) async fn whole_pass(&self, source: impl ContactSource, progress: &Progress) {
        let readings = self.readings(source, progress);
        let passes = readings.map(|reading| self.first_pass(reading, progress));
        self.finish(passes, progress).await;
    }

    /// Drives these passes, a few at once, and then tries once more what could not be delivered. A pass that comes to
    /// nothing was over a contact that is settled and counted.
    pub(super) async fn finish<F: Future<Output = Option<Pass>>>(
        &self,
        passes: impl Stream<Item = F>,
        progress: &Progress,
    ) {
        let concurrency = self.options.concurrency.max(1);
        let mut last_pass = Vec::new();
        let mut ends = std::pin::pin!(passes.buffer_unordered(concurrency));
        while let Some(pass) = ends.next().await {
            match pass {
                None => {}
                Some(pass) if pass.is_undelivered() && last_pass.len() < LAST_PASS_LIMIT => {
                    last_pass.push(pass);
                }
                Some(pass) => self.close(pass, progress).await,
            }
        }
        let again = stream::iter(last_pass).map(|pass| self.last_pass(pass, progress));
        let mut ends = std::pin::pin!(again.buffer_unordered(concurrency));
        while let Some(pass) = ends.next().await {
            self.close(pass, progress).await;
        }
    }

    /// Enters the end of a contact in the books.
    async fn close(&self, pass: Pass, progress: &Progress) {
        let (event, is_recorded) = match pass.end {
            PassEnd::Settled(event) => (event, true),
            PassEnd::Undelivered { record, reason } => (undelivered(&record, reason), false),
        };
        let failed = event.outcome == Outcome::Failed;
        let waits_again = failed && pass.was_deferred && !progress.failures.sending_ended();
        if !is_recorded || waits_again {
            let again = self.clock.now().plus_seconds(AFTER_FAILURE);
            let settlement = Settlement {
                contact: &event.contact,
                settles: true,
                outcome: event.outcome,
                reason: event.reason.as_deref().unwrap_or_default(),
                message: &mask_numbers(event.message.as_deref().unwrap_or_default()),
                decided: None,
                deferred_until: Some(again).filter(|_| waits_again),
            };
            // Where it cannot be recorded it has no outcome, and the next piece of the run tries it again.
            let _ = self.settle(settlement, progress).await;
        }
        if failed {
            let settled = Settled {
                outcome: event.outcome,
                reason: event.reason.clone(),
            };
            lock(&progress.failed).insert(event.contact.clone(), settled);
        }
        let mut summary = lock(&progress.summary);
        if let Some(was) = &pass.was {
            summary.take_out(was);
        }
        summary.enter(event.outcome, event.reason.as_deref(), event.next_opening);
        self.observer.contact(&event, &summary);
    }

    pub(super) async fn flush(&self, progress: &Progress) {
        if let Err(failure) = self.records.flush().await {
            progress.failures.of_sending(failure);
        }
    }

    /// Whether nothing more is to be begun.
    pub(super) fn is_ending(&self, progress: &Progress) -> bool {
        self.stop.load(Ordering::Relaxed) || progress.failures.sending_ended()
    }

    /// What the source returns, until it ends or the run does.
    fn readings<'s>(
        &'s self,
        source: impl ContactSource + 's,
        progress: &'s Progress,
    ) -> impl Stream<Item = Reading> + 's {
        let left = self.options.limit.unwrap_or(u64::MAX);
        stream::unfold((source, left), async move |(mut source, left)| {
            if left == 0 || self.is_ending(progress) {
                return None;
            }
            match source.next().await {
                Ok(reading) => Some((reading?, (source, left - 1))),
                Err(error) => {
                    progress.failures.of_source(error);
                    None
                }
            }
        })
    }

    pub(super) fn count_as_read(&self, progress: &Progress) {
        let mut summary = lock(&progress.summary);
        summary.books.read += 1;
        self.observer.read(summary.books.read);
    }

    async fn first_pass(&self, reading: Reading, progress: &Progress) -> Option<Pass> {
        let (contact, outcome, reason, message) = match reading {
            Reading::Contact(record) => {
                match self.is_settled(&record, progress).await {
                    Ok(true) => return None,
                    Ok(false) => {}
                    Err(event) => {
                        self.count_as_read(progress);
                        return Some(PassEnd::Settled(event).into());
                    }
                }
                self.count_as_read(progress);
                return Some(self.send(Box::new(record), progress).await.into());
            }
            Reading::Duplicate { external_id } => {
                let message = "the same externalId came earlier in the listing".to_owned();
                (external_id, Outcome::Duplicate, "duplicate", message)
            }
            Reading::Unreadable { place, reason } => (place, Outcome::Rejected, "contact-unreadable", reason),
            Reading::Unusable { place, code, reason } => (place, Outcome::Rejected, code, reason),
            // `Reading` may grow; what is not understood is rejected, not lost.
            other => {
                let message = format!("not understood: {other:?}");
                ("?".to_owned(), Outcome::Rejected, "contact-unreadable", message)
            }
        };
        self.count_as_read(progress);
        let settlement = Settlement {
            contact: &contact,
            settles: false,
            outcome,
            reason,
            message: &message,
            decided: None,
            deferred_until: None,
        };
        let settled = self.settle(settlement, progress).await;
        let event = settled.map_or_else(
            |not_recorded| not_recorded,
            |()| event(contact, outcome, reason, message),
        );
        Some(PassEnd::Settled(event).into())
    }

    /// Whether an earlier piece of the run has settled the contact.
    async fn is_settled(&self, record: &ContactRecord, progress: &Progress) -> Result<bool, ContactEvent> {
        let Some(id) = record.external_id() else {
            return Ok(false);
        };
        match self.records.settled(id).await {
            Ok(None) => Ok(false),
            Ok(Some(settled)) => {
                self.observer.settled_before(id, &settled);
                Ok(true)
            }
            Err(failure) => {
                progress.failures.of_sending(failure);
                Err(not_attempted(id.to_owned()))
            }
        }
    }

    /// Records an outcome without an intent; where that fails, nothing more is sent, and the contact is tried again by
    /// the next piece of the run.
    pub(super) async fn settle(
        &self,
        settlement: Settlement<'_>,
        progress: &Progress,
    ) -> Result<(), ContactEvent> {
        self.records.settle(settlement).await.map_err(|failure| {
            progress.failures.of_sending(failure);
            not_attempted(settlement.contact.to_owned())
        })
    }

    /// One more try, at the end of the run, for a contact that could not be delivered.
    async fn last_pass(&self, pass: Pass, progress: &Progress) -> Pass {
        let Pass {
            was,
            was_deferred,
            end: PassEnd::Undelivered { record, reason },
        } = pass
        else {
            return pass;
        };
        if self.is_ending(progress) {
            return Pass {
                was,
                was_deferred,
                end: PassEnd::Undelivered { record, reason },
            };
        }
        let end = match self.send(record, progress).await {
            // What is held back now may have arrived before its window closed.
            PassEnd::Settled(event) if event.outcome == Outcome::Prohibited => {
                let message = event
                    .message
                    .map(|message| format!("{message}; earlier in this run: {reason}"));
                PassEnd::Settled(ContactEvent { message, ..event })
            }
            end => end,
        };
        Pass {
            was,
            was_deferred,
            end,
        }
    }
}
