//! `curfew sync --from FILE`: lists of contacts, good ones and bad ones.

use std::io::{BufRead as _, BufReader, Read as _};

use insta::assert_snapshot;
use serde_json::Value;

use crate::kit::tenant::{Tenant, send};
use crate::kit::{Run, curfew, show};

/// All hours are open, wherever the callee: what happens does not depend on when the test runs.
const ALWAYS: &str = "--calling-hours 00:00-24:00 --rate 0 --concurrency 1";

const LIST: &[u8] = b"id,Name,Phone,State,ZIP\r\n\
    L-1,\"M\xc3\xbcller, Jo\",+13055550123,US-FL,33101\r\n\
    L-2,Ann,1.3055E+10,US-FL,33101\r\n\
    L-3,Bob,305 555 0123,US-FL,33101\r\n\
    L-4,Cy,+12125550100,Nowhere,\r\n\
    L-5,Di,n/a,US-FL,33101\r\n\
    L-6,Ed,+16175550100,US-MA,2139\r\n\
    L-7,M\xfcller,+13055550124,US-FL,33101\r\n\
    L-8,\"Two\r\nlines\",+13055550125,US-FL,33101\r\n\
    L-1,again,+13055550123,US-FL,33101\r\n\
    L-9,short\r\n";

fn tenant() -> Tenant {
    Tenant::start("--contacts 0")
}

fn sync(tenant: &Tenant, args: &str) -> Run {
    curfew(&format!("sync {ALWAYS} {args}")).tenant(&tenant.url)
}

fn upserts(tenant: &Tenant) -> u64 {
    tenant.stats()["requests"]["upsert"].as_u64().unwrap()
}

