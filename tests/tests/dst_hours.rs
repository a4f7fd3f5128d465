//! What `--calling-hours` mean on days on which clocks change: every edge at −1 s, 0 and +1 s, with the forecast before it.
//!
//! A row gives openings as a clock in the zone shows them, offset included; a row whose offset is wrong fails. That the
//! changes themselves are gaps and folds is stated, and checked, in `dst_table`.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a panic is a failed test")]

use core_compliance::{CallAttempt, Evidence, Gate, Hours, Instant, Place, Rulebook, Settings};
use tests::plain::bundled_zones;

/// A gate with `--calling-hours` alone.
#[track_caller]
fn gate(hours: &str) -> Gate {
    let settings = Settings {
        hours: Hours::CallingHours(hours.parse().unwrap()),
        ..Settings::default()
    };
    Gate::new(bundled_zones(), Rulebook::shipped(), settings).unwrap()
}

fn attempt(zone: &str, at: Instant) -> CallAttempt {
    let place = Place {
        jurisdiction: "GB".parse().unwrap(),
        zone: zone.to_owned(),
    };
    let evidence = Evidence {
        places: vec![place],
        ..Evidence::default()
    };
    CallAttempt::new(at, evidence)
}

/// The whole of what is permitted near a change: openings `(open, close)` as local times with their offsets. Each edge is
/// asked for at −1 s, 0 and +1 s, and each forecast must name it.
#[track_caller]
fn opens(zone: &str, hours: &str, openings: &[(&str, &str)]) {
    let gate = gate(hours);
    let zones = bundled_zones();
    let instant = |text: &str| -> Instant {
        let at: Instant = text.parse().unwrap();
        let local = zones.get(zone).unwrap().local_time(at).to_string();
        assert_eq!(local, text, "the row's own local time is right");
        at
    };
    let mut last_close: Option<Instant> = None;
    for (open, close) in openings {
        let (open, close) = (instant(open), instant(close));
        for (at, permitted) in [
            (open.plus_seconds(-1), false),
            (open, true),
            (open.plus_seconds(1), true),
            (close.plus_seconds(-1), true),
            (close, false),
            (close.plus_seconds(1), false),
        ] {
            let determination = gate.determine(&attempt(zone, at));
            assert_eq!(determination.is_permitted(), permitted, "{zone} {hours} at {at}");
            if permitted {
                assert_eq!(
                    determination.permitted_until,
                    Some(close),
                    "{zone} {hours} at {at}"
                );
            } else if at < open {
                assert_eq!(determination.next_opening, Some(open), "{zone} {hours} at {at}");
            }
        }
        if let Some(last) = last_close {
            let next = gate.determine(&attempt(zone, last)).next_opening;
            assert_eq!(next, Some(open), "{zone} {hours}: nothing opens between");
        }
        last_close = Some(close);
    }
    assert!(last_close.is_some(), "a row without openings says nothing");
}

#[test]
fn usual_hours_are_as_long_as_ever_when_clocks_change_at_night() {
    opens(
        "America/New_York",
        "08:00-21:00",
        &[
            ("2026-03-07T08:00:00-05:00", "2026-03-07T21:00:00-05:00"),
            ("2026-03-08T08:00:00-04:00", "2026-03-08T21:00:00-04:00"),
            ("2026-03-09T08:00:00-04:00", "2026-03-09T21:00:00-04:00"),
        ],
    );
    opens(
        "America/New_York",
        "08:00-21:00",
        &[
            ("2026-10-31T08:00:00-04:00", "2026-10-31T21:00:00-04:00"),
            ("2026-11-01T08:00:00-05:00", "2026-11-01T21:00:00-05:00"),
        ],
    );
    opens(
        "Australia/Lord_Howe",
        "08:00-21:00",
        &[
            ("2026-04-04T08:00:00+11:00", "2026-04-04T21:00:00+11:00"),
            ("2026-04-05T08:00:00+10:30", "2026-04-05T21:00:00+10:30"),
        ],
    );
    opens(
        "Asia/Kathmandu",
        "08:00-21:00",
        &[("2026-03-29T08:00:00+05:45", "2026-03-29T21:00:00+05:45")],
    );
    // British Columbia's clocks stay where they are: an hour earlier in UTC than older data have it.
    opens(
        "America/Vancouver",
        "08:00-21:00",
        &[
            ("2026-10-31T08:00:00-07:00", "2026-10-31T21:00:00-07:00"),
            ("2026-11-01T08:00:00-07:00", "2026-11-01T21:00:00-07:00"),
        ],
    );
    opens(
        "America/Vancouver",
        "08:00-21:00",
        &[("2026-12-01T08:00:00-07:00", "2026-12-01T21:00:00-07:00")],
    );
}

#[test]
fn a_window_loses_what_a_gap_takes() {
    // 02:00 to 03:00 never comes: half an hour is left, then none.
    opens(
        "America/New_York",
        "01:30-02:30",
        &[
            ("2026-03-07T01:30:00-05:00", "2026-03-07T02:30:00-05:00"),
            ("2026-03-08T01:30:00-05:00", "2026-03-08T03:00:00-04:00"),
            ("2026-03-09T01:30:00-04:00", "2026-03-09T02:30:00-04:00"),
        ],
    );
    opens(
        "America/New_York",
        "02:00-03:00",
        &[
            ("2026-03-07T02:00:00-05:00", "2026-03-07T03:00:00-05:00"),
            ("2026-03-09T02:00:00-04:00", "2026-03-09T03:00:00-04:00"),
        ],
    );
    opens(
        "America/New_York",
        "02:30-03:30",
        &[("2026-03-08T03:00:00-04:00", "2026-03-08T03:30:00-04:00")],
    );
    opens(
        "Antarctica/Troll",
        "00:30-03:30",
        &[("2026-03-29T00:30:00+00:00", "2026-03-29T03:30:00+02:00")],
    );
}

