//! The JSON of one attempt, as `curfew check --input` takes it.

use serde::Deserialize;

use super::{
    AttemptOutcome, BusinessRelationship, CallAttempt, CalleeKind, CallerKind, Channel, Consent,
    ConsentLevel, Evidence, PastAttempt, Purpose, RelationshipKind,
};
use crate::place::Place;
use crate::{Instant, InstantError};

/// One attempt as read; all but `at` may be absent, unknown keys are errors.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttemptInput {
    /// The caller's own name for it.
    #[serde(default)]
    pub id: Option<String>,
    /// RFC 3339.
    #[serde(default)]
    pub at: Option<String>,
    /// Defaults to the settings' purpose.
    #[serde(default)]
    pub purpose: Option<Purpose>,
    /// Defaults to the settings' channel.
    #[serde(default)]
    pub channel: Option<Channel>,
    #[serde(default)]
    region: Option<String>,
    #[serde(default)]
    zone: Option<String>,
    #[serde(default)]
    country: Option<String>,
    #[serde(default)]
    phone: Option<String>,
    #[serde(default)]
    postal_code: Option<String>,
    #[serde(default)]
    places: Vec<Place>,
    #[serde(default)]
    consent: Option<ConsentInput>,
    #[serde(default)]
    business_relationship: Option<RelationshipInput>,
    #[serde(default)]
    callee_kind: Option<CalleeKind>,
    #[serde(default)]
    caller_kind: Option<CallerKind>,
    #[serde(default)]
    attempts: Option<Vec<PastAttemptInput>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "consent must be `express`, `express-written` or an object with `level`"
)]
enum ConsentInput {
    Level(ConsentLevel),
    Dated(DatedConsent),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DatedConsent {
    level: ConsentLevel,
    #[serde(default)]
    given_at: Option<String>,
    #[serde(default)]
    revoked_at: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "business_relationship must be `inquiry`, `transaction`, `contract-in-progress` or an object with `kind`"
)]
enum RelationshipInput {
    Kind(RelationshipKind),
    Dated(DatedRelationship),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DatedRelationship {
    kind: RelationshipKind,
    #[serde(default)]
    last_at: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "an attempt must be an RFC 3339 time or an object with `at`"
)]
enum PastAttemptInput {
    At(String),
    Told(ToldAttempt),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ToldAttempt {
    at: String,
    #[serde(default)]
    outcome: Option<AttemptOutcome>,
    #[serde(default)]
    matter: Option<String>,
}

/// Why an attempt that is well-formed JSON cannot be judged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// No instant to judge.
    #[error("`at` is missing; write the planned time as `2026-06-10T15:00:00Z`")]
    NoInstant,
    /// A time that is not one.
    #[error("`{field}`: {error}")]
    Time {
        /// Which key.
        field: &'static str,
        /// What is wrong with it.
        error: InstantError,
    },
    /// A past attempt in the future of the planned one.
    #[error("`attempts`: {attempt} is later than the planned time {at}; only attempts already made count")]
    AttemptInFuture {
        /// The past attempt.
        attempt: Instant,
        /// The planned time.
        at: Instant,
    },
}

impl InputError {
    /// Permanent code of the error, as in `error.code` of a determination line.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoInstant => "time-missing",
            Self::Time { .. } => "time-unreadable",
            Self::AttemptInFuture { .. } => "attempt-in-future",
        }
    }
}

