//! The retries that a whole run may spend: an outage must not be answered with a storm.

use std::sync::Mutex;
use std::time::Duration;

use tokio::time::Instant;

use crate::sync::lock;

/// Retries that can be saved up.
const CAPACITY: f64 = 100.0;
/// Retries regained per second.
const REFILL: f64 = 10.0;
/// Retries regained per success.
const REFUND: f64 = 0.5;
/// The longest that a retry waits for the budget.
const LONGEST: Duration = Duration::from_secs(30);

/// A token bucket shared by all requests of a client. An empty one makes retries *wait*; it never fails a request, for
/// a contact is not to suffer for the troubles of others.
#[derive(Debug)]
pub(crate) struct RetryBudget(Mutex<Level>);

#[derive(Debug)]
struct Level {
    /// Below zero: owed to retries that are waiting.
    tokens: f64,
    at: Option<Instant>,
}

impl RetryBudget {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(Level {
            tokens: CAPACITY,
            at: None,
        }))
    }

    /// Spends one retry, and says how long to wait until it is covered.
    pub(crate) fn spend(&self, now: Instant) -> Duration {
        let mut level = lock(&self.0);
        let earlier = level.at.replace(now).unwrap_or(now);
        let refilled = level.tokens + now.saturating_duration_since(earlier).as_secs_f64() * REFILL;
        // The debt is bounded, too, so that a long storm is forgotten soon after.
        level.tokens = (refilled.min(CAPACITY) - 1.0).max(-REFILL * LONGEST.as_secs_f64());
        Duration::from_secs_f64((-level.tokens / REFILL).max(0.0))
    }

    /// Notes a success.
    pub(crate) fn refund(&self) {
        let mut level = lock(&self.0);
        level.tokens = (level.tokens + REFUND).min(CAPACITY);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_burst_is_free_then_retries_wait_for_the_refill() {
        let budget = RetryBudget::new();
        let now = Instant::now();
        for _ in 0..100 {
            assert_eq!(budget.spend(now), Duration::ZERO);
        }
        assert_eq!(budget.spend(now), Duration::from_millis(100));
        assert_eq!(budget.spend(now), Duration::from_millis(200));
        let later = now + Duration::from_secs(1);
        assert_eq!(budget.spend(later), Duration::ZERO);
        for _ in 0..10_000 {
            assert!(budget.spend(later) <= LONGEST);
        }
        assert_eq!(budget.spend(later + Duration::from_secs(60)), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn successes_refund_and_saving_is_bounded() {
        let budget = RetryBudget::new();
        let now = Instant::now();
        for _ in 0..101 {
            budget.spend(now);
        }
        for _ in 0..4 {
            budget.refund();
        }
        assert_eq!(budget.spend(now), Duration::ZERO);
        for _ in 0..1000 {
            budget.refund();
        }
        let free = (0..200).filter(|_| budget.spend(now).is_zero()).count();
        assert_eq!(free, 100);
    }
}
