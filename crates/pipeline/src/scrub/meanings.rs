//! What a row's evidence means, as a number: rows of equal meaning are in the same places.
//!
//! Lists have millions of numbers and tens of thousands of postal codes, and far fewer meanings: numbers and
//! postal codes count by the places that they name.

use std::collections::HashMap;

use core_compliance::phone::{PhonePlaces, PhoneText, class_of, in_numbering_plan, locate};
use core_compliance::ports::{ListFields, Value};
use core_compliance::postal::{PostalError, PostalPlaces, locate_postal};
use core_compliance::{Evidence, EvidenceKind, Gate, NamedPlace, UnknownNumbers};
use foldhash::fast::FixedState;

use super::recent::{FiveDigits, LONGEST_KEPT, RecentCountries, Texts};

pub(super) type Quick<K, V> = HashMap<K, V, FixedState>;

/// The meaning of a postal code that is not there.
const NO_CODE: u16 = 0;
/// No number's meaning, but the address names the country.
const ANY_NUMBER: u16 = u16::MAX;
/// So many postal codes are remembered.
const MOST_CODES: usize = 1 << 16;

/// The meaning of a row's evidence, as one number: whether the numbering plan has no such number, where that matters (1
/// bit), region, zone and country as they were written, what the postal code says, and what the number's prefix says.
pub(super) type Meaning = u64;

/// The bits of each.
const REGION: u32 = 13;
const ZONE: u32 = 10;
const COUNTRY: u32 = 12;
const POSTAL: u32 = 16;
const PHONE: u32 = 12;

/// A postal code by what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PostalMeaning {
    NoCountry,
    NotTabulated,
    Places(&'static [NamedPlace]),
    Military,
    Unreadable,
}

/// Meanings that were worked out.
#[derive(Debug)]
pub(super) struct Meanings<'g> {
    gate: &'g Gate,
    heeds_plan: bool,
    regions: Texts,
    zones: Texts,
    country_texts: Texts,
    five_digits: FiveDigits,
    /// The country whose postal codes are meant, by address.
    recent_countries: RecentCountries,
    /// The same by address, with [`ANY_NUMBER`], and by address and number where the address names none.
    countries: Quick<(u64, u16), u16>,
    country_names: Vec<Option<String>>,
    /// By country and code.
    postal_codes: Quick<Box<[u8]>, u16>,
    postal_meanings: Vec<PostalMeaning>,
    /// What numbers say, by the class of their prefix; 0 = not worked out yet.
    phone_classes: Vec<u16>,
    phone_meanings: Vec<PhonePlaces>,
    key: Vec<u8>,
}

impl<'g> Meanings<'g> {
    pub(super) fn new(gate: &'g Gate) -> Self {
        let decides = gate.settings().unknown_numbers == UnknownNumbers::Prohibit;
        Self {
            gate,
            heeds_plan: decides,
            regions: Texts::below(1 << REGION),
            zones: Texts::below(1 << ZONE),
            country_texts: Texts::below(1 << COUNTRY),
            five_digits: FiveDigits::default(),
            recent_countries: RecentCountries::default(),
            countries: Quick::default(),
            country_names: Vec::new(),
            postal_codes: Quick::default(),
            postal_meanings: Vec::new(),
            phone_classes: Vec::new(),
            phone_meanings: Vec::new(),
            key: Vec::new(),
        }
    }

    /// Whether so much is remembered that it is time to begin anew.
    pub(super) fn are_many(&self) -> bool {
        [&self.regions, &self.zones, &self.country_texts]
            .iter()
            .any(|texts| texts.are_many())
            || self.postal_meanings.len() >= usize::from(u16::MAX) - 1
            || self.country_names.len() >= usize::from(u16::MAX) - 1
    }

    /// The meaning of a row; `None` if it has something odd that is to be judged by itself.
    pub(super) fn of(&mut self, fields: &ListFields<'_>, phone: Option<PhoneText<'_>>) -> Option<Meaning> {
        let region = self.regions.number(text_of(fields.region)?)?;
        let zone = self.zones.number(text_of(fields.zone)?)?;
        let country = self.country_texts.number(text_of(fields.country)?)?;
        let address = ((u64::from(region) << ZONE) | u64::from(zone)) << COUNTRY | u64::from(country);
        let class = match phone {
            None => 0,
            Some(number) => self.phone(number)?,
        };
        let postal = match text_of(fields.postal_code)?.trim_ascii() {
            [] => NO_CODE,
            code => self.postal(address, class, code, fields, phone)?,
        };
        let is_unassigned = self.heeds_plan && phone.is_some_and(|number| !in_numbering_plan(&number.into()));
        let evidence = (address << POSTAL | u64::from(postal)) << PHONE | u64::from(class);
        Some(u64::from(is_unassigned) << (u64::BITS - 1) | evidence)
    }

    /// The places that a number's prefix names, as a number.
    fn phone(&mut self, number: PhoneText<'_>) -> Option<u16> {
        let class = class_of(number);
        match self.phone_classes.get(class) {
            None => self.phone_classes.resize(class + 1, 0),
            Some(0) => {}
            Some(known) => return Some(*known),
        }
        let meaning = locate(&number.into());
        let known = self.phone_meanings.iter().position(|each| *each == meaning);
        let index = known.unwrap_or_else(|| {
            self.phone_meanings.push(meaning);
            self.phone_meanings.len() - 1
        });
        let index = u16::try_from(index + 1).ok()?;
        if index >> PHONE > 0 {
            return None;
        }
        if let Some(slot) = self.phone_classes.get_mut(class) {
            *slot = index;
        }
        Some(index)
    }

