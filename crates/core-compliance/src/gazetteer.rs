//! Which jurisdictions there are, and which clocks run in them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;

use crate::Jurisdiction;

const COUNTRIES: &str = include_str!("../data/countries.tsv");
const COUNTRY_ZONES: &str = include_str!("../data/country-zones.tsv");
const SUBDIVISION_ZONES: &str = include_str!("../data/subdivision-zones.tsv");
const COUNTIES: &str = include_str!("../data/counties.tsv");
const ZONE_LINKS: &str = include_str!("../data/zone-links.tsv");

/// Territories under the law of the United States that ISO 3166-1 lists as countries. (`DE` is not Delaware.)
const US_TERRITORIES: [&str; 6] = ["AS", "GU", "MP", "PR", "UM", "VI"];

/// Countries (ISO 3166-1), the subdivisions of the US, Canada and Australia (ISO 3166-2), and their time zones.
///
/// The data files under `data/` name their sources, licences and dates.
#[derive(Debug)]
pub struct Gazetteer {
    entries: HashMap<Jurisdiction, Entry>,
    /// The same codes in order.
    codes: BTreeSet<Jurisdiction>,
    /// Zone name as the tables spell it → the name in the tables; aliases included.
    spelled_zone_names: HashMap<&'static str, &'static str>,
    /// Zone name in lower case → the name in the tables; aliases included.
    zone_names: BTreeMap<String, &'static str>,
    /// Zone name → the jurisdictions in which it runs, as the tables list them.
    zone_places: BTreeMap<&'static str, BTreeSet<Jurisdiction>>,
}

#[derive(Debug, Default)]
struct Entry {
    name: &'static str,
    /// The zone of most people first.
    zones: Vec<&'static str>,
}

fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| line.split('\t').collect())
}

