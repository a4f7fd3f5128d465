//! Old files go, what is still needed stays, and the log says what went.

use core_compliance::ports::{DecisionLog as _, DeferralQueue as _, Outcome};
use record_keeping::StateDir;
use serde_json::json;

use crate::kit::{GATE, Place, at, defer, send, spec};

/// A file of the log for every two or three records.
const SMALL: u64 = 2_000;

fn files(place: &Place) -> Vec<String> {
    let log = std::fs::read_dir(place.path().join("log")).unwrap();
    let mut names: Vec<_> = log
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn open(place: &Place) -> StateDir {
    StateDir::open_with_segments_of(&place.path(), "test", place.clock.clone(), SMALL).unwrap()
}

/// One run in June that deferred `a` and `b`, one in July.
async fn two_runs(place: &Place) {
    for (now, contacts) in [
        ("2026-06-10T16:00:00Z", ["a", "b"]),
        ("2026-07-10T16:00:00Z", ["c", "d"]),
    ] {
        place.set(now);
        let state = open(place);
        let records = state.begin(spec("f"), &GATE).unwrap().records;
        for contact in contacts {
            defer(&records, contact, "2026-07-11T12:00:00Z").await;
            records.flush().await.unwrap();
            send(&records, "x", Outcome::Updated).await;
        }
        records.end(json!({})).await.unwrap();
    }
}

#[tokio::test]
async fn what_was_removed_is_told_by_a_checkpoint_and_deferrals_survive() {
    let place = Place::new();
    two_runs(&place).await;
    let before = files(&place);
    let head = StateDir::read(&place.path()).unwrap().verify(None).unwrap().head;
    let state = open(&place);
    let pruned = state
        .prune(at("2026-07-01T00:00:00Z"), "spring cleaning")
        .unwrap();
    assert!(pruned.segments > 1 && pruned.bytes > 2 * SMALL, "{pruned:?}");
    assert_eq!(pruned.deferrals, 2);
    drop(state);
    let left = files(&place);
    assert!(
        left.len() < before.len() && left[0] > before[pruned.segments - 1],
        "{left:?}"
    );
    let view = StateDir::read(&place.path()).unwrap();
    let verified = view.verify(Some(&head.hash)).unwrap();
    assert_eq!(verified.breaks, Vec::new());
    assert_eq!(verified.pruned.map(|(through, _)| through), Some(pruned.through));
    // Also where the index is made anew from what is left.
    for _ in 0..2 {
        let (waiting, count) = view.waiting(9).unwrap();
        let ids: Vec<_> = waiting
            .iter()
            .map(|waiting| waiting.external_id.as_str())
            .collect();
        assert_eq!((ids, count), (vec!["a", "b", "c", "d"], 4));
        assert!(
            waiting
                .iter()
                .all(|waiting| waiting.reason.as_deref() == Some("outside-calling-window"))
        );
        std::fs::remove_file(place.path().join("index.sqlite")).unwrap();
        open(&place);
    }
    // Without the checkpoint, the beginning is missing.
    let last = place.path().join("log").join(files(&place).pop().unwrap());
    let text = std::fs::read_to_string(&last).unwrap();
    let lines: Vec<_> = text
        .split_inclusive('\n')
        .filter(|line| !line.contains("\"checkpoint\""))
        .collect();
    std::fs::write(&last, lines.concat()).unwrap();
    let breaks = view.verify(None).unwrap().breaks;
    assert!(
        breaks
            .iter()
            .any(|found| found.message.contains("no checkpoint says why")),
        "{breaks:?}"
    );
}

/// A head that was kept elsewhere before its record was pruned.
#[tokio::test]
async fn a_head_that_was_pruned_is_known_or_told_from_one_that_was_cut_off() {
    let place = Place::new();
    two_runs(&place).await;
    let records = StateDir::read(&place.path()).unwrap().records().unwrap();
    let hashes: Vec<String> = std::fs::read_dir(place.path().join("log"))
        .unwrap()
        .flat_map(|entry| {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            text.lines()
                .map(|line| line.get(9..73).unwrap().to_owned())
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(records.count(), hashes.len());
    let pruned = open(&place).prune(at("2026-07-01T00:00:00Z"), "test").unwrap();
    let view = StateDir::read(&place.path()).unwrap();
    let mut known = 0;
    for hash in &hashes {
        let verified = view.verify(Some(hash)).unwrap();
        match verified.breaks.as_slice() {
            [] => known += 1,
            [found] => assert!(
                found.message.contains("unless it is of one of the records up to"),
                "{found}"
            ),
            more => panic!("{more:?}"),
        }
    }
    // All that were left, and the last that went.
    assert_eq!(known, hashes.len() as u64 - pruned.through + 1);
    let foreign = view.verify(Some(&"f".repeat(64))).unwrap();
    assert_eq!(foreign.breaks.len(), 1);
}

#[tokio::test]
async fn removing_that_was_interrupted_leaves_one_chain() {
    let place = Place::new();
    two_runs(&place).await;
    let log = place.path().join("log");
    let old: Vec<_> = files(&place)
        .into_iter()
        .map(|name| (name.clone(), std::fs::read(log.join(name)).unwrap()))
        .collect();
    let pruned = open(&place).prune(at("2026-07-01T00:00:00Z"), "test").unwrap();
    for kept in (0..pruned.segments).rev() {
        std::fs::write(log.join(&old[kept].0), &old[kept].1).unwrap();
        let verified = StateDir::read(&place.path()).unwrap().verify(None).unwrap();
        assert_eq!(verified.breaks, Vec::new(), "{kept}");
    }
    assert_eq!(
        open(&place)
            .prune(at("2026-07-01T00:00:00Z"), "test")
            .unwrap()
            .segments,
        pruned.segments
    );
}

#[tokio::test]
async fn what_is_written_to_and_what_a_run_needs_stays() {
    let place = Place::new();
    let state = open(&place);
    let records = state.begin(spec("f"), &GATE).unwrap().records;
    for contact in ["a", "b", "c"] {
        send(&records, contact, Outcome::Inserted).await;
    }
    drop((state, records));
    let state = open(&place);
    assert!(files(&place).len() > 2);
    assert_eq!(
        state.prune(at("2027-01-01T00:00:00Z"), "test").unwrap().segments,
        0
    );
    let records = state.begin(spec("f"), &GATE).unwrap().records;
    records.end(json!({})).await.unwrap();
    assert_eq!(
        state.prune(at("2026-06-10T16:00:00Z"), "test").unwrap().segments,
        0
    );
    let before = files(&place).len();
    let pruned = state.prune(at("2026-06-10T16:00:01Z"), "test").unwrap();
    assert_eq!(pruned.segments, before - 1);
    assert_eq!(records.next_opening("tenant").await, Ok(None));
}
