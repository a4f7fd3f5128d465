//! `--follow` and `--from deferred`: contacts whose window opens later are sent when it does.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use core_compliance::Instant;
use core_compliance::ports::Clock as _;
use cxone_simulator::contact_of;
use pipeline::{Following, Scope, Summary, SyncRun};
use serde_json::{Value, json};
use tests::sync_kit::{Fate, MemoryRecords, PausedClock, Scenario, gate, utc};

use crate::{Ledger, Listed, Piece, Watcher, World};

fn scenario() -> Scenario {
    Scenario {
        contacts: 120,
        page_size: 100,
        ..Scenario::new(&[])
    }
}

fn follow(until: Option<i64>) -> Piece<'static> {
    Piece {
        following: Following::Until(until.map(|unix| Instant::from_unix(unix).unwrap())),
        ..Piece::whole()
    }
}

/// When each contact that has a place may first be called, by its id.
fn openings(scenario: &Scenario, from: i64) -> BTreeMap<String, i64> {
    let contacts = (1..=scenario.contacts).map(|n| contact_of(&scenario.profile, scenario.seed, n));
    contacts
        .filter_map(|contact| match Fate::of(&contact) {
            Fate::By(clocks) => Some((
                contact["externalId"].as_str()?.to_owned(),
                scenario.hours.opening(clocks, from),
            )),
            _ => None,
        })
        .collect()
}

#[tokio::test(start_paused = true)]
async fn each_is_sent_within_a_second_of_its_opening_and_none_before() {
    let world = World::new(scenario());
    let (summary, failure, _) = world.piece(follow(None)).await;
    assert_eq!(failure, None);
    let openings = openings(&world.scenario, world.scenario.start);
    let stored = world.stored();
    let later = openings
        .values()
        .filter(|opens| **opens > world.scenario.start)
        .count();
    assert!(later > 10, "too few wait: {later}");
    assert_eq!(stored.len(), openings.len(), "each once: {summary:?}");
    for (id, second, payload) in stored {
        let opens = openings[&id];
        let earliest = opens.max(world.scenario.start);
        let late = second - earliest;
        // At the start a hundred share the quota; at an opening those of a few zones do.
        let allowed = if opens > world.scenario.start { 1 } else { 10 };
        assert!(
            (0..=allowed).contains(&late),
            "{id}: {late} s after {}",
            utc(earliest)
        );
        // Decided anew: the annotation is of the sending, not of the first look.
        let from = payload["attributes"]["permittedFrom"].as_str().unwrap();
        assert!(from >= utc(earliest).as_str(), "{id}: {from}");
    }
    assert_eq!(summary.books.read, 120);
    assert_eq!(summary.books.sent(), openings.len() as u64);
    assert!(world.records.waiting().is_empty());
    assert_eq!(summary.by_reason.get("outside-calling-window"), None);
}

#[tokio::test(start_paused = true)]
async fn until_ends_the_waiting_and_leaves_the_rest_deferred() {
    let world = World::new(scenario());
    let until = world.scenario.start + 2 * 3_600;
    let (summary, failure, _) = world.piece(follow(Some(until))).await;
    assert_eq!(failure, None);
    let openings = openings(&world.scenario, world.scenario.start);
    let by_then = openings.values().filter(|opens| **opens <= until).count();
    assert_eq!(world.stored().len(), by_then);
    let waiting = world.records.waiting();
    assert_eq!(waiting.len(), openings.len() - by_then);
    assert_eq!(summary.earliest_opening, waiting.values().min().copied());
    // Later, in another run, what is due then.
    let dawn = world.scenario.start + 86_400;
    tokio::time::sleep(Duration::from_secs(
        u64::try_from(dawn - world.clock.unix()).unwrap(),
    ))
    .await;
    let deferred = Piece {
        scope: Scope::Deferred,
        ..Piece::whole()
    };
    let due = waiting.values().filter(|opens| opens.unix() <= dawn).count();
    let (_, failure, events) = world.piece(deferred).await;
    assert_eq!(failure, None);
    assert_eq!(events.len(), due);
}

