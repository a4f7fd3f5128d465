//! The decision log on disk: lines, segments, their end.

pub(crate) mod entry;
pub(crate) mod facts;
pub(crate) mod line;
pub(crate) mod segments;
pub(crate) mod step;
pub(crate) mod tail;
pub(crate) mod writer;

pub use line::Head;
