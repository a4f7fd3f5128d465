//! What a row's evidence means, as a number: rows of equal meaning are in the same places.
//!
//! Lists have millions of numbers and tens of thousands of postal codes, and far fewer meanings: numbers and
//! postal codes count by the places that they name.

use core_compliance::phone::{PhoneText, class_of, in_numbering_plan, locate};
use core_compliance::ports::{RowField, RowFields, Value};
use core_compliance::postal::beginning_decides;
use core_compliance::{Evidence, EvidenceKind, Gate, UnknownNumbers};

use super::five_digits::FiveDigits;
use super::learnt::Learnt;
use super::postal_meaning::PostalMeaning;
use super::quick::Quick;
use super::recent::{AddressKey, KnownAddress, LONGEST_KEPT, RecentAddresses, Texts};

/// The meaning of a postal code that is not there.
const NO_CODE: u16 = 0;
/// No number's meaning, but the address names the country.
const ANY_NUMBER: u16 = u16::MAX;
/// So many postal codes are remembered, and so many addresses with the country whose codes are meant.
const MOST_CODES: usize = 1 << 16;
const MOST_COUNTRIES: usize = 1 << 18;

/// The meaning of a row's evidence, as one number: whether the numbering plan has no such number, where that matters (1
/// bit), region, zone and country as they were written, what the postal code says, and what the number's prefix says.
pub(super) type Meaning = u64;

/// The bits of each.
const REGION: u32 = 13;
const ZONE: u32 = 10;
const COUNTRY: u32 = 12;
const POSTAL: u32 = 16;
const PHONE: u32 = 12;

/// The bit of a number that its numbering plan does not have.
const UNASSIGNED: Meaning = 1 << (u64::BITS - 1);

/// Meanings that were worked out.
#[derive(Debug)]
pub(super) struct Meanings<'g> {
    gate: &'g Gate,
    learnt: &'g Learnt,
    heeds_plan: bool,
    regions: Texts,
    zones: Texts,
    country_texts: Texts,
    addresses: RecentAddresses,
    five_digits: FiveDigits,
    /// The country whose postal codes are meant: by address with [`ANY_NUMBER`], and by address and number where the address names none.
    countries: Quick<(u64, u16), u16>,
    country_names: Vec<Option<String>>,
    /// By country and code.
    postal_codes: Quick<Box<[u8]>, u16>,
    /// Numbers that were asked for before.
    postal_meanings: Vec<(PostalMeaning, u16)>,
    /// What numbers say, by the class of their prefix; 0 = not worked out yet.
    phone_classes: Vec<u16>,
    key: Vec<u8>,
}

impl<'g> Meanings<'g> {
    pub(super) fn new(gate: &'g Gate, learnt: &'g Learnt) -> Self {
        let decides = gate.settings().unknown_numbers == UnknownNumbers::Prohibit;
        Self {
            gate,
            learnt,
            heeds_plan: decides,
            regions: Texts::below(1 << REGION),
            zones: Texts::below(1 << ZONE),
            country_texts: Texts::below(1 << COUNTRY),
            addresses: RecentAddresses::default(),
            five_digits: FiveDigits::default(),
            countries: Quick::default(),
            country_names: Vec::new(),
            postal_codes: Quick::default(),
            postal_meanings: Vec::new(),
            phone_classes: Vec::new(),
            key: Vec::new(),
        }
    }

    /// Whether so much is remembered that it is time to begin anew.
    pub(super) fn are_many(&self) -> bool {
        [&self.regions, &self.zones, &self.country_texts]
            .iter()
            .any(|texts| texts.are_many())
            || self.country_names.len() >= usize::from(u16::MAX) - 1
            || self.countries.len() >= MOST_COUNTRIES
    }

    /// The meaning of a row; `None` if it has something odd that is to be judged by itself.
    pub(super) fn of(&mut self, fields: &impl RowFields, phone: Option<PhoneText<'_>>) -> Option<Meaning> {
        let texts =
            [RowField::Region, RowField::Zone, RowField::Country].map(|field| text_of(fields.get(field)));
        let [Some(region), Some(zone), Some(country)] = texts else {
            return None;
        };
        let key = AddressKey::of(region, zone, country);
        let address = match key.and_then(|key| self.addresses.get(&key)) {
            Some(known) => known,
            None => self.entered(key, region, zone, country)?,
        };
        let class = match phone {
            None => 0,
            Some(number) => self.phone(number)?,
        };
        let code = text_of(fields.get(RowField::PostalCode))?;
        let known = match address.country() {
            Some(country) => self.five_digits.get(country, code),
            None => None,
        };
        let postal = match known {
            Some(meaning) => meaning,
            None => self.postal(address, key, class, code, fields, phone)?,
        };
        let is_unassigned = self.heeds_plan && phone.is_some_and(|number| !in_numbering_plan(&number.into()));
        let evidence = (address.number() << POSTAL | u64::from(postal)) << PHONE | u64::from(class);
        Some(if is_unassigned {
            evidence | UNASSIGNED
        } else {
            evidence
        })
    }

