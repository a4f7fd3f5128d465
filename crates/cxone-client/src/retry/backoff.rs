//! How long to wait before a retry.

use std::time::Duration;

use crate::config::RetryConfig;
use crate::jitter::Jitter;

/// The least spread put on a delay that the server asked for, so that not all clients come back at once.
const LEAST_SPREAD: Duration = Duration::from_millis(50);
/// The shortest ceiling for token requests: real tenants guard the token endpoint per peer.
const TOKEN_BASE: Duration = Duration::from_millis(500);

/// The most that is waited before retry number `retry` (1, 2, …): `base` · 2ʳ⁻¹, at most `cap`.
pub(crate) fn ceiling(config: &RetryConfig, retry: u32) -> Duration {
    let doublings = retry.saturating_sub(1).min(31);
    config.base.saturating_mul(1 << doublings).min(config.cap)
}

/// Full jitter: anything from nothing to the ceiling, which spreads competing clients best.
pub(crate) fn full_jitter(config: &RetryConfig, retry: u32, jitter: &Jitter) -> Duration {
    jitter.up_to(ceiling(config, retry))
}

/// For tokens: from half the ceiling to the ceiling, beginning at 500 ms, for nothing else can go on meanwhile and
/// the endpoint must not be stormed.
pub(crate) fn for_token(config: &RetryConfig, retry: u32, jitter: &Jitter) -> Duration {
    let base = config.base.max(TOKEN_BASE);
    let half = ceiling(
        &RetryConfig {
            base,
            cap: config.cap.max(base),
            ..*config
        },
        retry,
    ) / 2;
    half + jitter.up_to(half)
}

/// After 429: what the server asked for and a little more, or else our own backoff. An asked-for zero is no licence to
/// hammer.
pub(crate) fn after_throttling(
    config: &RetryConfig,
    asked: Option<Duration>,
    throttlings: u32,
    jitter: &Jitter,
) -> Duration {
    let own = full_jitter(config, throttlings, jitter);
    match asked {
        Some(asked) if !asked.is_zero() => asked + jitter.up_to(LEAST_SPREAD.max(asked / 10)),
        Some(_) | None => own,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> RetryConfig {
        RetryConfig::default()
    }

    #[test]
    fn ceilings_double_up_to_the_cap() {
        let ceilings: Vec<_> = (1..=8).map(|n| ceiling(&config(), n).as_millis()).collect();
        assert_eq!(ceilings, [100, 200, 400, 800, 1600, 3200, 5000, 5000]);
        assert_eq!(ceiling(&config(), u32::MAX), Duration::from_secs(5));
    }

    #[test]
    fn jitter_spans_from_nothing_to_the_ceiling() {
        let jitter = Jitter::new(Some(1));
        let delays: Vec<_> = (0..2000).map(|_| full_jitter(&config(), 4, &jitter)).collect();
        assert!(delays.iter().all(|d| *d <= Duration::from_millis(800)));
        assert!(delays.iter().any(|d| *d < Duration::from_millis(20)));
        assert!(delays.iter().any(|d| *d > Duration::from_millis(780)));
    }

    #[test]
    fn what_the_server_asks_is_never_undercut() {
        let jitter = Jitter::new(Some(1));
        for asked in [1, 40, 1000, 60_000].map(Duration::from_millis) {
            for _ in 0..200 {
                let delay = after_throttling(&config(), Some(asked), 1, &jitter);
                assert!(
                    delay >= asked && delay <= asked + LEAST_SPREAD.max(asked / 10),
                    "{delay:?}"
                );
            }
        }
        for asked in [None, Some(Duration::ZERO)] {
            assert!(after_throttling(&config(), asked, 3, &jitter) <= Duration::from_millis(400));
        }
    }

    #[test]
    fn token_requests_come_at_least_a_quarter_second_apart() {
        let jitter = Jitter::new(Some(1));
        for retry in 1..30 {
            let delay = for_token(&config(), retry, &jitter);
            assert!(
                delay >= Duration::from_millis(250) && delay <= Duration::from_secs(5),
                "{delay:?}"
            );
        }
    }
}
