//! A state directory with the records of a small run, the same every time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use core_compliance::ports::{Clock, Decided, DecisionLog as _, Ending, Outcome, Settlement};
use core_compliance::{
    CallAttempt, Determination, Evidence, Gate, Instant, Rulebook, Settings, ZoneDatabase,
};
use record_keeping::{Begun, NdjsonRecords, RunSpec, StateDir};

use super::Folder;

/// Goes on by a second whenever it is looked at.
struct Ticking(AtomicI64);

impl Clock for Ticking {
    fn now(&self) -> Instant {
        Instant::from_unix_clamped(self.0.fetch_add(1, Ordering::Relaxed))
    }
}

pub(crate) fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

pub(crate) fn gate(zones: ZoneDatabase) -> Gate {
    Gate::new(zones, Rulebook::shipped(), Settings::default()).unwrap()
}

/// A decision about a contact of this region and number.
pub(crate) fn decide(
    gate: &Gate,
    contact: &str,
    region: &str,
    phone: &str,
    now: &str,
) -> (CallAttempt, Determination) {
    let evidence = Evidence {
        region: Some(region.to_owned()),
        phone: Some(phone.to_owned()),
        ..Evidence::default()
    };
    let attempt = CallAttempt {
        id: Some(contact.to_owned()),
        ..CallAttempt::new(at(now), evidence)
    };
    let determination = gate.determine(&attempt);
    (attempt, determination)
}

/// Begins a run in `state` of the folder, at half past noon UTC, with a key that is known.
pub(crate) fn begin(folder: &Folder, gate: &Gate, segment_bytes: u64) -> Begun {
    if !folder.path().join("state/key").exists() {
        folder.write("state/key", &[7; 32]);
    }
    let clock = Arc::new(Ticking(AtomicI64::new(at("2026-06-10T12:30:00Z").unix())));
    let path = folder.path().join("state");
    let state = StateDir::open_with_segments_of(&path, "curfew sync", clock, segment_bytes).unwrap();
    let spec = RunSpec {
        fingerprint: "f",
        command: "curfew sync",
        source: "tenant",
        target: "https://acme.my.cxone.com",
        fresh: false,
    };
    state.begin(spec, gate).unwrap()
}

/// Announces a contact, and tells how it ended each time that it was sent.
pub(crate) async fn send(
    records: &NdjsonRecords,
    gate: &Gate,
    contact: &str,
    phone: &str,
    endings: Vec<Ending<'_>>,
) {
    for ending in endings {
        let (attempt, determination) = decide(gate, contact, "US-NY", phone, "2026-06-10T12:30:00Z");
        let decided = Decided {
            contact,
            attempt: &attempt,
            determination: &determination,
        };
        let intent = records.intend(decided).await.unwrap();
        records.conclude(intent, contact, ending).await.unwrap();
    }
}

/// A run of four contacts: inserted; delivered at the second try; deferred; rejected.
pub(crate) fn small_run(folder: &Folder) {
    let gate = gate(ZoneDatabase::bundled());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let records = begin(folder, &gate, 64 << 20).records;
        let settled = |outcome| Ending::Settled {
            outcome,
            reason: None,
            message: None,
        };
        send(
            &records,
            &gate,
            "C-1",
            "+12125550101",
            vec![settled(Outcome::Inserted)],
        )
        .await;
        let broken = Ending::NotDelivered {
            message: "503 Service Unavailable",
        };
        let endings = vec![broken, settled(Outcome::AlreadyThere)];
        send(&records, &gate, "C-2", "+12125550102", endings).await;
        hold(&records, &gate, "C-3", Some("2026-06-11T12:00:00Z")).await;
        let rejected = Settlement {
            contact: "C-4",
            settles: true,
            outcome: Outcome::Rejected,
            reason: "phone-not-e164",
            message: "`phone` is not E.164",
            decided: None,
            deferred_until: None,
        };
        records.settle(rejected).await.unwrap();
        records.flush().await.unwrap();
        records.end(serde_json::json!({"read": 4})).await.unwrap();
    });
}

/// A contact in New York that is held back in the evening, and waits if it is told until when.
pub(crate) async fn hold(records: &NdjsonRecords, gate: &Gate, contact: &str, until: Option<&str>) {
    let (attempt, determination) = decide(gate, contact, "US-NY", "+12125550103", "2026-06-11T01:30:00Z");
    let settlement = Settlement {
        contact,
        settles: true,
        outcome: Outcome::Prohibited,
        reason: "outside-calling-window",
        message: "the United States end sales calls at 21:00 local time",
        decided: Some(Decided {
            contact,
            attempt: &attempt,
            determination: &determination,
        }),
        deferred_until: until.map(at),
    };
    records.settle(settlement).await.unwrap();
    // What is written at once has one time.
    records.flush().await.unwrap();
}
