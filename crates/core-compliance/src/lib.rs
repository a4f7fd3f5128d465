//! Decides whether an outbound call may be placed to a person at an instant, and says why.

mod instant;
#[cfg(feature = "ports")]
pub mod ports;

pub use instant::{Instant, InstantError};
