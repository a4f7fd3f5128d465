//! The main job: read contacts, judge each, hand the permitted ones on, account for every one.

mod admission;
mod annotate;
mod books;
mod dry_run;
mod evidence;
mod options;
mod run;

pub use books::{Books, Summary};
pub use dry_run::DryRunSink;
pub use evidence::FieldPaths;
pub use options::{PlannedTime, SyncOptions};
pub use run::{ContactEvent, SyncObserver, SyncRun};
