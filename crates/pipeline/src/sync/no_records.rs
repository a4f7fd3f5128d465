//! Records that keep nothing, for runs that write nothing.

use core_compliance::Instant;
use core_compliance::ports::{
    Decided, DecisionLog, Deferral, DeferralQueue, Ending, IntentId, PortFailure, RunJournal, Settled,
    Settlement,
};

/// Keeps nothing and knows nothing: the records of a dry run.
#[derive(Clone, Copy, Debug)]
pub struct NoRecords;

impl DecisionLog for NoRecords {
    async fn intend(&self, _decided: Decided<'_>) -> Result<IntentId, PortFailure> {
        Ok(IntentId(0))
    }

    async fn conclude(
        &self,
        _intent: IntentId,
        _contact: &str,
        _ending: Ending<'_>,
    ) -> Result<(), PortFailure> {
        Ok(())
    }

    async fn settle(&self, _settlement: Settlement<'_>) -> Result<(), PortFailure> {
        Ok(())
    }

    async fn flush(&self) -> Result<(), PortFailure> {
        Ok(())
    }
}

impl RunJournal for NoRecords {
    async fn settled(&self, _external_id: &str) -> Result<Option<Settled>, PortFailure> {
        Ok(None)
    }
}

impl DeferralQueue for NoRecords {
    async fn next_opening(&self, _source: &str) -> Result<Option<Instant>, PortFailure> {
        Ok(None)
    }

    async fn due(&self, _source: &str, _by: Instant, _limit: usize) -> Result<Vec<Deferral>, PortFailure> {
        Ok(Vec::new())
    }

    async fn forget(&self, _source: &str, _external_id: &str) -> Result<(), PortFailure> {
        Ok(())
    }
}
