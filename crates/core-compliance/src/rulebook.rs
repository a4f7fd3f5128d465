//! The rulebook: all rules, versioned and hashed.

use crate::Jurisdiction;
use crate::attempt::{Channel, Purpose};
use crate::civil::LocalDate;
use crate::digest::Sha256Hex;
use crate::rule::{Provision, Rule};

/// Rules with a version, a fingerprint and the date on which they were last reviewed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rulebook {
    version: String,
    reviewed_on: LocalDate,
    rules: Vec<Rule>,
    sha256: Sha256Hex,
}

/// Why rules do not make a rulebook.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RulebookError {
    /// Two rules of one name.
    #[error("rule id `{0}` is used twice; give each rule its own id")]
    DuplicateId(String),
    /// In force never.
    #[error("rule `{0}` ends before it begins; put `effective_until` after `effective_from`")]
    NeverInForce(String),
}

impl Rulebook {
    /// A rulebook of these rules.
    ///
    /// # Errors
    /// [`RulebookError`] where ids repeat or a rule can never be in force.
    pub fn new(version: &str, reviewed_on: LocalDate, mut rules: Vec<Rule>) -> Result<Self, RulebookError> {
        rules.sort_by(|one, two| one.id.cmp(&two.id));
        if let Some(rule) = rules
            .iter()
            .zip(rules.iter().skip(1))
            .find_map(|(a, b)| (a.id == b.id).then_some(a))
        {
            return Err(RulebookError::DuplicateId(rule.id.clone()));
        }
        for rule in &rules {
            if let (Some(from), Some(until)) = (rule.effective_from, rule.effective_until)
                && until <= from
            {
                return Err(RulebookError::NeverInForce(rule.id.clone()));
            }
        }
        let sha256 = fingerprint(version, reviewed_on, &rules);
        Ok(Self {
            version: version.to_owned(),
            reviewed_on,
            rules,
            sha256,
        })
    }

    /// The rulebook that ships with this crate. It holds no law yet: every place has the house hours.
    #[must_use]
    pub fn shipped() -> Self {
        let reviewed_on = LocalDate::from_calendar(2026, 11, 22).unwrap_or(LocalDate::of_local_seconds(0));
        let (version, rules) = ("0", Vec::new());
        let sha256 = fingerprint(version, reviewed_on, &rules);
        Self {
            version: version.to_owned(),
            reviewed_on,
            rules,
            sha256,
        }
    }

    /// This rulebook with the user's rules added.
    ///
    /// # Errors
    /// As [`Rulebook::new`].
    pub fn with_overlay(&self, overlay: Vec<Rule>) -> Result<Self, RulebookError> {
        if overlay.is_empty() {
            return Ok(self.clone());
        }
        let rules = self.rules.iter().cloned().chain(overlay).collect();
        Self::new(&format!("{}+overlay", self.version), self.reviewed_on, rules)
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

    /// Fingerprint of version, review date and every rule.
    #[must_use]
    pub fn sha256(&self) -> &Sha256Hex {
        &self.sha256
    }

    /// All rules, in order of id.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rules of a jurisdiction and of those above it that govern this purpose and channel, in order of id.
    pub fn governing<'r>(
        &'r self,
        jurisdiction: &'r Jurisdiction,
        purpose: Purpose,
        channel: Channel,
    ) -> impl Iterator<Item = &'r Rule> {
        self.rules
            .iter()
            .filter(move |rule| jurisdiction.is_within(&rule.jurisdiction) && rule.governs(purpose, channel))
    }
}

fn fingerprint(version: &str, reviewed_on: LocalDate, rules: &[Rule]) -> Sha256Hex {
    // One line a rule, every field named: equal texts are equal rulebooks, whatever file they came from.
    let mut text = format!("curfew rulebook {version:?} reviewed {reviewed_on}\n");
    let date = |date: Option<LocalDate>| date.map_or_else(|| "-".to_owned(), |date| date.to_string());
    for rule in rules {
        let Provision::Windows(windows) = &rule.provision;
        text.push_str(&format!(
            "{:?} in {} purposes {:?} channels {:?} windows {windows} citation {:?} {} {} from {} until {} {}\n",
            rule.id,
            rule.jurisdiction,
            rule.purposes,
            rule.channels,
            rule.citation,
            rule.status,
            rule.confidence,
            date(rule.effective_from),
            date(rule.effective_until),
            rule.origin,
        ));
    }
    Sha256Hex::of(text.as_bytes())
}
