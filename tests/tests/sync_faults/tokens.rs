//! Tokens that end, are revoked, refused, or not to be had.

use std::time::Duration;

use core_compliance::ports::PortFailureKind;
use pipeline::Outcome;
use tests::sync_kit::Scenario;

use crate::{run, scheduled, struck};

#[tokio::test(start_paused = true)]
async fn a_token_that_ends_mid_run_is_renewed() {
    for (life, latency) in [(1, 5), (2, 400), (3, 20), (61, 300)] {
        let scenario = Scenario {
            contacts: 300,
            token_life: Duration::from_secs(life),
            latency: format!("{latency}ms").parse().unwrap(),
            ..Scenario::new(&[])
        };
        let report = scenario.run().await;
        report.audit_outlived();
        assert!(life > 10 || report.stats.requests.token > 1, "{life} s");
    }
}

#[tokio::test(start_paused = true)]
async fn short_tokens_are_outlived() {
    for fault in [
        "short-token=1s",
        "short-token=1s:every=2",
        "short-token=1s:first=3",
        "short-token=1s:p=0.5",
    ] {
        let scenario = Scenario {
            token_life: Duration::from_secs(2),
            contacts: 300,
            ..Scenario::new(&[fault])
        };
        struck(scenario.run().await).audit_outlived();
    }
}

#[tokio::test(start_paused = true)]
async fn revoked_tokens_are_replaced() {
    for schedule in ["nth=1", "nth=40", "every=20", "every=40", "p=0.02", "times=1"] {
        let report = run(&[&format!("revoked-token:{schedule}")]).await;
        report.audit_outlived();
        assert!(report.stats.requests.token > 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_401_costs_one_new_token_and_no_contact() {
    for schedule in [
        "nth=1",
        "nth=30",
        "every=20",
        "per-contact=1",
        "on=list,every=4",
        "p=0.02",
    ] {
        let report = run(&[&format!("401:{schedule}")]).await;
        report.audit_outlived();
        assert!(report.stats.requests.token > 1, "{schedule}");
    }
}

#[tokio::test(start_paused = true)]
async fn tokens_that_are_refused_for_good_end_the_run() {
    for fault in [
        "401",
        "401-html",
        "401:after=20",
        "revoked-token",
        "revoked-token:after=20",
        "401:on=upsert",
        "401-empty:first=3",
    ] {
        let report = run(&[fault]).await;
        report.audit();
        let failure = report.failure.as_ref().unwrap();
        assert_eq!(failure.kind, PortFailureKind::NotAuthorized, "{fault}: {failure}");
        assert!(
            report.stats.requests.total < 200,
            "{fault}: {:?}",
            report.stats.requests
        );
    }
}

#[tokio::test(start_paused = true)]
async fn bad_credentials_end_the_run_before_anything_is_read() {
    let scenario = Scenario {
        secret: "another".to_owned(),
        ..Scenario::new(&[])
    };
    let report = scenario.run().await;
    report.audit();
    let failure = report.failure.as_ref().unwrap();
    assert_eq!(
        (failure.kind, report.summary.books.read),
        (PortFailureKind::NotAuthorized, 0)
    );
    assert!(failure.advice.contains("CXONE_CLIENT_SECRET"), "{failure}");
    assert_eq!(report.stats.requests.total, 1);
}

/// Credentials that are withdrawn while the run goes on: what was read is accounted for.
#[tokio::test(start_paused = true)]
async fn credentials_withdrawn_mid_run() {
    for status in ["401", "403"] {
        let report = struck(
            Scenario::new(&["revoked-token:nth=40", &format!("{status}:on=token,after=2")])
                .run()
                .await,
        );
        report.audit();
        assert_eq!(
            report.failure.as_ref().map(|failure| failure.kind),
            Some(PortFailureKind::NotAuthorized)
        );
        assert!(report.count(Outcome::Failed) > 0 && report.summary.books.sent() > 0);
    }
}

#[tokio::test(start_paused = true)]
async fn trouble_at_the_token_endpoint_is_outlived() {
    let names = [
        "500",
        "502-html",
        "503",
        "503-empty",
        "504",
        "429",
        "429:retry-after=date",
        "408",
        "reset-before",
        "reset-after",
        "truncated",
        "cut-json",
        "empty",
        "hang",
        "slow",
    ];
    for name in names {
        for fault in scheduled(name, &["on=token,first=3", "on=token,every=2"]) {
            let scenario = Scenario {
                token_life: Duration::from_secs(2),
                contacts: 120,
                ..Scenario::new(&[&fault])
            };
            let report = scenario.run().await;
            assert!(
                fault.contains("every") || report.stats.faults.values().any(|fault| fault.fired == 3),
                "{fault}: {:?} {:?}",
                report.stats.faults,
                report.failure
            );
            report.audit_outlived();
        }
    }
}
