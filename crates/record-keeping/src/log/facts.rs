//! What a decision rests on, as a record keeps it: everything of the attempt, its number as prefix and keyed hash.

use core_compliance::ports::mask_numbers;
use core_compliance::{
    AttemptOutcome, BusinessRelationship, CallAttempt, CalleeKind, CallerKind, Channel, Consent,
    ConsentLevel, Evidence, EvidenceKind, Instant, PastAttempt, PhoneNumber, Place, Purpose,
    RelationshipKind, Suppression,
};
use serde::{Deserialize, Serialize};

use super::private;
use crate::key::PhoneKey;

/// The callee, as far as a record may say who it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Callee {
    /// Their number, if it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<RecordedPhone>,
}

/// A number without its digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedPhone {
    /// Country code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The beginning that says where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// HMAC-SHA256 under the key of the state directory.
    pub hash: String,
}

impl Callee {
    pub(crate) fn of(evidence: &Evidence, key: &PhoneKey) -> Self {
        let text = evidence.phone.as_deref().map(str::trim);
        let phone = text.filter(|text| !text.is_empty()).map(|text| {
            let number: Option<PhoneNumber> = text.parse().ok();
            RecordedPhone {
                country: number.map(|number| number.country_code().to_owned()),
                prefix: number.map(|number| number.locating_prefix().to_owned()),
                hash: key.hash(text),
            }
        });
        Self { phone }
    }
}

