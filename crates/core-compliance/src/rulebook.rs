//! The rulebook: all rules, caps and calendars, versioned and hashed.

mod documents;
mod fingerprint;
mod parse;
mod parse_calendar;
mod parse_cap;
mod reach;
mod relax;
mod shipped;
mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use parse::Overlay;
pub use source::{RulebookSource, SourceDocument};

use crate::Jurisdiction;
use crate::attempt::{Channel, Purpose};
use crate::calendar::{Calendar, Day};
use crate::cap::Cap;
use crate::civil::LocalDate;
use crate::digest::Sha256Hex;
use crate::document::DocumentError;
use crate::rule::{Hours, Provenance, Provision, Rule};

use reach::Reach;

use source::Kept;

/// Rules with a version, a fingerprint and the date on which they were last reviewed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rulebook {
    version: String,
    reviewed_on: LocalDate,
    rules: Vec<Rule>,
    caps: Vec<Cap>,
    calendars: BTreeMap<String, Calendar>,
    without_rules: Vec<WithoutRules>,
    relaxations: Vec<Relaxation>,
    sha256: Sha256Hex,
    source: Kept<RulebookSource>,
    rules_on: Reach,
    caps_on: Reach,
}

/// A jurisdiction that was looked at and in which no stricter rule was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithoutRules {
    /// Which.
    pub jurisdiction: Jurisdiction,
    /// What was looked at.
    pub provenance: Provenance,
}

/// Days that the user adds to a calendar, and through which date its list is known with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddedDays {
    /// Id of the calendar.
    pub calendar: String,
    /// The days.
    pub days: Vec<Day>,
    /// Last date for which the list is now known.
    pub verified_through: Option<LocalDate>,
}

/// A shipped rule that the user loosened, or a shipped rule or cap that they disabled, on their own responsibility.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relaxation {
    /// Id of the shipped rule or cap.
    pub relaxes: String,
    /// Hours in place of the rule's; `None` = the rule or cap is disabled.
    pub hours: Option<Hours>,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub author: String,
    /// First local date on which the shipped rule decides again.
    pub expires: LocalDate,
}

/// Why rules do not make a rulebook.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RulebookError {
    /// A file that cannot be read, with the place in it.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// Two rules, caps or calendars of one name.
    #[error("id `{0}` is used twice; give each rule, cap and calendar its own id")]
    DuplicateId(String),
    /// In force never.
    #[error("`{0}` ends before it begins; put `effective_until` after `effective_from`")]
    NeverInForce(String),
    /// A calendar that is nowhere defined.
    #[error("rule `{rule}` names calendar `{calendar}`, which is not defined; add a [[calendar]] of this id")]
    UnknownCalendar {
        /// The rule.
        rule: String,
        /// The calendar.
        calendar: String,
    },
    /// Days added to a calendar, or a relaxation of a rule or cap, that does not exist.
    #[error("`{0}` is no rule, cap or calendar of the rulebook; `curfew rules list` shows all ids")]
    UnknownId(String),
    /// Hours in place of a cap.
    #[error("`{0}` is a cap, which has no hours; leave out `hours` to lift it until the relaxation expires")]
    HoursForCap(String),
}

/// The parts of a rulebook.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// Rules.
    pub rules: Vec<Rule>,
    /// Caps.
    pub caps: Vec<Cap>,
    /// Calendars.
    pub calendars: Vec<Calendar>,
    /// Jurisdictions without rules of their own.
    pub without_rules: Vec<WithoutRules>,
}

impl Rulebook {
    /// A rulebook of these rules, without caps and calendars.
    ///
    /// # Errors
    /// [`RulebookError`] where ids repeat or a rule can never be in force.
    pub fn new(version: &str, reviewed_on: LocalDate, rules: Vec<Rule>) -> Result<Self, RulebookError> {
        Self::of_parts(
            version,
            reviewed_on,
            Parts {
                rules,
                ..Parts::default()
            },
        )
    }

