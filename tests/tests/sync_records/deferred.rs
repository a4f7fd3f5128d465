//! What becomes of deferred contacts that cannot be sent when they are due: they wait on, and are counted once.

use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use core_compliance::Instant;
use core_compliance::ports::{ContactRecord, ContactSink, Delivery, PortFailure};
use pipeline::{Following, Scope, Summary, SyncOptions, SyncRun};
use serde_json::json;
use tests::sync_kit::{Hours, MemoryRecords, PausedClock, Scenario, gate};

use crate::{Ledger, Listed, PausedTimer, Watcher};

/// 06:00 in Los Angeles, two hours before its window opens.
const DAWN: i64 = 1_781_096_400;

/// Takes nothing so many times, and then everything.
struct Flaky(Mutex<usize>);

impl ContactSink for Flaky {
    async fn upsert(&self, _: &ContactRecord, _: Option<Instant>) -> Result<Delivery, PortFailure> {
        let mut left = self.0.lock().unwrap();
        if *left == 0 {
            return Ok(Delivery::Inserted);
        }
        *left -= 1;
        Ok(Delivery::NotDelivered {
            reason: "503".to_owned(),
            sends: 5,
        })
    }
}

/// Contacts in Los Angeles, their records, and what each run over them is like.
struct World {
    clock: PausedClock,
    records: MemoryRecords,
    contacts: Vec<serde_json::Value>,
    failures: usize,
    options: SyncOptions,
    ledger: Ledger,
}

impl World {
    fn of(contacts: &[&str]) -> Self {
        let contact = |id: &&str| json!({"externalId": id, "phone": "+12125550142", "attributes": {"region": "US-PST"}});
        Self {
            clock: PausedClock::starting_at(DAWN),
            records: MemoryRecords::default(),
            contacts: contacts.iter().map(contact).collect(),
            failures: 0,
            options: Scenario::new(&[]).options,
            ledger: Ledger { broken: false },
        }
    }

    async fn run(&self, scope: Scope, following: Following) -> Summary {
        let watcher = Watcher::default();
        let sink = Flaky(Mutex::new(self.failures));
        let run = SyncRun {
            gate: gate(Hours::USUAL, false),
            sink: &sink,
            clock: &self.clock,
            observer: &watcher,
            records: &self.records,
            ledger: &self.ledger,
            suppression: &(),
            footing: &(),
            stop: &AtomicBool::new(false),
            options: &self.options,
        };
        let timer = PausedTimer(self.clock);
        let mut sources = [Listed(self.contacts.clone())];
        let (summary, failure) = run
            .run_over(&mut sources, scope, following, &timer, Summary::default())
            .await;
        assert_eq!(failure, None);
        assert!(summary.books.balance(), "{summary:?}");
        summary
    }

    /// All are prohibited, and wait; three hours later they are due.
    async fn deferred_and_due(&self) {
        self.run(Scope::Everything, Following::No).await;
        assert_eq!(self.records.waiting().len(), self.contacts.len());
        self.records.next_run();
        tokio::time::sleep(Duration::from_secs(3 * 3_600)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn one_that_fails_at_first_is_counted_once_where_it_ends() {
    let world = World {
        // The first try and the last pass, twice.
        failures: 4,
        ..World::of(&["late"])
    };
    let summary = world.run(Scope::Everything, Following::Until(None)).await;
    let books = summary.books;
    assert_eq!(
        (books.read, books.inserted, books.failed),
        (1, 1, 0),
        "{summary:?}"
    );
    assert_eq!(summary.by_reason.get("not-delivered"), None, "{summary:?}");
    assert!(world.records.waiting().is_empty());
}

#[tokio::test(start_paused = true)]
async fn one_that_cannot_be_decided_waits_on() {
    let mut world = World::of(&["waits"]);
    world.deferred_and_due().await;
    world.ledger = Ledger { broken: true };
    let summary = world.run(Scope::Deferred, Following::No).await;
    assert_eq!(summary.by_reason.get("ledger-unreadable"), Some(&1));
    assert_eq!(world.records.waiting().len(), 1, "it was forgotten");
    world.ledger = Ledger { broken: false };
    world.records.next_run();
    tokio::time::sleep(Duration::from_secs(3_600)).await;
    let summary = world.run(Scope::Deferred, Following::No).await;
    assert_eq!(summary.books.inserted, 1);
}

#[tokio::test(start_paused = true)]
async fn a_limit_holds_for_them_too() {
    let mut world = World::of(&["a", "b", "c", "d", "e"]);
    world.deferred_and_due().await;
    world.options.limit = Some(2);
    let summary = world.run(Scope::Deferred, Following::No).await;
    assert_eq!(
        (summary.books.read, summary.books.inserted),
        (2, 2),
        "{summary:?}"
    );
    assert_eq!(world.records.waiting().len(), 3);
}
