//! Entries on their way from the files into a list.

use std::collections::HashMap;
use std::num::NonZeroU32;

use core_compliance::Instant;

use super::numbers::TooMany;
use super::{Detail, SuppressionFile};
use crate::FileError;

/// What an entry says beside its number. The greater one is the stricter one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    /// First second at which it holds no more; the greatest there is = it has no end.
    end: i64,
    /// Counted from 1.
    pub(super) reason: Option<NonZeroU32>,
}

impl Entry {
    pub(super) const ENDLESS: Self = Self {
        end: i64::MAX,
        reason: None,
    };

    pub(super) fn until(self) -> Option<Instant> {
        (self.end != i64::MAX).then(|| Instant::from_unix_clamped(self.end))
    }
}

/// One line's entry.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) number: u64,
    pub(super) until: Option<Instant>,
    pub(super) reason: Option<String>,
}

/// The entries of all files.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// Numbers without an end and without a reason: mostly all.
    bare: Vec<u64>,
    detailed: Vec<(u64, Entry)>,
    reasons: HashMap<String, NonZeroU32>,
}

impl Rows {
    pub(super) fn add(&mut self, row: Row) {
        let reason = row.reason.map(|reason| {
            let next = u32::try_from(self.reasons.len() + 1)
                .ok()
                .and_then(NonZeroU32::new)
                .unwrap_or(NonZeroU32::MAX);
            *self.reasons.entry(reason).or_insert(next)
        });
        let entry = Entry {
            end: row.until.map_or(i64::MAX, Instant::unix),
            reason,
        };
        if entry == Entry::ENDLESS {
            self.bare.push(row.number);
        } else {
            self.detailed.push((row.number, entry));
        }
    }

    /// The list, or an error that names it.
    pub(super) fn finish(self, name: impl FnOnce() -> String) -> Result<SuppressionFile, FileError> {
        self.into_list().map_err(|_| FileError::Folder {
            path: name(),
            message: "more than 4,294,967,295 numbers; split the list".to_owned(),
        })
    }

    /// The list: each number once, with the entry that ends last; of two with the same end, one with a reason.
    fn into_list(mut self) -> Result<SuppressionFile, TooMany> {
        self.bare.sort_unstable();
        self.bare.dedup();
        // The strictest of a number comes first, and stays.
        self.detailed
            .sort_unstable_by(|one, other| one.0.cmp(&other.0).then(other.1.cmp(&one.1)));
        self.detailed.dedup_by_key(|(number, _)| *number);
        let mut list = SuppressionFile::default();
        let mut bare = self.bare.into_iter().peekable();
        let mut detailed = self.detailed.into_iter().peekable();
        loop {
            let (number, entry) = match (bare.peek(), detailed.peek()) {
                (None, None) => break,
                (Some(number), None) => (*number, Entry::ENDLESS),
                (None, Some((number, entry))) => (*number, *entry),
                (Some(one), Some((other, _))) if one < other => (*one, Entry::ENDLESS),
                (Some(one), Some((other, entry))) if one == other => (*one, Entry::ENDLESS.max(*entry)),
                (Some(_), Some((number, entry))) => (*number, *entry),
            };
            bare.next_if_eq(&number);
            detailed.next_if(|(each, _)| *each == number);
            let position = list.numbers.push(number)?;
            if entry != Entry::ENDLESS {
                list.details.push(Detail { position, entry });
            }
        }
        let mut reasons: Vec<_> = self.reasons.into_iter().collect();
        reasons.sort_unstable_by_key(|(_, number)| *number);
        list.reasons = reasons.into_iter().map(|(reason, _)| reason).collect();
        list.numbers.shrink();
        list.details.shrink_to_fit();
        Ok(list)
    }
}