impl Gazetteer {
    /// The tables of this crate; read once, they are constants.
    #[must_use]
    pub fn standard() -> &'static Self {
        static STANDARD: OnceLock<Gazetteer> = OnceLock::new();
        STANDARD.get_or_init(Self::read)
    }

    fn read() -> Self {
        let mut gazetteer = Self {
            entries: HashMap::new(),
            codes: BTreeSet::new(),
            spelled_zone_names: HashMap::new(),
            zone_names: BTreeMap::new(),
            zone_places: BTreeMap::new(),
        };
        for row in rows(COUNTRIES) {
            if let [code, name, ..] = row.as_slice() {
                gazetteer.add(code, name, "");
            }
        }
        for row in rows(COUNTRY_ZONES) {
            if let [code, zone, ..] = row.as_slice() {
                gazetteer.add(code, "", zone);
                gazetteer.name_zone(zone, zone);
            }
        }
        for row in rows(SUBDIVISION_ZONES) {
            if let [code, name, zones, ..] = row.as_slice() {
                zones.split(',').for_each(|zone| gazetteer.add(code, name, zone));
            }
        }
        for row in rows(ZONE_LINKS) {
            if let [alias, zone, ..] = row.as_slice() {
                gazetteer.name_zone(alias, zone);
            }
        }
        gazetteer
    }

    /// The counties of the tables: those of subdivisions in which a law tells counties apart.
    pub(crate) fn counties() -> impl Iterator<Item = Jurisdiction> {
        rows(COUNTIES).filter_map(|row| row.first()?.parse().ok())
    }

    fn name_zone(&mut self, alias: &'static str, zone: &'static str) {
        self.spelled_zone_names.insert(alias, zone);
        self.zone_names.insert(alias.to_ascii_lowercase(), zone);
    }

    fn add(&mut self, code: &str, name: &'static str, zone: &'static str) {
        // The tables are tested to hold well-formed codes alone.
        let Ok(jurisdiction) = code.parse::<Jurisdiction>() else {
            return;
        };
        self.codes.insert(jurisdiction.clone());
        let entry = self.entries.entry(jurisdiction.clone()).or_default();
        if !name.is_empty() {
            entry.name = name;
        }
        if !zone.is_empty() {
            entry.zones.push(zone);
            self.zone_places.entry(zone).or_default().insert(jurisdiction);
        }
    }

    /// Whether the jurisdiction, or for a county the subdivision above it, is in the tables.
    #[must_use]
    pub fn knows(&self, jurisdiction: &Jurisdiction) -> bool {
        self.entry(jurisdiction).is_some()
    }

    fn entry(&self, jurisdiction: &Jurisdiction) -> Option<&Entry> {
        if let Some(entry) = self.entries.get(jurisdiction) {
            return Some(entry);
        }
        let is_county = jurisdiction.as_str().contains(':');
        jurisdiction
            .parent()
            .filter(|_| is_county)
            .and_then(|parent| self.entries.get(&parent))
    }

    /// The code under which a jurisdiction's law is kept: `PR` is `US-PR`, all others are themselves.
    #[must_use]
    pub fn canonical(&self, jurisdiction: Jurisdiction) -> Jurisdiction {
        let is_territory = US_TERRITORIES.contains(&jurisdiction.as_str());
        let as_part = is_territory
            .then(|| format!("US-{jurisdiction}").parse().ok())
            .flatten();
        as_part.unwrap_or(jurisdiction)
    }

    /// English name: `Florida`; the code itself where there is none.
    #[must_use]
    pub fn name<'a>(&'a self, jurisdiction: &'a Jurisdiction) -> &'a str {
        let listed = self.entries.get(jurisdiction).map_or("", |entry| entry.name);
        if listed.is_empty() {
            jurisdiction.as_str()
        } else {
            listed
        }
    }

    /// All zones in which clocks of this jurisdiction run, that of most people first; empty if it is not known.
    #[must_use]
    pub fn zones(&self, jurisdiction: &Jurisdiction) -> &[&'static str] {
        self.entry(jurisdiction).map_or(&[], |entry| &entry.zones)
    }

    /// The subdivisions that the tables list for a country; empty if they list none.
    pub fn subdivisions<'a>(&'a self, country: &'a Jurisdiction) -> impl Iterator<Item = &'a Jurisdiction> {
        let within = self
            .codes
            .range(country..)
            .take_while(|each| each.as_str().starts_with(country.as_str()));
        within.filter(move |each| each.parent().as_ref() == Some(country))
    }

    /// The name by which the tables know a zone: `us/eastern` is `America/New_York`. `None` for a zone that is in no
    /// country (`Etc/UTC`, `EST5EDT`).
    #[must_use]
    pub fn zone_name(&self, name: &str) -> Option<&'static str> {
        let spelled = self.spelled_zone_names.get(name);
        spelled
            .or_else(|| self.zone_names.get(&name.trim().to_ascii_lowercase()))
            .copied()
    }

    /// The country in which a zone runs; `None` for a zone that is in no country.
    #[must_use]
    pub fn country_of_zone(&self, name: &str) -> Option<Jurisdiction> {
        let places = self.zone_places.get(self.zone_name(name)?)?;
        places
            .iter()
            .find(|place| place.parent().is_none())
            .cloned()
            .map(|country| self.canonical(country))
    }

    /// All jurisdictions in the tables, in order of code.
    pub fn jurisdictions(&self) -> impl Iterator<Item = &Jurisdiction> {
        self.codes.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Jurisdiction {
        text.parse().unwrap()
    }

    #[test]
    fn every_row_is_read() {
        let gazetteer = Gazetteer::standard();
        for table in [COUNTRIES, COUNTRY_ZONES, SUBDIVISION_ZONES] {
            for row in rows(table) {
                assert!(
                    row[0]
                        .parse::<Jurisdiction>()
                        .is_ok_and(|code| gazetteer.knows(&code)),
                    "{row:?}"
                );
            }
        }
        for row in rows(ZONE_LINKS) {
            assert!(gazetteer.country_of_zone(row[0]).is_some(), "{row:?}");
        }
    }

    #[test]
    fn every_county_is_in_a_known_subdivision() {
        let gazetteer = Gazetteer::standard();
        assert_eq!(
            Gazetteer::counties()
                .filter(|county| gazetteer.knows(county))
                .count(),
            67
        );
    }

    #[test]
    fn split_states_have_all_their_zones() {
        let gazetteer = Gazetteer::standard();
        for (state, clocks) in [
            ("US-FL", 2),
            ("US-TX", 2),
            ("US-TN", 2),
            ("US-AZ", 2),
            ("US-NY", 1),
            ("CA-ON", 3),
        ] {
            assert_eq!(gazetteer.zones(&code(state)).len(), clocks, "{state}");
        }
        assert_eq!(
            gazetteer.zones(&code("US-AL:Mobile")),
            gazetteer.zones(&code("US-AL"))
        );
        assert_eq!(gazetteer.zones(&code("GB")), ["Europe/London"]);
    }

    #[test]
    fn unknown_codes_are_never_the_parent() {
        let gazetteer = Gazetteer::standard();
        assert!(!gazetteer.knows(&code("US-FLA")));
        assert!(!gazetteer.knows(&code("US-FLA:Orange")));
        assert!(!gazetteer.knows(&code("ZZ")));
    }

    #[test]
    fn a_country_is_never_taken_for_a_state() {
        let gazetteer = Gazetteer::standard();
        for (code_given, kept) in [
            ("PR", "US-PR"),
            ("DE", "DE"),
            ("CO", "CO"),
            ("CA", "CA"),
            ("US-DE", "US-DE"),
        ] {
            assert_eq!(gazetteer.canonical(code(code_given)), code(kept));
        }
        for jurisdiction in gazetteer.jurisdictions().filter(|each| each.parent().is_none()) {
            let kept = gazetteer.canonical(jurisdiction.clone());
            assert!(
                kept == *jurisdiction || US_TERRITORIES.contains(&jurisdiction.as_str()),
                "{jurisdiction}"
            );
        }
    }

    #[test]
    fn zones_have_a_country_unless_they_are_clocks_alone() {
        let gazetteer = Gazetteer::standard();
        assert_eq!(gazetteer.country_of_zone("us/eastern"), Some(code("US")));
        assert_eq!(gazetteer.country_of_zone("Europe/Oslo"), Some(code("NO")));
        assert_eq!(
            gazetteer.country_of_zone("America/Puerto_Rico"),
            Some(code("US-PR"))
        );
        for clock in ["UTC", "Etc/GMT+5", "EST5EDT", "Nowhere/At_All"] {
            assert_eq!(gazetteer.country_of_zone(clock), None, "{clock}");
        }
    }
}
