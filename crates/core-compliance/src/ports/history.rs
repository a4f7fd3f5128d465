//! What is known of a callee besides the contact record: earlier attempts, and the wish not to be called.

use core::future::Future;

use super::PortFailure;
use crate::{Instant, PastAttempt, Suppression};

/// By what attempts are found again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CalleeKey<'a> {
    /// The contact's external id.
    pub external_id: Option<&'a str>,
    /// The number, E.164.
    pub phone: Option<&'a str>,
}

/// The attempts that were placed, as far as they are known.
pub trait AttemptLedger: Send + Sync {
    /// Every attempt to the callee, known by id or by number, that was placed before `until`; oldest first, each once.
    /// `None`: no ledger is kept, so nothing is known.
    ///
    /// # Errors
    /// A ledger that cannot be read; its callee must not be called.
    fn attempts(
        &self,
        callee: CalleeKey<'_>,
        until: Instant,
    ) -> impl Future<Output = Result<Option<Vec<PastAttempt>>, PortFailure>> + Send;
}

/// Who must not be called.
pub trait SuppressionList: Send + Sync {
    /// The entry for this number (E.164) that holds at this instant.
    fn suppression(&self, phone: &str, at: Instant) -> Option<Suppression>;
}

/// No list: nobody is suppressed.
impl SuppressionList for () {
    fn suppression(&self, _phone: &str, _at: Instant) -> Option<Suppression> {
        None
    }
}

/// No ledger: nothing is known.
impl AttemptLedger for () {
    async fn attempts(
        &self,
        _callee: CalleeKey<'_>,
        _until: Instant,
    ) -> Result<Option<Vec<PastAttempt>>, PortFailure> {
        Ok(None)
    }
}
