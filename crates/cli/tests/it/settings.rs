//! Settings: default < file < environment < flag, and where each came from.

use insta::assert_snapshot;

use crate::kit::{curfew, shown};

const GUARD: &str = "guard = \"1m\"\n";

/// The line of a setting in `config show`.
fn line(shown: &str, name: &str) -> String {
    let line = shown
        .lines()
        .find(|line| line.starts_with(name))
        .unwrap_or_default();
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn everything_has_a_default() {
    assert_snapshot!(shown("config show"), @"
    exit: 0
    --- stdout
    settings file: none
    purpose            sales              default
    channel            voice              default
    policy             every-candidate    default
    guard              0s                 default
    for                0s                 default
    house_hours        08:00-21:00        default
    unknown_numbers    note               default
    unverified         note               default
    require_history    false              default
    calling_hours      -                  not set
    region_codes       iso                default
    rules_file         -                  not set
    tzdata             -                  not set
    suppress           -                  not set
    assume_utc         false              default
    state_dir          -                  not set
    sync.base_url      -                  not set
    sync.secrets_file  -                  not set
    sync.rate          50                 default
    sync.concurrency   64                 default
    sync.page_size     100                default
    sync.patience      5m                 default
    sync.max_rejected  0                  default
    sync.country       -                  not set
    ");
}

#[test]
fn each_layer_wins_over_the_one_before() {
    let guard = |args: &str, in_file: bool, in_environment: bool| {
        let mut run = curfew(args);
        if in_file {
            run = run.file("curfew.toml", GUARD);
        }
        if in_environment {
            run = run.env("CURFEW_GUARD", "2m");
        }
        line(&run.shown(), "guard ")
    };
    assert_eq!(guard("config show", false, false), "guard 0s default");
    assert_eq!(guard("config show", true, false), "guard 1m curfew.toml:1");
    assert_eq!(guard("config show", true, true), "guard 2m CURFEW_GUARD");
    assert_eq!(guard("config show --guard 3m", true, true), "guard 3m --guard");
    assert_eq!(guard("config show --no-config", true, false), "guard 0s default");
}

#[test]
fn an_empty_variable_is_not_set() {
    let run = curfew("config show")
        .file("curfew.toml", GUARD)
        .env("CURFEW_GUARD", "");
    assert_eq!(line(&run.shown(), "guard "), "guard 1m curfew.toml:1");
}

#[test]
fn the_file_is_the_one_named_else_here_else_in_the_users_folder() {
    let run = |args: &str| {
        curfew(args)
            .file("named.toml", "guard = \"11s\"")
            .file("other.toml", "guard = \"12s\"")
            .file("xdg/curfew/curfew.toml", "guard = \"14s\"")
            .file("home/.config/curfew/curfew.toml", "guard = \"15s\"")
            .env("HOME", "$FOLDER/home")
    };
    let here = |args: &str| run(args).file("curfew.toml", "guard = \"13s\"");
    let shows = |run: crate::kit::Run| line(&run.shown(), "guard ");
    assert_eq!(
        shows(here("config show --config named.toml").env("CURFEW_CONFIG", "other.toml")),
        "guard 11s named.toml:1"
    );
    assert_eq!(
        shows(here("config show").env("CURFEW_CONFIG", "other.toml")),
        "guard 12s other.toml:1"
    );
    assert_eq!(
        shows(here("config show").env("XDG_CONFIG_HOME", "$FOLDER/xdg")),
        "guard 13s curfew.toml:1"
    );
    assert_eq!(
        shows(run("config show").env("XDG_CONFIG_HOME", "$FOLDER/xdg")),
        "guard 14s [folder]/xdg/curfew/curfew.toml:1"
    );
    assert_eq!(
        shows(run("config show")),
        "guard 15s [folder]/home/.config/curfew/curfew.toml:1"
    );
    assert_eq!(
        shows(run("config show --no-config").env("CURFEW_CONFIG", "other.toml")),
        "guard 0s default"
    );
}

#[test]
fn a_file_that_is_named_must_be_there() {
    assert_snapshot!(shown("config show --config none.toml"), @r#"
    exit: 2
    --- stderr
    error: --config: none.toml: cannot be read: No such file or directory (os error 2)
    "#);
    assert_snapshot!(curfew("check --region US-CA").env("CURFEW_CONFIG", "none.toml").shown(), @r#"
    exit: 2
    --- stderr
    error: CURFEW_CONFIG: none.toml: cannot be read: No such file or directory (os error 2)
    "#);
}

#[test]
fn what_is_wrong_is_named_with_file_line_and_key() {
    let wrong = |text: &str| {
        let shown = curfew("check --region US-CA").file("curfew.toml", text).shown();
        let error = shown
            .strip_prefix("exit: 2\n--- stderr\nerror: ")
            .unwrap_or(&shown);
        error.trim_end().to_owned()
    };
    assert_snapshot!(wrong("\nguard = \"5\""), @"curfew.toml:2: `guard`: `5` is not a duration; write `90s`, `5m` or `1h30m`");
    assert_snapshot!(wrong("guard = \"3h\""), @"curfew.toml:1: `guard`: a guard of 10800 s is too long; the longest is 7200 s");
    assert_snapshot!(wrong("purpose = \"fun\""), @"curfew.toml:1: `purpose`: `fun` is not one of sales, sales_automated, fundraising, research, collections, informational");
    assert_snapshot!(wrong("assume_utc = \"perhaps\""), @"curfew.toml:1: `assume_utc`: `perhaps` is not a yes or no; write `true` or `false`");
    assert_snapshot!(wrong("house_hours = \"08:00\""), @"curfew.toml:1: `house_hours`: `08:00` is not a calling window; write it as `08:00-21:00`");
    assert_snapshot!(wrong("\n\ngaurd = \"5m\""), @"curfew.toml:3: `gaurd`: unknown key; known here: purpose, channel, policy, guard, for, house_hours, unknown_numbers, unverified, require_history, calling_hours, region_codes, rules_file, tzdata, suppress, assume_utc, state_dir, sync.base_url, sync.secrets_file, sync.rate, sync.concurrency, sync.page_size, sync.patience, sync.max_rejected, sync.country, [regions], [fields], [columns], [[rule]], [[cap]], [[calendar]], [[relaxation]]");
    assert_snapshot!(wrong("guard = "), @"curfew.toml:1: string values must be quoted, expected literal string");
    assert_snapshot!(wrong("[regions.X]\njurisdiction = \"US\"\nzones = [\"America/Nowhere\"]"), @"curfew.toml: `regions.X.zones`: `America/Nowhere` is not a time zone of IANA 2026f; write it as `America/New_York`");
    assert_snapshot!(wrong("[[rule]]\nid = \"a\"\njurisdiction = \"US-XX\"\nhours = \"09:00-12:00\""), @"curfew.toml:3: `rule[0].jurisdiction`: `US-XX` is not a known jurisdiction; write an ISO code");
    assert_snapshot!(wrong("rules_file = \"none.toml\""), @"curfew.toml:1: `rules_file`: none.toml: cannot be read: No such file or directory (os error 2)");
    assert_snapshot!(wrong("tzdata = \"none\""), @"curfew.toml:1: `tzdata`: none: cannot be read: No such file or directory (os error 2)");
}

#[test]
fn a_bad_value_names_the_variable_that_holds_it() {
    assert_snapshot!(curfew("check --region US-CA").env("CURFEW_POLICY", "any").shown(), @r#"
    exit: 2
    --- stderr
    error: CURFEW_POLICY: `any` is not one of every-candidate, prefer-address
    "#);
}

#[test]
fn settings_of_a_sync_are_checked_before_it_starts() {
    let wrong = |name: &str, value: &str| {
        let run = curfew("sync").tenant("http://127.0.0.1:1").env(name, value);
        run.shown()
    };
    assert_snapshot!(wrong("CURFEW_RATE", "fast"), @r#"
    exit: 2
    --- stderr
    error: CURFEW_RATE: `fast` is not a whole number
    "#);
    assert_snapshot!(wrong("CURFEW_CONCURRENCY", "0"), @r#"
    exit: 2
    --- stderr
    error: CURFEW_CONCURRENCY: `0` is not a number from 1 to 1000
    "#);
    assert_snapshot!(wrong("CURFEW_PAGE_SIZE", "101"), @r#"
    exit: 2
    --- stderr
    error: CURFEW_PAGE_SIZE: a page size of 101 is out of range; give 1 to 100
    "#);
    assert_snapshot!(wrong("CURFEW_MAX_REJECTED", "some"), @r#"
    exit: 2
    --- stderr
    error: CURFEW_MAX_REJECTED: `some` is not a number of contacts or a share; write `20` or `2%`
    "#);
    assert_snapshot!(wrong("CURFEW_PATIENCE", "5"), @r#"
    exit: 2
    --- stderr
    error: CURFEW_PATIENCE: `5` is not a duration; write `90s`, `5m` or `1h30m`
    "#);
}

#[test]
fn the_settings_can_bring_regions_hours_and_rules() {
    let settings = r#"
house_hours = "09:00-20:00"

[regions.emea-1]
jurisdiction = "GB"
zones = ["Europe/London"]

[fields]
region = ["attributes.bundesland", "attributes.region"]

[[rule]]
id = "acme.late-start"
jurisdiction = "GB"
hours = "mon-fri 10:00-19:00"
"#;
    let run = |args: &str| curfew(args).file("curfew.toml", settings);
    assert_snapshot!(run("check --region EMEA-1 --at 2026-06-10T08:30:00Z").shown(), @"
    exit: 3
    --- stdout
    prohibited; calling opens 2026-06-10 10:00 +01:00 Europe/London (2026-06-10T09:00:00Z)
      at        2026-06-10T08:30:00Z
      place     GB (Britain (UK)), Europe/London, 2026-06-10T09:30:00+01:00 (by region)
      prohibits outside-calling-window: own rule acme.late-start permits sales calls from 10:00 local
                time; it is 09:30 in Europe/London
      permits   within-calling-window: Britain (UK) permits sales calls 08:00-21:00 local time; it is
                09:30 in Europe/London (former DMA Code of Practice 21.41; today's DMA Code r.1.4 says
                only 'antisocial' times)
      notes     cap-not-evaluated: how often the callee was called is not known, so these caps were not
                evaluated: GB.ofcom; give `attempts`
      by        sales voice by every-candidate, rulebook 2026.11.1+overlay ([sha256]), tzdb 2026f
                ([sha256]), engine 0.1.0
    ");
    let (exit, answer) =
        run("check --region US-CA --purpose informational --at 2026-06-10T15:30:00Z --format json").json();
    assert_eq!(
        (exit, &answer["next_opening"]),
        (3, &"2026-06-10T16:00:00Z".into())
    );
    let shown = run("config show").shown();
    assert!(shown.contains("\nregion EMEA-1: GB, Europe/London\n"), "{shown}");
    assert!(
        shown.contains("\nrule acme.late-start: GB (practice)\n"),
        "{shown}"
    );
    assert!(
        shown.contains("\nfields region: attributes.bundesland, attributes.region\n"),
        "{shown}"
    );
    let (_, document) = run("config show --format json").json();
    assert_eq!(document["fields"]["region"][0], "attributes.bundesland");
    assert_eq!(document["settings"]["house_hours"]["origin"], "curfew.toml:2");
    assert_eq!(document["regions"], serde_json::json!(["EMEA-1"]));
    assert!(
        document["rules"]
            .as_array()
            .unwrap()
            .contains(&"acme.late-start".into())
    );
}

#[test]
fn rules_can_stand_in_a_file_of_their_own_and_ids_are_unique() {
    let rule = "[[rule]]\nid = \"acme.late-start\"\njurisdiction = \"US-CA\"\nhours = \"10:00-19:00\"\n";
    let run =
        || curfew("check --region US-CA --at 2026-06-10T16:00:00Z --rules own.toml").file("own.toml", rule);
    assert!(run().shown().starts_with("exit: 3\n"), "{}", run().shown());
    assert_snapshot!(run().file("curfew.toml", rule).shown(), @"
    exit: 2
    --- stderr
    error: id `acme.late-start` is used twice; give each rule, cap and calendar its own id
    ");
    assert_snapshot!(run().file("own.toml", "guard = \"5m\"").shown(), @"
    exit: 2
    --- stderr
    error: --rules: own.toml:1: `guard`: unknown key; known here: [[rule]], [[cap]], [[calendar]], [[relaxation]]
    ");
}
