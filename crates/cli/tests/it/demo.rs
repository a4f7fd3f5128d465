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
    assert_snapshot!(demo, @r#"
    exit: 0
    --- stdout
    rejected      C-0000001   phone-not-e164
                  `phone` is not E.164; write `+`, country code and number without spaces, at most 15
                  digits
    prohibited    C-0000002   opens 2026-06-10 09:00 -05:00 America/Chicago (2026-06-10T14:00:00Z)
                  it is 07:30 on Wednesday 2026-06-10 in America/Chicago; by house hours, calls are
                  permitted 08:00-21:00
    prohibited    C-0000003   opens 2026-06-11 08:00 +09:30 Australia/Broken_Hill (2026-06-10T22:30:00Z)
                  it is 22:00 on Wednesday 2026-06-10 in Australia/Broken_Hill; by house hours, calls
                  are permitted 08:00-21:00
    inserted      C-0000004   until 2026-06-10 21:00 -04:00 America/New_York (2026-06-11T01:00:00Z)
                  it is 08:30 on Wednesday 2026-06-10 in America/New_York; by house hours, calls are
                  permitted 08:00-21:00
    prohibited    C-0000005   opens 2026-06-10 08:00 -07:00 America/Los_Angeles (2026-06-10T15:00:00Z)
                  it is 05:30 on Wednesday 2026-06-10 in America/Los_Angeles; by house hours, calls are
                  permitted 08:00-21:00
    inserted      C-0000006   until 2026-06-10 21:00 +01:00 Europe/London (2026-06-10T20:00:00Z)
                  it is 13:30 on Wednesday 2026-06-10 in Europe/London; by house hours, calls are
                  permitted 08:00-21:00
    prohibited    C-0000007   opens 2026-06-11 08:00 +09:00 Asia/Tokyo (2026-06-10T23:00:00Z)
                  it is 21:30 on Wednesday 2026-06-10 in Asia/Tokyo; by house hours, calls are permitted
                  08:00-21:00
    inserted      C-0000008   until 2026-06-10 21:00 +02:00 Europe/Berlin (2026-06-10T19:00:00Z)
                  it is 14:30 on Wednesday 2026-06-10 in Europe/Berlin; by house hours, calls are
                  permitted 08:00-21:00
    updated       C-0000009   until 2026-06-10 21:00 +02:00 Europe/Paris (2026-06-10T19:00:00Z)
                  it is 14:30 on Wednesday 2026-06-10 in Europe/Paris; by house hours, calls are
                  permitted 08:00-21:00
    inserted      C-0000010   until 2026-06-10 21:00 -04:00 America/New_York (2026-06-11T01:00:00Z)
                  it is 08:30 on Wednesday 2026-06-10 in America/New_York; by house hours, calls are
                  permitted 08:00-21:00
    prohibited    C-0000011   jurisdiction-unknown
                  region `us_fl` is not a known code; write ISO codes such as `US-FL` or `GB`, or define
                  it under [regions] in the settings
    prohibited    C-0000012   opens 2026-06-10 08:00 -07:00 America/Los_Angeles (2026-06-10T15:00:00Z)
                  it is 05:30 on Wednesday 2026-06-10 in America/Los_Angeles; by house hours, calls are
                  permitted 08:00-21:00

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
    the first of the prohibited may be called from 2026-06-10T14:00:00Z
    --- stderr
    target   a simulated tenant on this machine
    purpose  sales voice
    planned  2026-06-10T12:30:00Z, where the demo's clock stands still
    mode     WRITE
    [s] s, [rate] contacts a second sent, throttled 0 times; rulebook 0, tzdb 2026f
    try next: curfew check --region US-FL --at now
    "#);
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
