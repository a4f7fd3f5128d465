//! The options of a run: dry run, limit, planned times, openings ahead, the stop flag.

use std::sync::Arc;

use core_compliance::Instant;
use core_compliance::ports::{ContactRecord, ContactSource, PortFailure, Reading};
use cxone_client::CxoneClient;
use pipeline::{Outcome, PlannedTime, SyncOptions};
use serde_json::{Value, json};
use tests::sync_kit::{Fate, Hours, InProcess, MORNING, PausedClock, Report, Scenario, utc};

fn with(options: SyncOptions) -> Scenario {
    Scenario {
        options,
        ..Scenario::new(&[])
    }
}

fn planned(at: i64) -> SyncOptions {
    SyncOptions {
        planned: PlannedTime::At(Instant::from_unix(at).unwrap()),
        ..SyncOptions::default()
    }
}

fn attribute<'r>(report: &'r Report, id: &str, name: &str) -> &'r str {
    let upload = report
        .uploads
        .iter()
        .find(|upload| upload.external_id == id)
        .unwrap();
    upload.payload["attributes"][name].as_str().unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_sends_nothing_and_says_what_it_would_send() {
    for faults in [&[][..], &["503:every=2"], &["403:on=upsert"]] {
        let scenario = Scenario {
            dry_run: true,
            ..Scenario::new(faults)
        };
        let (dry, wet) = (scenario.run().await, Scenario::new(&[]).run().await);
        dry.audit();
        assert_eq!((dry.failure.as_ref(), dry.stats.requests.upsert), (None, 0));
        assert_eq!(dry.summary.books.would_upsert, wet.summary.books.sent());
        assert_eq!(dry.summary.books.prohibited, wet.summary.books.prohibited);
        assert!(dry.uploads.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_limit_bounds_what_is_read() {
    for limit in [0, 1, 9, 10, 11, 80, 1_000] {
        let report = with(SyncOptions {
            limit: Some(limit),
            ..SyncOptions::default()
        })
        .run()
        .await;
        report.audit();
        assert_eq!(report.summary.books.read, limit.min(80));
        assert!(
            report.stats.requests.list <= limit / 10 + 2,
            "{limit}: {:?}",
            report.stats.requests
        );
        assert_eq!(report.failure, None);
    }
}

#[tokio::test(start_paused = true)]
async fn every_concurrency_comes_to_the_same() {
    for concurrency in [0, 1, 2, 300] {
        let scenario = Scenario {
            options: SyncOptions {
                concurrency,
                ..SyncOptions::default()
            },
            ..Scenario::new(&["502:every=6", "reset-after:every=11"])
        };
        scenario.run().await.audit_outlived();
    }
}

/// In the future: decided for then, sent now. 2026-06-11T00:30Z is morning in Asia and still day in America's west.
#[tokio::test(start_paused = true)]
async fn a_planned_time_ahead_decides() {
    let at = 1_781_137_800;
    let report = with(planned(at)).run().await;
    report.audit_outlived();
    let now = with(SyncOptions::default()).run().await;
    assert_ne!(report.summary.books.sent(), now.summary.books.sent());
    for upload in &report.uploads {
        assert_eq!(upload.payload["attributes"]["permittedFrom"], utc(at).as_str());
        let validated = upload.payload["attributes"]["validatedAt"].as_str().unwrap();
        assert!(validated < utc(MORNING + 60).as_str());
    }
}

#[tokio::test(start_paused = true)]
async fn a_planned_time_that_has_passed_is_now() {
    let report = with(planned(MORNING - 8 * 3_600)).run().await;
    report.audit_outlived();
    let now = with(SyncOptions::default()).run().await;
    assert_eq!(report.summary, now.summary);
}

/// It passes while the run goes on: from then on each is decided for its own moment.
#[tokio::test(start_paused = true)]
async fn a_planned_time_that_passes_mid_run() {
    // Planned for 20:59:57 in New York; the run begins 5 s before the window closes there.
    let scenario = Scenario {
        start: 1_781_139_595,
        contacts: 500,
        page_size: 100,
        options: planned(1_781_139_597),
        ..Scenario::new(&["503:every=4"])
    };
    let report = scenario.run().await;
    report.audit();
    let late = report
        .uploads
        .iter()
        .filter(|upload| upload.stored_at.as_secs() >= 5);
    assert!(late.count() > 0);
}

#[tokio::test(start_paused = true)]
async fn what_opens_soon_is_inserted_with_its_opening() {
    // Hawaii opens two hours later, at 18:00Z.
    for (hours, includes_hawaii) in [(0, false), (1, false), (2, true), (24, true)] {
        let scenario = Scenario {
            contacts: 300,
            page_size: 100,
            ..with(SyncOptions {
                opens_within: hours * 3_600,
                ..SyncOptions::default()
            })
        };
        let report = scenario.run().await;
        report.audit_outlived();
        let mut seen = 0;
        for (id, contact) in report.listed() {
            let Fate::By(clocks) = Fate::of(&contact) else {
                continue;
            };
            let event = report.event(&id);
            assert!(hours < 24 || event.outcome != Outcome::Prohibited, "{event:?}");
            if clocks == [-600] {
                seen += 1;
                assert_eq!(event.outcome != Outcome::Prohibited, includes_hawaii, "{event:?}");
            }
            if event.outcome != Outcome::Prohibited && !Hours::USUAL.permit(clocks, MORNING) {
                let opening = Hours::USUAL.opening(clocks, MORNING);
                assert_eq!(attribute(&report, &id, "permittedFrom"), utc(opening));
            }
        }
        assert!(seen > 0);
    }
}

#[tokio::test(start_paused = true)]
async fn the_stop_flag_finishes_what_is_in_flight_and_reads_no_more() {
    for after in [1, 10, 33] {
        let scenario = Scenario {
            stop_after: Some(after),
            options: SyncOptions {
                concurrency: 8,
                ..SyncOptions::default()
            },
            ..Scenario::new(&["503:every=5"])
        };
        let report = scenario.run().await;
        report.audit();
        assert_eq!(report.failure, None);
        let read = report.events.len();
        assert!(
            (after..=after + 9).contains(&read),
            "stopped after {after}, read {read}"
        );
        assert_eq!(report.count(Outcome::NotAttempted), 0);
    }
}

/// A list held in memory.
struct Listed(std::vec::IntoIter<Value>);

impl ContactSource for Listed {
    async fn next(&mut self) -> Result<Option<Reading>, PortFailure> {
        let contact = self
            .0
            .next()
            .map(|value| ContactRecord::from_json(value).unwrap());
        Ok(contact.map(Reading::Contact))
    }
}

async fn run_listed(options: SyncOptions, contacts: Vec<Value>) -> Report {
    let scenario = Scenario {
        contacts: 0,
        ..with(options)
    };
    let clock = PausedClock::starting_at(scenario.start);
    let tenant = scenario.tenant(clock);
    let client = CxoneClient::with_transport(
        scenario.client_config(),
        Arc::new(clock),
        InProcess(tenant.clone()),
    );
    scenario
        .run_with(&client, Listed(contacts.into_iter()), clock, tenant)
        .await
}

/// Each contact has its own planned time; what cannot be read is rejected, never guessed.
#[tokio::test(start_paused = true)]
async fn planned_times_in_a_field() {
    let contact = |id: &str, at: Value| json!({"externalId": id, "phone": "+12125550142", "attributes": {"region": "US-EST", "proposedAt": at}});
    let contacts = vec![
        contact("day", json!("2026-06-10T18:00:00Z")),
        contact("night", json!("2026-06-11T02:00:00-04:00")),
        contact("last-second", json!("2026-06-10T20:59:59-04:00")),
        contact("second-after", json!("2026-06-10T21:00:00-04:00")),
        contact("passed", json!("2026-06-10T03:00:00-04:00")),
        contact("naive", json!("2026-06-10T18:00:00")),
        contact("number", json!(1_781_107_220)),
        contact("none", Value::Null),
        json!({"externalId": "bare", "phone": "+12125550142"}),
    ];
    let options = |assume_utc| SyncOptions {
        planned: PlannedTime::Field("attributes.proposedAt".to_owned()),
        assume_utc,
        ..SyncOptions::default()
    };
    for assume_utc in [false, true] {
        let report = run_listed(options(assume_utc), contacts.clone()).await;
        assert!(report.summary.books.balance() && report.failure.is_none());
        for id in ["day", "last-second", "passed"] {
            assert_eq!(report.event(id).outcome, Outcome::Inserted, "{id}");
        }
        assert_eq!(attribute(&report, "day", "permittedFrom"), "2026-06-10T18:00:00Z");
        assert_eq!(attribute(&report, "passed", "permittedFrom"), utc(MORNING));
        for (id, opening) in [
            ("night", "2026-06-11T12:00:00Z"),
            ("second-after", "2026-06-11T12:00:00Z"),
        ] {
            let event = report.event(id);
            assert_eq!(event.outcome, Outcome::Prohibited, "{id}");
            assert_eq!(
                event.next_opening.map(|at| at.to_string()).as_deref(),
                Some(opening)
            );
        }
        let naive = if assume_utc {
            Outcome::Inserted
        } else {
            Outcome::Rejected
        };
        assert_eq!(report.event("naive").outcome, naive);
        for id in ["number", "none", "bare"] {
            assert_eq!(
                report.event(id).reason.as_deref(),
                Some("planned-time-unreadable"),
                "{id}"
            );
            assert_eq!(report.sent(id).sends, 0);
        }
    }
}
