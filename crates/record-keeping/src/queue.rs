//! Records on their way to the disk: what comes in while one group is made durable is the next group.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use core_compliance::Settings;
use core_compliance::ports::{Clock, PortFailure, PortFailureKind};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::RecordsError;
use crate::archive::Archive;
use crate::index::Index;
use crate::log::line::{Head, compose};
use crate::log::step::{Change, Step};
use crate::log::writer::LogWriter;
use crate::state::lock::Lock;

/// Settlements that may wait to be written before whoever settles has to wait too.
const BACKLOG: usize = 4_096;

/// A record to be written.
pub(crate) struct Draft {
    /// Its JSON from the key after `time` on.
    pub(crate) rest: String,
    pub(crate) run: Option<String>,
    pub(crate) change: Change,
    /// Settings that are to be archived before it.
    pub(crate) settings: Option<Box<Settings>>,
}

type Answer = Result<u64, PortFailure>;

/// What stands in the queue.
struct Waiting {
    /// `None`: nothing but a wish to be told when all before it is durable.
    draft: Option<Draft>,
    waiter: Option<oneshot::Sender<Answer>>,
    _room: Option<OwnedSemaphorePermit>,
}

#[derive(Default)]
struct Queue {
    waiting: Vec<Waiting>,
    is_flushing: bool,
    /// The first failure; nothing is written after it.
    failed: Option<PortFailure>,
}

/// Log and index, open for writing.
pub(crate) struct Disk {
    pub(crate) log: LogWriter,
    pub(crate) index: Index,
    pub(crate) archive: Archive,
}

/// The one way of records to the disk.
pub(crate) struct Writer {
    clock: Arc<dyn Clock>,
    queue: Mutex<Queue>,
    room: Arc<Semaphore>,
    disk: Mutex<Disk>,
    head: Mutex<Head>,
    /// Told when nothing is being written any more.
    idle: Condvar,
}

/// Whoever may enter records. When the last of them goes, what was entered is written before the lock is given up.
pub(crate) struct Owner {
    pub(crate) writer: Arc<Writer>,
    _lock: Lock,
}

impl Owner {
    pub(crate) fn new(writer: Writer, lock: Lock) -> Self {
        Self {
            writer: Arc::new(writer),
            _lock: lock,
        }
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        let mut queue = lock(&self.writer.queue);
        while queue.is_flushing {
            queue = self
                .writer
                .idle
                .wait(queue)
                .unwrap_or_else(PoisonError::into_inner);
        }
        // Left over where the runtime ended before it came to write.
        let is_left_over = !queue.waiting.is_empty() && queue.failed.is_none();
        queue.is_flushing = is_left_over;
        drop(queue);
        if is_left_over {
            Flushing::of(&self.writer).write_all();
        }
        self.writer.disk().index.rest();
    }
}

/// The one who writes just now.
struct Flushing {
    writer: Arc<Writer>,
    has_ended: bool,
}

impl Flushing {
    fn of(writer: &Arc<Writer>) -> Self {
        Self {
            writer: Arc::clone(writer),
            has_ended: false,
        }
    }

    /// Writes group after group until nothing waits.
    fn write_all(mut self) {
        loop {
            let group = {
                let mut queue = lock(&self.writer.queue);
                if queue.waiting.is_empty() {
                    // Said here, under the lock: whoever enters something now begins to write anew.
                    queue.is_flushing = false;
                    self.has_ended = true;
                    self.writer.idle.notify_all();
                    return;
                }
                std::mem::take(&mut queue.waiting)
            };
            let (drafts, waiters): (Vec<_>, Vec<_>) = group
                .into_iter()
                .map(|waiting| (waiting.draft, (waiting.waiter, waiting._room)))
                .unzip();
            let written = self.writer.write(&mut lock(&self.writer.disk), drafts);
            match written {
                Ok(numbers) => {
                    for ((waiter, _room), number) in waiters.into_iter().zip(numbers) {
                        // Whoever went away does not want to know.
                        waiter.map(|waiter| waiter.send(Ok(number)));
                    }
                }
                Err(error) => {
                    let failure = PortFailure::from(&error);
                    let late = {
                        let mut queue = lock(&self.writer.queue);
                        queue.failed = Some(failure.clone());
                        std::mem::take(&mut queue.waiting)
                    };
                    let late = late.into_iter().filter_map(|waiting| waiting.waiter);
                    for waiter in waiters.into_iter().filter_map(|(waiter, _)| waiter).chain(late) {
                        let _ = waiter.send(Err(failure.clone()));
                    }
                    return;
                }
            }
        }
    }
}

