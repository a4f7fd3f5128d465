//! `curfew windows`: the coming days of a place.

use insta::assert_snapshot;

use crate::kit::{curfew, shown};

#[test]
fn days_are_drawn_as_bars_that_fit_eighty_columns() {
    let shown =
        shown("windows --calling-hours 08:00-21:00 America/New_York --at 2026-10-31T12:00:00Z --days 3");
    assert_snapshot!(shown, @r#"
    exit: 0
    --- stdout
    sales voice to United States; days of America/New_York
                     0     3     6     9     12    15    18    21    24
    Sat 2026-10-31  |................##########################......| 08:00-21:00
    Sun 2026-11-01  |................##########################......| 08:00-21:00 *
    Mon 2026-11-02  |................##########################......| 08:00-21:00
    * clocks go back 1:00 h on 2026-11-01, to 01:00 (2026-11-01T06:00:00Z)
    open; closes 2026-10-31 21:00 -04:00 America/New_York (2026-11-01T01:00:00Z)
    "#);
    assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
}

#[test]
fn several_zones_leave_what_is_open_in_each() {
    assert_snapshot!(shown("windows US-TN --calling-hours 08:00-21:00 --at 2026-06-10T12:30:00Z --days 1"), @r#"
    exit: 0
    --- stdout
    sales voice to Tennessee; days of America/Chicago
    permitted in every one of America/Chicago, America/New_York
                     0     3     6     9     12    15    18    21    24
    Wed 2026-06-10  |................########################........| 08:00-20:00
    opens 2026-06-10 08:00 -05:00 America/Chicago (2026-06-10T13:00:00Z)
    "#);
    let wide = shown("windows US --calling-hours 08:00-21:00 --at 2026-06-10T12:30:00Z --days 1");
    assert!(wide.lines().all(|line| line.chars().count() <= 100), "{wide}");
}

#[test]
fn closed_days_and_odd_hours_are_shown() {
    let hours = [
        "--calling-hours",
        "mon-fri 09:15-12:00,13:00-20:10; sat 10:00:01-14:00",
    ];
    let run = curfew("windows America/Phoenix --at 2026-06-12T12:00:00Z --days 3");
    assert_snapshot!(run.arg(hours[0]).arg(hours[1]).shown(), @r#"
    exit: 0
    --- stdout
    sales voice to United States; days of America/Phoenix
                     0     3     6     9     12    15    18    21    24
    Fri 2026-06-12  |..................+#####..##############+.......| 09:15-12:00, 13:00-20:10
    Sat 2026-06-13  |....................+#######....................| 10:00:01-14:00
    Sun 2026-06-14  |................................................| closed
    opens 2026-06-12 09:15 -07:00 America/Phoenix (2026-06-12T16:15:00Z)
    "#);
}

#[test]
fn a_place_is_a_region_a_zone_or_both() {
    let title = |args: &str| {
        let shown = shown(&format!("windows --at 2026-06-10T12:30:00Z --days 1 {args}"));
        shown.lines().nth(2).unwrap_or_default().to_owned()
    };
    assert_snapshot!(title("US-AZ"), @"sales voice to Arizona; days of America/Denver");
    assert_snapshot!(title("Asia/Tokyo"), @"sales voice to Japan; days of Asia/Tokyo");
    assert_snapshot!(title("US-NY@America/New_York"), @"sales voice to New York; days of America/New_York");
    assert_snapshot!(title("--region US-TN --zone America/New_York"), @"sales voice to Tennessee; days of America/New_York");
    assert_snapshot!(title("US-TN --zone America/Chicago"), @"sales voice to Tennessee; days of America/Chicago");
}

#[test]
fn a_number_is_a_place_too() {
    let miami = shown("windows +13055550123 --at 2026-06-10T12:30:00Z --days 1");
    assert!(
        miami.contains("sales voice to Florida; days of America/New_York"),
        "{miami}"
    );
    let twice = shown("windows +13055550123 --phone +12125550123");
    assert!(
        twice.starts_with("exit: 2") && twice.contains("give one"),
        "{twice}"
    );
}

#[test]
fn a_place_that_is_none_is_usage() {
    assert_snapshot!(shown("windows ATLANTIS"), @r#"
    exit: 2
    --- stderr
    error: region `ATLANTIS` is not a known code; write ISO codes such as `US-FL` or `GB`, or define it under [regions] in the settings
    "#);
    assert_snapshot!(shown("windows US-NY@Europe/Atlantis"), @r#"
    exit: 2
    --- stderr
    error: `Europe/Atlantis` is not a time zone of IANA 2026f; write it as `America/New_York`
    "#);
    assert_snapshot!(shown("windows @America/New_York"), @r#"
    exit: 2
    --- stderr
    error: `@America/New_York`: `` does not have the form of a jurisdiction; write `US`, `US-FL` or `US-AL:Mobile`
    "#);
    assert_snapshot!(shown("windows Europe/Paris --zone Europe/London"), @r#"
    exit: 2
    --- stderr
    error: zones `Europe/Paris` and `Europe/London` are given; give one, or a region with --zone
    "#);
    assert_snapshot!(shown("windows"), @"
    exit: 2
    --- stderr
    error: nothing says where the callee is; give a region, a zone, a country, a phone number or places
    ");
    assert!(shown("windows US-NY --days 367").starts_with("exit: 2\n"));
}

#[test]
fn machines_get_instants_and_local_times() {
    let (exit, document) = curfew(
        "windows --calling-hours 08:00-21:00 Europe/Paris --at 2026-03-29T12:00:00Z --days 1 --format json",
    )
    .json();
    assert_eq!(exit, 0);
    assert_snapshot!(document["days"], @r#"[{"date":"2026-03-29","weekday":"Sunday","holiday":null,"openings":[{"open":"2026-03-29T06:00:00Z","close":"2026-03-29T19:00:00Z","local_open":"2026-03-29T08:00:00+02:00","local_close":"2026-03-29T21:00:00+02:00"}],"clock_changes":[{"at":"2026-03-29T01:00:00Z","local_time":"2026-03-29T03:00:00+02:00"}]}]"#);
    assert_eq!(document["zone"], "Europe/Paris");
    assert_eq!(document["places"][0]["zone"], "Europe/Paris");
}

#[test]
fn a_window_over_a_clock_change_is_two_stretches_of_one_opening() {
    // 01:00 to 02:00 comes twice; the window is open through both.
    let (_, document) =
        curfew("windows --calling-hours 00:00-24:00 America/New_York --at 2026-11-01T12:00:00Z --days 1 --format json")
            .json();
    let openings = document["days"][0]["openings"].as_array().unwrap();
    assert_eq!(openings.len(), 2);
    assert_eq!(openings[0]["close"], openings[1]["open"]);
    assert_eq!(
        document["days"][0]["clock_changes"][0]["local_time"],
        "2026-11-01T01:00:00-05:00"
    );
}

#[test]
fn holidays_are_named_where_they_change_hours() {
    assert_snapshot!(shown("windows US-AL --at 2026-12-24T12:00:00Z --days 3"), @"
    exit: 0
    --- stdout
    sales voice to Alabama; days of America/Chicago
    permitted in every one of America/Chicago, America/New_York
                     0     3     6     9     12    15    18    21    24
    Thu 2026-12-24  |................######################..........| 08:00-19:00
    Fri 2026-12-25  |................................................| closed (Christmas Day)
    Sat 2026-12-26  |................######################..........| 08:00-19:00
    opens 2026-12-24 08:00 -06:00 America/Chicago (2026-12-24T14:00:00Z)
    ");
    let (_, document) = curfew("windows ES --at 2026-12-24T12:00:00Z --days 2 --format json").json();
    assert_eq!(document["days"][0]["holiday"], serde_json::Value::Null);
    assert_eq!(document["days"][1]["holiday"], "Christmas Day");
}
