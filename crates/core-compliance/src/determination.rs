//! Determinations: the decision, why, until when, and all that it depends on.

use core::fmt;

use crate::attempt::{Channel, EvidenceKind, Purpose, UnknownWord, fmt_as_str, vocabulary};
use crate::civil::LocalTime;
use crate::digest::Sha256Hex;
use crate::rule::RuleStatus;
use crate::settings::Policy;
use crate::{Instant, Jurisdiction};

/// Version of the JSON of a determination.
pub const SCHEMA: u32 = 1;

vocabulary! {
    /// Whether the call may be placed.
    Decision {
        /// It may.
        Permit = "permit",
        /// It may not.
        Prohibit = "prohibit",
    }
}

vocabulary! {
    /// What a finding does to the decision.
    Effect {
        /// It speaks for the call.
        Permits = "permits",
        /// It alone prohibits the call.
        Prohibits = "prohibits",
        /// It changes nothing and should be known.
        Notes = "notes",
    }
}

vocabulary! {
    /// The permanent codes of findings; docs/findings.md explains each.
    FindingCode {
        /// The local time is inside the rule's window.
        WithinCallingWindow = "within-calling-window",
        /// The local time is outside the rule's window, or too near its end.
        OutsideCallingWindow = "outside-calling-window",
        /// No rule gives hours for the place; the house hours decided.
        HouseHours = "house-hours",
        /// `--calling-hours` decided alone.
        LawNotApplied = "law-not-applied",
        /// Nothing says where the callee is.
        PlaceUnresolved = "place-unresolved",
        /// A region or jurisdiction code that is not in the tables.
        JurisdictionUnknown = "jurisdiction-unknown",
        /// A zone that is not in the time zone data, or whose data are damaged.
        ZoneUnknown = "zone-unknown",
        /// Pieces of evidence that cannot all be true; every place they name was judged.
        EvidenceConflict = "evidence-conflict",
        /// A piece of evidence that cannot be read.
        EvidenceUnreadable = "evidence-unreadable",
        /// The country or zone is known, the subdivision is not; every one in question was judged.
        SubdivisionUnknown = "subdivision-unknown",
        /// A holiday closes the day, or changes its hours.
        Holiday = "holiday",
        /// The holidays of the date are not known yet: it is taken for closed.
        CalendarUnverified = "calendar-unverified",
        /// A fact that the law demands is given.
        RequirementMet = "requirement-met",
        /// A fact that the law demands is not given.
        RequirementNotMet = "requirement-not-met",
        /// A rule does not bind because of consent, relationship or who calls whom.
        ExemptionApplies = "exemption-applies",
        /// Fewer attempts than the cap allows.
        WithinCap = "within-cap",
        /// As many attempts as the cap allows, or a pause that still runs.
        CapReached = "cap-reached",
        /// A cap governs, and the history was not given.
        CapNotEvaluated = "cap-not-evaluated",
        /// The number is on a do-not-call list.
        Suppressed = "suppressed",
        /// The user relaxed a shipped rule that governs.
        RuleRelaxed = "rule-relaxed",
        /// The numbering plan does not know the number.
        PhoneNotInPlan = "phone-not-in-plan",
        /// An unverified rule would have prohibited.
        UnverifiedRuleWouldProhibit = "unverified-rule-would-prohibit",
        /// The rules never permit this call.
        NeverOpens = "never-opens",
        /// What is missing must be supplied before an opening can be named.
        FactsNeeded = "facts-needed",
        /// No opening, or no closing, within 400 days.
        BeyondHorizon = "beyond-horizon",
        /// The rulebook was last reviewed more than 180 days before the attempt.
        RulebookStale = "rulebook-stale",
        /// The time zone data were released more than 120 days before the attempt.
        TzdbStale = "tzdb-stale",
        /// The two evaluators disagree: a fault of Curfew, which therefore prohibits.
        EvaluatorsDisagree = "evaluators-disagree",
    }
}

/// One reason.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Finding {
    /// Permanent code.
    pub code: FindingCode,
    /// What it does to the decision.
    pub effect: Effect,
    /// The rule behind it.
    pub rule: Option<String>,
    /// The force of that rule.
    pub status: Option<RuleStatus>,
    /// The jurisdiction concerned.
    pub jurisdiction: Option<Jurisdiction>,
    /// The place in the law.
    pub citation: Option<String>,
    /// For people, with the values compared.
    pub message: String,
}

/// A place that was judged, with the evidence for it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct JudgedPlace {
    /// Whose law.
    pub jurisdiction: Jurisdiction,
    /// IANA name of the zone.
    pub zone: String,
    /// What a clock there shows at the attempt.
    pub local_time: LocalTime,
    /// The evidence that names the place.
    pub evidence: Vec<EvidenceKind>,
}

/// Under which settings an attempt was judged.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct SettingsStamp {
    /// The attempt's purpose.
    pub purpose: Purpose,
    /// The attempt's channel.
    pub channel: Channel,
    /// The policy for several places.
    pub policy: Policy,
    /// The guard in seconds.
    pub guard_s: u32,
    /// Fingerprint of all settings.
    pub sha256: Sha256Hex,
}

/// Which rulebook or time zone data an attempt was judged by.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct VersionStamp {
    /// Its version.
    pub version: String,
    /// Its fingerprint.
    pub sha256: Sha256Hex,
}

/// The answer to one attempt.
///
/// Two determinations of equal inputs are equal, byte for byte in JSON, on every machine.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Determination {
    /// Version of this form.
    pub schema: u32,
    /// The attempt's id.
    pub id: Option<String>,
    /// Whether the call may be placed.
    pub decision: Decision,
    /// When it was to be placed.
    pub at: Instant,
    /// First instant from which it may no longer be placed; `None` if prohibited, or if no end is in sight.
    pub permitted_until: Option<Instant>,
    /// First later instant at which it may be placed; `None` if permitted, or as a finding explains.
    pub next_opening: Option<Instant>,
    /// Every place that was judged.
    pub places: Vec<JudgedPlace>,
    /// Why, what prohibits first.
    pub findings: Vec<Finding>,
    /// Under which settings.
    pub settings: SettingsStamp,
    /// By which rulebook.
    pub rulebook: VersionStamp,
    /// By which time zone data.
    pub tzdb: VersionStamp,
    /// Version of this crate.
    pub engine: &'static str,
}

impl Determination {
    /// Whether the call may be placed.
    #[must_use]
    pub fn is_permitted(&self) -> bool {
        self.decision == Decision::Permit
    }

    /// The finding that explains the decision best: the first that prohibits, or that permits.
    #[must_use]
    pub fn reason(&self) -> Option<&Finding> {
        let wanted = if self.is_permitted() {
            Effect::Permits
        } else {
            Effect::Prohibits
        };
        self.findings.iter().find(|finding| finding.effect == wanted)
    }

    /// Whether a finding with this code is among the reasons.
    #[must_use]
    pub fn has(&self, code: FindingCode) -> bool {
        self.findings.iter().any(|finding| finding.code == code)
    }
}
