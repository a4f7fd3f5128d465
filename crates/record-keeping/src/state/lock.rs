//! The lock of a state directory: one process writes, and says who it is.

use std::fs::{File, TryLockError};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};

use core_compliance::Instant;

use crate::RecordsError;
use crate::layout::{Layout, private};

/// Held as long as it lives; the system gives it up when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock, and writes down for others who holds it.
    pub(crate) fn take(layout: &Layout, by: &str, now: Instant) -> Result<Self, RecordsError> {
        let path = layout.lock();
        let failed = |error| RecordsError::io(&path, "taking the lock", error);
        let mut file = private()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(RecordsError::InUse {
                    path: layout.root.display().to_string(),
                    holder: holder(&mut file),
                });
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        let told = format!("process {} since {now}, `{by}`", std::process::id());
        file.set_len(0)
            .and_then(|()| file.seek(SeekFrom::Start(0)))
            .and_then(|_| file.write_all(told.as_bytes()))
            .map_err(failed)?;
        Ok(Self { _file: file })
    }
}

fn holder(file: &mut File) -> String {
    let mut told = String::new();
    match file.take(4_096).read_to_string(&mut told) {
        Ok(_) if !told.trim().is_empty() => told.trim().to_owned(),
        _ => "another process".to_owned(),
    }
}
