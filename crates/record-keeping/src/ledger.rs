//! The ledger of attempts: `ledger.sqlite` in a state directory.

mod enter;
mod schema;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use core_compliance::ports::{
    AttemptLedger, AttemptRecorder, CalleeKey, Entered, PortFailure, ReportedCall, each_once,
};
use core_compliance::{AttemptOutcome, Instant, PastAttempt};
use rusqlite::{Connection, OpenFlags, params};

use crate::RecordsError;
use crate::key::PhoneKey;
use crate::layout::{Layout, make_folder};

/// How long to wait for another process that writes.
const PATIENCE: core::time::Duration = core::time::Duration::from_secs(5);

/// Keeps attempts in SQLite, numbers as keyed hashes. Several processes may read while one writes.
#[derive(Debug)]
pub struct SqliteAttemptLedger {
    layout: Layout,
    may_write: bool,
    /// Opened when there is something to open.
    open: Mutex<Option<Open>>,
}

#[derive(Debug)]
struct Open {
    connection: Connection,
    key: PhoneKey,
}

/// An attempt with where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerEntry {
    /// When it was placed, how it ended, what it was about.
    pub attempt: PastAttempt,
    /// The contact's external id, if it is known.
    pub external_id: Option<String>,
    /// The report that told of it first.
    pub source: String,
    /// Line in that report.
    pub line: u64,
    /// When it was entered.
    pub entered_at: Instant,
}

impl SqliteAttemptLedger {
    /// The ledger of a state directory, to enter calls into; folder, key and ledger are made where they are missing.
    ///
    /// # Errors
    /// [`RecordsError`]: what is there cannot be used, or nothing can be made there.
    pub fn open(state_dir: &Path) -> Result<Self, RecordsError> {
        make_folder(state_dir)?;
        let layout = Layout::new(state_dir);
        let key = match PhoneKey::read(&layout)? {
            Some(key) => key,
            None if layout.ledger().exists() => return Err(wrong(&layout, "its key is missing".to_owned())),
            None => PhoneKey::make(&layout)?,
        };
        if !layout.ledger().exists() {
            schema::make(&layout.ledger(), &key).map_err(|message| wrong(&layout, message))?;
        }
        let open = Open::new(&layout, key, true)?;
        Ok(Self {
            layout,
            may_write: true,
            open: Mutex::new(Some(open)),
        })
    }

    /// The ledger of a state directory, for questions. It need not be there, and may come into being later.
    #[must_use]
    pub fn read(state_dir: &Path) -> Self {
        Self {
            layout: Layout::new(state_dir),
            may_write: false,
            open: Mutex::new(None),
        }
    }

    /// Its file.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.layout.ledger()
    }

    /// Every attempt to the callee with where it came from, oldest first; `None` if no ledger is kept.
    ///
    /// # Errors
    /// [`RecordsError`] for a ledger that cannot be read.
    pub fn entries(&self, callee: CalleeKey<'_>) -> Result<Option<Vec<LedgerEntry>>, RecordsError> {
        self.ask(|open| open.entries(callee))
    }

    /// Asks the ledger, if there is one.
    fn ask<T>(
        &self,
        question: impl FnOnce(&mut Open) -> Result<T, String>,
    ) -> Result<Option<T>, RecordsError> {
        let mut slot = lock(&self.open);
        if slot.is_none() {
            match self.layout.ledger().try_exists() {
                Ok(false) => return Ok(None),
                Ok(true) => {}
                Err(error) => {
                    return Err(RecordsError::io(
                        &self.layout.ledger(),
                        "reading the ledger",
                        error,
                    ));
                }
            }
            let key = PhoneKey::read(&self.layout)?
                .ok_or_else(|| wrong(&self.layout, "its key is missing".to_owned()))?;
            *slot = Some(Open::new(&self.layout, key, self.may_write)?);
        }
        let asked = slot.as_mut().map(question).transpose();
        asked.map_err(|message| wrong(&self.layout, message))
    }
}

