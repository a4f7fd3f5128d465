//! What let callees into the campaign, as the decision log tells it.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use core_compliance::Instant;
use core_compliance::ports::{AdmissionRecords, CalleeKey, Outcome, RecordedAdmission};

use crate::RecordsError;
use crate::key::PhoneKey;
use crate::layout::Layout;
use crate::log::Event;
use crate::state::StateDir;

/// How the log calls an intent that is not known to have arrived.
const NOT_DELIVERED: &str = "not-delivered";

/// The admissions of some callees, read from the log of a state directory in one go.
#[derive(Debug, Default)]
pub struct LogAdmissions {
    key: Option<PhoneKey>,
    by_contact: HashMap<String, Vec<RecordedAdmission>>,
    by_number: HashMap<String, Vec<RecordedAdmission>>,
    unreadable: u64,
}

impl LogAdmissions {
    /// Reads what the log has of these callees; nothing where there is no log.
    ///
    /// # Errors
    /// A log or a key that cannot be read.
    pub fn load<'k>(
        state_dir: &Path,
        callees: impl Iterator<Item = CalleeKey<'k>>,
    ) -> Result<Self, RecordsError> {
        let view = match StateDir::read(state_dir) {
            Ok(view) => view,
            Err(RecordsError::NoRecords { .. }) => return Ok(Self::default()),
            Err(error) => return Err(error),
        };
        let key = PhoneKey::read(&Layout::new(state_dir))?;
        let (mut contacts, mut numbers) = (HashSet::new(), HashSet::new());
        for callee in callees {
            contacts.extend(callee.external_id);
            numbers.extend(callee.phone.zip(key.as_ref()).map(|(phone, key)| key.hash(phone)));
        }
        let mut found = Self {
            key,
            ..Self::default()
        };
        // Intents that may admit, until it is known how they ended.
        let mut open: HashMap<u64, (String, Option<String>, RecordedAdmission)> = HashMap::new();
        for record in view.records()? {
            let record = match record {
                Ok(record) => record,
                Err(RecordsError::Broken { .. }) => {
                    found.unreadable += 1;
                    continue;
                }
                Err(error) => return Err(error),
            };
            match record.event {
                Event::Intent {
                    contact,
                    callee,
                    decision,
                    ..
                } => {
                    let number = callee.phone.map(|phone| phone.hash);
                    let is_wanted = contacts.contains(contact.as_str())
                        || number.as_ref().is_some_and(|number| numbers.contains(number));
                    if is_wanted {
                        let admission = RecordedAdmission {
                            run: record.run.unwrap_or_default(),
                            seq: record.seq,
                            at: decision.attempt.at,
                            permitted_until: decision.permitted_until,
                        };
                        open.insert(record.seq, (contact, number, admission));
                    }
                }
                Event::Outcome { intent, outcome, .. } => {
                    let ended = open.remove(&intent);
                    if let Some(ended) = ended.filter(|_| admits(&outcome)) {
                        found.add(ended);
                    }
                }
                _ => {}
            }
        }
        // Of what is left no outcome is known: it may have been sent.
        let mut rest: Vec<_> = open.into_values().collect();
        rest.sort_by_key(|(_, _, admission)| admission.seq);
        rest.into_iter().for_each(|ended| found.add(ended));
        Ok(found)
    }

    /// How many records could not be read.
    #[must_use]
    pub fn unreadable(&self) -> u64 {
        self.unreadable
    }

    fn add(&mut self, (contact, number, admission): (String, Option<String>, RecordedAdmission)) {
        if let Some(number) = number {
            self.by_number.entry(number).or_default().push(admission.clone());
        }
        self.by_contact.entry(contact).or_default().push(admission);
    }
}

/// Whether an outcome brought the contact into the campaign, or may have.
fn admits(outcome: &str) -> bool {
    let may_have = [
        Outcome::Inserted,
        Outcome::Updated,
        Outcome::AlreadyThere,
        Outcome::Failed,
    ];
    outcome == NOT_DELIVERED || may_have.iter().any(|each| each.as_str() == outcome)
}

impl AdmissionRecords for LogAdmissions {
    fn admission(&self, callee: CalleeKey<'_>, at: Instant) -> Option<RecordedAdmission> {
        let of_contact = callee.external_id.and_then(|id| self.by_contact.get(id));
        let of_number = callee
            .phone
            .zip(self.key.as_ref())
            .and_then(|(phone, key)| self.by_number.get(&key.hash(phone)));
        of_contact
            .into_iter()
            .chain(of_number)
            .flatten()
            .filter(|admission| admission.at <= at)
            .max_by_key(|admission| admission.seq)
            .cloned()
    }
}
