//! The exact sliding window: how many events lie in the last second, and when there is room for one more.

use std::collections::VecDeque;
use std::time::Duration;

/// The length of the window of the tenant quota and of the statistics.
pub(crate) const WINDOW: Duration = Duration::from_secs(1);

/// The events of the last [`WINDOW`], each at its offset from the start of the simulator.
///
/// Two events exactly one window apart are not in the same window: at `now` it holds those later than `now - WINDOW`.
/// Memory is bounded by the events in one window.
#[derive(Debug, Default)]
pub(crate) struct SlidingWindow {
    times: VecDeque<Duration>,
}

impl SlidingWindow {
    /// How many events the window that ends at `now` holds.
    pub(crate) fn count(&mut self, now: Duration) -> usize {
        while self.times.front().is_some_and(|oldest| *oldest + WINDOW <= now) {
            self.times.pop_front();
        }
        self.times.len()
    }

    /// Notes an event at `now`, and says how many the window then holds. `now` never goes back.
    pub(crate) fn record(&mut self, now: Duration) -> usize {
        self.times.push_back(now);
        self.count(now)
    }

    /// Notes an event at `now` if the window then holds at most `limit`; a refused event is not noted, so that
    /// knocking at the door does not keep it closed.
    ///
    /// # Errors
    /// How long until there is room, when there is none.
    pub(crate) fn admit(&mut self, now: Duration, limit: usize) -> Result<(), Duration> {
        let held = self.count(now);
        if held < limit {
            self.times.push_back(now);
            return Ok(());
        }
        // Room comes when the window holds `limit - 1`, i.e. when this event has left it.
        let leaves = self.times.get(held - limit).copied().unwrap_or(now);
        Err((leaves + WINDOW).saturating_sub(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn events_exactly_one_window_apart_do_not_meet() {
        let mut window = SlidingWindow::default();
        assert_eq!(window.admit(millis(0), 1), Ok(()));
        assert_eq!(window.admit(millis(999), 1), Err(millis(1)));
        assert_eq!(window.admit(millis(1000), 1), Ok(()));
    }

    #[test]
    fn a_refused_event_does_not_count() {
        let mut window = SlidingWindow::default();
        assert_eq!(window.admit(millis(0), 2), Ok(()));
        assert_eq!(window.admit(millis(500), 2), Ok(()));
        for ms in (510..1000).step_by(10) {
            assert_eq!(window.admit(millis(ms), 2), Err(millis(1000 - ms)));
        }
        assert_eq!(window.admit(millis(1000), 2), Ok(()));
        assert_eq!(window.admit(millis(1001), 2), Err(millis(499)));
    }

    /// Every sequence of seven arrivals on a grid of 250 ms with gaps of 0 to 1250 ms, judged against a count that
    /// remembers everything.
    #[test]
    fn every_sequence_agrees_with_a_plain_count() {
        const GAPS: u64 = 6;
        for limit in 1..=3 {
            for sequence in 0..GAPS.pow(7) {
                let (mut code, mut now) = (sequence, Duration::ZERO);
                let (mut window, mut admitted) = (SlidingWindow::default(), Vec::<Duration>::new());
                for _ in 0..7 {
                    now += millis(250 * (code % GAPS));
                    code /= GAPS;
                    let held = |at: Duration| admitted.iter().filter(|t| **t + WINDOW > at).count();
                    match window.admit(now, limit) {
                        Ok(()) => {
                            assert!(held(now) < limit);
                            admitted.push(now);
                        }
                        Err(wait) => {
                            assert!(held(now) >= limit);
                            assert!(held(now + wait) < limit, "the wait is long enough");
                            assert!(held(now + wait - millis(1)) >= limit, "and not too long");
                        }
                    }
                }
            }
        }
    }
}
