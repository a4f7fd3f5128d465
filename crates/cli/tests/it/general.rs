//! What all commands have in common.

use insta::assert_snapshot;

use crate::kit::{curfew, shown};

#[test]
fn the_help_fits_and_names_commands_exit_codes_and_variables() {
    assert_snapshot!(shown("-h"), @r"
    exit: 0
    --- stdout
    Decides whether outbound calls may be placed, by the callee's local time and the rules of the place,
    explains why, and lets only lawful contacts into a NICE CXone campaign

    Usage: curfew [OPTIONS] <COMMAND>

    Commands:
      demo         Show it all: a simulated tenant and a sync with it, without credentials
      check        Decide about one attempt, or about a file of them
      sync         Read a tenant's contacts, judge each, and upsert the permitted ones
      scrub        Judge a whole list, fast: who may be called at a time, and who may not
      attempts     Placed calls: enter them into the ledger, audit them, list them
      windows      Show when a place may be called in the coming days
      rules        Read the rulebook: list, show, explain, lint, diff
      deferred     Show the contacts that wait for their next opening
      log          Ask the records of runs: verify, show, replay, export, prune
      zones        Show the time zone data in use
      simulate     Run a simulated tenant on this machine
      config       Show the settings in force
      completions  Print completions for a shell
      help         Print this message or the help of the given subcommand(s)

    Options:
      -h, --help     Print help (see more with '--help')
      -V, --version  Print version

    Global options:
          --config <FILE>        Settings file [default: CURFEW_CONFIG, ./curfew.toml, or
                                 curfew/curfew.toml in the XDG configuration folder]
          --no-config            Read no settings file
          --format <FORMAT>      How results are written; it never depends on where they go [possible
                                 values: text, json, ndjson]
          --log-format <FORMAT>  How stderr is written: text, or everything on it as one JSON object a
                                 line [default: text] [possible values: text, json]
          --color <COLOR>        When to use colours; NO_COLOR is heeded [default: auto] [possible
                                 values: auto, always, never]
      -q, --quiet                Say nothing beside results, warnings and errors
      -v, --verbose...           Log to stderr, and name every contact of a sync; twice for debug logs,
                                 three times for traces

    Exit codes: 0 done (check: permitted), 1 could not go on, 2 usage, 3 check: prohibited, 4 done, but
    items were rejected, unreadable or failed, 75 state directory in use, 130/143 interrupted.

    Environment: CURFEW_CONFIG names the settings file; CURFEW_LOG filters logs, such as
    cxone_client=trace, and wins over --verbose; NO_COLOR switches colours off; `curfew config show`
    shows every setting. The host's time zone and language never matter.

    Not legal advice.
    ");
    for command in [
        "demo",
        "check",
        "sync",
        "scrub",
        "attempts",
        "attempts import",
        "attempts audit",
        "attempts list",
        "deferred",
        "deferred list",
        "log",
        "log verify",
        "log show",
        "log replay",
        "log export",
        "log prune",
        "windows",
        "rules",
        "rules list",
        "rules show",
        "rules explain",
        "rules lint",
        "rules diff",
        "rules document",
        "zones",
        "simulate",
        "config",
        "config show",
        "completions",
    ] {
        let help = shown(&format!("{command} --help"));
        assert!(help.starts_with("exit: 0\n--- stdout\n"), "{command}: {help}");
        assert!(
            help.lines().all(|line| line.chars().count() <= 100),
            "{command}: {help}"
        );
    }
}

#[test]
fn every_command_of_the_help_is_tested_above() {
    let help = shown("--help");
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert_eq!(
        commands,
        [
            "demo",
            "check",
            "sync",
            "scrub",
            "attempts",
            "windows",
            "rules",
            "deferred",
            "log",
            "zones",
            "simulate",
            "config",
            "completions",
            "help"
        ]
    );
}

#[test]
fn the_version_names_rulebook_and_zone_data() {
    let version = shown("--version");
    let words: Vec<&str> = version.split_whitespace().collect();
    assert!(
        matches!(words.as_slice(), ["exit:", "0", "---", "stdout", "curfew", "0.1.0", "(rulebook", _, "tzdb", tzdb]
            if tzdb.starts_with("20") && tzdb.ends_with(')')),
        "{version}"
    );
}

#[test]
fn completions_are_a_script() {
    for (shell, words) in [
        ("bash", "complete -F _curfew"),
        ("zsh", "#compdef curfew"),
        ("fish", "complete -c curfew"),
    ] {
        let script = shown(&format!("completions {shell}"));
        assert!(
            script.starts_with("exit: 0\n") && script.contains(words),
            "{script}"
        );
    }
    assert!(shown("completions tcsh").starts_with("exit: 2\n"));
}

#[test]
fn nothing_and_nonsense_are_usage() {
    assert!(
        shown("").starts_with("exit: 2\n--- stderr\nDecides whether"),
        "{}",
        shown("")
    );
    assert_snapshot!(shown("chek"), @r#"
    exit: 2
    --- stderr
    error: unrecognized subcommand 'chek'

      tip: a similar subcommand exists: 'check'

    Usage: curfew [OPTIONS] <COMMAND>

    For more information, try '--help'.
    "#);
}

#[test]
fn logs_are_asked_for_by_flag_or_variable_and_go_to_stderr() {
    let run = |args: &str| curfew(&format!("demo --contacts 2 --format json {args}"));
    let stderr = |run: crate::kit::Run| String::from_utf8(run.output().stderr).unwrap();
    let plain = stderr(run(""));
    // The whole world's habit, and no business of ours.
    assert_eq!(
        stderr(run("").env("RUST_LOG", "trace")).lines().count(),
        plain.lines().count()
    );
    assert!(stderr(run("-vv")).contains(" DEBUG "), "{}", stderr(run("-vv")));
    let told = stderr(run("-v"));
    assert!(
        told.contains(" INFO curfew::") && !told.contains(" DEBUG "),
        "{told}"
    );
    assert!(stderr(run("-vvv")).lines().count() > stderr(run("-v")).lines().count());
    let filtered = stderr(run("").env("CURFEW_LOG", "cxone_client=debug"));
    assert!(
        filtered.contains(" DEBUG ") && !filtered.contains(" cxone_simulator::"),
        "{filtered}"
    );
    assert!(!stderr(run("-vvv").env("CURFEW_LOG", "off")).contains(" DEBUG "));
    assert!(shown("--help").contains("CURFEW_LOG"));
    let odd = curfew("zones --quiet").env("CURFEW_LOG", "==").shown();
    assert!(
        odd.starts_with("exit: 0\n") && odd.contains("warning: CURFEW_LOG is ignored: "),
        "{odd}"
    );
}

#[test]
fn all_of_stderr_can_be_json() {
    let lines = |run: crate::kit::Run| -> Vec<serde_json::Value> {
        let stderr = String::from_utf8(run.output().stderr).unwrap();
        let read = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        stderr.lines().map(read).collect()
    };
    let of = |lines: &[serde_json::Value], field: &str| -> Vec<String> {
        let each = |line: &serde_json::Value| line[field].as_str().unwrap_or_default().to_owned();
        lines.iter().map(each).collect()
    };
    let notes = lines(curfew("demo --contacts 2 --format json --log-format json"));
    assert!(of(&notes, "message").contains(&"mode     WRITE".to_owned()));
    assert!(of(&notes, "timestamp").iter().all(|time| time.ends_with('Z')));
    // What quiet leaves, no filter takes away.
    let error = lines(curfew("zones Mars/Phobos --quiet --log-format json").env("CURFEW_LOG", "off"));
    assert_eq!(of(&error, "level"), ["ERROR"]);
    let odd = lines(curfew("zones --quiet --log-format json").env("CURFEW_LOG", "=="));
    assert_eq!(of(&odd, "level"), ["WARN"]);
    // Each request under its id, as the tenant's logs have it.
    let requests = lines(curfew("demo --contacts 12 --log-format json -vv"));
    let ids: Vec<_> = requests
        .iter()
        .filter(|line| line["message"] == "sent")
        .map(|line| line["span"]["id"].as_str().unwrap().to_owned())
        .collect();
    assert!(
        ids.len() > 1 && ids.iter().all(|id| id.split('-').count() == 3),
        "{requests:?}"
    );
}

#[test]
fn quiet_leaves_results_warnings_and_errors() {
    let output = curfew("demo --contacts 2 --quiet").output();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(!output.stdout.is_empty());
    assert!(shown("check --quiet --at x").contains("error: --at"));
    assert!(shown("check --quiet --verbose").starts_with("exit: 2\n"));
}
