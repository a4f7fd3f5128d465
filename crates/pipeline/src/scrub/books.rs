//! The books of a list: what became of its rows.

use std::collections::BTreeMap;

use core_compliance::{Decision, FindingCode, Instant};
use serde::Serialize;

/// Why rows were decided as they were.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Reason {
    /// What was decided.
    pub decision: Decision,
    /// The code of the first reason.
    pub code: FindingCode,
    /// Whose rule that is; where it is nobody's, where the callee is. Empty = not known.
    pub jurisdiction: String,
}

/// How many rows had a reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReasonCount {
    /// So many.
    pub rows: u64,
    /// The first instant at which one of them may be called, if they are prohibited and any opens.
    pub earliest_opening: Option<Instant>,
}

impl ReasonCount {
    /// Adds further rows.
    pub(super) fn add(&mut self, other: Self) {
        self.rows += other.rows;
        self.earliest_opening = earlier(self.earliest_opening, other.earliest_opening);
    }
}

/// How many rows were rejected for one cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rejects {
    /// So many.
    pub rows: u64,
    /// The line of the first.
    pub first_line: u64,
}

/// What became of all rows. `rows` is the sum of the others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListBooks {
    /// Rows read.
    pub rows: u64,
    /// Rows that may be called.
    pub permitted: u64,
    /// Rows that may not.
    pub prohibited: u64,
    /// Rows that could not be judged.
    pub rejected: u64,
    /// By reason and jurisdiction.
    pub by_reason: BTreeMap<Reason, ReasonCount>,
    /// By code.
    pub rejected_by: BTreeMap<&'static str, Rejects>,
}

impl ListBooks {
    /// Whether every row read has become exactly one thing, and every one of these has its reason.
    #[must_use]
    pub fn balance(&self) -> bool {
        let decided = |decision| {
            let all = self.by_reason.iter();
            all.filter(|(reason, _)| reason.decision == decision)
                .map(|(_, count)| count.rows)
                .sum::<u64>()
        };
        self.rows == self.permitted + self.prohibited + self.rejected
            && decided(Decision::Permit) == self.permitted
            && decided(Decision::Prohibit) == self.prohibited
            && self.rejected_by.values().map(|each| each.rows).sum::<u64>() == self.rejected
    }

    /// The first instant at which a prohibited row may be called.
    #[must_use]
    pub fn earliest_opening(&self) -> Option<Instant> {
        self.by_reason
            .values()
            .filter_map(|count| count.earliest_opening)
            .min()
    }

    pub(super) fn reject(&mut self, code: &'static str, line: u64) {
        self.rows += 1;
        self.rejected += 1;
        let first = Rejects {
            rows: 0,
            first_line: line,
        };
        self.rejected_by.entry(code).or_insert(first).rows += 1;
    }

    /// Enters rows that were read already, and are decided for this reason.
    pub(super) fn decide(&mut self, reason: Reason, count: ReasonCount) {
        if reason.decision == Decision::Permit {
            self.permitted += count.rows;
        } else {
            self.prohibited += count.rows;
        }
        self.by_reason.entry(reason).or_default().add(count);
    }

    /// Adds what became of further rows.
    pub(super) fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        self.permitted += other.permitted;
        self.prohibited += other.prohibited;
        self.rejected += other.rejected;
        for (reason, count) in &other.by_reason {
            self.by_reason.entry(reason.clone()).or_default().add(*count);
        }
        for (code, rejects) in &other.rejected_by {
            let ours = self
                .rejected_by
                .entry(code)
                .or_insert(Rejects { rows: 0, ..*rejects });
            ours.rows += rejects.rows;
            ours.first_line = ours.first_line.min(rejects.first_line);
        }
    }
}

/// The earlier of two instants, of which one may not be known.
pub(super) fn earlier(one: Option<Instant>, two: Option<Instant>) -> Option<Instant> {
    match (one, two) {
        (Some(one), Some(two)) => Some(one.min(two)),
        (one, two) => one.or(two),
    }
}
