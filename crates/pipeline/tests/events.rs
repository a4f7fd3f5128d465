//! What a watcher of a run is told about each contact.
#![cfg(test)]

use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

use core_compliance::ports::{Clock, ContactRecord, ContactSource, PortFailure, Reading};
use core_compliance::ports::{ContactSink, Delivery};
use core_compliance::{Gate, Instant, Purpose, Rulebook, Settings, ZoneDatabase};
use futures_util::FutureExt as _;
use pipeline::{ContactEvent, NoRecords, Outcome, Summary, SyncObserver, SyncOptions, SyncRun};
use serde_json::json;

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Instant {
        "2026-06-10T12:30:00Z".parse().unwrap()
    }
}

struct Listed(Vec<Reading>);

impl ContactSource for Listed {
    async fn next(&mut self) -> Result<Option<Reading>, PortFailure> {
        Ok(self.0.pop())
    }
}

struct Accepts;

impl ContactSink for Accepts {
    async fn upsert(&self, _: &ContactRecord, _: Option<Instant>) -> Result<Delivery, PortFailure> {
        Ok(Delivery::Inserted)
    }
}

#[derive(Default)]
struct Watcher(Mutex<Vec<ContactEvent>>);

impl SyncObserver for Watcher {
    fn read(&self, count: u64) {
        assert_eq!(
            (count, self.0.lock().unwrap().len()),
            (1, 0),
            "told before the outcome"
        );
    }

    fn contact(&self, event: &ContactEvent, _: &Summary) {
        self.0.lock().unwrap().push(event.clone());
    }
}

fn contact_in(region: &str) -> Reading {
    let contact = json!({"externalId": "7", "phone": "+12125550142", "attributes": {"region": region}});
    Reading::Contact(ContactRecord::from_json(contact).unwrap())
}

fn event_of(region: &str) -> ContactEvent {
    watched(contact_in(region)).remove(0)
}

fn watched(reading: Reading) -> Vec<ContactEvent> {
    let gate = Gate::new(
        ZoneDatabase::bundled(),
        Rulebook::shipped(),
        Settings {
            purpose: Purpose::Informational,
            ..Settings::default()
        },
    )
    .unwrap();
    let watcher = Watcher::default();
    let run = SyncRun {
        gate: &gate,
        sink: &Accepts,
        clock: &Noon,
        observer: &watcher,
        records: &NoRecords,
        ledger: &(),
        suppression: &(),
        footing: &(),
        stop: &AtomicBool::new(false),
        options: &SyncOptions::default(),
    };
    let source = Listed(vec![reading]);
    let (summary, failure) = run.run(source, Summary::default()).now_or_never().unwrap();
    assert!(summary.books.balance() && summary.books.read == 1 && failure.is_none());
    watcher.0.into_inner().unwrap()
}

#[test]
fn a_contact_that_was_sent_tells_until_when_it_may_be_called() {
    let event = event_of("US-EST");
    assert_eq!(event.outcome, Outcome::Inserted);
    assert_eq!(
        event.permitted_until,
        Some("2026-06-11T01:00:00Z".parse().unwrap())
    );
    assert_eq!(
        (event.next_opening, event.zone.as_deref()),
        (None, Some("America/New_York"))
    );
}

#[test]
fn a_contact_that_was_held_back_tells_when_calling_opens() {
    let event = event_of("US-PST");
    assert_eq!(event.outcome, Outcome::Prohibited);
    assert_eq!(event.next_opening, Some("2026-06-10T15:00:00Z".parse().unwrap()));
    assert_eq!(
        (event.permitted_until, event.zone.as_deref()),
        (None, Some("America/Los_Angeles"))
    );
}

#[test]
fn a_contact_without_a_place_has_no_clock_to_show() {
    let event = event_of("ATLANTIS");
    assert_eq!(event.reason.as_deref(), Some("jurisdiction-unknown"));
    assert_eq!(
        (event.next_opening, event.permitted_until, event.zone),
        (None, None, None)
    );
}

#[test]
fn a_spoilt_contact_is_rejected_by_the_code_of_its_source() {
    let events = watched(Reading::Unusable {
        place: "leads.csv:7".to_owned(),
        code: "phone-damaged",
        reason: "`phone` was rounded".to_owned(),
    });
    assert_eq!(events.len(), 1);
    assert_eq!(
        (
            events[0].contact.as_str(),
            events[0].outcome,
            events[0].reason.as_deref()
        ),
        ("leads.csv:7", Outcome::Rejected, Some("phone-damaged"))
    );
}
