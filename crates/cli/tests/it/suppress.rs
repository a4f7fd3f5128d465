//! `--suppress`: whom nobody may call, whatever the hour.

use insta::assert_snapshot;

use crate::kit::{Run, curfew};

const LIST: &str = "\u{feff}phone,expires,reason\r\n\
    # asked in May\r\n\
    +13055550123,2026-06-30,\"asked by letter, May\"\r\n\
    +14155550199,,\r\n";

fn with_list(args: &str) -> Run {
    curfew(args).file("dnc.csv", LIST)
}

#[test]
fn a_listed_number_is_prohibited_at_noon_and_told_when_the_entry_ends() {
    let args = "check --suppress dnc.csv --phone +13055550123 --at 2026-06-10T16:00:00Z";
    assert_snapshot!(with_list(args).shown(), @r"
    exit: 3
    --- stdout
    prohibited; calling opens 2026-07-01 08:00 -04:00 America/New_York (2026-07-01T12:00:00Z)
      at        2026-06-10T16:00:00Z
      place     US-FL (Florida), America/New_York, 2026-06-10T12:00:00-04:00 (by phone)
      prohibits suppressed: the number is on the do-not-call list until 2026-07-01T12:00:00Z: asked by
                letter, May
      permits   within-calling-window: Florida permits sales calls 08:00-20:00 local time; it is 12:00
                in America/New_York (Fla. Stat. 501.616(6)(a))
      permits   within-calling-window: United States permits sales calls 08:00-21:00 local time; it is
                12:00 in America/New_York (47 CFR 64.1200(c)(1), (e), (f)(15); 47 U.S.C. 227(a)(4))
      permits   within-calling-window: United States permits sales calls 08:00-21:00 local time; it is
                12:00 in America/New_York (16 CFR 310.4(c); business calls: 310.6(b)(7))
      notes     cap-not-evaluated: how often the callee was called is not known, so these caps were not
                evaluated: US-FL.cap; give `attempts`
      by        sales voice by every-candidate, rulebook 2026.11.1 ([sha256]), tzdb 2026f
                ([sha256]), engine 0.1.0
    ");
    // The list ends with June at the last place on Earth: noon, UTC, of July the first.
    let args = "check --suppress dnc.csv --phone +13055550123 --at 2026-07-01T12:00:00Z --format json";
    let (code, answer) = with_list(args).json();
    assert_eq!((code, answer["decision"].as_str()), (0, Some("permit")));
}

#[test]
fn without_an_end_nothing_opens_whatever_hours_are_set() {
    let args =
        "check --suppress dnc.csv --phone +14155550199 --at 2026-06-10T19:00:00Z --calling-hours 00:00-24:00";
    assert_snapshot!(with_list(args).shown(), @r"
    exit: 3
    --- stdout
    prohibited
      at        2026-06-10T19:00:00Z
      place     US-CA (California), America/Los_Angeles, 2026-06-10T12:00:00-07:00 (by phone)
      prohibits suppressed: the number is on the do-not-call list, without end
      permits   within-calling-window: --calling-hours permits calls 00:00-24:00 local time; it is 12:00
                in America/Los_Angeles
      notes     law-not-applied: --calling-hours decides alone: no law was applied
      notes     never-opens: the do-not-call entry has no end; no time and no other fact opens calling
      by        sales voice by every-candidate, rulebook 2026.11.1 ([sha256]), tzdb 2026f
                ([sha256]), engine 0.1.0
    ");
}

#[test]
fn each_line_of_an_input_is_held_against_all_lists() {
    let input = ["+13055550123", "+14155550199", "+12125550123", "+17025550123"]
        .map(|phone| {
            format!("{{\"id\":\"{phone}\",\"at\":\"2026-06-10T17:00:00Z\",\"phone\":\"{phone}\"}}\n")
        })
        .concat();
    let run = with_list("check --input - --format text --suppress dnc.csv --suppress more.txt")
        .file("more.txt", "+17025550123\n")
        .stdin(input);
    assert_snapshot!(run.shown(), @r"
    exit: 0
    --- stdout
    +13055550123  prohibited: the number is on the do-not-call list until 2026-07-01T12:00:00Z: asked by letter, May; calling opens 2026-07-01 08:00 -04:00 America/New_York (2026-07-01T12:00:00Z)
    +14155550199  prohibited: the number is on the do-not-call list, without end
    +12125550123  permitted: United States permits sales calls 08:00-21:00 local time; it is 13:00 in America/New_York (47 CFR 64.1200(c)(1), (e), (f)(15); 47 U.S.C. 227(a)(4)); permitted until 2026-06-10 21:00 -04:00 America/New_York (2026-06-11T01:00:00Z)
    +17025550123  prohibited: the number is on the do-not-call list, without end
    ");
}

#[test]
fn a_list_may_be_named_by_variable_and_by_settings() {
    let check = "check --phone +17025550123 --at 2026-06-10T17:00:00Z --format json";
    let run = with_list(check).file("more.txt", "+17025550123\n");
    let (code, answer) = run.env("CURFEW_SUPPRESS", "dnc.csv:more.txt").json();
    assert_eq!(
        (code, answer["findings"][0]["code"].as_str()),
        (3, Some("suppressed"))
    );
    let run = curfew(check).file("more.txt", "+17025550123\n");
    let (code, answer) = run.file("curfew.toml", "suppress = \"more.txt\"").json();
    assert_eq!(
        (code, answer["findings"][0]["code"].as_str()),
        (3, Some("suppressed"))
    );
}

#[test]
fn windows_of_a_listed_number_are_closed_until_the_entry_ends() {
    let args = "windows --suppress dnc.csv --phone +13055550123 --at 2026-06-29T16:00:00Z --days 4";
    assert_snapshot!(with_list(args).shown(), @r"
    exit: 0
    --- stdout
    sales voice to Florida; days of America/New_York
                     0     3     6     9     12    15    18    21    24
    Mon 2026-06-29  |................................................| closed
    Tue 2026-06-30  |................................................| closed
    Wed 2026-07-01  |................########################........| 08:00-20:00
    Thu 2026-07-02  |................########################........| 08:00-20:00
    the number is on the do-not-call list until 2026-07-01T12:00:00Z: asked by letter, May
    opens 2026-07-01 08:00 -04:00 America/New_York (2026-07-01T12:00:00Z)
    ");
}

#[test]
fn a_list_that_cannot_be_read_whole_stops_everything() {
    let check = "check --suppress dnc.csv --phone +13055550123 --at 2026-06-10T16:00:00Z";
    assert_snapshot!(curfew(check).shown(), @r"
    exit: 2
    --- stderr
    error: --suppress: dnc.csv: cannot be read: No such file or directory (os error 2)
    ");
    assert_snapshot!(curfew(check).file("dnc.csv", "+13055550124\n3055550123\n305-555-0123\n").shown(), @r"
    exit: 2
    --- stderr
    error: --suppress: dnc.csv: 2 of its lines cannot be read, and a list of those not to be called must not be read in part:
      line 2: the phone number does not begin with `+`; write `+`, country code and number: `+13055550123`
      line 3: the phone number does not begin with `+`; write `+`, country code and number: `+13055550123`
    ");
    let run = curfew("check --phone +13055550123").file("dnc.csv", "telephone,expires\n");
    assert_snapshot!(run.file("curfew.toml", "suppress = \"dnc.csv\"").shown(), @r"
    exit: 2
    --- stderr
    error: curfew.toml:1: `suppress`: dnc.csv:1: `telephone` is no column of a do-not-call list; write one number a line, or the columns `phone,expires,reason` with commas between them
    ");
}
