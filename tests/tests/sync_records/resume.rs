//! Pieces of one run, each cut off at any point: as `kill -9` does, the future of the run is dropped where it stands.

use std::collections::BTreeMap;
use std::time::Duration;

use pipeline::Outcome;
use tests::sync_kit::{Dice, Entry, Fate, Scenario};

use crate::{Piece, World};

const CONCURRENCY: usize = 16;

fn scenario(seed: u64, faults: &[&str]) -> Scenario {
    let mut scenario = Scenario {
        seed,
        contacts: 200,
        ..Scenario::new(faults)
    };
    scenario.options.concurrency = CONCURRENCY;
    scenario
}

/// Runs piece after piece, each cut off after a while that the dice tell, the last one to its end.
async fn run_in_pieces(world: &World, dice: &mut Dice, cuts: usize) -> pipeline::Summary {
    for _ in 0..cuts {
        let piece = world.piece(Piece::whole());
        let life = Duration::from_millis(dice.roll(2_500));
        // Dropped at its deadline, wherever it is.
        let _ = tokio::time::timeout(life, piece).await;
    }
    let (summary, failure, _) = world.piece(Piece::whole()).await;
    assert_eq!(failure, None);
    summary
}

/// None lost, none twice beyond what was under way, every contact in one column.
fn audit(world: &World, summary: &pipeline::Summary, cuts: usize) {
    let scenario = &world.scenario;
    let stats = world.tenant.stats();
    let mut stored: BTreeMap<String, usize> = BTreeMap::new();
    for (id, _, _) in world.stored() {
        *stored.entry(id).or_default() += 1;
    }
    for id in scenario.ready() {
        assert!(stored.contains_key(&id), "{id} was lost");
    }
    let repeated = world
        .records
        .entries()
        .iter()
        .filter(|entry| matches!(entry, Entry::Intent { repeats: true, .. }))
        .count();
    assert!(
        repeated <= cuts * CONCURRENCY,
        "{repeated} repeats after {cuts} cuts"
    );
    let again: usize = stored.values().map(|times| times - 1).sum();
    // A fault makes the client repeat a request by itself.
    assert!(
        again <= repeated || !scenario.faults.is_empty(),
        "{again} stored twice, {repeated} known as repeats"
    );
    assert_eq!(summary.books.read, u64::from(scenario.contacts), "{summary:?}");
    assert_eq!(
        summary.books.failed + summary.books.not_attempted,
        0,
        "{summary:?}"
    );
    assert_eq!(
        summary.books.sent(),
        stored.len() as u64,
        "{summary:?}, {} upserts",
        stats.requests.upsert
    );
    // Every intent has its end, and the last outcome of each contact stands once in the books.
    let mut ends: BTreeMap<String, String> = BTreeMap::new();
    for entry in world.records.entries() {
        match entry {
            Entry::Outcome { contact, end } => {
                ends.insert(contact, end);
            }
            Entry::Settled { contact, end, .. } if end != Outcome::Duplicate.as_str() => {
                ends.insert(contact, end);
            }
            _ => {}
        }
    }
    let sent = ends
        .values()
        .filter(|end| ["inserted", "updated", "already_there"].contains(&end.as_str()));
    assert_eq!(sent.count(), stored.len());
}

#[tokio::test(start_paused = true)]
async fn a_run_cut_off_anywhere_goes_on_and_loses_nothing() {
    for seed in 0..25 {
        let mut dice = Dice(seed);
        let cuts = usize::try_from(1 + dice.roll(5)).unwrap();
        let world = World::new(scenario(seed, &[]));
        let summary = run_in_pieces(&world, &mut dice, cuts).await;
        audit(&world, &summary, cuts);
    }
}

#[tokio::test(start_paused = true)]
async fn also_under_faults() {
    let faults = ["503:every=9", "reset-after:every=13", "429:every=17"];
    for seed in 100..115 {
        let mut dice = Dice(seed);
        let cuts = usize::try_from(1 + dice.roll(4)).unwrap();
        let world = World::new(scenario(seed, &faults));
        let summary = run_in_pieces(&world, &mut dice, cuts).await;
        audit(&world, &summary, cuts);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_settled_is_not_judged_again() {
    let world = World::new(scenario(3, &[]));
    let (first, ..) = world.piece(Piece::whole()).await;
    let recorded = world.records.entries().len();
    let (second, failure, events) = world.piece(Piece::whole()).await;
    assert_eq!(failure, None);
    // Records without an id, and those that came twice, are read and recorded again; nothing else is.
    let nameless = |entry: &&Entry| {
        matches!(entry, Entry::Settled { contact, reason, .. }
            if reason == "external-id-missing" || reason == "duplicate" || contact.contains("page"))
    };
    let entries = world.records.entries();
    let again = &entries[recorded..];
    assert_eq!(again.iter().filter(nameless).count(), again.len(), "{again:?}");
    assert_eq!(events.len(), again.len());
    assert_eq!(first.books, second.books);
    assert_eq!(first.by_reason, second.by_reason);
}

#[tokio::test(start_paused = true)]
async fn a_prohibited_contact_is_deferred_until_its_opening() {
    let world = World::new(scenario(5, &[]));
    world.piece(Piece::whole()).await;
    let waiting = world.records.waiting();
    assert!(!waiting.is_empty());
    for number in 1..=world.scenario.contacts {
        let contact = cxone_simulator::contact_of(&world.scenario.profile, 5, number);
        let id = contact["externalId"].as_str().unwrap_or_default();
        let now = world.scenario.start;
        if let (Fate::By(clocks), Some(opens)) = (Fate::of(&contact), waiting.get(id)) {
            assert_eq!(opens.unix(), world.scenario.hours.opening(clocks, now), "{id}");
        }
    }
}
