//! Records as they are read back.

use core_compliance::ports::{RecordedDecision, RecordedFinding};
use core_compliance::{
    Decision, Effect, EvidenceKind, Instant, Jurisdiction, Place, Sha256Hex, VersionStamp,
};
use serde::Deserialize;
use serde_json::Value;

use super::facts::{Callee, Facts};
use super::line;

/// One record.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Record {
    /// Its number.
    pub seq: u64,
    /// When it was written.
    pub time: Instant,
    /// The run that it belongs to.
    pub run: Option<String>,
    /// What it says.
    pub event: Event,
    /// The line as it stands in the log.
    pub json: String,
}

/// What a record says.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// A run began, or went on.
    RunStarted {
        /// Whether it went on.
        resumed: bool,
        /// The command, for people.
        command: String,
        /// Where contacts went.
        target: String,
    },
    /// A contact was about to be handed over.
    Intent {
        /// Its external id.
        contact: String,
        /// An earlier intent of which no outcome is known.
        repeats: Option<u64>,
        /// Whom.
        callee: Callee,
        /// Why.
        decision: Box<RecordedDecision>,
    },
    /// How it ended.
    Outcome {
        /// The record of the intent.
        intent: u64,
        /// The contact's external id.
        contact: String,
        /// A key of the books, `withheld` or `not-delivered`.
        outcome: String,
        /// A permanent code.
        reason: Option<String>,
        /// In words.
        message: Option<String>,
    },
    /// An outcome without an intent.
    Settled {
        /// The contact's external id, or where it stood.
        contact: String,
        /// A key of the books.
        outcome: String,
        /// A permanent code.
        reason: String,
        /// In words.
        message: String,
        /// Until when it waits.
        deferred_until: Option<Instant>,
        /// The decision, where one was made.
        decided: Option<(Callee, Box<RecordedDecision>)>,
    },
    /// A contact waits no more: it is not in its source any more.
    DeferralDropped {
        /// Its external id.
        contact: String,
    },
    /// A contact waits, told again when older records were pruned.
    Deferred {
        /// Its external id.
        contact: String,
        /// Until when.
        until: Instant,
    },
    /// A run ended.
    RunEnded {
        /// Its books.
        books: Value,
        /// Intents of which no outcome is known.
        unfinished: Vec<u64>,
    },
    /// A run was given up for another.
    RunAbandoned,
    /// Older records were pruned.
    Checkpoint {
        /// Up to which.
        removed_through: u64,
        /// Why.
        why: String,
    },
    /// A kind of record of a later version.
    Other {
        /// Which.
        kind: String,
    },
}

impl Record {
    /// The contact that it is about.
    #[must_use]
    pub fn contact(&self) -> Option<&str> {
        match &self.event {
            Event::Intent { contact, .. }
            | Event::Outcome { contact, .. }
            | Event::Settled { contact, .. }
            | Event::DeferralDropped { contact }
            | Event::Deferred { contact, .. } => Some(contact),
            _ => None,
        }
    }

    /// The callee and the decision, where one was made.
    #[must_use]
    pub fn decision(&self) -> Option<(&Callee, &RecordedDecision)> {
        match &self.event {
            Event::Intent { callee, decision, .. } => Some((callee, decision)),
            Event::Settled {
                decided: Some((callee, decision)),
                ..
            } => Some((callee, decision)),
            _ => None,
        }
    }

    /// Reads a line.
    ///
    /// # Errors
    /// What is wrong with it, for people.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, String> {
        let envelope = line::open(bytes)?;
        let (seq, time, kind) = (envelope.seq, envelope.time, envelope.kind.into_owned());
        let run = envelope.run.map(std::borrow::Cow::into_owned);
        let event = event(&kind, bytes).map_err(|error| format!("cannot be understood: {error}"))?;
        Ok(Self {
            seq,
            time,
            run,
            event: event.unwrap_or(Event::Other { kind }),
            // It was read as JSON, so it is text.
            json: String::from_utf8_lossy(bytes).into_owned(),
        })
    }
}

