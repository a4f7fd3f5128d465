//! What stops a run before it sends anything more: full records, a lost footing, a ledger that cannot be read.

use std::sync::atomic::{AtomicUsize, Ordering};

use core_compliance::ports::{Footing, PortFailure, PortFailureKind, SuppressionList};
use core_compliance::{Instant, Suppression};
use pipeline::Outcome;
use tests::sync_kit::{Entry, MemoryRecords, Scenario};

use crate::{Ledger, Piece, World};

fn intents(world: &World) -> Vec<String> {
    let entries = world.records.entries().into_iter();
    entries
        .filter_map(|entry| match entry {
            Entry::Intent { contact, .. } => Some(contact),
            _ => None,
        })
        .collect()
}

#[tokio::test(start_paused = true)]
async fn full_records_end_the_run_and_nothing_is_sent_without_an_intent() {
    for room in [0, 1, 2, 7, 30, 77] {
        let world = World {
            records: MemoryRecords::with_room(room),
            ..World::new(Scenario::new(&[]))
        };
        let (summary, failure, _) = world.piece(Piece::whole()).await;
        let failure = failure.expect("the records are full");
        assert_eq!(failure.kind, PortFailureKind::Local, "{failure}");
        let intents = intents(&world);
        for (id, ..) in world.stored() {
            assert!(
                intents.contains(&id),
                "{id} was sent without an intent, with room for {room}"
            );
        }
        assert_eq!(summary.books.failed, 0, "a contact is not to blame: {summary:?}");
        // With room again the same run goes on, and nothing was lost.
        world.records.make_room();
        let (summary, failure, _) = world.piece(Piece::whole()).await;
        assert_eq!(failure, None);
        assert_eq!(summary.books.read, 80);
        let stored: Vec<String> = world.stored().into_iter().map(|(id, ..)| id).collect();
        for id in world.scenario.ready() {
            assert!(stored.contains(&id), "{id} was lost");
        }
    }
}

/// Holds for so many questions, then is lost.
struct Brittle(AtomicUsize);

impl Footing for Brittle {
    fn lost(&self) -> Option<PortFailure> {
        let left = self.0.load(Ordering::Relaxed);
        self.0.store(left.saturating_sub(1), Ordering::Relaxed);
        (left == 0).then(|| {
            PortFailure::new(
                PortFailureKind::FootingLost,
                "the clock was set",
                "run the same command again",
            )
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_footing_ends_the_run_before_the_next_sending() {
    for held in [0, 1, 5, 40] {
        let world = World::new(Scenario::new(&[]));
        let footing = Brittle(AtomicUsize::new(held));
        let piece = Piece {
            footing: &footing,
            ..Piece::whole()
        };
        let (summary, failure, events) = world.piece(piece).await;
        assert_eq!(
            failure.map(|failure| failure.kind),
            Some(PortFailureKind::FootingLost)
        );
        assert!(world.stored().len() <= held, "{held}: {}", world.stored().len());
        let waiting = events
            .iter()
            .filter(|event| event.outcome == Outcome::NotAttempted)
            .count();
        assert_eq!(summary.books.not_attempted, waiting as u64);
        let (_, failure, _) = world.piece(Piece::whole()).await;
        assert_eq!(failure, None);
        let stored: Vec<String> = world.stored().into_iter().map(|(id, ..)| id).collect();
        for id in world.scenario.ready() {
            assert!(stored.contains(&id), "{id} was lost");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_ledger_that_cannot_be_read_prohibits() {
    let world = World::new(Scenario::new(&[]));
    let piece = Piece {
        ledger: &Ledger { broken: true },
        ..Piece::whole()
    };
    let (summary, failure, _) = world.piece(piece).await;
    assert_eq!(failure, None);
    assert!(world.stored().is_empty());
    let usable = summary.books.read - summary.books.rejected - summary.books.duplicate;
    assert_eq!(summary.by_reason.get("ledger-unreadable"), Some(&usable));
}

/// Everybody is on it.
struct Everybody(Option<Instant>);

impl SuppressionList for Everybody {
    fn suppression(&self, phone: &str, at: Instant) -> Option<Suppression> {
        assert!(phone.starts_with('+'));
        let holds = self.0.is_none_or(|until| at < until);
        holds.then_some(Suppression {
            until: self.0,
            reason: None,
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_suppressed_contact_is_booked_as_such_and_never_sent() {
    let world = World::new(Scenario::new(&[]));
    let piece = Piece {
        suppression: &Everybody(None),
        ..Piece::whole()
    };
    let (summary, failure, events) = world.piece(piece).await;
    assert_eq!(failure, None);
    assert!(world.stored().is_empty() && world.records.waiting().is_empty());
    let books = summary.books;
    assert_eq!(
        books.suppressed + books.rejected + books.duplicate + books.prohibited,
        books.read
    );
    assert!(books.suppressed > 40, "{books:?}");
    let suppressed = events.iter().filter(|event| event.outcome == Outcome::Suppressed);
    assert!(
        suppressed
            .clone()
            .all(|event| event.reason.as_deref() == Some("suppressed"))
    );
    assert_eq!(suppressed.count() as u64, books.suppressed);
}
