//! Answers about the same places, in order of time.

use core_compliance::Instant;

use super::answer::AnswerId;

/// Which answer stands when. Planned times are anywhere in the days of a campaign, so that a search by halves would guess
/// wrong at every step; but answers change about as often on one day as on another, so that a guess by proportion is
/// right or next to it.
#[derive(Debug, Default)]
pub(super) struct Timeline {
    /// First second of each stretch after the origin, and what stands in it; the last one has no end, and no answer.
    stretches: Vec<(u32, AnswerId)>,
    /// The first of the seconds that there are.
    origin: i64,
    /// Stretches a second, in 2^-32.
    pace: u64,
}

/// Where nothing is known.
const NOTHING: AnswerId = AnswerId::MAX;

impl Timeline {
    /// The answer for an instant, if it is known.
    #[inline]
    pub(super) fn at(&self, at: Instant) -> Option<AnswerId> {
        let (_, answer) = self.stretches.get(self.index(at)?)?;
        (*answer != NOTHING).then_some(*answer)
    }

    /// The same with its first second, and the first after it.
    pub(super) fn span(&self, at: Instant) -> Option<(AnswerId, i64, i64)> {
        let index = self.index(at)?;
        let (from, answer) = self.stretches.get(index)?;
        let (until, _) = self.stretches.get(index + 1)?;
        let second = |since: u32| self.origin + i64::from(since);
        (*answer != NOTHING).then_some((*answer, second(*from), second(*until)))
    }

    /// The last stretch that begins at or before an instant.
    #[inline]
    fn index(&self, at: Instant) -> Option<usize> {
        let second = u32::try_from(at.unix() - self.origin).ok()?;
        let first = self.stretches.first()?.0;
        let guess = u64::from(second.checked_sub(first)?).saturating_mul(self.pace) >> 32;
        let last = self.stretches.len() - 1;
        let mut index = usize::try_from(guess).unwrap_or(last).min(last);
        let begins = |index: usize| {
            self.stretches
                .get(index)
                .map_or(u64::MAX, |stretch| u64::from(stretch.0))
        };
        let second = u64::from(second);
        // One step either way is nearly always enough, and is taken without a choice. The first one begins before.
        index -= usize::from(begins(index) > second);
        index += usize::from(begins(index + 1) <= second);
        while begins(index) > second {
            index -= 1;
        }
        while begins(index + 1) <= second {
            index += 1;
        }
        Some(index)
    }

    /// Keeps the answer for an instant, which stands from one second until another, in place of what was kept between them.
    /// Of instants that are more than 68 years from the first one nothing is kept.
    pub(super) fn keep(&mut self, at: Instant, from: i64, until: i64, answer: AnswerId) {
        if self.stretches.is_empty() {
            self.origin = at.unix() - i64::from(u32::MAX / 2);
        }
        let since = |second: i64| {
            let since = second.saturating_sub(self.origin).clamp(0, i64::from(u32::MAX));
            u32::try_from(since).unwrap_or(u32::MAX)
        };
        let (from, until) = (since(from), since(until));
        if from >= until {
            return;
        }
        let start = self.stretches.partition_point(|stretch| stretch.0 < from);
        let end = self.stretches.partition_point(|stretch| stretch.0 <= until);
        let before = |index: usize| {
            let stretch = index.checked_sub(1).and_then(|index| self.stretches.get(index));
            stretch.map_or(NOTHING, |stretch| stretch.1)
        };
        let (earlier, later) = (before(start), before(end));
        // What goes on needs no beginning of its own.
        let begins = (earlier != answer).then_some((from, answer));
        let ends = (later != answer).then_some((until, later));
        self.stretches.splice(start..end, begins.into_iter().chain(ends));
        let first = self.stretches.first().map_or(0, |stretch| stretch.0);
        let last = self.stretches.last().map_or(0, |stretch| stretch.0);
        let stretches = self.stretches.len() as u64;
        self.pace = (stretches.saturating_sub(1) << 32)
            .checked_div(u64::from(last.saturating_sub(first)))
            .unwrap_or(0);
    }

    /// How much is kept.
    pub(super) fn len(&self) -> usize {
        self.stretches.len()
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_last_is_found() {
        let mut state = 7_u64;
        let mut draw = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) % below
        };
        for round in 0..200 {
            let mut timeline = Timeline::default();
            let mut known = vec![None; 200];
            for _ in 0..round % 20 {
                let from = draw(199);
                let until = from + 1 + draw(199 - from);
                let answer = AnswerId::try_from(draw(3)).unwrap();
                let at = Instant::from_unix(from as i64).unwrap();
                timeline.keep(at, from as i64, until as i64, answer);
                known[from as usize..until as usize].fill(Some(answer));
                for (second, answer) in known.iter().enumerate() {
                    let at = Instant::from_unix(second as i64).unwrap();
                    assert_eq!(timeline.at(at), *answer, "at {second}");
                    let span = timeline.span(at);
                    assert_eq!(span.map(|span| span.0), *answer);
                    for at in span.map_or(0..0, |(_, from, until)| from..until) {
                        assert_eq!(known[at as usize], *answer);
                    }
                }
                assert!(timeline.stretches.windows(2).all(|two| two[0].0 < two[1].0));
            }
        }
    }

    #[test]
    fn what_is_far_away_is_not_kept_wrongly() {
        let mut timeline = Timeline::default();
        timeline.keep(Instant::LATEST, i64::MIN, i64::MAX, 1);
        assert_eq!(timeline.at(Instant::LATEST), Some(1));
        assert_eq!(timeline.at(Instant::EARLIEST), None);
        let mut short = Timeline::default();
        let at = |second: i64| Instant::from_unix(second).unwrap();
        short.keep(at(1 << 31), 1 << 31, (1 << 31) + 1, 3);
        assert_eq!(short.at(at(1 << 31)), Some(3));
        assert_eq!((short.at(at(0)), short.at(at((1 << 32) - 2))), (None, None));
        timeline.keep(Instant::EARLIEST, i64::MIN, Instant::EARLIEST.unix() + 1, 2);
        assert_eq!(timeline.at(Instant::EARLIEST), None);
        assert_eq!(timeline.at(Instant::LATEST), Some(1));
    }
}
