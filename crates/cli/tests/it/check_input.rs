//! `curfew check --input`: attempts in, answers out, line by line.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};

use insta::assert_snapshot;

use crate::kit::{curfew, show, shown};

const GOOD: &str = r#"{"id":"good","at":"2026-06-10T16:00:00Z","places":[{"jurisdiction":"US-CA","zone":"America/Los_Angeles"}]}"#;
const NIGHT: &str = r#"{"id":"night","at":"2026-06-10T06:00:00Z","places":[{"jurisdiction":"US-CA","zone":"America/Los_Angeles"}]}"#;

/// Exit code, and of each answer what tells it from others.
fn answers(input: impl AsRef<[u8]>, args: &str) -> String {
    let run = curfew(&format!("check --input - {args}")).stdin(input);
    let output = run.output();
    let mut text = format!("exit: {}\n", output.status.code().unwrap());
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let answer: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(answer["schema"], 1);
        let (id, decision) = (&answer["id"], answer["decision"].as_str().unwrap());
        match answer.get("error") {
            Some(error) => text.push_str(&format!(
                "{id} {decision} {}: {}\n",
                error["code"].as_str().unwrap(),
                error["message"].as_str().unwrap()
            )),
            None => text.push_str(&format!("{id} {decision}\n")),
        }
    }
    text + &String::from_utf8(output.stderr).unwrap()
}

