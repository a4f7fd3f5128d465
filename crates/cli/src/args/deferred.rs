//! Options of `deferred`.

use clap::{Args, Subcommand};

use super::StateArgs;

#[derive(Args, Debug)]
pub(crate) struct DeferredArgs {
    #[command(subcommand)]
    pub(crate) action: DeferredAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DeferredAction {
    /// List the contacts that wait, the earliest opening first
    List(DeferredListArgs),
}

#[derive(Args, Debug)]
#[command(
    after_help = "`curfew sync --from deferred` sends those that are due; `sync --follow` each when it is."
)]
pub(crate) struct DeferredListArgs {
    /// List at most this many
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) state: StateArgs,
}
