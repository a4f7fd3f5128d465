//! Several places together, put together from the answers about each: permitted where every one of them permits.

use core_compliance::ports::ListLayout;
use core_compliance::{CallAttempt, Evidence, Instant};

use super::answer::{Answer, AnswerId};
use super::memory::{LOOK_AHEAD, Memory, Subject};

/// So many openings are tried before the gate is asked when several places open together.
const MOST_TRIED: usize = 30;

impl<L: ListLayout> Memory<'_, L> {
    /// The answer about several places, and from and until which second it stands. The first place that prohibits, or the one
    /// whose permission ends first, gives the reason and is shown.
    pub(super) fn together(&mut self, members: &[usize], at: Instant) -> Option<(AnswerId, i64, i64)> {
        let (mut from, mut until) = (i64::MIN, i64::MAX);
        let (mut permitting, mut prohibiting) = (None::<Answer>, None::<Answer>);
        let mut never_opens = false;
        for member in members {
            let (answer, starts, ends) = self.span(*member, at)?;
            (from, until) = (from.max(starts), until.min(ends));
            if !answer.is_permitted {
                never_opens |= answer.next_opening.is_none();
                prohibiting.get_or_insert(*answer);
            } else if permitting
                .as_ref()
                .is_none_or(|known| closes_before(answer.permitted_until, known.permitted_until))
            {
                permitting = Some(*answer);
            }
        }
        let Some(answer) = prohibiting else {
            return Some((self.answers.kept(permitting?), from, until));
        };
        let opening = match never_opens {
            true => None,
            false => self.common_opening(members, at),
        };
        match opening {
            // It comes into sight so many days before.
            Some(opening) => from = from.max(opening.unix() - LOOK_AHEAD),
            None if never_opens => {}
            // When it comes into sight is not known.
            None => (from, until) = (at.unix(), at.unix() + 1),
        }
        let answer = Answer {
            next_opening: opening,
            ..answer
        };
        Some((self.answers.kept(answer), from, until))
    }

    /// The first instant after this one at which all of them permit: each in turn puts it off to its own opening.
    fn common_opening(&mut self, members: &[usize], at: Instant) -> Option<Instant> {
        let mut candidate = at;
        for _ in 0..MOST_TRIED {
            let mut is_common = true;
            for member in members {
                let answer = self.answer(*member, candidate)?;
                if !answer.is_permitted {
                    candidate = answer.next_opening?;
                    is_common = false;
                }
            }
            if candidate.unix() > at.unix() + LOOK_AHEAD {
                return None;
            }
            if is_common {
                return Some(candidate);
            }
        }
        let attempt = self.attempt(members, at)?;
        self.answers.gate.schedule(&attempt).decide(at).next_opening
    }

    /// The answer about several places, from the gate.
    pub(super) fn asked_of_the_gate(&mut self, members: &[usize], at: Instant) -> Option<AnswerId> {
        let attempt = self.attempt(members, at)?;
        let determination = self.answers.gate.determine(&attempt);
        Some(self.answers.of(&determination))
    }

    /// An attempt to call somebody in all of these places.
    fn attempt(&self, members: &[usize], at: Instant) -> Option<CallAttempt> {
        let attempts = members.iter().map(|member| match self.of(*member) {
            Some(Subject::Alone(attempt)) => Some(attempt.as_ref()),
            _ => None,
        });
        let attempts: Vec<&CallAttempt> = attempts.collect::<Option<_>>()?;
        let places = attempts
            .iter()
            .flat_map(|attempt| attempt.evidence.places.clone());
        let evidence = Evidence {
            places: places.collect(),
            ..Evidence::default()
        };
        Some(CallAttempt {
            at,
            evidence,
            ..(*attempts.first()?).clone()
        })
    }
}

/// Whether a permission ends before another; one without an end in sight ends last.
fn closes_before(one: Option<Instant>, other: Option<Instant>) -> bool {
    one.is_some_and(|one| other.is_none_or(|other| one < other))
}
