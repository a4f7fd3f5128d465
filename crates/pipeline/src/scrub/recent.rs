//! Addresses met before, found without building a key: nearly every row's is one of them.

use super::quick::Quick;

/// Longer texts are no evidence that is worth remembering.
pub(super) const LONGEST_KEPT: usize = 128;
const MIXER: u64 = 0x9e37_79b9_7f4a_7c15;

/// Region, zone and country of a row as they are written, as far as they are short: equal numbers are equal texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct AddressKey([u64; 7]);

impl AddressKey {
    /// `None` for a region or country of more than 8 bytes, or a zone of more than 32.
    #[inline]
    pub(super) fn of(region: &[u8], zone: &[u8], country: &[u8]) -> Option<Self> {
        let lengths = (region.len() << 16) | (zone.len() << 8) | country.len();
        let [first, second, third, fourth] = four_words(zone)?;
        let (region, country) = (word(region)?, word(country)?);
        Some(Self([
            region,
            country,
            first,
            second,
            third,
            fourth,
            lengths as u64,
        ]))
    }

    fn mixed(&self) -> u64 {
        let [region, country, first, second, third, fourth, _] = self.0;
        let zone = first ^ second.rotate_left(17) ^ third.rotate_left(31) ^ fourth.rotate_left(47);
        (zone ^ region.wrapping_mul(MIXER) ^ country.rotate_left(23)).wrapping_mul(MIXER)
    }

    /// Word by word: a comparison of all of them at once would wait until they are in memory.
    fn is(&self, other: &Self) -> bool {
        let differences = self.0.iter().zip(&other.0).map(|(one, other)| one ^ other);
        differences.fold(0, |all, each| all | each) == 0
    }
}

/// A text of at most 32 bytes as four numbers, which overlap where it is shorter: no other text of its length has the same.
fn four_words(text: &[u8]) -> Option<[u64; 4]> {
    let length = text.len();
    match (text.first_chunk(), text.last_chunk()) {
        (Some(first), Some(last)) if length <= 32 => {
            let middle = |start: usize| text.get(start.min(length - 8)..)?.first_chunk();
            Some([first, middle(8)?, middle(16)?, last].map(|word| u64::from_le_bytes(*word)))
        }
        (None, _) => Some([word(text)?, 0, 0, 0]),
        _ => None,
    }
}

/// A text of at most eight bytes as a number: no other text of its length has the same.
fn word(text: &[u8]) -> Option<u64> {
    if let Some(all) = text.first_chunk() {
        return (text.len() == 8).then_some(u64::from_le_bytes(*all));
    }
    if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        return Some(u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32);
    }
    Some(text.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)))
}

/// What is known of an address: its number, of less than 46 bits, and the country whose postal codes it names, if it names
/// one and that was asked before.
///
/// A bit, the number, and the country's plus one in 17 bits; 0 = nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct KnownAddress(u64);

impl KnownAddress {
    const TAKEN: u64 = 1 << 63;
    const COUNTRY: u32 = 17;

    pub(super) fn new(number: u64, country: Option<u16>) -> Self {
        let country = country.map_or(0, |country| u64::from(country) + 1);
        Self(Self::TAKEN | number << Self::COUNTRY | country)
    }

    pub(super) fn number(self) -> u64 {
        (self.0 & !Self::TAKEN) >> Self::COUNTRY
    }

    pub(super) fn country(self) -> Option<u16> {
        let country = (self.0 & ((1 << Self::COUNTRY) - 1)).checked_sub(1)?;
        u16::try_from(country).ok()
    }
}

/// Addresses by their texts. Of those that would take one place, the last two are known.
#[derive(Debug)]
pub(super) struct RecentAddresses(Box<[Slot]>);

/// One line of a processor's cache.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
struct Slot {
    key: AddressKey,
    known: KnownAddress,
}

const ADDRESS_BITS: u32 = 10;

impl Default for RecentAddresses {
    fn default() -> Self {
        Self(vec![Slot::default(); 1 << ADDRESS_BITS].into())
    }
}

impl RecentAddresses {
    #[inline]
    pub(super) fn get(&self, key: &AddressKey) -> Option<KnownAddress> {
        let (first, second) = Self::places(key);
        let mut slot = self.0.get(first)?;
        if !slot.key.is(key) {
            slot = self.0.get(second).filter(|slot| slot.key.is(key))?;
        }
        (slot.known != KnownAddress::default()).then_some(slot.known)
    }

    pub(super) fn set(&mut self, key: AddressKey, known: KnownAddress) {
        let (first, second) = Self::places(&key);
        if let Ok([first, second]) = self.0.get_disjoint_mut([first, second]) {
            if !first.key.is(&key) {
                *second = *first;
            }
            *first = Slot { key, known };
        }
    }

