//! A state directory as others look at it: nothing is locked, made or mended.

use std::collections::HashSet;
use std::path::Path;

use crate::RecordsError;
use crate::archive::Archive;
use crate::index::{Index, Waiting};
use crate::key::PhoneKey;
use crate::layout::Layout;
use crate::log::records::Records;
use crate::log::verify::{Verified, verify};
use crate::log::{Event, Record, segments, tail};
use crate::state::StateDir;

/// A state directory that is only read; a run may be writing to it meanwhile.
#[derive(Clone, Debug)]
pub struct StateView {
    layout: Layout,
}

impl StateDir {
    /// Looks at a state directory without changing anything.
    ///
    /// # Errors
    /// [`RecordsError::NoRecords`] where nothing was ever recorded.
    pub fn read(path: &Path) -> Result<StateView, RecordsError> {
        let layout = Layout::new(path);
        if !layout.log().is_dir() {
            return Err(RecordsError::NoRecords {
                path: path.display().to_string(),
            });
        }
        Ok(StateView { layout })
    }
}

impl StateView {
    /// What records name by fingerprint.
    #[must_use]
    pub fn archive(&self) -> Archive {
        Archive::of(&self.layout)
    }

    /// Looks at the whole log; with the hash of a head that was kept elsewhere, an end that is cut off is noticed.
    ///
    /// # Errors
    /// Files that cannot be read; what is wrong within them is part of the answer.
    pub fn verify(&self, head: Option<&str>) -> Result<Verified, RecordsError> {
        verify(&self.layout, head)
    }

    /// Every record, in order.
    ///
    /// # Errors
    /// A folder that cannot be listed.
    pub fn records(&self) -> Result<Records, RecordsError> {
        Ok(Records::of(segments::list(&self.layout.log())?, &[]))
    }

    /// The records of the contact with this external id.
    ///
    /// # Errors
    /// A folder that cannot be listed.
    pub fn records_of_contact(
        &self,
        external_id: &str,
    ) -> Result<impl Iterator<Item = Result<Record, RecordsError>>, RecordsError> {
        // As it is written: the line is looked at as text before it is read.
        let mention = format!("\"contact\":{}", serde_json::Value::from(external_id));
        let records = Records::of(segments::list(&self.layout.log())?, &[mention]);
        let id = external_id.to_owned();
        Ok(records.filter(move |record| match record {
            Ok(record) => record.contact() == Some(id.as_str()),
            Err(_) => true,
        }))
    }

    /// The records of decisions about this number, and how they ended.
    ///
    /// # Errors
    /// A folder that cannot be listed, or no key by which numbers are found.
    pub fn records_of_phone(
        &self,
        number: &str,
    ) -> Result<impl Iterator<Item = Result<Record, RecordsError>>, RecordsError> {
        let key = PhoneKey::read(&self.layout)?.ok_or_else(|| RecordsError::Key {
            path: self.layout.key().display().to_string(),
            message: "is missing: without it no record is found by number".to_owned(),
        })?;
        let hash = key.hash(number);
        let mentions = [hash.clone(), "\"kind\":\"outcome\"".to_owned()];
        let records = Records::of(segments::list(&self.layout.log())?, &mentions);
        let mut intents = HashSet::new();
        Ok(records.filter(move |record| {
            let Ok(record) = record else {
                return true;
            };
            let phone = record.decision().and_then(|(callee, _)| callee.phone.as_ref());
            if phone.is_some_and(|phone| phone.hash == hash) {
                intents.insert(record.seq);
                return true;
            }
            matches!(&record.event, Event::Outcome { intent, .. } if intents.contains(intent))
        }))
    }

    /// The contacts that wait, the earliest opening first, and how many there are.
    ///
    /// # Errors
    /// A log that cannot be read.
    pub fn waiting(&self, limit: usize) -> Result<(Vec<Waiting>, u64), RecordsError> {
        let folder = self.layout.log();
        let head = tail::find(&folder)?;
        let current = Index::glimpse(&self.layout.index())
            .filter(|index| index.head().is_ok_and(|known| known == head));
        let index = match current {
            Some(index) => index,
            // It is behind the log, as after a crash, or gone; whoever writes next mends it.
            None => Index::in_memory(&folder)?,
        };
        Ok((index.waiting(limit)?, index.count_waiting()?))
    }
}
