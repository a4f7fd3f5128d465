//! Secrets appear nowhere: not in output, not in logs at the finest level, not in errors, not in files.

use crate::kit::curfew;
use crate::kit::tenant::{Tenant, nobody, web_page};

const SECRET: &str = "hunter2-hunter2";

/// Nothing that a run writes holds the secret, whatever the address answers.
#[track_caller]
fn keeps_quiet(url: &str, secret: &str, args: &str) {
    let run = curfew(&format!(
        "sync --rate 0 --calling-hours 00:00-24:00 -vvv --summary out.json {args}"
    ))
    .tenant(url)
    .env("CURFEW_LOG", "trace")
    .env("CXONE_CLIENT_SECRET", secret);
    let output = run.output();
    let mut written = [output.stdout, output.stderr].concat();
    for name in run.folder.names() {
        written.extend(run.folder.read(&name).into_bytes());
    }
    let written = String::from_utf8_lossy(&written);
    assert!(!written.is_empty() && !written.contains(secret), "{written}");
    assert!(!written.to_ascii_lowercase().contains("bearer "), "{written}");
}

#[test]
fn a_run_that_succeeds_keeps_its_secret() {
    let tenant = Tenant::start("--contacts 3 --profile clean");
    for format in ["text", "json", "ndjson"] {
        keeps_quiet(&tenant.url, "demo-secret", &format!("--format {format}"));
    }
}

#[test]
fn a_run_that_fails_keeps_its_secret() {
    let tenant = Tenant::start("--contacts 3 --profile clean");
    keeps_quiet(&tenant.url, SECRET, "");
    keeps_quiet(&web_page(), SECRET, "");
    keeps_quiet(nobody(), SECRET, "--patience 100ms");
}

#[test]
fn there_is_no_flag_for_a_secret() {
    for args in ["--help", "sync --help", "config show"] {
        let shown = curfew(args).env("CXONE_CLIENT_SECRET", SECRET).shown();
        assert!(
            !shown.contains(SECRET) && !shown.contains("--client-secret"),
            "{args}: {shown}"
        );
    }
    let shown = curfew("sync --client-secret x").shown();
    assert!(shown.starts_with("exit: 2\n"), "{shown}");
}

#[test]
fn a_password_in_an_address_is_not_repeated() {
    let shown = curfew("sync")
        .tenant(&format!("https://me:{SECRET}@acme.example"))
        .shown();
    assert!(
        shown.starts_with("exit: 2\n") && !shown.contains(SECRET),
        "{shown}"
    );
}
