//! Texts and postal codes met before, found without building a key: nearly every row's is one of them.

use super::meanings::Quick;

/// Longer texts are no evidence that is worth remembering.
pub(super) const LONGEST_KEPT: usize = 128;
const MIXER: u64 = 0x9e37_79b9_7f4a_7c15;

/// A text of at most 32 bytes as four numbers, which overlap where it is shorter: compared and found in a few steps.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ShortText {
    words: [u64; 4],
    length: usize,
}

/// Word by word: a comparison of all of them at once would wait until they are in memory.
impl PartialEq for ShortText {
    fn eq(&self, other: &Self) -> bool {
        let ([a, b, c, d], [e, f, g, h]) = (self.words, other.words);
        self.length == other.length && (a ^ e) | (b ^ f) | (c ^ g) | (d ^ h) == 0
    }
}

impl ShortText {
    /// `None` for a longer one.
    pub(super) fn of(text: &[u8]) -> Option<Self> {
        let length = text.len();
        let words = match (text.first_chunk(), text.last_chunk()) {
            (Some(first), Some(last)) if length <= 32 => {
                let middle = |start: usize| text.get(start.min(length - 8)..)?.first_chunk();
                [first, middle(8)?, middle(16)?, last].map(|word| u64::from_le_bytes(*word))
            }
            (None, _) => [word(text)?, 0, 0, 0],
            _ => return None,
        };
        Some(Self { words, length })
    }

    fn mixed(&self) -> u64 {
        let [first, second, third, fourth] = self.words;
        let all = first ^ second.rotate_left(17) ^ third.rotate_left(31) ^ fourth.rotate_left(47);
        all.wrapping_mul(MIXER)
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

/// Texts by number; those met of late are found first.
#[derive(Debug)]
pub(super) struct Texts {
    recent: Box<[(ShortText, Option<u32>)]>,
    numbers: Quick<Box<[u8]>, u32>,
    most: u32,
}

const TEXT_BITS: u32 = 9;

impl Texts {
    /// Numbers are below this one.
    pub(super) fn below(most: u32) -> Self {
        Self {
            recent: vec![Default::default(); 1 << TEXT_BITS].into(),
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
        let Some(short) = ShortText::of(text) else {
            return self.entered(text);
        };
        let place = usize::try_from(short.mixed() >> (u64::BITS - TEXT_BITS)).unwrap_or(0);
        match self.recent.get(place) {
            Some((held, Some(number))) if *held == short => Some(*number),
            _ => {
                let number = self.entered(text)?;
                if let Some(place) = self.recent.get_mut(place) {
                    *place = (short, Some(number));
                }
                Some(number)
            }
        }
    }

    #[cold]
    fn entered(&mut self, text: &[u8]) -> Option<u32> {
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

/// Postal codes of countries with their meanings, as far as they have five digits: there are tens of thousands of those in
/// a list.
#[derive(Debug, Default)]
pub(super) struct FiveDigits {
    /// By country and code; 0 = not known.
    countries: Vec<Box<[u16]>>,
}

/// So many countries have codes here: a table for each takes its room.
const MOST_COUNTRIES: usize = 8;
const CODES: usize = 100_000;

impl FiveDigits {
    /// The meaning of a code, if it is known.
    pub(super) fn get(&self, country: u16, code: &[u8]) -> Option<u16> {
        let table = self.countries.get(usize::from(country))?;
        let meaning = table.get(five_digits(code)?)?;
        (*meaning != 0).then_some(*meaning)
    }

    /// Keeps the meaning of a code, if it is one of five digits.
    pub(super) fn set(&mut self, country: u16, code: &[u8], meaning: u16) {
        let country = usize::from(country);
        let Some(number) = five_digits(code).filter(|_| country < MOST_COUNTRIES) else {
            return;
        };
        if country >= self.countries.len() {
            self.countries.resize_with(country + 1, Box::default);
        }
        if let Some(table) = self.countries.get_mut(country) {
            if table.is_empty() {
                *table = vec![0; CODES].into();
            }
            if let Some(place) = table.get_mut(number) {
                *place = meaning;
            }
        }
    }
}

/// The number that five digits are.
fn five_digits(code: &[u8]) -> Option<usize> {
    let [first, second, third, fourth, fifth] = *code else {
        return None;
    };
    let digits = u64::from_le_bytes([first, second, third, fourth, fifth, b'0', b'0', b'0']) ^ ZEROS;
    // A digit plus this one stays below the highest bit, what is larger does not.
    if (digits.wrapping_add(0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080 != 0 {
        return None;
    }
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8);
    let (high, low, last) = (pairs & 0xff, (pairs >> 16) & 0xff, (digits >> 32) & 0xff);
    usize::try_from(high * 1_000 + low * 10 + last).ok()
}

const ZEROS: u64 = u64::from_le_bytes([b'0'; 8]);

/// The countries of addresses, by address. Each takes the place of another one before it.
#[derive(Debug)]
pub(super) struct RecentCountries(Box<[(u64, Option<u16>)]>);

const COUNTRY_BITS: u32 = 9;

impl Default for RecentCountries {
    fn default() -> Self {
        Self(vec![(0, None); 1 << COUNTRY_BITS].into())
    }
}

impl RecentCountries {
    pub(super) fn get(&self, address: u64) -> Option<u16> {
        let (held, country) = self.0.get(Self::place(address))?;
        if *held == address { *country } else { None }
    }

    pub(super) fn set(&mut self, address: u64, country: u16) {
        if let Some(place) = self.0.get_mut(Self::place(address)) {
            *place = (address, Some(country));
        }
    }

    fn place(address: u64) -> usize {
        usize::try_from(address.wrapping_mul(MIXER) >> (u64::BITS - COUNTRY_BITS)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_postal_code_is_found_in_its_country() {
        let mut codes = FiveDigits::default();
        codes.set(1, b"33101", 7);
        codes.set(1, b"99999", 8);
        codes.set(MOST_COUNTRIES as u16, b"33101", 9);
        assert_eq!(
            (codes.get(1, b"33101"), codes.get(1, b"99999")),
            (Some(7), Some(8))
        );
        for (country, code) in [
            (1, "33100"),
            (0, "33101"),
            (2, "33101"),
            (MOST_COUNTRIES as u16, "33101"),
        ] {
            assert_eq!(codes.get(country, code.as_bytes()), None, "{code} of {country}");
        }
        for number in 0..CODES {
            assert_eq!(five_digits(format!("{number:05}").as_bytes()), Some(number));
        }
        for place in 0..5 {
            for byte in (0..=255_u8).filter(|byte| !byte.is_ascii_digit()) {
                let mut code = *b"33101";
                code[place] = byte;
                assert_eq!(five_digits(&code), None, "{code:?}");
            }
        }
        assert_eq!((five_digits(b"3310"), five_digits(b"33101-4711")), (None, None));
    }

    #[test]
    fn texts_are_told_apart_by_every_byte() {
        for length in 0..=33 {
            let text: Vec<u8> = (0..length).map(|place| b'a' + place).collect();
            let Some(short) = ShortText::of(&text) else {
                assert_eq!(length, 33);
                continue;
            };
            assert!(short == ShortText::of(&text.clone()).unwrap() && length < 33);
            for place in 0..text.len() {
                let mut other = text.clone();
                other[place] = b'_';
                assert_ne!(ShortText::of(&other), Some(short), "{length}, {place}");
                assert_ne!(ShortText::of(&text[..place]), Some(short));
            }
        }
        assert_ne!(ShortText::of(b"US-FL"), ShortText::of(b"US-FL\0"));
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
