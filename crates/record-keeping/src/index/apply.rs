//! How a record changes the index.

use rusqlite::{CachedStatement, Transaction};

use super::Index;
use crate::RecordsError;
use crate::log::step::{Change, ContactSettled, Step};

impl Index {
    /// Takes in these records, in order, all or none.
    pub(crate) fn apply(&mut self, steps: &[Step]) -> Result<(), RecordsError> {
        let Some(last) = steps.last() else {
            return Ok(());
        };
        let transaction = |index: &mut Self| {
            let transaction = index.connection.transaction()?;
            for step in steps {
                apply(&transaction, step)?;
            }
            let head = &last.head;
            let mut set = transaction.prepare_cached("UPDATE head SET seq = ?1, hash = ?2")?;
            set.execute((head.seq, &head.hash))?;
            drop(set);
            transaction.commit()
        };
        transaction(self).map_err(|source| self.failed(source))
    }
}

fn apply(transaction: &Transaction<'_>, step: &Step) -> rusqlite::Result<()> {
    let run = step.run.as_deref();
    let prepared = |sql: &str| -> rusqlite::Result<CachedStatement<'_>> { transaction.prepare_cached(sql) };
    match &step.change {
        Change::RunStarted { resumed: true, .. } => {
            prepared("UPDATE run SET pieces = pieces + 1 WHERE id = ?1")?.execute([run])?;
        }
        Change::RunStarted {
            fingerprint,
            command,
            source,
            target,
            ..
        } => {
            forget_run(transaction)?;
            prepared("INSERT INTO run VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, 1)")?.execute((
                run,
                step.head.seq,
                fingerprint,
                command,
                source,
                target,
                step.time.to_string(),
            ))?;
        }
        Change::Intended { contact, repeats } => {
            if let Some(repeats) = repeats {
                prepared("DELETE FROM intent WHERE seq = ?1")?.execute([repeats])?;
            }
            prepared("INSERT INTO intent SELECT ?1, ?2 FROM run WHERE id = ?3")?.execute((
                step.head.seq,
                contact,
                run,
            ))?;
        }
        Change::Ended { intent, settled } => {
            prepared("DELETE FROM intent WHERE seq = ?1")?.execute([intent])?;
            if let Some(settled) = settled {
                settle(transaction, step, settled)?;
            }
        }
        Change::Settled(settled) => settle(transaction, step, settled)?,
        Change::DeferralDropped { source, contact } => {
            prepared("DELETE FROM deferral WHERE source = ?1 AND contact = ?2")?
                .execute((source, contact))?;
        }
        Change::Deferred {
            source,
            contact,
            until,
            reason,
            by_run,
        } => {
            prepared("INSERT OR REPLACE INTO deferral VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?.execute((
                source,
                contact,
                until.unix(),
                step.head.seq,
                by_run,
                reason,
            ))?;
        }
        Change::RunOver => forget_run(transaction)?,
        Change::Nothing => {}
    }
    Ok(())
}

fn forget_run(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    for table in ["run", "contact", "intent"] {
        transaction.execute(&format!("DELETE FROM {table}"), [])?;
    }
    Ok(())
}

fn settle(transaction: &Transaction<'_>, step: &Step, settled: &ContactSettled) -> rusqlite::Result<()> {
    if !settled.settles {
        return Ok(());
    }
    let ContactSettled {
        source,
        contact,
        outcome,
        reason,
        deferred_until,
        ..
    } = settled;
    let run = step.run.as_deref();
    let opens = deferred_until.map(core_compliance::Instant::unix);
    if outcome.is_final() {
        // Only of the run that may go on: records of runs that are over come by when the index is made anew.
        transaction
            .prepare_cached("INSERT OR REPLACE INTO contact SELECT ?1, ?2, ?3, ?4 FROM run WHERE id = ?5")?
            .execute((contact, outcome.as_str(), reason, opens, run))?;
    }
    if opens.is_some() {
        transaction
            .prepare_cached("INSERT OR REPLACE INTO deferral VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
            .execute((source, contact, opens, step.head.seq, run, reason))?;
    } else if outcome.is_final() {
        transaction
            .prepare_cached("DELETE FROM deferral WHERE source = ?1 AND contact = ?2")?
            .execute((source, contact))?;
    }
    Ok(())
}
