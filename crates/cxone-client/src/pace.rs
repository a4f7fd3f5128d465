//! Who may send when: a sliding window ahead of the wire, shared by pages and contacts.
//!
//! [`Window`] is the pure arithmetic, [`Pace`] lets requests wait by it in the order in which they came.

mod lateness;
mod window;

use std::sync::Mutex;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::sync::lock;
use window::Window;

/// Grants sends at the pace of the tenant's quota, first come first served.
#[derive(Debug)]
pub(crate) struct Pace {
    /// Held by whoever is next; tokio's mutex queues fairly, and a waiter that gives up leaves no trace.
    turn: tokio::sync::Mutex<()>,
    window: Mutex<Window>,
}

impl Pace {
    /// `requests_per_second` 0: unlimited, other than while the tenant asks to hold.
    pub(crate) fn new(requests_per_second: u32) -> Self {
        Self {
            turn: tokio::sync::Mutex::default(),
            window: Mutex::new(Window::new(requests_per_second)),
        }
    }

    /// Waits until a send may go out, takes it, and returns its number.
    pub(crate) async fn grant(&self) -> u64 {
        let _turn = self.turn.lock().await;
        loop {
            let ready = {
                let mut window = lock(&self.window);
                // Read under the lock, and recorded as it truly is, not as planned: a late grant delays the one a
                // window later, so that a stall never becomes a burst.
                let now = Instant::now();
                let ready = window.ready_at(now);
                if ready <= now {
                    return window.record(now);
                }
                ready
            };
            // Looked at again afterwards: the tenant may have asked to hold meanwhile.
            sleep_until(ready).await;
        }
    }

    /// Notes that send `number` was answered after `took`.
    pub(crate) fn answered(&self, number: u64, took: Duration) {
        lock(&self.window).answered(number, took);
    }

    /// Notes that the tenant answered 429: slows everyone down, and holds every send for as long as it asked.
    pub(crate) fn throttled(&self, asked: Option<Duration>) {
        lock(&self.window).throttled(Instant::now(), asked);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    /// Sends as fast as granted for `seconds`, by `workers` at once, and returns the moments of the grants.
    async fn run(rate: u32, workers: usize, seconds: u64) -> Vec<Duration> {
        let pace = Arc::new(Pace::new(rate));
        let start = Instant::now();
        let grants = Arc::new(Mutex::new(Vec::new()));
        let tasks: Vec<_> = (0..workers)
            .map(|_| {
                let (pace, grants) = (Arc::clone(&pace), Arc::clone(&grants));
                tokio::spawn(async move {
                    while start.elapsed() < Duration::from_secs(seconds) {
                        pace.grant().await;
                        lock(&grants).push(start.elapsed());
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        let mut grants = lock(&grants).clone();
        grants.sort();
        grants
    }

    fn most_in_a_second(grants: &[Duration]) -> usize {
        let within =
            |first: usize| grants.partition_point(|at| *at < grants[first] + Duration::from_secs(1)) - first;
        (0..grants.len()).map(within).max().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn at_every_rate_no_second_exceeds_the_quota_and_97_percent_are_used() {
        for rate in [1, 2, 3, 7, 10, 49, 50, 51, 100, 333, 1000] {
            let grants = run(rate, 4, 60).await;
            assert!(
                most_in_a_second(&grants) <= rate as usize,
                "{rate}: {}",
                most_in_a_second(&grants)
            );
            let span = (*grants.last().unwrap() - grants[0]).as_secs_f64();
            let used = (grants.len() - 1) as f64 / span / f64::from(rate);
            assert!(used >= 0.97, "{rate}: {used}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn it_starts_without_a_burst() {
        let grants = run(50, 100, 1).await;
        assert!(
            grants
                .windows(2)
                .all(|pair| pair[1] - pair[0] >= Duration::from_millis(15)),
            "{grants:?}"
        );
        assert!(
            grants
                .iter()
                .filter(|at| **at < Duration::from_millis(100))
                .count()
                <= 6
        );
    }

    #[tokio::test(start_paused = true)]
    async fn grants_come_in_the_order_of_asking() {
        let pace = Arc::new(Pace::new(10));
        let order = Arc::new(Mutex::new(Vec::new()));
        let tasks: Vec<_> = (0..30)
            .map(|n| {
                let (pace, order) = (Arc::clone(&pace), Arc::clone(&order));
                tokio::spawn(async move {
                    pace.grant().await;
                    lock(&order).push(n);
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(*lock(&order), (0..30).collect::<Vec<_>>());
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_up_waiting_takes_nothing() {
        let pace = Pace::new(1);
        pace.grant().await;
        let start = Instant::now();
        assert!(
            tokio::time::timeout(Duration::from_millis(500), pace.grant())
                .await
                .is_err()
        );
        pace.grant().await;
        assert!(start.elapsed() <= Duration::from_millis(1030));
    }

    #[tokio::test(start_paused = true)]
    async fn a_hold_stops_everyone_even_without_a_limit_and_those_already_waiting() {
        for rate in [0, 50] {
            let pace = Arc::new(Pace::new(rate));
            pace.grant().await;
            let start = Instant::now();
            let waiting = tokio::spawn({
                let pace = Arc::clone(&pace);
                async move {
                    pace.grant().await;
                    start.elapsed()
                }
            });
            pace.throttled(Some(Duration::from_secs(3)));
            assert!(waiting.await.unwrap() >= Duration::from_secs(3), "{rate}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn unlimited_waits_for_nothing() {
        assert!(run(0, 1, 0).await.is_empty());
        let pace = Pace::new(0);
        let start = Instant::now();
        for _ in 0..10_000 {
            pace.grant().await;
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
    }
}
