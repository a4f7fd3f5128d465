//! The arithmetic of the pace: when the next send may go out, given those that did.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use super::lateness::Lateness;

/// Within this time no more than the rate is granted. A little more than the second that the tenant measures: grants
/// reach it with unequal delay, and two grants a window apart may arrive up to 22 ms closer together. This uses 97.8 % of
/// the quota; a wider margin would cost more than it saves, for what is later than that, [`Lateness`] finds out.
const WINDOW: Duration = Duration::from_millis(1022);
/// Timers fire up to a millisecond late. Lateness up to this much is not passed on to the grant a window later, where it
/// would add up.
const FORGIVEN: Duration = Duration::from_micros(1500);
/// How much closer than evenly spaced grants may follow each other. Below one, so that a stall is caught up with;
/// not much below, so that this is never a burst.
const TIGHTEST: f64 = 0.75;
/// Timers fire up to a millisecond late. At high rates, spacing single grants would add that to each of them, so it is
/// groups of this length that are spaced.
const GROUP: Duration = Duration::from_millis(5);

/// By how much each throttling lengthens the window.
const SLOWER: f64 = 1.25;
/// The longest window, in multiples of the ordinary one: a quarter of the rate is always used.
const SLOWEST: f64 = 4.0;
/// Answers to requests already under way do not slow down further: one step per this time.
const ONE_STEP_PER: Duration = Duration::from_secs(1);
/// Quiet time after which the window shortens again.
const QUIET: Duration = Duration::from_secs(2);
/// By how many multiples of the ordinary window it then shortens in each second.
const FASTER_PER_SECOND: f64 = 0.1;

/// One grant.
#[derive(Clone, Copy, Debug)]
struct Sent {
    at: Instant,
    /// When it may have reached the tenant, if that was remarkably later.
    counted: Instant,
}

/// The last grants, and how slow the tenant wants it. Pure: time comes from the caller.
#[derive(Debug)]
pub(super) struct Window {
    /// Grants per window; `None`: unlimited.
    rate: Option<usize>,
    /// At most `rate` of them, oldest first.
    grants: VecDeque<Sent>,
    /// The number of the next grant, from 0.
    next: u64,
    lateness: Lateness,
    hold_until: Option<Instant>,
    slowness: f64,
    throttled_at: Option<Instant>,
}

impl Window {
    /// 0: unlimited.
    pub(super) fn new(requests_per_second: u32) -> Self {
        let rate = usize::try_from(requests_per_second).ok().filter(|rate| *rate > 0);
        Self {
            rate,
            grants: VecDeque::new(),
            next: 0,
            lateness: Lateness::default(),
            hold_until: None,
            slowness: 1.0,
            throttled_at: None,
        }
    }

    /// The moment from which the next send may go out; it may have passed.
    pub(super) fn ready_at(&self, now: Instant) -> Instant {
        self.bound(now).unwrap_or(now)
    }

    /// What holds the next send back; `None`: nothing.
    fn bound(&self, now: Instant) -> Option<Instant> {
        let Some(rate) = self.rate else {
            return self.hold_until;
        };
        let mut ready = self.hold_until;
        let mut wait_for = |moment: Instant| ready = ready.max(Some(moment));
        let slowness = self.slowness_at(now);
        let window = WINDOW.mul_f64(slowness);
        let even = window.as_secs_f64() / rate as f64;
        let filled = self.grants.len() >= rate;
        if let (true, Some(first)) = (filled, self.grants.front()) {
            wait_for(first.counted + window);
        }
        // Evenly until the window is filled, for the first grants set the rhythm of those that follow; and evenly while
        // slowed down, for then there is nothing to catch up with.
        let spacing = even * if filled && slowness <= 1.0 { TIGHTEST } else { 1.0 };
        let group = ((GROUP.as_secs_f64() / even).ceil() as usize).clamp(1, rate);
        // A group reaches back into grants that exist; with fewer of them, to the first.
        let back = group.min(self.grants.len());
        if let Some(earlier) = self
            .grants
            .len()
            .checked_sub(back)
            .and_then(|at| self.grants.get(at))
        {
            wait_for(earlier.at + Duration::from_secs_f64(spacing * back as f64));
        }
        ready
    }

    /// Notes that a send went out, and returns its number.
    pub(super) fn record(&mut self, at: Instant) -> u64 {
        let number = self.next;
        self.next += 1;
        let Some(rate) = self.rate else { return number };
        let planned = self.ready_at(at);
        while self.grants.len() >= rate {
            self.grants.pop_front();
        }
        let counted = if at.saturating_duration_since(planned) <= FORGIVEN {
            planned
        } else {
            at
        };
        self.grants.push_back(Sent { at, counted });
        number
    }

    /// Notes that send `number` was answered after `took`. If that is remarkably long, it may have reached the tenant
    /// late, and the send a window later must not come early.
    pub(super) fn answered(&mut self, number: u64, took: Duration) {
        let late = self.lateness.of(took);
        // The newest stands at the end under the number before the next.
        let age = self.next.saturating_sub(number);
        let place = usize::try_from(age)
            .ok()
            .and_then(|age| self.grants.len().checked_sub(age));
        if let Some(sent) = place.and_then(|place| self.grants.get_mut(place)) {
            sent.counted = sent.counted.max(sent.at + late);
        }
    }

