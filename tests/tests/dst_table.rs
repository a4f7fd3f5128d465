//! A second before, at, and a second after changes of clocks in odd zones. (`dst_hours`: what hours mean on such days.)
//!
//! Every row states whether it is a gap, a fold or neither, and two readings of the zone must say so too: its spans, and
//! `time-tz`'s local lookup. A row about an hour that is not in fact ambiguous proves nothing.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a panic is a failed test")]

use core_compliance::{Instant, Zone};
use tests::plain::bundled_zones;
use time::{OffsetDateTime, UtcOffset};
use time_tz::{Offset as _, OffsetResult, TimeZone as _};

/// What a change of clocks does to local times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Some local times never come.
    Gap,
    /// Some local times come twice.
    Fold,
    /// Nothing changes, although it did in another year or by older data.
    Neither,
}
use Kind::{Fold, Gap, Neither};

/// How often a local time comes, with the offsets at which it does.
#[track_caller]
fn readings(zone: &Zone, local: i64) -> Vec<i32> {
    let wall = OffsetDateTime::from_unix_timestamp(local).unwrap();
    let by_time_tz: Vec<i32> = match zone.get_offset_local(&wall) {
        OffsetResult::None => Vec::new(),
        OffsetResult::Some(only) => vec![seconds(only.to_utc())],
        OffsetResult::Ambiguous(earlier, later) => vec![seconds(earlier.to_utc()), seconds(later.to_utc())],
    };
    let three_days = zone.spans(local - 3 * 86_400, local + 3 * 86_400);
    let by_spans: Vec<i32> = three_days
        .filter(|span| (span.from..span.until).contains(&(local - i64::from(span.offset))))
        .map(|span| span.offset)
        .collect();
    assert_eq!(by_time_tz, by_spans, "{} at local {local}", zone.name());
    by_time_tz
}

fn seconds(offset: UtcOffset) -> i32 {
    offset.whole_seconds()
}

/// One row: at `at`, clocks in `zone` go from `before` to `after` (in seconds east of UTC).
#[track_caller]
fn change(zone: &str, at: &str, kind: Kind, before: i32, after: i32) {
    let shown = format!("{zone} at {at}");
    let zones = bundled_zones();
    let zone = zones.get(zone).unwrap();
    let at = at.parse::<Instant>().unwrap().unix();

    let offsets = [-1, 0, 1].map(|second| zone.span_at(at + second).offset);
    assert_eq!(
        offsets,
        [before, after, after],
        "{shown}: a second before, at, a second after"
    );
    let really = match after - before {
        0 => Neither,
        more if more > 0 => Gap,
        _ => Fold,
    };
    assert_eq!(really, kind, "{shown}: the spans");
    let starts_here = zone.span_at(at).from == at;
    assert_eq!(
        starts_here,
        kind != Neither,
        "{shown}: a span starts at the change alone"
    );

    // The local times between those that the clock shows at the change by the old offset and by the new one.
    let (old, new) = (at + i64::from(before), at + i64::from(after));
    let (start, end) = (old.min(new), old.max(new));
    let (inside, first_after) = match kind {
        Gap => (vec![], vec![after]),
        Fold => (vec![before, after], vec![after]),
        Neither => (vec![before], vec![before]),
    };
    assert_eq!(readings(zone, start - 1), [before], "{shown}: a second before");
    assert_eq!(readings(zone, start), inside, "{shown}: at the change");
    if kind != Neither {
        assert_eq!(readings(zone, start + 1), inside, "{shown}: a second after");
        assert_eq!(readings(zone, (start + end) / 2), inside, "{shown}: amidst");
        assert_eq!(readings(zone, end - 1), inside, "{shown}: the last second");
    }
    assert_eq!(
        readings(zone, end),
        first_after,
        "{shown}: the first second after it"
    );
    assert_eq!(readings(zone, end + 1), first_after, "{shown}: and one more");
}

