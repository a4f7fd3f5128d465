//! Runs with records: cut off and gone on with, deferred and followed, stopped by what must stop them. In paused time,
//! against a simulated tenant, judged from the tenant's side.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests, where a panic is a failed test"
)]

mod deferred;
mod follow;
mod resume;
mod stops;

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use core_compliance::Instant;
use core_compliance::ports::{
    AttemptLedger, ContactRecord, ContactSource, Footing, PortFailure, Reading, SuppressionList, Timer,
};
use cxone_client::{CxoneClient, CxoneContactSource};
use cxone_simulator::Simulator;
use pipeline::{ContactEvent, Following, Reopen, Scope, Summary, SyncObserver, SyncRun};
use serde_json::Value;
use tests::sync_kit::{InProcess, MemoryRecords, PausedClock, Scenario, gate};

/// A tenant, records and a clock that outlive the pieces of a run.
struct World {
    scenario: Scenario,
    clock: PausedClock,
    tenant: Simulator,
    records: MemoryRecords,
}

impl World {
    fn new(scenario: Scenario) -> Self {
        let clock = PausedClock::starting_at(scenario.start);
        Self {
            tenant: scenario.tenant(clock),
            clock,
            records: MemoryRecords::default(),
            scenario,
        }
    }

    /// A client of its own for each piece, as each process has.
    fn client(&self) -> CxoneClient {
        let transport = InProcess(self.tenant.clone());
        CxoneClient::with_transport(self.scenario.client_config(), Arc::new(self.clock), transport)
    }

    /// One piece of the run, with everything that a test may set.
    async fn piece(&self, piece: Piece<'_>) -> (Summary, Option<PortFailure>, Vec<ContactEvent>) {
        let client = self.client();
        let watcher = Watcher::default();
        let (outcomes, by_reason) = self.records.carried();
        let carried = Summary::carried(outcomes, by_reason, None);
        let sink = client.contact_sink();
        let run = SyncRun {
            gate: gate(self.scenario.hours, self.scenario.by_law),
            sink: &sink,
            clock: &self.clock,
            observer: &watcher,
            records: &self.records,
            ledger: piece.ledger,
            suppression: piece.suppression,
            footing: piece.footing,
            stop: piece.stop,
            options: &self.scenario.options,
        };
        let mut sources = [Listing(client)];
        let (summary, failure) = run
            .run_over(
                &mut sources,
                piece.scope,
                piece.following,
                &self.clock_timer(),
                carried,
            )
            .await;
        assert!(summary.books.balance(), "{summary:?}");
        (summary, failure, watcher.0.into_inner().unwrap())
    }

    fn clock_timer(&self) -> PausedTimer {
        PausedTimer(self.clock)
    }

    /// External id, second of storing after the start, and the payload.
    fn stored(&self) -> Vec<(String, i64, Value)> {
        let uploads = self.tenant.uploads().into_iter();
        uploads
            .map(|upload| {
                let after = i64::try_from(upload.stored_at.as_secs()).unwrap();
                (upload.external_id, self.scenario.start + after, upload.payload)
            })
            .collect()
    }
}

/// What one piece of a run is asked to do.
struct Piece<'a> {
    scope: Scope,
    following: Following,
    stop: &'a AtomicBool,
    footing: &'a dyn Footing,
    suppression: &'a dyn SuppressionList,
    ledger: &'a Ledger,
}

static NEVER: AtomicBool = AtomicBool::new(false);

impl Piece<'_> {
    fn whole() -> Self {
        Self {
            scope: Scope::Everything,
            following: Following::No,
            stop: &NEVER,
            footing: &(),
            suppression: &(),
            ledger: &Ledger { broken: false },
        }
    }
}

/// A ledger that knows nothing, or cannot be read.
struct Ledger {
    broken: bool,
}

impl AttemptLedger for Ledger {
    async fn attempts(
        &self,
        _: core_compliance::ports::CalleeKey<'_>,
        _: Instant,
    ) -> Result<Option<Vec<core_compliance::PastAttempt>>, PortFailure> {
        let kind = core_compliance::ports::PortFailureKind::Local;
        match self.broken {
            true => Err(PortFailure::new(kind, "the ledger is damaged", "restore it")),
            false => Ok(None),
        }
    }
}

/// The tenant's own listing, from its beginning each time.
struct Listing(CxoneClient);

impl Reopen for Listing {
    type Source = CxoneContactSource;

    fn label(&self) -> &str {
        "cxone"
    }

    fn open(&mut self) -> Result<Self::Source, PortFailure> {
        Ok(self.0.contact_source())
    }
}

/// Contacts of a test's own.
struct Listed(Vec<Value>);

impl ContactSource for Listed {
    async fn next(&mut self) -> Result<Option<Reading>, PortFailure> {
        let next = (!self.0.is_empty()).then(|| self.0.remove(0));
        Ok(next.map(|contact| Reading::Contact(ContactRecord::from_json(contact).unwrap())))
    }
}

impl Reopen for Listed {
    type Source = Self;

    fn label(&self) -> &str {
        "listed"
    }

    fn open(&mut self) -> Result<Self, PortFailure> {
        Ok(Self(self.0.clone()))
    }
}

#[derive(Clone, Copy)]
struct PausedTimer(PausedClock);

impl Timer for PausedTimer {
    async fn reach(&self, at: Instant) {
        let seconds = at.unix() - self.0.unix();
        let wait = std::time::Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
        tokio::time::sleep(wait).await;
    }
}

/// Collects the events.
#[derive(Default)]
struct Watcher(Mutex<Vec<ContactEvent>>);

impl SyncObserver for Watcher {
    fn contact(&self, event: &ContactEvent, _: &Summary) {
        self.0.lock().unwrap().push(event.clone());
    }
}
