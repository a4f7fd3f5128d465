//! When a fault strikes: a pure count over the requests that it is shown.

use std::collections::HashMap;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::campaign::ContactKey;

/// When a fault strikes. Every condition given must hold; without any, it always strikes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Schedule {
    /// Each n-th request.
    pub(crate) every: Option<u64>,
    /// The first n requests.
    pub(crate) first: Option<u64>,
    /// The n-th request alone.
    pub(crate) nth: Option<u64>,
    /// The n-th request and all later ones.
    pub(crate) after: Option<u64>,
    /// Each request with this probability.
    pub(crate) p: Option<f64>,
    /// The first n sends of each contact.
    pub(crate) per_contact: Option<u64>,
    /// At most n strikes.
    pub(crate) times: Option<u64>,
}

/// How far a schedule has come.
pub(crate) struct Progress {
    rng: ChaCha8Rng,
    shown: u64,
    struck: u64,
    /// Only filled by schedules that ask for it.
    sends: HashMap<ContactKey, u16>,
}

impl Progress {
    /// The beginning, for the fault that stands at this place in the list of faults.
    pub(crate) fn new(seed: u64, place: usize) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        // Contacts have the low streams, tokens the last, latencies the one before.
        rng.set_stream(u64::MAX / 2 + place as u64);
        Self {
            rng,
            shown: 0,
            struck: 0,
            sends: HashMap::new(),
        }
    }
}

impl Schedule {
    /// Shows the next matching request; says whether the fault strikes it.
    pub(crate) fn strikes(&self, progress: &mut Progress, contact: Option<&ContactKey>) -> bool {
        progress.shown += 1;
        let shown = progress.shown;
        // Drawn even when another condition fails: then the chance of a request depends on its place alone.
        let chance = self.p.is_none_or(|p| progress.rng.random::<f64>() < p);
        let by_contact = self.per_contact.is_none_or(|limit| {
            contact.is_some_and(|contact| {
                let sends = progress.sends.entry(contact.clone()).or_default();
                *sends = sends.saturating_add(1);
                u64::from(*sends) <= limit
            })
        });
        let strikes = chance
            && by_contact
            && self.every.is_none_or(|n| shown.is_multiple_of(n))
            && self.first.is_none_or(|n| shown <= n)
            && self.nth.is_none_or(|n| shown == n)
            && self.after.is_none_or(|n| shown >= n)
            && self.times.is_none_or(|n| progress.struck < n);
        progress.struck += u64::from(strikes);
        strikes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The places, among the first twelve requests, at which a schedule strikes.
    fn places(schedule: &Schedule) -> Vec<usize> {
        let mut progress = Progress::new(1, 0);
        (1..=12)
            .filter(|_| schedule.strikes(&mut progress, None))
            .collect()
    }

    #[test]
    fn each_condition_strikes_where_it_says() {
        let none = Schedule::default();
        assert_eq!(places(&none).len(), 12);
        assert_eq!(
            places(&Schedule {
                every: Some(5),
                ..none.clone()
            }),
            [5, 10]
        );
        assert_eq!(
            places(&Schedule {
                first: Some(3),
                ..none.clone()
            }),
            [1, 2, 3]
        );
        assert_eq!(
            places(&Schedule {
                nth: Some(4),
                ..none.clone()
            }),
            [4]
        );
        assert_eq!(
            places(&Schedule {
                after: Some(11),
                ..none.clone()
            }),
            [11, 12]
        );
        assert_eq!(
            places(&Schedule {
                times: Some(2),
                ..none
            }),
            [1, 2]
        );
    }

    #[test]
    fn conditions_given_together_must_all_hold() {
        let schedule = Schedule {
            every: Some(2),
            after: Some(5),
            times: Some(2),
            ..Schedule::default()
        };
        assert_eq!(places(&schedule), [6, 8]);
    }

    #[test]
    fn chance_is_the_seeds_and_about_right() {
        let schedule = Schedule {
            p: Some(0.25),
            ..Schedule::default()
        };
        assert_eq!(places(&schedule), places(&schedule));
        let mut progress = Progress::new(1, 0);
        let struck = (0..4_000)
            .filter(|_| schedule.strikes(&mut progress, None))
            .count();
        assert!((900..1_100).contains(&struck), "{struck}");
        assert!(
            places(&Schedule {
                p: Some(0.0),
                ..Schedule::default()
            })
            .is_empty()
        );
        assert_eq!(
            places(&Schedule {
                p: Some(1.0),
                ..Schedule::default()
            })
            .len(),
            12
        );
    }

    #[test]
    fn sends_are_counted_for_each_contact() {
        let schedule = Schedule {
            per_contact: Some(2),
            ..Schedule::default()
        };
        let mut progress = Progress::new(1, 0);
        let mut strikes = |id: &str| schedule.strikes(&mut progress, Some(&ContactKey::of(id)));
        assert_eq!(
            ["a", "b", "a", "a", "b", "b"].map(&mut strikes),
            [true, true, true, false, true, false]
        );
        assert!(
            !schedule.strikes(&mut progress, None),
            "a request without a contact is nobody's send"
        );
    }
}
