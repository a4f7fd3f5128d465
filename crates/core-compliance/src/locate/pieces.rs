//! Pieces of evidence, each read as the set of places that it names.

use crate::Jurisdiction;
use crate::attempt::Evidence;
use crate::determination::{Finding, FindingCode};
use crate::place::Place;
use crate::zone::Zone;

use super::sets::{Member, PlaceSet};
use super::{Locator, given, prohibits, unknown_jurisdiction};

/// A piece of evidence as a set; `None` = it was not given, or says nothing.
pub(super) type Piece<'z> = Result<Option<PlaceSet<'z>>, Finding>;

impl<'a> Locator<'a> {
    pub(super) fn region(&self, evidence: &Evidence) -> Piece<'a> {
        let Some(code) = given(evidence.region.as_ref()) else {
            return Ok(None);
        };
        let country = given(evidence.country.as_ref());
        let Some(region) = self.regions.meaning(code, country, self.gazetteer) else {
            return Err(unknown_jurisdiction("region", code));
        };
        let Some(jurisdiction) = self.known_jurisdiction(region.jurisdiction) else {
            return Err(unknown_jurisdiction("region", code));
        };
        if region.zones.is_empty() {
            return self.all_of(jurisdiction).map(Some);
        }
        let member = |zone: &String| {
            Ok(Member {
                jurisdiction: Some(jurisdiction.clone()),
                zone: self.known_zone(zone)?,
                stated: true,
            })
        };
        region
            .zones
            .iter()
            .map(member)
            .collect::<Result<_, _>>()
            .map(Some)
    }

    pub(super) fn country(&self, evidence: &Evidence) -> Piece<'a> {
        let Some(code) = given(evidence.country.as_ref()) else {
            return Ok(None);
        };
        let country = code
            .parse::<Jurisdiction>()
            .ok()
            .filter(|code| code.parent().is_none());
        match country.filter(|country| !self.gazetteer.zones(country).is_empty()) {
            Some(country) => self.all_of(self.gazetteer.canonical(country)).map(Some),
            None => Err(unknown_jurisdiction("country", code)),
        }
    }

    /// A jurisdiction with all its zones; for a country also those of its subdivisions (Puerto Rico's, for the US).
    pub(super) fn all_of(&self, jurisdiction: Jurisdiction) -> Result<PlaceSet<'a>, Finding> {
        let own = self.gazetteer.zones(&jurisdiction).iter();
        let parts = self
            .gazetteer
            .subdivisions(&jurisdiction)
            .flat_map(|part| self.gazetteer.zones(part));
        let mut names: Vec<&str> = own.chain(parts).copied().collect();
        let mut seen = std::collections::BTreeSet::new();
        names.retain(|name| seen.insert(*name));
        let member = |name: &str| {
            Ok(Member {
                jurisdiction: Some(jurisdiction.clone()),
                zone: self.known_zone(name)?,
                stated: false,
            })
        };
        names.into_iter().map(member).collect()
    }

    pub(super) fn zone(&self, evidence: &Evidence) -> Piece<'a> {
        let Some(name) = given(evidence.zone.as_ref()) else {
            return Ok(None);
        };
        let zone = self.known_zone(name)?;
        let jurisdiction = self.gazetteer.country_of_zone(name);
        Ok(Some(vec![Member {
            jurisdiction,
            zone,
            stated: true,
        }]))
    }

    pub(super) fn given_places(&self, evidence: &Evidence) -> Piece<'a> {
        let member = |place: &Place| {
            let Some(jurisdiction) = self.known_jurisdiction(place.jurisdiction.clone()) else {
                return Err(unknown_jurisdiction("jurisdiction", place.jurisdiction.as_str()));
            };
            Ok(Member {
                jurisdiction: Some(jurisdiction),
                zone: self.known_zone(&place.zone)?,
                stated: true,
            })
        };
        evidence
            .places
            .iter()
            .map(member)
            .collect::<Result<_, _>>()
            .map(Some)
    }

    pub(super) fn known_zone(&self, name: &str) -> Result<&'a Zone, Finding> {
        self.zones
            .get(name)
            .map_err(|error| prohibits(FindingCode::ZoneUnknown, error.to_string()))
    }

    /// The members of places that a table names.
    #[cfg(any(feature = "phone", feature = "postal"))]
    fn named(&self, places: &[crate::NamedPlace]) -> Result<PlaceSet<'a>, Finding> {
        let member = |place: &crate::NamedPlace, zone: &str| {
            let jurisdiction = Some(self.gazetteer.canonical(place.jurisdiction.clone()));
            Ok(Member {
                jurisdiction,
                zone: self.known_zone(zone)?,
                stated: false,
            })
        };
        let members = places
            .iter()
            .flat_map(|place| place.zones.iter().map(move |zone| member(place, zone)));
        members.collect()
    }

    /// The postal code, in the country that the other evidence names.
    #[cfg(feature = "postal")]
    pub(super) fn postal_code(&self, evidence: &Evidence) -> Piece<'a> {
        use crate::postal::{PostalError, PostalPlaces};

        let Some(code) = given(evidence.postal_code.as_ref()) else {
            return Ok(None);
        };
        let Some(country) = self.country_code(evidence) else {
            return Err(prohibits(
                FindingCode::EvidenceUnreadable,
                "postal_code: which country's it is must be said; give `country`, or a region such as `US-FL`".to_owned(),
            ));
        };
        match crate::postal::locate_postal(&country, code) {
            Ok(PostalPlaces::Places(places)) => self.named(places).map(Some),
            Ok(PostalPlaces::NotTabulated) => Ok(None),
            Err(error @ PostalError::Military(_)) => {
                Err(prohibits(FindingCode::PlaceUnresolved, error.to_string()))
            }
            Err(error) => Err(prohibits(FindingCode::EvidenceUnreadable, error.to_string())),
        }
    }

    /// The country that region, country or zone name, or the number's prefix if it names one alone.
    #[cfg(feature = "postal")]
    pub(crate) fn country_code(&self, evidence: &Evidence) -> Option<String> {
        if let Some(country) = given(evidence.country.as_ref()) {
            return Some(country.to_ascii_uppercase());
        }
        let region =
            given(evidence.region.as_ref()).and_then(|code| self.regions.meaning(code, None, self.gazetteer));
        if let Some(region) = region {
            return Some(region.jurisdiction.country().to_owned());
        }
        if let Some(country) =
            given(evidence.zone.as_ref()).and_then(|zone| self.gazetteer.country_of_zone(zone))
        {
            return Some(country.country().to_owned());
        }
        let places = self.phone(evidence).ok().flatten()?;
        let mut countries: Vec<&str> = places
            .iter()
            .filter_map(|place| place.jurisdiction.as_ref())
            .map(Jurisdiction::country)
            .collect();
        countries.dedup();
        match countries.as_slice() {
            [one] => Some((*one).to_owned()),
            _ => None,
        }
    }

    /// The number's prefix; `None` if it names no place.
    #[cfg(feature = "phone")]
    pub(super) fn phone(&self, evidence: &Evidence) -> Piece<'a> {
        use crate::phone::{PhonePlaces, locate};

        let Some(text) = given(evidence.phone.as_ref()) else {
            return Ok(None);
        };
        let number: crate::PhoneNumber = text.parse().map_err(|error: crate::PhoneError| {
            prohibits(FindingCode::EvidenceUnreadable, format!("phone: {error}"))
        })?;
        match locate(&number) {
            PhonePlaces::Geographic(places) => self.named(places).map(Some),
            PhonePlaces::CountryOnly(countries) => {
                let sets = countries
                    .iter()
                    .map(|country| self.all_of(self.gazetteer.canonical(country.clone())));
                Ok(Some(sets.collect::<Result<Vec<_>, _>>()?.concat()))
            }
            PhonePlaces::Nowhere(_) => Ok(None),
        }
    }

    /// Without the table of prefixes a number is no evidence; its form is checked all the same.
    #[cfg(not(feature = "phone"))]
    pub(super) fn phone(&self, evidence: &Evidence) -> Piece<'a> {
        match given(evidence.phone.as_ref()).filter(|phone| !super::has_e164_shape(phone)) {
            None => Ok(None),
            Some(_) => Err(prohibits(
                FindingCode::EvidenceUnreadable,
                "phone: not E.164; write `+`, country code and number, at most 15 digits".to_owned(),
            )),
        }
    }

    /// Without the table of postal codes a postal code is no evidence.
    #[cfg(not(feature = "postal"))]
    pub(super) fn postal_code(&self, _evidence: &Evidence) -> Piece<'a> {
        Ok(None)
    }
}
