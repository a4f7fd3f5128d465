//! What `curfew sync` refuses before it connects to anything.

use insta::assert_snapshot;

use crate::kit::tenant::nobody;
use crate::kit::{curfew, shown};

#[test]
fn credentials_are_needed() {
    assert_snapshot!(shown("sync"), @r#"
    exit: 2
    --- stderr
    error: CXONE_ORG, CXONE_CLIENT_ID, CXONE_CLIENT_SECRET not set; set them in the environment or in a file that --secrets-file names. Without a tenant: `curfew demo`, or `curfew simulate` and the line it prints
    "#);
    let run = curfew("sync")
        .env("CXONE_ORG", "acme")
        .env("CXONE_CLIENT_ID", "demo")
        .env("CXONE_CLIENT_SECRET", "");
    assert_snapshot!(run.shown(), @r#"
    exit: 2
    --- stderr
    error: CXONE_CLIENT_SECRET not set; set them in the environment or in a file that --secrets-file names. Without a tenant: `curfew demo`, or `curfew simulate` and the line it prints
    "#);
    let run = curfew("sync --secrets-file secrets.env").file("secrets.env", "CXONE_ORG=acme\nhunter2\n");
    assert_snapshot!(run.shown(), @r#"
    exit: 2
    --- stderr
    error: secrets.env:2: not of the form NAME=value
    "#);
}

#[test]
fn an_organisation_is_one_label() {
    let run = curfew("sync").tenant("").env("CXONE_ORG", "acme.example/#");
    assert_snapshot!(run.shown(), @r#"
    exit: 2
    --- stderr
    error: CXONE_ORG: `acme.example/#` is not an organisation name; give the first part of your CXone address, such as `acme` for acme.my.cxone.com
    "#);
}

#[test]
fn plain_http_is_for_this_machine_alone() {
    assert_snapshot!(curfew("sync").tenant("http://acme.my.cxone.com").shown(), @r#"
    exit: 2
    --- stderr
    error: CXONE_BASE_URL: base URL `http://acme.my.cxone.com` is not encrypted; plain http is for loopback only, write https
    "#);
    let run = curfew("sync --base-url http://10.0.0.1:8080").tenant("https://acme.my.cxone.com");
    assert_snapshot!(run.shown(), @r#"
    exit: 2
    --- stderr
    error: --base-url: base URL `http://10.0.0.1:8080` is not encrypted; plain http is for loopback only, write https
    "#);
}

#[test]
fn hours_instead_of_law_need_a_word_beyond_this_machine() {
    // The address is of a network set aside for documentation: a connection would hang, not fail.
    let run = || curfew("sync --calling-hours 08:00-21:00").tenant("https://192.0.2.1");
    assert_snapshot!(run().shown(), @r#"
    exit: 2
    --- stderr
    error: --calling-hours: the law is set aside; drop it, or to write to a tenant beyond this machine all the same, add --accept-no-law
    "#);
    let run = curfew("sync")
        .tenant("https://192.0.2.1")
        .env("CURFEW_CALLING_HOURS", "08:00-21:00");
    assert_snapshot!(run.shown(), @r#"
    exit: 2
    --- stderr
    error: CURFEW_CALLING_HOURS: the law is set aside; drop it, or to write to a tenant beyond this machine all the same, add --accept-no-law
    "#);
}

#[test]
fn a_summary_that_cannot_be_written_is_found_first() {
    for path in ["none/out.json", "."] {
        let run = curfew(&format!("sync --summary {path} --patience 100ms")).tenant(nobody());
        let shown = run.shown();
        assert!(
            shown.starts_with(&format!("exit: 2\n--- stderr\nerror: --summary {path}: ")),
            "{shown}"
        );
    }
}

#[test]
fn options_that_contradict_each_other_are_usage() {
    for args in [
        "--at now --at-field attributes.proposedAt",
        "--preflight --dry-run",
        "--preflight --summary out.json",
        "--limit many",
        "--at yesterday",
        "--opens-within 3",
        "--max-rejected 101%",
        "--page-size 0",
        "--rate -1",
    ] {
        let shown = curfew(&format!("sync {args}")).tenant(nobody()).shown();
        assert!(
            shown.starts_with("exit: 2\n--- stderr\nerror: "),
            "{args}: {shown}"
        );
    }
}