const HOUR: i32 = 3_600;
const HALF: i32 = 1_800;
const QUARTER: i32 = 900;

#[test]
fn changes_of_an_hour_at_night() {
    change(
        "America/New_York",
        "2026-03-08T07:00:00Z",
        Gap,
        -5 * HOUR,
        -4 * HOUR,
    );
    change(
        "America/New_York",
        "2026-11-01T06:00:00Z",
        Fold,
        -4 * HOUR,
        -5 * HOUR,
    );
    // Ireland's winter time is the exceptional one in the data (negative daylight saving time).
    change("Europe/Dublin", "2026-03-29T01:00:00Z", Gap, 0, HOUR);
    change("Europe/Dublin", "2026-10-25T01:00:00Z", Fold, HOUR, 0);
    // Southern summers end in April.
    change(
        "Australia/Hobart",
        "2026-04-04T16:00:00Z",
        Fold,
        11 * HOUR,
        10 * HOUR,
    );
    change(
        "Australia/Hobart",
        "2026-10-03T16:00:00Z",
        Gap,
        10 * HOUR,
        11 * HOUR,
    );
    change(
        "Pacific/Chatham",
        "2026-04-04T14:00:00Z",
        Fold,
        13 * HOUR + 3 * QUARTER,
        12 * HOUR + 3 * QUARTER,
    );
    change(
        "Pacific/Chatham",
        "2026-09-26T14:00:00Z",
        Gap,
        12 * HOUR + 3 * QUARTER,
        13 * HOUR + 3 * QUARTER,
    );
    change("Asia/Gaza", "2026-03-28T00:00:00Z", Gap, 2 * HOUR, 3 * HOUR);
    change("Asia/Gaza", "2026-10-23T23:00:00Z", Fold, 3 * HOUR, 2 * HOUR);
}

#[test]
fn changes_at_midnight_take_or_repeat_the_first_or_the_last_hour_of_a_day() {
    change(
        "America/Havana",
        "2026-03-08T05:00:00Z",
        Gap,
        -5 * HOUR,
        -4 * HOUR,
    );
    change(
        "America/Havana",
        "2025-11-02T05:00:00Z",
        Fold,
        -4 * HOUR,
        -5 * HOUR,
    );
    change(
        "America/Asuncion",
        "2024-03-24T03:00:00Z",
        Fold,
        -3 * HOUR,
        -4 * HOUR,
    );
    change(
        "America/Asuncion",
        "2024-10-06T04:00:00Z",
        Gap,
        -4 * HOUR,
        -3 * HOUR,
    );
    change(
        "America/Santiago",
        "2026-04-05T03:00:00Z",
        Fold,
        -3 * HOUR,
        -4 * HOUR,
    );
    change(
        "America/Santiago",
        "2026-09-06T04:00:00Z",
        Gap,
        -4 * HOUR,
        -3 * HOUR,
    );
    change(
        "America/Sao_Paulo",
        "2018-11-04T03:00:00Z",
        Gap,
        -3 * HOUR,
        -2 * HOUR,
    );
    change("Asia/Beirut", "2026-03-28T22:00:00Z", Gap, 2 * HOUR, 3 * HOUR);
    change("Asia/Beirut", "2026-10-24T21:00:00Z", Fold, 3 * HOUR, 2 * HOUR);
    change("Africa/Cairo", "2026-04-23T22:00:00Z", Gap, 2 * HOUR, 3 * HOUR);
    change("Africa/Cairo", "2026-10-29T21:00:00Z", Fold, 3 * HOUR, 2 * HOUR);
}

