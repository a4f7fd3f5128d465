//! Where and how the rulebook's hours are looked at: single places, without facts.

use std::collections::BTreeSet;

use core_compliance::{
    CallAttempt, Channel, Evidence, Gate, Instant, Jurisdiction, Place, Purpose, Rulebook,
};

/// Every jurisdiction that a rulebook speaks of, counties with days of their own included.
pub(super) fn jurisdictions(book: &Rulebook) -> BTreeSet<Jurisdiction> {
    let rules = book.rules().iter().map(|rule| &rule.jurisdiction);
    let caps = book.caps().iter().map(|cap| &cap.jurisdiction);
    let without = book.without_rules().iter().map(|each| &each.jurisdiction);
    let days = book.calendars().flat_map(|calendar| &calendar.days);
    rules
        .chain(caps)
        .chain(without)
        .chain(days.flat_map(|day| &day.only))
        .cloned()
        .collect()
}

/// An attempt to a place outright: no consent, no relationship, no history.
pub(super) fn attempt(
    jurisdiction: &Jurisdiction,
    zone: &str,
    purpose: Purpose,
    channel: Channel,
    at: Instant,
) -> CallAttempt {
    let place = Place {
        jurisdiction: jurisdiction.clone(),
        zone: zone.to_owned(),
    };
    let evidence = Evidence {
        places: vec![place],
        ..Evidence::default()
    };
    CallAttempt {
        purpose,
        channel,
        ..CallAttempt::new(at, evidence)
    }
}

/// The zones of a jurisdiction that the zone data know.
pub(super) fn zones<'g>(
    gate: &'g Gate,
    jurisdiction: &'g Jurisdiction,
) -> impl Iterator<Item = &'g core_compliance::Zone> {
    let names = gate.gazetteer().zones(jurisdiction).iter();
    names.filter_map(|name| gate.zones().get(name).ok())
}
