//! What the records say: one struct a kind, in the order in which its keys are written.

use std::borrow::Cow;

use core_compliance::Determination;
use core_compliance::Instant;
use serde::Serialize;

use super::facts::{Callee, Facts};

/// A kind of record that is written.
pub(crate) trait Entry: Serialize {
    const KIND: &'static str;
}

macro_rules! kinds {
    ($($entry:ident$(<$l:lifetime>)? = $kind:literal,)+) => {
        $(impl$(<$l>)? Entry for $entry$(<$l>)? {
            const KIND: &'static str = $kind;
        })+
    };
}

kinds! {
    RunStarted<'a> = "run-started",
    Intended<'a> = "intent",
    Ended<'a> = "outcome",
    SettledEntry<'a> = "settled",
    DeferralDropped<'a> = "deferral-dropped",
    Deferred<'a> = "deferred",
    RunEnded = "run-ended",
    RunAbandoned = "run-abandoned",
    Checkpoint<'a> = "checkpoint",
}

/// A version and its fingerprint.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Named<'a> {
    pub(crate) version: &'a str,
    pub(crate) sha256: &'a str,
}

#[derive(Serialize)]
pub(crate) struct RunStarted<'a> {
    pub(crate) resumed: bool,
    pub(crate) fingerprint: &'a str,
    pub(crate) command: &'a str,
    pub(crate) source: &'a str,
    pub(crate) target: &'a str,
    pub(crate) settings: &'a str,
    pub(crate) rulebook: Named<'a>,
    pub(crate) tzdb: Named<'a>,
    pub(crate) engine: &'a str,
}

#[derive(Serialize)]
pub(crate) struct Intended<'a> {
    pub(crate) contact: &'a str,
    /// An earlier intent of this run of which no outcome is known: what it announced may have been sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) repeats: Option<u64>,
    #[serde(flatten)]
    pub(crate) decision: DecisionEntry<'a>,
}

/// A decision with what it rests on.
#[derive(Serialize)]
pub(crate) struct DecisionEntry<'a> {
    pub(crate) callee: Callee,
    pub(crate) facts: Facts,
    pub(crate) determination: Cow<'a, Determination>,
}

#[derive(Serialize)]
pub(crate) struct Ended<'a> {
    pub(crate) intent: u64,
    pub(crate) source: &'a str,
    pub(crate) contact: &'a str,
    /// A key of the books, `withheld` or `not-delivered`.
    pub(crate) outcome: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<&'a str>,
}

#[derive(Serialize)]
pub(crate) struct SettledEntry<'a> {
    pub(crate) source: &'a str,
    pub(crate) contact: &'a str,
    pub(crate) settles: bool,
    pub(crate) outcome: &'a str,
    pub(crate) reason: &'a str,
    pub(crate) message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) deferred_until: Option<Instant>,
    #[serde(flatten)]
    pub(crate) decision: Option<DecisionEntry<'a>>,
}

/// A contact that waited and is not in its source any more.
#[derive(Serialize)]
pub(crate) struct DeferralDropped<'a> {
    pub(crate) source: &'a str,
    pub(crate) contact: &'a str,
}

/// A contact that waits, told again because the record that said so is pruned.
#[derive(Serialize)]
pub(crate) struct Deferred<'a> {
    pub(crate) source: &'a str,
    pub(crate) contact: &'a str,
    pub(crate) deferred_until: Instant,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) deferred_by: Option<&'a str>,
}

#[derive(Serialize)]
pub(crate) struct RunEnded {
    pub(crate) books: serde_json::Value,
    /// Intents of which no outcome is known.
    pub(crate) unfinished: Vec<u64>,
}

#[derive(Serialize)]
pub(crate) struct RunAbandoned {}

#[derive(Serialize)]
pub(crate) struct Checkpoint<'a> {
    pub(crate) removed_through: u64,
    pub(crate) removed_hash: &'a str,
    pub(crate) why: &'a str,
}

/// The JSON of a record from the key after `time` on.
pub(crate) fn rest<E: Entry>(run: Option<&str>, entry: &E) -> Result<String, serde_json::Error> {
    #[derive(Serialize)]
    struct Rest<'a, E> {
        #[serde(skip_serializing_if = "Option::is_none")]
        run: Option<&'a str>,
        kind: &'static str,
        #[serde(flatten)]
        entry: &'a E,
    }
    let kind = E::KIND;
    let mut text = serde_json::to_string(&Rest { run, kind, entry })?;
    // The line begins elsewhere.
    text.remove(0);
    Ok(text)
}
