//! What a crash, a cut or a damaged file leaves behind, and what opening makes of it.

use core_compliance::ports::{DecisionLog as _, DeferralQueue as _, Outcome, PortFailure};
use record_keeping::{RecordsError, StateDir};
use serde_json::json;

use crate::kit::{GATE, Place, defer, intend, send, settle, spec};

const LOG: &str = "log/000000000001.ndjson";

/// Everything that the index says, table by table.
fn contents(place: &Place) -> Vec<String> {
    let connection = rusqlite::Connection::open(place.path().join("index.sqlite")).unwrap();
    let mut rows = Vec::new();
    for table in ["head", "run", "contact", "intent", "deferral"] {
        let mut select = connection
            .prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2"))
            .unwrap();
        let columns = select.column_count();
        let mut all = select.query([]).unwrap();
        while let Some(row) = all.next().unwrap() {
            let cells = (0..columns).map(|column| format!("{:?}", row.get_ref(column).unwrap()));
            rows.push(format!("{table}: {}", cells.collect::<Vec<_>>().join(", ")));
        }
    }
    rows
}

/// Two finished runs, one given up, one unfinished; everything that a record can say.
async fn eventful() -> Place {
    let place = Place::new();
    let records = place.run("f").records;
    send(&records, "a", Outcome::Inserted).await;
    defer(&records, "b", "2026-06-11T12:00:00Z").await;
    defer(&records, "c", "2026-06-11T13:00:00Z").await;
    defer(&records, "d", "2026-06-11T13:00:00Z").await;
    records.end(json!({"read": 4})).await.unwrap();
    drop(records);
    let records = place.run("g").records;
    send(&records, "b", Outcome::Updated).await;
    records.forget("tenant", "c").await.unwrap();
    intend(&records, "e").await;
    drop(records);
    let mut fresh = spec("g");
    fresh.fresh = true;
    let records = place.open().begin(fresh, &GATE).unwrap().records;
    send(&records, "x", Outcome::Inserted).await;
    let withheld = intend(&records, "y").await;
    records
        .conclude(withheld, "y", core_compliance::ports::Ending::Withheld)
        .await
        .unwrap();
    settle(&records, "y", true, Outcome::Failed).await;
    settle(&records, "page 1", false, Outcome::Rejected).await;
    intend(&records, "z").await;
    drop(records);
    let records = place.run("g").records;
    intend(&records, "z").await;
    defer(&records, "w", "2026-06-12T13:00:00Z").await;
    drop(records);
    place
}

#[tokio::test]
async fn an_index_that_is_lost_damaged_or_old_comes_to_the_same_again() {
    let place = eventful().await;
    let index = place.path().join("index.sqlite");
    let expected = contents(&place);
    assert!(
        expected.iter().any(|row| row.starts_with("run: ")),
        "{expected:?}"
    );
    assert!(
        expected.iter().any(|row| row.starts_with("intent: ")),
        "{expected:?}"
    );
    let whole = std::fs::read(&index).unwrap();
    let broken = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = whole.clone();
        change(&mut bytes);
        std::fs::write(&index, bytes).unwrap();
        let notes = place.open().notes().to_vec();
        assert!(
            notes[0].starts_with("the index was made anew from the log"),
            "{notes:?}"
        );
        assert_eq!(contents(&place), expected);
    };
    broken(&|bytes| bytes.fill(7));
    broken(&|bytes| bytes.truncate(bytes.len() / 2));
    broken(&|bytes| bytes.clear());
    // `user_version` is the 16th word of the header.
    broken(&|bytes| bytes[63] = 99);
    broken(&|bytes| bytes[4_096..].fill(0xaa));
    std::fs::remove_file(&index).unwrap();
    assert!(place.open().notes().is_empty());
    assert_eq!(contents(&place), expected);
}

#[tokio::test]
async fn an_index_that_is_behind_catches_up() {
    let place = Place::new();
    let index = place.path().join("index.sqlite");
    let records = place.run("f").records;
    send(&records, "a", Outcome::Inserted).await;
    drop(records);
    let early = std::fs::read(&index).unwrap();
    let records = place.run("f").records;
    defer(&records, "b", "2026-06-11T12:00:00Z").await;
    intend(&records, "c").await;
    drop(records);
    let expected = contents(&place);
    std::fs::write(&index, &early).unwrap();
    // Whoever only looks sees what the log says, and leaves the index as it is.
    let (waiting, count) = StateDir::read(&place.path()).unwrap().waiting(9).unwrap();
    assert_eq!((waiting[0].external_id.as_str(), count), ("b", 1));
    assert_eq!(std::fs::read(&index).unwrap(), early);
    assert!(place.open().notes().is_empty());
    assert_eq!(contents(&place), expected);
}

