//! Rulebook files and overlays, as docs/rulebook-format.md describes them.

use crate::Jurisdiction;
use crate::condition::Condition;
use crate::document::{Document, DocumentError, Node};
use crate::rule::{
    HolidayEffect, Hours, HoursChange, Provenance, Provision, Rule, RuleClock, RuleOrigin, RuleStatus,
};
use crate::window::{CallingWindow, WeeklyWindows};

use super::parse_calendar::{CalendarEntry, read_calendar};
use super::parse_cap::read_cap;
use super::source::SourceDocument;
use super::{AddedDays, Parts, Relaxation, WithoutRules};

/// What a user adds to a rulebook, and what they relax.
#[derive(Clone, Debug, Default)]
pub struct Overlay {
    /// Rules, caps and calendars.
    pub parts: Parts,
    /// Days added to shipped calendars.
    pub added_days: Vec<AddedDays>,
    /// Relaxations.
    pub relaxations: Vec<Relaxation>,
    /// What all of it was read from; empty if it was made in code.
    pub documents: Vec<SourceDocument>,
}

/// Equal rules are equal, whatever files they came from.
impl PartialEq for Overlay {
    fn eq(&self, other: &Self) -> bool {
        self.parts == other.parts
            && self.added_days == other.added_days
            && self.relaxations == other.relaxations
    }
}

impl Eq for Overlay {}

/// Keys of tables that are read here; others in the same document belong to somebody else.
const TABLES: [&str; 4] = ["rule", "cap", "calendar", "relaxation"];

impl Overlay {
    /// Reads the rules, caps, calendars and relaxations of a document. Other keys are errors unless `others` names
    /// them: the settings file holds rules among other things.
    ///
    /// # Errors
    /// [`DocumentError`] with line and key.
    pub fn parse(document: &Document<'_>, others: &[&str]) -> Result<Self, DocumentError> {
        read(document, RuleOrigin::Overlay, others)
    }

    /// Reads an overlay from a TOML text of nothing but rules, caps, calendars and relaxations; `name` is how errors
    /// call it.
    ///
    /// # Errors
    /// [`DocumentError`] with line and key.
    pub fn of_text(name: &str, text: &str) -> Result<Self, DocumentError> {
        Self::parse(&Document { name, text }, &[])
    }

    /// Adds another overlay's parts.
    pub fn merge(&mut self, other: Self) {
        self.parts.rules.extend(other.parts.rules);
        self.parts.caps.extend(other.parts.caps);
        self.parts.calendars.extend(other.parts.calendars);
        self.added_days.extend(other.added_days);
        self.relaxations.extend(other.relaxations);
        self.documents.extend(other.documents);
    }
}

pub(super) fn read(
    document: &Document<'_>,
    origin: RuleOrigin,
    others: &[&str],
) -> Result<Overlay, DocumentError> {
    let table = document.parse()?;
    let mut overlay = Overlay {
        documents: vec![SourceDocument {
            name: document.name.to_owned(),
            text: document.text.to_owned(),
        }],
        ..Overlay::default()
    };
    for (name, node) in document.nodes(table.get_ref(), "") {
        for entry in node.list() {
            match name.as_str() {
                "rule" => overlay.parts.rules.push(read_rule(&entry, origin)?),
                "cap" => overlay.parts.caps.push(read_cap(&entry, origin)?),
                "calendar" => match read_calendar(&entry)? {
                    CalendarEntry::New(calendar) => overlay.parts.calendars.push(*calendar),
                    CalendarEntry::More(added) => overlay.added_days.push(added),
                },
                "relaxation" if origin == RuleOrigin::Overlay => {
                    overlay.relaxations.push(read_relaxation(&entry)?)
                }
                "no_rule" if origin == RuleOrigin::Rulebook => {
                    overlay.parts.without_rules.push(read_none(&entry)?)
                }
                other if others.contains(&other) => break,
                _ => return Err(node.unknown(&TABLES.map(|table| format!("[[{table}]]")).join(", "))),
            }
        }
    }
    Ok(overlay)
}

/// Takes a key of [`Provenance`]; `false` if it is none.
pub(super) fn take_provenance(
    provenance: &mut Provenance,
    name: &str,
    value: &Node<'_, '_>,
) -> Result<bool, DocumentError> {
    match name {
        "title" => provenance.title = value.text()?,
        "citation" => provenance.citation = value.text()?,
        "source" => provenance.source = value.parsed_list()?,
        "confidence" => provenance.confidence = Some(value.parsed()?),
        "text" => provenance.text = value.text()?,
        "open" => provenance.open = value.parsed_list()?,
        "note" => provenance.note = value.text()?,
        _ => return Ok(false),
    }
    Ok(true)
}