    fn places(key: &AddressKey) -> (usize, usize) {
        let place = usize::try_from(key.mixed() >> (u64::BITS - ADDRESS_BITS)).unwrap_or(0);
        (place, place ^ 1)
    }
}

/// Texts by number.
#[derive(Debug)]
pub(super) struct Texts {
    numbers: Quick<Box<[u8]>, u32>,
    most: u32,
}

impl Texts {
    /// Numbers are below this one.
    pub(super) fn below(most: u32) -> Self {
        Self {
            numbers: Quick::default(),
            most,
        }
    }

    /// The number of a text, from 1 on; 0 for an empty one. `None` for what is not UTF-8 or very
    /// long, and beyond the last number.
    pub(super) fn number(&mut self, text: &[u8]) -> Option<u32> {
        if text.is_empty() {
            return Some(0);
        }
        if let Some(number) = self.numbers.get(text) {
            return Some(*number);
        }
        if text.len() > LONGEST_KEPT || std::str::from_utf8(text).is_err() {
            return None;
        }
        let number = u32::try_from(self.numbers.len() + 1).ok()?;
        if self.are_many() {
            return None;
        }
        self.numbers.insert(text.into(), number);
        Some(number)
    }

    /// Whether there are no more numbers.
    pub(super) fn are_many(&self) -> bool {
        self.numbers.len() + 1 >= self.most as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_apart_by_every_byte() {
        let text = |length: u8| -> Vec<u8> { (0..length).map(|place| b'a' + place).collect() };
        for (length, longest) in [(0, 8), (8, 8), (9, 8), (0, 32), (32, 32), (33, 32)]
            .into_iter()
            .chain((1..32).map(|length| (length, 32)))
        {
            let text = text(length);
            let key = |text: &[u8]| match longest {
                8 => [
                    AddressKey::of(text, b"Z", b"US"),
                    AddressKey::of(b"US-FL", b"Z", text),
                ],
                _ => [AddressKey::of(b"US-FL", text, b"US"); 2],
            };
            let keys = key(&text);
            assert_eq!(keys.map(|key| key.is_some()), [length <= longest; 2], "{length}");
            let [Some(one), Some(other)] = keys else {
                continue;
            };
            for place in 0..text.len() {
                let mut changed = text.clone();
                changed[place] = b'_';
                for different in [key(&changed), key(&text[..place])] {
                    let [Some(first), Some(second)] = different else {
                        panic!("{different:?}")
                    };
                    assert!(!one.is(&first) && !other.is(&second), "{length}, {place}");
                }
            }
        }
        let fields = |region: &str, zone: &str, country: &str| {
            AddressKey::of(region.as_bytes(), zone.as_bytes(), country.as_bytes()).unwrap()
        };
        assert!(!fields("US-FL", "", "").is(&fields("", "US-FL", "")));
        assert!(!fields("US-FL", "", "").is(&fields("", "", "US-FL")));
        assert!(!fields("US-FL", "", "").is(&fields("US-FL\0", "", "")));
    }

    #[test]
    fn an_address_is_known_as_it_was_set_last() {
        let mut recent = RecentAddresses::default();
        let key = |number: u64| AddressKey::of(b"US-FL", format!("Zone/{number}").as_bytes(), b"").unwrap();
        let address = KnownAddress::new;
        assert_eq!(recent.get(&AddressKey::default()), None);
        recent.set(AddressKey::default(), address(0, None));
        assert_eq!(recent.get(&AddressKey::default()), Some(address(0, None)));
        let mut found = 0;
        for number in 0..3_000 {
            recent.set(key(number), address(number, None));
            recent.set(key(number), address(number, Some(u16::MAX)));
            assert_eq!(recent.get(&key(number)), Some(address(number, Some(u16::MAX))));
            if let Some(earlier) = recent.get(&key(number / 2)) {
                assert_eq!(earlier, address(number / 2, Some(u16::MAX)));
                found += 1;
            }
        }
        assert!((300..3_000).contains(&found), "{found}");
        for (number, country) in [(0, None), ((1 << 46) - 1, Some(u16::MAX)), (7, Some(0))] {
            let known = address(number, country);
            assert_eq!((known.number(), known.country()), (number, country));
        }
    }

    #[test]
    fn a_text_keeps_its_number() {
        let mut texts = Texts::below(1_000);
        let name = |number: usize| format!("Zone/{number}/{}", "x".repeat(number % 40));
        for _ in 0..2 {
            for number in 1..900 {
                assert_eq!(texts.number(name(number).as_bytes()), Some(number as u32));
            }
        }
        assert_eq!(texts.number(b""), Some(0));
        assert_eq!(texts.number(b"\xff"), None);
        assert!(!texts.are_many());
        let known = (900..2_000).filter(|number| texts.number(name(*number).as_bytes()).is_some());
        assert_eq!(known.count(), 100);
        assert!(texts.are_many());
    }
}
