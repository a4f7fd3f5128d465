//! Judging calls that were placed, as `curfew attempts audit` does.

use std::collections::{BTreeSet, HashMap};

use core_compliance::ports::{
    AdmissionRecords, AttemptLedger, PlacedCall, PortFailure, RecordedAdmission, SuppressionList, each_once,
};
use core_compliance::{CallAttempt, Determination, Gate, PastAttempt};

use crate::check::suppress;

/// What placed calls are held against.
#[derive(Debug)]
pub struct Audit<'a, A, S, R> {
    /// The law.
    pub gate: &'a Gate,
    /// Attempts that the report does not have.
    pub ledger: &'a A,
    /// Who must not be called.
    pub suppression: &'a S,
    /// What let the callees into the campaign.
    pub admissions: &'a R,
}

/// A placed call, judged.
#[derive(Debug)]
pub struct AuditedCall {
    /// The decision at the instant of the call, on what is known now.
    pub determination: Determination,
    /// By what the callee came into the campaign, if that is recorded.
    pub admission: Option<RecordedAdmission>,
    /// Seconds by which the call came after the end of that permission.
    pub late: Option<i64>,
}

impl<A: AttemptLedger, S: SuppressionList, R: AdmissionRecords> Audit<'_, A, S, R> {
    /// Judges each call at its own instant: by its own evidence, and by the callee's calls before it, those among `calls`
    /// and those in the ledger. `each` gets the answers in the order of `calls`.
    ///
    /// # Errors
    /// A ledger that cannot be read; and whatever `each` answers.
    pub async fn run<E: From<PortFailure>>(
        &self,
        calls: &[PlacedCall],
        mut each: impl FnMut(usize, AuditedCall) -> Result<(), E>,
    ) -> Result<(), E> {
        let known = KnownCalls::of(calls);
        let settings = self.gate.settings();
        for (index, call) in calls.iter().enumerate() {
            let callee = call.callee();
            let mut history = self.ledger.attempts(callee, call.at).await?.unwrap_or_default();
            history.extend(known.before(call));
            let mut attempt = CallAttempt {
                id: call.external_id.clone(),
                purpose: call.purpose.unwrap_or(settings.purpose),
                channel: settings.channel,
                history: Some(each_once(history)),
                ..CallAttempt::new(call.at, call.evidence.clone())
            };
            suppress(self.suppression, &mut attempt);
            let admission = self.admissions.admission(callee, call.at);
            let until = admission.as_ref().and_then(|admission| admission.permitted_until);
            let late = until.map(|until| call.at.unix() - until.unix());
            let audited = AuditedCall {
                determination: self.gate.determine(&attempt),
                admission,
                late: late.filter(|seconds| *seconds >= 0),
            };
            each(index, audited)?;
        }
        Ok(())
    }
}

/// The calls of the report, by callee.
struct KnownCalls<'c> {
    calls: &'c [PlacedCall],
    by_external_id: HashMap<&'c str, Vec<usize>>,
    by_phone: HashMap<&'c str, Vec<usize>>,
}

impl<'c> KnownCalls<'c> {
    fn of(calls: &'c [PlacedCall]) -> Self {
        let mut known = Self {
            calls,
            by_external_id: HashMap::new(),
            by_phone: HashMap::new(),
        };
        for (index, call) in calls.iter().enumerate() {
            let callee = call.callee();
            if let Some(id) = callee.external_id {
                known.by_external_id.entry(id).or_default().push(index);
            }
            if let Some(phone) = callee.phone {
                known.by_phone.entry(phone).or_default().push(index);
            }
        }
        known
    }

    /// The callee's calls before this one.
    fn before(&self, call: &PlacedCall) -> impl Iterator<Item = PastAttempt> {
        let callee = call.callee();
        let by_id = callee.external_id.and_then(|id| self.by_external_id.get(id));
        let by_phone = callee.phone.and_then(|phone| self.by_phone.get(phone));
        let indexes: BTreeSet<usize> = by_id.into_iter().chain(by_phone).flatten().copied().collect();
        let at = call.at;
        indexes
            .into_iter()
            .filter_map(|index| self.calls.get(index))
            .filter(move |earlier| earlier.at < at)
            .map(|earlier| PastAttempt {
                at: earlier.at,
                outcome: earlier.outcome,
                matter: earlier.matter.clone(),
            })
    }
}