impl Open {
    fn new(layout: &Layout, key: PhoneKey, may_write: bool) -> Result<Self, RecordsError> {
        let access = if may_write {
            OpenFlags::SQLITE_OPEN_READ_WRITE
        } else {
            OpenFlags::SQLITE_OPEN_READ_ONLY
        };
        let connect = || {
            let connection =
                Connection::open_with_flags(layout.ledger(), access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
            connection.busy_timeout(PATIENCE)?;
            Ok(connection)
        };
        let unusable = |message| wrong(layout, message);
        let sqlite = |error: rusqlite::Error| unusable(error.to_string());
        let mut connection = connect().map_err(sqlite)?;
        let version = schema::version(&connection, &key).map_err(unusable)?;
        if !schema::is_current(version) {
            if !may_write {
                let advice =
                    format!("it is of version {version}; `curfew attempts import` brings it up to date");
                return Err(unusable(advice));
            }
            schema::bring_up(&mut connection, version).map_err(sqlite)?;
        }
        if may_write {
            connection
                .pragma_update(None, "journal_mode", "WAL")
                .map_err(sqlite)?;
        }
        Ok(Self { connection, key })
    }

    /// What caps ask for, answered by the indexes alone: what is found by number and by id comes twice.
    fn attempts(&self, callee: CalleeKey<'_>, until: i64) -> Result<Vec<PastAttempt>, String> {
        let phone = callee.phone.map(|phone| self.key.digest(phone).to_vec());
        let query = "SELECT at, outcome, matter FROM attempt WHERE phone = ?1 AND at < ?3
            UNION ALL SELECT at, outcome, matter FROM attempt WHERE external_id = ?2 AND at < ?3";
        let words = |error: rusqlite::Error| error.to_string();
        let mut statement = self.connection.prepare_cached(query).map_err(words)?;
        let mut rows = statement
            .query(params![phone, callee.external_id, until])
            .map_err(words)?;
        let mut attempts = Vec::new();
        while let Some(row) = rows.next().map_err(words)? {
            attempts.push(attempt_of(row)?);
        }
        Ok(attempts)
    }

    fn entries(&self, callee: CalleeKey<'_>) -> Result<Vec<LedgerEntry>, String> {
        let phone = callee.phone.map(|phone| self.key.digest(phone).to_vec());
        let query = "SELECT at, outcome, matter, external_id, source, line, entered_at FROM attempt
            WHERE (phone = ?1 OR external_id = ?2) ORDER BY at, id";
        let words = |error: rusqlite::Error| error.to_string();
        let mut statement = self.connection.prepare_cached(query).map_err(words)?;
        let mut rows = statement
            .query(params![phone, callee.external_id])
            .map_err(words)?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next().map_err(words)? {
            entries.push(entry_of(row)?);
        }
        Ok(entries)
    }

    fn enter(&mut self, calls: &[ReportedCall<'_>], now: Instant) -> Result<Vec<Entered>, String> {
        let words = |error: rusqlite::Error| error.to_string();
        let change = self
            .connection
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
            .map_err(words)?;
        let entered = calls
            .iter()
            .map(|reported| enter::enter(&change, &self.key, reported, now))
            .collect::<Result<_, _>>()?;
        change.commit().map_err(words)?;
        Ok(entered)
    }
}

/// A row begins with instant, outcome and matter; what was not written so is damage.
fn attempt_of(row: &rusqlite::Row<'_>) -> Result<PastAttempt, String> {
    let words = |error: rusqlite::Error| error.to_string();
    let at = row.get(0).map_err(words)?;
    let outcome: Option<String> = row.get(1).map_err(words)?;
    let outcome: Option<AttemptOutcome> = outcome
        .map(|word| word.parse())
        .transpose()
        .map_err(|error: core_compliance::UnknownWord| error.to_string())?;
    Ok(PastAttempt {
        at: Instant::from_unix(at).map_err(|error| error.to_string())?,
        outcome,
        matter: row.get(2).map_err(words)?,
    })
}

fn entry_of(row: &rusqlite::Row<'_>) -> Result<LedgerEntry, String> {
    let words = |error: rusqlite::Error| error.to_string();
    Ok(LedgerEntry {
        attempt: attempt_of(row)?,
        external_id: row.get(3).map_err(words)?,
        source: row.get(4).map_err(words)?,
        line: row.get::<_, i64>(5).map_err(words)?.unsigned_abs(),
        entered_at: Instant::from_unix(row.get(6).map_err(words)?).map_err(|error| error.to_string())?,
    })
}

impl AttemptLedger for SqliteAttemptLedger {
    async fn attempts(
        &self,
        callee: CalleeKey<'_>,
        until: Instant,
    ) -> Result<Option<Vec<PastAttempt>>, PortFailure> {
        let attempts = self.ask(|open| open.attempts(callee, until.unix()))?;
        Ok(attempts.map(each_once))
    }
}

impl AttemptRecorder for SqliteAttemptLedger {
    async fn enter(&self, calls: &[ReportedCall<'_>], now: Instant) -> Result<Vec<Entered>, PortFailure> {
        let entered = self.ask(|open| open.enter(calls, now))?;
        entered.ok_or_else(|| PortFailure::from(wrong(&self.layout, "it is not there any more".to_owned())))
    }
}

fn wrong(layout: &Layout, message: String) -> RecordsError {
    RecordsError::Ledger {
        path: layout.ledger().display().to_string(),
        message,
    }
}

/// A panic elsewhere does not make the connection unusable: SQLite undoes what was not committed.
fn lock(open: &Mutex<Option<Open>>) -> MutexGuard<'_, Option<Open>> {
    open.lock().unwrap_or_else(PoisonError::into_inner)
}
