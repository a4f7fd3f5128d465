//! The use cases of Curfew, generic over the ports of the core: judge attempts, and sync a tenant's contacts.
//!
//! Knows no HTTP, no file format and no clock of its own.

mod audit;
mod check;
mod replay;
mod scrub;
mod sync;

pub use audit::{Audit, AuditedCall};
pub use check::{JudgedLine, UnreadableLine, judge_line, suppress};
pub use core_compliance::ports::Outcome;
pub use core_compliance::ports::mask_numbers;
pub use replay::{Replayed, replay};
pub use scrub::{
    ListBooks, ListPlanned, REJECTED_ALIKE, Reason, ReasonCount, Rejects, ScrubFailure, ScrubOptions,
    ScrubOutputs, ScrubProgress, ScrubRun, ZoneNames, windows_zone,
};
pub use sync::{
    Books, ContactEvent, DryRunSink, FieldPaths, Following, LEDGER_UNREADABLE, NoRecords, PlannedTime,
    Reopen, Scope, Summary, SyncObserver, SyncOptions, SyncRun,
};
