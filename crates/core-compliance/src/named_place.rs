//! Places as the tables of phone prefixes and postal codes name them.

use crate::Jurisdiction;

/// A jurisdiction that a phone prefix or a postal code names, with those of its zones in which the callee may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedPlace {
    /// A subdivision (`US-FL`), or a country that is not subdivided here (`BS`).
    pub jurisdiction: Jurisdiction,
    /// IANA names as in the tables of [`Gazetteer`](crate::Gazetteer); never empty.
    pub zones: Vec<&'static str>,
}

/// Reads `US-FL=America/New_York,America/Chicago;US-GA=America/New_York`; `None` if it is not of that form.
pub(crate) fn places_in(text: &'static str) -> Option<Vec<NamedPlace>> {
    text.split(';').map(place_in).collect()
}

fn place_in(text: &'static str) -> Option<NamedPlace> {
    let (jurisdiction, zones) = text.split_once('=')?;
    Some(NamedPlace {
        jurisdiction: jurisdiction.parse().ok()?,
        zones: zones.split(',').collect(),
    })
}
