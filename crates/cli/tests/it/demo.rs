//! `curfew demo`: the same show every time.

use insta::assert_snapshot;

use crate::kit::{curfew, shown};

#[test]
fn permitted_prohibited_and_rejected_contacts_are_shown() {
    let demo = shown("demo");
    for outcome in ["inserted", "updated", "prohibited", "rejected"] {
        assert!(demo.contains(&format!("\n{outcome:<13} C-")), "{outcome}: {demo}");
    }
    assert!(demo.lines().all(|line| line.chars().count() <= 100), "{demo}");
    assert_snapshot!(demo, @"
    exit: 0
    --- stdout
    rejected      C-0000001   phone-not-e164
                  `phone` is not E.164; write `+`, country code and number without spaces, at most 15
                  digits
    prohibited    C-0000002   opens 2026-06-10 10:00:01 -05:00 America/Chicago (2026-06-10T15:00:01Z)
                  Texas permits sales calls after 09:00 local time; it is 07:30 in America/Chicago (Tex.
                  Bus. & Com. Code 301.051(b)(2), 301.001(4))
    prohibited    C-0000003   opens 2026-06-11 09:00 +09:30 Australia/Broken_Hill (2026-06-10T23:30:00Z)
                  Australia ends sales calls at 20:00 local time; it is 22:00 in Australia/Broken_Hill
                  (Telecommunications (Telemarketing and Research Calls) Industry Standard 2017
                  (F2017L00323) s.8)
    inserted      C-0000004   until 2026-06-10 20:00 -04:00 America/New_York (2026-06-11T00:00:00Z)
                  Florida permits sales calls 08:00-20:00 local time; it is 08:30 in America/New_York
                  (Fla. Stat. 501.616(6)(a))
    prohibited    C-0000005   opens 2026-06-10 08:00 -07:00 America/Los_Angeles (2026-06-10T15:00:00Z)
                  United States permits sales calls from 08:00 local time; it is 05:30 in
                  America/Los_Angeles (47 CFR 64.1200(c)(1), (e), (f)(15); 47 U.S.C. 227(a)(4))
    inserted      C-0000006   until 2026-06-10 21:00 +01:00 Europe/London (2026-06-10T20:00:00Z)
                  Britain (UK) permits sales calls 08:00-21:00 local time; it is 13:30 in Europe/London
                  (former DMA Code of Practice 21.41; today's DMA Code r.1.4 says only 'antisocial'
                  times)
    prohibited    C-0000007   opens 2026-06-11 08:00 +09:00 Asia/Tokyo (2026-06-10T23:00:00Z)
                  the house ends calls at 21:00 local time; it is 21:30 in Asia/Tokyo
    inserted      C-0000008   until 2026-06-10 20:00 +02:00 Europe/Berlin (2026-06-10T18:00:00Z)
                  Germany permits sales calls 09:00-20:00 local time; it is 14:30 in Europe/Berlin (no
                  statutory hours; UWG 7(2) Nr.1, 7a (consent and its proof))
    updated       C-0000009   until 2026-06-10 20:00 +02:00 Europe/Paris (2026-06-10T18:00:00Z)
                  France permits sales calls 10:00-13:00 and 14:00-20:00 local time; it is 14:30 in
                  Europe/Paris (C. conso. D.223-9 (décret 2022-1313; since 2026-08-11 décret 2026-662
                  art. 4))
    inserted      C-0000010   until 2026-06-10 21:00 -04:00 America/New_York (2026-06-11T01:00:00Z)
                  United States permits sales calls 08:00-21:00 local time; it is 08:30 in
                  America/New_York (47 CFR 64.1200(c)(1), (e), (f)(15); 47 U.S.C. 227(a)(4))
    prohibited    C-0000011   jurisdiction-unknown
                  region `us_fl` is not a known code; write ISO codes such as `US-FL` or `GB`, or define
                  it under [regions] in the settings
    prohibited    C-0000012   opens 2026-06-10 08:00 -07:00 America/Los_Angeles (2026-06-10T15:00:00Z)
                  Oregon permits sales calls from 08:00 local time; it is 05:30 in America/Los_Angeles
                  (ORS 646.563(1)(b), 646.561(4)(b)(C), as amended by HB 3865 (2025 c. 580))

    read                  12
    inserted               4
    updated                1
    prohibited             6
    rejected               1
    failed                 0
    not in the campaign, by reason:
      jurisdiction-unknown               1
      outside-calling-window             5
      phone-not-e164                     1
    the first of the prohibited may be called from 2026-06-10T15:00:00Z
    log head 19 [sha256]
    --- stderr
    target   a simulated tenant on this machine
    purpose  sales voice
    planned  2026-06-10T12:30:00Z, where the demo's clock stands still
    mode     WRITE
    [s] s, [rate] contacts a second sent, throttled 0 times; rulebook 2026.11.1, tzdb 2026f
    try next: curfew check --region US-FL --at now
    ");
}

#[test]
fn it_depends_on_nothing_around_it() {
    let run = curfew("demo")
        .file("curfew.toml", "guard = \"5m\"\nthis is no TOML")
        .env("CURFEW_CALLING_HOURS", "00:00-24:00")
        .env("CXONE_BASE_URL", "https://acme.example")
        .env("TZ", "Asia/Tokyo")
        .env("HTTP_PROXY", "http://127.0.0.1:1")
        .env("LANG", "ja_JP.UTF-8");
    assert_eq!(run.shown(), shown("demo"));
}

#[test]
fn machines_can_watch_it_too() {
    let output = curfew("demo --format ndjson --quiet --contacts 3").output();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(
        (output.status.code(), lines.len(), output.stderr.as_slice()),
        (Some(0), 4, &b""[..])
    );
    assert_eq!(
        (&lines[0]["contact"], &lines[3]["read"]),
        (&"C-0000001".into(), &3.into())
    );
}
