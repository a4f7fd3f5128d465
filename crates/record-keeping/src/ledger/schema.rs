//! The ledger's tables, and how an older ledger comes up to date.

use std::path::Path;

use rusqlite::Connection;

use crate::key::PhoneKey;
use crate::layout::private;

/// Marks the file as a ledger (`CFLG`).
const APPLICATION: i64 = 0x4346_4c47;

/// What each version added to the one before. To change the tables, add to the end; what is here stays as it is.
/// The indexes hold all that caps ask for, so that no row has to be fetched.
const VERSIONS: [&str; 1] = ["
    CREATE TABLE attempt (id INTEGER PRIMARY KEY, external_id TEXT, phone BLOB, at INTEGER NOT NULL, matter TEXT,
        outcome TEXT, source TEXT NOT NULL, line INTEGER NOT NULL, entered_at INTEGER NOT NULL) STRICT;
    CREATE INDEX attempt_phone ON attempt (phone, at, outcome, matter) WHERE phone IS NOT NULL;
    CREATE INDEX attempt_external_id ON attempt (external_id, at, outcome, matter) WHERE external_id IS NOT NULL;
    CREATE TABLE footing (one INTEGER PRIMARY KEY CHECK (one = 1), key_check BLOB NOT NULL) STRICT;
"];

/// By its hash a ledger knows the key of its numbers again.
const KEY_CHECK: &str = "the key of this ledger";

/// Makes an empty ledger under a name of its own and puts it in place whole, unless another process was faster: a ledger
/// that is there and empty of tables is damaged.
pub(super) fn make(path: &Path, key: &PhoneKey) -> Result<(), String> {
    let unfinished = path.with_extension(format!("part-{}", std::process::id()));
    let words = |error: &dyn std::fmt::Display| error.to_string();
    let file = private()
        .write(true)
        .create(true)
        .truncate(true)
        .open(&unfinished);
    file.map_err(|error| words(&error))?;
    let fill = || {
        let mut connection = Connection::open(&unfinished)?;
        connection.pragma_update(None, "application_id", APPLICATION)?;
        bring_up(&mut connection, 0)?;
        let check = key.digest(KEY_CHECK);
        connection.execute("INSERT INTO footing VALUES (1, ?1)", [&check[..]])?;
        connection.close().map_err(|(_, error)| error)
    };
    fill().map_err(|error: rusqlite::Error| words(&error))?;
    let placed = std::fs::hard_link(&unfinished, path);
    // A left-over does no harm.
    let _ = std::fs::remove_file(&unfinished);
    match placed {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(words(&error)),
        _ => Ok(()),
    }
}

/// Looks whether the file is a ledger of this key, and of which version.
pub(super) fn version(connection: &Connection, key: &PhoneKey) -> Result<usize, String> {
    let pragma = |name: &str| {
        connection
            .pragma_query_value(None, name, |row| row.get::<_, i64>(0))
            .map_err(|error| error.to_string())
    };
    if pragma("application_id")? != APPLICATION {
        return Err("it is no ledger of attempts, or a damaged one".to_owned());
    }
    let version = pragma("user_version")?;
    let known = usize::try_from(version)
        .ok()
        .filter(|version| (1..=VERSIONS.len()).contains(version));
    let version = known.ok_or_else(|| {
        format!("it is of version {version}, which this Curfew does not know; update Curfew")
    })?;
    let check: Vec<u8> = connection
        .query_row("SELECT key_check FROM footing", [], |row| row.get(0))
        .map_err(|error| error.to_string())?;
    if check != key.digest(KEY_CHECK) {
        return Err("its numbers were hashed with another key than the one beside it".to_owned());
    }
    Ok(version)
}

/// Whether a version is the present one.
pub(super) fn is_current(version: usize) -> bool {
    version == VERSIONS.len()
}

/// Adds what the versions after `from` have added, all or nothing.
pub(super) fn bring_up(connection: &mut Connection, from: usize) -> rusqlite::Result<()> {
    let change = connection.transaction()?;
    for version in VERSIONS.iter().skip(from) {
        change.execute_batch(version)?;
    }
    change.pragma_update(None, "user_version", VERSIONS.len())?;
    change.commit()
}
