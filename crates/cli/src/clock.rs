//! The clock adapters; the only place where Curfew reads the time.

use std::time::{SystemTime, UNIX_EPOCH};

use core_compliance::Instant;
use core_compliance::ports::Clock;

/// The machine's clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the adapter that all others take the time from"
        )]
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Instant::from_unix_clamped(i64::try_from(since_epoch.as_secs()).unwrap_or(i64::MAX))
    }
}

/// A clock that stands still: the demo is at the same instant whenever it is run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FixedClock(pub(crate) Instant);

impl Clock for FixedClock {
    fn now(&self) -> Instant {
        self.0
    }
}
