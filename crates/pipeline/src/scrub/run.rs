//! A whole list: blocks are judged by several threads and written in their order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use core_compliance::Gate;
use core_compliance::ports::{ListBlock, ListLayout, ListSource, RowSink, SuppressionList};

use super::books::ListBooks;
use super::judge::ScrubOptions;
use super::learnt::Learnt;
use super::outputs::{Done, ScrubOutputs};
use super::work::Worker;

/// If so many rows at the head of a list are rejected alike, the list is not what it was taken for.
pub const REJECTED_ALIKE: u64 = 10_000;
/// Blocks that may wait for one before them, for each thread.
const WAITING: u64 = 3;

/// Why a list was not judged to its end.
#[derive(Debug, thiserror::Error)]
pub enum ScrubFailure<E> {
    /// It could not be read, or its rows not written.
    #[error(transparent)]
    Files(E),
    /// The head of the list was rejected, all for the same reason.
    #[error("the first {rows} rows were all rejected as `{code}`, from line {line} on")]
    RejectedAlike {
        /// The reason's code.
        code: &'static str,
        /// How many.
        rows: u64,
        /// The line of the first.
        line: u64,
    },
    /// It was asked to stop.
    #[error("stopped")]
    Stopped,
    /// Rows and bytes do not add up: a fault of Curfew.
    #[error("internal fault: {0}; please report it")]
    Fault(String),
}

/// Told after every block that was written, in order.
pub trait ScrubProgress: Sync {
    /// So many rows are done.
    fn done(&self, rows: u64);
}

impl ScrubProgress for () {
    fn done(&self, _rows: u64) {}
}

/// A list to be judged.
#[derive(Debug)]
pub struct ScrubRun<'g, L, S, P> {
    /// Decides.
    pub gate: &'g Gate,
    /// How rows are laid out.
    pub layout: &'g L,
    /// Who must not be called at all; `None` = no list is given.
    pub suppression: Option<&'g S>,
    /// How rows are judged.
    pub options: ScrubOptions,
    /// How many threads work.
    pub threads: usize,
    /// Told how far it is.
    pub progress: &'g P,
    /// Set from outside to end the run.
    pub stop: &'g AtomicBool,
}

/// Where blocks come from, and the number of the next.
struct Intake<R> {
    source: R,
    next: u64,
    ended: bool,
}

