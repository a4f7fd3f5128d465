//! Adapters to a state directory on this machine: the decision log, what a run has settled, what is deferred, and the
//! ledger of attempts.

mod admissions;
mod archive;
mod error;
mod index;
mod key;
mod layout;
mod ledger;
mod log;
mod queue;
mod records;
mod run;
mod state;
mod view;

pub use admissions::LogAdmissions;
pub use archive::Archive;
pub use error::RecordsError;
pub use index::Waiting;
pub use key::PhoneKey;
pub use ledger::{LedgerEntry, SqliteAttemptLedger};
pub use log::records::Records;
pub use log::verify::Verified;
pub use log::{Break, Callee, Event, Head, Pruned, Record, RecordedPhone};
pub use records::NdjsonRecords;
pub use run::{Begun, Resumed, RunSpec};
pub use state::StateDir;
pub use view::StateView;
