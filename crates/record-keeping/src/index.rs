//! The index: what the log comes to, in SQLite. It is made from the log alone, by one function, and can be made anew.

mod apply;
mod questions;

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use crate::RecordsError;
use crate::layout::private;
use crate::log::line::{self, Head};
use crate::log::segments;
use crate::log::step::Step;

pub use questions::Waiting;

/// Version of the tables below; another one is made anew.
const VERSION: i64 = 1;

const TABLES: &str = "
    CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, hash TEXT NOT NULL);
    CREATE TABLE run (one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL, seq INTEGER NOT NULL,
        fingerprint TEXT NOT NULL, command TEXT NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL,
        started_at TEXT NOT NULL, pieces INTEGER NOT NULL);
    CREATE TABLE contact (id TEXT PRIMARY KEY, outcome TEXT NOT NULL, reason TEXT, opens INTEGER) WITHOUT ROWID;
    CREATE TABLE intent (seq INTEGER PRIMARY KEY, contact TEXT NOT NULL);
    CREATE TABLE deferral (source TEXT NOT NULL, contact TEXT NOT NULL, opens INTEGER NOT NULL, seq INTEGER NOT NULL,
        run TEXT, reason TEXT, PRIMARY KEY (source, contact)) WITHOUT ROWID;
    CREATE INDEX deferral_opens ON deferral (source, opens, contact);
    CREATE INDEX deferral_seq ON deferral (seq);
";

/// The index of a state directory.
pub(crate) struct Index {
    connection: Connection,
    path: PathBuf,
}

impl Index {
    /// Opens the index for writing, made anew if it is missing or damaged, and brings it up to the end of the log.
    pub(crate) fn open(path: &Path, log: &Path, notes: &mut Vec<String>) -> Result<Self, RecordsError> {
        let mut index = match Self::open_as_it_is(path) {
            Ok(index) => index,
            Err(reason) => {
                if path.exists() {
                    notes.push(format!("the index was made anew from the log: {reason}"));
                }
                Self::make(path)?
            }
        };
        index.catch_up(log)?;
        Ok(index)
    }

    /// Another connection to the index, for questions.
    pub(crate) fn for_questions(path: &Path) -> Result<Self, RecordsError> {
        let open = || {
            let connection = Connection::open_with_flags(
                path,
                OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
            )?;
            connection.busy_timeout(core::time::Duration::from_secs(5))?;
            Ok(connection)
        };
        Self::of(open(), path)
    }

    /// The index as a reader finds it who must not leave anything behind; `None` if it is missing, of another version
    /// or unreadable.
    pub(crate) fn glimpse(path: &Path) -> Option<Self> {
        // Without a journal beside it nobody is writing, and SQLite is told so: it would make files otherwise.
        let journal = path.with_extension("sqlite-wal");
        let is_quiet = std::fs::metadata(journal).map_or(true, |file| file.len() == 0);
        let mut flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut name = path.to_str()?.to_owned();
        if is_quiet {
            flags |= OpenFlags::SQLITE_OPEN_URI;
            name = format!("file:{}?immutable=1", escaped(&name));
        }
        let connection = Connection::open_with_flags(name, flags).ok()?;
        let index = Self {
            connection,
            path: path.to_owned(),
        };
        (index.version().ok()? == VERSION && index.head().is_ok()).then_some(index)
    }

    /// An index in memory, made from the log.
    pub(crate) fn in_memory(log: &Path) -> Result<Self, RecordsError> {
        let mut index = Self::of(Connection::open_in_memory(), log)?;
        index.create()?;
        index.catch_up(log)?;
        Ok(index)
    }

    fn of(connection: rusqlite::Result<Connection>, path: &Path) -> Result<Self, RecordsError> {
        let path = path.to_owned();
        match connection {
            Ok(connection) => Ok(Self { connection, path }),
            Err(source) => Err(RecordsError::Index {
                path: path.display().to_string(),
                source,
            }),
        }
    }

    fn open_as_it_is(path: &Path) -> Result<Self, String> {
        let words = |error: rusqlite::Error| error.to_string();
        if !path.exists() {
            return Err("it was missing".to_owned());
        }
        let index = Self::of(Connection::open(path), path).map_err(|error| error.to_string())?;
        index.prepare().map_err(|error| error.to_string())?;
        let version = index.version().map_err(words)?;
        if version != VERSION {
            return Err(format!("it was of version {version}"));
        }
        let check: String = index
            .connection
            .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
            .map_err(words)?;
        if check != "ok" {
            return Err(format!("it was damaged: {check}"));
        }
        index.head().map_err(|error| error.to_string())?;
        Ok(index)
    }