impl AttemptInput {
    /// The attempt, with `purpose` and `channel` for what the input leaves open. A time without an offset is an error
    /// unless `assume_utc`.
    ///
    /// # Errors
    /// [`InputError`]: a time that is missing or unreadable, or an attempt in the future.
    pub fn into_attempt(
        self,
        purpose: Purpose,
        channel: Channel,
        assume_utc: bool,
    ) -> Result<CallAttempt, InputError> {
        let read = |field: &'static str, text: &str| {
            let parsed = if assume_utc {
                Instant::parse_assuming_utc(text)
            } else {
                text.parse()
            };
            parsed.map_err(|error| InputError::Time { field, error })
        };
        let read_optional =
            |field: &'static str, text: Option<String>| text.map(|text| read(field, &text)).transpose();
        let at = read("at", &self.at.ok_or(InputError::NoInstant)?)?;
        let consent = match self.consent {
            None => None,
            Some(ConsentInput::Level(level)) => Some(Consent {
                level,
                given_at: None,
                revoked_at: None,
            }),
            Some(ConsentInput::Dated(dated)) => Some(Consent {
                level: dated.level,
                given_at: read_optional("consent.given_at", dated.given_at)?,
                revoked_at: read_optional("consent.revoked_at", dated.revoked_at)?,
            }),
        };
        let business_relationship = match self.business_relationship {
            None => None,
            Some(RelationshipInput::Kind(kind)) => Some(BusinessRelationship { kind, last_at: None }),
            Some(RelationshipInput::Dated(dated)) => Some(BusinessRelationship {
                kind: dated.kind,
                last_at: read_optional("business_relationship.last_at", dated.last_at)?,
            }),
        };
        let history = match self.attempts {
            None => None,
            Some(attempts) => Some(
                attempts
                    .into_iter()
                    .map(|attempt| {
                        let (past, outcome, matter) = match attempt {
                            PastAttemptInput::At(past) => (past, None, None),
                            PastAttemptInput::Told(told) => (told.at, told.outcome, told.matter),
                        };
                        let past = read("attempts", &past)?;
                        if past > at {
                            return Err(InputError::AttemptInFuture { attempt: past, at });
                        }
                        Ok(PastAttempt {
                            at: past,
                            outcome,
                            matter,
                        })
                    })
                    .collect::<Result<_, _>>()?,
            ),
        };
        Ok(CallAttempt {
            id: self.id,
            at,
            purpose: self.purpose.unwrap_or(purpose),
            channel: self.channel.unwrap_or(channel),
            evidence: Evidence {
                region: self.region,
                zone: self.zone,
                country: self.country,
                phone: self.phone,
                postal_code: self.postal_code,
                places: self.places,
                unreadable: Vec::new(),
            },
            consent,
            business_relationship,
            callee_kind: self.callee_kind,
            caller_kind: self.caller_kind,
            history,
            suppression: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<CallAttempt, String> {
        let input: AttemptInput = serde_json::from_str(json).map_err(|error| error.to_string())?;
        input
            .into_attempt(Purpose::Sales, Channel::Voice, false)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn the_whole_contract_is_read() {
        let attempt = read(
            r#"{"id":"7","at":"2026-06-10T12:30:00Z","purpose":"collections","channel":"text","region":"US-FL",
            "zone":"America/New_York","country":"US","phone":"+13055550123","postal_code":"33101",
            "places":[{"jurisdiction":"US-NY","zone":"America/New_York"}],
            "consent":{"level":"express-written","given_at":"2026-01-01T00:00:00Z","revoked_at":null},
            "business_relationship":{"kind":"inquiry","last_at":"2026-05-01T00:00:00Z"},
            "callee_kind":"consumer","caller_kind":"commercial",
            "attempts":["2026-06-10T09:00:00Z",{"at":"2026-06-09T09:00:00Z","outcome":"no-answer","matter":"m"}]}"#,
        )
        .unwrap();
        assert_eq!(
            (attempt.purpose, attempt.channel),
            (Purpose::Collections, Channel::Text)
        );
        assert_eq!(attempt.evidence.places.len(), 1);
        assert_eq!(attempt.history.as_ref().map(Vec::len), Some(2));
        assert_eq!(
            attempt.consent.map(|consent| consent.level),
            Some(ConsentLevel::ExpressWritten)
        );
    }

    #[test]
    fn a_bare_word_stands_for_an_undated_fact() {
        let attempt = read(
            r#"{"at":"2026-06-10T12:30:00Z","consent":"express","business_relationship":"transaction"}"#,
        )
        .unwrap();
        assert_eq!(attempt.consent.and_then(|consent| consent.given_at), None);
        assert_eq!(
            attempt.business_relationship.map(|it| it.kind),
            Some(RelationshipKind::Transaction)
        );
        assert_eq!(attempt.history, None);
    }

    #[test]
    fn what_is_wrong_is_named() {
        #[track_caller]
        fn refused(json: &str, words: &str) {
            let error = read(json).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
        refused("{}", "`at` is missing");
        refused(
            r#"{"at":"2026-06-10T12:30:00"}"#,
            "`at`: `2026-06-10T12:30:00` has no UTC offset",
        );
        refused(
            r#"{"at":"2026-06-10T12:30:00Z","regoin":"US-FL"}"#,
            "unknown field `regoin`",
        );
        refused(
            r#"{"at":"2026-06-10T12:30:00Z","purpose":"fun"}"#,
            "unknown variant `fun`",
        );
        refused(
            r#"{"at":"2026-06-10T12:30:00Z","consent":"maybe"}"#,
            "consent must be `express`",
        );
        refused(
            r#"{"at":"2026-06-10T12:30:00Z","attempts":["2026-06-10T12:30:01Z"]}"#,
            "only attempts already made",
        );
    }
}
