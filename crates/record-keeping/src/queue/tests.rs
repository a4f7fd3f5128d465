//! Records on their way to a disk that waits, fills up or fails.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::task::Poll;

use core_compliance::ports::{Decided, DecisionLog as _, Ending, IntentId, Outcome, PortFailure, Settlement};
use core_compliance::{CallAttempt, Evidence, Gate, Instant, Rulebook, Settings, ZoneDatabase};
use futures_util::FutureExt as _;
use futures_util::future::{join_all, poll_fn};
use tokio::task::unconstrained;

use super::*;
use crate::log::writer::Medium;
use crate::{NdjsonRecords, RunSpec, StateDir};

struct Standing;

impl Clock for Standing {
    fn now(&self) -> Instant {
        "2026-06-10T16:00:00Z".parse().unwrap()
    }
}

struct Bench {
    folder: tempfile::TempDir,
    state: StateDir,
    records: NdjsonRecords,
    gate: Gate,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let gate = Gate::new(ZoneDatabase::bundled(), Rulebook::shipped(), Settings::default()).unwrap();
        let state = StateDir::open(folder.path(), "test", Arc::new(Standing)).unwrap();
        let spec = RunSpec {
            fingerprint: "f",
            command: "test",
            source: "test",
            target: "test",
            fresh: false,
        };
        let records = state.begin(spec, &gate).unwrap().records;
        Self {
            folder,
            state,
            records,
            gate,
        }
    }

    fn log(&self) -> File {
        let path = self.folder.path().join("log/000000000001.ndjson");
        OpenOptions::new().append(true).open(path).unwrap()
    }

    /// Lets the log be written to another medium.
    fn write_to(&self, medium: impl Medium + 'static) {
        self.state.writer().disk().log.write_to(Box::new(medium));
    }

    async fn intend(&self, contact: &str) -> Result<IntentId, PortFailure> {
        let evidence = Evidence {
            region: Some("US-NY".to_owned()),
            ..Evidence::default()
        };
        let attempt = CallAttempt::new(Standing.now(), evidence);
        let determination = self.gate.determine(&attempt);
        let decided = Decided {
            contact,
            attempt: &attempt,
            determination: &determination,
        };
        self.records.intend(decided).await
    }

    async fn settle(&self, contact: &str) -> Result<(), PortFailure> {
        let settlement = Settlement {
            contact,
            settles: true,
            outcome: Outcome::Rejected,
            reason: "because",
            message: "so it is",
            decided: None,
            deferred_until: None,
        };
        self.records.settle(settlement).await
    }

    /// The contacts in the log, in order.
    fn contacts(&self) -> Vec<String> {
        let view = StateDir::read(self.folder.path()).unwrap();
        assert!(view.verify(None).unwrap().is_whole());
        let records = view.records().unwrap().map(|record| record.unwrap());
        records
            .filter_map(|record| record.contact().map(str::to_owned))
            .collect()
    }
}

/// A file that becomes durable when it is told to.
struct Slow {
    file: File,
    go: Receiver<()>,
    syncs: Arc<AtomicUsize>,
}

impl Slow {
    fn of(file: File) -> (Self, Sender<()>, Arc<AtomicUsize>) {
        let (sender, go) = channel();
        let syncs = Arc::new(AtomicUsize::new(0));
        let slow = Self {
            file,
            go,
            syncs: Arc::clone(&syncs),
        };
        (slow, sender, syncs)
    }
}

