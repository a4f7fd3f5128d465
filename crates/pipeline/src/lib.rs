//! The use cases of Curfew, generic over the ports of the core: judge attempts, and sync a tenant's contacts.
//!
//! Knows no HTTP, no file format and no clock of its own.

mod check;
mod mask;
mod scrub;
mod sync;

pub use check::{JudgedLine, UnreadableLine, judge_line};
pub use core_compliance::ports::Outcome;
pub use mask::mask_numbers;
pub use scrub::{
    ListBooks, ListPlanned, REJECTED_ALIKE, Reason, ReasonCount, Rejects, ScrubFailure, ScrubOptions,
    ScrubOutputs, ScrubProgress, ScrubRun, ZoneNames, windows_zone,
};
pub use sync::{
    Books, ContactEvent, DryRunSink, FieldPaths, PlannedTime, Summary, SyncObserver, SyncOptions, SyncRun,
};
