//! `curfew simulate`.

use insta::assert_snapshot;

use crate::kit::tenant::Tenant;
use crate::kit::{curfew, shown};

#[test]
fn it_listens_until_it_is_told_to_end() {
    for signal in ["TERM", "INT"] {
        let tenant = Tenant::start("--contacts 3");
        assert_eq!(tenant.stats()["requests"]["total"], 0);
        assert_eq!(tenant.end(signal).code(), Some(0), "{signal}");
    }
}

#[test]
fn a_port_in_use_is_named() {
    let tenant = Tenant::start("--contacts 0");
    let port = tenant.url.rsplit(':').next().unwrap();
    assert_snapshot!(shown(&format!("simulate --port {port}")), @r#"
    exit: 1
    --- stderr
    error: cannot listen on `127.0.0.1:[port]`: Address already in use (os error 98); use another port, or 0 for any free one
    "#);
}

#[test]
fn what_cannot_be_simulated_is_usage() {
    assert_snapshot!(shown("simulate --fault resett"), @r#"
    exit: 2
    --- stderr
    error: invalid value 'resett' for '--fault <FAULT>': unknown fault `resett`; valid: a status from 300 to 599 such as 503, alone or as 503-html or 503-empty; revoked-token, short-token, reset-before, reset-after, truncated, cut-json, html, empty, hang, slow, duplicate, looping, null-page, empty-page, no-token, expired-cursor

    For more information, try '--help'.
    "#);
    assert_snapshot!(shown("simulate --token-life 5"), @r#"
    exit: 2
    --- stderr
    error: --token-life: `5` is not a duration; write `90s`, `5m` or `1h30m`
    "#);
    assert_snapshot!(shown("simulate --profile real"), @r#"
    exit: 2
    --- stderr
    error: invalid value 'real' for '--profile <PROFILE>': unknown profile `real`; valid: mixed, clean

    For more information, try '--help'.
    "#);
    assert!(shown("simulate --contacts 10000001").starts_with("exit: 2\n"));
}

#[test]
fn the_long_help_tells_every_fault() {
    let help = shown("simulate --help");
    for line in cxone_simulator::FAULT_HELP
        .lines()
        .filter(|line| line.starts_with("  "))
    {
        let name = line.split_whitespace().next().unwrap();
        assert!(help.contains(name), "{name}: {help}");
    }
    assert!(!shown("simulate -h").contains("expired-cursor"));
}

#[test]
fn it_says_on_stderr_how_to_sync_with_it() {
    let run = curfew("simulate --quiet");
    let mut child = run.spawn();
    let mut line = String::new();
    std::io::BufRead::read_line(
        &mut std::io::BufReader::new(child.stdout.take().unwrap()),
        &mut line,
    )
    .unwrap();
    crate::kit::tenant::send(&child, "TERM");
    let output = child.wait_with_output().unwrap();
    assert_eq!(
        (output.status.code(), output.stderr.as_slice()),
        (Some(0), &b""[..]),
        "{line}"
    );
}
