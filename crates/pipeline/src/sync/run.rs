//! One run, from the first page to the books.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use core_compliance::ports::{
    Clock, ContactRecord, ContactSink, ContactSource, Delivery, Outcome, PortFailure, Reading,
};
use core_compliance::{Gate, Instant};
use futures_util::stream::{self, Stream, StreamExt as _};

use super::admission::{Admission, Admissions};
use super::books::Summary;
use super::options::SyncOptions;
use core_compliance::ports::mask_numbers;

/// At most this many undelivered contacts are kept for the last pass; more than that is an outage, not bad luck.
const LAST_PASS_LIMIT: usize = 50_000;
/// How often a contact whose deadline passed while it waited is decided anew before it counts as failed.
const DECISIONS_PER_CONTACT: usize = 5;

/// What became of one contact, for whoever watches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactEvent {
    /// The contact's id, or where it stood if it has none.
    pub contact: String,
    /// Where it ended.
    pub outcome: Outcome,
    /// Why it is not in the campaign: a permanent code; `None` if it is.
    pub reason: Option<String>,
    /// Why it ended so, for people.
    pub message: Option<String>,
    /// When calling opens for it.
    pub next_opening: Option<Instant>,
    /// For a contact that was sent: the first instant from which it may no longer be called.
    pub permitted_until: Option<Instant>,
    /// The first zone in which the callee may be: the clock by which the two instants are shown to people.
    pub zone: Option<String>,
}

/// Watches a run.
pub trait SyncObserver: Send + Sync {
    /// A contact was read, the `count`th of this run; its outcome follows unless the run is cut off.
    fn read(&self, _count: u64) {}

    /// A contact has reached its outcome; `summary` already counts it.
    fn contact(&self, event: &ContactEvent, summary: &Summary);
}

/// One run over a source into a sink.
pub struct SyncRun<'a, Sink, C, O> {
    /// Decides.
    pub gate: &'a Gate,
    /// Where admitted contacts go.
    pub sink: &'a Sink,
    /// Tells the time.
    pub clock: &'a C,
    /// Is told each outcome.
    pub observer: &'a O,
    /// Once true, nothing more is read; what is in flight is finished.
    pub stop: &'a AtomicBool,
    /// What to do.
    pub options: &'a SyncOptions,
}

/// What ended the run early. A source that fails stops the reading alone: what was read is still worked on.
#[derive(Default)]
struct Failures {
    source: Mutex<Option<PortFailure>>,
    sink: Mutex<Option<PortFailure>>,
}

impl Failures {
    fn is_sink_down(&self) -> bool {
        lock(&self.sink).is_some()
    }

    fn first(&self) -> Option<PortFailure> {
        let failure = lock(&self.sink).take().or_else(|| lock(&self.source).take())?;
        // It may quote the tenant's words, and these a contact.
        Some(PortFailure {
            message: mask_numbers(&failure.message),
            ..failure
        })
    }
}

/// How one pass over a contact ended.
enum Ending {
    Settled(ContactEvent),
    /// To be tried again in the last pass.
    Undelivered {
        record: Box<ContactRecord>,
        reason: String,
    },
}

