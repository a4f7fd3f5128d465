//! The campaign: what was upserted, how often, and what the sender was told. Twelve bytes per contact.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use serde_json::Value;

use crate::contacts::number_of;
use crate::stats::ContactStats;

/// A contact by its external id; generated ones take four bytes instead of a text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ContactKey {
    Numbered(u32),
    Foreign(Box<str>),
}

impl ContactKey {
    pub(crate) fn of(external_id: &str) -> Self {
        number_of(external_id).map_or_else(|| Self::Foreign(external_id.into()), Self::Numbered)
    }
}

/// An upsert that was stored, kept when the configuration says so.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Upload {
    /// The contact.
    pub external_id: String,
    /// The payload, as sent.
    pub payload: Value,
    /// When it was stored, from the start of the simulator.
    pub stored_at: Duration,
    /// When its success was answered; `None` while under way, and for good if the answer was lost.
    pub confirmed_at: Option<Duration>,
}

/// What the sender of an upsert is yet to be told.
#[derive(Clone, Debug)]
pub(crate) enum Receipt {
    /// Stored (2xx).
    Confirmation { key: ContactKey, upload: Option<usize> },
    /// Already there (409).
    Conflict { key: ContactKey },
}

#[derive(Clone, Copy, Default)]
struct Entry {
    sends: u16,
    stored: u16,
    confirmed: u16,
    conflicts: u16,
}

impl Entry {
    fn accepted(self) -> u16 {
        self.confirmed.saturating_add(self.conflicts)
    }
}

/// Sums over all contacts.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sums {
    pub(crate) accepted_contacts: u64,
    pub(crate) accepted: u64,
    pub(crate) accepted_again: u64,
    pub(crate) sent_after_acceptance: u64,
    pub(crate) stored: u64,
    pub(crate) confirmed: u64,
}

/// The contacts in the campaign, and the sends of those that are not.
#[derive(Default)]
pub(crate) struct Campaign {
    numbered: HashMap<u32, Entry>,
    foreign: HashMap<Box<str>, Entry>,
    uploads: Vec<Upload>,
    sums: Sums,
}

impl Campaign {
    fn entry(&mut self, key: &ContactKey) -> &mut Entry {
        match key {
            ContactKey::Numbered(number) => self.numbered.entry(*number).or_default(),
            ContactKey::Foreign(id) => self.foreign.entry(id.clone()).or_default(),
        }
    }

    /// Notes that an upsert of this contact arrived, whatever becomes of it.
    pub(crate) fn send(&mut self, key: &ContactKey) {
        let entry = self.entry(key);
        entry.sends = entry.sends.saturating_add(1);
        let again = entry.accepted() > 0;
        self.sums.sent_after_acceptance += u64::from(again);
    }

    /// Stores an upsert. Says whether the contact was there, and what is to be confirmed once the answer leaves.
    pub(crate) fn store(&mut self, external_id: &str, at: Duration, keep: Option<&Value>) -> (bool, Receipt) {
        let key = ContactKey::of(external_id);
        let entry = self.entry(&key);
        let was_there = entry.stored > 0 || entry.conflicts > 0;
        entry.stored = entry.stored.saturating_add(1);
        self.sums.stored += 1;
        let upload = keep.map(|payload| {
            self.uploads.push(Upload {
                external_id: external_id.to_owned(),
                payload: payload.clone(),
                stored_at: at,
                confirmed_at: None,
            });
            self.uploads.len() - 1
        });
        (was_there, Receipt::Confirmation { key, upload })
    }

    /// Notes that the answer left.
    pub(crate) fn deliver(&mut self, receipt: &Receipt, at: Duration) {
        let key = match receipt {
            Receipt::Confirmation { key, upload } => {
                if let Some(upload) = upload.and_then(|place| self.uploads.get_mut(place)) {
                    upload.confirmed_at = Some(at);
                }
                self.sums.confirmed += 1;
                let entry = self.entry(key);
                entry.confirmed = entry.confirmed.saturating_add(1);
                key
            }
            Receipt::Conflict { key } => {
                let entry = self.entry(key);
                entry.conflicts = entry.conflicts.saturating_add(1);
                key
            }
        };
        let first = self.entry(key).accepted() == 1;
        self.sums.accepted += 1;
        self.sums.accepted_contacts += u64::from(first);
        self.sums.accepted_again += u64::from(!first);
    }

    pub(crate) fn sums(&self) -> Sums {
        self.sums
    }

    pub(crate) fn uploads(&self) -> &[Upload] {
        &self.uploads
    }

    /// Every contact that was ever sent, by external id.
    pub(crate) fn per_contact(&self) -> BTreeMap<String, ContactStats> {
        let numbered = self
            .numbered
            .iter()
            .map(|(number, entry)| (crate::contacts::external_id(*number), *entry));
        let foreign = self
            .foreign
            .iter()
            .map(|(id, entry)| (String::from(&**id), *entry));
        numbered
            .chain(foreign)
            .map(|(id, entry)| {
                let stats = ContactStats {
                    sends: entry.sends,
                    accepted: entry.accepted(),
                    unconfirmed: entry.stored.saturating_sub(entry.confirmed),
                };
                (id, stats)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: Duration = Duration::from_secs(5);

    #[test]
    fn a_numbered_contact_takes_at_most_forty_bytes() {
        // A hash map is at least 7/16 full and adds one byte of control to each place.
        let place = size_of::<(u32, Entry)>() + 1;
        assert!(place * 16 / 7 <= 40, "{place} bytes a place");
    }

    #[test]
    fn stored_but_unconfirmed_is_told_apart() {
        let mut campaign = Campaign::default();
        let key = ContactKey::of("C-0000007");
        campaign.send(&key);
        let (was_there, _lost) = campaign.store("C-0000007", NOW, None);
        assert!(!was_there);
        assert_eq!(
            campaign.per_contact()["C-0000007"],
            ContactStats {
                sends: 1,
                accepted: 0,
                unconfirmed: 1
            }
        );
        campaign.send(&key);
        let (was_there, receipt) = campaign.store("C-0000007", NOW, None);
        assert!(was_there);
        campaign.deliver(&receipt, NOW);
        assert_eq!(
            campaign.per_contact()["C-0000007"],
            ContactStats {
                sends: 2,
                accepted: 1,
                unconfirmed: 1
            }
        );
        assert_eq!(campaign.sums().sent_after_acceptance, 0);
        campaign.send(&key);
        campaign.deliver(&Receipt::Conflict { key }, NOW);
        let sums = campaign.sums();
        assert_eq!(
            (
                sums.sent_after_acceptance,
                sums.accepted_contacts,
                sums.accepted_again
            ),
            (1, 1, 1)
        );
        assert!(campaign.uploads().is_empty());
    }

    #[test]
    fn uploads_are_kept_on_request() {
        let mut campaign = Campaign::default();
        let (_, receipt) = campaign.store("odd/ïd", Duration::ZERO, Some(&json!({ "n": 1 })));
        campaign.deliver(&receipt, NOW);
        let [upload] = campaign.uploads() else {
            panic!("one upload")
        };
        assert_eq!(
            (upload.external_id.as_str(), upload.confirmed_at),
            ("odd/ïd", Some(NOW))
        );
        assert_eq!(campaign.per_contact().len(), 1);
    }
}
