//! The decision log on disk: lines, segments, their end, the chain of hashes through them, and records read back.

mod chain;
pub(crate) mod entry;
pub(crate) mod facts;
pub(crate) mod line;
pub(crate) mod private;
mod prune;
mod record;
pub(crate) mod records;
pub(crate) mod segments;
pub(crate) mod step;
pub(crate) mod tail;
pub(crate) mod verify;
pub(crate) mod writer;

pub use chain::Break;
pub use facts::{Callee, RecordedPhone};
pub use line::Head;
pub use prune::Pruned;
pub use record::{Event, Record};
