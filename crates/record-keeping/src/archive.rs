//! What records name by fingerprint: rulebooks, settings and zone data, each in a file called after its SHA-256.

mod tzdb;

use std::path::{Path, PathBuf};

use core_compliance::{Rulebook, RulebookSource, Settings, ZoneDatabase};

use crate::RecordsError;
use crate::layout::{Layout, make_folder, sync_folder, write_whole};

/// The archive of a state directory.
#[derive(Clone, Debug)]
pub struct Archive {
    folder: PathBuf,
}

const RULEBOOKS: &str = "rulebook";
const SETTINGS: &str = "settings";
const ZONES: &str = "tzdb";

impl Archive {
    pub(crate) fn of(layout: &Layout) -> Self {
        Self {
            folder: layout.archive(),
        }
    }

    pub(crate) fn make(&self) -> Result<(), RecordsError> {
        for kind in [RULEBOOKS, SETTINGS, ZONES] {
            make_folder(&self.folder.join(kind))?;
        }
        sync_folder(&self.folder)
    }

    fn path(&self, kind: &str, sha256: &str) -> PathBuf {
        self.folder.join(kind).join(format!("{sha256}.{kind}"))
    }

    /// Keeps a file, unless it is there: what is there under this name has these contents.
    fn keep(
        &self,
        kind: &str,
        sha256: &str,
        bytes: impl FnOnce(&Path) -> Result<Vec<u8>, RecordsError>,
    ) -> Result<(), RecordsError> {
        let path = self.path(kind, sha256);
        match path.try_exists() {
            Ok(true) => Ok(()),
            Ok(false) => write_whole(&path, &bytes(&path)?),
            Err(error) => Err(RecordsError::io(&path, "looking for it", error)),
        }
    }

    pub(crate) fn keep_rulebook(&self, rulebook: &Rulebook) -> Result<(), RecordsError> {
        self.keep(RULEBOOKS, rulebook.sha256().as_str(), |path| {
            let source = rulebook
                .source()
                .ok_or_else(|| wrong(path, "the rulebook was made in code and has no documents to keep"))?;
            let bytes = serde_json::to_vec(source).map_err(|error| wrong(path, error))?;
            // Nothing is kept that could not be read again.
            read_rulebook(path, &bytes, rulebook.sha256().as_str()).map(|_| bytes)
        })
    }

    pub(crate) fn keep_zones(&self, zones: &ZoneDatabase) -> Result<(), RecordsError> {
        self.keep(ZONES, zones.sha256().as_str(), |path| {
            tzdb::write(zones).map_err(|error| wrong(path, error))
        })
    }

    /// Keeps settings as they hold for their own purpose and channel.
    pub(crate) fn keep_settings(&self, settings: &Settings) -> Result<(), RecordsError> {
        let sha256 = settings.sha256(settings.purpose, settings.channel);
        self.keep(SETTINGS, sha256.as_str(), |path| {
            serde_json::to_vec(settings).map_err(|error| wrong(path, error))
        })
    }

    /// The rulebook of this fingerprint.
    ///
    /// # Errors
    /// It is not there, or not what it was.
    pub fn rulebook(&self, sha256: &str) -> Result<Rulebook, RecordsError> {
        let (path, bytes) = self.read(RULEBOOKS, sha256)?;
        read_rulebook(&path, &bytes, sha256)
    }

    /// The zone data of this fingerprint.
    ///
    /// # Errors
    /// As [`Archive::rulebook`].
    pub fn zones(&self, sha256: &str) -> Result<ZoneDatabase, RecordsError> {
        let (path, bytes) = self.read(ZONES, sha256)?;
        let zones = tzdb::read(&bytes).ok_or_else(|| wrong(&path, "is no archived zone data"))?;
        verified(&path, zones.sha256().as_str(), sha256).map(|()| zones)
    }

