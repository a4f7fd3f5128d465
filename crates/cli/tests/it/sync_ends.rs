//! `curfew sync` that ends early: by a signal, or because it cannot go on.

use std::io::{BufRead as _, BufReader, Read as _};

use insta::assert_snapshot;
use serde_json::Value;

use crate::kit::curfew;
use crate::kit::tenant::{Tenant, nobody, send, web_page};

const ALWAYS: &str = "--calling-hours 00:00-24:00 --rate 0";

#[test]
fn a_signal_ends_the_run_with_its_books_whole() {
    let tenant = Tenant::start("--contacts 5000 --profile clean --latency 20ms");
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let run = curfew(&format!(
            "sync {ALWAYS} --concurrency 4 --format ndjson --summary out.json"
        ))
        .tenant(&tenant.url);
        let mut child = run.spawn();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        stdout.read_line(&mut first).unwrap();
        send(&child, signal);
        let mut rest = String::new();
        stdout.read_to_string(&mut rest).unwrap();
        let mut errors = String::new();
        child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(code), "{errors}");
        let summary: Value = serde_json::from_str(rest.lines().last().unwrap()).unwrap();
        let contacts = rest.lines().count() as u64;
        assert_eq!(
            summary["read"].as_u64(),
            Some(contacts),
            "every contact read has its line: {summary}"
        );
        assert_eq!(summary["complete"], false);
        assert!(contacts < 5_000);
        assert!(
            errors.contains("warning: interrupted; the same command goes on where this one ended"),
            "{errors}"
        );
        assert_eq!(
            serde_json::from_str::<Value>(&run.folder.read("out.json")).unwrap(),
            summary
        );
    }
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let tenant = Tenant::start("--contacts 10 --profile clean --fault hang:on=upsert");
    let run = curfew(&format!("sync {ALWAYS} --verbose --format json")).tenant(&tenant.url);
    let mut child = run.spawn();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    let mut wait_for = |words: &str| {
        line.clear();
        while !line.contains(words) {
            line.clear();
            assert!(stderr.read_line(&mut line).unwrap() > 0, "{words}");
        }
    };
    wait_for("mode     WRITE");
    while tenant.stats()["requests"]["upsert"].as_u64().unwrap() < 10 {
        std::thread::yield_now();
    }
    send(&child, "INT");
    wait_for("stopping: what is in flight is finished");
    send(&child, "INT");
    wait_for("warning: cut off: of 10 contacts that were read it is not known whether they arrived");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&summary["read"], &summary["not_attempted"]),
        (&10.into(), &10.into())
    );
}

#[test]
fn wrong_credentials_end_it_with_advice() {
    let tenant = Tenant::start("--contacts 1");
    let run = curfew(&format!("sync {ALWAYS}"))
        .tenant(&tenant.url)
        .env("CXONE_CLIENT_SECRET", "wrong");
    assert_snapshot!(run.shown(), @"
    exit: 1
    --- stderr
    target   http://127.0.0.1:[port]
    purpose  sales voice
    planned  the moment of sending
    law      set aside: --calling-hours decides alone
    mode     WRITE
    records  [folder]-state/curfew (run [run])
    error: the tenant refused the client credentials: 401 Unauthorized: client authentication failed; invalid_client (request [id]); check CXONE_CLIENT_ID and CXONE_CLIENT_SECRET, and that they belong to this tenant
    ");
    let run = curfew("sync --preflight")
        .tenant(&tenant.url)
        .env("CXONE_CLIENT_ID", "nobody");
    assert_snapshot!(run.shown(), @r#"
    exit: 1
    --- stderr
    target   http://127.0.0.1:[port]; nothing is written
    error: the tenant refused the client credentials: 401 Unauthorized: client authentication failed; invalid_client (request [id]); check CXONE_CLIENT_ID and CXONE_CLIENT_SECRET, and that they belong to this tenant
    "#);
}

#[test]
fn a_port_where_nobody_listens_is_named() {
    let run = curfew(&format!("sync {ALWAYS} --patience 100ms")).tenant(nobody());
    assert_snapshot!(run.shown(), @"
    exit: 1
    --- stderr
    target   http://127.0.0.1:[port]
    purpose  sales voice
    planned  the moment of sending
    law      set aside: --calling-hours decides alone
    mode     WRITE
    records  [folder]-state/curfew (run [run])
    error: nothing succeeded for 100ms; the last trouble: could not connect: client error (Connect): tcp connect error: Connection refused (os error 111) (request [id]); run again when the tenant answers; a longer --patience waits longer
    ");
}

#[test]
fn a_web_page_is_no_tenant() {
    let run = curfew(&format!("sync {ALWAYS} --summary out.json")).tenant(&web_page());
    let folder = &run.folder;
    let output = run.output();
    let summary: Value = serde_json::from_str(&folder.read("out.json")).unwrap();
    assert_eq!(
        (&summary["complete"], &summary["read"]),
        (&false.into(), &0.into())
    );
    assert!(
        summary["error"]
            .as_str()
            .unwrap()
            .contains("does not answer as the contacts API"),
        "{summary}"
    );
    assert_snapshot!(crate::kit::show(&output, folder), @"
    exit: 1
    --- stderr
    target   http://127.0.0.1:[port]
    purpose  sales voice
    planned  the moment of sending
    law      set aside: --calling-hours decides alone
    mode     WRITE
    records  [folder]-state/curfew (run [run])
    error: POST /api/v2/oauth/token does not answer as the contacts API: a success with an HTML page; check the organisation or base URL; Curfew speaks the contract contacts-v2
    ");
}

#[test]
fn a_missing_scope_is_named() {
    let tenant = Tenant::start("--contacts 1 --profile clean --fault 403:on=upsert");
    let run = curfew(&format!("sync {ALWAYS} --format json --quiet")).tenant(&tenant.url);
    let output = run.output();
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&summary["read"], &summary["failed"]), (&1.into(), &1.into()));
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(errors.contains("contacts:write"), "{errors}");
}

#[test]
fn what_the_tenant_refuses_is_named_and_counted() {
    let tenant = Tenant::start("--contacts 3 --profile clean --fault 400:id=C-0000002");
    let run = curfew(&format!("sync {ALWAYS} --quiet --concurrency 1")).tenant(&tenant.url);
    assert_snapshot!(run.shown(), @"
    exit: 4
    --- stdout
    read                   3
    inserted               2
    prohibited             0
    rejected               1
    failed                 0
    not in the campaign, by reason:
      refused-by-tenant                  1  first C-0000002: 400 Bad Request: 400 Bad Request by a faul…
    log head 8 [sha256]
    --- stderr
    warning: rejected: C-0000002: 400 Bad Request: 400 Bad Request by a fault of the simulator (request [id])
    ");
}

#[test]
fn a_reader_that_goes_away_ends_the_report_and_not_the_run() {
    let tenant = Tenant::start("--contacts 40 --profile clean --latency 2ms");
    let run = curfew(&format!(
        "sync {ALWAYS} --concurrency 1 --format ndjson --summary out.json"
    ))
    .tenant(&tenant.url);
    let mut child = run.spawn();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut String::new()).unwrap();
    drop(stdout);
    let output = child.wait_with_output().unwrap();
    let summary: Value = serde_json::from_str(&run.folder.read("out.json")).unwrap();
    assert_eq!(
        (output.status.code(), &summary["inserted"]),
        (Some(0), &40.into())
    );
}
