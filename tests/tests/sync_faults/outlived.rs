//! Faults that a run outlives: afterwards everything that may be called is in the campaign.

use std::time::Duration;

use pipeline::Outcome;
use tests::sync_kit::Scenario;

use crate::{run, scheduled, struck};

const SCHEDULES: [&str; 4] = ["first=3", "every=7", "p=0.05", "per-contact=2"];

async fn outlived(faults: &[&str]) {
    for fault in faults {
        for scheduled in scheduled(fault, &SCHEDULES) {
            let scenario = Scenario {
                contacts: 50,
                ..Scenario::new(&[&scheduled])
            };
            struck(scenario.run().await).audit_outlived();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn statuses_that_pass() {
    outlived(&["408", "425", "500", "501", "502", "503", "504"]).await;
}

#[tokio::test(start_paused = true)]
async fn statuses_with_bodies_of_gateways() {
    outlived(&[
        "408-html", "500-html", "502-html", "503-html", "504-html", "429-html",
    ])
    .await;
    outlived(&[
        "408-empty",
        "500-empty",
        "502-empty",
        "503-empty",
        "504-empty",
        "429-empty",
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn statuses_of_servers_that_stored_all_the_same() {
    outlived(&["500:stores=true", "503:stores=true", "504:stores=true"]).await;
}

#[tokio::test(start_paused = true)]
async fn every_form_of_retry_after() {
    for form in [
        "seconds", "fraction", "date", "garbage", "none", "0", "0.5", "-1", "3",
    ] {
        outlived(&[
            &format!("429:retry-after={form}"),
            &format!("503:retry-after={form}"),
        ])
        .await;
    }
}

/// What asks for a day is held for a minute, and then goes on.
#[tokio::test(start_paused = true)]
async fn an_absurd_retry_after_is_clamped() {
    for fault in [
        "429:retry-after=99999,first=3",
        "429:retry-after=99999,nth=40",
        "503:retry-after=99999,p=0.05",
    ] {
        let report = run(&[fault]).await;
        report.audit_outlived();
        assert!(report.end - report.scenario.start < 20 * 60, "{fault}");
    }
}

#[tokio::test(start_paused = true)]
async fn broken_connections() {
    outlived(&["reset-before", "reset-after", "truncated"]).await;
}

#[tokio::test(start_paused = true)]
async fn answers_that_cannot_be_read() {
    outlived(&[
        "cut-json",
        "html",
        "html:stores=true",
        "empty",
        "empty:stores=false",
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn silence_and_slowness() {
    outlived(&["hang", "hang=5s", "hang:stores=true", "slow", "slow=45s"]).await;
}

/// More than the sends that one pass has, on one contact, both orders: the last pass brings it in.
#[tokio::test(start_paused = true)]
async fn thirty_one_errors_and_five_throttlings_on_one_contact() {
    let id = &Scenario::new(&[]).ready()[5];
    let (errors, throttlings) = (format!("500:id={id},times=31"), format!("429:id={id},times=5"));
    for faults in [[&*errors, &*throttlings], [&*throttlings, &*errors]] {
        let report = run(&faults).await;
        report.audit_outlived();
        assert_eq!(
            (report.sent(id).sends, report.sent(id).accepted),
            (37, 1),
            "{faults:?}"
        );
        let fired: Vec<u64> = report.stats.faults.values().map(|fault| fault.fired).collect();
        assert_eq!(fired, [5, 31]);
    }
}

/// So long as anything succeeds, throttling costs no contact its place, however long it lasts.
#[tokio::test(start_paused = true)]
async fn throttling_is_never_a_contacts_fault() {
    let id = &Scenario::new(&[]).ready()[5];
    let report = run(&[&format!("429:id={id},times=60,retry-after=0.5")]).await;
    report.audit_outlived();
    assert_eq!(report.sent(id).sends, 61);
}

/// Eight requests in ten go wrong, each in its own way.
#[tokio::test(start_paused = true)]
async fn a_tenant_in_a_very_bad_state() {
    for seed in 1..=3 {
        let scenario = Scenario {
            seed,
            patience: Duration::from_secs(3_600),
            ..Scenario::new(&[
                "503:p=0.4",
                "reset-after:p=0.3",
                "empty:p=0.2",
                "429:p=0.2,retry-after=none",
                "502-html:p=0.2",
            ])
        };
        struck(scenario.run().await).audit_outlived();
    }
}

#[tokio::test(start_paused = true)]
async fn a_conflict_means_that_the_contact_is_there() {
    for schedule in SCHEDULES {
        let report = run(&[&format!("409:{schedule}")]).await;
        report.audit_outlived();
        let conflicts = report.stats.faults["409"].fired;
        assert_eq!(report.summary.books.already_there, conflicts, "{schedule}");
    }
}

/// Stored, the answer lost, then told that it is there: one upload, acknowledged as a conflict.
#[tokio::test(start_paused = true)]
async fn a_conflict_after_a_lost_answer() {
    let id = &Scenario::new(&[]).ready()[5];
    let report = run(&[&format!("reset-after:id={id},times=1"), &format!("409:id={id}")]).await;
    report.audit_outlived();
    assert_eq!(report.event(id).outcome, Outcome::AlreadyThere);
    let uploads = report.uploads.iter().filter(|upload| upload.external_id == *id);
    assert_eq!(uploads.count(), 1);
}

/// The counter-check: without faults no send is repeated.
#[tokio::test(start_paused = true)]
async fn without_faults_everything_is_sent_once() {
    let report = Scenario::new(&[]).run().await;
    report.audit_outlived();
    assert!(
        report
            .stats
            .contacts
            .iter()
            .flatten()
            .all(|(_, contact)| contact.sends == 1)
    );
    assert!(report.summary.books.updated > 0 && report.summary.books.inserted > 20);
    assert!(report.summary.books.prohibited > 5 && report.summary.books.rejected > 0);
    assert_eq!(report.client.retries, 0);
}
