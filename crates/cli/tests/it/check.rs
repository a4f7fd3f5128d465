//! `curfew check`, one attempt.

use insta::assert_snapshot;

use crate::kit::{PACIFIC, curfew, shown};

/// Exit code, decision, permitted until, next opening.
fn verdict(args: &str) -> (i32, [Option<String>; 3]) {
    let (exit, answer) = curfew(&format!("check --format json {args}")).json();
    let text = |key: &str| answer[key].as_str().map(str::to_owned);
    (
        exit,
        [text("decision"), text("permitted_until"), text("next_opening")],
    )
}

fn permitted(until: &str) -> (i32, [Option<String>; 3]) {
    (0, [Some("permit".to_owned()), Some(until.to_owned()), None])
}

fn prohibited(opening: &str) -> (i32, [Option<String>; 3]) {
    (3, [Some("prohibit".to_owned()), None, Some(opening.to_owned())])
}

#[test]
fn the_window_is_open_at_its_start_and_closed_at_its_end() {
    let at = |time: &str| verdict(&format!("{PACIFIC} --at {time}"));
    assert_eq!(at("2026-06-10T14:59:59Z"), prohibited("2026-06-10T15:00:00Z"));
    assert_eq!(at("2026-06-10T15:00:00Z"), permitted("2026-06-11T04:00:00Z"));
    assert_eq!(at("2026-06-11T03:59:59Z"), permitted("2026-06-11T04:00:00Z"));
    assert_eq!(at("2026-06-11T04:00:00Z"), prohibited("2026-06-11T15:00:00Z"));
    assert_eq!(at("2026-06-10T17:00:00+02:00"), at("2026-06-10T15:00:00Z"));
}