    /// What rows of a meaning have in common, in words that all threads have in common.
    pub(super) fn likeness(meaning: Meaning, fields: &impl RowFields) -> Vec<u8> {
        let beyond_address = meaning & ((1 << (POSTAL + PHONE)) - 1) | meaning & UNASSIGNED;
        let mut likeness = beyond_address.to_le_bytes().to_vec();
        for field in [RowField::Region, RowField::Zone, RowField::Country] {
            let text = text_of(fields.get(field)).unwrap_or_default();
            likeness.extend_from_slice(&text.len().to_le_bytes());
            likeness.extend_from_slice(text);
        }
        likeness
    }

    /// An address that was not met of late.
    #[cold]
    fn entered(
        &mut self,
        key: Option<AddressKey>,
        region: &[u8],
        zone: &[u8],
        country: &[u8],
    ) -> Option<KnownAddress> {
        let region = u64::from(self.regions.number(region)?);
        let zone = u64::from(self.zones.number(zone)?);
        let country = u64::from(self.country_texts.number(country)?);
        let address = KnownAddress::new((region << ZONE | zone) << COUNTRY | country, None);
        if let Some(key) = key {
            self.addresses.set(key, address);
        }
        Some(address)
    }

    /// The places that a number's prefix names, as a number.
    #[inline]
    fn phone(&mut self, number: PhoneText<'_>) -> Option<u16> {
        let class = class_of(number);
        match self.phone_classes.get(class) {
            None => self.phone_classes.resize(class + 1, 0),
            Some(0) => {}
            Some(known) => return Some(*known),
        }
        let index = self.learnt.phone_meaning(locate(&number.into()));
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
        address: KnownAddress,
        key: Option<AddressKey>,
        class: u16,
        code: &[u8],
        fields: &impl RowFields,
        phone: Option<PhoneText<'_>>,
    ) -> Option<u16> {
        let code = code.trim_ascii();
        if code.is_empty() {
            return Some(NO_CODE);
        }
        let country = match address.country() {
            Some(country) => country,
            None => {
                let (country, is_addressed) = self.country(address.number(), class, fields, phone)?;
                if let Some(key) = key.filter(|_| is_addressed) {
                    self.addresses
                        .set(key, KnownAddress::new(address.number(), Some(country)));
                }
                country
            }
        };
        if let Some(meaning) = self.five_digits.get(country, code) {
            return Some(meaning);
        }
        let meaning = self.postal_meaning(country, code)?;
        let name = self
            .country_names
            .get(usize::from(country))
            .and_then(Option::as_deref);
        let decides = |beginning: &[u8]| match (name, std::str::from_utf8(beginning)) {
            (Some(name), Ok(beginning)) => beginning_decides(name, beginning),
            (None, _) => true,
            _ => false,
        };
        self.five_digits.set(country, code, meaning, decides);
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
        let meaning = PostalMeaning::of(name, code);
        let asked = self.postal_meanings.iter().find(|(known, _)| *known == meaning);
        let index = match asked {
            Some((_, index)) => *index,
            None => {
                let index = u16::try_from(self.learnt.postal_meaning(meaning) + 1).ok()?;
                self.postal_meanings.push((meaning, index));
                index
            }
        };
        // What codes mean is kept; that it was these codes is found out again.
        if self.postal_codes.len() >= MOST_CODES {
            self.postal_codes.clear();
        }
        self.postal_codes.insert(self.key.as_slice().into(), index);
        Some(index)
    }

    /// The country whose postal codes are meant, as a number: the address's or else the phone number's. And whether it is the
    /// address's.
    fn country(
        &mut self,
        address: u64,
        class: u16,
        fields: &impl RowFields,
        phone: Option<PhoneText<'_>>,
    ) -> Option<(u16, bool)> {
        if let Some(country) = self.countries.get(&(address, ANY_NUMBER)) {
            return Some((*country, true));
        }
        if let Some(country) = self.countries.get(&(address, class)) {
            return Some((*country, false));
        }
        let mut evidence = evidence(fields);
        evidence.phone = None;
        let mut name = self.gate.postal_country(&evidence);
        let is_addressed = name.is_some();
        if !is_addressed {
            evidence.phone = phone.map(|number| number.as_str().to_owned());
            name = self.gate.postal_country(&evidence);
        }
        let known = self.country_names.iter().position(|each| *each == name);
        let index = known.unwrap_or_else(|| {
            self.country_names.push(name);
            self.country_names.len() - 1
        });
        let index = u16::try_from(index).ok()?;
        // That no country is named holds for rows without a number alone.
        let deciding = if is_addressed { ANY_NUMBER } else { class };
        self.countries.insert((address, deciding), index);
        Some((index, is_addressed))
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
#[inline]
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
pub(super) fn evidence(fields: &impl RowFields) -> Evidence {
    let mut evidence = Evidence::default();
    let mut take = |kind: EvidenceKind, field: RowField| match fields.get(field) {
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
    let region = take(EvidenceKind::Region, RowField::Region);
    let zone = take(EvidenceKind::Zone, RowField::Zone);
    let country = take(EvidenceKind::Country, RowField::Country);
    let postal_code = take(EvidenceKind::PostalCode, RowField::PostalCode);
    let phone = take(EvidenceKind::Phone, RowField::Phone);
    Evidence {
        region,
        zone,
        country,
        phone,
        postal_code,
        ..evidence
    }
}
