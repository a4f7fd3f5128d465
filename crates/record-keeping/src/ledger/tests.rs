//! What is entered is found again, once, and only by who was called.

use core_compliance::Evidence;
use core_compliance::ports::PlacedCall;

use super::*;

const PHONE: &str = "+13055550123";

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn call(instant: &str, external_id: &str, phone: &str) -> PlacedCall {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    PlacedCall {
        at: at(instant),
        external_id: text(external_id),
        outcome: None,
        matter: None,
        purpose: None,
        evidence: Evidence {
            phone: text(phone),
            ..Evidence::default()
        },
    }
}

const NINE: &str = "2026-06-10T09:00:00Z";
const TEN: &str = "2026-06-10T10:00:00Z";
const NOON: &str = "2026-06-10T12:00:00Z";

async fn enter(ledger: &SqliteAttemptLedger, calls: &[PlacedCall]) -> Vec<Entered> {
    let reported: Vec<_> = calls
        .iter()
        .zip(2..)
        .map(|(call, line)| ReportedCall {
            call,
            source: "calls.csv",
            line,
        })
        .collect();
    ledger.enter(&reported, at(NOON)).await.unwrap()
}

fn by<'k>(external_id: &'k str, phone: &'k str) -> CalleeKey<'k> {
    let text = |text: &'k str| (!text.is_empty()).then_some(text);
    CalleeKey {
        external_id: text(external_id),
        phone: text(phone),
    }
}

async fn found(ledger: &SqliteAttemptLedger, callee: CalleeKey<'_>, until: &str) -> Vec<PastAttempt> {
    ledger.attempts(callee, at(until)).await.unwrap().unwrap()
}

#[tokio::test]
async fn attempts_are_found_by_id_or_number_each_once_oldest_first_before_the_instant() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteAttemptLedger::open(folder.path()).unwrap();
    let calls = [
        call(TEN, "7", PHONE),
        call(NINE, "7", ""),
        call("2026-06-10T08:00:00Z", "", PHONE),
        call(NINE, "8", "+442079460000"),
    ];
    assert_eq!(enter(&ledger, &calls).await, [Entered::Added; 4]);
    let times = |attempts: Vec<PastAttempt>| -> Vec<i64> {
        attempts
            .iter()
            .map(|attempt| (attempt.at.unix() - at(NINE).unix()) / 3_600)
            .collect()
    };
    assert_eq!(times(found(&ledger, by("7", PHONE), NOON).await), [-1, 0, 1]);
    assert_eq!(times(found(&ledger, by("7", ""), NOON).await), [0, 1]);
    assert_eq!(times(found(&ledger, by("", PHONE), TEN).await), [-1]);
    assert_eq!(times(found(&ledger, by("9", "+15005550000"), NOON).await), [0; 0]);
    // Another process sees the same.
    let other = SqliteAttemptLedger::read(folder.path());
    assert_eq!(times(found(&other, by("7", PHONE), NOON).await), [-1, 0, 1]);
    let entries = other.entries(by("7", "")).unwrap().unwrap();
    assert_eq!((entries[1].source.as_str(), entries[1].line), ("calls.csv", 2));
}

#[tokio::test]
async fn entering_again_adds_nothing_and_fills_in_what_was_missing() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteAttemptLedger::open(folder.path()).unwrap();
    let bare = call(TEN, "", PHONE);
    assert_eq!(
        enter(&ledger, &[bare.clone(), bare.clone()]).await,
        [Entered::Added, Entered::Known]
    );
    let ended = PlacedCall {
        outcome: Some(AttemptOutcome::Conversation),
        ..call(TEN, "7", PHONE)
    };
    assert_eq!(
        enter(&ledger, &[ended.clone(), ended.clone()]).await,
        [Entered::Completed, Entered::Known]
    );
    assert_eq!(enter(&ledger, &[bare]).await, [Entered::Known]);
    let other = PlacedCall {
        outcome: Some(AttemptOutcome::Refusal),
        ..ended
    };
    let kept = AttemptOutcome::Conversation;
    assert_eq!(enter(&ledger, &[other]).await, [Entered::OtherOutcome(kept)]);
    let all = found(&ledger, by("7", ""), NOON).await;
    assert_eq!((all.len(), all[0].outcome), (1, Some(kept)));
    // Another matter, another number or another contact is another call.
    let matter = PlacedCall {
        matter: Some("debt-1".to_owned()),
        ..call(TEN, "7", PHONE)
    };
    let others = [matter, call(TEN, "7", "+442079460000"), call(TEN, "8", PHONE)];
    assert_eq!(enter(&ledger, &others).await, [Entered::Added; 3]);
}