#[tokio::test]
async fn a_log_torn_at_any_byte_of_its_last_record_opens_again() {
    let place = Place::new();
    let (log, index) = (place.path().join(LOG), place.path().join("index.sqlite"));
    let records = place.run("f").records;
    send(&records, "a", Outcome::Inserted).await;
    drop(records);
    // As after a crash: what is in the index was durable in the log before.
    let known = std::fs::read(&index).unwrap();
    let records = place.run("f").records;
    let before = std::fs::read(&log).unwrap();
    records.end(json!({})).await.unwrap();
    drop(records);
    let after = std::fs::read(&log).unwrap();
    let whole = StateDir::read(&place.path()).unwrap().verify(None).unwrap();
    assert_eq!((whole.records, whole.is_whole()), (5, true));
    for cut in before.len()..=after.len() {
        std::fs::write(&log, &after[..cut]).unwrap();
        std::fs::write(&index, &known).unwrap();
        let view = StateDir::read(&place.path()).unwrap();
        let torn = cut != before.len() && cut != after.len();
        assert_eq!(view.verify(None).unwrap().is_whole(), !torn, "{cut}");
        let state = place.open();
        assert_eq!(
            state.notes().len(),
            usize::from(torn),
            "{cut}: {:?}",
            state.notes()
        );
        let records = if cut + 1 >= after.len() { 5 } else { 4 };
        let verified = view.verify(None).unwrap();
        assert_eq!(
            (verified.records, verified.breaks),
            (records, Vec::new()),
            "{cut}"
        );
        assert_eq!(state.head(), verified.head);
        let aside = place.path().join("log/torn-5");
        if records == 4 && torn {
            assert_eq!(std::fs::read(&aside).unwrap(), &after[before.len()..cut]);
            std::fs::remove_file(&aside).unwrap();
        }
        assert!(!aside.exists());
    }
}

#[tokio::test]
async fn a_torn_line_that_is_there_already_is_kept() {
    let place = Place::new();
    drop(place.run("f"));
    let log = place.path().join(LOG);
    for expected in ["torn-2", "torn-2-2", "torn-2-3"] {
        let mut bytes = std::fs::read(&log).unwrap();
        bytes.extend(expected.bytes());
        std::fs::write(&log, bytes).unwrap();
        place.open();
        assert_eq!(
            std::fs::read_to_string(place.path().join("log").join(expected)).unwrap(),
            expected
        );
    }
}

#[tokio::test]
async fn a_log_that_was_cut_off_or_rewritten_is_not_gone_on_with() {
    let place = eventful().await;
    let log = place.path().join(LOG);
    let text = std::fs::read_to_string(&log).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let refused = |bytes: String, words: &str| {
        std::fs::write(&log, bytes).unwrap();
        let error = place.try_open().unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
        assert!(PortFailure::from(error).advice.contains("curfew log verify"));
    };
    let cut = lines[..lines.len() - 1].concat();
    refused(cut, "was cut off or rewritten: the index remembers record");
    refused(String::new(), "was cut off or rewritten");
    // The last line says something else.
    let last = lines[lines.len() - 1].replace("\"contact\":\"w\"", "\"contact\":\"v\"");
    refused(
        lines[..lines.len() - 1].concat() + &last,
        "its hash is not that of its contents",
    );
    std::fs::remove_file(&log).unwrap();
    assert!(matches!(place.try_open(), Err(RecordsError::Rewritten { .. })));
    std::fs::write(&log, &text).unwrap();
    place.open();
    // Where the index is made anew, every record is read.
    std::fs::remove_file(place.path().join("index.sqlite")).unwrap();
    let swapped = [&lines[..3], &[lines[4], lines[3]], &lines[5..]]
        .concat()
        .concat();
    refused(swapped, "does not follow record 3");
}

#[tokio::test]
async fn a_lost_key_is_replaced_and_said() {
    let place = Place::new();
    drop(place.run("f"));
    std::fs::remove_file(place.path().join("key")).unwrap();
    let notes = place.open().notes().to_vec();
    assert!(notes[0].contains("no longer found by number"), "{notes:?}");
    assert!(place.open().notes().is_empty());
}

#[test]
fn folders_that_cannot_be_written_are_named() {
    let refused = |obstacle: &str| {
        let place = Place::new();
        let path = place.folder.path().join(obstacle);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, "in the way").unwrap();
        let failure = PortFailure::from(place.try_open().unwrap_err()).to_string();
        assert!(failure.contains(&path.display().to_string()), "{failure}");
        assert!(failure.contains("--state-dir"), "{failure}");
    };
    for obstacle in ["state", "state/log", "state/archive"] {
        refused(obstacle);
    }
}

#[test]
fn records_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    drop(place.run("f"));
    let mode = |name: &str| {
        let metadata = std::fs::metadata(place.path().join(name)).unwrap();
        metadata.permissions().mode() & 0o777
    };
    assert_eq!(
        (mode(""), mode("log"), mode("archive/tzdb")),
        (0o700, 0o700, 0o700)
    );
    for file in [LOG, "key", "lock", "index.sqlite"] {
        assert_eq!(mode(file), 0o600, "{file}");
    }
}
