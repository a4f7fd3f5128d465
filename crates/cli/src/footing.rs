//! What a run rests on: a clock that nobody sets, and the files that its decisions were read from.

use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use core_compliance::Instant;
use core_compliance::ports::{Clock, Footing, PortFailure, PortFailureKind};

use crate::clock::{ClockWatch, steady};

/// A clock that is set by no more than this many seconds is being kept right, not changed.
const TOLERATED: u64 = 60;

/// Watches clock and files; once lost, it stays lost.
#[derive(Debug)]
pub(crate) struct SystemFooting {
    clock: ClockWatch,
    files: Vec<WatchedFile>,
    /// The second at which the files were last looked at.
    looked: AtomicU64,
    lost: OnceLock<PortFailure>,
}

#[derive(Debug)]
struct WatchedFile {
    what: &'static str,
    path: PathBuf,
    state: Option<FileState>,
}

/// By what a file that was replaced is told: a new one has another number, time or length.
#[derive(Debug, PartialEq, Eq)]
struct FileState {
    modified: Option<SystemTime>,
    length: u64,
    number: u64,
}

impl FileState {
    fn of(path: &Path) -> Option<Self> {
        let metadata = std::fs::metadata(path).ok()?;
        Some(Self {
            modified: metadata.modified().ok(),
            length: metadata.len(),
            number: number(&metadata),
        })
    }
}

#[cfg(unix)]
fn number(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn number(_: &Metadata) -> u64 {
    0
}

impl SystemFooting {
    /// The footing as it is now; `files` are what decisions were read from, with what each is.
    pub(crate) fn of(files: impl IntoIterator<Item = (&'static str, PathBuf)>) -> Self {
        let watched = files.into_iter().map(|(what, path)| WatchedFile {
            what,
            state: FileState::of(&path),
            path,
        });
        Self {
            clock: ClockWatch::starting_now(),
            files: watched.collect(),
            looked: AtomicU64::new(0),
            lost: OnceLock::new(),
        }
    }

    fn what_changed(&self) -> Option<String> {
        let set_by = self.clock.was_set_by();
        if set_by.unsigned_abs() > TOLERATED {
            let direction = if set_by > 0 { "forward" } else { "back" };
            return Some(format!(
                "the machine's clock was set {direction} by {} s during the run",
                set_by.unsigned_abs()
            ));
        }
        // Files are looked at once a second at most: each look asks the disk.
        let now = steady().as_secs();
        if self.looked.swap(now, Ordering::Relaxed) == now {
            return None;
        }
        let changed = |file: &&WatchedFile| FileState::of(&file.path) != file.state;
        let file = self.files.iter().find(changed)?;
        Some(format!(
            "{} ({}) was replaced during the run",
            file.path.display(),
            file.what
        ))
    }
}

impl Footing for SystemFooting {
    fn lost(&self) -> Option<PortFailure> {
        if let Some(failure) = self.lost.get() {
            return Some(failure.clone());
        }
        let message = self.what_changed()?;
        let advice = "nothing more was sent; run the same command again to go on by what is there now";
        let failure = PortFailure::new(PortFailureKind::FootingLost, message, advice);
        Some(self.lost.get_or_init(|| failure).clone())
    }
}

/// A clock for what must not be sent late: once the footing is lost, every permission has ended.
pub(crate) struct FootedClock<C> {
    pub(crate) clock: C,
    pub(crate) footing: Arc<dyn Footing>,
}

impl<C: Clock> Clock for FootedClock<C> {
    fn now(&self) -> Instant {
        match self.footing.lost() {
            Some(_) => Instant::LATEST,
            None => self.clock.now(),
        }
    }
}

#[cfg(test)]
mod tests {
    use core_compliance::ports::Footing as _;

    use super::*;

    #[test]
    fn a_file_that_is_replaced_is_noticed_and_stays_noticed() {
        let folder = std::env::temp_dir().join(format!("curfew-footing-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("tzdata.zi");
        std::fs::write(&path, "# version 2026f").unwrap();
        let footing = SystemFooting::of([("the zone data", path.clone())]);
        assert_eq!(footing.lost(), None);
        std::fs::write(&path, "# version 2026g, longer").unwrap();
        footing.looked.store(0, Ordering::Relaxed);
        let lost = footing.lost().expect("it was replaced");
        assert!(
            lost.message
                .ends_with("(the zone data) was replaced during the run"),
            "{lost}"
        );
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(footing.lost(), Some(lost));
    }

    #[test]
    fn a_clock_that_is_set_is_noticed_in_both_directions() {
        for (hours, word) in [(3, "back"), (-3, "forward")] {
            let mut footing = SystemFooting::of([]);
            // A clock that showed another hour at the start was set since.
            footing.clock = footing.clock.as_if_begun_at(hours * 3_600);
            let lost = footing.lost().expect("it was set");
            assert!(lost.message.contains(&format!("set {word} by 10")), "{lost}");
        }
    }
}
