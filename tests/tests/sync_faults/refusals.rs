//! What will not get better by repetition: the contact is named, the others go on.

use core_compliance::ports::PortFailureKind;
use pipeline::Outcome;
use tests::sync_kit::Scenario;

use crate::{run, scheduled, struck};

#[tokio::test(start_paused = true)]
async fn refused_contacts_are_named_with_the_tenants_words() {
    for status in ["400", "404", "410", "413", "422", "400-html", "422-empty", "405"] {
        let fault = format!("{status}:on=upsert");
        for scheduled in scheduled(&fault, &["first=3", "every=7", "p=0.05", "per-contact=1"]) {
            let scenario = Scenario {
                contacts: 50,
                ..Scenario::new(&[&scheduled])
            };
            let report = struck(scenario.run().await);
            report.audit();
            assert_eq!(report.failure, None, "{scheduled}");
            assert_eq!(
                report.refused() as u64,
                report.stats.faults[status].fired,
                "{scheduled}"
            );
            assert_eq!(report.count(Outcome::Failed), 0);
            let code = status.split('-').next().unwrap();
            for refused in report.with_reason("refused-by-tenant") {
                assert!(
                    refused.message.as_ref().is_some_and(|words| words.contains(code)),
                    "{refused:?}"
                );
                assert_eq!(report.sent(&refused.contact).sends, 1, "{scheduled}");
            }
        }
    }
}

/// 20 sends in each of two passes, then the contact is named; the others do not suffer.
#[tokio::test(start_paused = true)]
async fn what_fails_for_good_is_named() {
    let id = &Scenario::new(&[]).ready()[5];
    for fault in [
        "500",
        "reset-before",
        "reset-after",
        "empty",
        "hang=3s",
        "cut-json",
    ] {
        let report = run(&[&format!("{fault}:id={id}")]).await;
        report.audit();
        let event = report.event(id);
        assert_eq!(
            (event.outcome, event.reason.as_deref()),
            (Outcome::Failed, Some("not-delivered")),
            "{fault}"
        );
        assert!(
            event
                .message
                .as_ref()
                .is_some_and(|why| why.contains("sent 20 times")),
            "{event:?}"
        );
        assert_eq!(report.sent(id).sends, 40, "{fault}");
        assert_eq!(
            (report.failure.as_ref(), report.summary.books.failed),
            (None, 1),
            "{fault}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_missing_scope_ends_the_run_with_advice_and_accounts_for_everything() {
    for schedule in ["first=1", "nth=20", "every=7", "p=0.05", "per-contact=1"] {
        let report = run(&[&format!("403:on=upsert,{schedule}")]).await;
        report.audit();
        let failure = report.failure.as_ref().unwrap();
        assert_eq!(failure.kind, PortFailureKind::NotAuthorized);
        assert!(failure.to_string().contains("contacts:write"), "{failure}");
        assert!(report.count(Outcome::Failed) >= 1, "{schedule}");
        for event in &report.events {
            let reason = match event.outcome {
                Outcome::Failed => "run-failed",
                Outcome::NotAttempted => "run-ended",
                _ => continue,
            };
            assert_eq!(event.reason.as_deref(), Some(reason));
        }
    }
}

/// The tenant itself says 403 when the token lacks the scope.
#[tokio::test(start_paused = true)]
async fn a_client_that_may_not_have_the_scopes_learns_it_before_anything_is_read() {
    let scenario = Scenario {
        scopes: vec!["contacts:read".to_owned()],
        ..Scenario::new(&[])
    };
    let report = scenario.run().await;
    report.audit();
    assert_eq!(report.summary.books.read, 0);
    assert!(report.failure.is_some());
}

#[tokio::test(start_paused = true)]
async fn redirects_are_never_followed() {
    for status in [301, 302, 307, 308] {
        let report = run(&[&format!("{status}:on=upsert,nth=9")]).await;
        report.audit();
        assert_eq!(
            report.failure.as_ref().map(|failure| failure.kind),
            Some(PortFailureKind::NotThisApi)
        );
    }
}

/// A contact that the tenant never takes at all beside one that it refuses, in the same run.
#[tokio::test(start_paused = true)]
async fn several_ends_in_one_run() {
    let ready = Scenario::new(&[]).ready();
    let fault = |(status, id): (&str, &String)| format!("{status}:id={id}");
    let faults: Vec<String> = ["500", "422", "409"].into_iter().zip(&ready).map(fault).collect();
    let faults: Vec<&str> = faults.iter().map(String::as_str).collect();
    let report = struck(Scenario::new(&faults).run().await);
    report.audit();
    let books = &report.summary.books;
    assert_eq!((books.failed, report.refused(), books.already_there), (1, 1, 1));
    assert_eq!(report.failure, None);
}