#[test]
fn changes_of_other_than_an_hour() {
    change(
        "Australia/Lord_Howe",
        "2026-04-04T15:00:00Z",
        Fold,
        11 * HOUR,
        10 * HOUR + HALF,
    );
    change(
        "Australia/Lord_Howe",
        "2026-10-03T15:30:00Z",
        Gap,
        10 * HOUR + HALF,
        11 * HOUR,
    );
    change("Antarctica/Troll", "2026-03-29T01:00:00Z", Gap, 0, 2 * HOUR);
    change("Antarctica/Troll", "2026-10-25T01:00:00Z", Fold, 2 * HOUR, 0);
    change(
        "America/St_Johns",
        "1988-04-03T03:31:00Z",
        Gap,
        -3 * HOUR - HALF,
        -HOUR - HALF,
    );
    change(
        "America/St_Johns",
        "1988-10-30T01:31:00Z",
        Fold,
        -HOUR - HALF,
        -3 * HOUR - HALF,
    );
    change(
        "America/Caracas",
        "2016-05-01T07:00:00Z",
        Gap,
        -4 * HOUR - HALF,
        -4 * HOUR,
    );
    change(
        "Asia/Pyongyang",
        "2015-08-14T15:00:00Z",
        Fold,
        9 * HOUR,
        8 * HOUR + HALF,
    );
    change(
        "Asia/Pyongyang",
        "2018-05-04T15:00:00Z",
        Gap,
        8 * HOUR + HALF,
        9 * HOUR,
    );
    change(
        "Asia/Kathmandu",
        "1985-12-31T18:30:00Z",
        Gap,
        5 * HOUR + HALF,
        5 * HOUR + 3 * QUARTER,
    );
    change("Africa/Monrovia", "1972-01-07T00:44:30Z", Gap, -2_670, 0);
    change(
        "Antarctica/Casey",
        "2020-10-03T16:01:00Z",
        Gap,
        8 * HOUR,
        11 * HOUR,
    );
}

#[test]
fn days_that_never_came() {
    change("Pacific/Apia", "2011-12-30T10:00:00Z", Gap, -10 * HOUR, 14 * HOUR);
    change(
        "Pacific/Fakaofo",
        "2011-12-30T11:00:00Z",
        Gap,
        -11 * HOUR,
        13 * HOUR,
    );
    change(
        "Pacific/Kwajalein",
        "1993-08-21T12:00:00Z",
        Gap,
        -12 * HOUR,
        12 * HOUR,
    );
}

/// Where and when data from before 2026 still changes clocks, or data of other years does.
#[test]
fn changes_that_no_longer_happen() {
    change(
        "America/Vancouver",
        "2026-03-08T10:00:00Z",
        Gap,
        -8 * HOUR,
        -7 * HOUR,
    );
    change(
        "America/Vancouver",
        "2026-11-01T09:00:00Z",
        Neither,
        -7 * HOUR,
        -7 * HOUR,
    );
    change(
        "America/Edmonton",
        "2026-11-01T08:00:00Z",
        Neither,
        -6 * HOUR,
        -6 * HOUR,
    );
    change(
        "America/Winnipeg",
        "2026-11-01T07:00:00Z",
        Neither,
        -5 * HOUR,
        -5 * HOUR,
    );
    change(
        "America/Havana",
        "2026-11-01T05:00:00Z",
        Neither,
        -4 * HOUR,
        -4 * HOUR,
    );
    change(
        "America/Havana",
        "2027-11-07T05:00:00Z",
        Fold,
        -4 * HOUR,
        -5 * HOUR,
    );
    change(
        "America/Asuncion",
        "2026-03-22T03:00:00Z",
        Neither,
        -3 * HOUR,
        -3 * HOUR,
    );
    change("Africa/Casablanca", "2026-02-15T02:00:00Z", Fold, HOUR, 0);
    change("Africa/Casablanca", "2026-03-22T02:00:00Z", Gap, 0, HOUR);
    change("Africa/Casablanca", "2026-09-20T01:00:00Z", Fold, HOUR, 0);
    change("Africa/Casablanca", "2027-02-07T02:00:00Z", Neither, 0, 0);
    change(
        "Asia/Kathmandu",
        "2026-03-29T01:00:00Z",
        Neither,
        5 * HOUR + 3 * QUARTER,
        5 * HOUR + 3 * QUARTER,
    );
}
