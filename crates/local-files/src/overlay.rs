//! The user's own rules: `[[rules]]` in the settings or in a file of their own.

use std::path::Path;

use core_compliance::{
    Confidence, Gazetteer, Jurisdiction, LocalDate, Provision, Rule, RuleOrigin, RuleStatus, WeeklyWindows,
};

use crate::FileError;
use crate::error::read_text;
use crate::node::{Document, Node};

const KEYS: &str =
    "id, jurisdiction, hours, purposes, channels, citation, status, effective_from, effective_until";

/// Reads a file with `[[rules]]` alone.
///
/// # Errors
/// [`FileError`], with line and key.
pub fn read_rules_file(path: &Path) -> Result<Vec<Rule>, FileError> {
    let text = read_text(path)?;
    let document = Document { path, text: &text };
    let table = document.parse()?;
    let mut rules = Vec::new();
    for (name, node) in document.nodes(table.get_ref(), "") {
        match name.as_str() {
            "rules" => rules.extend(read_rules(&node)?),
            _ => return Err(node.unknown("[[rules]]")),
        }
    }
    Ok(rules)
}

/// Reads every `[[rules]]` under this node.
pub(crate) fn read_rules(node: &Node<'_, '_>) -> Result<Vec<Rule>, FileError> {
    let gazetteer = Gazetteer::standard();
    node.list()
        .iter()
        .map(|rule| read_rule(rule, &gazetteer))
        .collect()
}

fn read_rule(node: &Node<'_, '_>, gazetteer: &Gazetteer) -> Result<Rule, FileError> {
    let mut id = None;
    let mut jurisdiction: Option<Jurisdiction> = None;
    let mut hours: Option<WeeklyWindows> = None;
    let (mut purposes, mut channels) = (Vec::new(), Vec::new());
    let mut citation = String::new();
    let mut status = RuleStatus::Practice;
    let (mut from, mut until) = (None, None);
    for (name, value) in node.entries()? {
        match name.as_str() {
            "id" => id = Some(value.text()?).filter(|id| !id.trim().is_empty()),
            "jurisdiction" => jurisdiction = Some(known_jurisdiction(&value, gazetteer)?),
            "hours" => hours = Some(value.parsed()?),
            "purposes" => purposes = value.list().iter().map(Node::parsed).collect::<Result<_, _>>()?,
            "channels" => channels = value.list().iter().map(Node::parsed).collect::<Result<_, _>>()?,
            "citation" => citation = value.text()?,
            "status" => status = value.parsed()?,
            "effective_from" => from = Some(read_date(&value)?),
            "effective_until" => until = Some(read_date(&value)?),
            _ => return Err(value.unknown(KEYS)),
        }
    }
    let missing = |key: &str| node.wrong(format!("`{key}` is missing"));
    Ok(Rule {
        id: id.ok_or_else(|| missing("id"))?,
        jurisdiction: jurisdiction.ok_or_else(|| missing("jurisdiction"))?,
        purposes,
        channels,
        provision: Provision::Windows(hours.ok_or_else(|| missing("hours"))?),
        citation,
        status,
        confidence: Confidence::High,
        effective_from: from,
        effective_until: until,
        origin: RuleOrigin::Overlay,
    })
}

/// A code that the tables know: a rule for `US-FLA` would otherwise govern nobody, in silence.
pub(crate) fn known_jurisdiction(
    node: &Node<'_, '_>,
    gazetteer: &Gazetteer,
) -> Result<Jurisdiction, FileError> {
    let read: Jurisdiction = node.parsed()?;
    if gazetteer.knows(&read) {
        Ok(read)
    } else {
        Err(node.wrong(format!("`{read}` is not a known jurisdiction; write an ISO code")))
    }
}

fn read_date(node: &Node<'_, '_>) -> Result<LocalDate, FileError> {
    let text = node.scalar()?;
    let mut parts = text.split('-').map(str::parse::<i32>);
    let date = match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(Ok(year)), Some(Ok(month)), Some(Ok(day)), None) => u8::try_from(month)
            .ok()
            .zip(u8::try_from(day).ok())
            .and_then(|(month, day)| LocalDate::from_calendar(year, month, day)),
        _ => None,
    };
    date.ok_or_else(|| node.wrong(format!("`{text}` is not a date; write it as `2026-01-31`")))
}
