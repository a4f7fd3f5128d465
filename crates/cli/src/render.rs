//! Determinations as text, for a terminal and for people.

use std::fmt::Write as _;

use core_compliance::{Determination, Effect, Finding, Gate, Instant, JudgedPlace};

use crate::output::{Output, Tone};

/// Places listed one by one before the rest is counted.
const PLACES_SHOWN: usize = 6;

/// The decision in one line: what, why, until or from when.
pub(crate) fn headline(gate: &Gate, determination: &Determination, output: &Output) -> String {
    let (word, tone) = if determination.is_permitted() {
        ("permitted", Tone::Good)
    } else {
        ("prohibited", Tone::Bad)
    };
    let mut line = output.toned(word, tone);
    if let Some(reason) = determination.reason() {
        let _ = write!(line, ": {}", reason.message);
    }
    let zone = determination.places.first().map(|place| place.zone.as_str());
    if let Some(until) = determination.permitted_until {
        let _ = write!(line, "; permitted until {}", local_and_utc(gate, zone, until));
    }
    if let Some(opening) = determination.next_opening {
        let _ = write!(line, "; calling opens {}", local_and_utc(gate, zone, opening));
    }
    line
}

/// The whole determination.
pub(crate) fn details(gate: &Gate, determination: &Determination, output: &Output) -> Vec<String> {
    let mut lines = vec![headline(gate, determination, output)];
    for place in determination.places.iter().take(PLACES_SHOWN) {
        lines.push(format!("  place     {}", place_text(gate, place)));
    }
    match determination.places.len().saturating_sub(PLACES_SHOWN) {
        0 => {}
        rest => lines.push(format!("  place     and {rest} more; --format json lists all")),
    }
    lines.extend(determination.findings.iter().map(finding_text));
    let versions = format!(
        "  by        {} {} by {}, rulebook {} ({}), tzdb {} ({}), engine {}",
        determination.settings.purpose,
        determination.settings.channel,
        determination.settings.policy,
        determination.rulebook.version,
        short(determination.rulebook.sha256.as_str()),
        determination.tzdb.version,
        short(determination.tzdb.sha256.as_str()),
        determination.engine,
    );
    lines.push(output.toned(&versions, Tone::Faint));
    lines
}

fn place_text(gate: &Gate, place: &JudgedPlace) -> String {
    let evidence: Vec<_> = place.evidence.iter().map(|kind| kind.as_str()).collect();
    let name = gate.gazetteer().name(&place.jurisdiction);
    format!(
        "{} ({name}), {}, {} (by {})",
        place.jurisdiction,
        place.zone,
        place.local_time,
        evidence.join(", ")
    )
}

fn finding_text(finding: &Finding) -> String {
    let effect = match finding.effect {
        Effect::Permits => "permits",
        Effect::Prohibits => "prohibits",
        _ => "notes",
    };
    format!("  {effect:<9} {}: {}", finding.code, finding.message)
}

/// `2026-06-10 21:00 -07:00 America/Los_Angeles (2026-06-11T04:00:00Z)`.
pub(crate) fn local_and_utc(gate: &Gate, zone: Option<&str>, at: Instant) -> String {
    match zone.and_then(|name| gate.zones().get(name).ok()) {
        None => at.to_string(),
        Some(zone) => {
            let local = zone.local_time(at);
            let whole = local.to_string();
            let offset = whole.get(19..).unwrap_or_default();
            format!(
                "{} {} {offset} {} ({at})",
                local.date(),
                local.clock(),
                zone.name()
            )
        }
    }
}

fn short(sha256: &str) -> &str {
    sha256.get(..12).unwrap_or(sha256)
}
