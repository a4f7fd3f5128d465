//! From a contact record to a decision: validate, locate, decide, annotate.

use core_compliance::ports::{Clock, ContactRecord};
use core_compliance::{CallAttempt, Determination, FindingCode, Gate, Instant, has_e164_shape};

use super::annotate::annotate;
use super::options::{PlannedTime, SyncOptions};

/// What is to become of a contact.
#[derive(Debug)]
pub(super) enum Admission {
    /// To be sent before the deadline.
    Admitted {
        record: ContactRecord,
        deadline: Option<Instant>,
        message: String,
        zone: Option<String>,
    },
    /// Held back; tells when calling opens.
    Prohibited {
        code: FindingCode,
        message: String,
        opening: Option<Instant>,
        zone: Option<String>,
    },
    /// Not usable.
    Rejected { code: &'static str, message: String },
}

/// Decides about contacts.
pub(super) struct Admissions<'a, C> {
    pub(super) gate: &'a Gate,
    pub(super) clock: &'a C,
    pub(super) options: &'a SyncOptions,
}

impl<C: Clock> Admissions<'_, C> {
    /// The decision about a contact as things stand at this moment.
    pub(super) fn decide(&self, record: &ContactRecord) -> Admission {
        let rejected = |code, message: &str| Admission::Rejected {
            code,
            message: message.to_owned(),
        };
        if record.external_id().is_none() {
            return rejected(
                "external-id-missing",
                "`externalId` is missing, blank or not a text",
            );
        }
        let Some(phone) = record
            .text("phone")
            .map(str::trim)
            .filter(|phone| !phone.is_empty())
        else {
            return rejected("phone-missing", "`phone` is missing, blank or not a text");
        };
        if !has_e164_shape(phone) {
            return rejected(
                "phone-not-e164",
                "`phone` is not E.164; write `+`, country code and number without spaces, at most 15 digits",
            );
        }
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
        let settings = self.gate.settings();
        let attempt = CallAttempt {
            id: record.external_id().map(str::to_owned),
            purpose: settings.purpose,
            channel: settings.channel,
            ..CallAttempt::new(planned, self.options.fields.evidence_in(record))
        };
        let determination = self.gate.determine(&attempt);
        if determination.is_permitted() {
            return admitted(record, &determination, now);
        }
        let latest = planned.plus_seconds(i64::from(self.options.opens_within));
        match determination.next_opening.filter(|opening| *opening <= latest) {
            Some(opening) => admitted(
                record,
                &self.gate.determine(&CallAttempt {
                    at: opening,
                    ..attempt
                }),
                now,
            ),
            None => prohibited(&determination),
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

fn admitted(record: &ContactRecord, determination: &Determination, now: Instant) -> Admission {
    if !determination.is_permitted() {
        return prohibited(determination);
    }
    let mut record = record.clone();
    match annotate(&mut record, determination, now) {
        Ok(()) => Admission::Admitted {
            record,
            deadline: determination.permitted_until,
            message: determination
                .reason()
                .map(|finding| finding.message.clone())
                .unwrap_or_default(),
            zone: zone(determination),
        },
        Err(message) => Admission::Rejected {
            code: "attributes-not-an-object",
            message,
        },
    }
}

fn prohibited(determination: &Determination) -> Admission {
    let (code, message) = determination
        .reason()
        .map_or((FindingCode::EvaluatorsDisagree, String::new()), |finding| {
            (finding.code, finding.message.clone())
        });
    Admission::Prohibited {
        code,
        message,
        opening: determination.next_opening,
        zone: zone(determination),
    }
}

/// The clock by which the times of a determination are best shown.
fn zone(determination: &Determination) -> Option<String> {
    determination.places.first().map(|place| place.zone.clone())
}
