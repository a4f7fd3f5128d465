//! `curfew sync` and its state directory: gone on with, locked, given up, refused.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::Command;

use insta::assert_snapshot;
use serde_json::Value;

use crate::kit::tenant::{Tenant, send};
use crate::kit::{Folder, Run, curfew, show};

const ALWAYS: &str = "--calling-hours 00:00-24:00 --rate 0";

fn sync(tenant: &Tenant, state: &Folder, args: &str) -> Run {
    let state = state.path().join("state").display().to_string();
    curfew(&format!("sync {ALWAYS} {args}"))
        .tenant(&tenant.url)
        .env("CURFEW_STATE_DIR", &state)
}

fn log(state: &Folder, args: &str) -> Run {
    let state = state.path().join("state").display().to_string();
    curfew(&format!("log {args}")).env("CURFEW_STATE_DIR", &state)
}

/// The records of the log.
fn records(state: &Folder) -> Vec<Value> {
    let folder = state.path().join("state/log");
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.sort();
    let texts = names.iter().map(|name| std::fs::read_to_string(name).unwrap());
    let lines: Vec<String> = texts
        .flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    lines
        .iter()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect()
}

/// Runs a sync until it has told of its first contact, then ends it by a signal.
fn cut_off(tenant: &Tenant, state: &Folder, signal: &str) -> Option<i32> {
    let run = sync(tenant, state, "--format ndjson --quiet --concurrency 8");
    let mut child = run.spawn();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    stdout.read_line(&mut first).unwrap();
    send(&child, signal);
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    child.wait().unwrap().code()
}

#[test]
fn a_run_that_was_killed_goes_on_where_it_ended() {
    for signal in ["KILL", "TERM"] {
        let tenant = Tenant::start("--contacts 400 --profile clean --latency 3ms");
        let state = Folder::new();
        let code = cut_off(&tenant, &state, signal);
        assert_eq!(code, (signal == "TERM").then_some(143));
        let run = sync(&tenant, &state, "--format json --concurrency 8");
        let output = run.output();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(errors.contains("resumed  begun 20"), "{errors}");
        assert!(errors.contains("contacts are settled"), "{errors}");
        let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(summary["resumed"], true);
        // What was under way is sent again, and known to the tenant.
        let sent = summary["inserted"].as_u64().unwrap() + summary["updated"].as_u64().unwrap();
        assert_eq!((&summary["read"], sent), (&400.into(), 400), "{summary}");
        let stats = tenant.stats();
        assert_eq!(stats["accepted_contacts"], 400);
        let contacts = stats["contacts"].as_object().unwrap().values();
        let again: u64 = contacts
            .map(|contact| contact["accepted"].as_u64().unwrap() - 1)
            .sum();
        assert!(again <= 8, "{again} sent again");
        assert_eq!(log(&state, "verify").output().status.code(), Some(0));
        // A run that has ended is never gone on with.
        let (code, next) = sync(&tenant, &state, "--format json --limit 3").json();
        assert_eq!((code, &next["resumed"]), (0, &false.into()));
        assert_ne!(next["run_id"], summary["run_id"]);
    }
}

#[test]
fn a_second_run_is_refused_and_told_of_the_first() {
    let tenant = Tenant::start("--contacts 10 --profile clean --fault hang:on=upsert");
    let state = Folder::new();
    let first = sync(&tenant, &state, "--verbose");
    let mut child = first.spawn();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("records  ") {
        line.clear();
        assert_ne!(stderr.read_line(&mut line).unwrap(), 0);
    }
    let second = sync(&tenant, &state, "").output();
    assert_eq!(second.status.code(), Some(75));
    let said = String::from_utf8_lossy(&second.stderr);
    let named = format!("is in use by process {} since 20", child.id());
    assert!(said.contains(&named), "{said}");
    assert!(said.contains("`curfew sync --calling-hours"), "{said}");
    send(&child, "KILL");
    child.wait().unwrap();
}

/// Pipes a list in, and ends the run by a signal once it has told of its first contact.
fn cut_off_pipe(run: &Run, list: &str, signal: &str) -> Option<i32> {
    let mut child = run.spawn();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(list.as_bytes()).unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("\"inserted\"") {
        line.clear();
        assert!(stdout.read_line(&mut line).unwrap() > 0);
    }
    send(&child, signal);
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    child.wait().unwrap().code()
}

#[test]
fn what_another_pipe_brings_is_another_list() {
    let list = |prefix: &str| {
        let rows = (0..200).map(|row| format!("{row},+1{prefix}555{row:04}\n"));
        format!("id,phone\n{}", rows.collect::<String>())
    };
    for signal in ["KILL", "INT"] {
        let tenant = Tenant::start("--contacts 0 --latency 10ms");
        let state = Folder::new();
        let run = |args: &str| {
            let args = format!("--from - --from-format csv {args}");
            sync(&tenant, &state, &args)
        };
        let code = cut_off_pipe(
            &run("--format ndjson --quiet --concurrency 1"),
            &list("305"),
            signal,
        );
        assert_eq!(code, (signal == "INT").then_some(130));
        if signal == "KILL" {
            let output = run("").stdin(list("212")).output();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(1), "{said}");
            assert!(said.contains("begin anew with --fresh"), "{said}");
        }
        let fresh = if signal == "KILL" { "--fresh" } else { "" };
        let (code, summary) = run(&format!("--format json --concurrency 8 {fresh}"))
            .stdin(list("212"))
            .json();
        let sent = summary["inserted"].as_u64().unwrap() + summary["updated"].as_u64().unwrap();
        assert_eq!(
            (code, &summary["resumed"], sent),
            (0, &false.into(), 200),
            "{summary}"
        );
    }
}