#[test]
fn a_permitted_call_in_words() {
    assert_snapshot!(shown(&format!("check {PACIFIC} --at 2026-06-10T15:00:00Z")), @"
    exit: 0
    --- stdout
    permitted until 2026-06-10 21:00 -07:00 America/Los_Angeles (2026-06-11T04:00:00Z)
      at        2026-06-10T15:00:00Z
      place     US (United States), America/Los_Angeles, 2026-06-10T08:00:00-07:00 (by region)
      permits   within-calling-window: --calling-hours permits calls 08:00-21:00 local time; it is 08:00
                in America/Los_Angeles
      notes     law-not-applied: --calling-hours decides alone: no law was applied
      by        sales voice by every-candidate, rulebook 2026.11.1 ([sha256]), tzdb 2026f
                ([sha256]), engine 0.1.0
    ");
}

#[test]
fn a_prohibited_call_in_words() {
    assert_snapshot!(shown(&format!("check {PACIFIC} --at 2026-06-10T14:59:59Z")), @"
    exit: 3
    --- stdout
    prohibited; calling opens 2026-06-10 08:00 -07:00 America/Los_Angeles (2026-06-10T15:00:00Z)
      at        2026-06-10T14:59:59Z
      place     US (United States), America/Los_Angeles, 2026-06-10T07:59:59-07:00 (by region)
      prohibits outside-calling-window: --calling-hours permits calls from 08:00 local time; it is
                07:59:59 in America/Los_Angeles
      notes     law-not-applied: --calling-hours decides alone: no law was applied
      by        sales voice by every-candidate, rulebook 2026.11.1 ([sha256]), tzdb 2026f
                ([sha256]), engine 0.1.0
    ");
}

#[test]
fn without_evidence_there_is_no_place() {
    assert_snapshot!(shown("check --at 2026-06-10T15:00:00Z"), @"
    exit: 3
    --- stdout
    prohibited
      at        2026-06-10T15:00:00Z
      prohibits place-unresolved: nothing says where the callee is; give a region, a zone, a country, a
                phone number or places
      notes     facts-needed: when calling opens can be told once the facts above are supplied
      by        sales voice by every-candidate, rulebook 2026.11.1 ([sha256]), tzdb 2026f
                ([sha256]), engine 0.1.0
    ");
}

#[test]
fn an_unknown_region_is_prohibited_and_never_its_parent() {
    assert_snapshot!(shown("check --region ATLANTIS --at 2026-06-10T15:00:00Z"), @"
    exit: 3
    --- stdout
    prohibited
      at        2026-06-10T15:00:00Z
      prohibits jurisdiction-unknown: region `ATLANTIS` is not a known code; write ISO codes such as
                `US-FL` or `GB`, or define it under [regions] in the settings
      notes     facts-needed: when calling opens can be told once the facts above are supplied
      by        sales voice by every-candidate, rulebook 2026.11.1 ([sha256]), tzdb 2026f
                ([sha256]), engine 0.1.0
    ");
    let (exit, answer) = curfew("check --region US-FLA --at 2026-06-10T15:00:00Z --format json").json();
    assert_eq!((exit, &answer["places"]), (3, &serde_json::json!([])));
    assert_eq!(answer["findings"][0]["code"], "jurisdiction-unknown");
}

#[test]
fn a_time_without_an_offset_is_refused() {
    assert_snapshot!(shown(&format!("check {PACIFIC} --at 2026-06-10T15:00:00")), @r#"
    exit: 2
    --- stderr
    error: --at: `2026-06-10T15:00:00` has no UTC offset; write `Z` or an offset such as `-04:00` after it
    "#);
    assert_eq!(
        verdict(&format!("{PACIFIC} --at 2026-06-10T15:00:00 --assume-utc")),
        permitted("2026-06-11T04:00:00Z")
    );
}

#[test]
fn british_columbia_keeps_its_summer_time() {
    let (_, answer) =
        curfew("check --place CA-BC@America/Vancouver --at 2026-12-01T18:00:00Z --format json").json();
    assert_eq!(answer["places"][0]["local_time"], "2026-12-01T11:00:00-07:00");
}

#[test]
fn a_country_is_not_the_state_that_shares_its_letters() {
    for code in ["AR", "CA", "CO", "DE", "GA", "IL", "IN", "MA", "SC"] {
        for evidence in ["region", "country"] {
            let run = curfew(&format!(
                "check --{evidence} {code} --at 2026-06-10T16:00:00Z --format json"
            ));
            let (_, answer) = run.json();
            let place = answer["places"][0]["jurisdiction"].as_str().unwrap();
            assert_eq!(place.get(..2), Some(code), "{evidence}: {place}");
        }
    }
    let run = curfew("check --zone America/Vancouver --at 2026-12-01T18:00:00Z --format json");
    assert_eq!(run.json().1["places"][0]["jurisdiction"], "CA-BC");
}

#[test]
fn every_zone_of_a_state_must_permit() {
    // 07:30 in the west of either state, 08:30 in the east.
    for region in ["US-TN", "US-FL"] {
        let half_past = format!("--region {region} --at 2026-06-10T12:30:00Z");
        assert_eq!(verdict(&half_past), prohibited("2026-06-10T13:00:00Z"));
    }
    assert_snapshot!(shown("check --region US-TN --at 2026-06-10T12:30:00Z"), @"
    exit: 3
    --- stdout
    prohibited; calling opens 2026-06-10 08:00 -05:00 America/Chicago (2026-06-10T13:00:00Z)
      at        2026-06-10T12:30:00Z
      place     US-TN (Tennessee), America/Chicago, 2026-06-10T07:30:00-05:00 (by region)
      place     US-TN (Tennessee), America/New_York, 2026-06-10T08:30:00-04:00 (by region)
      prohibits outside-calling-window: United States permits sales calls from 08:00 local time; it is
                07:30 in America/Chicago (47 CFR 64.1200(c)(1), (e), (f)(15); 47 U.S.C. 227(a)(4))
      prohibits outside-calling-window: United States permits sales calls from 08:00 local time; it is
                07:30 in America/Chicago (16 CFR 310.4(c); business calls: 310.6(b)(7))
      permits   within-calling-window: United States permits sales calls 08:00-21:00 local time; it is
                08:30 in America/New_York (47 CFR 64.1200(c)(1), (e), (f)(15); 47 U.S.C. 227(a)(4))
      permits   within-calling-window: United States permits sales calls 08:00-21:00 local time; it is
                08:30 in America/New_York (16 CFR 310.4(c); business calls: 310.6(b)(7))
      by        sales voice by every-candidate, rulebook 2026.11.1 ([sha256]), tzdb 2026f
                ([sha256]), engine 0.1.0
    ");
}

#[test]
fn contradictory_evidence_widens() {
    assert_snapshot!(shown("check --region US-AZ --zone Europe/Paris --at 2026-06-10T16:00:00Z"), @"
    exit: 0
    --- stdout
    permitted until 2026-06-10 20:00 +02:00 Europe/Paris (2026-06-10T18:00:00Z)
      at        2026-06-10T16:00:00Z
      place     FR (France), Europe/Paris, 2026-06-10T18:00:00+02:00 (by zone)
      place     US-AZ (Arizona), America/Denver, 2026-06-10T10:00:00-06:00 (by region)
      place     US-AZ (Arizona), America/Phoenix, 2026-06-10T09:00:00-07:00 (by region)
      permits   within-calling-window: France permits sales calls 10:00-13:00 and 14:00-20:00 local
                time; it is 18:00 in Europe/Paris (C. conso. D.223-9 (décret 2022-1313; since 2026-08-11
                décret 2026-662 art. 4))
      permits   within-calling-window: United States permits sales calls 08:00-21:00 local time; it is
                10:00 in America/Denver (47 CFR 64.1200(c)(1), (e), (f)(15); 47 U.S.C. 227(a)(4))
      permits   within-calling-window: United States permits sales calls 08:00-21:00 local time; it is
                10:00 in America/Denver (16 CFR 310.4(c); business calls: 310.6(b)(7))
      permits   within-calling-window: United States permits sales calls 08:00-21:00 local time; it is
                09:00 in America/Phoenix (47 CFR 64.1200(c)(1), (e), (f)(15); 47 U.S.C. 227(a)(4))
      permits   within-calling-window: United States permits sales calls 08:00-21:00 local time; it is
                09:00 in America/Phoenix (16 CFR 310.4(c); business calls: 310.6(b)(7))
      notes     evidence-conflict: region and zone name different places; every one of them was judged
      notes     cap-not-evaluated: how often the callee was called is not known, so these caps were not
                evaluated: FR.cap, FR.refusal; give `attempts`
      by        sales voice by every-candidate, rulebook 2026.11.1 ([sha256]), tzdb 2026f
                ([sha256]), engine 0.1.0
    ");
}

#[test]
fn a_zone_narrows_a_state() {
    let (exit, answer) =
        curfew("check --region US-TN --zone America/New_York --at 2026-06-10T12:30:00Z --format json").json();
    assert_eq!((exit, answer["places"].as_array().unwrap().len()), (0, 1));
    assert_eq!(
        answer["places"][0]["evidence"],
        serde_json::json!(["region", "zone"])
    );
}

#[test]
fn places_outright_replace_all_other_evidence() {
    let places = "--place US-NY@America/New_York --place US-CA@America/Los_Angeles";
    let (exit, answer) = curfew(&format!(
        "check --region ATLANTIS {places} --at 2026-06-10T16:00:00Z --format json"
    ))
    .json();
    assert_eq!((exit, answer["places"].as_array().unwrap().len()), (0, 2));
    assert_snapshot!(shown("check --place US-NY --at now"), @r#"
    exit: 2
    --- stderr
    error: invalid value 'US-NY' for '--place <JURISDICTION@ZONE>': write it as `US-NY@America/New_York`

    For more information, try '--help'.
    "#);
}

#[test]
fn the_tutorial_scheme_knows_its_codes_alone() {
    let at = "--regions tutorial --at 2026-06-10T16:00:00Z";
    assert_eq!(verdict(&format!("--region US-EST {at}")).0, 0);
    let (exit, answer) = curfew(&format!("check --region US-FL {at} --format json")).json();
    assert_eq!(
        (exit, &answer["findings"][0]["code"]),
        (3, &"jurisdiction-unknown".into())
    );
}

#[test]
fn a_guard_shrinks_the_window_and_a_length_needs_room() {
    let at = |time: &str, more: &str| verdict(&format!("{PACIFIC} --at {time} {more}"));
    assert_eq!(
        at("2026-06-10T15:04:59Z", "--guard 5m"),
        prohibited("2026-06-10T15:05:00Z")
    );
    assert_eq!(
        at("2026-06-10T15:05:00Z", "--guard 5m"),
        permitted("2026-06-11T03:55:00Z")
    );
    assert_eq!(
        at("2026-06-11T03:50:00Z", "--for 10m"),
        permitted("2026-06-11T03:50:01Z")
    );
    assert_eq!(
        at("2026-06-11T03:50:01Z", "--for 10m"),
        prohibited("2026-06-11T15:00:00Z")
    );
    assert_snapshot!(shown(&format!("check {PACIFIC} --at 2026-06-11T03:55:30Z --guard 5m --for 10m")), @"
    exit: 3
    --- stdout
    prohibited; calling opens 2026-06-11 08:05 -07:00 America/Los_Angeles (2026-06-11T15:05:00Z)
      at        2026-06-11T03:55:30Z
      place     US (United States), America/Los_Angeles, 2026-06-10T20:55:30-07:00 (by region)
      prohibits outside-calling-window: --calling-hours permits calls 08:00-21:00 local time, too near
                the edge for a guard of 300 s and a call of 600 s; it is 20:55:30 in America/Los_Angeles
      notes     law-not-applied: --calling-hours decides alone: no law was applied
      by        sales voice by every-candidate, rulebook 2026.11.1 ([sha256]), tzdb 2026f
                ([sha256]), engine 0.1.0
    ");
}

#[test]
fn a_number_that_cannot_be_one_prohibits() {
    let run = curfew("check --region US-CA --phone 555-0142 --at 2026-06-10T16:00:00Z --format json");
    let (exit, answer) = run.json();
    assert_eq!(
        (exit, &answer["findings"][0]["code"]),
        (3, &"evidence-unreadable".into())
    );
    // The answer is kept and passed on; the number is not in it.
    assert!(!answer.to_string().contains("0142"), "{answer}");
}

#[test]
fn the_id_is_repeated() {
    let (_, answer) = curfew(&format!("check {PACIFIC} --id 7 --format ndjson")).json();
    assert_eq!(answer["id"], "7");
}

#[test]
fn the_hosts_zone_and_language_never_matter() {
    let run = || curfew("check --region US-TN --at 2026-06-10T12:30:00Z");
    let plain = run().shown();
    for zone in ["Asia/Tokyo", "America/Los_Angeles", "/etc/nowhere", "garbage"] {
        let moved = run()
            .env("TZ", zone)
            .env("LANG", "de_DE.UTF-8")
            .env("LC_ALL", "tr_TR.UTF-8");
        assert_eq!(moved.shown(), plain, "{zone}");
    }
}

#[test]
fn what_cannot_be_read_is_usage() {
    for (args, words) in [
        (
            "--region US-FL --at garbage",
            "error: --at: `garbage` is not an RFC 3339 time",
        ),
        (
            "--region US-FL --at +8",
            "error: --at: `8` is not a duration; write `90s`, `5m` or `1h30m`",
        ),
        (
            "--region US-FL --purpose fun",
            "error: --purpose: `fun` is not one of sales, ",
        ),
        (
            "--region US-FL --channel fax",
            "error: --channel: `fax` is not one of voice, ",
        ),
        (
            "--region US-FL --policy any",
            "error: --policy: `any` is not one of every-candidate, ",
        ),
        (
            "--region US-FL --guard 5",
            "error: --guard: `5` is not a duration",
        ),
        (
            "--region US-FL --guard 3h",
            "error: --guard: a guard of 10800 s is too long; the longest is 7200 s",
        ),
        (
            "--region US-FL --for 13h",
            "error: --for: a call length of 46800 s is too long",
        ),
        (
            "--region US-FL --calling-hours 21-8",
            "error: --calling-hours: `21` is not a time of day",
        ),
        (
            "--region US-FL --regions all",
            "error: --regions: `all` is not one of iso, tutorial",
        ),
        (
            "--region US-FL --rules none.toml",
            "error: --rules: none.toml: cannot be read: ",
        ),
        (
            "--region US-FL --tzdata none",
            "error: --tzdata: none: cannot be read: ",
        ),
        (
            "--input x --region US-FL",
            "error: the argument '--input <FILE>' cannot be used with '--region",
        ),
        ("--regoin US-FL", "tip: a similar argument exists: '--region'"),
    ] {
        let shown = shown(&format!("check {args}"));
        assert!(
            shown.starts_with("exit: 2\n--- stderr\nerror: ") && shown.contains(words),
            "{args}: {shown}"
        );
    }
}

#[test]
fn a_number_alone_places_the_callee() {
    let (exit, answer) = curfew("check --phone +13055550123 --at 2026-06-11T00:30:00Z --format json").json();
    assert_eq!(exit, 3);
    assert_eq!(answer["places"][0]["jurisdiction"], "US-FL");
    assert_eq!(answer["places"][0]["evidence"][0], "phone");
    let (exit, answer) =
        curfew("check --country US --postal-code 33101 --at 2026-06-11T00:30:00Z --format json").json();
    assert_eq!((exit, &answer["places"][0]["jurisdiction"]), (3, &"US-FL".into()));
}