pub(super) const PROVENANCE_KEYS: &str = "title, citation, source, confidence, text, open, note";

/// The user's own entries need no source; the rulebook's do.
pub(super) fn check_provenance(
    provenance: &Provenance,
    origin: RuleOrigin,
    node: &Node<'_, '_>,
) -> Result<(), DocumentError> {
    let lacks = |key: &str| node.wrong(format!("`{key}` is missing: no law without where it comes from"));
    match origin {
        RuleOrigin::Overlay => Ok(()),
        _ if provenance.citation.is_empty() => Err(lacks("citation")),
        _ if provenance.source.is_empty() => Err(lacks("source")),
        _ if provenance.confidence.is_none() => Err(lacks("confidence")),
        _ => Ok(()),
    }
}

fn read_rule(node: &Node<'_, '_>, origin: RuleOrigin) -> Result<Rule, DocumentError> {
    let (mut id, mut jurisdiction) = (None, None::<Jurisdiction>);
    let (mut purposes, mut channels, mut unless) = (Vec::new(), Vec::new(), Vec::new());
    let (mut week, mut requires) = (None::<WeeklyWindows>, None);
    let (mut start_excluded, mut clock, mut holidays) = (false, RuleClock::Callee, Vec::new());
    let mut status = if origin == RuleOrigin::Overlay {
        RuleStatus::Practice
    } else {
        RuleStatus::Law
    };
    let (mut effective_from, mut effective_until) = (None, None);
    let mut provenance = Provenance::default();
    for (name, value) in node.entries()? {
        match name.as_str() {
            "id" => id = Some(value.text()?).filter(|id| !id.trim().is_empty()),
            "jurisdiction" => jurisdiction = Some(value.known_jurisdiction()?),
            "purposes" => purposes = value.parsed_list()?,
            "channels" => channels = value.parsed_list()?,
            "hours" => week = Some(value.parsed()?),
            "start_excluded" => start_excluded = value.boolean()?,
            "clock" => clock = read_clock(&value)?,
            "holidays" => holidays = value.list().iter().map(read_effect).collect::<Result<_, _>>()?,
            "requires" => requires = Some(read_conditions(&value)?),
            "unless" => unless = read_conditions(&value)?,
            "effective_from" => effective_from = Some(value.date()?),
            "effective_until" => effective_until = Some(value.date()?),
            "status" => status = value.parsed()?,
            _ if take_provenance(&mut provenance, &name, &value)? => {}
            _ => {
                return Err(value.unknown(&format!(
                    "id, jurisdiction, purposes, channels, hours, start_excluded, clock, holidays, requires, unless, \
                     effective_from, effective_until, status, {PROVENANCE_KEYS}"
                )));
            }
        }
    }
    check_provenance(&provenance, origin, node)?;
    let missing = |key: &str| node.wrong(format!("`{key}` is missing"));
    let provision = match (week, requires) {
        (Some(week), None) => Provision::Hours(Hours {
            week,
            start_excluded,
            clock,
            holidays,
        }),
        (None, Some(_)) if start_excluded || clock != RuleClock::Callee || !holidays.is_empty() => {
            return Err(node.wrong("`start_excluded`, `clock` and `holidays` go with `hours` alone"));
        }
        (None, Some(conditions)) => Provision::Requires(conditions),
        _ => return Err(node.wrong("a rule has either `hours` or `requires`")),
    };
    Ok(Rule {
        id: id.ok_or_else(|| missing("id"))?,
        jurisdiction: jurisdiction.ok_or_else(|| missing("jurisdiction"))?,
        purposes,
        channels,
        provision,
        unless,
        status,
        effective_from,
        effective_until,
        origin,
        provenance,
    })
}

fn read_clock(node: &Node<'_, '_>) -> Result<RuleClock, DocumentError> {
    let text = node.text()?;
    let wrong = || {
        node.wrong(format!(
            "`{text}` is not a clock; write `callee`, `jurisdiction` or `UTC-06:00`"
        ))
    };
    match text.as_str() {
        "callee" => return Ok(RuleClock::Callee),
        "jurisdiction" => return Ok(RuleClock::Jurisdiction),
        _ => {}
    }
    let offset = text.strip_prefix("UTC").ok_or_else(wrong)?;
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = offset
        .trim_start_matches(['+', '-'])
        .split_once(':')
        .ok_or_else(wrong)?;
    match (hours.parse::<i32>(), minutes.parse::<i32>()) {
        (Ok(hours @ 0..=14), Ok(minutes @ 0..=59)) => {
            Ok(RuleClock::Fixed(sign * (hours * 3_600 + minutes * 60)))
        }
        _ => Err(wrong()),
    }
}