    fn make(path: &Path) -> Result<Self, RecordsError> {
        for suffix in ["", "-wal", "-shm"] {
            let mut name = path.as_os_str().to_owned();
            name.push(suffix);
            let old = PathBuf::from(name);
            match std::fs::remove_file(&old) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(RecordsError::io(&old, "removing the damaged index", error));
                }
                _ => {}
            }
        }
        private()
            .write(true)
            .create_new(true)
            .open(path)
            .map_err(|error| RecordsError::io(path, "making the index", error))?;
        let mut index = Self::of(Connection::open(path), path)?;
        index.prepare()?;
        index.create()?;
        Ok(index)
    }

    fn prepare(&self) -> Result<(), RecordsError> {
        let set = || {
            self.connection.pragma_update(None, "journal_mode", "WAL")?;
            // The log is what is durable; the index follows it.
            self.connection.pragma_update(None, "synchronous", "NORMAL")
        };
        set().map_err(|source| self.failed(source))
    }

    fn create(&mut self) -> Result<(), RecordsError> {
        let create = |connection: &mut Connection| {
            let transaction = connection.transaction()?;
            transaction.execute_batch(TABLES)?;
            let none = Head::none();
            transaction.execute("INSERT INTO head VALUES (1, ?1, ?2)", (none.seq, &none.hash))?;
            transaction.pragma_update(None, "user_version", VERSION)?;
            transaction.commit()
        };
        create(&mut self.connection).map_err(|source| self.failed(source))
    }

    fn version(&self) -> rusqlite::Result<i64> {
        self.connection
            .pragma_query_value(None, "user_version", |row| row.get(0))
    }

    /// The last record that the index knows.
    pub(crate) fn head(&self) -> Result<Head, RecordsError> {
        let read = self
            .connection
            .query_row("SELECT seq, hash FROM head", [], |row| {
                Ok(Head {
                    seq: row.get(0)?,
                    hash: row.get(1)?,
                })
            });
        read.map_err(|source| self.failed(source))
    }

    /// Brings all that it knows into its one file.
    pub(crate) fn rest(&self) {
        // Where it fails, whoever opens the index next reads the journal beside it.
        let _ = self
            .connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    }

    fn failed(&self, source: rusqlite::Error) -> RecordsError {
        RecordsError::Index {
            path: self.path.display().to_string(),
            source,
        }
    }

    /// Takes in what the log has and the index does not.
    fn catch_up(&mut self, log: &Path) -> Result<(), RecordsError> {
        /// Records taken in at once.
        const BATCH: usize = 1_000;
        let known = self.head()?;
        let segments = segments::list(log)?;
        // The segment that holds the last known record, and those after it.
        let from = segments.partition_point(|segment| segment.first_seq <= known.seq.max(1));
        let mut last = (known.seq == 0).then(|| known.clone());
        let mut steps = Vec::new();
        for segment in segments.iter().skip(from.saturating_sub(1)) {
            let mut lines = segment.lines()?;
            let unreadable = |error| RecordsError::io(&segment.path, "reading", error);
            while let Some(line) = lines.next().map_err(unreadable)? {
                let broken = |message| RecordsError::Broken {
                    place: format!("{}:{}", segment.path.display(), line.number),
                    message,
                };
                if !line.is_whole {
                    // Torn: whoever writes next mends it.
                    continue;
                }
                let record = line::open(line.bytes).map_err(broken)?;
                match &mut last {
                    None if record.seq == known.seq && record.hash == known.hash => {
                        last = Some(known.clone())
                    }
                    None if record.seq < known.seq => {}
                    None => return Err(rewritten(log, &known)),
                    // Where older records were pruned, the first says what came before.
                    Some(last) if last.seq == 0 || record.follows(last) => {
                        *last = record.head();
                        steps.push(Step::read(line.bytes).map_err(broken)?);
                    }
                    Some(last) => {
                        return Err(broken(format!("does not follow record {}", last.seq)));
                    }
                }
                if steps.len() == BATCH {
                    self.apply(&steps)?;
                    steps.clear();
                }
            }
        }
        if last.is_none() {
            return Err(rewritten(log, &known));
        }
        self.apply(&steps)
    }
}

fn rewritten(log: &Path, known: &Head) -> RecordsError {
    RecordsError::Rewritten {
        path: log.display().to_string(),
        message: format!(
            "the log was cut off or rewritten: the index remembers record {} with hash {}, and the log does not have it",
            known.seq, known.hash
        ),
    }
}

/// A path within a URI of SQLite.
fn escaped(path: &str) -> String {
    path.replace('%', "%25").replace('?', "%3f").replace('#', "%23")
}
