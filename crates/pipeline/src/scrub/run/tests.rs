//! Blocks in their order, and threads that are slow or die.

use std::sync::atomic::AtomicU64;

use core_compliance::ports::{Annotation, BlockRows, TakeRows};
use core_compliance::{Instant, Rulebook, Settings, ZoneDatabase};

use super::*;
use crate::{ListPlanned, ZoneNames};

/// Blocks of no rows, counted as they are taken.
struct Blocks<'t> {
    taken: &'t AtomicU64,
    most: u64,
}

impl ListSource for Blocks<'_> {
    type Error = ();

    fn next_block(&mut self, spare: Vec<u8>) -> Result<Option<ListBlock>, ()> {
        let line = self.taken.fetch_add(1, Ordering::SeqCst);
        Ok((line < self.most).then_some(ListBlock {
            line,
            bytes: spare,
            ..ListBlock::default()
        }))
    }
}

/// Takes its time over the first block, and tells how many were taken meanwhile; or dies of it.
struct Slow<'t> {
    taken: &'t AtomicU64,
    meanwhile: AtomicU64,
    dies: bool,
}

impl ListLayout for Slow<'_> {
    type Note = ();

    fn each<'b>(&self, rows: BlockRows<'b>, _to: &mut impl TakeRows<'b>) -> usize {
        if rows.line == 0 {
            for _ in 0..20_000 {
                std::thread::yield_now();
            }
            self.meanwhile
                .store(self.taken.load(Ordering::SeqCst), Ordering::SeqCst);
            assert!(!self.dies, "as it should");
        }
        0
    }

    fn note(&self, _annotation: &Annotation<'_>) {}

    fn annotate(&self, _row: &[u8], _note: &(), _time: Option<[u8; 8]>, _to: &mut Vec<u8>) {}

    fn reject(&self, _line: u64, _code: &str, _to: &mut Vec<u8>) {}
}

#[derive(Default)]
struct NoSink;

impl RowSink for NoSink {
    type Error = ();

    fn write(&mut self, _bytes: &[u8]) -> Result<(), ()> {
        Ok(())
    }
}

/// How many of a thousand blocks were taken while the first one was judged.
fn taken_meanwhile(threads: usize, dies: bool) -> u64 {
    let gate = Gate::new(ZoneDatabase::bundled(), Rulebook::shipped(), Settings::default()).unwrap();
    let taken = AtomicU64::new(0);
    let layout = Slow {
        taken: &taken,
        meanwhile: AtomicU64::new(0),
        dies,
    };
    let run = ScrubRun {
        gate: &gate,
        layout: &layout,
        suppression: None::<&()>,
        options: ScrubOptions {
            planned: ListPlanned::At(Instant::EARLIEST),
            assume_utc: false,
            zone_names: ZoneNames::Iana,
        },
        threads,
        progress: &(),
        stop: &AtomicBool::new(false),
    };
    let blocks = Blocks {
        taken: &taken,
        most: 1_000,
    };
    let done = run.run(blocks, ScrubOutputs::<NoSink>::default());
    assert!(done.is_ok() && taken.load(Ordering::SeqCst) > 1_000);
    layout.meanwhile.into_inner()
}

#[test]
fn a_slow_block_holds_up_those_behind_it() {
    for threads in [1, 2, 4] {
        let taken = taken_meanwhile(threads, false);
        // Each other thread waits with one block in hand.
        assert!(
            taken <= (WAITING + 1) * threads as u64 + 1,
            "{taken} with {threads} threads"
        );
    }
}

#[test]
fn a_thread_that_dies_holds_up_nobody() {
    assert!(std::panic::catch_unwind(|| taken_meanwhile(2, true)).is_err());
}