#[test]
fn a_list_is_synced_and_what_was_rejected_can_be_mended() {
    let tenant = tenant();
    let run = sync(&tenant, "--from leads.csv --rejected rejected.csv").file("leads.csv", LIST);
    assert_snapshot!(show(&run.output(), &run.folder), @r#"
    exit: 4
    --- stdout
    read                  10
    inserted               2
    prohibited             1
    duplicate              1
    rejected               6
    failed                 0
    not in the campaign, by reason:
      duplicate                          1  first L-1: the same externalId came earlier in the listing
      jurisdiction-unknown               1  first L-4: region `Nowhere` is not a known code; write ISO…
      phone-damaged                      1  first leads.csv:3 (L-2): `phone` was rounded by a spreadshe…
      phone-not-e164                     1  first L-5: `phone` is not E.164; write `+`, country code an…
      phone-without-plus                 1  first leads.csv:4 (L-3): `phone` does not begin with `+` an…
      postal-code-damaged                1  first leads.csv:7 (L-6): the US postal code has 4 digits, a…
      row-not-utf8                       1  first leads.csv:8: the row is not UTF-8 (Latin-1, Windows-1…
      row-ragged                         1  first leads.csv:12: the row has 2 fields where the first li…
    log head 14 [sha256]
    --- stderr
    source   leads.csv: csv, external_id = column 1 "id", phone = column 3 "Phone", region = column 4 "State", postal_code = column 5 "ZIP"
    target   http://127.0.0.1:[port]
    purpose  sales voice
    planned  the moment of sending
    law      set aside: --calling-hours decides alone
    mode     WRITE
    records  [folder]-state/curfew (run [run])
    warning: rejected: leads.csv:3 (L-2): `phone` was rounded by a spreadsheet (as in `1.2125E+10`), and its last digits are lost; format the column as text and export it again from where the numbers are whole
    warning: rejected: leads.csv:4 (L-3): `phone` does not begin with `+` and a country code; write them, or state the country of the list's numbers (--country US, or a column `country`)
    warning: rejected: L-5: `phone` is not E.164; write `+`, country code and number without spaces, at most 15 digits
    warning: rejected: leads.csv:7 (L-6): the US postal code has 4 digits, as if a spreadsheet had dropped its leading zero; write it as text, with all digits
    warning: rejected: leads.csv:8: the row is not UTF-8 (Latin-1, Windows-1252?); save the list as UTF-8
    warning: rejected: leads.csv:12: the row has 2 fields where the first line has 5; put quotes around fields that hold the separator
    [s] s, [rate] contacts a second sent, throttled 0 times; rulebook 2026.11.1, tzdb 2026f
    rejected rows: 6 in rejected.csv; mend them there and read it: --from rejected.csv
    "#);
    assert_eq!(upserts(&tenant), 2);
    let rejected = std::fs::read(run.folder.path().join("rejected.csv")).unwrap();
    let rejected = String::from_utf8_lossy(&rejected).into_owned();
    assert_snapshot!(rejected, @r#"
    curfew_line,curfew_reason,id,Name,Phone,State,ZIP
    3,"phone-damaged: `phone` was rounded by a spreadsheet (as in `1.2125E+10`), and its last digits are lost; format the column as text and export it again from where the numbers are whole",L-2,Ann,1.3055E+10,US-FL,33101
    4,"phone-without-plus: `phone` does not begin with `+` and a country code; write them, or state the country of the list's numbers (--country US, or a column `country`)",L-3,Bob,305 555 0123,US-FL,33101
    6,"phone-not-e164: `phone` is not E.164; write `+`, country code and number without spaces, at most 15 digits",L-5,Di,n/a,US-FL,33101
    7,"postal-code-damaged: the US postal code has 4 digits, as if a spreadsheet had dropped its leading zero; write it as text, with all digits",L-6,Ed,+16175550100,US-MA,2139
    8,"row-not-utf8: the row is not UTF-8 (Latin-1, Windows-1252?); save the list as UTF-8",L-7,M�ller,+13055550124,US-FL,33101
    12,"row-ragged: the row has 2 fields where the first line has 5; put quotes around fields that hold the separator",L-9,short
    "#);
    let mended = rejected
        .replace("1.3055E+10", "+13055550126")
        .replace("305 555 0123", "+13055550127")
        .replace("n/a", "+13055550128")
        .replace("2139", "02139")
        .replace('\u{fffd}', "ü")
        .replace("L-9,short", "L-9,long,+13055550129,US-FL,33101");
    run.folder.write("rejected.csv", mended.as_bytes());
    let run = run.then(&format!(
        "sync {ALWAYS} --from rejected.csv --rejected still.csv --format json"
    ));
    let folder = run.folder.path().to_owned();
    let output = run.output();
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (output.status.code(), &summary["read"], &summary["inserted"]),
        (Some(0), &6.into(), &6.into()),
        "{}",
        show(&output, &run.folder)
    );
    let still = std::fs::read_to_string(folder.join("still.csv")).unwrap();
    assert_eq!(still, "curfew_line,curfew_reason,id,Name,Phone,State,ZIP\n");
}

#[test]
fn without_a_file_for_them_rejected_rows_are_said_to_be_worth_one() {
    let tenant = tenant();
    let shown = sync(&tenant, "--from leads.csv").file("leads.csv", LIST).shown();
    assert!(
        shown.ends_with("rejected rows: --rejected FILE would keep them, to be mended and read again\n"),
        "{shown}"
    );
}

#[test]
fn columns_and_country_can_be_said_and_the_flag_wins() {
    let tenant = tenant();
    let list = "Kunde;Telefon;Mobil;Addr. Land\n7;(0)30;030 901820;DE\n8;x;0171 1234567;Atlantis\n";
    let run = |args: &str| {
        sync(&tenant, &format!("--dry-run --from leads.csv {args}"))
            .file("leads.csv", list)
            .file(
                "curfew.toml",
                "[columns]\nexternal_id = \"Kunde\"\nphone = \"Telefon\"\nregion = \"Addr. Land\"\n[sync]\ncountry = \"DE\"\n",
            )
    };
    assert_snapshot!(run("--columns phone=Mobil").shown(), @r#"
    exit: 0
    --- stdout
    read                   2
    inserted               0
    would upsert           1
    prohibited             1
    rejected               0
    failed                 0
    not in the campaign, by reason:
      jurisdiction-unknown               1  first 8: region `Atlantis` is not a known code; write ISO c…
    --- stderr
    source   leads.csv: csv, external_id = column 1 "Kunde", phone = column 3 "Mobil", region = column 4 "Addr. Land"
    target   http://127.0.0.1:[port]
    purpose  sales voice
    planned  the moment of sending
    law      set aside: --calling-hours decides alone
    mode     DRY RUN
    [s] s, [rate] contacts a second sent, throttled 0 times; rulebook 2026.11.1, tzdb 2026f
    "#);
    // What the settings say alone: the other column, which holds no numbers.
    let (_, summary) = run("--format json").json();
    assert_eq!(summary["by_reason"]["phone-not-national"], 2);
    let shown = curfew("config show")
        .file("curfew.toml", "[columns]\nphone = \"Telefon\"\n")
        .shown();
    assert!(shown.contains("\ncolumn phone: Telefon\n"), "{shown}");
}

#[test]
fn the_planned_time_can_be_a_column() {
    let tenant = tenant();
    let list = "id,phone,Termin\n1,+13055550123,2090-06-14T16:00:00Z\n2,+13055550123,2090-06-14T04:30:00Z\n3,+13055550123,noon\n";
    let run =
        curfew("sync --dry-run --rate 0 --concurrency 1 --format json --from leads.csv --columns at=termin")
            .tenant(&tenant.url)
            .file("leads.csv", list);
    let (exit, summary) = run.json();
    let reasons = &summary["by_reason"];
    assert_eq!(
        (
            exit,
            &summary["would_upsert"],
            &reasons["outside-calling-window"],
            &reasons["planned-time-unreadable"]
        ),
        (4, &1.into(), &1.into(), &1.into()),
        "{summary}"
    );
}

#[test]
fn lines_of_json_come_from_stdin() {
    let tenant = tenant();
    let lines = "{\"id\":1,\"Phone\":\"+13055550123\",\"State\":\"Nowhere\"}\n\
        {\"externalId\":\"2\",\"phone\":\"+13055550123\",\"attributes\":{\"region\":\"US-FL\"}}\n\
        {\"externalId\":\n";
    // A field can be taken away from what is read, in either form.
    let (_, summary) = sync(
        &tenant,
        "--dry-run --from - --from-format ndjson --columns region=- --format json",
    )
    .stdin(lines.replace("US-FL", "Elsewhere"))
    .json();
    assert_eq!(summary["would_upsert"], 2, "{summary}");
    let run = sync(
        &tenant,
        "--from - --from-format ndjson --rejected rejected.ndjson",
    )
    .stdin(lines);
    assert_snapshot!(show(&run.output(), &run.folder), @"
    exit: 4
    --- stdout
    read                   3
    inserted               1
    prohibited             1
    rejected               1
    failed                 0
    not in the campaign, by reason:
      json-unreadable                    1  first stdin:3: the line is no JSON: EOF while parsing a val…
      jurisdiction-unknown               1  first 1: region `Nowhere` is not a known code; write ISO co…
    log head 6 [sha256]
    --- stderr
    source   stdin: ndjson
    target   http://127.0.0.1:[port]
    purpose  sales voice
    planned  the moment of sending
    law      set aside: --calling-hours decides alone
    mode     WRITE
    records  [folder]-state/curfew (run [run])
    warning: rejected: stdin:3: the line is no JSON: EOF while parsing a value at column 14; write one object a line
    [s] s, [rate] contacts a second sent, throttled 0 times; rulebook 2026.11.1, tzdb 2026f
    rejected rows: 1 in rejected.ndjson; mend them there and read it: --from rejected.ndjson
    ");
    assert_snapshot!(run.folder.read("rejected.ndjson"), @r#"{"curfew_line":3,"curfew_reason":"json-unreadable: the line is no JSON: EOF while parsing a value at column 14; write one object a line","curfew_text":"{\"externalId\":"}"#);
}

fn misread_list(rows: u32) -> String {
    let rows: String = (0..rows)
        .map(|row| format!("{row},+1305{:07},Florida\n", 5_550_000 + row))
        .collect();
    format!("Phone,Number,State\n{rows}")
}

#[test]
fn a_list_that_is_misread_stops_the_run_and_says_what_to_look_at() {
    let tenant = tenant();
    let mut said = Vec::new();
    for rows in [1_000, 5_000] {
        let run = sync(
            &tenant,
            "--quiet --columns external_id=number --from leads.csv --rejected rejected.csv",
        )
        .file("leads.csv", misread_list(rows));
        let output = run.output();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{errors}");
        said.push(errors.lines().last().unwrap().to_owned());
        let kept = run.folder.read("rejected.csv").lines().count();
        assert!((1_001..1_100).contains(&kept), "{kept}");
        // The next command reads it in another way, and has nothing to go on with.
        let (exit, summary) = run
            .then(&format!("sync {ALWAYS} --quiet --format json --from leads.csv --columns external_id=Phone,phone=Number,region=Phone"))
            .json();
        assert_eq!((exit, &summary["resumed"]), (1, &false.into()), "{summary}");
        assert!(
            summary["error"]
                .as_str()
                .unwrap()
                .contains("ended as jurisdiction-unknown"),
            "{summary}"
        );
    }
    assert_eq!(said[0], said[1]);
    assert_snapshot!(said[0], @r#"error: the first 1000 rows of leads.csv all ended as phone-without-plus, beginning with leads.csv:2 (+1305*****00): `phone` does not begin with `+` and a country code; write them, or state the country of the list's numbers (--country US, or a column `country`); see whether the columns hold what they are taken for (external_id = column 2 "Number", phone = column 1 "Phone", region = column 3 "State"), and name others with --columns; the rest of the list was not read"#);
    assert_eq!(upserts(&tenant), 0);
    let few = sync(
        &tenant,
        "--format json --columns external_id=number --from leads.csv",
    )
    .file("leads.csv", misread_list(999));
    assert_eq!(few.json().0, 4);
}

#[test]
fn what_cannot_be_read_as_a_list_is_usage() {
    let tenant = tenant();
    let error = |args: &str| {
        let run = sync(&tenant, args)
            .file("leads.csv", "id,Telefon\n1,+13055550123\n")
            .file("good.csv", "id,phone\n1,+13055550123\n")
            .file("empty.csv", "")
            .file("utf16.csv", b"\xff\xfei\0d\0")
            .file("leads", "id,phone\n");
        let shown = run.shown();
        let last = shown.lines().rfind(|line| line.starts_with("error: "));
        assert!(shown.starts_with("exit: 2\n"), "{shown}");
        last.unwrap_or_default().to_owned()
    };
    let errors = [
        "--from none.csv",
        "--from leads",
        "--from .",
        "--from empty.csv",
        "--from utf16.csv",
        "--from leads.csv",
        "--from leads.csv --columns phone=Mobil",
        "--from leads.csv --columns phone",
        "--from good.csv --country XX",
        "--from good.csv --rejected good.csv",
        "--from good.csv --rejected rejected.ndjson",
        "--from good.csv --rejected no/rejected.csv",
        "--from cxone --rejected rejected.csv",
        "--from - --from-format csv --follow",
        "--from - --from-format xls",
        "--rejected rejected.csv",
    ]
    .map(|args| format!("{args}\n  {}", error(args)));
    assert_snapshot!(errors.join("\n"), @r#"
    --from none.csv
      error: --from: none.csv: cannot be read: No such file or directory (os error 2)
    --from leads
      error: --from: leads: its name tells no format; name it .csv, .tsv or .ndjson, or say --from-format
    --from .
      error: --from: .: its name tells no format; name it .csv, .tsv or .ndjson, or say --from-format
    --from empty.csv
      error: --from: empty.csv:1: the list is empty; its first line must name the columns
    --from utf16.csv
      error: --from: utf16.csv:1: the list is UTF-16 (a spreadsheet's Unicode text); save it as CSV UTF-8
    --from leads.csv
      error: --from: leads.csv:1: no column is known to be `phone`; name it: `phone=HEADER` in --columns, or `phone = "HEADER"` under [columns] in the settings; the columns are `id`, `Telefon`
    --from leads.csv --columns phone=Mobil
      error: --from: leads.csv:1: no column `Mobil`, which is to be `phone`; the columns are `id`, `Telefon`
    --from leads.csv --columns phone
      error: invalid value 'phone' for '--columns <FIELD=HEADER,…>': `phone` is not of the form FIELD=HEADER; write it as `phone=Telefon,region=State`
    --from good.csv --country XX
      error: --country: `XX` is not a country with phone numbers; write an ISO 3166-1 code such as `US` or `GB`
    --from good.csv --rejected good.csv
      error: --rejected: good.csv: is the list that is read; name another file, for rows that were not read yet would be lost
    --from good.csv --rejected rejected.ndjson
      error: --rejected: rejected.ndjson: rejected rows are written as the list is; give the file a name that ends with `.csv`
    --from good.csv --rejected no/rejected.csv
      error: --rejected: no/rejected.csv: cannot be written: No such file or directory (os error 2)
    --from cxone --rejected rejected.csv
      error: --rejected: keeps rows of a list; name the list, `--from FILE`
    --from - --from-format csv --follow
      error: --follow: reads the list again when a window opens, and stdin can be read but once; name a file
    --from - --from-format xls
      error: invalid value 'xls' for '--from-format <FORMAT>': `xls` is not a format of lists; write csv, tsv or ndjson
    --rejected rejected.csv
      error: the following required arguments were not provided:
    "#);
    assert_eq!(upserts(&tenant), 0);
}

#[test]
fn an_interrupted_run_keeps_what_it_rejected_and_its_next_piece_keeps_all_of_it() {
    let tenant = Tenant::start("--contacts 0 --latency 20ms");
    let rows: String = (0..400)
        .map(|row| format!("{row},+1305{:07}\n", 5_550_000 + row))
        .collect();
    let list = format!("id,phone\nbad-1,n/a\nbad-2,1.3E+10\n{rows}bad-3,unknown\n");
    let args = format!("sync {ALWAYS} --format ndjson --from leads.csv --rejected rejected.csv");
    let run = curfew(&args).tenant(&tenant.url).file("leads.csv", list);
    let mut child = run.spawn();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("\"inserted\"") {
        line.clear();
        assert!(stdout.read_line(&mut line).unwrap() > 0);
    }
    send(&child, "INT");
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let rejected = || -> Vec<String> {
        let text = run.folder.read("rejected.csv");
        let ids = text
            .lines()
            .skip(1)
            .map(|row| row.rsplit(',').nth(1).unwrap().to_owned());
        let mut ids: Vec<_> = ids.collect();
        ids.sort();
        ids
    };
    assert_eq!(rejected(), ["bad-1", "bad-2"]);
    let output = run.output();
    let text = String::from_utf8(output.stdout).unwrap();
    let summary: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert_eq!(
        (
            output.status.code(),
            &summary["resumed"],
            &summary["read"],
            &summary["inserted"]
        ),
        (Some(4), &true.into(), &403.into(), &400.into()),
        "{summary}"
    );
    assert_eq!(rejected(), ["bad-1", "bad-2", "bad-3"]);
    assert_eq!(run.folder.names(), ["leads.csv", "rejected.csv"]);
    // The tenant got each once, but that one may have been under way when the signal came.
    assert!((400..=401).contains(&upserts(&tenant)), "{}", upserts(&tenant));
}