/// Everything else of the attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Facts {
    purpose: Purpose,
    channel: Channel,
    evidence: EvidenceFacts,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    consent: Option<ConsentFacts>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    business_relationship: Option<RelationshipFacts>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    callee_kind: Option<CalleeKind>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    caller_kind: Option<CallerKind>,
    /// Absent = not known; empty = none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    attempts: Option<Vec<PastFacts>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    suppression: Option<SuppressionFacts>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct EvidenceFacts {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    region: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    zone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    country: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    postal_code: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    places: Vec<Place>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unreadable: Vec<(EvidenceKind, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct ConsentFacts {
    level: ConsentLevel,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    given_at: Option<Instant>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    revoked_at: Option<Instant>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct RelationshipFacts {
    kind: RelationshipKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_at: Option<Instant>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct PastFacts {
    at: Instant,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    outcome: Option<AttemptOutcome>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    matter: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct SuppressionFacts {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<Instant>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl Facts {
    pub(crate) fn of(attempt: &CallAttempt) -> Self {
        let evidence = &attempt.evidence;
        let past = |past: &PastAttempt| PastFacts {
            at: past.at,
            outcome: past.outcome,
            matter: past.matter.clone(),
        };
        let masked = |text: &Option<String>| text.as_deref().map(mask_numbers);
        let unreadable = |(kind, why): &(EvidenceKind, String)| (*kind, mask_numbers(why));
        Self {
            purpose: attempt.purpose,
            channel: attempt.channel,
            evidence: EvidenceFacts {
                region: masked(&evidence.region),
                zone: masked(&evidence.zone),
                country: masked(&evidence.country),
                postal_code: evidence.postal_code.as_deref().map(private::postal_code),
                places: evidence.places.clone(),
                unreadable: evidence.unreadable.iter().map(unreadable).collect(),
            },
            consent: attempt.consent.map(|consent| ConsentFacts {
                level: consent.level,
                given_at: consent.given_at,
                revoked_at: consent.revoked_at,
            }),
            business_relationship: attempt
                .business_relationship
                .map(|relationship| RelationshipFacts {
                    kind: relationship.kind,
                    last_at: relationship.last_at,
                }),
            callee_kind: attempt.callee_kind,
            caller_kind: attempt.caller_kind,
            attempts: attempt
                .history
                .as_ref()
                .map(|history| history.iter().map(past).collect()),
            suppression: attempt.suppression.as_ref().map(|suppression| SuppressionFacts {
                until: suppression.until,
                reason: masked(&suppression.reason),
            }),
        }
    }

    /// The attempt again, without its number.
    pub(crate) fn into_attempt(self, id: Option<String>, at: Instant) -> CallAttempt {
        let past = |past: PastFacts| PastAttempt {
            at: past.at,
            outcome: past.outcome,
            matter: past.matter,
        };
        CallAttempt {
            id,
            at,
            purpose: self.purpose,
            channel: self.channel,
            evidence: Evidence {
                region: self.evidence.region,
                zone: self.evidence.zone,
                country: self.evidence.country,
                phone: None,
                postal_code: self.evidence.postal_code,
                places: self.evidence.places,
                unreadable: self.evidence.unreadable,
            },
            consent: self.consent.map(|consent| Consent {
                level: consent.level,
                given_at: consent.given_at,
                revoked_at: consent.revoked_at,
            }),
            business_relationship: self
                .business_relationship
                .map(|relationship| BusinessRelationship {
                    kind: relationship.kind,
                    last_at: relationship.last_at,
                }),
            callee_kind: self.callee_kind,
            caller_kind: self.caller_kind,
            history: self
                .attempts
                .map(|attempts| attempts.into_iter().map(past).collect()),
            suppression: self.suppression.map(|suppression| Suppression {
                until: suppression.until,
                reason: suppression.reason,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_comes_back_whole_but_for_its_number() {
        let at: Instant = "2026-06-10T12:30:00Z".parse().unwrap();
        let attempt = CallAttempt {
            id: Some("7".to_owned()),
            purpose: Purpose::Collections,
            channel: Channel::Text,
            consent: Some(Consent {
                level: ConsentLevel::Express,
                given_at: Some(at),
                revoked_at: None,
            }),
            business_relationship: Some(BusinessRelationship {
                kind: RelationshipKind::Inquiry,
                last_at: Some(at),
            }),
            callee_kind: Some(CalleeKind::Consumer),
            caller_kind: Some(CallerKind::Political),
            history: Some(vec![PastAttempt {
                at,
                outcome: Some(AttemptOutcome::Refusal),
                matter: Some("m".to_owned()),
            }]),
            suppression: Some(Suppression {
                until: Some(at),
                reason: Some("asked".to_owned()),
            }),
            ..CallAttempt::new(
                at,
                Evidence {
                    region: Some("US-FL".to_owned()),
                    zone: Some("America/New_York".to_owned()),
                    country: Some("US".to_owned()),
                    phone: Some("+13055550123".to_owned()),
                    postal_code: Some("33101".to_owned()),
                    places: vec![Place {
                        jurisdiction: "US-FL".parse().unwrap(),
                        zone: "America/New_York".to_owned(),
                    }],
                    unreadable: vec![(EvidenceKind::Region, "not a text".to_owned())],
                },
            )
        };
        let text = serde_json::to_string(&Facts::of(&attempt)).unwrap();
        assert!(!text.contains("5550123"), "{text}");
        let read: Facts = serde_json::from_str(&text).unwrap();
        let mut expected = attempt;
        expected.evidence.phone = None;
        assert_eq!(read.into_attempt(Some("7".to_owned()), at), expected);
    }

    #[test]
    fn a_number_is_recorded_without_its_digits() {
        let key = PhoneKey::new([7; 32]);
        let callee = |phone: &str| {
            let evidence = Evidence {
                phone: Some(phone.to_owned()),
                ..Evidence::default()
            };
            Callee::of(&evidence, &key)
        };
        let phone = callee("+13055550123").phone.unwrap();
        assert_eq!(
            (phone.country.as_deref(), phone.prefix.as_deref(), phone.hash),
            (Some("1"), Some("+1305"), key.hash("+13055550123"))
        );
        let odd = callee("call me").phone.unwrap();
        assert_eq!((odd.country, odd.prefix), (None, None));
        assert_eq!(callee("  ").phone, None);
    }
}