    /// The settings of this fingerprint, for the purpose and channel that are theirs.
    ///
    /// # Errors
    /// As [`Archive::rulebook`].
    pub fn settings(&self, sha256: &str) -> Result<Settings, RecordsError> {
        let (path, bytes) = self.read(SETTINGS, sha256)?;
        let settings: Settings = serde_json::from_slice(&bytes).map_err(|error| wrong(&path, error))?;
        let found = settings.sha256(settings.purpose, settings.channel);
        verified(&path, found.as_str(), sha256).map(|()| settings)
    }

    fn read(&self, kind: &str, sha256: &str) -> Result<(PathBuf, Vec<u8>), RecordsError> {
        let path = self.path(kind, sha256);
        match std::fs::read(&path) {
            Ok(bytes) => Ok((path, bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Err(wrong(&path, "a record names it, and it is not there"))
            }
            Err(error) => Err(RecordsError::io(&path, "reading", error)),
        }
    }
}

fn read_rulebook(path: &Path, bytes: &[u8], sha256: &str) -> Result<Rulebook, RecordsError> {
    let source: RulebookSource = serde_json::from_slice(bytes).map_err(|error| wrong(path, error))?;
    let rulebook = Rulebook::from_source(&source).map_err(|error| wrong(path, error))?;
    verified(path, rulebook.sha256().as_str(), sha256).map(|()| rulebook)
}

fn verified(path: &Path, found: &str, expected: &str) -> Result<(), RecordsError> {
    if found == expected {
        return Ok(());
    }
    Err(wrong(
        path,
        format!("its fingerprint is {found}: it is not what the records name"),
    ))
}

fn wrong(path: &Path, message: impl core::fmt::Display) -> RecordsError {
    RecordsError::Archive {
        path: path.display().to_string(),
        message: message.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use core_compliance::{Channel, LocalDate, Purpose};

    use super::*;

    fn archive(folder: &tempfile::TempDir) -> Archive {
        let archive = Archive::of(&Layout::new(folder.path()));
        archive.make().unwrap();
        archive
    }

    #[test]
    fn what_is_kept_comes_back_with_its_fingerprint() {
        let folder = tempfile::tempdir().unwrap();
        let archive = archive(&folder);
        let (book, zones) = (Rulebook::shipped(), ZoneDatabase::bundled());
        let settings = Settings {
            purpose: Purpose::Research,
            channel: Channel::Text,
            guard: 60,
            ..Settings::default()
        };
        for _ in 0..2 {
            archive.keep_rulebook(&book).unwrap();
            archive.keep_zones(&zones).unwrap();
            archive.keep_settings(&settings).unwrap();
        }
        assert_eq!(archive.rulebook(book.sha256().as_str()).unwrap(), book);
        let again = archive.zones(zones.sha256().as_str()).unwrap();
        assert_eq!(
            (again.version(), again.released_on()),
            (zones.version(), zones.released_on())
        );
        let sha256 = settings.sha256(settings.purpose, settings.channel);
        assert_eq!(archive.settings(sha256.as_str()).unwrap(), settings);
    }

    #[test]
    fn what_is_missing_or_changed_is_not_handed_out() {
        let folder = tempfile::tempdir().unwrap();
        let archive = archive(&folder);
        let sha256 = ZoneDatabase::bundled().sha256().to_string();
        let error = archive.zones(&sha256).unwrap_err().to_string();
        assert!(error.contains("not there"), "{error}");
        archive.keep_zones(&ZoneDatabase::bundled()).unwrap();
        let path = archive.path(ZONES, &sha256);
        let mut bytes = std::fs::read(&path).unwrap();
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        let error = archive.zones(&sha256).unwrap_err().to_string();
        assert!(error.contains("not what the records name"), "{error}");
        bytes.truncate(last);
        std::fs::write(&path, &bytes).unwrap();
        assert!(archive.zones(&sha256).is_err());
    }

    #[test]
    fn a_rulebook_without_documents_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let date = LocalDate::from_calendar(2026, 1, 1).unwrap();
        let made = Rulebook::new("1", date, Vec::new()).unwrap();
        let error = archive(&folder).keep_rulebook(&made).unwrap_err().to_string();
        assert!(error.contains("no documents to keep"), "{error}");
    }
}
