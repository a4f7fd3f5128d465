//! The client as its users see it: over a tenant of a few lines, in paused time.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where it fails; clippy knows tests, not their helpers"
)]

mod flows;
mod listing;
mod pacing;
mod preflight;
mod sockets;
mod support;
mod tokens;
mod upserts;
