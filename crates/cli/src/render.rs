//! Determinations as text, for a terminal and for people.

use std::fmt::Write as _;

use core_compliance::{Determination, Effect, Finding, Gate, Instant, JudgedPlace, ZoneDatabase};

use crate::output::{Output, Tone};

/// Columns of a line of text. The terminal is not asked: formats do not depend on where output goes.
pub(crate) const WIDTH: usize = 100;
/// Where the texts of a determination begin.
const INDENT: usize = 12;
/// Places listed one by one before the rest is counted.
const PLACES_SHOWN: usize = 6;

/// The decision in one line: what, why, until or from when.
pub(crate) fn headline(gate: &Gate, determination: &Determination, output: &Output) -> String {
    let (word, tone) = decision(determination);
    let mut line = output.toned(word, tone);
    if let Some(reason) = determination.reason() {
        let _ = write!(line, ": {}", reason.message);
    }
    if let Some(until) = determination.permitted_until {
        let _ = write!(line, "; permitted until {}", shown(gate, determination, until));
    }
    if let Some(opening) = determination.next_opening {
        let _ = write!(line, "; calling opens {}", shown(gate, determination, opening));
    }
    line
}

/// The whole determination; the reasons stand in its findings.
pub(crate) fn details(gate: &Gate, determination: &Determination, output: &Output) -> Vec<String> {
    let (word, tone) = decision(determination);
    let mut first = output.toned(word, tone);
    let horizon = match (determination.permitted_until, determination.next_opening) {
        (Some(until), _) => format!(" until {}", shown(gate, determination, until)),
        (None, Some(opening)) => format!("; calling opens {}", shown(gate, determination, opening)),
        (None, None) => String::new(),
    };
    first.push_str(&horizon);
    let mut lines = vec![first];
    lines.push(format!("  at        {}", determination.at));
    for place in determination.places.iter().take(PLACES_SHOWN) {
        lines.extend(wrapped("  place", &place_text(gate, place), INDENT));
    }
    match determination.places.len().saturating_sub(PLACES_SHOWN) {
        0 => {}
        rest => lines.push(format!("  place     and {rest} more; --format json lists all")),
    }
    lines.extend(determination.findings.iter().flat_map(finding_text));
    let versions = format!(
        "{} {} by {}, rulebook {} ({}), tzdb {} ({}), engine {}",
        determination.settings.purpose,
        determination.settings.channel,
        determination.settings.policy,
        determination.rulebook.version,
        short(determination.rulebook.sha256.as_str()),
        determination.tzdb.version,
        short(determination.tzdb.sha256.as_str()),
        determination.engine,
    );
    let versions = wrapped("  by", &versions, INDENT);
    lines.extend(versions.iter().map(|line| output.toned(line, Tone::Faint)));
    lines
}

fn decision(determination: &Determination) -> (&'static str, Tone) {
    if determination.is_permitted() {
        ("permitted", Tone::Good)
    } else {
        ("prohibited", Tone::Bad)
    }
}

fn shown(gate: &Gate, determination: &Determination, at: Instant) -> String {
    let zone = determination.places.first().map(|place| place.zone.as_str());
    local_and_utc(gate, zone, at)
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

fn finding_text(finding: &Finding) -> Vec<String> {
    let effect = match finding.effect {
        Effect::Permits => "  permits",
        Effect::Prohibits => "  prohibits",
        _ => "  notes",
    };
    wrapped(effect, &format!("{}: {}", finding.code, finding.message), INDENT)
}

/// `2026-06-10 21:00 -07:00 America/Los_Angeles (2026-06-11T04:00:00Z)`.
pub(crate) fn local_and_utc(gate: &Gate, zone: Option<&str>, at: Instant) -> String {
    local_and_utc_in(gate.zones(), zone, at)
}

/// As [`local_and_utc`], by these zone data.
pub(crate) fn local_and_utc_in(zones: &ZoneDatabase, zone: Option<&str>, at: Instant) -> String {
    match zone.and_then(|name| zones.get(name).ok()) {
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

/// A text after its label, in lines of at most [`WIDTH`] columns that begin at `indent`. Words are never broken.
pub(crate) fn wrapped(label: &str, text: &str, indent: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = format!("{label:<indent$}");
    let mut used = line.chars().count();
    let mut is_empty = true;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if !is_empty && used + 1 + length > WIDTH {
            lines.push(std::mem::replace(&mut line, " ".repeat(indent)));
            used = indent;
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += length;
        is_empty = false;
    }
    lines.push(line);
    lines
}

/// At most `width` columns of a text, with `…` where it was cut.
pub(crate) fn clipped(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_hang_under_their_text() {
        let text = "word ".repeat(30);
        let lines = wrapped("  notes", &text, 12);
        assert_eq!(lines.len(), 2);
        assert!(
            lines
                .iter()
                .all(|line| line.len() <= WIDTH && !line.ends_with(' '))
        );
        assert!(lines[0].starts_with("  notes     word") && lines[1].starts_with("            word"));
        let long = "x".repeat(200);
        assert_eq!(wrapped("  by", &long, 12), [format!("  by        {long}")]);
        assert_eq!(wrapped("prohibited", "", 11), ["prohibited "]);
    }

    #[test]
    fn what_is_cut_says_so() {
        assert_eq!(clipped("Straße", 6), "Straße");
        assert_eq!(clipped("Straßen", 6), "Straß…");
        assert_eq!(clipped("one two", 5), "one…");
    }
}
