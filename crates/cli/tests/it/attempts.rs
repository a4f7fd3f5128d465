//! `curfew attempts`: calls that were placed, into the ledger, out of it, and before the law.

use insta::assert_snapshot;

use crate::kit::tenant::Tenant;
use crate::kit::{Folder, curfew, show};

const CALLS: &str = "\u{feff}Called At,External ID,Phone,Outcome,Matter\r\n\
    2024-06-10T15:00:00Z,C-7,+13055550123,No Answer,\r\n\
    2024-06-10T11:30:00-04:00,C-7,+13055550123,voicemail,debt-1\r\n\
    2024-06-10T16:00:00Z,C-8,,,\r\n\
    2024-06-10T16:00:00,C-9,+12125550123,,\r\n\
    2024-06-10T16:00:00Z,C-9,2125550123,,\r\n\
    2199-06-10T16:00:00Z,C-9,+12125550123,,\r\n\
    2024-06-10T16:00:00Z,C-9,+12125550123,busy,\r\n";

/// One run after the other in the same folder; what each shows.
fn in_turn(folder: Folder, commands: &[&str]) -> String {
    let mut folder = Some(folder);
    let mut shown = String::new();
    for command in commands {
        let run = curfew(command).within(folder.take().unwrap());
        let output = run.output();
        shown.push_str(&format!("$ curfew {command}\n{}", show(&output, &run.folder)));
        folder = Some(run.folder);
    }
    shown
}

fn folder(files: &[(&str, &str)]) -> Folder {
    let folder = Folder::new();
    for (name, text) in files {
        folder.write(name, text.as_bytes());
    }
    folder
}

