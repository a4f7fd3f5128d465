//! `curfew zones`.

use insta::assert_snapshot;

use crate::kit::{curfew, shown};

#[test]
fn the_bundled_data_are_shown_with_version_origin_and_age() {
    assert_snapshot!(shown("zones --quiet"), @r#"
    exit: 0
    --- stdout
    IANA time zone data 2026f
      origin    bundled
      released  2026-10-28
      zones     598
      sha256    [sha256]
    "#);
    let (exit, document) = curfew("zones --format json").json();
    assert_eq!((exit, &document["origin"]), (0, &"bundled".into()));
    assert!(document["age_days"].as_i64().is_some(), "{document}");
    assert_eq!(document["sha256"].as_str().map(str::len), Some(64));
}

#[test]
fn a_zone_is_shown_with_its_next_changes() {
    assert_snapshot!(shown("zones America/New_York --at 2026-06-10T12:30:00Z"), @r#"
    exit: 0
    --- stdout
    America/New_York (IANA 2026f)
      2026-06-10T12:30:00Z is 2026-06-10T08:30:00-04:00
      clocks change at 2026-11-01T06:00:00Z, to 2026-11-01T01:00:00-05:00
      clocks change at 2027-03-14T07:00:00Z, to 2027-03-14T03:00:00-04:00
      clocks change at 2027-11-07T06:00:00Z, to 2027-11-07T01:00:00-05:00
      clocks change at 2028-03-12T07:00:00Z, to 2028-03-12T03:00:00-04:00
    "#);
    assert_snapshot!(shown("zones america/vancouver --at 2026-12-01T00:00:00Z"), @r#"
    exit: 0
    --- stdout
    America/Vancouver (IANA 2026f)
      2026-12-01T00:00:00Z is 2026-11-30T17:00:00-07:00
      clocks do not change any more
    "#);
    let (_, document) = curfew("zones Australia/Lord_Howe --at 2026-06-10T12:30:00Z --format json").json();
    assert_eq!(document["local_time"], "2026-06-10T23:00:00+10:30");
    assert_eq!(document["changes"][0]["local_time"], "2026-10-04T02:30:00+11:00");
}

#[test]
fn a_zone_that_is_not_known_is_usage() {
    assert_snapshot!(shown("zones Europe/Atlantis"), @r#"
    exit: 2
    --- stderr
    error: `Europe/Atlantis` is not a time zone of IANA 2026f; write it as `America/New_York`
    "#);
    assert_snapshot!(shown("zones --at now"), @r#"
    exit: 2
    --- stderr
    error: the following required arguments were not provided:
      <ZONE>

    Usage: curfew zones --at <TIME> <ZONE>

    For more information, try '--help'.
    "#);
}
