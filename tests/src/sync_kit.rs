//! Runs of the main job against a simulated tenant, in this process and in paused time, judged from the tenant's side.
//!
//! - [`Scenario`]: a tenant with its faults, a clock, settings; [`Scenario::run`] drives the real client and pipeline.
//! - [`Report`]: what the run said and what the tenant saw; [`Report::audit`] checks what must hold of every run.
//! - [`Fate`]: what ought to become of a generated contact, from a table of clocks that Curfew does not share.

mod audit;
mod audit_records;
mod clock;
mod fate;
mod payload;
mod records;
mod scenario;
mod transport;

pub use audit::Report;
pub use clock::PausedClock;
pub use fate::{Fate, Hours};
pub use payload::without_annotation;
pub use records::{Entry, MemoryRecords};
pub use scenario::{MORNING, SECRET, Scenario, gate, utc};
pub use transport::InProcess;

/// A sequence of numbers that looks random and repeats itself (SplitMix64).
#[derive(Clone, Debug)]
pub struct Dice(pub u64);

impl Dice {
    /// A number from 0 to `sides - 1`.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides.max(1)
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let at = self.roll(from.len() as u64);
        &from[usize::try_from(at).expect("an index fits")]
    }
}