impl Drop for Flushing {
    fn drop(&mut self) {
        // After a failure, or where the runtime ended before it came to write.
        if !self.has_ended {
            lock(&self.writer.queue).is_flushing = false;
            self.writer.idle.notify_all();
        }
    }
}

impl Writer {
    pub(crate) fn new(disk: Disk, clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            queue: Mutex::default(),
            room: Arc::new(Semaphore::new(BACKLOG)),
            head: Mutex::new(disk.log.head.clone()),
            disk: Mutex::new(disk),
            idle: Condvar::new(),
        }
    }

    /// The last record that is durable.
    pub(crate) fn head(&self) -> Head {
        lock(&self.head).clone()
    }

    pub(crate) fn disk(&self) -> MutexGuard<'_, Disk> {
        lock(&self.disk)
    }

    pub(crate) fn now(&self) -> core_compliance::Instant {
        self.clock.now()
    }

    /// Writes at once, for what is not done within a run.
    pub(crate) fn write_now(&self, drafts: Vec<Draft>) -> Result<(), RecordsError> {
        self.write(&mut lock(&self.disk), drafts.into_iter().map(Some).collect())
            .map(|_| ())
    }

    /// Writes a record, and waits until it is durable: its number.
    pub(crate) async fn record(self: &Arc<Self>, draft: Draft) -> Answer {
        let (waiter, answer) = oneshot::channel();
        self.enter(Waiting {
            draft: Some(draft),
            waiter: Some(waiter),
            _room: None,
        })?;
        answer.await.unwrap_or_else(|_| Err(gone()))
    }

    /// Writes a record soon, and waits for room alone.
    pub(crate) async fn record_soon(self: &Arc<Self>, draft: Draft) -> Result<(), PortFailure> {
        let room = Arc::clone(&self.room).acquire_owned().await.map_err(|_| gone())?;
        self.enter(Waiting {
            draft: Some(draft),
            waiter: None,
            _room: Some(room),
        })
    }

    /// Waits until all that was entered is durable.
    pub(crate) async fn flush(self: &Arc<Self>) -> Result<(), PortFailure> {
        let (waiter, answer) = oneshot::channel();
        self.enter(Waiting {
            draft: None,
            waiter: Some(waiter),
            _room: None,
        })?;
        answer.await.unwrap_or_else(|_| Err(gone())).map(|_| ())
    }

    fn enter(self: &Arc<Self>, entry: Waiting) -> Result<(), PortFailure> {
        let mut queue = lock(&self.queue);
        if let Some(failure) = &queue.failed {
            return Err(failure.clone());
        }
        queue.waiting.push(entry);
        if !queue.is_flushing {
            queue.is_flushing = true;
            drop(queue);
            let flushing = Flushing::of(self);
            // A thread for blocking work: tokio's clock, if tests have paused it, stands still meanwhile.
            match Handle::try_current() {
                Ok(runtime) => drop(runtime.spawn_blocking(move || flushing.write_all())),
                Err(_) => flushing.write_all(),
            }
        }
        Ok(())
    }

    /// Makes a group durable, then known to the index: the numbers of its records.
    fn write(&self, disk: &mut Disk, drafts: Vec<Option<Draft>>) -> Result<Vec<u64>, RecordsError> {
        if drafts.iter().all(Option::is_none) {
            return Ok(vec![disk.log.head.seq; drafts.len()]);
        }
        let time = self.clock.now();
        let mut head = disk.log.head.clone();
        let (mut lines, mut steps) = (Vec::new(), Vec::new());
        let mut numbers = Vec::with_capacity(drafts.len());
        for draft in drafts {
            if let Some(draft) = draft {
                if let Some(settings) = &draft.settings {
                    disk.archive.keep_settings(settings)?;
                }
                head = compose(&head, time, &draft.rest, &mut lines);
                steps.push(Step {
                    head: head.clone(),
                    time,
                    run: draft.run,
                    change: draft.change,
                });
            }
            numbers.push(head.seq);
        }
        disk.log.append(&lines, head.clone())?;
        disk.index.apply(&steps)?;
        *lock(&self.head) = head;
        Ok(numbers)
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing here panics while it holds a lock.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn gone() -> PortFailure {
    PortFailure::new(
        PortFailureKind::Local,
        "the writer of the decision log has ended before it was done",
        "run the same command again; nothing was sent that is not recorded",
    )
}

#[cfg(test)]
mod tests;
