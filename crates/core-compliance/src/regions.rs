//! What a region code in a contact record means.

use std::collections::BTreeMap;

use crate::Jurisdiction;
use crate::attempt::{fmt_as_str, vocabulary};
use crate::gazetteer::Gazetteer;
use core::fmt;

use crate::attempt::UnknownWord;

vocabulary! {
    /// Which list of region codes is in force.
    RegionScheme {
        /// ISO 3166 codes with all their zones, the tutorial's four US codes, and the settings' own.
        Iso = "iso",
        /// Exactly the ten codes of the tutorial that Curfew began from, one zone each, and the settings' own.
        Tutorial = "tutorial",
    }
}

/// What a region code stands for: a jurisdiction, and which of its zones.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Region {
    /// Whose law.
    pub jurisdiction: Jurisdiction,
    /// The zones meant; empty = all zones of the jurisdiction.
    pub zones: Vec<String>,
}

/// The region codes in force.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Regions {
    /// Which built-in list.
    pub scheme: RegionScheme,
    /// The settings' own codes, upper case; they win over built-in ones.
    pub own: BTreeMap<String, Region>,
}

impl Default for Regions {
    fn default() -> Self {
        Self {
            scheme: RegionScheme::Iso,
            own: BTreeMap::new(),
        }
    }
}

/// The tutorial's codes: (code, jurisdiction, zone). Its four US codes name a clock within a country, no state.
const TUTORIAL: [(&str, &str, &str); 10] = [
    ("US-EST", "US", "America/New_York"),
    ("US-CST", "US", "America/Chicago"),
    ("US-MST", "US", "America/Denver"),
    ("US-PST", "US", "America/Los_Angeles"),
    ("GB", "GB", "Europe/London"),
    ("DE", "DE", "Europe/Berlin"),
    ("FR", "FR", "Europe/Paris"),
    ("JP", "JP", "Asia/Tokyo"),
    ("AU-NSW", "AU-NSW", "Australia/Sydney"),
    ("CA-ON", "CA-ON", "America/Toronto"),
];

impl Regions {
    /// What `code` means; `None` if it is not known. A subdivision's own code (`FL`) counts where its country is given
    /// in a field of its own.
    #[must_use]
    pub fn meaning(&self, code: &str, country: Option<&str>, gazetteer: &Gazetteer) -> Option<Region> {
        // A county's name keeps its letters; the code before it does not care.
        let code = match code.trim().split_once(':') {
            Some((code, county)) => format!("{}:{county}", code.to_ascii_uppercase()),
            None => code.trim().to_ascii_uppercase(),
        };
        if let Some(own) = self.own.get(&code) {
            return Some(own.clone());
        }
        let tutorial =
            TUTORIAL
                .iter()
                .find(|(listed, ..)| *listed == code)
                .and_then(|(_, jurisdiction, zone)| {
                    Some(Region {
                        jurisdiction: jurisdiction.parse().ok()?,
                        zones: vec![(*zone).to_owned()],
                    })
                });
        match self.scheme {
            RegionScheme::Tutorial => tutorial,
            // The four that ISO does not know; the other six are ISO codes and mean all their zones.
            RegionScheme::Iso
                if tutorial
                    .as_ref()
                    .is_some_and(|it| it.jurisdiction.as_str() == "US") =>
            {
                tutorial
            }
            RegionScheme::Iso => {
                within_country(&code, country, gazetteer).or_else(|| known(&code, gazetteer))
            }
        }
    }
}

/// `FL` with country `US`. The country's field decides what `CA` means: California, not Canada.
fn within_country(code: &str, country: Option<&str>, gazetteer: &Gazetteer) -> Option<Region> {
    let country = country.map(str::trim).filter(|country| !country.is_empty())?;
    known(&format!("{country}-{code}"), gazetteer)
}

fn known(code: &str, gazetteer: &Gazetteer) -> Option<Region> {
    let jurisdiction: Jurisdiction = code.parse().ok()?;
    let has_clock = !gazetteer.zones(&jurisdiction).is_empty();
    (gazetteer.knows(&jurisdiction) && has_clock).then_some(Region {
        jurisdiction,
        zones: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(scheme: RegionScheme, code: &str, country: Option<&str>) -> Option<(String, Vec<String>)> {
        let regions = Regions {
            scheme,
            own: BTreeMap::new(),
        };
        let region = regions.meaning(code, country, Gazetteer::standard())?;
        Some((region.jurisdiction.to_string(), region.zones))
    }

    #[test]
    fn iso_codes_mean_all_their_zones() {
        let iso = |code| meaning(RegionScheme::Iso, code, None);
        assert_eq!(iso("us-fl"), Some(("US-FL".to_owned(), vec![])));
        assert_eq!(iso("AU-NSW"), Some(("AU-NSW".to_owned(), vec![])));
        assert_eq!(
            iso("US-PST"),
            Some(("US".to_owned(), vec!["America/Los_Angeles".to_owned()]))
        );
        for unknown in ["ATLANTIS", "US-FLA", "", "FL", "BV"] {
            assert_eq!(iso(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn a_state_alone_needs_its_country() {
        let iso = |code, country| meaning(RegionScheme::Iso, code, Some(country)).map(|(code, _)| code);
        assert_eq!(iso("FL", "us"), Some("US-FL".to_owned()));
        assert_eq!(iso("CA", "US"), Some("US-CA".to_owned()));
        assert_eq!(iso("US-FL", "US"), Some("US-FL".to_owned()));
        assert_eq!(iso("CA", "GB"), Some("CA".to_owned()));
    }

    #[test]
    fn the_tutorial_knows_its_ten_codes_and_no_others() {
        for (code, jurisdiction, zone) in TUTORIAL {
            let expected = Some((jurisdiction.to_owned(), vec![zone.to_owned()]));
            assert_eq!(meaning(RegionScheme::Tutorial, code, None), expected);
        }
        for other in ["US", "US-FL", "CA", "AU-QLD", "IT"] {
            assert_eq!(meaning(RegionScheme::Tutorial, other, None), None, "{other}");
        }
    }
}
