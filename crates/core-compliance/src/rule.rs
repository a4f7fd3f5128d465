//! Rules: one provision each, with where it comes from.

use core::fmt;

use crate::Jurisdiction;
use crate::attempt::{Channel, Purpose, UnknownWord, fmt_as_str, vocabulary};
use crate::civil::LocalDate;
use crate::window::WeeklyWindows;

vocabulary! {
    /// What force a rule has.
    RuleStatus {
        /// Statute or regulation.
        Law = "law",
        /// A code that binds those who signed it.
        SelfRegulatory = "self-regulatory",
        /// Good practice, or a rule of the house.
        Practice = "practice",
        /// Not established well enough to decide; shown, and noted where it would have prohibited.
        Unverified = "unverified",
    }
}

vocabulary! {
    /// How well the text of a rule is established.
    Confidence {
        /// The legal text or the regulator's page was seen, or several sources agree.
        High = "high",
        /// One secondary source, or memory that secondary sources share.
        Medium = "medium",
        /// Memory alone, or sources disagree.
        Low = "low",
    }
}

vocabulary! {
    /// Who brought a rule in.
    RuleOrigin {
        /// Shipped with the rulebook.
        Rulebook = "rulebook",
        /// Added by the user; it can only tighten.
        Overlay = "overlay",
    }
}

/// One provision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Permanent name: `US-FL`, `acme.no-sundays`.
    pub id: String,
    /// Where it governs: there and in every jurisdiction within.
    pub jurisdiction: Jurisdiction,
    /// Which purposes it governs; empty = all.
    pub purposes: Vec<Purpose>,
    /// Which channels it governs; empty = all.
    pub channels: Vec<Channel>,
    /// What it demands.
    pub provision: Provision,
    /// The place in the law.
    pub citation: String,
    /// What force it has.
    pub status: RuleStatus,
    /// How well it is established.
    pub confidence: Confidence,
    /// First local date on which it is in force; `None` = since before all others.
    pub effective_from: Option<LocalDate>,
    /// First local date on which it is no longer in force.
    pub effective_until: Option<LocalDate>,
    /// Who brought it in.
    pub origin: RuleOrigin,
}

/// What a rule demands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Provision {
    /// Calls only within these local times.
    Windows(WeeklyWindows),
}

impl Rule {
    /// Whether the rule governs this purpose and channel.
    #[must_use]
    pub fn governs(&self, purpose: Purpose, channel: Channel) -> bool {
        (self.purposes.is_empty() || self.purposes.contains(&purpose))
            && (self.channels.is_empty() || self.channels.contains(&channel))
    }

    /// Whether the rule is in force on a local date.
    #[must_use]
    pub fn in_force_on(&self, date: LocalDate) -> bool {
        self.effective_from.is_none_or(|from| from <= date)
            && self.effective_until.is_none_or(|until| date < until)
    }

    /// Whether the rule takes part in decisions.
    #[must_use]
    pub fn decides(&self) -> bool {
        self.status != RuleStatus::Unverified
    }
}
