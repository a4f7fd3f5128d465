//! What a run leaves behind for whoever asks later, and what it finds there when it goes on.

use core::fmt;
use core::future::Future;

use super::PortFailure;
use crate::{CallAttempt, Determination, Instant};

/// Where a contact ended: one of these, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// New in the campaign.
    Inserted,
    /// Known to the campaign, and updated.
    Updated,
    /// Known to the campaign; the annotation is not confirmed.
    AlreadyThere,
    /// Dry run: would have been sent.
    WouldUpsert,
    /// Held back by a rule, or because the place is not known.
    Prohibited,
    /// Held back by the suppression list.
    Suppressed,
    /// Seen earlier in the same listing.
    Duplicate,
    /// Not a usable contact, or refused by the tenant.
    Rejected,
    /// Permitted, and not known to have arrived.
    Failed,
    /// Not worked on because the run ended.
    NotAttempted,
}

impl Outcome {
    /// Every outcome, in the order of the books.
    pub const ALL: [Self; 10] = [
        Self::Inserted,
        Self::Updated,
        Self::AlreadyThere,
        Self::WouldUpsert,
        Self::Prohibited,
        Self::Suppressed,
        Self::Duplicate,
        Self::Rejected,
        Self::Failed,
        Self::NotAttempted,
    ];

    /// The outcome's key in books, reports and records.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inserted => "inserted",
            Self::Updated => "updated",
            Self::AlreadyThere => "already_there",
            Self::WouldUpsert => "would_upsert",
            Self::Prohibited => "prohibited",
            Self::Suppressed => "suppressed",
            Self::Duplicate => "duplicate",
            Self::Rejected => "rejected",
            Self::Failed => "failed",
            Self::NotAttempted => "not_attempted",
        }
    }

    /// The outcome of this key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == key)
    }

    /// Whether a run that goes on leaves the contact as it is: what failed or was not worked on is tried again.
    #[must_use]
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Failed | Self::NotAttempted)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A decision about a contact, with the facts that it rests on.
#[derive(Clone, Copy, Debug)]
pub struct Decided<'a> {
    /// The contact's external id.
    pub contact: &'a str,
    /// What was asked. Its phone number is private: a record keeps its prefix and a keyed hash.
    pub attempt: &'a CallAttempt,
    /// What was answered.
    pub determination: &'a Determination,
}

/// How one handing-over of a contact ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending<'a> {
    /// The contact has its outcome.
    Settled {
        /// Which.
        outcome: Outcome,
        /// Why it is not in the campaign; a permanent code.
        reason: Option<&'a str>,
        /// In words; numbers are masked.
        message: Option<&'a str>,
    },
    /// Not sent: the permission ended while it waited.
    Withheld,
    /// Not known to have arrived; tried once more at the end of the run.
    NotDelivered {
        /// What went wrong last.
        message: &'a str,
    },
}

/// An outcome without a handing-over.
#[derive(Clone, Copy, Debug)]
pub struct Settlement<'a> {
    /// The contact's external id, or where it stood if it has none.
    pub contact: &'a str,
    /// Whether this settles the contact of that external id: then a run that goes on leaves it alone. Not so for a
    /// record without an id, and for one that came twice.
    pub settles: bool,
    /// The outcome.
    pub outcome: Outcome,
    /// Why; a permanent code.
    pub reason: &'a str,
    /// In words; numbers are masked.
    pub message: &'a str,
    /// The decision, where one was made.
    pub decided: Option<Decided<'a>>,
    /// From when on the contact is to be decided anew: it is then deferred.
    pub deferred_until: Option<Instant>,
}

/// Names an intent in the decision log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IntentId(pub u64);

/// The append-only record of decisions and outcomes.
pub trait DecisionLog: Send + Sync {
    /// Records that a contact is about to be handed over. It is durable when this returns; without it nothing may be
    /// sent.
    ///
    /// # Errors
    /// What cannot be recorded ends the run.
    fn intend(&self, decided: Decided<'_>) -> impl Future<Output = Result<IntentId, PortFailure>> + Send;

    /// Records how an intent ended. Durable when it returns.
    ///
    /// # Errors
    /// As [`DecisionLog::intend`].
    fn conclude(
        &self,
        intent: IntentId,
        contact: &str,
        ending: Ending<'_>,
    ) -> impl Future<Output = Result<(), PortFailure>> + Send;

    /// Records an outcome without an intent. Durable soon after; before the run ends at the latest.
    ///
    /// # Errors
    /// As [`DecisionLog::intend`].
    fn settle(&self, settlement: Settlement<'_>) -> impl Future<Output = Result<(), PortFailure>> + Send;

    /// Waits until all that was recorded is durable, and seen by [`RunJournal`] and [`DeferralQueue`].
    ///
    /// # Errors
    /// As [`DecisionLog::intend`].
    fn flush(&self) -> impl Future<Output = Result<(), PortFailure>> + Send;
}

/// What this run has settled, in this piece of it or in an earlier one.
pub trait RunJournal: Send + Sync {
    /// How the contact of this external id was settled; `None` if it was not, or has to be tried again.
    ///
    /// # Errors
    /// What cannot be read ends the run.
    fn settled(&self, external_id: &str)
    -> impl Future<Output = Result<Option<Settled>, PortFailure>> + Send;
}

/// A contact's earlier outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The outcome.
    pub outcome: Outcome,
    /// Its reason.
    pub reason: Option<String>,
}

/// Contacts that were held back and wait for their next opening; those of all runs, by the source they were read from.
pub trait DeferralQueue: Send + Sync {
    /// The earliest instant at which a contact of this source may be decided anew.
    ///
    /// # Errors
    /// What cannot be read ends the run.
    fn next_opening(&self, source: &str)
    -> impl Future<Output = Result<Option<Instant>, PortFailure>> + Send;

    /// The contacts of this source that may be decided anew by then, the earliest first, at most `limit`.
    ///
    /// # Errors
    /// As [`DeferralQueue::next_opening`].
    fn due(
        &self,
        source: &str,
        by: Instant,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Deferral>, PortFailure>> + Send;

    /// Records that a contact waits no more, because it is not in its source any more.
    ///
    /// # Errors
    /// As [`DecisionLog::intend`].
    fn forget(&self, source: &str, external_id: &str)
    -> impl Future<Output = Result<(), PortFailure>> + Send;
}

/// A contact that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deferral {
    /// Its external id.
    pub external_id: String,
    /// From when on it is to be decided anew.
    pub opens: Instant,
}

/// All that a run writes and reads of records.
pub trait RunRecords: DecisionLog + RunJournal + DeferralQueue {}

impl<T: DecisionLog + RunJournal + DeferralQueue> RunRecords for T {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_has_a_key_of_its_own() {
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::from_key(outcome.as_str()), Some(outcome));
        }
        assert_eq!(Outcome::from_key("sent"), None);
    }
}
