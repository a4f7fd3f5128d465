//! `curfew deferred …`.

use clap::{Args, Subcommand};

use super::StateArgs;

#[derive(Args, Debug)]
pub(crate) struct DeferredArgs {
    #[command(subcommand)]
    pub(crate) action: DeferredAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DeferredAction {
    /// List the contacts that were held back and wait, the earliest opening first
    List(DeferredListArgs),
}

#[derive(Args, Debug)]
pub(crate) struct DeferredListArgs {
    /// At most this many; the rest is counted
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) state: StateArgs,
}
