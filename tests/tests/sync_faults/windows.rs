//! Windows that close while the run goes on: nothing is stored from that second on, whatever is in flight.

use core_compliance::Instant;
use pipeline::{Outcome, SyncOptions};
use serde_json::Value;
use tests::sync_kit::{Fate, Hours, Report, Scenario, utc};

use crate::struck;

/// 2026-06-11T00:59:30Z: 20:59:30 in New York, half a minute before the day's end there.
const CLOSING: i64 = 1_781_139_570;
/// When it closes.
const CLOSE: i64 = CLOSING + 30;

fn closing(faults: &[&str]) -> Scenario {
    Scenario {
        start: CLOSING,
        contacts: 150,
        page_size: 50,
        ..Scenario::new(faults)
    }
}

/// As [`closing`], five seconds before the window closes.
fn about_to_close(faults: &[&str]) -> Scenario {
    Scenario {
        start: CLOSE - 5,
        ..closing(faults)
    }
}

/// The contacts that New York's clock decides about, alone or with others that are open for longer.
fn eastern(report: &Report) -> Vec<(String, &'static [i64])> {
    let clocks = |contact: &Value| match Fate::of(contact) {
        Fate::By(clocks) if clocks.contains(&-240) && !clocks.contains(&-180) => Some(clocks),
        _ => None,
    };
    let listed = report.listed();
    listed
        .into_iter()
        .filter_map(|(id, contact)| Some((id, clocks(&contact)?)))
        .collect()
}

/// Audits, and counts the contacts that were sent before the window closed but not taken before it had: held back.
fn audit_closing(report: &Report) -> usize {
    report.audit();
    assert_eq!(report.failure, None, "{:?}", report.scenario.faults);
    let mut held_back = 0;
    let until_close = CLOSE - report.scenario.start;
    for (id, clocks) in eastern(report) {
        let (event, sent) = (report.event(&id), report.sent(&id));
        let stored = report.uploads.iter().filter(|upload| upload.external_id == id);
        for upload in stored {
            assert!(
                i64::try_from(upload.stored_at.as_secs()).unwrap() < until_close,
                "{id} was stored {:?} after the start",
                upload.stored_at
            );
            assert_eq!(
                upload.payload["attributes"]["permittedUntil"],
                utc(CLOSE).as_str()
            );
        }
        if event.outcome == Outcome::Prohibited {
            assert_eq!(
                event.next_opening.map(Instant::unix),
                Some(Hours::USUAL.opening(clocks, CLOSE)),
                "{event:?}"
            );
            held_back += usize::from(sent.sends > 0);
        }
    }
    held_back
}

#[tokio::test(start_paused = true)]
async fn what_is_still_waiting_when_the_window_closes_is_held_back() {
    let scenario = Scenario {
        contacts: 500,
        page_size: 100,
        ..about_to_close(&[])
    };
    let report = scenario.run().await;
    audit_closing(&report);
    let eastern = eastern(&report);
    let sent = eastern
        .iter()
        .filter(|(id, _)| report.sent(id).accepted == 1)
        .count();
    let held = eastern
        .iter()
        .filter(|(id, _)| report.sent(id).sends == 0)
        .count();
    assert!(sent > 20 && held > 20, "{sent} sent, {held} held back");
}

#[tokio::test(start_paused = true)]
async fn retries_stop_at_the_deadline() {
    for fault in [
        "503",
        "500",
        "429:retry-after=none",
        "reset-before",
        "html",
        "408",
        "502-html",
        "hang=4s",
        "503:retry-after=7",
    ] {
        let separator = if fault.contains(':') { ',' } else { ':' };
        for schedule in ["p=0.6", "per-contact=6"] {
            let report = struck(
                about_to_close(&[&format!("{fault}{separator}on=upsert,{schedule}")])
                    .run()
                    .await,
            );
            let held_back = audit_closing(&report);
            assert!(held_back > 0, "{fault} {schedule}");
        }
    }
}

/// The sends hang until after the window has closed; nobody knows whether they arrived, and none is repeated.
#[tokio::test(start_paused = true)]
async fn hanging_sends_are_not_repeated_after_the_window_has_closed() {
    for fault in [
        "hang:on=upsert,every=3",
        "hang:stores=true,on=upsert,every=3",
        "slow=40s:on=upsert,every=3",
    ] {
        let report = struck(closing(&[fault]).run().await);
        assert!(audit_closing(&report) > 0, "{fault}");
        for (id, _) in eastern(&report) {
            assert!(report.sent(&id).sends <= 1, "{fault}");
        }
    }
}

/// Stored within the window, the answer lost, and no window left to ask again: held back, and said so.
#[tokio::test(start_paused = true)]
async fn a_contact_that_may_have_arrived_says_so() {
    let report = struck(closing(&["hang:stores=true,on=upsert,every=3"]).run().await);
    let unsure: Vec<_> = eastern(&report)
        .into_iter()
        .map(|(id, _)| report.event(&id))
        .filter(|event| event.outcome == Outcome::Prohibited && report.sent(&event.contact).unconfirmed == 1)
        .collect();
    assert!(!unsure.is_empty());
    for event in unsure {
        let message = event.message.as_deref().unwrap();
        assert!(message.contains("a send whose outcome is unknown"), "{message}");
    }
}

/// A token that has to be waited for over the closing second: the deadline is looked at again afterwards.
#[tokio::test(start_paused = true)]
async fn waiting_for_a_token_lets_nothing_out_late() {
    for fault in [
        "slow=31s:on=token,nth=2",
        "hang:on=token,nth=2",
        "503:on=token,after=2,times=12",
    ] {
        let report = struck(about_to_close(&[fault, "revoked-token:nth=90"]).run().await);
        audit_closing(&report);
    }
}

/// Throttled over the closing second.
#[tokio::test(start_paused = true)]
async fn throttling_lets_nothing_out_late() {
    for fault in [
        "429:nth=90,retry-after=40",
        "429:nth=90,retry-after=date",
        "429:every=20,retry-after=5",
    ] {
        audit_closing(&struck(about_to_close(&[fault]).run().await));
    }
}

/// The same with the house hours of a law that knows no place, and one send at a time.
#[tokio::test(start_paused = true)]
async fn house_hours_close_as_well() {
    let scenario = Scenario {
        by_law: true,
        options: SyncOptions {
            concurrency: 1,
            ..SyncOptions::default()
        },
        latency: "300ms".parse().unwrap(),
        ..closing(&["503:every=5"])
    };
    audit_closing(&struck(scenario.run().await));
}

/// A window that opens mid-run: what is reached later is sent.
#[tokio::test(start_paused = true)]
async fn a_window_that_opens_mid_run_is_used() {
    // 2026-06-10T14:59:55Z: five seconds before eight in Los Angeles.
    let scenario = Scenario {
        start: 1_781_103_595,
        contacts: 500,
        page_size: 100,
        ..Scenario::new(&["503:every=9"])
    };
    let report = struck(scenario.run().await);
    report.audit();
    let pacific = report
        .listed()
        .into_iter()
        .filter(|(_, contact)| Fate::of(contact) == Fate::By(&[-420]));
    let (mut early, mut late) = (0, 0);
    for (id, _) in pacific {
        match report.event(&id).outcome {
            Outcome::Prohibited => early += 1,
            _ => late += 1,
        }
    }
    assert!(early > 0 && late > 0, "{early} before, {late} after");
}