#[test]
fn a_ledger_that_cannot_be_read_is_not_called_done() {
    let tenant = Tenant::start("--contacts 3 --profile clean");
    let state = Folder::new();
    state.write("state/key", &[7; 32]);
    state.write("state/ledger.sqlite", b"no database at all");
    let (code, summary) = sync(&tenant, &state, "--format json").json();
    assert_eq!(
        (code, &summary["by_reason"]["ledger-unreadable"]),
        (4, &3.into()),
        "{summary}"
    );
    let (_, waiting) = curfew("deferred list --format json")
        .env(
            "CURFEW_STATE_DIR",
            &state.path().join("state").display().to_string(),
        )
        .json();
    assert_eq!(waiting["waiting"], 3, "{waiting}");
}

#[test]
fn an_unfinished_run_of_another_command_is_named_and_given_up_only_when_asked() {
    let tenant = Tenant::start("--contacts 300 --profile clean --latency 3ms");
    let state = Folder::new();
    cut_off(&tenant, &state, "KILL");
    let output = sync(&tenant, &state, "--purpose research").output();
    let folder = state.path().display().to_string();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).replace(&folder, "[folder]");
    assert!(
        said.contains("error: [folder]/state has an unfinished run of another command: "),
        "{said}"
    );
    assert!(said.contains("begin anew with --fresh"), "{said}");
    let (code, summary) = sync(&tenant, &state, "--purpose research --fresh --format json").json();
    assert_eq!(
        (code, &summary["resumed"], &summary["read"]),
        (0, &false.into(), &300.into())
    );
    let kinds: Vec<_> = records(&state)
        .iter()
        .map(|record| record["kind"].clone())
        .collect();
    assert!(kinds.contains(&"run-abandoned".into()), "{kinds:?}");
}

#[test]
fn nothing_is_sent_where_nothing_can_be_recorded() {
    let tenant = Tenant::start("--contacts 5 --profile clean");
    let state = Folder::new();
    // A file where the folder should be: refused to root, too.
    state.write("state", b"a file");
    let run = sync(&tenant, &state, "--quiet");
    let output = run.output();
    let folder = state.path().display().to_string();
    let shown = show(&output, &run.folder).replace(&folder, "[state]");
    assert_snapshot!(shown, @"
    exit: 1
    --- stderr
    error: [state]/state: making the folder failed: File exists (os error 17); mend it, or name another folder with --state-dir
    ");
    assert_eq!(tenant.stats()["requests"]["upsert"], 0);
}

#[test]
fn a_full_disk_ends_the_run_and_nothing_is_sent_without_an_intent() {
    let tenant = Tenant::start("--contacts 2000 --profile clean");
    let state = Folder::new();
    // The limit on a file's size is the disk; without the trap its signal would end the process first.
    let shell = format!(
        "trap '' XFSZ; ulimit -f 1200; exec {} sync {ALWAYS} --quiet --no-config",
        env!("CARGO_BIN_EXE_curfew")
    );
    let output = Command::new("sh")
        .args(["-c", &shell])
        .env("CXONE_BASE_URL", &tenant.url)
        .env("CXONE_CLIENT_ID", "demo")
        .env("CXONE_CLIENT_SECRET", "demo-secret")
        .env("CURFEW_STATE_DIR", state.path().join("state"))
        .current_dir(state.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("make room and run the same command again"),
        "{said}"
    );
    let intended: Vec<String> = records(&state)
        .iter()
        .filter(|record| record["kind"] == "intent")
        .map(|record| record["contact"].as_str().unwrap().to_owned())
        .collect();
    let stats = tenant.stats();
    let contacts = stats["contacts"].as_object().unwrap();
    assert!(
        !contacts.is_empty() && contacts.len() < 2_000,
        "{}",
        contacts.len()
    );
    for contact in contacts.keys() {
        assert!(intended.contains(contact), "{contact} was sent without an intent");
    }
    // With room the same command goes on and nothing is lost.
    // What was under way is sent again, and known to the tenant.
    let (code, summary) = sync(&tenant, &state, "--no-config --format json").json();
    let sent = summary["inserted"].as_u64().unwrap() + summary["updated"].as_u64().unwrap();
    assert_eq!(
        (code, &summary["resumed"], sent),
        (0, &true.into(), 2_000),
        "{summary}"
    );
    assert_eq!(log(&state, "verify").output().status.code(), Some(0));
}

#[test]
fn who_waits_is_listed_and_what_is_not_due_is_left_alone() {
    let tenant = Tenant::start("--contacts 6 --profile clean");
    let state = Folder::new();
    let run = |args: &str| {
        let state = state.path().join("state").display().to_string();
        curfew(args).tenant(&tenant.url).env("CURFEW_STATE_DIR", &state)
    };
    // Nobody may ever be called on these few seconds of the day before midnight, but for those whose day ends now.
    let told = run("sync --calling-hours 23:59:59-24:00 --rate 0 --format ndjson").output();
    assert_eq!(told.status.code(), Some(0));
    let lines = String::from_utf8(told.stdout).unwrap();
    let events = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    // Those in several zones are never called: their days do not end together.
    let held = events.filter(|event| event["next_opening"].is_string()).count();
    let (_, listed) = run("deferred list --format json").json();
    assert_eq!(listed["waiting"], held);
    let waiting = listed["contacts"].as_array().unwrap();
    assert!(
        waiting
            .iter()
            .all(|each| each["reason"] == "outside-calling-window"),
        "{listed}"
    );
    let opens: Vec<&str> = waiting
        .iter()
        .map(|each| each["opens"].as_str().unwrap())
        .collect();
    assert!(opens.is_sorted(), "{opens:?}");
    let dry = run("sync --from deferred --dry-run").output();
    assert_eq!(dry.status.code(), Some(2));
}