fn event(kind: &str, bytes: &[u8]) -> Result<Option<Event>, serde_json::Error> {
    Ok(Some(match kind {
        "run-started" => serde_json::from_slice::<RawStart>(bytes)?.into(),
        "intent" => {
            let RawIntent { contact, repeats } = serde_json::from_slice(bytes)?;
            let raw: RawDecided = serde_json::from_slice(bytes)?;
            let (callee, decision) = raw.into_parts(&contact);
            Event::Intent {
                contact,
                repeats,
                callee,
                decision: Box::new(decision),
            }
        }
        "outcome" => serde_json::from_slice::<RawOutcome>(bytes)?.into(),
        "settled" => {
            let raw: RawSettled = serde_json::from_slice(bytes)?;
            let decided = if raw.determination.is_some() {
                let decided: RawDecided = serde_json::from_slice(bytes)?;
                let (callee, decision) = decided.into_parts(&raw.contact);
                Some((callee, Box::new(decision)))
            } else {
                None
            };
            Event::Settled {
                contact: raw.contact,
                outcome: raw.outcome,
                reason: raw.reason,
                message: raw.message,
                deferred_until: raw.deferred_until,
                decided,
            }
        }
        "deferral-dropped" => Event::DeferralDropped {
            contact: serde_json::from_slice::<RawIntent>(bytes)?.contact,
        },
        "deferred" => {
            let raw: RawDeferred = serde_json::from_slice(bytes)?;
            Event::Deferred {
                contact: raw.contact,
                until: raw.deferred_until,
            }
        }
        "run-ended" => {
            let RawEnd { books, unfinished } = serde_json::from_slice(bytes)?;
            Event::RunEnded { books, unfinished }
        }
        "run-abandoned" => Event::RunAbandoned,
        "checkpoint" => {
            let RawCheckpoint { removed_through, why } = serde_json::from_slice(bytes)?;
            Event::Checkpoint { removed_through, why }
        }
        _ => return Ok(None),
    }))
}

#[derive(Deserialize)]
struct RawStart {
    resumed: bool,
    command: String,
    target: String,
}

impl From<RawStart> for Event {
    fn from(raw: RawStart) -> Self {
        Self::RunStarted {
            resumed: raw.resumed,
            command: raw.command,
            target: raw.target,
        }
    }
}

#[derive(Deserialize)]
struct RawIntent {
    contact: String,
    repeats: Option<u64>,
}

#[derive(Deserialize)]
struct RawOutcome {
    intent: u64,
    contact: String,
    outcome: String,
    reason: Option<String>,
    message: Option<String>,
}

impl From<RawOutcome> for Event {
    fn from(raw: RawOutcome) -> Self {
        Self::Outcome {
            intent: raw.intent,
            contact: raw.contact,
            outcome: raw.outcome,
            reason: raw.reason,
            message: raw.message,
        }
    }
}

#[derive(Deserialize)]
struct RawSettled {
    contact: String,
    outcome: String,
    reason: String,
    message: String,
    deferred_until: Option<Instant>,
    determination: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct RawDeferred {
    contact: String,
    deferred_until: Instant,
}

#[derive(Deserialize)]
struct RawEnd {
    books: Value,
    unfinished: Vec<u64>,
}

#[derive(Deserialize)]
struct RawCheckpoint {
    removed_through: u64,
    why: String,
}

#[derive(Deserialize)]
struct RawDecided {
    callee: Callee,
    facts: Facts,
    determination: RawDetermination,
}

#[derive(Deserialize)]
struct RawDetermination {
    decision: Decision,
    at: Instant,
    permitted_until: Option<Instant>,
    next_opening: Option<Instant>,
    places: Vec<RawPlace>,
    findings: Vec<RawFinding>,
    settings: RawStamp,
    rulebook: RawStamp,
    tzdb: RawStamp,
    engine: String,
}

#[derive(Deserialize)]
struct RawPlace {
    jurisdiction: Jurisdiction,
    zone: String,
    evidence: Vec<EvidenceKind>,
}

#[derive(Deserialize)]
struct RawFinding {
    code: String,
    effect: Effect,
    rule: Option<String>,
    message: String,
}

#[derive(Deserialize)]
struct RawStamp {
    #[serde(default)]
    version: String,
    #[serde(deserialize_with = "fingerprint")]
    sha256: Sha256Hex,
}

fn fingerprint<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Sha256Hex, D::Error> {
    let digits = String::deserialize(deserializer)?;
    Sha256Hex::from_digits(&digits)
        .ok_or_else(|| serde::de::Error::custom(format!("`{digits}` is not a SHA-256 fingerprint")))
}

impl From<RawStamp> for VersionStamp {
    fn from(raw: RawStamp) -> Self {
        Self {
            version: raw.version,
            sha256: raw.sha256,
        }
    }
}

impl RawDecided {
    fn into_parts(self, contact: &str) -> (Callee, RecordedDecision) {
        let it = self.determination;
        let finding = |raw: RawFinding| RecordedFinding {
            code: raw.code,
            effect: raw.effect,
            rule: raw.rule,
            message: raw.message,
        };
        let place = |raw: RawPlace| {
            let place = Place {
                jurisdiction: raw.jurisdiction,
                zone: raw.zone,
            };
            (place, raw.evidence)
        };
        let decision = RecordedDecision {
            attempt: self.facts.into_attempt(Some(contact.to_owned()), it.at),
            places: it.places.into_iter().map(place).collect(),
            decision: it.decision,
            permitted_until: it.permitted_until,
            next_opening: it.next_opening,
            findings: it.findings.into_iter().map(finding).collect(),
            settings: it.settings.sha256,
            rulebook: it.rulebook.into(),
            tzdb: it.tzdb.into(),
            engine: it.engine,
        };
        (self.callee, decision)
    }
}
