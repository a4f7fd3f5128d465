//! What a sync is asked to do.

use core_compliance::Instant;

use super::evidence::FieldPaths;

/// When the attempts are planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlannedTime {
    /// At the moment of sending.
    OnSending,
    /// At this instant.
    At(Instant),
    /// At the instant in this field of each contact, such as `attributes.proposedAt`.
    Field(String),
}

/// The options of one run.
#[derive(Clone, Debug)]
pub struct SyncOptions {
    /// When the attempts are planned.
    pub planned: PlannedTime,
    /// Contacts that open within this many seconds after the planned instant are inserted as well; 0 = none.
    pub opens_within: u32,
    /// How many contacts are worked on at once, at least 1.
    pub concurrency: usize,
    /// Read at most this many contacts.
    pub limit: Option<u64>,
    /// Times in contact fields without an offset are UTC.
    pub assume_utc: bool,
    /// Where evidence stands in a contact.
    pub fields: FieldPaths,
}

impl Default for SyncOptions {
    fn default() -> Self {
        Self {
            planned: PlannedTime::OnSending,
            opens_within: 0,
            concurrency: 64,
            limit: None,
            assume_utc: false,
            fields: FieldPaths::default(),
        }
    }
}