impl<Sink: ContactSink, C: Clock, O: SyncObserver> SyncRun<'_, Sink, C, O> {
    /// Reads, judges and sends until the source is empty, `stop` is set, or nothing can go on. The summary is whole in
    /// every case; a failure says why the run ended early.
    pub async fn run(&self, source: impl ContactSource) -> (Summary, Option<PortFailure>) {
        let summary = Mutex::new(Summary::default());
        let failures = Failures::default();
        let concurrency = self.options.concurrency.max(1);
        let mut last_pass = Vec::new();
        let readings = self.readings(source, &summary, &failures);
        let mut endings = std::pin::pin!(
            readings
                .map(|reading| self.first_pass(reading, &failures))
                .buffer_unordered(concurrency)
        );
        while let Some(ending) = endings.next().await {
            match ending {
                Ending::Undelivered { record, reason } if last_pass.len() < LAST_PASS_LIMIT => {
                    last_pass.push((record, reason));
                }
                Ending::Undelivered { record, reason } => self.enter(&summary, failed(&record, reason)),
                Ending::Settled(event) => self.enter(&summary, event),
            }
        }
        let again = stream::iter(last_pass).map(|(record, reason)| self.last_pass(record, reason, &failures));
        let mut endings = std::pin::pin!(again.buffer_unordered(concurrency));
        while let Some(event) = endings.next().await {
            self.enter(&summary, event);
        }
        let whole = lock(&summary).clone();
        (whole, failures.first())
    }

    /// What the source returns, counted as read, until it ends or the run does.
    fn readings<'s>(
        &'s self,
        source: impl ContactSource + 's,
        summary: &'s Mutex<Summary>,
        failures: &'s Failures,
    ) -> impl Stream<Item = Reading> + 's {
        let left = self.options.limit.unwrap_or(u64::MAX);
        stream::unfold((source, left), async move |(mut source, left)| {
            if left == 0 || self.stop.load(Ordering::Relaxed) || failures.is_sink_down() {
                return None;
            }
            match source.next().await {
                Ok(reading) => {
                    let reading = reading?;
                    let mut summary = lock(summary);
                    summary.books.read += 1;
                    self.observer.read(summary.books.read);
                    drop(summary);
                    Some((reading, (source, left - 1)))
                }
                Err(error) => {
                    lock(&failures.source).get_or_insert(error);
                    None
                }
            }
        })
    }

    async fn first_pass(&self, reading: Reading, failures: &Failures) -> Ending {
        match reading {
            Reading::Contact(record) => self.send(Box::new(record), failures).await,
            Reading::Duplicate { external_id } => Ending::Settled(event(
                external_id,
                Outcome::Duplicate,
                "duplicate",
                "the same externalId came earlier in the listing".to_owned(),
            )),
            Reading::Unreadable { place, reason } => {
                Ending::Settled(event(place, Outcome::Rejected, "contact-unreadable", reason))
            }
            // `Reading` may grow; what is not understood is rejected, not lost.
            other => Ending::Settled(event(
                "?".to_owned(),
                Outcome::Rejected,
                "contact-unreadable",
                format!("not understood: {other:?}"),
            )),
        }
    }

    /// Decides about a contact and sends it if it is admitted. A deadline that passes while it waits is decided anew.
    async fn send(&self, record: Box<ContactRecord>, failures: &Failures) -> Ending {
        let name = record.external_id().unwrap_or("(no externalId)").to_owned();
        let admissions = Admissions {
            gate: self.gate,
            clock: self.clock,
            options: self.options,
        };
        for _ in 0..DECISIONS_PER_CONTACT {
            if failures.is_sink_down() {
                return Ending::Settled(event(
                    name,
                    Outcome::NotAttempted,
                    "run-ended",
                    "the run ended first".to_owned(),
                ));
            }
            let (annotated, deadline, why, zone) = match admissions.decide(&record) {
                Admission::Admitted {
                    record,
                    deadline,
                    message,
                    zone,
                } => (record, deadline, message, zone),
                Admission::Prohibited {
                    code,
                    message,
                    opening,
                    zone,
                } => {
                    let prohibited = event(name, Outcome::Prohibited, code.as_str(), message);
                    return Ending::Settled(ContactEvent {
                        next_opening: opening,
                        zone,
                        ..prohibited
                    });
                }
                Admission::Rejected { code, message } => {
                    return Ending::Settled(event(name, Outcome::Rejected, code, message));
                }
            };
            match self.sink.upsert(&annotated, deadline).await {
                Ok(Delivery::Withheld) => {}
                Ok(Delivery::NotDelivered { reason, sends }) => {
                    return Ending::Undelivered {
                        record,
                        reason: format!("{reason} (sent {sends} times)"),
                    };
                }
                Ok(delivery) => {
                    let sent = Sent {
                        contact: name,
                        why,
                        permitted_until: deadline,
                        zone,
                    };
                    return Ending::Settled(delivered(sent, delivery));
                }
                Err(error) => {
                    let why = error.to_string();
                    lock(&failures.sink).get_or_insert(error);
                    return Ending::Settled(event(name, Outcome::Failed, "run-failed", why));
                }
            }
        }
        Ending::Undelivered {
            record,
            reason: "its window closed each time before it could be sent".to_owned(),
        }
    }

    /// One more try, at the end of the run, for a contact that could not be delivered.
    async fn last_pass(
        &self,
        record: Box<ContactRecord>,
        reason: String,
        failures: &Failures,
    ) -> ContactEvent {
        if self.stop.load(Ordering::Relaxed) || failures.is_sink_down() {
            return failed(&record, reason);
        }
        match self.send(record, failures).await {
            Ending::Undelivered { record, reason } => failed(&record, reason),
            // What is held back now may have arrived before its window closed.
            Ending::Settled(event) if event.outcome == Outcome::Prohibited => ContactEvent {
                message: event
                    .message
                    .map(|message| format!("{message}; earlier in this run: {reason}")),
                ..event
            },
            Ending::Settled(event) => event,
        }
    }

    fn enter(&self, summary: &Mutex<Summary>, event: ContactEvent) {
        let mut summary = lock(summary);
        summary.enter(event.outcome, event.reason.as_deref(), event.next_opening);
        self.observer.contact(&event, &summary);
    }
}

/// What is known of a contact when its delivery is answered.
struct Sent {
    contact: String,
    why: String,
    permitted_until: Option<Instant>,
    zone: Option<String>,
}

fn delivered(contact: Sent, delivery: Delivery) -> ContactEvent {
    let Sent {
        contact,
        why,
        permitted_until,
        zone,
    } = contact;
    let sent = |contact: String, outcome| ContactEvent {
        contact,
        outcome,
        reason: None,
        message: Some(why),
        next_opening: None,
        permitted_until,
        zone,
    };
    match delivery {
        Delivery::Inserted => sent(contact, Outcome::Inserted),
        Delivery::Updated => sent(contact, Outcome::Updated),
        Delivery::AlreadyThere => sent(contact, Outcome::AlreadyThere),
        Delivery::WouldUpsert => sent(contact, Outcome::WouldUpsert),
        Delivery::Rejected { reason } => event(contact, Outcome::Rejected, "refused-by-tenant", reason),
        Delivery::Pending { job } => event(
            contact,
            Outcome::Failed,
            "not-confirmed",
            format!("taken as job {job}, whose end is not awaited"),
        ),
        // `Delivery` may grow, and two of its forms are handled by the caller; none may count as arrived.
        other => event(
            contact,
            Outcome::Failed,
            "not-confirmed",
            format!("not understood: {other:?}"),
        ),
    }
}

fn failed(record: &ContactRecord, reason: String) -> ContactEvent {
    event(
        record.external_id().unwrap_or("(no externalId)").to_owned(),
        Outcome::Failed,
        "not-delivered",
        reason,
    )
}

fn event(contact: String, outcome: Outcome, reason: &str, message: String) -> ContactEvent {
    ContactEvent {
        contact,
        outcome,
        reason: Some(reason.to_owned()),
        message: Some(message),
        next_opening: None,
        permitted_until: None,
        zone: None,
    }
}

/// A poisoned lock means a panic elsewhere; the counts are whole all the same.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
