//! What became of one contact, for whoever watches a run.

use core_compliance::Instant;
use core_compliance::ports::{ContactRecord, Delivery, Outcome, Settled};

use super::books::Summary;

/// What became of one contact.
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

    /// A contact that was read needs nothing more: an earlier piece of the run has settled it.
    fn settled_before(&self, _external_id: &str, _settled: &Settled) {}

    /// A contact has reached its outcome; `summary` already counts it.
    fn contact(&self, event: &ContactEvent, summary: &Summary);

    /// Nothing is left to do until `until`, when the first of the deferred contacts may be decided anew.
    fn waiting(&self, _until: Instant) {}

    /// A deferred contact is no longer in its source, and waits no more.
    fn gone(&self, _external_id: &str) {}
}

/// What is known of a contact when its delivery is answered.
pub(super) struct Sent {
    pub(super) contact: String,
    pub(super) why: String,
    pub(super) permitted_until: Option<Instant>,
    pub(super) zone: Option<String>,
}

pub(super) fn delivered(contact: Sent, delivery: Delivery) -> ContactEvent {
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

pub(super) fn not_attempted(contact: String) -> ContactEvent {
    event(
        contact,
        Outcome::NotAttempted,
        "run-ended",
        "the run ended first".to_owned(),
    )
}

pub(super) fn undelivered(record: &ContactRecord, reason: String) -> ContactEvent {
    event(
        record.external_id().unwrap_or("(no externalId)").to_owned(),
        Outcome::Failed,
        "not-delivered",
        reason,
    )
}

pub(super) fn event(contact: String, outcome: Outcome, reason: &str, message: String) -> ContactEvent {
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
