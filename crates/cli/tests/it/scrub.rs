//! `curfew scrub`: lists in, lists out, books.

use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};

use insta::assert_snapshot;

use crate::kit::{Run, curfew, shown};

/// A morning on which Florida may be called, Texas not yet.
const AT: &str = "--at 2026-06-10T12:30:00Z";
const HEAD: &str = "id,phone,state,zip\n";
const FLORIDA: &str = "1,+13055550123,US-FL,33101\n";
const TEXAS: &str = "2,+12145550123,US-TX,75201\n";
const NATIONAL: &str = "3,3055550123,US-FL,33101\n";
const ANNOTATED_HEAD: &str = "id,phone,state,zip,curfew_decision,curfew_reason_code,curfew_jurisdiction,curfew_zone,\
                              curfew_local_time,curfew_permitted_until,curfew_next_opening\n";

fn list() -> String {
    [HEAD, FLORIDA, TEXAS, NATIONAL].concat()
}

fn scrub(args: &str) -> Run {
    curfew(&format!("scrub leads.csv {AT} {args}")).file("leads.csv", list())
}

/// Exit code and stderr.
fn end(run: &Run) -> (i32, String) {
    let output = run.output();
    (
        output.status.code().unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

/// Bytes that a program packs.
fn packed(program: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    let mut child = Command::new(program)
        .arg("-c")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    child.stdin.take()?.write_all(bytes).ok()?;
    Some(child.wait_with_output().ok()?.stdout)
}

#[test]
fn a_preview_tells_what_a_campaign_would_do() {
    assert_snapshot!(scrub("").shown(), @r#"
    exit: 4
    --- stdout
    list      leads.csv, CSV
    columns   external_id = column 1 "id", phone = column 2 "phone", region = column 3 "state",
              postal_code = column 4 "zip"
    purpose   sales voice
    planned   2026-06-10T12:30:00Z
    mode      PREVIEW, nothing is written
    rows                        3
    permitted                   1
    prohibited                  1
    rejected                    1
    by reason and jurisdiction:
      permitted  within-calling-window          US-FL                   1
      prohibited outside-calling-window         US-TX                   1  opens from 2026-06-10T14:00:01Z
    rejected, by code:
      phone-not-e164                 1  first on line 4: the number is not E.164; write `+`, country
                                        code and number without spaces, at most 15 digits
    the first of the prohibited may be called from 2026-06-10T14:00:01Z
    [s] s, [rate] rows a second; rulebook 2026.11.1, tzdb 2026f
    --- stderr
    warning: 1 rows were rejected; `--rejected FILE` writes them to a file, with line and reason
    "#);
}

#[test]
fn rows_go_where_they_belong_as_they_were() {
    let run = scrub(
        "--annotate all.csv --permitted yes.csv --prohibited no.csv --rejected mend.csv --summary books.json",
    );
    let (exit, _) = end(&run);
    assert_eq!(exit, 4);
    let florida = "1,+13055550123,US-FL,33101,permit,within-calling-window,US-FL,America/New_York,\
                   2026-06-10T08:30:00-04:00,2026-06-11T00:00:00Z,\n";
    let texas = "2,+12145550123,US-TX,75201,prohibit,outside-calling-window,US-TX,America/Chicago,\
                 2026-06-10T07:30:00-05:00,,2026-06-10T14:00:01Z\n";
    assert_eq!(
        run.folder.read("all.csv"),
        format!("{ANNOTATED_HEAD}{florida}{texas}")
    );
    assert_eq!(run.folder.read("yes.csv"), format!("{ANNOTATED_HEAD}{florida}"));
    assert_eq!(run.folder.read("no.csv"), format!("{ANNOTATED_HEAD}{texas}"));
    assert_eq!(
        run.folder.read("mend.csv"),
        format!("curfew_line,curfew_reason,{HEAD}4,phone-not-e164,{NATIONAL}")
    );
    let books: serde_json::Value = serde_json::from_str(&run.folder.read("books.json")).unwrap();
    assert_eq!(
        (
            &books["rows"],
            &books["permitted"],
            &books["prohibited"],
            &books["rejected"]
        ),
        (&3.into(), &1.into(), &1.into(), &1.into())
    );
    assert_eq!(books["rejected_by"]["phone-not-e164"]["first_line"], 4);
    assert_eq!(books["by_reason"][1]["earliest_opening"], "2026-06-10T14:00:01Z");
    let names = [
        "all.csv",
        "books.json",
        "leads.csv",
        "mend.csv",
        "no.csv",
        "yes.csv",
    ];
    assert_eq!(run.folder.names(), names, "nothing else is left");
}

#[test]
fn rejected_rows_are_tolerated_on_request_and_mended_lists_can_be_run_again() {
    assert_eq!(end(&scrub("--max-rejected 1")).0, 0);
    assert_eq!(end(&scrub("--max-rejected 10%")).0, 4);
    let mended = format!(
        "curfew_line,curfew_reason,{HEAD}4,phone-not-e164,{}",
        NATIONAL.replace(",305", ",+1305")
    );
    let run = curfew(&format!("scrub mended.csv {AT} --permitted -")).file("mended.csv", mended);
    let output = run.output();
    assert_eq!(output.status.code(), Some(0));
    assert!(
        String::from_utf8(output.stdout)
            .unwrap()
            .contains("\n4,phone-not-e164,3,+13055550123,US-FL,33101,permit,")
    );
}

#[test]
fn a_pipe_in_and_a_pipe_out() {
    let run = curfew(&format!("scrub - {AT} --quiet --annotate -")).stdin([HEAD, FLORIDA, TEXAS].concat());
    assert_snapshot!(run.shown(), @"
    exit: 0
    --- stdout
    id,phone,state,zip,curfew_decision,curfew_reason_code,curfew_jurisdiction,curfew_zone,curfew_local_time,curfew_permitted_until,curfew_next_opening
    1,+13055550123,US-FL,33101,permit,within-calling-window,US-FL,America/New_York,2026-06-10T08:30:00-04:00,2026-06-11T00:00:00Z,
    2,+12145550123,US-TX,75201,prohibit,outside-calling-window,US-TX,America/Chicago,2026-06-10T07:30:00-05:00,,2026-06-10T14:00:01Z
    ");
}

#[test]
fn ndjson_gets_keys_and_cxone_gets_its_names_of_zones() {
    let list = "{\"phone\":\"+12125550123\",\"state\":\"US-NY\",\"n\":1.50}\r\n{\"phone\":5}\n{}\nnonsense";
    let run = curfew(&format!(
        "scrub - {AT} --quiet --annotate - --rejected mend.txt --zone-names windows"
    ))
    .stdin(list);
    let output = run.output();
    assert_snapshot!(String::from_utf8(output.stdout).unwrap(), @r#"
    {"phone":"+12125550123","state":"US-NY","n":1.50,"curfew_decision":"permit","curfew_reason_code":"within-calling-window","curfew_jurisdiction":"US","curfew_zone":"Eastern Standard Time","curfew_local_time":"2026-06-10T08:30:00-04:00","curfew_permitted_until":"2026-06-11T01:00:00Z","curfew_next_opening":null}
    {"curfew_decision":"prohibit","curfew_reason_code":"place-unresolved","curfew_jurisdiction":null,"curfew_zone":null,"curfew_local_time":null,"curfew_permitted_until":null,"curfew_next_opening":null}
    "#);
    assert_eq!(
        run.folder.read("mend.txt"),
        "2\tphone-not-e164\t{\"phone\":5}\n4\tjson-unreadable\tnonsense"
    );
}

#[test]
fn packed_lists_are_read_and_written() {
    let list = [HEAD, FLORIDA, TEXAS].concat();
    for (program, ending) in [("gzip", "gz"), ("zstd", "zst")] {
        let Some(bytes) = packed(program, list.as_bytes()) else {
            // Not installed here; the other way round is tested all the same.
            continue;
        };
        let plain = curfew(&format!("scrub - {AT} --quiet --annotate -"))
            .stdin(&list)
            .output()
            .stdout;
        // Two packed files put together are one.
        let twice = [bytes.clone(), packed(program, TEXAS.as_bytes()).unwrap()].concat();
        let named = curfew(&format!(
            "scrub leads.csv.{ending} {AT} --quiet --preview --format json"
        ));
        assert_eq!(
            named.file(&format!("leads.csv.{ending}"), twice).json().1["rows"],
            3
        );
        let run = curfew(&format!("scrub - {AT} --quiet --annotate out.csv.{ending}")).stdin(&bytes);
        assert_eq!(end(&run).0, 0);
        let unpacked = Command::new(program)
            .args(["-dc", &format!("out.csv.{ending}")])
            .current_dir(run.folder.path())
            .output()
            .unwrap();
        assert_eq!(unpacked.stdout, plain, "{program}");
        let torn = curfew(&format!("scrub torn.csv.{ending} {AT} --annotate out.csv"));
        let torn = torn.file(&format!("torn.csv.{ending}"), &bytes[..bytes.len() - 9]);
        let (exit, words) = end(&torn);
        assert_eq!(exit, 1, "{words}");
        assert!(
            words.contains(&format!("torn.csv.{ending}: cannot be read")),
            "{words}"
        );
        assert!(!torn.folder.names().iter().any(|name| name.starts_with("out.csv")));
    }
}

#[test]
fn files_that_are_there_are_kept() {
    let run = scrub("--annotate old.csv").file("old.csv", "precious");
    let (exit, words) = end(&run);
    assert_eq!((exit, run.folder.read("old.csv").as_str()), (2, "precious"));
    assert!(
        words.contains("is there already and is kept; name another file, or replace it with --force"),
        "{words}"
    );
    let run = scrub("--annotate old.csv --force").file("old.csv", "worthless");
    assert_eq!(end(&run).0, 4);
    assert!(run.folder.read("old.csv").starts_with(ANNOTATED_HEAD));
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_told_and_leaves_nothing() {
    let run = scrub("--annotate /dev/full --rejected mend.csv");
    let (exit, words) = end(&run);
    assert_eq!(exit, 1);
    assert!(
        words.contains("/dev/full: cannot be written: No space left on device"),
        "{words}"
    );
    assert_eq!(run.folder.names(), ["leads.csv"]);
    let stdout = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let run = scrub("--annotate -");
    let status = run
        .command()
        .stdout(stdout)
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(1));
}

#[test]
fn a_reader_that_goes_away_ends_it_without_a_fuss_unless_files_are_lost() {
    for (files, exit, says) in [
        ("", 0, ""),
        ("--rejected mend.csv", 1, "the other files were not written"),
    ] {
        let many = format!("{HEAD}{}", FLORIDA.repeat(200_000));
        let run =
            curfew(&format!("scrub leads.csv {AT} --quiet --annotate - {files}")).file("leads.csv", many);
        let mut child = run.spawn();
        let mut first = [0; 100];
        child.stdout.take().unwrap().read_exact(&mut first).unwrap();
        let output = child.wait_with_output().unwrap();
        let words = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(exit), "{words}");
        assert!(words.contains(says), "{words}");
        assert_eq!(
            run.folder.names(),
            ["leads.csv"],
            "what is not whole is not there"
        );
    }
}

#[test]
fn one_time_for_all_rows_leaves_a_mapped_column_of_times_alone() {
    let run = scrub("--columns at=when --annotate out.csv");
    assert_eq!(end(&run).0, 4, "the list has no column `when`, and needs none");
    let utf_16 =
        curfew(&format!("scrub leads.csv {AT}")).file("leads.csv", [0xff, 0xfe, b'i', 0, b'd', 0, b'\n', 0]);
    let (exit, words) = end(&utf_16);
    assert_eq!(exit, 2);
    assert!(words.contains("the list is UTF-16; write it as UTF-8"), "{words}");
}

#[test]
fn a_file_that_comes_meanwhile_is_kept() {
    let run = curfew(&format!("scrub - {AT} --quiet --annotate out.csv"));
    let mut child = run.spawn();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(list().as_bytes()).unwrap();
    stdin.flush().unwrap();
    while run.folder.names().is_empty() {
        std::thread::yield_now();
    }
    std::fs::write(run.folder.path().join("out.csv"), "precious").unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(run.folder.names(), ["out.csv"]);
    assert_eq!(run.folder.read("out.csv"), "precious");
}

#[test]
fn somebody_without_a_number_is_not_held_against_a_do_not_call_list() {
    let objects = "{\"phone\":null,\"region\":\"US-NY\"}\n{\"region\":\"US-NY\"}\n";
    let run = |args: &str| {
        curfew(&format!(
            "scrub leads.ndjson {AT} --quiet --permitted yes.ndjson {args}"
        ))
        .file("leads.ndjson", objects)
        .file("dnc.csv", "+12125550199\n")
    };
    let without = run("");
    assert_eq!(end(&without).0, 4);
    assert_eq!(
        without.folder.read("yes.ndjson").lines().count(),
        1,
        "a number said to be none is blank"
    );
    let with = run("--suppress dnc.csv");
    assert_eq!(end(&with).0, 4);
    assert_eq!(with.folder.read("yes.ndjson"), "");
}

#[test]
fn an_interruption_leaves_nothing_behind() {
    let run = curfew(&format!("scrub - {AT} --annotate out.csv"));
    let mut child = run.spawn();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(list().as_bytes()).unwrap();
    stdin.flush().unwrap();
    // It has begun once it has told what it recognised.
    let mut told = [0; 10];
    child.stdout.as_mut().unwrap().read_exact(&mut told).unwrap();
    while run.folder.names().is_empty() {
        std::thread::yield_now();
    }
    Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    let output = child.wait_with_output().unwrap();
    drop(stdin);
    assert_eq!(output.status.code(), Some(130));
    assert!(run.folder.names().is_empty());
}

#[test]
fn what_cannot_be_done_is_said_before_anything_is() {
    let refused = |args: &str, list: &str| {
        let run = curfew(&format!("scrub leads.csv {args}")).file("leads.csv", list);
        let (exit, words) = end(&run);
        assert_eq!(run.folder.names(), ["leads.csv"]);
        format!("{exit}: {}", words.lines().next().unwrap_or_default())
    };
    assert_snapshot!(refused("", &list()), @"2: error: the following required arguments were not provided:");
    assert_snapshot!(refused(&format!("{AT} --at-column x"), &list()), @"2: error: the argument '--at <TIME>' cannot be used with '--at-column <COLUMN>'");
    assert_snapshot!(refused("--at-column when", &list()), @"2: error: leads.csv: no column `when`, which is to be `at`; the columns are `id`, `phone`, `state`, `zip`");
    assert_snapshot!(refused(AT, "id,name\n1,x\n"), @"2: error: leads.csv: no column says where callees are; name one, such as `--columns phone=HEADER`; the columns are `id`, `name`");
    assert_snapshot!(refused(&format!("{AT} --annotate x.csv"), "phone,curfew_zone\n"), @"2: error: leads.csv: there is a column `curfew_zone` already; scrub the list as it was before, or rename the column");
    assert_snapshot!(refused(&format!("{AT} --annotate x.csv --permitted x.csv"), &list()), @"2: error: --permitted x.csv: this file is named twice; every file needs a name of its own");
    assert_snapshot!(refused(&format!("{AT} --annotate leads.csv --force"), &list()), @"2: error: --annotate leads.csv: this file is named twice; every file needs a name of its own");
    assert_snapshot!(refused(AT, "\"id,phone\n1,x\n"), @"2: error: leads.csv:1: the first line cannot be read as the names of the columns; mend its quotation marks or its length");
    assert_snapshot!(refused(&format!("{AT} --annotate x.csv --permitted ./x.csv"), &list()), @"2: error: --permitted ./x.csv: this file is named twice; every file needs a name of its own");
    assert_snapshot!(refused(&format!("{AT} --summary leads.csv"), &list()), @"2: error: --summary leads.csv: this file is named twice; every file needs a name of its own");
    assert_snapshot!(refused("--at-column -", &list()), @"2: error: --at-column -: names no column; give the header of the column with the planned times, or --at");
    assert_snapshot!(refused(AT, "id,phone\r1,+13055550123\r"), @"2: error: leads.csv:1: the lines end with CR alone; write the list with line ends LF or CRLF");
    assert_snapshot!(refused(AT, "\u{feff}\"id\n\",x\n1,x\n"), @"2: error: leads.csv: no column says where callees are; name one, such as `--columns phone=HEADER`; the columns are `id`, `x`");
    assert_snapshot!(refused(AT, "1;+13055550123;US-FL\n"), @"2: error: leads.csv: no column says where callees are; name one, such as `--columns phone=HEADER`; the columns are `*;+***********;US-FL`; they seem to be separated by semicolons: write the list with commas or tabs");
    assert_snapshot!(refused(AT, "a,\u{1b}[31mb\n"), @"2: error: leads.csv: no column says where callees are; name one, such as `--columns phone=HEADER`; the columns are `a`, `�[31mb`");
    assert_snapshot!(refused(&format!("{AT} --suppress leads.csv"), "phone\n+13055550123\n"), @"2: error: INPUT leads.csv: this file is named twice; every file needs a name of its own");
    assert_snapshot!(shown("scrub none.csv --at now"), @"
    exit: 2
    --- stderr
    error: none.csv: there is no such file
    ");
}

#[test]
fn a_list_that_is_not_what_it_was_taken_for_ends_the_run() {
    let many = format!("{HEAD}{}", NATIONAL.repeat(10_000));
    let run = curfew(&format!("scrub leads.csv {AT} --quiet --rejected mend.csv")).file("leads.csv", many);
    let (exit, words) = end(&run);
    assert_eq!(exit, 1);
    assert_snapshot!(words, @"error: leads.csv: the first 10000 rows, from line 2 on, were all rejected: the number is not E.164; write `+`, country code and number without spaces, at most 15 digits; nothing was written");
    assert_eq!(run.folder.names(), ["leads.csv"]);
    // A good row after them, in the same block, makes no difference.
    let many = format!("{HEAD}{}{FLORIDA}", NATIONAL.repeat(10_000));
    let run = curfew(&format!("scrub leads.csv {AT} --quiet")).file("leads.csv", many);
    assert_eq!(end(&run), (1, words.clone()));
    let few = format!("{HEAD}{}{FLORIDA}{NATIONAL}", NATIONAL.repeat(9_999));
    let run = curfew(&format!("scrub leads.csv {AT} --quiet")).file("leads.csv", few);
    assert_eq!(end(&run).0, 4);
}

#[test]
fn lists_without_rows_are_done() {
    for text in ["", HEAD] {
        let run = curfew(&format!("scrub leads.csv {AT} --quiet --annotate out.csv")).file("leads.csv", text);
        let (exit, words) = end(&run);
        assert_eq!(
            (exit, words.as_str()),
            (0, "warning: the list has no rows\n"),
            "{text}"
        );
        let head = if text.is_empty() { "" } else { ANNOTATED_HEAD };
        assert_eq!(run.folder.read("out.csv"), head);
    }
}
