//! Dry run: a sink that refuses to write.

use core_compliance::Instant;
use core_compliance::ports::{ContactRecord, ContactSink, Delivery, PortFailure};

/// Stands before a sink and hands nothing on to it.
#[derive(Debug)]
pub struct DryRunSink<S> {
    _never_written: S,
}

impl<S> DryRunSink<S> {
    /// A dry run before this sink.
    pub fn new(sink: S) -> Self {
        Self { _never_written: sink }
    }
}

impl<S: ContactSink> ContactSink for DryRunSink<S> {
    async fn upsert(
        &self,
        _contact: &ContactRecord,
        _deadline: Option<Instant>,
    ) -> Result<Delivery, PortFailure> {
        Ok(Delivery::WouldUpsert)
    }
}