impl Write for Slow {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Medium for Slow {
    fn sync(&mut self) -> io::Result<()> {
        let _ = self.go.recv();
        self.syncs.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

/// A file on a disk with so much room left.
struct Full {
    file: File,
    room: usize,
}

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.room == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let written = self.file.write(&bytes[..bytes.len().min(self.room)])?;
        self.room -= written;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Medium for Full {
    fn sync(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A file that is never durable.
struct Failing(File);

impl Write for Failing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Medium for Failing {
    fn sync(&mut self) -> io::Result<()> {
        Err(io::Error::other("the medium is gone"))
    }
}

#[tokio::test]
async fn what_comes_in_while_one_group_is_made_durable_is_the_next_group() {
    let bench = Bench::new();
    let (slow, go, syncs) = Slow::of(bench.log());
    bench.write_to(slow);
    let names: Vec<String> = (0..64).map(|number| format!("c-{number}")).collect();
    let mut all = std::pin::pin!(join_all(names.iter().map(|name| bench.intend(name))));
    // All are entered, none is durable.
    assert!(
        poll_fn(|context| Poll::Ready(all.as_mut().poll(context)))
            .await
            .is_pending()
    );
    go.send(()).unwrap();
    go.send(()).unwrap();
    let ids: Vec<u64> = all.await.into_iter().map(|id| id.unwrap().0).collect();
    assert_eq!(ids, (2..66).collect::<Vec<_>>());
    assert!(syncs.load(Ordering::Relaxed) <= 2);
    assert_eq!(bench.contacts(), names);
}

#[tokio::test(start_paused = true)]
async fn waiting_for_the_disk_takes_no_time_of_a_paused_clock() {
    let bench = Bench::new();
    let before = tokio::time::Instant::now();
    // A timer that would fire at once if the clock moved by itself.
    let timer = tokio::time::sleep(core::time::Duration::from_secs(3_600));
    tokio::select! {
        biased;
        () = timer => panic!("the clock went on"),
        id = bench.intend("a") => assert_eq!(id, Ok(IntentId(2))),
    }
    assert_eq!(tokio::time::Instant::now(), before);
}

#[tokio::test]
async fn settling_waits_for_room_alone_and_nothing_that_was_entered_is_lost() {
    let bench = Bench::new();
    let (slow, go, _) = Slow::of(bench.log());
    bench.write_to(slow);
    // Without tokio's habit of letting others go first now and then.
    for _ in 0..BACKLOG {
        assert_eq!(unconstrained(bench.settle("a")).now_or_never(), Some(Ok(())));
    }
    assert_eq!(unconstrained(bench.settle("late")).now_or_never(), None);
    // Whoever does not wait for the answer is recorded all the same.
    assert_eq!(unconstrained(bench.intend("b")).now_or_never(), None);
    // From now on the medium does not wait.
    drop(go);
    bench.records.flush().await.unwrap();
    let contacts = bench.contacts();
    assert_eq!(
        (contacts.len(), contacts.last().map(String::as_str)),
        (BACKLOG + 1, Some("b"))
    );
    bench.settle("c").await.unwrap();
    let Bench {
        folder,
        state,
        records,
        ..
    } = bench;
    // The last owner writes what is entered before the next may open it.
    drop((state, records));
    assert!(
        StateDir::open(folder.path(), "test", Arc::new(Standing))
            .unwrap()
            .notes()
            .is_empty()
    );
}

#[tokio::test]
async fn a_full_disk_stops_everything_and_loses_nothing() {
    let bench = Bench::new();
    bench.intend("before").await.unwrap();
    bench.write_to(Full {
        file: bench.log(),
        room: 1_000,
    });
    let failure = bench.intend("too much").await.unwrap_err();
    let told = failure.to_string();
    assert!(
        told.contains(".ndjson: writing the decision log failed:"),
        "{told}"
    );
    assert!(
        told.contains("make room and run the same command again"),
        "{told}"
    );
    // There would be room by now; the log has a torn end, and nothing is written behind it.
    bench.write_to(bench.log());
    assert_eq!(bench.intend("after").await, Err(failure.clone()));
    assert_eq!(bench.settle("after").await, Err(failure.clone()));
    let ending = Ending::Withheld;
    assert_eq!(
        bench.records.conclude(IntentId(2), "before", ending).await,
        Err(failure.clone())
    );
    assert_eq!(bench.records.flush().await, Err(failure.clone()));
    assert_eq!(bench.records.end(serde_json::json!({})).await, Err(failure));
    let Bench {
        folder,
        state,
        records,
        ..
    } = bench;
    drop((state, records));
    let state = StateDir::open(folder.path(), "test", Arc::new(Standing)).unwrap();
    assert!(state.notes()[0].contains("torn"), "{:?}", state.notes());
    let view = StateDir::read(folder.path()).unwrap();
    let contacts = view
        .records()
        .unwrap()
        .filter_map(|record| record.unwrap().contact().map(str::to_owned));
    assert_eq!(contacts.collect::<Vec<_>>(), ["before"]);
    assert_eq!(
        std::fs::read(folder.path().join("log/torn-3")).unwrap().len(),
        1_000
    );
}

#[tokio::test]
async fn all_who_wait_are_told_of_the_first_failure() {
    let bench = Bench::new();
    bench.write_to(Failing(bench.log()));
    let all = join_all([bench.intend("a"), bench.intend("b"), bench.intend("c")]).await;
    for failed in all {
        let told = failed.unwrap_err().to_string();
        assert!(told.contains("the medium is gone"), "{told}");
    }
}

#[tokio::test]
async fn what_was_entered_when_the_runtime_ended_is_written_by_the_last_owner() {
    let bench = Bench::new();
    let writer = Arc::clone(bench.state.writer());
    // As if the runtime had ended before its thread came to write.
    lock(&writer.queue).is_flushing = true;
    bench.settle("a").await.unwrap();
    drop(Flushing::of(&writer));
    let Bench {
        folder,
        state,
        records,
        ..
    } = bench;
    drop((state, records));
    let log = std::fs::read_to_string(folder.path().join("log/000000000001.ndjson")).unwrap();
    assert!(log.contains("\"contact\":\"a\""), "{log}");
}
