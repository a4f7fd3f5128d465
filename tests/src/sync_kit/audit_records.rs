//! What the records of a run must say, held against its events and against the tenant.

use std::collections::{BTreeMap, BTreeSet};

use pipeline::Outcome;

use super::audit::Report;
use super::records::Entry;

impl Report {
    /// Every sending had an intent before it, every intent an end, and every contact its outcome.
    pub(super) fn audit_records(&self) {
        if self.scenario.dry_run {
            self.check(self.records.is_empty(), || "a dry run recorded".to_owned());
            return;
        }
        let mut open: BTreeSet<&str> = BTreeSet::new();
        let mut intended: BTreeSet<&str> = BTreeSet::new();
        let mut last: BTreeMap<&str, &str> = BTreeMap::new();
        for entry in &self.records {
            match entry {
                Entry::Intent { contact, repeats } => {
                    self.check(!repeats && open.insert(contact), || {
                        format!("{contact}: a second intent before the first had an end")
                    });
                    intended.insert(contact);
                }
                Entry::Outcome { contact, end } => {
                    self.check(open.remove(contact.as_str()), || {
                        format!("{contact}: an end without an intent")
                    });
                    last.insert(contact, end);
                }
                Entry::Settled { contact, end, .. } => {
                    // A second record of the same id is recorded too, and changes nothing.
                    if end != Outcome::Duplicate.as_str() {
                        last.insert(contact, end);
                    }
                }
                Entry::Forgotten { contact } => {
                    last.remove(contact.as_str());
                }
            }
        }
        self.check(open.is_empty(), || format!("without an end: {open:?}"));
        for upload in &self.uploads {
            let id = upload.external_id.as_str();
            self.check(intended.contains(id), || {
                format!("{id}: stored without an intent")
            });
        }
        for event in &self.events {
            let skipped = [Outcome::Duplicate, Outcome::NotAttempted].contains(&event.outcome);
            let recorded = last.get(event.contact.as_str());
            self.check(skipped || recorded == Some(&event.outcome.as_str()), || {
                format!("{event:?} is recorded as {recorded:?}")
            });
        }
    }
}