#[tokio::test(start_paused = true)]
async fn what_left_the_tenant_meanwhile_waits_no_more() {
    let records = MemoryRecords::default();
    let contact =
        |id: &str| json!({"externalId": id, "phone": "+12125550142", "attributes": {"region": "US-PST"}});
    // 06:00 in Los Angeles.
    let clock = PausedClock::starting_at(1_781_096_400);
    let sink = Accepts::default();
    let run = |source: Vec<Value>, scope| {
        let (records, sink) = (&records, &sink);
        async move {
            let watcher = Watcher::default();
            let run = SyncRun {
                gate: gate(tests::sync_kit::Hours::USUAL, false),
                sink,
                clock: &clock,
                observer: &watcher,
                records,
                ledger: &Ledger { broken: false },
                suppression: &(),
                footing: &(),
                stop: &AtomicBool::new(false),
                options: &Scenario::new(&[]).options,
            };
            let timer = crate::PausedTimer(clock);
            let mut sources = [Listed(source)];
            run.run_over(&mut sources, scope, Following::No, &timer, Summary::default())
                .await
        }
    };
    run(vec![contact("stays"), contact("leaves")], Scope::Everything).await;
    assert_eq!(records.waiting().len(), 2);
    records.next_run();
    tokio::time::sleep(Duration::from_secs(3 * 3_600)).await;
    let (summary, failure) = run(vec![contact("stays")], Scope::Deferred).await;
    assert_eq!(failure, None);
    assert_eq!((summary.books.read, summary.books.inserted), (1, 1));
    assert!(records.waiting().is_empty());
    assert_eq!(sink.ids(), ["stays"]);
}

/// The night on which the clocks of America are set back, 2026-11-01: windows open by the new clock.
#[tokio::test(start_paused = true)]
async fn across_a_change_of_clocks() {
    // 2026-11-01T03:00:00Z: 23:00 on Saturday in New York, 20:00 on Saturday in Los Angeles, noon in Tokyo.
    let start = 1_793_502_000;
    let expected: BTreeMap<&str, (&str, i64)> = [
        // 08:00 EST, an hour later in UTC than the day before.
        ("new-york", ("America/New_York", 1_793_538_000)),
        ("chicago", ("America/Chicago", 1_793_541_600)),
        ("denver", ("America/Denver", 1_793_545_200)),
        // Still open when the run begins: 20:00 in both.
        ("phoenix", ("America/Phoenix", start)),
        ("los-angeles", ("America/Los_Angeles", start)),
        // Europe changed a week before: 08:00 CET, 08:00 GMT.
        ("paris", ("Europe/Paris", 1_793_516_400)),
        ("london", ("Europe/London", 1_793_520_000)),
        ("tokyo", ("Asia/Tokyo", start)),
    ]
    .into();
    let contacts: Vec<Value> = expected
        .iter()
        .map(|(id, (zone, _))| json!({"externalId": id, "phone": "+18005550142", "attributes": {"zone": zone}}))
        .collect();
    let clock = PausedClock::starting_at(start);
    let records = MemoryRecords::default();
    let sink = Accepts {
        clock: Some(clock),
        ..Accepts::default()
    };
    let watcher = Watcher::default();
    let run = SyncRun {
        gate: gate(tests::sync_kit::Hours::USUAL, false),
        sink: &sink,
        clock: &clock,
        observer: &watcher,
        records: &records,
        ledger: &(),
        suppression: &(),
        footing: &(),
        stop: &AtomicBool::new(false),
        options: &Scenario::new(&[]).options,
    };
    let timer = crate::PausedTimer(clock);
    let mut sources = [Listed(contacts)];
    let until = Following::Until(None);
    let (summary, failure) = run
        .run_over(&mut sources, Scope::Everything, until, &timer, Summary::default())
        .await;
    assert_eq!(failure, None);
    assert_eq!(summary.books.inserted, 8);
    for (id, second) in sink.taken.into_inner().unwrap() {
        let (_, opens) = expected[id.as_str()];
        assert!(
            (0..=1).contains(&(second - opens)),
            "{id} at {}, opens {}",
            utc(second),
            utc(opens)
        );
    }
}

/// A sink that takes everything.
#[derive(Default)]
struct Accepts {
    clock: Option<PausedClock>,
    taken: std::sync::Mutex<Vec<(String, i64)>>,
}

impl Accepts {
    fn ids(&self) -> Vec<String> {
        let taken = self.taken.lock().unwrap();
        taken.iter().map(|(id, _)| id.clone()).collect()
    }
}

impl core_compliance::ports::ContactSink for Accepts {
    async fn upsert(
        &self,
        contact: &core_compliance::ports::ContactRecord,
        _: Option<Instant>,
    ) -> Result<core_compliance::ports::Delivery, core_compliance::ports::PortFailure> {
        let now = self.clock.map_or(0, |clock| clock.now().unix());
        let id = contact.external_id().unwrap().to_owned();
        self.taken.lock().unwrap().push((id, now));
        Ok(core_compliance::ports::Delivery::Inserted)
    }
}
