//! What the unit tests share.

use core_compliance::Instant;
use core_compliance::ports::Clock;

/// Always 2026-06-10T15:00:00Z.
pub(crate) struct FixedClock;

impl Clock for FixedClock {
    fn now(&self) -> Instant {
        Instant::from_unix_clamped(1_781_103_600)
    }
}
