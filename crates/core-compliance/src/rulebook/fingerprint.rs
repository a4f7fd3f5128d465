//! What a rulebook's fingerprint is taken of: every part that can change a decision or its explanation.

use crate::digest::Sha256Hex;

use super::Rulebook;

pub(super) fn of(book: &Rulebook) -> Sha256Hex {
    // One line a part, every field named: equal texts are equal rulebooks, whatever files they came from.
    let mut text = format!(
        "curfew rulebook {:?} reviewed {}\n",
        book.version, book.reviewed_on
    );
    let rules = book.rules.iter().map(|rule| format!("{rule:?}"));
    let caps = book.caps.iter().map(|cap| format!("{cap:?}"));
    let calendars = book.calendars.values().map(|calendar| {
        let provenance = &calendar.provenance;
        format!(
            "{:?} {:?} {:?} {:?} {provenance:?}",
            calendar.id, calendar.days, calendar.observed, calendar.verified_through
        )
    });
    let relaxations = book
        .relaxations
        .iter()
        .map(|relaxation| format!("{relaxation:?}"));
    for line in rules.chain(caps).chain(calendars).chain(relaxations) {
        text.push_str(&line);
        text.push('\n');
    }
    Sha256Hex::of(text.as_bytes())
}