#[test]
fn a_window_is_open_on_both_passes_of_a_fold() {
    // 01:00 to 02:00 comes twice: open from the first 01:30 on, closed from the second 01:00 to the second 01:30.
    opens(
        "America/New_York",
        "01:30-02:30",
        &[
            ("2026-11-01T01:30:00-04:00", "2026-11-01T01:00:00-05:00"),
            ("2026-11-01T01:30:00-05:00", "2026-11-01T02:30:00-05:00"),
        ],
    );
    // The whole of it: two hours of a window of one.
    opens(
        "America/New_York",
        "01:00-02:00",
        &[("2026-11-01T01:00:00-04:00", "2026-11-01T02:00:00-05:00")],
    );
    // Lord Howe repeats half an hour.
    opens(
        "Australia/Lord_Howe",
        "01:00-01:45",
        &[
            ("2026-04-05T01:00:00+11:00", "2026-04-05T01:45:00+11:00"),
            ("2026-04-05T01:30:00+10:30", "2026-04-05T01:45:00+10:30"),
        ],
    );
    opens(
        "Antarctica/Troll",
        "02:00-02:30",
        &[
            ("2026-10-25T02:00:00+02:00", "2026-10-25T02:30:00+02:00"),
            ("2026-10-25T02:00:00+00:00", "2026-10-25T02:30:00+00:00"),
        ],
    );
}

#[test]
fn windows_at_a_midnight_that_is_skipped_or_comes_twice() {
    // Havana skips 00:00 to 01:00: that Sunday's first hour never comes.
    opens(
        "America/Havana",
        "00:00-01:00",
        &[
            ("2026-03-07T00:00:00-05:00", "2026-03-07T01:00:00-05:00"),
            ("2026-03-09T00:00:00-04:00", "2026-03-09T01:00:00-04:00"),
        ],
    );
    // In November it comes twice, one after the other.
    opens(
        "America/Havana",
        "00:00-01:00",
        &[("2025-11-02T00:00:00-04:00", "2025-11-02T01:00:00-05:00")],
    );
    // Beirut skips 00:00 to 01:00 too, and repeats 23:00 to 24:00 of the day before.
    opens(
        "Asia/Beirut",
        "00:00-01:30",
        &[
            ("2026-03-28T00:00:00+02:00", "2026-03-28T01:30:00+02:00"),
            ("2026-03-29T01:00:00+03:00", "2026-03-29T01:30:00+03:00"),
        ],
    );
    opens(
        "Asia/Beirut",
        "23:30-24:00",
        &[
            ("2026-10-24T23:30:00+03:00", "2026-10-24T23:00:00+02:00"),
            ("2026-10-24T23:30:00+02:00", "2026-10-25T00:00:00+02:00"),
        ],
    );
    // At what would be Sunday 00:00 it is Saturday 23:00 again: the date that is shown decides.
    opens(
        "Asia/Beirut",
        "sat 22:00-24:00",
        &[("2026-10-24T22:00:00+03:00", "2026-10-25T00:00:00+02:00")],
    );
    opens(
        "America/Santiago",
        "00:00-00:30",
        &[
            ("2026-09-05T00:00:00-04:00", "2026-09-05T00:30:00-04:00"),
            ("2026-09-07T00:00:00-03:00", "2026-09-07T00:30:00-03:00"),
        ],
    );
}

#[test]
fn a_day_that_never_came_has_no_hours() {
    opens(
        "Pacific/Apia",
        "08:00-21:00",
        &[
            ("2011-12-29T08:00:00-10:00", "2011-12-29T21:00:00-10:00"),
            ("2011-12-31T08:00:00+14:00", "2011-12-31T21:00:00+14:00"),
        ],
    );
    // Nor does a Friday without a Friday: a week passes.
    opens(
        "Pacific/Apia",
        "fri 08:00-21:00",
        &[
            ("2011-12-23T08:00:00-10:00", "2011-12-23T21:00:00-10:00"),
            ("2012-01-06T08:00:00+14:00", "2012-01-06T21:00:00+14:00"),
        ],
    );
    opens(
        "Pacific/Kwajalein",
        "08:00-21:00",
        &[
            ("1993-08-20T08:00:00-12:00", "1993-08-20T21:00:00-12:00"),
            ("1993-08-22T08:00:00+12:00", "1993-08-22T21:00:00+12:00"),
        ],
    );
}

#[test]
fn the_whole_day_has_no_edges_whatever_clocks_do() {
    for (zone, change) in [
        ("America/Havana", "2026-03-08T05:00:00Z"),
        ("Asia/Beirut", "2026-10-24T21:00:00Z"),
        ("Australia/Lord_Howe", "2026-04-04T15:00:00Z"),
        ("Pacific/Apia", "2011-12-30T10:00:00Z"),
    ] {
        let at: Instant = change.parse().unwrap();
        for second in [-86_400, -1, 0, 1, 86_400] {
            let determination = gate("00:00-24:00").determine(&attempt(zone, at.plus_seconds(second)));
            assert!(determination.is_permitted(), "{zone} {second} s from {change}");
            assert_eq!(determination.permitted_until, None, "{zone}: no end in sight");
        }
    }
    // Whole days of a week end with the day that is shown, however long it was.
    opens(
        "America/Havana",
        "sun 00:00-24:00",
        &[("2026-03-08T01:00:00-04:00", "2026-03-09T00:00:00-04:00")],
    );
    opens(
        "Asia/Beirut",
        "sat 00:00-24:00",
        &[("2026-10-24T00:00:00+03:00", "2026-10-25T00:00:00+02:00")],
    );
}
