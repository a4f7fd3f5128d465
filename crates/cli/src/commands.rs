//! One file per command.

pub(crate) mod attempts;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod config;
mod day;
pub(crate) mod deferred;
pub(crate) mod demo;
pub(crate) mod log;
pub(crate) mod rules;
pub(crate) mod scrub;
pub(crate) mod simulate;
pub(crate) mod sync;
pub(crate) mod windows;
pub(crate) mod zones;
