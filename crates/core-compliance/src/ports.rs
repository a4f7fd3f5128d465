//! The traits through which Curfew's use cases reach the world. Outside the semver promise of this crate.
//!
//! Ports are named by role; their adapters live in other crates and are named by technology. Futures are `Send`; no
//! port knows a runtime. To add one: define it here with its own outcome type, write the adapter in its crate, wire
//! the two in the command line crate, and nowhere else.

mod contact;
mod failure;
mod history;
mod list;
mod mask;
mod placed;
mod recorded;
mod records;

use core::future::Future;

pub use contact::{Attributes, ContactRecord, RecordError};
pub use failure::{PortFailure, PortFailureKind};
pub use history::{AttemptLedger, CalleeKey, SuppressionList};
pub use list::{
    Annotation, BlockKind, BlockRows, ListBlock, ListLayout, ListSource, RowField, RowFields, RowSink,
    TakeRows, Value,
};
pub use mask::mask_numbers;
pub use placed::{
    AdmissionRecords, AttemptRecorder, Entered, PlacedCall, RecordedAdmission, ReportedCall, each_once,
};
pub use recorded::{RecordedDecision, RecordedFinding};
pub use records::{
    Decided, DecisionLog, Deferral, DeferralQueue, Ending, IntentId, Outcome, RunJournal, RunRecords,
    Settled, Settlement,
};

use crate::Instant;

/// Where the time comes from. Logic never reads a clock of its own.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Instant;
}

impl<C: Clock + ?Sized> Clock for std::sync::Arc<C> {
    fn now(&self) -> Instant {
        (**self).now()
    }
}

/// Waits for instants of a [`Clock`].
pub trait Timer: Send + Sync {
    /// Ends once the clock shows `at` or later, also where the machine slept meanwhile.
    fn reach(&self, at: Instant) -> impl Future<Output = ()> + Send;
}

/// What a run rests on and does not expect to change: a clock that goes on by itself, the zone data, the rules.
pub trait Footing: Send + Sync {
    /// Why the run must not send anything more; `None` as long as all is as it was.
    fn lost(&self) -> Option<PortFailure>;
}

/// A footing that nothing moves.
impl Footing for () {
    fn lost(&self) -> Option<PortFailure> {
        None
    }
}

/// Where contacts are read from: a tenant, a file.
pub trait ContactSource: Send {
    /// The next reading, or `None` when everything was read.
    ///
    /// # Errors
    /// A failure means that reading cannot go on; contacts already returned stay valid.
    fn next(&mut self) -> impl Future<Output = Result<Option<Reading>, PortFailure>> + Send;
}

/// One thing that a [`ContactSource`] came upon. Each counts as one contact read.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Reading {
    /// A contact seen for the first time in this listing.
    Contact(ContactRecord),
    /// A contact whose external id was already returned by this source.
    Duplicate {
        /// The id that came twice.
        external_id: String,
    },
    /// Something that is not a contact record.
    Unreadable {
        /// Where it stood, in words a user can find it by: `page 3, entity 17`.
        place: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A contact that its source knows to be spoilt, such as a number that a spreadsheet has rounded.
    Unusable {
        /// Where it stood, and its id if it has one: `leads.csv:7 (C-0007)`.
        place: String,
        /// Why, as a permanent code.
        code: &'static str,
        /// What is wrong with it, and what to do.
        reason: String,
    },
}

/// Where admitted contacts go: a tenant's campaign.
pub trait ContactSink: Send + Sync {
    /// Hands one contact over, and says what became of it.
    ///
    /// `deadline` is the instant from which the contact may no longer be handed over (exclusive); the sink looks at it
    /// before *every* send, also the repeated ones, and answers [`Delivery::Withheld`] once it has passed. `None`: no
    /// end in sight.
    ///
    /// # Errors
    /// A failure concerns the whole run (credentials, scope, patience), never this contact alone.
    fn upsert(
        &self,
        contact: &ContactRecord,
        deadline: Option<Instant>,
    ) -> impl Future<Output = Result<Delivery, PortFailure>> + Send;
}

/// What became of one contact handed to a [`ContactSink`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Delivery {
    /// New in the campaign.
    Inserted,
    /// Was there, now carries what was sent.
    Updated,
    /// Was there; whether the annotation was stored is not confirmed.
    AlreadyThere,
    /// A dry run: it would have been sent.
    WouldUpsert,
    /// Taken, and to be settled later under this job number.
    Pending {
        /// The job that will tell the outcome.
        job: String,
    },
    /// Refused for good, in the receiver's words.
    Rejected {
        /// Why.
        reason: String,
    },
    /// Not sent: the deadline had passed.
    Withheld,
    /// Not known to have arrived although repeated; worth another try at the end of the run.
    NotDelivered {
        /// What went wrong last.
        reason: String,
        /// How many sends were tried.
        sends: u32,
    },
}
