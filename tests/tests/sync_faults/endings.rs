//! Runs that never succeed, or no longer.

use std::time::Duration;

use core_compliance::ports::PortFailureKind;
use pipeline::Outcome;
use tests::sync_kit::Scenario;

use crate::{run, struck};

const FOREVER: [&str; 7] = [
    "503",
    "429",
    "429:retry-after=none",
    "reset-before",
    "hang",
    "502-html",
    "500-empty",
];

#[tokio::test(start_paused = true)]
async fn patience_ends_a_run_that_never_succeeds() {
    for name in FOREVER {
        let report = run(&[name]).await;
        report.audit();
        let failure = report.failure.as_ref().unwrap();
        assert_eq!(failure.kind, PortFailureKind::OutOfPatience, "{name}: {failure}");
        let seconds = report.end - report.scenario.start;
        assert!((300..420).contains(&seconds), "{name}: {seconds} s");
        assert_eq!(report.summary.books.read, 0);
    }
}

#[tokio::test(start_paused = true)]
async fn patience_ends_a_run_whose_tenant_goes_away_and_names_all_that_was_read() {
    for name in FOREVER {
        let separator = if name.contains(':') { ',' } else { ':' };
        let scenario = Scenario {
            patience: Duration::from_secs(90),
            contacts: 100,
            page_size: 100,
            options: pipeline::SyncOptions {
                concurrency: 8,
                ..pipeline::SyncOptions::default()
            },
            ..Scenario::new(&[&format!("{name}{separator}on=upsert,after=30")])
        };
        let report = struck(scenario.run().await);
        report.audit();
        assert_eq!(
            report.failure.as_ref().map(|failure| failure.kind),
            Some(PortFailureKind::OutOfPatience),
            "{name}"
        );
        assert!(report.count(Outcome::Failed) > 0, "{name}");
        assert_eq!(report.summary.books.sent(), 29, "{name}");
        let seconds = report.end - report.scenario.start;
        assert!((90..240).contains(&seconds), "{name}: {seconds} s");
    }
}

/// A tenant that is down for less than the run is patient costs nothing but time.
#[tokio::test(start_paused = true)]
async fn an_outage_shorter_than_patience_is_outlived() {
    for name in [
        "503:after=25,times=60",
        "reset-before:after=25,times=60",
        "429:after=25,times=60,retry-after=2",
    ] {
        run(&[name]).await.audit_outlived();
    }
}
