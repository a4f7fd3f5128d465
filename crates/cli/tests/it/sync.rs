//! `curfew sync` against `curfew simulate`, when all goes well.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::kit::tenant::Tenant;
use crate::kit::{Run, curfew};

/// All hours are open, wherever the callee: what happens does not depend on when the test runs.
const ALWAYS: &str = "--calling-hours 00:00-24:00 --rate 0 --concurrency 1";

/// Contacts of which some name no place and some have no usable number.
const FLAWED: &str = "--contacts 12 --profile clean:unknown-region=20,malformed-phone=20,known=20 --seed 3";

fn sync(tenant: &Tenant, args: &str) -> Run {
    curfew(&format!("sync {ALWAYS} {args}")).tenant(&tenant.url)
}

fn lines(run: &Run) -> Vec<Value> {
    let output = run.output();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn contacts_are_written_and_the_books_are_shown() {
    let tenant = Tenant::start(FLAWED);
    assert_snapshot!(sync(&tenant, "").shown(), @"
    exit: 4
    --- stdout
    read                  12
    inserted               7
    updated                1
    prohibited             2
    rejected               2
    failed                 0
    not in the campaign, by reason:
      jurisdiction-unknown               2  first C-0000007: region `US-XX` is not a known code; write…
      phone-missing                      1  first C-0000011: `phone` is missing, blank or not a text
      phone-not-e164                     1  first C-0000004: `phone` is not E.164; write `+`, country c…
    log head 22 [sha256]
    --- stderr
    target   http://127.0.0.1:[port]
    purpose  sales voice
    planned  the moment of sending
    law      set aside: --calling-hours decides alone
    mode     WRITE
    records  [folder]-state/curfew (run [run])
    warning: rejected: C-0000004: `phone` is not E.164; write `+`, country code and number without spaces, at most 15 digits
    warning: rejected: C-0000011: `phone` is missing, blank or not a text
    [s] s, [rate] contacts a second sent, throttled 0 times; rulebook 2026.11.1, tzdb 2026f
    ");
    let again = sync(&tenant, "--verbose --limit 3 --max-rejected 3").shown();
    let lines: Vec<&str> = again
        .lines()
        .filter(|line| !line.starts_with(' '))
        .take(12)
        .collect();
    assert_snapshot!(lines.join("\n"), @r#"
    exit: 0
    --- stdout
    updated       C-0000001   no end in sight
    updated       C-0000002   no end in sight
    updated       C-0000003   no end in sight

    read                   3
    inserted               0
    updated                3
    prohibited             0
    rejected               0
    failed                 0
    "#);
}

#[test]
fn a_dry_run_writes_nothing() {
    let tenant = Tenant::start("--contacts 5 --profile clean");
    assert_snapshot!(sync(&tenant, "--dry-run").shown(), @"
    exit: 0
    --- stdout
    read                   5
    inserted               0
    would upsert           5
    prohibited             0
    rejected               0
    failed                 0
    --- stderr
    target   http://127.0.0.1:[port]
    purpose  sales voice
    planned  the moment of sending
    law      set aside: --calling-hours decides alone
    mode     DRY RUN
    [s] s, [rate] contacts a second sent, throttled 0 times; rulebook 2026.11.1, tzdb 2026f
    ");
    assert_eq!(tenant.stats()["requests"]["upsert"], 0);
    let (_, summary) = sync(&tenant, "--dry-run --format json").json();
    assert_eq!(
        (&summary["would_upsert"], &summary["mode"]),
        (&5.into(), &"dry-run".into())
    );
}

#[test]
fn the_summary_has_the_keys_of_the_contract() {
    let tenant = Tenant::start(FLAWED);
    let run = sync(&tenant, "--format json --summary out.json");
    let (exit, document) = run.json();
    let keys: Vec<_> = document.as_object().unwrap().keys().map(String::as_str).collect();
    assert_snapshot!(keys.join(" "), @"read inserted updated already_there would_upsert prohibited suppressed duplicate rejected failed not_attempted by_reason earliest_opening schema run_id resumed state_dir log_head mode target complete error throttled seconds rulebook tzdb");
    let count = |key: &str| document[key].as_u64().unwrap();
    let columns = [
        "inserted",
        "updated",
        "already_there",
        "would_upsert",
        "prohibited",
        "suppressed",
        "duplicate",
        "rejected",
        "failed",
        "not_attempted",
    ];
    assert_eq!(
        count("read"),
        columns.iter().map(|column| count(column)).sum::<u64>()
    );
    assert!(
        count("rejected") > 0 && count("prohibited") > 0 && count("inserted") > 0,
        "{document}"
    );
    assert_eq!(
        (exit, &document["complete"], &document["error"]),
        (4, &true.into(), &Value::Null)
    );
}

#[test]
fn the_summary_file_holds_what_stdout_does() {
    let tenant = Tenant::start("--contacts 2 --profile clean");
    let run = sync(&tenant, "--format json --summary out.json").file("out.json", "old");
    let output = run.output();
    assert_eq!(run.folder.read("out.json").as_bytes(), output.stdout);
    assert_eq!(run.folder.names(), ["out.json"]);
    let beside = sync(&tenant, "--quiet --summary -").shown();
    assert!(
        beside.contains("\nread                   2\n") && beside.contains("\n{\"read\":2,"),
        "{beside}"
    );
}

#[test]
fn every_contact_is_a_line_of_ndjson_and_the_summary_the_last() {
    let tenant = Tenant::start(FLAWED);
    let run = sync(&tenant, "--format ndjson");
    let lines = lines(&run);
    assert_eq!(lines.len(), 13);
    for line in &lines[..12] {
        let keys: Vec<_> = line.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(
            keys,
            [
                "contact",
                "outcome",
                "reason",
                "message",
                "next_opening",
                "permitted_until"
            ]
        );
        let sent = ["inserted", "updated"].contains(&line["outcome"].as_str().unwrap());
        assert_eq!(line["reason"].is_null(), sent, "{line}");
    }
    assert_eq!(lines[12]["read"], 12);
}

#[test]
fn the_law_decides_about_the_planned_time() {
    let tenant = Tenant::start("--contacts 20 --profile clean");
    let at = |time: &str| {
        let run = curfew(&format!("sync --dry-run --rate 0 --format json --at {time}")).tenant(&tenant.url);
        run.json().1
    };
    let (noon, night) = (at("2090-06-14T16:00:00Z"), at("2090-06-14T04:30:00Z"));
    assert_ne!(
        (&noon["would_upsert"], &noon["prohibited"]),
        (&night["would_upsert"], &night["prohibited"])
    );
    assert_eq!(noon["read"], 20);
    assert!(
        night["earliest_opening"].as_str().unwrap() > "2090-06-14T04:30:00Z",
        "{night}"
    );
}

#[test]
fn what_opens_soon_is_sent_where_that_is_asked() {
    let tenant = Tenant::start("--contacts 20 --profile clean");
    let count = |more: &str| {
        let night = format!("sync --dry-run --rate 0 --format json --at 2090-06-14T04:30:00Z {more}");
        let (_, summary) = curfew(&night).tenant(&tenant.url).json();
        (
            summary["would_upsert"].as_u64().unwrap(),
            summary["prohibited"].as_u64().unwrap(),
        )
    };
    let (now, held_back) = count("");
    assert!(now > 0 && held_back > 0, "{now} {held_back}");
    assert_eq!(count("--opens-within 400h"), (20, 0));
}

#[test]
fn a_contact_without_its_planned_time_is_rejected() {
    let tenant = Tenant::start("--contacts 1 --profile clean");
    assert_snapshot!(sync(&tenant, "--quiet --at-field attributes.proposedAt").shown(), @"
    exit: 4
    --- stdout
    read                   1
    inserted               0
    prohibited             0
    rejected               1
    failed                 0
    not in the campaign, by reason:
      planned-time-unreadable            1  first C-0000001: `attributes.proposedAt` is missing; it hol…
    nothing was sent: none of the contacts that were read came through; the reasons are above
    log head 3 [sha256]
    --- stderr
    warning: rejected: C-0000001: `attributes.proposedAt` is missing; it holds the planned time
    ");
}

#[test]
fn a_limit_ends_the_reading() {
    let tenant = Tenant::start("--contacts 250 --profile clean");
    let (exit, summary) = sync(&tenant, "--limit 7 --page-size 5 --format json").json();
    assert_eq!(
        (exit, &summary["read"], &summary["inserted"]),
        (0, &7.into(), &7.into())
    );
}

#[test]
fn rejected_contacts_can_be_tolerated() {
    let tenant = Tenant::start("--contacts 10 --profile clean:malformed-phone=100");
    let exit = |tolerance: &str| sync(&tenant, &format!("--format json {tolerance}")).json().0;
    assert_eq!(
        [
            exit(""),
            exit("--max-rejected 9"),
            exit("--max-rejected 10"),
            exit("--max-rejected 99%"),
            exit("--max-rejected 100%")
        ],
        [4, 4, 0, 4, 0]
    );
}

#[test]
fn an_empty_tenant_is_no_error() {
    let tenant = Tenant::start("--contacts 0");
    let shown = sync(&tenant, "--quiet").shown();
    assert!(
        shown.starts_with("exit: 0\n") && shown.contains("nothing was sent: no contact was read"),
        "{shown}"
    );
}

#[test]
fn preflight_looks_and_writes_nothing() {
    let tenant = Tenant::start("--contacts 120 --profile clean");
    let run = curfew("sync --preflight").tenant(&tenant.url);
    let shown = run.shown();
    assert_eq!(tenant.stats()["requests"]["upsert"], 0);
    let words: Vec<_> = shown.lines().filter(|line| !line.contains(" ms")).collect();
    assert_snapshot!(words.join("\n"), @r#"
    exit: 0
    --- stdout
    ready    `curfew sync --dry-run` decides about every contact without writing
    --- stderr
    target   http://127.0.0.1:[port]; nothing is written
    "#);
    assert!(
        shown.contains("page     100 contacts, in ") && shown.contains("more pages follow"),
        "{shown}"
    );
}

#[test]
fn credentials_can_come_from_a_file_and_the_environment_wins() {
    let tenant = Tenant::start("--contacts 1 --profile clean");
    let file = format!(
        "# for tests\nCXONE_CLIENT_ID=demo\nexport CXONE_CLIENT_SECRET=\"demo-secret\"\nCXONE_BASE_URL={}\n",
        tenant.url
    );
    let run = || {
        curfew(&format!("sync {ALWAYS} --format json --secrets-file secrets.env"))
            .env("CXONE_BASE_URL", &tenant.url)
            .file("secrets.env", &file)
    };
    assert_eq!(run().json().1["inserted"], json!(1));
    let refused = run().env("CXONE_CLIENT_SECRET", "wrong").output();
    assert_eq!(refused.status.code(), Some(1));
}

#[test]
fn a_summary_renews_what_a_link_leads_to_and_replaces_nothing_but_files() {
    let tenant = Tenant::start("--contacts 2 --profile clean");
    let folder = std::env::temp_dir().join(format!("curfew-summary-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (file, link) = (folder.join("real.json"), folder.join("link.json"));
    std::fs::write(&file, "old").unwrap();
    std::os::unix::fs::symlink(&file, &link).unwrap();
    let run = sync(&tenant, &format!("--dry-run --summary {}", link.display()));
    assert_eq!(run.output().status.code(), Some(0));
    assert!(
        std::fs::read_to_string(&file)
            .unwrap()
            .contains("\"would_upsert\"")
    );
    assert!(std::fs::symlink_metadata(&link).unwrap().file_type().is_symlink());
    let socket = folder.join("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let refused = sync(&tenant, &format!("--dry-run --summary {}", socket.display()));
    assert_eq!(refused.output().status.code(), Some(2));
    std::fs::remove_dir_all(&folder).unwrap();
}
