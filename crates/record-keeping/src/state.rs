//! The state directory: opened by the one process that writes, or looked at by others.

pub(crate) mod lock;

use std::path::Path;
use std::sync::Arc;

use core_compliance::Instant;
use core_compliance::ports::Clock;

use crate::RecordsError;
use crate::archive::Archive;
use crate::index::Index;
use crate::key::PhoneKey;
use crate::layout::{Layout, make_folder, sync_folder};
use crate::log::line::Head;
use crate::log::tail::{self, Tail};
use crate::log::writer::{LogWriter, SEGMENT_BYTES};
use crate::queue::{Disk, Owner, Writer};

use lock::Lock;

/// Records may lie so many seconds ahead of a clock that is being kept right.
const TOLERATED: i64 = 60;

/// A state directory that this process alone writes to.
pub struct StateDir {
    layout: Layout,
    owner: Arc<Owner>,
    key: PhoneKey,
    notes: Vec<String>,
}

impl core::fmt::Debug for StateDir {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("StateDir")
            .field("path", &self.layout.root)
            .finish_non_exhaustive()
    }
}

impl StateDir {
    /// Opens a state directory, made if it is missing; `by` says for people who works with it. A last line that a crash
    /// has torn is mended.
    ///
    /// # Errors
    /// [`RecordsError::InUse`] while another process has it open; and where the log is not what was written, or nothing
    /// can be written.
    pub fn open(path: &Path, by: &str, clock: Arc<dyn Clock>) -> Result<Self, RecordsError> {
        Self::open_with_segments_of(path, by, clock, SEGMENT_BYTES)
    }

    /// As [`StateDir::open`], with another size at which the log begins a new file.
    ///
    /// # Errors
    /// As [`StateDir::open`].
    pub fn open_with_segments_of(
        path: &Path,
        by: &str,
        clock: Arc<dyn Clock>,
        segment_bytes: u64,
    ) -> Result<Self, RecordsError> {
        let layout = Layout::new(path);
        make_folder(path)?;
        let now = clock.now();
        let lock = Lock::take(&layout, by, now)?;
        let archive = Archive::of(&layout);
        archive.make()?;
        let log = layout.log();
        make_folder(&log)?;
        sync_folder(path)?;
        let tail = tail::find_and_mend(&log)?;
        let mut notes: Vec<String> = tail.note.clone().into_iter().collect();
        notes.extend(was_set_back(&tail, now));
        let key = match PhoneKey::read(&layout)? {
            Some(key) => key,
            None => {
                if tail.head.seq > 0 {
                    let lost = "the key of the number hashes was missing and is made anew: earlier records are no \
                                longer found by number";
                    notes.push(lost.to_owned());
                }
                if layout.ledger().exists() {
                    let unusable = "the ledger of attempts needs that key, and nobody is called without it: put the \
                                    key back from a backup, or move ledger.sqlite away and import the reports anew";
                    notes.push(unusable.to_owned());
                }
                PhoneKey::make(&layout)?
            }
        };
        let index = Index::open(&layout.index(), &log, &mut notes)?;
        let disk = Disk {
            log: LogWriter::after(log, tail, segment_bytes)?,
            index,
            archive,
        };
        for note in &notes {
            tracing::warn!(path = %path.display(), "{note}");
        }
        Ok(Self {
            layout,
            owner: Arc::new(Owner::new(Writer::new(disk, clock), lock)),
            key,
            notes,
        })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.layout.root
    }

    /// What was mended on opening, for people.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The key of the number hashes.
    #[must_use]
    pub fn key(&self) -> &PhoneKey {
        &self.key
    }

    /// The last record that is durable.
    #[must_use]
    pub fn head(&self) -> Head {
        self.owner.writer.head()
    }

    pub(crate) fn owner(&self) -> &Arc<Owner> {
        &self.owner
    }

    pub(crate) fn writer(&self) -> &Arc<Writer> {
        &self.owner.writer
    }

    pub(crate) fn questions(&self) -> Result<Index, RecordsError> {
        Index::for_questions(&self.layout.index())
    }
}

/// Records that lie ahead: the clock is set back now, or was ahead when they were written.
fn was_set_back(tail: &Tail, now: Instant) -> Option<String> {
    let (segment, _) = tail.segment.as_ref()?;
    let (head, written) = tail::end_of(segment).ok()?;
    let ahead = written.unix() - now.unix();
    (ahead > TOLERATED).then(|| {
        format!(
            "record {} was written at {written}, and the clock of this machine shows {now}: see that it is right, for \
             it decides who may be called",
            head.seq
        )
    })
}
