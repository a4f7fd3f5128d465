//! Listings that lead astray: every contact that can be read is read once, and a circle is an error, not a loop.

use core_compliance::ports::PortFailureKind;
use pipeline::Outcome;
use tests::sync_kit::Scenario;

use crate::{run, scheduled, struck};

#[tokio::test(start_paused = true)]
async fn strange_pages_lose_nothing() {
    for fault in ["null-page", "empty-page"] {
        for scheduled in scheduled(fault, &["first=3", "every=2", "p=0.3", "nth=8"]) {
            run(&[&scheduled]).await.audit_outlived();
        }
    }
    run(&["no-token"]).await.audit_outlived();
}

#[tokio::test(start_paused = true)]
async fn duplicates_are_counted_and_sent_once() {
    for schedule in ["first=2", "every=3", "p=0.5", "on=list"] {
        let report = run(&[&format!("duplicate:{schedule}")]).await;
        report.audit_outlived();
        let twice = report.stats.faults["duplicate"].fired;
        assert!(report.summary.books.duplicate <= twice, "{schedule}");
        assert!(
            report.summary.books.duplicate + 2 >= twice,
            "{schedule}: contacts without an id have no double"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_expired_cursor_is_listed_anew_without_sending_again() {
    for name in ["expired-cursor", "expired-cursor=400"] {
        for fault in scheduled(name, &["first=1", "nth=3", "nth=7", "times=3", "p=0.1"]) {
            let report = run(&[&fault]).await;
            report.audit_outlived();
            assert_eq!(report.summary.books.duplicate, 0, "{fault}");
        }
    }
    for status in [400, 404, 410, 413, 422] {
        run(&[&format!("{status}:on=list,nth=4")]).await.audit_outlived();
    }
}

#[tokio::test(start_paused = true)]
async fn a_cursor_that_always_expires_ends_with_an_error() {
    for (fault, at_least) in [
        ("expired-cursor", 10),
        ("expired-cursor:every=5", 50),
        ("410:on=list,after=3", 20),
    ] {
        let report = run(&[fault]).await;
        report.audit();
        assert_eq!(
            report.failure.as_ref().map(|failure| failure.kind),
            Some(PortFailureKind::BrokenListing),
            "{fault}"
        );
        assert!(
            report.summary.books.read >= at_least,
            "{fault}: {:?}",
            report.summary.books
        );
        assert_eq!(
            report.count(Outcome::NotAttempted) + report.count(Outcome::Failed),
            0,
            "{fault}"
        );
        assert!(report.stats.requests.list < 50, "{fault}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_circle_ends_with_an_error_and_what_was_read_is_worked_on() {
    for (fault, read) in [
        ("looping", 10),
        ("looping:nth=4", 40),
        ("looping:nth=6,back=2", 60),
        ("looping:back=1,nth=3", 30),
        ("looping:after=5,back=3", 50),
    ] {
        let report = run(&[fault]).await;
        report.audit();
        let failure = report.failure.as_ref().unwrap();
        assert_eq!(failure.kind, PortFailureKind::BrokenListing, "{fault}");
        assert_eq!(
            report.summary.books.read - report.summary.books.duplicate,
            read,
            "{fault}"
        );
        assert!(report.stats.requests.list < 30, "{fault}");
        assert_eq!(
            report.count(Outcome::NotAttempted) + report.count(Outcome::Failed),
            0,
            "{fault}"
        );
        assert!(report.summary.books.sent() > 0, "{fault}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_first_page_that_is_no_page_ends_the_run_with_advice() {
    for fault in [
        "400",
        "404",
        "410",
        "413",
        "422",
        "404-html",
        "409:on=list",
        "302",
    ] {
        let report = run(&[&format!(
            "{fault}{}first=1",
            if fault.contains(':') { ',' } else { ':' }
        )])
        .await;
        report.audit();
        assert_eq!(
            report.failure.as_ref().map(|failure| failure.kind),
            Some(PortFailureKind::NotThisApi),
            "{fault}"
        );
        assert_eq!(report.summary.books.read, 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_forbidden_page_ends_the_reading_and_what_was_read_is_worked_on() {
    for (fault, read) in [("403:on=list,nth=4", 30), ("302:on=list,nth=3", 20)] {
        let report = run(&[fault]).await;
        report.audit();
        assert!(
            report.failure.is_some(),
            "{fault}: {:?} {:?}",
            report.summary.books,
            report.stats
        );
        assert_eq!(report.summary.books.read, read, "{fault}");
        assert_eq!(
            report.count(Outcome::NotAttempted) + report.count(Outcome::Failed),
            0,
            "{fault}"
        );
    }
}

/// A page that cannot be read, however often it is asked for, must not be taken for the end.
#[tokio::test(start_paused = true)]
async fn an_unreadable_page_is_never_the_end_of_the_listing() {
    for name in ["html", "empty", "cut-json"] {
        let report = run(&[&format!("{name}:on=list,after=4")]).await;
        report.audit();
        assert!(report.failure.is_some(), "{name}");
        assert_eq!(report.summary.books.read, 30, "{name}");
        assert!(
            report.summary.books.sent() > 0 && report.summary.books.failed == 0,
            "{name}"
        );
    }
}

/// Everything that a listing can suffer, at once.
#[tokio::test(start_paused = true)]
async fn strange_pages_together() {
    for seed in 1..=5 {
        let scenario = Scenario {
            seed,
            ..Scenario::new(&[
                "null-page:every=4",
                "duplicate:every=3",
                "empty-page:nth=2",
                "expired-cursor:nth=6",
                "no-token",
                "502:on=list,p=0.2",
            ])
        };
        struck(scenario.run().await).audit_outlived();
    }
}
