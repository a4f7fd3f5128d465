//! `curfew check`: what is known of the callee beside the place.

use insta::assert_snapshot;

use crate::kit::{curfew, shown};

const FRANCE: &str = "check --place FR@Europe/Paris --at 2026-09-10T08:30:00Z";
const EVENING: &str = "check --place US-FL@America/New_York --at 2026-06-11T00:30:00Z";

/// Exit code of a check with these facts.
fn exit(args: &str) -> Option<i32> {
    curfew(args).output().status.code()
}

#[test]
fn consent_counts_from_when_it_was_given_until_it_is_revoked() {
    for (facts, expected) in [
        ("", 3),
        ("--consent express@2026-05-01T09:00:00Z", 0),
        ("--consent express-written@2026-05-01T09:00:00Z", 0),
        ("--consent express", 3),
        ("--consent express@2025-05-01T09:00:00Z", 3),
        (
            "--consent express@2026-05-01T09:00:00Z --consent-revoked 2026-09-01T09:00:00Z",
            3,
        ),
        (
            "--consent express@2026-05-01T09:00:00Z --attempt 2026-09-01T08:30:00Z=refusal",
            3,
        ),
        (
            "--consent express@2026-05-01T09:00:00Z --attempt 2026-09-01T08:30:00Z=no-answer",
            0,
        ),
        ("--relationship contract-in-progress", 0),
        ("--relationship transaction@2026-09-01T09:00:00Z", 3),
    ] {
        assert_eq!(exit(&format!("{FRANCE} {facts}")), Some(expected), "{facts}");
    }
}

#[test]
fn who_calls_whom_lifts_rules() {
    let holiday = "check --place US-PA@America/New_York --at 2026-04-03T16:00:00Z";
    for (facts, expected) in [("", 3), ("--caller nonprofit", 0), ("--caller commercial", 3)] {
        assert_eq!(exit(&format!("{holiday} {facts}")), Some(expected), "{facts}");
    }
    let morning = "check --place US-KY@America/New_York --at 2026-06-10T13:30:00Z";
    for (facts, expected) in [("--callee consumer", 3), ("--callee business", 0)] {
        assert_eq!(exit(&format!("{morning} {facts}")), Some(expected), "{facts}");
    }
}

#[test]
fn the_names_of_the_input_are_taken_too() {
    let facts = "--business-relationship transaction --callee-kind consumer --caller-kind commercial";
    assert_eq!(exit(&format!("{EVENING} {facts}")), Some(0));
}

#[test]
fn attempts_are_counted_and_none_is_an_answer() {
    let noon = "check --place US-FL@America/New_York --at 2026-06-10T19:00:00Z --format json";
    let codes = |facts: &str| {
        let (exit, answer) = curfew(&format!("{noon} {facts}")).json();
        let findings = answer["findings"].as_array().unwrap().iter();
        let caps = findings.filter(|finding| finding["code"].as_str().unwrap().contains("cap"));
        let codes: Vec<_> = caps
            .map(|finding| finding["code"].as_str().unwrap().to_owned())
            .collect();
        format!("{exit} {}", codes.join(" "))
    };
    let three = "--attempt 2026-06-10T13:00:00Z --attempt 2026-06-10T15:00:00Z=voicemail --attempt 2026-06-10T17:00:00Z";
    assert_eq!(codes(""), "0 cap-not-evaluated");
    assert_eq!(codes("--no-attempts"), "0 within-cap");
    assert_eq!(codes("--attempt 2026-06-10T13:00:00Z"), "0 within-cap");
    assert_eq!(codes(three), "3 cap-reached");
}

#[test]
fn what_cannot_be_read_is_named() {
    let wrong = |facts: &str| shown(&format!("{EVENING} {facts}"));
    assert_snapshot!(wrong("--consent maybe"), @"
    exit: 2
    --- stderr
    error: --consent: `maybe` is not one of express, express-written
    ");
    assert_snapshot!(wrong("--consent express@yesterday"), @"
    exit: 2
    --- stderr
    error: --consent: `yesterday` is not an RFC 3339 time; write it as `2026-06-10T15:00:00Z` or `2026-06-10T11:00:00-04:00`
    ");
    assert_snapshot!(wrong("--relationship friend"), @"
    exit: 2
    --- stderr
    error: --relationship: `friend` is not one of inquiry, transaction, contract-in-progress
    ");
    assert_snapshot!(wrong("--attempt 2026-06-11T00:30:01Z"), @"
    exit: 2
    --- stderr
    error: --attempt: 2026-06-11T00:30:01Z is later than the planned time 2026-06-11T00:30:00Z; only attempts already made count
    ");
    assert_snapshot!(wrong("--attempt 2026-06-10T00:30:00Z=angry"), @"
    exit: 2
    --- stderr
    error: --attempt: `angry` is not one of conversation, refusal, no-answer, abandoned, voicemail
    ");
    assert_snapshot!(wrong("--callee cat"), @"
    exit: 2
    --- stderr
    error: invalid value 'cat' for '--callee <KIND>': `cat` is not one of consumer, business

    For more information, try '--help'.
    ");
    assert_snapshot!(wrong("--no-attempts --attempt 2026-06-10T00:30:00Z"), @"
    exit: 2
    --- stderr
    error: the argument '--no-attempts' cannot be used with '--attempt <TIME[=OUTCOME]>'

    Usage: curfew check --place <JURISDICTION@ZONE> --at <TIME> --no-attempts

    For more information, try '--help'.
    ");
    for facts in [
        "--consent express",
        "--attempt 2026-06-10T00:30:00Z",
        "--no-attempts",
        "--caller political",
    ] {
        assert_eq!(
            exit(&format!("check --input - {facts}")),
            Some(2),
            "a line has its own facts: {facts}"
        );
    }
}