#[tokio::test]
async fn calls_told_by_id_and_by_number_before_they_are_known_to_be_one_count_once() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteAttemptLedger::open(folder.path()).unwrap();
    let calls = [call(TEN, "7", ""), call(TEN, "", PHONE), call(TEN, "7", PHONE)];
    assert_eq!(
        enter(&ledger, &calls).await,
        [Entered::Added, Entered::Added, Entered::Completed]
    );
    assert_eq!(found(&ledger, by("7", PHONE), NOON).await.len(), 1);
}

#[tokio::test]
async fn no_ledger_is_nothing_known_and_an_empty_one_is_no_attempts() {
    let folder = tempfile::tempdir().unwrap();
    let reader = SqliteAttemptLedger::read(folder.path());
    assert_eq!(reader.attempts(by("7", PHONE), at(NOON)).await, Ok(None));
    SqliteAttemptLedger::open(folder.path()).unwrap();
    // The reader that was there before meets it.
    assert_eq!(
        reader.attempts(by("7", PHONE), at(NOON)).await,
        Ok(Some(Vec::new()))
    );
}

#[tokio::test]
async fn a_ledger_that_is_no_ledger_or_of_another_key_is_an_error() {
    let fails = async |folder: &Path, what: &str| {
        let reader = SqliteAttemptLedger::read(folder);
        let failure = reader.attempts(by("7", PHONE), at(NOON)).await.unwrap_err();
        assert!(failure.message.contains(what), "{failure}");
        assert!(
            SqliteAttemptLedger::open(folder).is_err(),
            "nothing is made over it"
        );
    };
    let made = || {
        let folder = tempfile::tempdir().unwrap();
        SqliteAttemptLedger::open(folder.path()).unwrap();
        folder
    };
    let ledger = |folder: &tempfile::TempDir| folder.path().join("ledger.sqlite");
    let folder = made();
    std::fs::write(ledger(&folder), "").unwrap();
    fails(folder.path(), "it is no ledger of attempts, or a damaged one").await;
    let folder = made();
    std::fs::write(ledger(&folder), "nonsense, and more of it").unwrap();
    fails(folder.path(), "file is not a database").await;
    let folder = made();
    std::fs::write(folder.path().join("key"), [7; 32]).unwrap();
    fails(folder.path(), "hashed with another key").await;
    let folder = made();
    std::fs::remove_file(folder.path().join("key")).unwrap();
    fails(folder.path(), "its key is missing").await;
    let folder = made();
    Connection::open(ledger(&folder))
        .unwrap()
        .pragma_update(None, "user_version", 99)
        .unwrap();
    fails(
        folder.path(),
        "it is of version 99, which this Curfew does not know",
    )
    .await;
    let folder = made();
    let connection = Connection::open(ledger(&folder)).unwrap();
    connection.execute_batch("DROP TABLE attempt").unwrap();
    let reader = SqliteAttemptLedger::read(folder.path());
    assert!(reader.attempts(by("7", PHONE), at(NOON)).await.is_err());
}

#[tokio::test]
async fn the_file_is_private_and_holds_no_number() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteAttemptLedger::open(folder.path()).unwrap();
    enter(&ledger, &[call(TEN, "7", PHONE)]).await;
    drop(ledger);
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let path = file.unwrap().path();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", path.display());
        let bytes = std::fs::read(&path).unwrap();
        let digits = &PHONE.as_bytes()[1..];
        assert!(!bytes.windows(digits.len()).any(|window| window == digits));
    }
}
