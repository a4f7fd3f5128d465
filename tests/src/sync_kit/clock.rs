//! A wall clock that runs on tokio's paused time.

use core_compliance::Instant;
use core_compliance::ports::Clock;

/// Shows `base` when it is made, and goes on with tokio's time.
#[derive(Clone, Copy, Debug)]
pub struct PausedClock {
    base: i64,
    started: tokio::time::Instant,
}

impl PausedClock {
    /// A clock that shows this unix second now.
    #[must_use]
    pub fn starting_at(base: i64) -> Self {
        Self {
            base,
            started: tokio::time::Instant::now(),
        }
    }

    /// The present unix second.
    #[must_use]
    pub fn unix(&self) -> i64 {
        self.base + i64::try_from(self.started.elapsed().as_secs()).expect("a run is short")
    }
}

impl Clock for PausedClock {
    fn now(&self) -> Instant {
        Instant::from_unix(self.unix()).expect("a test's present is within the range")
    }
}
