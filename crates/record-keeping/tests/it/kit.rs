//! A state directory in a folder of its own, a clock that is set by hand, and decisions to record.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};

use core_compliance::ports::{Clock, Decided, DecisionLog as _, Ending, Outcome, Settlement};
use core_compliance::{
    CallAttempt, Determination, Evidence, Gate, Instant, Rulebook, Settings, ZoneDatabase,
};
use record_keeping::{Begun, NdjsonRecords, RecordsError, RunSpec, StateDir};
use tempfile::TempDir;

/// Noon in New York on a Wednesday in June.
pub(crate) const NOON: &str = "2026-06-10T16:00:00Z";

pub(crate) static GATE: LazyLock<Gate> =
    LazyLock::new(|| Gate::new(ZoneDatabase::bundled(), Rulebook::shipped(), Settings::default()).unwrap());

pub(crate) struct HandClock(AtomicI64);

impl Clock for HandClock {
    fn now(&self) -> Instant {
        Instant::from_unix_clamped(self.0.load(Ordering::Relaxed))
    }
}

pub(crate) struct Place {
    pub(crate) folder: TempDir,
    pub(crate) clock: Arc<HandClock>,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            clock: Arc::new(HandClock(AtomicI64::new(at(NOON).unix()))),
        }
    }

    pub(crate) fn set(&self, now: &str) {
        self.clock.0.store(at(now).unix(), Ordering::Relaxed);
    }

    pub(crate) fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("state")
    }

    pub(crate) fn try_open(&self) -> Result<StateDir, RecordsError> {
        StateDir::open(&self.path(), "curfew test", self.clock.clone())
    }

    pub(crate) fn open(&self) -> StateDir {
        self.try_open().unwrap()
    }

    /// Opens it and begins, or goes on with, the run of this fingerprint.
    pub(crate) fn run(&self, fingerprint: &str) -> Begun {
        self.open().begin(spec(fingerprint), &GATE).unwrap()
    }
}

pub(crate) fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

pub(crate) fn spec(fingerprint: &str) -> RunSpec<'_> {
    RunSpec {
        fingerprint,
        command: "curfew sync",
        source: "tenant",
        target: "https://acme.my.cxone.com",
        fresh: false,
    }
}

/// A decision about a contact in New York.
pub(crate) fn decision(contact: &str, now: &str) -> (CallAttempt, Determination) {
    let evidence = Evidence {
        region: Some("US-NY".to_owned()),
        phone: Some("+12125550123".to_owned()),
        ..Evidence::default()
    };
    let attempt = CallAttempt {
        id: Some(contact.to_owned()),
        ..CallAttempt::new(at(now), evidence)
    };
    let determination = GATE.determine(&attempt);
    (attempt, determination)
}

pub(crate) async fn intend(records: &NdjsonRecords, contact: &str) -> core_compliance::ports::IntentId {
    let (attempt, determination) = decision(contact, NOON);
    let decided = Decided {
        contact,
        attempt: &attempt,
        determination: &determination,
    };
    records.intend(decided).await.unwrap()
}

/// Announces a contact and says how it ended.
pub(crate) async fn send(records: &NdjsonRecords, contact: &str, outcome: Outcome) {
    let intent = intend(records, contact).await;
    let ending = Ending::Settled {
        outcome,
        reason: None,
        message: None,
    };
    records.conclude(intent, contact, ending).await.unwrap();
}

/// Holds a contact back until an instant.
pub(crate) async fn defer(records: &NdjsonRecords, contact: &str, until: &str) {
    let (attempt, determination) = decision(contact, "2026-06-11T03:00:00Z");
    let settlement = Settlement {
        contact,
        settles: true,
        outcome: Outcome::Prohibited,
        reason: "outside-calling-window",
        message: "it is night",
        decided: Some(Decided {
            contact,
            attempt: &attempt,
            determination: &determination,
        }),
        deferred_until: Some(at(until)),
    };
    records.settle(settlement).await.unwrap();
}

/// Settles a contact, or something that is none, without a decision.
pub(crate) async fn settle(records: &NdjsonRecords, contact: &str, settles: bool, outcome: Outcome) {
    let settlement = Settlement {
        contact,
        settles,
        outcome,
        reason: "because",
        message: "so it is",
        decided: None,
        deferred_until: None,
    };
    records.settle(settlement).await.unwrap();
}
