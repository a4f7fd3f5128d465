//! One file per command.

pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod demo;
pub(crate) mod simulate;
pub(crate) mod sync;
pub(crate) mod windows;
pub(crate) mod zones;
