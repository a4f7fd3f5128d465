//! Tells answers that are remarkably late from the ordinary spread of latency.

use std::time::Duration;

/// The most lateness that is believed to have been on the way there.
const MOST: Duration = Duration::from_millis(250);
/// How many mean deviations above the mean are ordinary; as for the retransmission timer of TCP (RFC 6298).
const ORDINARY_DEVIATIONS: f64 = 4.0;

/// Mean and mean deviation of the time to the answer, as moving averages. A request held up before it reached the
/// tenant (a new connection, a busy machine) shows by an answer that is late by as much.
#[derive(Debug, Default)]
pub(super) struct Lateness {
    /// Seconds; `None` before the first answer.
    mean: Option<f64>,
    deviation: f64,
}

impl Lateness {
    /// By how much an answer after `took` is remarkably late: zero, mostly, and at most 250 ms.
    pub(super) fn of(&mut self, took: Duration) -> Duration {
        let took = took.as_secs_f64();
        let Some(mean) = self.mean else {
            // Unknown yet: the spread is taken as wide, so that nothing is remarkable at first.
            self.mean = Some(took);
            self.deviation = took / 2.0;
            return Duration::ZERO;
        };
        let late = took - (mean + ORDINARY_DEVIATIONS * self.deviation);
        self.deviation += ((took - mean).abs() - self.deviation) / 4.0;
        self.mean = Some(mean + (took - mean) / 8.0);
        if late <= 0.0 {
            return Duration::ZERO;
        }
        // All that is beyond the mean may have been on the way there.
        Duration::from_secs_f64((took - mean).clamp(0.0, MOST.as_secs_f64()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn an_even_latency_makes_an_outlier_stand_out() {
        let mut lateness = Lateness::default();
        for n in 0..100 {
            assert_eq!(lateness.of(ms(300 + n % 2)), Duration::ZERO);
        }
        let late = lateness.of(ms(340));
        assert!(late >= ms(39) && late <= ms(40), "{late:?}");
        for _ in 0..100 {
            lateness.of(ms(300));
        }
        assert_eq!(lateness.of(ms(5000)), MOST);
    }

    #[test]
    fn an_uneven_latency_makes_nothing_stand_out() {
        let mut lateness = Lateness::default();
        let mut rng = fastrand::Rng::with_seed(1);
        let remarkable = (0..1000)
            .filter(|_| !lateness.of(ms(rng.u64(100..300))).is_zero())
            .count();
        assert!(remarkable <= 10, "{remarkable}");
    }
}