    /// Notes a 429, and the delay that came with it. Throttling is tenant-wide, so everyone holds.
    pub(super) fn throttled(&mut self, now: Instant, asked: Option<Duration>) {
        if let Some(asked) = asked {
            let until = now + asked;
            self.hold_until = Some(self.hold_until.map_or(until, |hold| hold.max(until)));
        }
        if self
            .throttled_at
            .is_none_or(|last| now.saturating_duration_since(last) >= ONE_STEP_PER)
        {
            self.slowness = (self.slowness_at(now) * SLOWER).min(SLOWEST);
            self.throttled_at = Some(now);
        }
    }

    /// Slow after throttling, then step by step back to 1.
    fn slowness_at(&self, now: Instant) -> f64 {
        let Some(last) = self.throttled_at else { return 1.0 };
        // A hold is no quiet time: nothing was tried.
        let from = self.hold_until.map_or(last, |hold| hold.max(last)) + QUIET;
        let quiet = now.saturating_duration_since(from).as_secs_f64();
        (self.slowness - quiet * FASTER_PER_SECOND).max(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    /// Grants as early as permitted from `start` for `seconds`, each late by what `late` says; returns the moments.
    fn drive(
        window: &mut Window,
        start: Instant,
        seconds: u64,
        mut late: impl FnMut() -> Duration,
    ) -> Vec<Instant> {
        let mut now = start;
        let mut grants = Vec::new();
        while now < start + Duration::from_secs(seconds) {
            now = window.ready_at(now).max(now) + late();
            assert!(window.ready_at(now) <= now);
            window.record(now);
            grants.push(now);
        }
        grants
    }

    fn bounded(grants: &[Instant], rate: usize, span: Duration) {
        for pair in grants.windows(rate + 1) {
            assert!(pair[rate] - pair[0] >= span, "{:?}", pair[rate] - pair[0]);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn however_late_the_timers_every_window_holds_the_rate() {
        let start = Instant::now();
        for (seed, rate) in [(1, 1), (2, 5), (3, 50), (4, 50), (5, 1000)] {
            let mut rng = fastrand::Rng::with_seed(seed);
            let mut window = Window::new(rate);
            // Mostly up to 1.5 ms late, now and then stalled for up to 2 s.
            let grants = drive(&mut window, start, 120, || match rng.u32(..200) {
                0 => ms(rng.u64(..2000)),
                _ => Duration::from_micros(rng.u64(..1500)),
            });
            bounded(&grants, rate as usize, WINDOW - FORGIVEN);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn timers_of_one_millisecond_cost_less_than_one_percent() {
        for rate in [50, 200, 1000] {
            let mut window = Window::new(rate);
            let grants = drive(&mut window, Instant::now(), 60, || ms(1));
            let span = *grants.last().unwrap() - grants[0];
            let used = (grants.len() - 1) as f64 / span.as_secs_f64() / f64::from(rate);
            assert!(used >= 0.97, "{rate}: {used}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_stall_is_caught_up_with_gently() {
        let mut window = Window::new(50);
        let start = Instant::now();
        drive(&mut window, start, 10, || Duration::ZERO);
        let grants = drive(&mut window, start + ms(15_000), 2, || Duration::ZERO);
        for pair in grants.windows(2) {
            assert!(pair[1] - pair[0] >= ms(15), "{:?}", pair[1] - pair[0]);
        }
        bounded(&grants, 50, WINDOW - FORGIVEN);
    }

    #[tokio::test(start_paused = true)]
    async fn throttling_slows_down_in_steps_and_quiet_speeds_up_again() {
        let mut window = Window::new(50);
        let start = Instant::now();
        for n in 0..10 {
            window.throttled(start + ms(n), None);
        }
        assert_eq!(window.slowness_at(start), 1.25);
        window.throttled(start + ms(1000), None);
        assert_eq!(window.slowness_at(start + ms(3000)), 1.25 * 1.25);
        assert!((window.slowness_at(start + ms(5000)) - (1.25 * 1.25 - 0.2)).abs() < 1e-9);
        assert_eq!(window.slowness_at(start + ms(60_000)), 1.0);
        for n in 0..100 {
            window.throttled(start + ms(60_000 + n * 1000), None);
        }
        assert_eq!(window.slowness_at(start + ms(159_000)), SLOWEST);
    }

    #[tokio::test(start_paused = true)]
    async fn the_longest_hold_counts() {
        let mut window = Window::new(0);
        let now = Instant::now();
        window.throttled(now, Some(ms(5000)));
        window.throttled(now, Some(ms(1000)));
        assert_eq!(window.ready_at(now), now + ms(5000));
    }

    #[tokio::test(start_paused = true)]
    async fn a_send_that_may_have_arrived_late_delays_the_one_a_window_later() {
        let start = Instant::now();
        let mut window = Window::new(2);
        for n in 0..40 {
            window.answered(n, ms(20));
        }
        assert_eq!(window.record(start), 0);
        assert_eq!(window.record(start + ms(600)), 1);
        window.answered(0, ms(20));
        assert_eq!(window.ready_at(start), start + WINDOW);
        window.answered(0, ms(90));
        let ready = window.ready_at(start);
        assert!(
            ready > start + WINDOW + ms(60) && ready <= start + WINDOW + ms(70),
            "{:?}",
            ready - start
        );
        // Long gone, and of no concern.
        window.record(start + ms(1200));
        let before = window.ready_at(start);
        window.answered(0, ms(5000));
        assert_eq!(window.ready_at(start), before);
    }
}
