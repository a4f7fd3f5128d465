//! Contact lists for tests and benches: synthetic ones from a seed ([`maker`]), judged in memory ([`in_memory`]).
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "the kit runs in tests and benches only, where a panic is a failure"
)]

pub mod in_memory;
pub mod maker;
