//! From a contact record to a decision: validate, locate, ask ledger and do-not-call list, decide, annotate.

use core_compliance::ports::{
    AttemptLedger, CalleeKey, Clock, ContactRecord, Decided, Outcome, SuppressionList,
};
use core_compliance::{CallAttempt, Determination, FindingCode, Gate, Instant, has_e164_shape};

use super::annotate::annotate;
use super::options::{PlannedTime, SyncOptions};

/// The reason of contacts whose earlier attempts cannot be counted.
pub const LEDGER_UNREADABLE: &str = "ledger-unreadable";

/// A question with its answer.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) attempt: CallAttempt,
    pub(super) determination: Determination,
}

impl Judged {
    /// The decision as it is recorded.
    pub(super) fn decided<'j>(&'j self, contact: &'j str) -> Decided<'j> {
        Decided {
            contact,
            attempt: &self.attempt,
            determination: &self.determination,
        }
    }

    /// The finding that explains the decision best: code and words.
    pub(super) fn reason(&self) -> (FindingCode, &str) {
        self.determination
            .reason()
            .map_or((FindingCode::EvaluatorsDisagree, ""), |finding| {
                (finding.code, finding.message.as_str())
            })
    }

    /// The outcome of a contact that is held back.
    pub(super) fn held(&self) -> Outcome {
        match self.reason().0 {
            FindingCode::Suppressed => Outcome::Suppressed,
            _ => Outcome::Prohibited,
        }
    }

    /// The clock by which the times of the determination are best shown.
    pub(super) fn zone(&self) -> Option<String> {
        self.determination.places.first().map(|place| place.zone.clone())
    }
}

/// What is to be done with a contact.
#[derive(Debug)]
pub(super) enum Admission {
    /// To be sent, annotated, before its permission ends.
    Admitted { record: ContactRecord, judged: Judged },
    /// Held back.
    Held(Judged),
    /// Held back without a decision: what it would rest on cannot be read.
    Undecidable { code: &'static str, message: String },
    /// Not usable.
    Rejected { code: &'static str, message: String },
}

/// Decides about contacts.
pub(super) struct Admissions<'a, C, A> {
    pub(super) gate: &'a Gate,
    pub(super) clock: &'a C,
    pub(super) ledger: &'a A,
    pub(super) suppression: &'a dyn SuppressionList,
    pub(super) options: &'a SyncOptions,
}

impl<C: Clock, A: AttemptLedger> Admissions<'_, C, A> {
    /// The decision about a contact as things stand at this moment.
    pub(super) async fn decide(&self, record: &ContactRecord) -> Admission {
        let phone = match usable(record) {
            Ok(phone) => phone,
            Err((code, message)) => {
                return Admission::Rejected {
                    code,
                    message: message.to_owned(),
                };
            }
        };
        let now = self.clock.now();
        let planned = match self.planned(record) {
            Ok(planned) => planned.filter(|planned| *planned > now).unwrap_or(now),
            Err(message) => {
                return Admission::Rejected {
                    code: "planned-time-unreadable",
                    message,
                };
            }
        };
        let key = CalleeKey {
            external_id: record.external_id(),
            phone: Some(phone),
        };
        let history = match self.ledger.attempts(key, planned).await {
            Ok(history) => history,
            Err(failure) => {
                return Admission::Undecidable {
                    code: LEDGER_UNREADABLE,
                    message: format!("earlier attempts cannot be counted: {failure}"),
                };
            }
        };
        let settings = self.gate.settings();
        let attempt = CallAttempt {
            id: record.external_id().map(str::to_owned),
            purpose: settings.purpose,
            channel: settings.channel,
            history,
            suppression: self.suppression.suppression(phone, planned),
            ..CallAttempt::new(planned, self.options.fields.evidence_in(record))
        };
        let judged = self.judge(attempt);
        if judged.determination.is_permitted() {
            return admitted(record, judged, now);
        }
        let latest = planned.plus_seconds(i64::from(self.options.opens_within));
        match judged
            .determination
            .next_opening
            .filter(|opening| *opening <= latest)
        {
            Some(opening) => {
                let later = CallAttempt {
                    at: opening,
                    suppression: self.suppression.suppression(phone, opening),
                    ..judged.attempt
                };
                admitted(record, self.judge(later), now)
            }
            None => Admission::Held(judged),
        }
    }

    fn judge(&self, attempt: CallAttempt) -> Judged {
        let determination = self.gate.determine(&attempt);
        Judged {
            attempt,
            determination,
        }
    }

    /// The planned instant; `None` = the moment of sending.
    fn planned(&self, record: &ContactRecord) -> Result<Option<Instant>, String> {
        let path = match &self.options.planned {
            PlannedTime::OnSending => return Ok(None),
            PlannedTime::At(at) => return Ok(Some(*at)),
            PlannedTime::Field(path) => path,
        };
        let text = record
            .at_path(path)
            .ok_or_else(|| format!("`{path}` is missing; it holds the planned time"))?;
        let text = text
            .as_str()
            .ok_or_else(|| format!("`{path}` must be a text with an RFC 3339 time"))?;
        let read = if self.options.assume_utc {
            Instant::parse_assuming_utc(text)
        } else {
            text.parse()
        };
        read.map(Some).map_err(|error| format!("`{path}`: {error}"))
    }
}

/// The phone number of a contact that can be worked on, or why it cannot.
fn usable(record: &ContactRecord) -> Result<&str, (&'static str, &'static str)> {
    if record.external_id().is_none() {
        return Err((
            "external-id-missing",
            "`externalId` is missing, blank or not a text",
        ));
    }
    let phone = record
        .text("phone")
        .map(str::trim)
        .filter(|phone| !phone.is_empty())
        .ok_or(("phone-missing", "`phone` is missing, blank or not a text"))?;
    if !has_e164_shape(phone) {
        return Err((
            "phone-not-e164",
            "`phone` is not E.164; write `+`, country code and number without spaces, at most 15 digits",
        ));
    }
    Ok(phone)
}

fn admitted(record: &ContactRecord, judged: Judged, now: Instant) -> Admission {
    if !judged.determination.is_permitted() {
        return Admission::Held(judged);
    }
    let mut record = record.clone();
    match annotate(&mut record, &judged.determination, now) {
        Ok(()) => Admission::Admitted { record, judged },
        Err(message) => Admission::Rejected {
            code: "attributes-not-an-object",
            message,
        },
    }
}
