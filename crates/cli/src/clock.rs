//! The clock adapters; the only place where Curfew reads the time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use core_compliance::Instant;
use core_compliance::ports::{Clock, Timer};

/// A wait is broken up into pieces of at most this length, so that a clock that was set is noticed.
const LONGEST_SLEEP: Duration = Duration::from_secs(1);

/// The machine's clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SystemClock;

fn since_epoch() -> Duration {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the adapter that all others take the time from"
    )]
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Instant::from_unix_clamped(i64::try_from(since_epoch().as_secs()).unwrap_or(i64::MAX))
    }
}

impl Timer for SystemClock {
    async fn reach(&self, at: Instant) {
        let at = Duration::from_secs(u64::try_from(at.unix()).unwrap_or(0));
        while let Some(left) = at.checked_sub(since_epoch()).filter(|left| !left.is_zero()) {
            tokio::time::sleep(left.min(LONGEST_SLEEP)).await;
        }
    }
}

/// Tells how far the machine's clock has been set since a moment, forwards (positive) or backwards: it is compared with
/// a clock that nobody sets and that goes on while the machine sleeps.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClockWatch {
    wall: Duration,
    steady: Duration,
}

impl ClockWatch {
    pub(crate) fn starting_now() -> Self {
        Self {
            wall: since_epoch(),
            steady: steady(),
        }
    }

    #[cfg(test)]
    pub(crate) fn as_if_begun_at(self, seconds_later: i64) -> Self {
        let shift = Duration::from_secs(seconds_later.unsigned_abs());
        let wall = if seconds_later < 0 {
            self.wall - shift
        } else {
            self.wall + shift
        };
        Self { wall, ..self }
    }

    /// By how many seconds the clock was set.
    pub(crate) fn was_set_by(&self) -> i64 {
        let seconds = |duration: Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
        let expected = self.wall + steady().saturating_sub(self.steady);
        seconds(since_epoch()) - seconds(expected)
    }
}

/// Time since some moment in the past, sleep included where the system tells it.
pub(crate) fn steady() -> Duration {
    #[cfg(target_os = "linux")]
    let id = rustix::time::ClockId::Boottime;
    #[cfg(not(target_os = "linux"))]
    let id = rustix::time::ClockId::Monotonic;
    Duration::try_from(rustix::time::clock_gettime(id)).unwrap_or_default()
}

/// A clock that stands still: the demo is at the same instant whenever it is run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FixedClock(pub(crate) Instant);

impl Clock for FixedClock {
    fn now(&self) -> Instant {
        self.0
    }
}

impl Timer for FixedClock {
    async fn reach(&self, _at: Instant) {}
}