    /// The places that a postal code names, as a number.
    fn postal(
        &mut self,
        address: u64,
        class: u16,
        code: &[u8],
        fields: &ListFields<'_>,
        phone: Option<PhoneText<'_>>,
    ) -> Option<u16> {
        let country = match self.recent_countries.get(address) {
            Some(country) => country,
            None => self.country(address, class, fields, phone)?,
        };
        if let Some(meaning) = self.five_digits.get(country, code) {
            return Some(meaning);
        }
        let meaning = self.postal_meaning(country, code)?;
        self.five_digits.set(country, code, meaning);
        Some(meaning)
    }

    fn postal_meaning(&mut self, country: u16, code: &[u8]) -> Option<u16> {
        if code.len() > LONGEST_KEPT {
            return None;
        }
        self.key.clear();
        self.key.extend_from_slice(&country.to_le_bytes());
        self.key.extend_from_slice(code);
        if let Some(meaning) = self.postal_codes.get(self.key.as_slice()) {
            return Some(*meaning);
        }
        // What is blank to the core is more than what is blank in ASCII.
        let code = std::str::from_utf8(code).ok()?.trim();
        if code.is_empty() {
            return Some(NO_CODE);
        }
        let name = self
            .country_names
            .get(usize::from(country))
            .and_then(Option::as_deref);
        let meaning = name.map_or(PostalMeaning::NoCountry, |name| match locate_postal(name, code) {
            Ok(PostalPlaces::NotTabulated) => PostalMeaning::NotTabulated,
            Ok(PostalPlaces::Places(places)) => PostalMeaning::Places(places),
            Err(PostalError::Military(_)) => PostalMeaning::Military,
            Err(_) => PostalMeaning::Unreadable,
        });
        let known = self.postal_meanings.iter().position(|each| *each == meaning);
        let index = known.unwrap_or_else(|| {
            self.postal_meanings.push(meaning);
            self.postal_meanings.len() - 1
        });
        let index = u16::try_from(index + 1).ok()?;
        // What codes mean is kept; that it was these codes is found out again.
        if self.postal_codes.len() >= MOST_CODES {
            self.postal_codes.clear();
        }
        self.postal_codes.insert(self.key.as_slice().into(), index);
        Some(index)
    }

    /// The country whose postal codes are meant, as a number: the address's or else the phone number's.
    fn country(
        &mut self,
        address: u64,
        class: u16,
        fields: &ListFields<'_>,
        phone: Option<PhoneText<'_>>,
    ) -> Option<u16> {
        if let Some(country) = self.countries.get(&(address, ANY_NUMBER)) {
            self.recent_countries.set(address, *country);
            return Some(*country);
        }
        if let Some(country) = self.countries.get(&(address, class)) {
            return Some(*country);
        }
        let mut evidence = evidence(&ListFields {
            phone: Value::Absent,
            ..*fields
        });
        let mut name = self.gate.postal_country(&evidence);
        // That no country is named holds for rows without a number alone.
        let deciding = if name.is_some() { ANY_NUMBER } else { class };
        if name.is_none() {
            evidence.phone = phone.map(|number| number.as_str().to_owned());
            name = self.gate.postal_country(&evidence);
        }
        let known = self.country_names.iter().position(|each| *each == name);
        let index = known.unwrap_or_else(|| {
            self.country_names.push(name);
            self.country_names.len() - 1
        });
        let index = u16::try_from(index).ok()?;
        self.countries.insert((address, deciding), index);
        Some(index)
    }
}

/// A text that may be remembered; empty if there is none.
fn text_of(value: Value<'_>) -> Option<&[u8]> {
    match value {
        Value::Absent => Some(&[]),
        Value::Text(text) => Some(text),
        Value::NotText => None,
    }
}

/// The number of a row, if it has one.
///
/// # Errors
/// The code of what is wrong with it.
pub(super) fn number(value: Value<'_>) -> Result<Option<PhoneText<'_>>, &'static str> {
    const NOT_E164: &str = "phone-not-e164";
    let text = match value {
        Value::Absent => return Ok(None),
        Value::NotText => return Err(NOT_E164),
        Value::Text(text) => match PhoneText::of(text) {
            Some(number) => return Ok(Some(number)),
            None => std::str::from_utf8(text).map_err(|_| NOT_E164)?.trim(),
        },
    };
    if text.is_empty() {
        return Err("phone-missing");
    }
    PhoneText::of(text.as_bytes()).map(Some).ok_or(NOT_E164)
}

/// The evidence of a row as the core takes it.
pub(super) fn evidence(fields: &ListFields<'_>) -> Evidence {
    let mut evidence = Evidence::default();
    let mut take = |kind: EvidenceKind, value: Value<'_>| match value {
        Value::Absent => None,
        Value::Text(text) => match std::str::from_utf8(text) {
            Ok(text) => Some(text.to_owned()),
            Err(_) => {
                evidence.unreadable.push((kind, "is not UTF-8".to_owned()));
                None
            }
        },
        Value::NotText => {
            evidence.unreadable.push((kind, "must be a text".to_owned()));
            None
        }
    };
    let region = take(EvidenceKind::Region, fields.region);
    let zone = take(EvidenceKind::Zone, fields.zone);
    let country = take(EvidenceKind::Country, fields.country);
    let postal_code = take(EvidenceKind::PostalCode, fields.postal_code);
    let phone = take(EvidenceKind::Phone, fields.phone);
    Evidence {
        region,
        zone,
        country,
        phone,
        postal_code,
        ..evidence
    }
}
