//! Adapters to a state directory on this machine: the decision log, what a run has settled, what is deferred, and the
//! ledger of attempts.

mod archive;
mod error;
mod index;
mod key;
mod layout;
mod log;
mod queue;
mod records;
mod run;
mod state;

pub use archive::Archive;
pub use error::RecordsError;
pub use index::Waiting;
pub use key::PhoneKey;
pub use log::Head;
pub use records::NdjsonRecords;
pub use run::{Begun, Resumed, RunSpec};
pub use state::StateDir;
