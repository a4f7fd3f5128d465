//! What is asked of the index.

use std::collections::BTreeMap;

use core_compliance::Instant;
use core_compliance::ports::{Deferral, Outcome, Settled};
use rusqlite::{OptionalExtension as _, Row};

use super::Index;
use crate::RecordsError;

/// The run that is not finished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unfinished {
    pub(crate) id: String,
    /// The record with which it began.
    pub(crate) seq: u64,
    pub(crate) fingerprint: String,
    pub(crate) command: String,
    pub(crate) target: String,
    pub(crate) started_at: String,
    pub(crate) pieces: u64,
}

/// A contact that waits, with where it was read from and why it was held back.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Waiting {
    /// Where it is read again.
    pub source: String,
    /// Its external id.
    pub external_id: String,
    /// From when on it is to be decided anew.
    pub opens: Instant,
    /// Why it was held back; a permanent code. Unknown once its record is pruned.
    pub reason: Option<String>,
    /// The run that deferred it.
    pub run: Option<String>,
    /// The record that says so.
    pub seq: u64,
}

impl Index {
    fn ask<T>(&self, answer: rusqlite::Result<T>) -> Result<T, RecordsError> {
        answer.map_err(|source| self.failed(source))
    }

    pub(crate) fn unfinished(&self) -> Result<Option<Unfinished>, RecordsError> {
        let sql = "SELECT id, seq, fingerprint, command, target, started_at, pieces FROM run";
        let read = |row: &Row<'_>| {
            Ok(Unfinished {
                id: row.get(0)?,
                seq: row.get(1)?,
                fingerprint: row.get(2)?,
                command: row.get(3)?,
                target: row.get(4)?,
                started_at: row.get(5)?,
                pieces: row.get(6)?,
            })
        };
        self.ask(self.connection.query_row(sql, [], read).optional())
    }

    /// How the unfinished run settled this contact.
    pub(crate) fn settled(&self, external_id: &str) -> Result<Option<Settled>, RecordsError> {
        let ask = || {
            let mut select = self
                .connection
                .prepare_cached("SELECT outcome, reason FROM contact WHERE id = ?1")?;
            let read = |row: &Row<'_>| Ok((row.get::<_, String>(0)?, row.get(1)?));
            select.query_row([external_id], read).optional()
        };
        let found = self.ask(ask())?;
        Ok(found.and_then(|(outcome, reason)| {
            let outcome = Outcome::from_key(&outcome)?;
            Some(Settled { outcome, reason })
        }))
    }

    /// What the unfinished run has settled, by outcome.
    pub(crate) fn by_outcome(&self) -> Result<Vec<(Outcome, u64)>, RecordsError> {
        let counts = self.counts("SELECT outcome, COUNT(*) FROM contact GROUP BY outcome")?;
        let known = |(outcome, count): (String, u64)| Some((Outcome::from_key(&outcome)?, count));
        Ok(counts.into_iter().filter_map(known).collect())
    }

    /// Why contacts of the unfinished run are not in the campaign.
    pub(crate) fn by_reason(&self) -> Result<BTreeMap<String, u64>, RecordsError> {
        self.counts("SELECT reason, COUNT(*) FROM contact WHERE reason IS NOT NULL GROUP BY reason")
    }

    fn counts(&self, sql: &str) -> Result<BTreeMap<String, u64>, RecordsError> {
        let ask = || {
            let mut select = self.connection.prepare(sql)?;
            let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect()
        };
        self.ask(ask())
    }

    /// When calling opens for the first of the contacts that the unfinished run deferred.
    pub(crate) fn earliest_opening(&self) -> Result<Option<Instant>, RecordsError> {
        self.opening("SELECT MIN(opens) FROM contact", [])
    }

    /// Intents of the unfinished run without an outcome: (record, contact).
    pub(crate) fn open_intents(&self) -> Result<Vec<(u64, String)>, RecordsError> {
        let ask = || {
            let mut select = self
                .connection
                .prepare("SELECT seq, contact FROM intent ORDER BY seq")?;
            let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect()
        };
        self.ask(ask())
    }

    pub(crate) fn next_opening(&self, source: &str) -> Result<Option<Instant>, RecordsError> {
        self.opening("SELECT MIN(opens) FROM deferral WHERE source = ?1", [source])
    }

    fn opening(&self, sql: &str, parameters: impl rusqlite::Params) -> Result<Option<Instant>, RecordsError> {
        let unix: Option<i64> = self.ask(self.connection.query_row(sql, parameters, |row| row.get(0)))?;
        Ok(unix.map(Instant::from_unix_clamped))
    }

    pub(crate) fn due(&self, source: &str, by: Instant, limit: usize) -> Result<Vec<Deferral>, RecordsError> {
        let ask = || {
            let mut select = self.connection.prepare_cached(
                "SELECT contact, opens FROM deferral WHERE source = ?1 AND opens <= ?2 ORDER BY opens, contact LIMIT ?3",
            )?;
            let read = |row: &Row<'_>| {
                Ok(Deferral {
                    external_id: row.get(0)?,
                    opens: Instant::from_unix_clamped(row.get(1)?),
                })
            };
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            select.query_map((source, by.unix(), limit), read)?.collect()
        };
        self.ask(ask())
    }

    /// All that waits, the earliest opening first.
    pub(crate) fn waiting(&self, limit: usize) -> Result<Vec<Waiting>, RecordsError> {
        self.waiting_where("seq >= 0 ORDER BY opens, source, contact", limit)
    }

    /// All that waits because of records up to this one.
    pub(crate) fn waiting_through(&self, seq: u64) -> Result<Vec<Waiting>, RecordsError> {
        self.waiting_where(&format!("seq <= {seq} ORDER BY seq"), usize::MAX)
    }

    fn waiting_where(&self, condition: &str, limit: usize) -> Result<Vec<Waiting>, RecordsError> {
        let sql = format!(
            "SELECT source, contact, opens, reason, run, seq FROM deferral WHERE {condition} LIMIT ?1"
        );
        let ask = || {
            let mut select = self.connection.prepare(&sql)?;
            let read = |row: &Row<'_>| {
                Ok(Waiting {
                    source: row.get(0)?,
                    external_id: row.get(1)?,
                    opens: Instant::from_unix_clamped(row.get(2)?),
                    reason: row.get(3)?,
                    run: row.get(4)?,
                    seq: row.get(5)?,
                })
            };
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            select.query_map([limit], read)?.collect()
        };
        self.ask(ask())
    }

    /// How many contacts wait.
    pub(crate) fn count_waiting(&self) -> Result<u64, RecordsError> {
        self.ask(
            self.connection
                .query_row("SELECT COUNT(*) FROM deferral", [], |row| row.get(0)),
        )
    }
}
