//! Answers about the same places, in order of time.

use core_compliance::Instant;

use super::answers::AnswerId;

/// Which answer stands when. Planned times are anywhere in the days of a campaign, so that a search by halves would guess
/// wrong at every step; but answers change about as often on one day as on another, so that a guess by proportion is
/// right or next to it.
#[derive(Debug, Default)]
pub(super) struct Timeline {
    /// First second of each stretch, and what stands in it; the last one has no end, and no answer.
    stretches: Vec<(i64, Option<AnswerId>)>,
    /// First second of the first.
    first: i64,
    /// Stretches a second, in 2^-32.
    pace: u64,
}

impl Timeline {
    /// The answer for an instant, if it is known.
    pub(super) fn at(&self, at: Instant) -> Option<AnswerId> {
        self.stretches.get(self.index(at.unix())?)?.1
    }

    /// The same with its first second, and the first after it.
    pub(super) fn span(&self, at: Instant) -> Option<(AnswerId, i64, i64)> {
        let index = self.index(at.unix())?;
        let (from, answer) = self.stretches.get(index)?;
        let (until, _) = self.stretches.get(index + 1)?;
        Some(((*answer)?, *from, *until))
    }

    /// The last stretch that begins at or before this second.
    fn index(&self, second: i64) -> Option<usize> {
        let ahead = u64::try_from(second.checked_sub(self.first)?).ok()?;
        let guess = (u128::from(ahead) * u128::from(self.pace)) >> 32;
        let last = self.stretches.len().checked_sub(1)?;
        let mut index = usize::try_from(guess).unwrap_or(last).min(last);
        let begins = |index: usize| self.stretches.get(index).map_or(i64::MAX, |stretch| stretch.0);
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

    /// Keeps an answer that stands from one second until another, in place of what was kept between them.
    pub(super) fn keep(&mut self, from: i64, until: i64, answer: AnswerId) {
        let start = self.stretches.partition_point(|stretch| stretch.0 < from);
        let end = self.stretches.partition_point(|stretch| stretch.0 <= until);
        let before = |index: usize| {
            let stretch = index.checked_sub(1).and_then(|index| self.stretches.get(index));
            stretch.and_then(|stretch| stretch.1)
        };
        let (earlier, later) = (before(start), before(end));
        // What goes on needs no beginning of its own.
        let begins = (earlier != Some(answer)).then_some((from, Some(answer)));
        let ends = (later != Some(answer)).then_some((until, later));
        self.stretches.splice(start..end, begins.into_iter().chain(ends));
        self.first = self.stretches.first().map_or(0, |stretch| stretch.0);
        let last = self.stretches.last().map_or(0, |stretch| stretch.0);
        let length = u64::try_from(last.saturating_sub(self.first)).unwrap_or(0);
        let stretches = self.stretches.len() as u64;
        self.pace = (stretches.saturating_sub(1) << 32)
            .checked_div(length)
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
                timeline.keep(from as i64, until as i64, answer);
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
}
