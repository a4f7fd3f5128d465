//! Runs: begun, gone on with, given up, ended; what they carry over, and what waits after them.

use core_compliance::ports::{
    Decided, DecisionLog as _, DeferralQueue as _, Ending, Outcome, PortFailure, PortFailureKind,
    RunJournal as _, Settled, Settlement,
};
use core_compliance::{CallAttempt, Evidence, EvidenceKind};
use serde_json::json;

use crate::kit::{GATE, NOON, Place, at, defer, intend, send, settle, spec};

#[tokio::test]
async fn an_unfinished_run_is_gone_on_with_and_a_finished_one_is_not() {
    let place = Place::new();
    let first = place.run("f");
    assert_eq!(
        (first.run_id.as_str(), first.resumed),
        ("20260610T160000Z-1", None)
    );
    send(&first.records, "a", Outcome::Inserted).await;
    defer(&first.records, "b", "2026-06-11T12:00:00Z").await;
    settle(&first.records, "c", true, Outcome::Failed).await;
    settle(&first.records, "page 1, entity 4", false, Outcome::Rejected).await;
    settle(&first.records, "a", false, Outcome::Duplicate).await;
    let open = intend(&first.records, "d").await;
    drop(first.records);

    place.set("2026-06-10T17:00:00Z");
    let second = place.run("f");
    assert_eq!(second.run_id, first.run_id);
    let resumed = second.resumed.unwrap();
    assert_eq!(
        (resumed.started_at, resumed.pieces),
        (at("2026-06-10T16:00:00Z"), 1)
    );
    let mut by_outcome = resumed.by_outcome.clone();
    by_outcome.sort_by_key(|(outcome, _)| outcome.as_str());
    assert_eq!(by_outcome, [(Outcome::Inserted, 1), (Outcome::Prohibited, 1)]);
    assert_eq!(resumed.by_reason.get("outside-calling-window"), Some(&1));
    assert_eq!(resumed.earliest_opening, Some(at("2026-06-11T12:00:00Z")));
    assert_eq!(resumed.unfinished, [(open.0, "d".to_owned())]);
    let records = second.records;
    let inserted = Settled {
        outcome: Outcome::Inserted,
        reason: None,
    };
    assert_eq!(records.settled("a").await, Ok(Some(inserted)));
    for again in ["c", "d", "page 1, entity 4", "never read"] {
        assert_eq!(records.settled(again).await, Ok(None), "{again}");
    }
    send(&records, "c", Outcome::Updated).await;
    send(&records, "d", Outcome::Updated).await;
    let head = records.end(json!({"read": 5})).await.unwrap();
    assert_eq!(head, records.head());
    drop(records);

    let third = place.run("f");
    assert_eq!(third.resumed, None);
    assert_ne!(third.run_id, first.run_id);
    assert_eq!(third.records.settled("a").await, Ok(None));
}

#[tokio::test]
async fn what_may_have_been_sent_is_marked_when_it_is_sent_again() {
    let place = Place::new();
    let first = place.run("f").records;
    let open = intend(&first, "d").await;
    drop(first);
    let second = place.run("f").records;
    send(&second, "d", Outcome::AlreadyThere).await;
    send(&second, "d", Outcome::AlreadyThere).await;
    drop(second);
    let log = std::fs::read_to_string(place.path().join("log/000000000001.ndjson")).unwrap();
    let repeats: Vec<_> = log.lines().filter(|line| line.contains("\"repeats\":")).collect();
    assert_eq!(repeats.len(), 1);
    assert!(
        repeats[0].contains(&format!("\"contact\":\"d\",\"repeats\":{}", open.0)),
        "{repeats:?}"
    );
    let third = place.run("f");
    assert_eq!(third.resumed.unwrap().unfinished, []);
}

#[tokio::test]
async fn another_command_does_not_go_on_with_it_and_fresh_gives_it_up() {
    let place = Place::new();
    send(&place.run("f").records, "a", Outcome::Inserted).await;
    let error = place.open().begin(spec("g"), &GATE).unwrap_err();
    let failure = PortFailure::from(&error);
    assert_eq!(failure.kind, PortFailureKind::Local);
    let told = failure.to_string();
    assert!(
        told.contains("20260610T160000Z-1, begun 2026-06-10T16:00:00Z by `curfew sync`"),
        "{told}"
    );
    assert!(told.contains("--fresh") && told.contains("--state-dir"), "{told}");
    let mut fresh = spec("f");
    fresh.fresh = true;
    let begun = place.open().begin(fresh, &GATE).unwrap();
    assert_eq!(begun.resumed, None);
    assert_eq!(begun.records.settled("a").await, Ok(None));
    drop(begun);
    assert!(place.run("f").resumed.is_some());
}

#[test]
fn a_second_process_is_refused_and_told_who_is_there() {
    let place = Place::new();
    let state = place.open();
    let failure = PortFailure::from(place.try_open().unwrap_err());
    assert_eq!(failure.kind, PortFailureKind::InUse);
    let who = format!(
        "is in use by process {} since 2026-06-10T16:00:00Z, `curfew test`",
        std::process::id()
    );
    assert!(failure.message.contains(&who), "{failure}");
    let begun = state.begin(spec("f"), &GATE).unwrap();
    drop(state);
    assert!(
        place.try_open().is_err(),
        "the records of the run are still written to"
    );
    drop(begun);
    place.open();
}

