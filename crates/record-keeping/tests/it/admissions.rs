//! What admitted a callee is found in the log, by id or by number.

use core_compliance::ports::{AdmissionRecords as _, CalleeKey, DecisionLog as _, Ending, Outcome};
use record_keeping::LogAdmissions;

use crate::kit::{NOON, Place, at, intend, send};

const NUMBER: &str = "+12125550123";

fn by<'k>(external_id: &'k str, phone: &'k str) -> CalleeKey<'k> {
    let text = |text: &'k str| (!text.is_empty()).then_some(text);
    CalleeKey {
        external_id: text(external_id),
        phone: text(phone),
    }
}

fn load(place: &Place) -> LogAdmissions {
    let wanted = [by("7", ""), by("8", ""), by("9", ""), by("", NUMBER)];
    LogAdmissions::load(&place.path(), wanted.into_iter()).unwrap()
}

#[tokio::test]
async fn the_last_admission_before_the_call_is_found() {
    let place = Place::new();
    let begun = place.run("one");
    send(&begun.records, "7", Outcome::Inserted).await;
    send(&begun.records, "8", Outcome::Rejected).await;
    send(&begun.records, "8", Outcome::Updated).await;
    let withheld = intend(&begun.records, "9").await;
    begun
        .records
        .conclude(withheld, "9", Ending::Withheld)
        .await
        .unwrap();
    let (run, later) = (begun.run_id.clone(), at("2026-06-10T18:00:00Z"));
    drop(begun);
    let admissions = load(&place);
    let seq = |id: &str, phone: &str, instant| {
        let admission = admissions.admission(by(id, phone), instant)?;
        assert_eq!((admission.run.as_str(), admission.at), (run.as_str(), at(NOON)));
        // New York closes at 21:00.
        assert_eq!(admission.permitted_until, Some(at("2026-06-11T01:00:00Z")));
        Some(admission.seq)
    };
    // The run began with record 1.
    assert_eq!(seq("7", "", later), Some(2));
    assert_eq!(seq("8", "", later), Some(6));
    assert_eq!(seq("9", "", later), None, "what was withheld admitted nobody");
    assert_eq!(
        seq("", NUMBER, later),
        Some(6),
        "of all with this number the last"
    );
    assert_eq!(seq("7", "", at("2026-06-10T15:59:59Z")), None);
    assert_eq!(seq("", "+12125550199", later), None);
    assert_eq!(admissions.unreadable(), 0);
}

#[tokio::test]
async fn an_intent_whose_end_is_not_known_may_have_admitted() {
    let place = Place::new();
    let begun = place.run("one");
    intend(&begun.records, "7").await;
    let lost = intend(&begun.records, "8").await;
    let ending = Ending::NotDelivered { message: "reset" };
    begun.records.conclude(lost, "8", ending).await.unwrap();
    drop(begun);
    let admissions = load(&place);
    for (id, seq) in [("7", 2), ("8", 3)] {
        let found = admissions.admission(by(id, ""), at(NOON)).unwrap();
        assert_eq!(found.seq, seq);
    }
}

#[test]
fn without_a_log_nothing_admitted_anybody() {
    let place = Place::new();
    assert_eq!(load(&place).admission(by("7", NUMBER), at(NOON)), None);
}

#[tokio::test]
async fn a_record_that_cannot_be_read_is_counted_and_the_rest_goes_on() {
    let place = Place::new();
    let begun = place.run("one");
    send(&begun.records, "7", Outcome::Inserted).await;
    drop(begun);
    let log = place.path().join("log/000000000001.ndjson");
    let mut text = std::fs::read_to_string(&log).unwrap();
    text.insert_str(0, "nonsense\n");
    std::fs::write(&log, text).unwrap();
    let admissions = load(&place);
    assert_eq!(admissions.unreadable(), 1);
    assert!(admissions.admission(by("7", ""), at(NOON)).is_some());
}
