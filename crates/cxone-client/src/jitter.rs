//! Randomness for delays and request ids; seedable, so that tests repeat.

use std::sync::Mutex;
use std::time::Duration;

use crate::sync::lock;

/// A shared source of random delays. Not for secrets.
#[derive(Debug)]
pub(crate) struct Jitter(Mutex<fastrand::Rng>);

impl Jitter {
    /// `None` seeds from the system.
    pub(crate) fn new(seed: Option<u64>) -> Self {
        Self(Mutex::new(
            seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed),
        ))
    }

    /// A delay drawn evenly from `[0, most]`.
    pub(crate) fn up_to(&self, most: Duration) -> Duration {
        let most = u64::try_from(most.as_micros()).unwrap_or(u64::MAX);
        Duration::from_micros(lock(&self.0).u64(..=most))
    }

    /// Any 32 bits.
    pub(crate) fn bits(&self) -> u32 {
        lock(&self.0).u32(..)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_stay_in_range_use_all_of_it_and_repeat_with_the_seed() {
        let draw = |seed| {
            let jitter = Jitter::new(Some(seed));
            (0..1000)
                .map(|_| jitter.up_to(Duration::from_millis(10)))
                .collect::<Vec<_>>()
        };
        let draws = draw(7);
        assert_eq!(draws, draw(7));
        assert_ne!(draws, draw(8));
        assert!(draws.iter().all(|d| *d <= Duration::from_millis(10)));
        assert!(draws.iter().any(|d| *d < Duration::from_millis(1)));
        assert!(draws.iter().any(|d| *d > Duration::from_millis(9)));
        assert_eq!(Jitter::new(None).up_to(Duration::ZERO), Duration::ZERO);
    }
}
