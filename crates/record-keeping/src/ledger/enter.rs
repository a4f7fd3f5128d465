//! Entering calls: each once, however often and in how many reports it comes.

use core_compliance::ports::{CalleeKey, Entered, ReportedCall};
use core_compliance::{AttemptOutcome, Instant};
use rusqlite::{OptionalExtension as _, Transaction, params};

use crate::key::PhoneKey;

/// A row that may be the same call.
struct Row {
    id: i64,
    external_id: Option<String>,
    phone: Option<Vec<u8>>,
    outcome: Option<String>,
}

/// Enters one call.
pub(super) fn enter(
    change: &Transaction<'_>,
    key: &PhoneKey,
    reported: &ReportedCall<'_>,
    now: Instant,
) -> Result<Entered, String> {
    let call = reported.call;
    let CalleeKey { external_id, phone } = call.callee();
    let phone = phone.map(|phone| key.digest(phone).to_vec());
    let outcome = call.outcome.map(AttemptOutcome::as_str);
    let (at, matter) = (call.at.unix(), call.matter.as_deref());
    let words = |error: rusqlite::Error| error.to_string();
    let found = find(change, at, matter, phone.as_deref(), external_id).map_err(words)?;
    let Some(row) = found else {
        let insert = "INSERT INTO attempt (external_id, phone, at, matter, outcome, source, line, entered_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let line = i64::try_from(reported.line).unwrap_or(i64::MAX);
        change
            .prepare_cached(insert)
            .and_then(|mut insert| {
                insert.execute(params![
                    external_id,
                    phone,
                    at,
                    matter,
                    outcome,
                    reported.source,
                    line,
                    now.unix()
                ])
            })
            .map_err(words)?;
        return Ok(Entered::Added);
    };
    if let (Some(kept), Some(given)) = (&row.outcome, outcome)
        && kept != given
    {
        return kept
            .parse()
            .map(Entered::OtherOutcome)
            .map_err(|error: core_compliance::UnknownWord| error.to_string());
    }
    let is_news = (row.outcome.is_none() && outcome.is_some())
        || (row.external_id.is_none() && external_id.is_some())
        || (row.phone.is_none() && phone.is_some());
    if !is_news {
        return Ok(Entered::Known);
    }
    let update =
        "UPDATE attempt SET outcome = coalesce(outcome, ?2), external_id = coalesce(external_id, ?3),
        phone = coalesce(phone, ?4) WHERE id = ?1";
    change
        .prepare_cached(update)
        .and_then(|mut update| update.execute(params![row.id, outcome, external_id, phone]))
        .map_err(words)?;
    Ok(Entered::Completed)
}

/// The first row of this instant and matter that shares number or external id, and contradicts neither.
fn find(
    change: &Transaction<'_>,
    at: i64,
    matter: Option<&str>,
    phone: Option<&[u8]>,
    external_id: Option<&str>,
) -> rusqlite::Result<Option<Row>> {
    let query = "SELECT id, external_id, phone, outcome FROM attempt
        WHERE (phone = ?3 OR external_id = ?4) AND at = ?1 AND matter IS ?2
        AND (phone IS NULL OR ?3 IS NULL OR phone = ?3)
        AND (external_id IS NULL OR ?4 IS NULL OR external_id = ?4)
        ORDER BY id LIMIT 1";
    change
        .prepare_cached(query)?
        .query_row(params![at, matter, phone, external_id], |row| {
            Ok(Row {
                id: row.get(0)?,
                external_id: row.get(1)?,
                phone: row.get(2)?,
                outcome: row.get(3)?,
            })
        })
        .optional()
}