    /// A rulebook of these parts.
    ///
    /// # Errors
    /// [`RulebookError`] where ids repeat, a calendar is missing, or a rule can never be in force.
    pub fn of_parts(version: &str, reviewed_on: LocalDate, parts: Parts) -> Result<Self, RulebookError> {
        let Parts {
            mut rules,
            mut caps,
            calendars,
            mut without_rules,
        } = parts;
        rules.sort_by(|one, two| one.id.cmp(&two.id));
        caps.sort_by(|one, two| one.id.cmp(&two.id));
        without_rules.sort_by(|one, two| one.jurisdiction.cmp(&two.jurisdiction));
        let mut ids: Vec<&str> = rules
            .iter()
            .map(|rule| rule.id.as_str())
            .chain(caps.iter().map(|cap| cap.id.as_str()))
            .collect();
        ids.sort_unstable();
        if let Some((id, _)) = ids.iter().zip(ids.iter().skip(1)).find(|(one, two)| one == two) {
            return Err(RulebookError::DuplicateId((*id).to_owned()));
        }
        let mut by_id = BTreeMap::new();
        for calendar in calendars {
            let id = calendar.id.clone();
            if by_id.insert(id.clone(), calendar).is_some() {
                return Err(RulebookError::DuplicateId(id));
            }
        }
        check_dates(
            rules
                .iter()
                .map(|rule| (&rule.id, rule.effective_from, rule.effective_until)),
        )?;
        check_dates(
            caps.iter()
                .map(|cap| (&cap.id, cap.effective_from, cap.effective_until)),
        )?;
        for rule in &rules {
            let Provision::Hours(hours) = &rule.provision else {
                continue;
            };
            if let Some(effect) = hours
                .holidays
                .iter()
                .find(|effect| !by_id.contains_key(&effect.calendar))
            {
                let (rule, calendar) = (rule.id.clone(), effect.calendar.clone());
                return Err(RulebookError::UnknownCalendar { rule, calendar });
            }
        }
        let mut book = Self {
            version: version.to_owned(),
            reviewed_on,
            rules_on: Reach::of(rules.iter().map(|rule| &rule.jurisdiction)),
            caps_on: Reach::of(caps.iter().map(|cap| &cap.jurisdiction)),
            rules,
            caps,
            calendars: by_id,
            without_rules,
            relaxations: Vec::new(),
            sha256: Sha256Hex::of(b""),
            source: Kept::default(),
        };
        book.sha256 = fingerprint::of(&book);
        Ok(book)
    }

    /// This rulebook with what the user adds and relaxes.
    ///
    /// # Errors
    /// As [`Rulebook::of_parts`], and for ids that are not in the rulebook.
    pub fn with_overlay(&self, overlay: Overlay) -> Result<Self, RulebookError> {
        if overlay == Overlay::default() {
            return Ok(self.clone());
        }
        let source = self
            .source()
            .filter(|_| !overlay.documents.is_empty())
            .map(|source| {
                let mut source = source.clone();
                source.overlays.push(overlay.documents.clone());
                Arc::new(source)
            });
        let mut calendars = self.calendars.clone();
        for added in overlay.added_days {
            let calendar = calendars
                .get_mut(&added.calendar)
                .ok_or(RulebookError::UnknownId(added.calendar))?;
            *calendar = calendar.extended(added.days);
            // A list can be known for longer than it was; a calendar that is computed needs no such date.
            calendar.verified_through = calendar.verified_through.max(added.verified_through);
        }
        let (mut rules, mut caps) = (self.rules.clone(), self.caps.clone());
        for relaxation in &overlay.relaxations {
            relax::apply(&mut rules, &mut caps, relaxation)?;
        }
        let parts = Parts {
            rules: rules.into_iter().chain(overlay.parts.rules).collect(),
            caps: caps.into_iter().chain(overlay.parts.caps).collect(),
            calendars: calendars.into_values().chain(overlay.parts.calendars).collect(),
            without_rules: self.without_rules.clone(),
        };
        let mut book = Self::of_parts(&format!("{}+overlay", self.version), self.reviewed_on, parts)?;
        book.relaxations = self
            .relaxations
            .iter()
            .cloned()
            .chain(overlay.relaxations)
            .collect();
        book.sha256 = fingerprint::of(&book);
        book.source = Kept(source);
        Ok(book)
    }

