//! The main job: read contacts, judge each, hand the permitted ones on, account for every one.

mod admission;
mod annotate;
mod books;
mod dry_run;
mod event;
mod evidence;
mod failures;
mod follow;
mod no_records;
mod options;
mod run;
mod send;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use admission::LEDGER_UNREADABLE;
pub use books::{Books, Summary};
pub use dry_run::DryRunSink;
pub use event::{ContactEvent, SyncObserver};
pub use evidence::FieldPaths;
pub use follow::{Following, Reopen, Scope};
pub use no_records::NoRecords;
pub use options::{PlannedTime, SyncOptions};
pub use run::SyncRun;

/// A poisoned lock means a panic elsewhere; what is kept here is whole all the same.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
