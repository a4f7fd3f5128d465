//! What a record changes in the index.

use core_compliance::Instant;
use core_compliance::ports::Outcome;
use serde::Deserialize;

use super::line::Head;

/// A record as the index sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) head: Head,
    pub(crate) time: Instant,
    pub(crate) run: Option<String>,
    pub(crate) change: Change,
}

/// What it changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    RunStarted {
        resumed: bool,
        fingerprint: String,
        command: String,
        source: String,
        target: String,
    },
    /// An intent stands open.
    Intended {
        contact: String,
        repeats: Option<u64>,
    },
    /// An intent ended.
    Ended {
        intent: u64,
        settled: Option<ContactSettled>,
    },
    /// A contact has its outcome, or has to be tried again.
    Settled(ContactSettled),
    DeferralDropped {
        source: String,
        contact: String,
    },
    Deferred {
        source: String,
        contact: String,
        until: Instant,
        reason: Option<String>,
        by_run: Option<String>,
    },
    /// The run is over: ended, or given up.
    RunOver,
    /// Nothing: a checkpoint, or a kind of a later version.
    Nothing,
}

/// How a contact was settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ContactSettled {
    pub(crate) source: String,
    pub(crate) contact: String,
    /// Whether a run that goes on leaves it alone.
    pub(crate) settles: bool,
    pub(crate) outcome: Outcome,
    pub(crate) reason: Option<String>,
    pub(crate) deferred_until: Option<Instant>,
}

/// The keys of all kinds that the index heeds.
#[derive(Deserialize)]
struct Slim {
    hash: String,
    seq: u64,
    time: Instant,
    run: Option<String>,
    kind: String,
    #[serde(default)]
    resumed: bool,
    fingerprint: Option<String>,
    command: Option<String>,
    source: Option<String>,
    target: Option<String>,
    contact: Option<String>,
    repeats: Option<u64>,
    intent: Option<u64>,
    #[serde(default)]
    settles: bool,
    outcome: Option<String>,
    reason: Option<String>,
    deferred_until: Option<Instant>,
    deferred_by: Option<String>,
}

impl Step {
    /// Reads a line whose hash was looked at.
    ///
    /// # Errors
    /// What its kind demands and it has not.
    pub(crate) fn read(line: &[u8]) -> Result<Self, String> {
        let slim: Slim =
            serde_json::from_slice(line).map_err(|error| format!("cannot be understood: {error}"))?;
        let head = Head {
            seq: slim.seq,
            hash: slim.hash.clone(),
        };
        let (time, run, kind) = (slim.time, slim.run.clone(), slim.kind.clone());
        let change =
            change(slim).ok_or_else(|| format!("a record of kind `{kind}` lacks what it must have"))?;
        Ok(Self {
            head,
            time,
            run,
            change,
        })
    }
}

/// `None` if a key is missing.
fn change(slim: Slim) -> Option<Change> {
    Some(match slim.kind.as_str() {
        "run-started" => Change::RunStarted {
            resumed: slim.resumed,
            fingerprint: slim.fingerprint?,
            command: slim.command?,
            source: slim.source?,
            target: slim.target?,
        },
        "intent" => Change::Intended {
            contact: slim.contact?,
            repeats: slim.repeats,
        },
        "outcome" => {
            let intent = slim.intent?;
            let outcome = Outcome::from_key(slim.outcome.as_deref()?);
            let settled = match outcome {
                // `withheld`, `not-delivered`: the contact has no outcome yet.
                None => None,
                Some(outcome) => Some(ContactSettled {
                    source: slim.source?,
                    contact: slim.contact?,
                    settles: true,
                    outcome,
                    reason: slim.reason,
                    deferred_until: None,
                }),
            };
            Change::Ended { intent, settled }
        }
        "settled" => Change::Settled(ContactSettled {
            source: slim.source?,
            contact: slim.contact?,
            settles: slim.settles,
            outcome: Outcome::from_key(slim.outcome.as_deref()?)?,
            reason: slim.reason,
            deferred_until: slim.deferred_until,
        }),
        "deferral-dropped" => Change::DeferralDropped {
            source: slim.source?,
            contact: slim.contact?,
        },
        "deferred" => Change::Deferred {
            source: slim.source?,
            contact: slim.contact?,
            until: slim.deferred_until?,
            reason: slim.reason,
            by_run: slim.deferred_by,
        },
        "run-ended" | "run-abandoned" => Change::RunOver,
        _ => Change::Nothing,
    })
}
