//! The books of a run: every contact read is in exactly one column.

use std::collections::BTreeMap;

use core_compliance::Instant;
use core_compliance::ports::{Outcome, Settled};
use serde::Serialize;

/// How many contacts ended in which outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Books {
    /// Contacts read.
    pub read: u64,
    /// New in the campaign.
    pub inserted: u64,
    /// Known to the campaign, and updated.
    pub updated: u64,
    /// Known to the campaign; the annotation is not confirmed.
    pub already_there: u64,
    /// Dry run: would have been sent.
    pub would_upsert: u64,
    /// Held back by a rule, or because the place is not known.
    pub prohibited: u64,
    /// Held back by the suppression list.
    pub suppressed: u64,
    /// Seen earlier in the same listing.
    pub duplicate: u64,
    /// Not a usable contact, or refused by the tenant.
    pub rejected: u64,
    /// Permitted, and not known to have arrived.
    pub failed: u64,
    /// Read, and not worked on because the run ended.
    pub not_attempted: u64,
}

impl Books {
    /// Whether the columns add up to what was read.
    #[must_use]
    pub fn balance(&self) -> bool {
        let columns = [
            self.inserted,
            self.updated,
            self.already_there,
            self.would_upsert,
            self.prohibited,
            self.suppressed,
            self.duplicate,
            self.rejected,
            self.failed,
            self.not_attempted,
        ];
        columns.iter().sum::<u64>() == self.read
    }

    /// Contacts that are in the campaign after the run, or would be.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.inserted + self.updated + self.already_there + self.would_upsert
    }

    fn column(&mut self, outcome: Outcome) -> &mut u64 {
        match outcome {
            Outcome::Inserted => &mut self.inserted,
            Outcome::Updated => &mut self.updated,
            Outcome::AlreadyThere => &mut self.already_there,
            Outcome::WouldUpsert => &mut self.would_upsert,
            Outcome::Prohibited => &mut self.prohibited,
            Outcome::Suppressed => &mut self.suppressed,
            Outcome::Duplicate => &mut self.duplicate,
            Outcome::Rejected => &mut self.rejected,
            Outcome::Failed => &mut self.failed,
            Outcome::NotAttempted => &mut self.not_attempted,
        }
    }
}

/// What a run comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// The books.
    #[serde(flatten)]
    pub books: Books,
    /// Contacts that are not in the campaign, by reason code.
    pub by_reason: BTreeMap<String, u64>,
    /// When calling opens for the first of the prohibited contacts.
    pub earliest_opening: Option<Instant>,
}

impl Summary {
    /// What earlier pieces of a run came to: how many contacts they settled, by outcome and by reason.
    #[must_use]
    pub fn carried(
        outcomes: impl IntoIterator<Item = (Outcome, u64)>,
        by_reason: BTreeMap<String, u64>,
        earliest_opening: Option<Instant>,
    ) -> Self {
        let mut books = Books::default();
        for (outcome, count) in outcomes {
            *books.column(outcome) += count;
            books.read += count;
        }
        Self {
            books,
            by_reason,
            earliest_opening,
        }
    }

    /// Takes a contact out of the columns, because it is about to be entered elsewhere.
    pub(super) fn take_out(&mut self, was: &Settled) {
        let column = self.books.column(was.outcome);
        *column = column.saturating_sub(1);
        let Some(reason) = &was.reason else {
            return;
        };
        if let Some(count) = self.by_reason.get_mut(reason) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.by_reason.remove(reason);
            }
        }
    }

    pub(super) fn enter(&mut self, outcome: Outcome, reason: Option<&str>, opening: Option<Instant>) {
        *self.books.column(outcome) += 1;
        if let Some(reason) = reason {
            *self.by_reason.entry(reason.to_owned()).or_default() += 1;
        }
        if let Some(opening) = opening {
            self.earliest_opening = Some(
                self.earliest_opening
                    .map_or(opening, |earliest| earliest.min(opening)),
            );
        }
    }
}