#[test]
fn a_report_is_entered_once_and_what_is_wrong_with_it_is_named_by_line() {
    let later = "at,phone,external_id,outcome\n2024-06-10T16:00:00Z,+442079460000,C-8,refusal\n\
                 2024-06-10T15:00:00Z,+13055550123,C-7,conversation\n";
    let files = folder(&[("calls.csv", CALLS), ("later.csv", later)]);
    let shown = in_turn(
        files,
        &[
            "attempts list --external-id C-7 --state-dir state",
            "attempts import calls.csv --state-dir state",
            "attempts import calls.csv --state-dir state --quiet --format json",
            "attempts import later.csv --state-dir state",
            "attempts list --external-id C-7 --state-dir state",
            "attempts list --phone +442079460000 --state-dir state",
            "attempts list --phone +15005550000 --state-dir state",
        ],
    );
    assert_snapshot!(shown, @r#"
    $ curfew attempts list --external-id C-7 --state-dir state
    exit: 1
    --- stderr
    error: state/ledger.sqlite: there is no ledger; fill it with `curfew attempts import`, or name its folder with --state-dir
    $ curfew attempts import calls.csv --state-dir state
    exit: 4
    --- stdout
    rejected  line 5: `at`: `2024-06-10T16:00:00` has no UTC offset; write `Z` or an offset such as `-04:00` after it
    rejected  line 6: `phone`: the phone number does not begin with `+`; write `+`, country code and number: `+13055550123`
    rejected  line 7: `at`: 2199-06-10T16:00:00Z lies ahead; only calls already placed are attempts
    rejected  line 8: `outcome`: `busy` is not one of conversation, refusal, no-answer, abandoned, voicemail
    read                   7
    added                  3
    completed              0
    known                  0
    rejected               4
    $ curfew attempts import calls.csv --state-dir state --quiet --format json
    exit: 4
    --- stdout
    {"schema":1,"source":"calls.csv","ledger":"state/ledger.sqlite","books":{"read":7,"added":0,"completed":0,"known":3,"rejected":4},"rejects":[{"line":5,"message":"`at`: `2024-06-10T16:00:00` has no UTC offset; write `Z` or an offset such as `-04:00` after it"},{"line":6,"message":"`phone`: the phone number does not begin with `+`; write `+`, country code and number: `+13055550123`"},{"line":7,"message":"`at`: 2199-06-10T16:00:00Z lies ahead; only calls already placed are attempts"},{"line":8,"message":"`outcome`: `busy` is not one of conversation, refusal, no-answer, abandoned, voicemail"}]}
    $ curfew attempts import later.csv --state-dir state
    exit: 4
    --- stdout
    rejected  line 3: `outcome`: the ledger has `no-answer` for this call, and the report says `conversation`; the ledger keeps what it has
    read                   2
    added                  0
    completed              1
    known                  0
    rejected               1
    $ curfew attempts list --external-id C-7 --state-dir state
    exit: 0
    --- stdout
    2024-06-10T15:00:00Z  no-answer     -  C-7  calls.csv:2
    2024-06-10T15:30:00Z  voicemail     debt-1  C-7  calls.csv:3
    $ curfew attempts list --phone +442079460000 --state-dir state
    exit: 0
    --- stdout
    2024-06-10T16:00:00Z  refusal       -  C-8  calls.csv:4
    $ curfew attempts list --phone +15005550000 --state-dir state
    exit: 0
    --- stderr
    the ledger has no attempts of this callee
    "#);
}

#[test]
fn a_report_may_be_ndjson_on_stdin_or_have_headers_of_its_own() {
    let line =
        "{\"at\":\"2024-06-10T15:00:00Z\",\"externalId\":\"C-7\",\"outcome\":\"refusal\"}\n{\"at\":7}\n";
    let import = "attempts import - --format-in ndjson --state-dir state --format ndjson";
    assert_snapshot!(curfew(import).stdin(line).shown(), @r#"
    exit: 4
    --- stdout
    {"line":2,"message":"no column is known to be `phone`; name it: `phone=HEADER` in --columns, or `phone = \"HEADER\"` under [columns] in the settings; the columns are `at`"}
    {"schema":1,"source":"-","ledger":"state/ledger.sqlite","books":{"read":2,"added":1,"completed":0,"known":0,"rejected":1}}
    "#);
    assert_snapshot!(curfew("attempts import - --state-dir state").stdin(line).shown(), @r"
    exit: 2
    --- stderr
    error: `-` does not tell how it is written; add --format-in csv or --format-in ndjson
    ");
    let run = curfew("attempts import anrufe.csv --state-dir state --columns at=Zeit --assume-utc");
    let run = run.file("curfew.toml", "[columns]\nphone = \"Nummer\"\n");
    let german = "Nummer;Zeit\n+4930123456;2024-06-10T15:00:00\n";
    assert_snapshot!(run.file("anrufe.csv", german).shown(), @r"
    exit: 0
    --- stdout
    read                   1
    added                  1
    completed              0
    known                  0
    rejected               0
    ");
    let run = curfew("attempts import anrufe.csv --state-dir state").file("anrufe.csv", german);
    assert_snapshot!(run.shown(), @r#"
    exit: 2
    --- stderr
    error: anrufe.csv: line 1: no column is known to be `phone`; name it: `phone=HEADER` in --columns, or `phone = "HEADER"` under [columns] in the settings; the columns are `Nummer`, `Zeit`
    "#);
}

#[test]
fn a_damaged_ledger_stops_what_would_ask_it() {
    let files = folder(&[("calls.csv", CALLS), ("state/ledger.sqlite", "")]);
    let shown = in_turn(
        files,
        &[
            "attempts import calls.csv --state-dir state",
            "attempts list --external-id C-7 --state-dir state",
            "attempts audit calls.csv --state-dir state",
        ],
    );
    assert_snapshot!(shown, @r"
    $ curfew attempts import calls.csv --state-dir state
    exit: 1
    --- stderr
    error: state/ledger.sqlite: the ledger of attempts cannot be used: its key is missing; put it back from a backup together with the file `key`; or move it away and import the reports of all calls anew with `curfew attempts import`
    $ curfew attempts list --external-id C-7 --state-dir state
    exit: 1
    --- stderr
    error: state/ledger.sqlite: the ledger of attempts cannot be used: its key is missing; put it back from a backup together with the file `key`; or move it away and import the reports of all calls anew with `curfew attempts import`
    $ curfew attempts audit calls.csv --state-dir state
    exit: 1
    --- stdout
    rejected    line 5: `at`: `2024-06-10T16:00:00` has no UTC offset; write `Z` or an offset such as `-04:00` after it
    rejected    line 6: `phone`: the phone number does not begin with `+`; write `+`, country code and number: `+13055550123`
    rejected    line 8: `outcome`: `busy` is not one of conversation, refusal, no-answer, abandoned, voicemail
    --- stderr
    error: state/ledger.sqlite: the ledger of attempts cannot be used: its key is missing; put it back from a backup together with the file `key`; or move it away and import the reports of all calls anew with `curfew attempts import`
    ");
}

/// Florida allows three calls in 24 hours on one matter, and none after 20:00.
const FLORIDA: &str = "at,external_id,phone,outcome\n\
    2026-06-10T15:00:00Z,C-7,+13055550123,no-answer\n\
    2026-06-11T00:30:00Z,C-7,+13055550123,\n\
    2026-06-10T16:00:00Z,C-7,+13055550123,no-answer\n\
    2026-06-10T17:00:00Z,C-7,+13055550123,no-answer\n\
    2026-06-10T18:00:00Z,C-7,+13055550123,no-answer\n\
    2026-06-10T18:00:00Z,C-8,+12125550123,\n\
    2026-06-10T18:00:00Z,C-9,,\n";

#[test]
fn every_call_is_judged_at_its_own_instant_by_the_calls_before_it() {
    let files = folder(&[("calls.csv", FLORIDA)]);
    assert_snapshot!(in_turn(files, &["attempts audit calls.csv --state-dir state"]), @r"
    $ curfew attempts audit calls.csv --state-dir state
    exit: 3
    --- stdout
    unlawful    line 3  C-7  2026-06-10 20:30 -04:00 America/New_York (2026-06-11T00:30:00Z)
                outside-calling-window: Florida ends sales calls at 20:00 local time; it is 20:30 in
                America/New_York (Fla. Stat. 501.616(6)(a))
                no record of the decision log admitted it
    unlawful    line 6  C-7  2026-06-10 14:00 -04:00 America/New_York (2026-06-10T18:00:00Z)
                cap-reached: Florida allows 3 in 24 hours; counted: 2026-06-10T15:00:00Z,
                2026-06-10T16:00:00Z, 2026-06-10T17:00:00Z (Fla. Stat. 501.616(6)(b))
                no record of the decision log admitted it
    unlawful    line 8  C-9  2026-06-10T18:00:00Z
                place-unresolved: nothing says where the callee is; give a region, a zone, a country, a
                phone number or places
                no record of the decision log admitted it
    read                                     7
    lawful                                   4
    unlawful                                 3
    rejected                                 0
    admitted by the decision log             0
    called after their permission            0
    unlawful, by reason:
      cap-reached                            1
      outside-calling-window                 1
      place-unresolved                       1
    ");
    let files = folder(&[(
        "calls.csv",
        &FLORIDA.lines().take(2).collect::<Vec<_>>().join("\n"),
    )]);
    assert_snapshot!(in_turn(files, &["attempts audit calls.csv --state-dir state"]), @r"
    $ curfew attempts audit calls.csv --state-dir state
    exit: 0
    --- stdout
    read                                     1
    lawful                                   1
    unlawful                                 0
    rejected                                 0
    admitted by the decision log             0
    called after their permission            0
    ");
    let unreadable = "at,phone\n2026-06-10T18:00:00Z,+12125550123\n2026-06-10T18:00:00Z,2125550123\n";
    let files = folder(&[("calls.csv", unreadable)]);
    assert_snapshot!(in_turn(files, &["attempts audit calls.csv --state-dir state"]), @r"
    $ curfew attempts audit calls.csv --state-dir state
    exit: 4
    --- stdout
    rejected    line 3: `phone`: the phone number does not begin with `+`; write `+`, country code and number: `+13055550123`
    read                                     2
    lawful                                   1
    unlawful                                 0
    rejected                                 1
    admitted by the decision log             0
    called after their permission            0
    ");
}

#[test]
fn check_counts_what_the_ledger_has() {
    let calls = "at,external_id,phone\n2026-06-10T15:00:00Z,C-7,+13055550123\n2026-06-10T16:00:00Z,C-7,\n\
                 2026-06-10T17:00:00Z,,+13055550123\n";
    let files = folder(&[("calls.csv", calls)]);
    let check = "check --phone +13055550123 --id C-7 --format json --state-dir state --at";
    let code = |folder: Folder, at: &str| {
        let run = curfew(&format!("{check} {at}")).within(folder);
        let output = run.output();
        let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let caps = answer["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| &finding["code"]);
        let caps = caps.filter_map(|code| code.as_str().filter(|code| code.contains("cap")));
        (caps.collect::<Vec<_>>().join(" "), run.folder)
    };
    let (caps, files) = code(files, "2026-06-10T18:00:00Z");
    assert_eq!(caps, "cap-not-evaluated", "no ledger is kept");
    let run = curfew("attempts import calls.csv --state-dir state").within(files);
    assert!(run.output().status.success());
    let (caps, files) = code(run.folder, "2026-06-10T18:00:00Z");
    assert_eq!(caps, "cap-reached", "three by id or number within a day");
    // The first is a day old: two are left.
    let (caps, files) = code(files, "2026-06-11T15:00:01Z");
    assert_eq!(caps, "within-cap");
    files.write("state/ledger.sqlite", b"");
    let run = curfew(&format!("{check} now")).within(files);
    assert_eq!(
        run.output().status.code(),
        Some(1),
        "what cannot be read permits nothing"
    );
}

#[test]
fn an_audit_names_the_record_that_admitted_a_call_and_how_late_it_came() {
    let tenant = Tenant::start("--contacts 1 --profile clean --seed 3");
    let hours = "--calling-hours 08:00-20:00 --state-dir state";
    let planned = "--at 2099-06-10T18:00:00Z --rate 0";
    let run = curfew(&format!("sync {hours} {planned}")).tenant(&tenant.url);
    let output = run.output();
    assert!(output.status.success(), "{}", show(&output, &run.folder));
    let calls = "at,external_id,zone\n2099-06-10T17:59:59Z,C-0000001,America/New_York\n\
                 2099-06-10T18:30:00Z,C-0000001,America/New_York\n2099-06-12T03:00:00Z,C-0000001,America/New_York\n";
    run.folder.write("calls.csv", calls.as_bytes());
    let audit = format!("attempts audit calls.csv {hours}");
    let shown = in_turn(run.folder, &[&audit, &format!("{audit} --format ndjson")]);
    assert_snapshot!(shown, @r#"
    $ curfew attempts audit calls.csv --calling-hours 08:00-20:00 --state-dir state
    exit: 3
    --- stdout
    unlawful    line 4  C-0000001  2099-06-11 23:00 -04:00 America/New_York (2099-06-12T03:00:00Z)
                outside-calling-window: --calling-hours ends calls at 20:00 local time; it is 23:00 in
                America/New_York
                admitted by record 2 of run [run], permitted until 2099-06-10 21:00 -04:00
                America/New_York (2099-06-11T01:00:00Z); called 26 h 0 min after that
    read                                     3
    lawful                                   2
    unlawful                                 1
    rejected                                 0
    admitted by the decision log             2
    called after their permission            1
    unlawful, by reason:
      outside-calling-window                 1
    $ curfew attempts audit calls.csv --calling-hours 08:00-20:00 --state-dir state --format ndjson
    exit: 3
    --- stdout
    {"line":2,"external_id":"C-0000001","at":"2099-06-10T17:59:59Z","lawful":true,"reason":{"code":"within-calling-window","effect":"permits","rule":"calling-hours","status":"practice","jurisdiction":null,"citation":null,"message":"--calling-hours permits calls 08:00-20:00 local time; it is 13:59:59 in America/New_York"},"places":[{"jurisdiction":"US","zone":"America/New_York","local_time":"2099-06-10T13:59:59-04:00","evidence":["zone"]}],"admitted_by":null}
    {"line":3,"external_id":"C-0000001","at":"2099-06-10T18:30:00Z","lawful":true,"reason":{"code":"within-calling-window","effect":"permits","rule":"calling-hours","status":"practice","jurisdiction":null,"citation":null,"message":"--calling-hours permits calls 08:00-20:00 local time; it is 14:30 in America/New_York"},"places":[{"jurisdiction":"US","zone":"America/New_York","local_time":"2099-06-10T14:30:00-04:00","evidence":["zone"]}],"admitted_by":{"run":"[run]","seq":2,"at":"2099-06-10T18:00:00Z","permitted_until":"2099-06-11T01:00:00Z","late_s":null}}
    {"line":4,"external_id":"C-0000001","at":"2099-06-12T03:00:00Z","lawful":false,"reason":{"code":"outside-calling-window","effect":"prohibits","rule":"calling-hours","status":"practice","jurisdiction":null,"citation":null,"message":"--calling-hours ends calls at 20:00 local time; it is 23:00 in America/New_York"},"places":[{"jurisdiction":"US","zone":"America/New_York","local_time":"2099-06-11T23:00:00-04:00","evidence":["zone"]}],"admitted_by":{"run":"[run]","seq":2,"at":"2099-06-10T18:00:00Z","permitted_until":"2099-06-11T01:00:00Z","late_s":93600}}
    {"schema":1,"source":"calls.csv","books":{"read":3,"lawful":2,"unlawful":1,"rejected":0,"admitted":2,"after_permission":1,"by_reason":{"outside-calling-window":1}}}
    "#);
}