    /// Version.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// When the rules were last reviewed as a whole.
    #[must_use]
    pub fn reviewed_on(&self) -> LocalDate {
        self.reviewed_on
    }

    /// Fingerprint of version, review date and every part.
    #[must_use]
    pub fn sha256(&self) -> &Sha256Hex {
        &self.sha256
    }

    /// All rules, in order of id.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// All caps, in order of id.
    #[must_use]
    pub fn caps(&self) -> &[Cap] {
        &self.caps
    }

    /// All calendars, in order of id.
    pub fn calendars(&self) -> impl Iterator<Item = &Calendar> {
        self.calendars.values()
    }

    /// The calendar of this id.
    #[must_use]
    pub fn calendar(&self, id: &str) -> Option<&Calendar> {
        self.calendars.get(id)
    }

    /// Jurisdictions that were looked at and have no rules of their own.
    #[must_use]
    pub fn without_rules(&self) -> &[WithoutRules] {
        &self.without_rules
    }

    /// Whether a rule has days that count in parts of its jurisdiction alone.
    pub(crate) fn has_local_days(&self, rule: &Rule) -> bool {
        let Provision::Hours(hours) = &rule.provision else {
            return false;
        };
        let calendars = hours
            .holidays
            .iter()
            .filter_map(|effect| self.calendar(&effect.calendar));
        calendars
            .flat_map(|calendar| &calendar.days)
            .any(|day| !day.only.is_empty())
    }

    /// The counties that rules and calendars name.
    pub(crate) fn counties(&self) -> BTreeSet<Jurisdiction> {
        let of_rules = self.rules.iter().map(|rule| &rule.jurisdiction);
        let of_caps = self.caps.iter().map(|cap| &cap.jurisdiction);
        let of_days = self
            .calendars
            .values()
            .flat_map(|calendar| &calendar.days)
            .flat_map(|day| &day.only);
        of_rules
            .chain(of_caps)
            .chain(of_days)
            .filter(|each| each.is_county())
            .cloned()
            .collect()
    }

    /// What the user relaxed.
    #[must_use]
    pub fn relaxations(&self) -> &[Relaxation] {
        &self.relaxations
    }

    /// The rules of a jurisdiction and of those above it that govern this purpose and channel, in order of id.
    pub fn governing<'r>(
        &'r self,
        jurisdiction: &Jurisdiction,
        purpose: Purpose,
        channel: Channel,
    ) -> impl Iterator<Item = &'r Rule> + use<'r> {
        let reaching = self.rules_on.on(jurisdiction).into_iter();
        reaching
            .filter_map(|position| self.rules.get(position))
            .filter(move |rule| rule.governs(purpose, channel))
    }

    /// The caps of a jurisdiction and of those above it that govern this purpose and channel, in order of id.
    pub fn governing_caps<'r>(
        &'r self,
        jurisdiction: &Jurisdiction,
        purpose: Purpose,
        channel: Channel,
    ) -> impl Iterator<Item = &'r Cap> + use<'r> {
        let reaching = self.caps_on.on(jurisdiction).into_iter();
        reaching
            .filter_map(|position| self.caps.get(position))
            .filter(move |cap| cap.governs(purpose, channel))
    }
}

fn check_dates<'i>(
    dates: impl Iterator<Item = (&'i String, Option<LocalDate>, Option<LocalDate>)>,
) -> Result<(), RulebookError> {
    for (id, from, until) in dates {
        if let (Some(from), Some(until)) = (from, until)
            && until <= from
        {
            return Err(RulebookError::NeverInForce(id.clone()));
        }
    }
    Ok(())
}
