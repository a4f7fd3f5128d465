//! The JSON contract, byte for byte but for the fingerprints.

use insta::assert_snapshot;

use crate::kit::{curfew, shown};

#[test]
fn a_permitted_attempt_as_json() {
    assert_snapshot!(shown("check --calling-hours 08:00-21:00 --region US-PST --id 7 --at 2026-06-10T15:00:00Z --format json"), @r#"
    exit: 0
    --- stdout
    {"schema":1,"id":"7","decision":"permit","at":"2026-06-10T15:00:00Z","permitted_until":"2026-06-11T04:00:00Z","next_opening":null,"places":[{"jurisdiction":"US","zone":"America/Los_Angeles","local_time":"2026-06-10T08:00:00-07:00","evidence":["region"]}],"findings":[{"code":"within-calling-window","effect":"permits","rule":"calling-hours","status":"practice","jurisdiction":null,"citation":null,"message":"--calling-hours permits calls 08:00-21:00 local time; it is 08:00 in America/Los_Angeles"},{"code":"law-not-applied","effect":"notes","rule":null,"status":null,"jurisdiction":null,"citation":null,"message":"--calling-hours decides alone: no law was applied"}],"settings":{"purpose":"sales","channel":"voice","policy":"every-candidate","guard_s":0,"sha256":"[sha256]"},"rulebook":{"version":"2026.11.1","sha256":"[sha256]"},"tzdb":{"version":"2026f","sha256":"[sha256]"},"engine":"0.1.0"}
    "#);
}

#[test]
fn a_prohibited_attempt_as_json() {
    assert_snapshot!(shown("check --region ATLANTIS --at 2026-06-10T15:00:00Z --format ndjson"), @r#"
    exit: 3
    --- stdout
    {"schema":1,"id":null,"decision":"prohibit","at":"2026-06-10T15:00:00Z","permitted_until":null,"next_opening":null,"places":[],"findings":[{"code":"jurisdiction-unknown","effect":"prohibits","rule":null,"status":null,"jurisdiction":null,"citation":null,"message":"region `ATLANTIS` is not a known code; write ISO codes such as `US-FL` or `GB`, or define it under [regions] in the settings"},{"code":"facts-needed","effect":"notes","rule":null,"status":null,"jurisdiction":null,"citation":null,"message":"when calling opens can be told once the facts above are supplied"}],"settings":{"purpose":"sales","channel":"voice","policy":"every-candidate","guard_s":0,"sha256":"[sha256]"},"rulebook":{"version":"2026.11.1","sha256":"[sha256]"},"tzdb":{"version":"2026f","sha256":"[sha256]"},"engine":"0.1.0"}
    "#);
}

#[test]
fn a_rule_is_named_with_its_force_place_and_citation() {
    let rules = "[[rule]]\nid = \"acme.mornings\"\njurisdiction = \"US-CA\"\nhours = \"mon-fri 09:00-12:00\"\ncitation = \"Handbook 4.2\"\n";
    let (_, answer) =
        curfew("check --rules rules.toml --region US-CA --at 2026-06-10T20:00:00Z --format json")
            .file("rules.toml", rules)
            .json();
    assert_snapshot!(answer["findings"][0], @r#"{"code":"outside-calling-window","effect":"prohibits","rule":"acme.mornings","status":"practice","jurisdiction":"US-CA","citation":"Handbook 4.2","message":"own rule acme.mornings ends sales calls at 12:00 local time; it is 13:00 in America/Los_Angeles (Handbook 4.2)"}"#);
    assert_eq!(answer["next_opening"], "2026-06-11T16:00:00Z");
    assert!(
        answer["rulebook"]["version"]
            .as_str()
            .unwrap()
            .ends_with("+overlay")
    );
}

#[test]
fn a_line_that_cannot_be_read_as_json() {
    assert_snapshot!(curfew("check --input -").stdin(r#"{"id":"7"}"#).shown(), @r#"
    exit: 4
    --- stdout
    {"schema":1,"id":"7","decision":"prohibit","error":{"code":"time-missing","message":"`at` is missing; write the planned time as `2026-06-10T15:00:00Z`"}}
    --- stderr
    warning: 1 of 1 lines could not be read; they are prohibited
    "#);
}

#[test]
fn equal_inputs_give_equal_bytes() {
    let run = || {
        curfew("check --region US-FL --at 2026-06-10T15:00:00Z --format json")
            .output()
            .stdout
    };
    assert_eq!(run(), run());
}

#[test]
fn formats_do_not_depend_on_where_output_goes() {
    // Stdout is a pipe here: text is still text, and without colours unless they are asked for.
    let check = "check --region US-CA --at 2026-06-10T15:00:00Z";
    let plain = shown(check);
    assert!(
        plain.contains("--- stdout\npermitted until ") && !plain.contains('\u{1b}'),
        "{plain}"
    );
    let colored = shown(&format!("{check} --color always"));
    assert!(colored.contains("\u{1b}[32mpermitted\u{1b}[0m"), "{colored}");
    // An explicit flag wins over NO_COLOR, which wins over what Curfew would do by itself.
    assert_eq!(
        curfew(&format!("{check} --color always"))
            .env("NO_COLOR", "1")
            .shown(),
        colored
    );
    assert_eq!(curfew(check).env("NO_COLOR", "1").shown(), plain);
    assert_eq!(shown(&format!("{check} --color never")), plain);
}