/// `13:00-21:00` or several with commas between.
fn read_windows(node: &Node<'_, '_>) -> Result<Vec<CallingWindow>, DocumentError> {
    let text = node.text()?;
    text.split(',')
        .map(|part| part.parse().map_err(|error| node.wrong(format!("{error}"))))
        .collect()
}

fn read_effect(node: &Node<'_, '_>) -> Result<HolidayEffect, DocumentError> {
    let (mut calendar, mut eve, mut within) = (None, false, false);
    let (mut windows, mut latest) = (None, None);
    for (name, value) in node.entries()? {
        match name.as_str() {
            "calendar" => calendar = Some(value.text()?),
            "hours" => windows = Some(read_windows(&value)?),
            "latest" => {
                let until: CallingWindow = format!("00:00-{}", value.text()?)
                    .parse()
                    .map_err(|error| value.wrong(format!("{error}")))?;
                latest = Some(until.end());
            }
            "eve" => eve = value.boolean()?,
            "within_hours" => within = value.boolean()?,
            _ => return Err(value.unknown("calendar, hours, latest, eve, within_hours")),
        }
    }
    let change = match (windows, latest) {
        (None, None) => HoursChange::Closed,
        (Some(windows), None) if within => HoursChange::Narrowed(windows),
        (Some(windows), None) => HoursChange::Replaced(windows),
        (None, Some(second)) => HoursChange::EndBy(second),
        (Some(_), Some(_)) => return Err(node.wrong("a holiday effect has either `hours` or `latest`")),
    };
    Ok(HolidayEffect {
        calendar: calendar.ok_or_else(|| node.wrong("`calendar` is missing"))?,
        eve,
        change,
    })
}

pub(super) fn read_conditions(node: &Node<'_, '_>) -> Result<Vec<Condition>, DocumentError> {
    node.list().iter().map(read_condition).collect()
}

fn read_condition(node: &Node<'_, '_>) -> Result<Condition, DocumentError> {
    let mut condition = Condition::default();
    for (name, value) in node.entries()? {
        match name.as_str() {
            "consent" => condition.consent = Some(value.parsed()?),
            "consent_within_months" => condition.consent_within_months = Some(value.number()?),
            "relationship" => condition.relationship = Some(value.parsed()?),
            "within_months" => condition.within_months = Some(value.number()?),
            "callee" => condition.callee = Some(value.parsed()?),
            "caller" => condition.caller = Some(value.parsed()?),
            "until" => condition.until = Some(value.date()?),
            _ => {
                return Err(value.unknown(
                    "consent, consent_within_months, relationship, within_months, callee, caller, until",
                ));
            }
        }
    }
    let says_something = condition.consent.is_some()
        || condition.relationship.is_some()
        || condition.callee.is_some()
        || condition.caller.is_some();
    if says_something {
        Ok(condition)
    } else {
        Err(node.wrong("a condition must name at least one fact"))
    }
}

fn read_relaxation(node: &Node<'_, '_>) -> Result<Relaxation, DocumentError> {
    let (mut relaxes, mut reason, mut author, mut expires) = (None, None, None, None);
    let mut week = None::<WeeklyWindows>;
    for (name, value) in node.entries()? {
        match name.as_str() {
            "relaxes" => relaxes = Some(value.text()?),
            "hours" => week = Some(value.parsed()?),
            "reason" => reason = Some(value.text()?).filter(|text| !text.trim().is_empty()),
            "author" => author = Some(value.text()?).filter(|text| !text.trim().is_empty()),
            "expires" => expires = Some(value.date()?),
            _ => return Err(value.unknown("relaxes, hours, reason, author, expires")),
        }
    }
    let missing = |key: &str| {
        node.wrong(format!(
            "`{key}` is missing: who relaxes a rule says why, who and until when"
        ))
    };
    Ok(Relaxation {
        relaxes: relaxes.ok_or_else(|| missing("relaxes"))?,
        hours: week.map(Hours::weekly),
        reason: reason.ok_or_else(|| missing("reason"))?,
        author: author.ok_or_else(|| missing("author"))?,
        expires: expires.ok_or_else(|| missing("expires"))?,
    })
}

fn read_none(node: &Node<'_, '_>) -> Result<WithoutRules, DocumentError> {
    let mut jurisdiction = None;
    let mut provenance = Provenance::default();
    for (name, value) in node.entries()? {
        match name.as_str() {
            "jurisdiction" => jurisdiction = Some(value.known_jurisdiction()?),
            _ if take_provenance(&mut provenance, &name, &value)? => {}
            _ => return Err(value.unknown(&format!("jurisdiction, {PROVENANCE_KEYS}"))),
        }
    }
    let jurisdiction = jurisdiction.ok_or_else(|| node.wrong("`jurisdiction` is missing"))?;
    Ok(WithoutRules {
        jurisdiction,
        provenance,
    })
}
