//! Numbers on a do-not-call list: many rows' are, so they are answered from what is kept about their places.

use core_compliance::ports::ListLayout;
use core_compliance::{CallAttempt, Decision, FindingCode, Instant, Suppression};

use super::answer::{Answer, AnswerId};
use super::books::Reason;
use super::memory::{LOOK_AHEAD, Memory, Subject};

impl<L: ListLayout> Memory<'_, L> {
    /// The answer about a callee in these places whose number's entry holds at this instant; `None` where the whole attempt
    /// is to be determined.
    pub(super) fn suppressed(
        &mut self,
        subject: usize,
        at: Instant,
        entry: &Suppression,
    ) -> Option<AnswerId> {
        let first = match self.of(subject)? {
            Subject::Alone(_) => subject,
            Subject::Several(members) => *members.first()?,
        };
        let jurisdiction = match self.of(first)? {
            Subject::Alone(attempt) => first_place(attempt)?,
            Subject::Several(_) => return None,
        };
        let shown = *self.answer(first, at)?;
        let next_opening = match entry.until {
            None => None,
            Some(until) => {
                let then = self.answer(subject, until)?;
                let opening = if then.is_permitted {
                    Some(until)
                } else {
                    then.next_opening
                };
                opening.filter(|opening| opening.unix() <= at.unix() + LOOK_AHEAD)
            }
        };
        let reason = Reason {
            decision: Decision::Prohibit,
            code: FindingCode::Suppressed,
            jurisdiction,
        };
        let answer = Answer {
            is_permitted: false,
            permitted_until: None,
            next_opening,
            reason: self.answers.reason(reason),
            ..shown
        };
        Some(self.answers.kept(answer))
    }
}

/// The place of an attempt that is given outright.
fn first_place(attempt: &CallAttempt) -> Option<String> {
    Some(attempt.evidence.places.first()?.jurisdiction.to_string())
}