#[test]
fn every_line_is_answered_in_its_place() {
    let input =
        format!("\u{feff}{GOOD}\r\n\r\n{{nonsense\n   \n{NIGHT}\n{{\"id\":\"cut\",\"at\":\"2026-\n{GOOD}");
    assert_snapshot!(answers(input, ""), @r#"
    exit: 4
    "good" permit
    null prohibit json-unreadable: key must be a string at column 2
    "night" prohibit
    null prohibit json-unreadable: EOF while parsing a string at column 23
    "good" permit
    warning: 2 of 5 lines could not be read; they are prohibited
    "#);
}

#[test]
fn decisions_alone_are_no_reason_to_complain() {
    assert_snapshot!(answers(format!("{NIGHT}\n{NIGHT}\n"), ""), @r#"
    exit: 0
    "night" prohibit
    "night" prohibit
    "#);
    assert_snapshot!(answers("", ""), @"exit: 0");
}

#[test]
fn what_is_wrong_with_a_line_is_said() {
    let input = [
        r#"{"id":"a","at":"2026-06-10T12:30:00"}"#,
        r#"{"id":"b","region":"US-FL"}"#,
        r#"{"id":"c","at":"2026-06-10T12:30:00Z","regoin":"US-FL"}"#,
        r#"{"id":8,"at":"2026-06-10T12:30:00Z"}"#,
        r#"{"id":"d","at":"2026-06-10T12:30:00Z","attempts":["2026-06-10T12:30:01Z"]}"#,
        r#"{"id":"e","at":"2026-06-10T12:30:00Z","purpose":"fun"}"#,
        r#"{"id":"f","id":"f","at":"2026-06-10T12:30:00Z"}"#,
        r#"["g","2026-06-10T12:30:00Z"]"#,
    ];
    assert_snapshot!(answers(input.join("\n"), ""), @r#"
    exit: 4
    "a" prohibit time-unreadable: `at`: `2026-06-10T12:30:00` has no UTC offset; write `Z` or an offset such as `-04:00` after it
    "b" prohibit time-missing: `at` is missing; write the planned time as `2026-06-10T15:00:00Z`
    "c" prohibit attempt-unreadable: unknown field `regoin`, expected one of `id`, `at`, `purpose`, `channel`, `region`, `zone`, `country`, `phone`, `postal_code`, `places`, `consent`, `business_relationship`, `callee_kind`, `caller_kind`, `attempts` at column 46
    8 prohibit attempt-unreadable: invalid type: integer `8`, expected a string at column 7
    "d" prohibit attempt-in-future: `attempts`: 2026-06-10T12:30:01Z is later than the planned time 2026-06-10T12:30:00Z; only attempts already made count
    "e" prohibit attempt-unreadable: unknown variant `fun`, expected one of `sales`, `sales_automated`, `fundraising`, `research`, `collections`, `informational` at column 53
    "f" prohibit attempt-unreadable: duplicate field `id` at column 14
    null prohibit json-unreadable: a line must be a JSON object such as {"at":"2026-06-10T15:00:00Z","region":"US-FL"}
    warning: 8 of 8 lines could not be read; they are prohibited
    "#);
}

#[test]
fn times_without_an_offset_are_utc_where_that_is_asked() {
    let line = r#"{"id":"a","at":"2026-06-10T16:00:00","region":"US-CA","attempts":["2026-06-10T15:00:00"]}"#;
    assert_snapshot!(answers(line, "--assume-utc"), @r#"
    exit: 0
    "a" permit
    "#);
}

#[test]
fn lines_that_are_too_long_or_no_text_stand_alone() {
    let mut input = format!("{{\"id\":\"{}\"}}\n", "x".repeat(2 << 20)).into_bytes();
    input.extend(b"{\"id\":\"\xff\xfe\",\"at\":\"2026-06-10T12:30:00Z\"}\n");
    input.extend(b"\xff\xfe\n");
    input.extend(GOOD.as_bytes());
    assert_snapshot!(answers(input, ""), @r#"
    exit: 4
    null prohibit line-too-long: the line is longer than 1048*76 bytes; write one attempt a line
    null prohibit json-unreadable: invalid unicode code point at column 8
    null prohibit json-unreadable: a line must be a JSON object such as {"at":"2026-06-10T15:00:00Z","region":"US-FL"}
    "good" permit
    warning: 3 of 4 lines could not be read; they are prohibited
    "#);
}

#[test]
fn a_line_of_a_megabyte_is_still_read() {
    let padding = " ".repeat((1 << 20) - GOOD.len() - 2);
    assert_snapshot!(answers(format!("{GOOD}{padding}\n{GOOD}\n"), ""), @r#"
    exit: 0
    "good" permit
    "good" permit
    "#);
}

#[test]
fn what_an_item_says_wins_over_flags() {
    let item = GOOD.replace("\"id\":\"good\"", r#""purpose":"collections","channel":"text""#);
    let run = curfew("check --input items.ndjson --purpose research")
        .file("items.ndjson", format!("{item}\n{GOOD}"));
    let output = String::from_utf8(run.output().stdout).unwrap();
    let stamps: Vec<serde_json::Value> = output
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["settings"].take())
        .collect();
    assert_eq!(
        (&stamps[0]["purpose"], &stamps[0]["channel"]),
        (&"collections".into(), &"text".into())
    );
    assert_eq!(
        (&stamps[1]["purpose"], &stamps[1]["channel"]),
        (&"research".into(), &"voice".into())
    );
    assert_ne!(stamps[0]["sha256"], stamps[1]["sha256"]);
}

#[test]
fn answers_can_be_had_as_text_and_as_one_document() {
    let input = format!("{GOOD}\n{{\"id\":7}}\n{NIGHT}\n");
    assert_snapshot!(curfew("check --input - --format text").stdin(&input).shown(), @"
    exit: 4
    --- stdout
    good  permitted: United States permits sales calls 08:00-21:00 local time; it is 09:00 in America/Los_Angeles (47 CFR 64.1200(c)(1), (e), (f)(15); 47 U.S.C. 227(a)(4)); permitted until 2026-06-10 21:00 -07:00 America/Los_Angeles (2026-06-11T04:00:00Z)
    7  unreadable: invalid type: integer `7`, expected a string at column 7
    night  prohibited: United States ends sales calls at 21:00 local time; it is 23:00 in America/Los_Angeles (47 CFR 64.1200(c)(1), (e), (f)(15); 47 U.S.C. 227(a)(4)); calling opens 2026-06-10 08:00 -07:00 America/Los_Angeles (2026-06-10T15:00:00Z)
    --- stderr
    warning: 1 of 3 lines could not be read; they are prohibited
    ");
    let (exit, document) = curfew("check --input - --format json").stdin(&input).json();
    assert_eq!((exit, document.as_array().unwrap().len()), (4, 3));
    assert_eq!(document[2]["id"], "night");
    assert_eq!(
        curfew("check --input - --format json").json(),
        (0, serde_json::json!([]))
    );
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    assert_snapshot!(shown("check --input none.ndjson"), @r#"
    exit: 2
    --- stderr
    error: --input none.ndjson: No such file or directory (os error 2)
    "#);
    assert_snapshot!(curfew("check --input items").file("items/x", "").shown(), @r#"
    exit: 2
    --- stderr
    error: --input items: is a folder; give a file with one JSON object a line
    "#);
}

#[test]
fn an_answer_comes_before_the_next_question() {
    let run = curfew("check --input -");
    let mut child = run.spawn();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for _ in 0..2 {
        // A whole line and a part of the next one: the part must not hold the answer back.
        stdin.write_all(format!("{GOOD}\n{{\"id\"").as_bytes()).unwrap();
        let mut answer = String::new();
        stdout.read_line(&mut answer).unwrap();
        assert!(answer.starts_with(r#"{"schema":1,"id":"good""#), "{answer}");
        stdin.write_all(b":\"part\",\"at\":\"\"}\n").unwrap();
        answer.clear();
        stdout.read_line(&mut answer).unwrap();
        assert!(answer.starts_with(r#"{"schema":1,"id":"part""#), "{answer}");
    }
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(4));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let run = curfew("check --input items.ndjson").file("items.ndjson", format!("{GOOD}\n").repeat(5_000));
    let mut child = run.spawn();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    stdout.read_line(&mut first).unwrap();
    drop(stdout);
    assert!(first.starts_with(r#"{"schema":1,"id":"good""#), "{first}");
    let output = child.wait_with_output().unwrap();
    assert_snapshot!(show(&output, &run.folder), @"exit: 0");
}

#[test]
fn a_verdict_stands_although_nobody_reads_the_reasons() {
    let run = curfew("check --at 2026-06-10T12:30:00Z");
    let mut child = run.spawn();
    drop(child.stdout.take());
    let mut errors = String::new();
    child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
    // The reader may go away before or after the lines are written.
    assert_eq!((child.wait().unwrap().code(), errors.as_str()), (Some(3), ""));
}