#[tokio::test]
async fn deferrals_wait_over_runs_until_they_are_settled_or_gone() {
    let place = Place::new();
    let records = place.run("f").records;
    defer(&records, "a", "2026-06-11T12:00:00Z").await;
    defer(&records, "b", "2026-06-11T13:00:00Z").await;
    defer(&records, "c", "2026-06-11T14:00:00Z").await;
    defer(&records, "a", "2026-06-11T15:00:00Z").await;
    records.flush().await.unwrap();
    assert_eq!(
        records.next_opening("tenant").await,
        Ok(Some(at("2026-06-11T13:00:00Z")))
    );
    assert_eq!(records.next_opening("leads.csv").await, Ok(None));
    records.end(json!({})).await.unwrap();
    drop(records);

    let records = place.run("g").records;
    let due = async |by: &str, limit| {
        let due = records.due("tenant", at(by), limit).await.unwrap();
        due.into_iter()
            .map(|deferral| deferral.external_id)
            .collect::<Vec<_>>()
    };
    assert_eq!(due("2026-06-11T14:00:00Z", 9).await, ["b", "c"]);
    assert_eq!(due("2026-06-11T15:00:00Z", 9).await, ["b", "c", "a"]);
    assert_eq!(due("2026-06-11T15:00:00Z", 1).await, ["b"]);
    send(&records, "b", Outcome::Inserted).await;
    settle(&records, "c", true, Outcome::Failed).await;
    settle(&records, "c", false, Outcome::Duplicate).await;
    records.forget("tenant", "a").await.unwrap();
    records.flush().await.unwrap();
    assert_eq!(due("2026-06-12T00:00:00Z", 9).await, ["c"]);
    settle(&records, "c", true, Outcome::Rejected).await;
    records.flush().await.unwrap();
    assert_eq!(records.next_opening("tenant").await, Ok(None));
}

#[tokio::test]
async fn an_intent_that_was_withheld_or_not_delivered_leaves_the_contact_to_be_tried() {
    let place = Place::new();
    let records = place.run("f").records;
    for ending in [Ending::Withheld, Ending::NotDelivered { message: "503" }] {
        let intent = intend(&records, "a").await;
        records.conclude(intent, "a", ending).await.unwrap();
        records.flush().await.unwrap();
        assert_eq!(records.settled("a").await, Ok(None));
    }
    drop(records);
    assert_eq!(place.run("f").resumed.unwrap().unfinished, []);
}

/// As where a column with numbers was taken for one with regions.
#[tokio::test]
async fn numbers_that_stand_where_none_belongs_are_masked() {
    let place = Place::new();
    let records = place.run("f").records;
    let evidence = Evidence {
        region: Some("+12125550199".to_owned()),
        postal_code: Some("331011234".to_owned()),
        phone: Some("+12125550123".to_owned()),
        unreadable: vec![(EvidenceKind::Zone, "`+12125550198` is no zone".to_owned())],
        ..Evidence::default()
    };
    let attempt = CallAttempt::new(at(NOON), evidence);
    let determination = GATE.determine(&attempt);
    assert!(
        determination
            .findings
            .iter()
            .any(|finding| finding.message.contains("+12125550199"))
    );
    let settlement = Settlement {
        contact: "a",
        settles: true,
        outcome: Outcome::Prohibited,
        reason: "jurisdiction-unknown",
        message: "",
        decided: Some(Decided {
            contact: "a",
            attempt: &attempt,
            determination: &determination,
        }),
        deferred_until: None,
    };
    records.settle(settlement).await.unwrap();
    records.flush().await.unwrap();
    let log = std::fs::read_to_string(place.path().join("log/000000000001.ndjson")).unwrap();
    assert!(log.contains("+1212*****99") && log.contains("331011234"), "{log}");
    for number in ["2125550199", "2125550123", "2125550198"] {
        assert!(!log.contains(number), "{log}");
    }
}

#[test]
fn a_key_that_is_lost_is_said_to_be_needed_by_the_ledger() {
    let place = Place::new();
    drop(place.open());
    std::fs::write(place.path().join("ledger.sqlite"), "").unwrap();
    std::fs::remove_file(place.path().join("key")).unwrap();
    let notes = place.open().notes().to_vec();
    assert!(
        notes.iter().any(|note| note.contains("move ledger.sqlite away")),
        "{notes:?}"
    );
}

#[tokio::test]
async fn a_clock_behind_the_last_record_is_told() {
    let place = Place::new();
    send(&place.run("f").records, "a", Outcome::Inserted).await;
    place.set("2026-06-10T15:59:00Z");
    assert!(place.open().notes().is_empty());
    place.set("2026-06-10T13:00:00Z");
    let notes = place.open().notes().to_vec();
    assert!(
        notes
            .iter()
            .any(|note| note.contains("the clock of this machine shows 2026-06-10T13:00:00Z")),
        "{notes:?}"
    );
}
