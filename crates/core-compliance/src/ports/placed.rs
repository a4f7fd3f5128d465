//! Calls that were placed: what a dialler reports, what a ledger takes in, and what admitted them.

use core::future::Future;

use super::{CalleeKey, PortFailure};
use crate::{AttemptOutcome, Evidence, Instant, PastAttempt, Purpose};

/// A call that was placed. It has an external id or a number, or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedCall {
    /// When.
    pub at: Instant,
    /// The contact's external id.
    pub external_id: Option<String>,
    /// How it ended, if known.
    pub outcome: Option<AttemptOutcome>,
    /// What it was about; `None` counts towards every matter.
    pub matter: Option<String>,
    /// Why it was made, where the report says so.
    pub purpose: Option<Purpose>,
    /// The number, and what else is known of where the callee was.
    pub evidence: Evidence,
}

impl PlacedCall {
    /// By what the callee's other attempts are found.
    #[must_use]
    pub fn callee(&self) -> CalleeKey<'_> {
        CalleeKey {
            external_id: self.external_id.as_deref(),
            phone: self.evidence.phone.as_deref(),
        }
    }
}

/// A call with where it was reported.
#[derive(Clone, Copy, Debug)]
pub struct ReportedCall<'c> {
    /// The call.
    pub call: &'c PlacedCall,
    /// Name of the report.
    pub source: &'c str,
    /// Line in it, from 1.
    pub line: u64,
}

/// What came of entering a call into a ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entered {
    /// It is new.
    Added,
    /// It was there, and something that was not known of it was filled in.
    Completed,
    /// It was there already.
    Known,
    /// It was there with another outcome, which is kept.
    OtherOutcome(AttemptOutcome),
}

/// Takes placed calls into a ledger.
pub trait AttemptRecorder: Send + Sync {
    /// Enters these calls, all or none; tells of each what came of it, in order. Calls that agree in instant and matter,
    /// and in number or external id without contradiction, are one.
    ///
    /// # Errors
    /// A ledger that cannot be read or written.
    fn enter(
        &self,
        calls: &[ReportedCall<'_>],
        now: Instant,
    ) -> impl Future<Output = Result<Vec<Entered>, PortFailure>> + Send;
}

/// The determination by which a contact came into the campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedAdmission {
    /// The run that made it.
    pub run: String,
    /// Its place in the decision log.
    pub seq: u64,
    /// The instant that was decided about.
    pub at: Instant,
    /// When the permission ended, where an end was in sight.
    pub permitted_until: Option<Instant>,
}

/// Finds what admitted a callee.
pub trait AdmissionRecords {
    /// The last determination before `at` that let the callee into the campaign.
    fn admission(&self, callee: CalleeKey<'_>, at: Instant) -> Option<RecordedAdmission>;
}

/// No log: nothing is known.
impl AdmissionRecords for () {
    fn admission(&self, _callee: CalleeKey<'_>, _at: Instant) -> Option<RecordedAdmission> {
        None
    }
}

/// A callee's attempts in order, each once: two that agree in instant and matter are one, unless both say how they ended
/// and do not agree.
#[must_use]
pub fn each_once(mut attempts: Vec<PastAttempt>) -> Vec<PastAttempt> {
    // Of two the one that says how it ended comes first, and stays.
    attempts.sort_by(|one, other| {
        let key = |attempt: &PastAttempt| (attempt.at, attempt.matter.clone());
        key(one).cmp(&key(other)).then(other.outcome.cmp(&one.outcome))
    });
    attempts.dedup_by(|next, kept| {
        let is_same = (next.at, &next.matter) == (kept.at, &kept.matter);
        is_same && (next.outcome.is_none() || next.outcome == kept.outcome)
    });
    attempts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_told_twice_is_one() {
        let past = |second: i64, outcome, matter: Option<&str>| PastAttempt {
            at: Instant::from_unix_clamped(second),
            outcome,
            matter: matter.map(str::to_owned),
        };
        let refusal = Some(AttemptOutcome::Refusal);
        let voicemail = Some(AttemptOutcome::Voicemail);
        let told = vec![
            past(2, None, None),
            past(1, None, Some("a")),
            past(2, refusal, None),
            past(1, None, None),
            past(2, None, None),
            past(3, refusal, None),
            past(3, voicemail, None),
        ];
        let mut once = each_once(told);
        let last = once.split_off(3);
        assert_eq!(
            once,
            [
                past(1, None, None),
                past(1, None, Some("a")),
                past(2, refusal, None)
            ]
        );
        assert_eq!(last.len(), 2, "both are kept that do not agree");
    }
}