/// Where blocks go, once those before them have gone.
struct Outlet<W, E> {
    /// `None` while a thread writes.
    outputs: Option<ScrubOutputs<W>>,
    waiting: BTreeMap<u64, Done>,
    next: u64,
    books: ListBooks,
    failure: Option<ScrubFailure<E>>,
    /// Whether all rows so far were rejected alike.
    is_head: bool,
    /// How many rows at the head were rejected, all for this reason.
    head: Option<(&'static str, u64)>,
    spare: Vec<Done>,
}

impl<L, S, P> ScrubRun<'_, L, S, P>
where
    L: ListLayout,
    S: SuppressionList,
    P: ScrubProgress,
{
    /// Judges all of it; the outputs come back with everything written to them.
    ///
    /// # Errors
    /// [`ScrubFailure`]; what was written until then is no whole list.
    pub fn run<R, W, E>(
        &self,
        source: R,
        outputs: ScrubOutputs<W>,
    ) -> Result<(ListBooks, ScrubOutputs<W>), ScrubFailure<E>>
    where
        R: ListSource<Error = E>,
        W: RowSink<Error = E>,
        E: Send,
    {
        let wanted = outputs.wanted();
        let intake = Mutex::new(Intake {
            source,
            next: 0,
            ended: false,
        });
        let outlet = Mutex::new(Outlet {
            outputs: Some(outputs),
            waiting: BTreeMap::new(),
            next: 0,
            books: ListBooks::default(),
            failure: None,
            is_head: true,
            head: None,
            spare: Vec::new(),
        });
        let turn = Condvar::new();
        let learnt = Learnt::default();
        let work = || {
            let worker = Worker::new(
                self.gate,
                &learnt,
                self.layout,
                self.suppression,
                self.options,
                wanted,
            );
            self.work(worker, &intake, &outlet, &turn);
        };
        std::thread::scope(|scope| {
            for _ in 1..self.threads.max(1) {
                scope.spawn(work);
            }
            work();
        });
        let outlet = outlet.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Some(failure) = outlet.failure {
            return Err(failure);
        }
        if !outlet.books.balance() {
            return Err(ScrubFailure::Fault(format!(
                "the books do not balance: {:?}",
                outlet.books
            )));
        }
        let outputs = outlet
            .outputs
            .ok_or_else(|| ScrubFailure::Fault("a thread has kept the outputs".to_owned()))?;
        Ok((outlet.books, outputs))
    }

    /// One thread: takes the next block, judges it, writes whatever has its turn.
    fn work<R, W, E>(
        &self,
        mut worker: Worker<'_, L, S>,
        intake: &Mutex<Intake<R>>,
        outlet: &Mutex<Outlet<W, E>>,
        turn: &Condvar,
    ) where
        R: ListSource<Error = E>,
        W: RowSink<Error = E>,
    {
        let _guard = PanicGuard(|| {
            let fault = ScrubFailure::Fault("a thread has died".to_owned());
            fail(outlet, turn, fault);
        });
        let mut spare = Vec::new();
        loop {
            let (number, block) = match self.take(intake, std::mem::take(&mut spare)) {
                Ok(Some(taken)) => taken,
                Ok(None) => break,
                Err(failure) => {
                    fail(outlet, turn, failure);
                    return;
                }
            };
            let room = lock(outlet).spare.pop().unwrap_or_default();
            let done = worker.judge(&block, room);
            spare = block.bytes;
            if !self.hand_in(number, done, outlet, turn) {
                return;
            }
        }
        lock(outlet).books.add(&worker.close());
    }

    fn take<R, E>(
        &self,
        intake: &Mutex<Intake<R>>,
        spare: Vec<u8>,
    ) -> Result<Option<(u64, ListBlock)>, ScrubFailure<E>>
    where
        R: ListSource<Error = E>,
    {
        let mut intake = lock(intake);
        if intake.ended {
            return Ok(None);
        }
        if self.stop.load(Ordering::Relaxed) {
            intake.ended = true;
            return Err(ScrubFailure::Stopped);
        }
        match intake.source.next_block(spare) {
            Ok(Some(block)) => {
                let number = intake.next;
                intake.next += 1;
                Ok(Some((number, block)))
            }
            Ok(None) => {
                intake.ended = true;
                Ok(None)
            }
            Err(error) => {
                intake.ended = true;
                Err(ScrubFailure::Files(error))
            }
        }
    }

    /// Puts a block in its place and, unless another thread is at it, writes all whose turn it is. Tells whether the
    /// run goes on.
    fn hand_in<W, E>(&self, number: u64, done: Done, outlet: &Mutex<Outlet<W, E>>, turn: &Condvar) -> bool
    where
        W: RowSink<Error = E>,
    {
        let most = WAITING * self.threads.max(1) as u64;
        let mut held = lock(outlet);
        held.waiting.insert(number, done);
        while held.failure.is_none() && number >= held.next + most {
            held = turn.wait(held).unwrap_or_else(PoisonError::into_inner);
        }
        while held.failure.is_none() {
            let next = held.next;
            let Some(done) = held.waiting.remove(&next) else {
                break;
            };
            let Some(mut outputs) = held.outputs.take() else {
                held.waiting.insert(next, done);
                break;
            };
            drop(held);
            let written = outputs.write(&done);
            held = lock(outlet);
            held.outputs = Some(outputs);
            held.next += 1;
            match written {
                Ok(()) => held.enter(done),
                Err(error) => held.failure = Some(ScrubFailure::Files(error)),
            }
            self.progress.done(held.books.rows);
            turn.notify_all();
        }
        held.failure.is_none()
    }
}

impl<W, E> Outlet<W, E> {
    fn enter(&mut self, mut done: Done) {
        if let Some(fault) = done.fault.take() {
            self.failure = Some(ScrubFailure::Fault(fault));
            return;
        }
        self.books.add(&done.books);
        if self.is_head {
            self.lengthen_head(&done);
        }
        done.clear();
        self.spare.push(done);
    }

    /// Counts the rows at the head of the list that are rejected alike, to the first that is not.
    fn lengthen_head(&mut self, done: &Done) {
        if done.books.rows == 0 {
            return;
        }
        let (before, others) = match (self.head, done.head) {
            (None, Some((code, rows))) => ((code, 0), rows),
            (Some(known), Some((code, rows))) if known.0 == code => (known, rows),
            _ => {
                self.is_head = false;
                return;
            }
        };
        let (code, rows) = (before.0, before.1 + others);
        self.head = Some((code, rows));
        self.is_head = others == done.books.rows;
        if rows >= REJECTED_ALIKE {
            let line = self
                .books
                .rejected_by
                .get(code)
                .map_or(0, |rejects| rejects.first_line);
            self.failure = Some(ScrubFailure::RejectedAlike { code, rows, line });
        }
    }
}

/// Others wait for a thread's block: they are told if it dies.
struct PanicGuard<F: Fn()>(F);

impl<F: Fn()> Drop for PanicGuard<F> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            (self.0)();
        }
    }
}

/// What is behind these locks is whole at every moment, whatever became of the thread that held them.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn fail<W, E>(outlet: &Mutex<Outlet<W, E>>, turn: &Condvar, failure: ScrubFailure<E>) {
    lock(outlet).failure.get_or_insert(failure);
    turn.notify_all();
}

#[cfg(test)]
mod tests;
