//! Postal codes of five digits by what they say, found without building a key.

/// Postal codes of countries with their meanings, as far as they have five digits: there are tens of thousands of those in
/// a list, and nearly always the first three decide.
#[derive(Debug, Default)]
pub(super) struct FiveDigits(Vec<OneCountry>);

#[derive(Clone, Debug, Default)]
struct OneCountry {
    /// By the first three digits; 0 = not known, [`SEVERAL`] = by all five.
    beginnings: Box<[u16]>,
    codes: Box<[u16]>,
}

/// So many countries have codes here: a table for each takes its room.
const MOST_COUNTRIES: usize = 8;
const BEGINNINGS: usize = 1_000;
/// Codes with one beginning.
const A_BEGINNING: usize = 100;
const SEVERAL: u16 = u16::MAX;

impl FiveDigits {
    /// The meaning of a code, if it is known.
    pub(super) fn get(&self, country: u16, code: &[u8]) -> Option<u16> {
        let known = self.0.get(usize::from(country))?;
        let number = five_digits(code)?;
        match *known.beginnings.get(number / A_BEGINNING)? {
            0 => None,
            SEVERAL => known.codes.get(number).copied().filter(|meaning| *meaning != 0),
            meaning => Some(meaning),
        }
    }

    /// Keeps the meaning of a code, if it is one of five digits; for all with its first three where they decide.
    pub(super) fn set(&mut self, country: u16, code: &[u8], meaning: u16, decides: impl Fn(&[u8]) -> bool) {
        let country = usize::from(country);
        let Some(number) = five_digits(code).filter(|_| country < MOST_COUNTRIES) else {
            return;
        };
        if country >= self.0.len() {
            self.0.resize(country + 1, OneCountry::default());
        }
        let Some(known) = self.0.get_mut(country) else {
            return;
        };
        if known.beginnings.is_empty() {
            known.beginnings = vec![0; BEGINNINGS].into();
        }
        let decided = code.get(..3).is_some_and(decides);
        if let Some(place) = known.beginnings.get_mut(number / A_BEGINNING) {
            *place = if decided { meaning } else { SEVERAL };
        }
        if decided {
            return;
        }
        if known.codes.is_empty() {
            known.codes = vec![0; BEGINNINGS * A_BEGINNING].into();
        }
        if let Some(place) = known.codes.get_mut(number) {
            *place = meaning;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_postal_code_is_found_in_its_country() {
        let mut codes = FiveDigits::default();
        let alone = |_: &[u8]| false;
        codes.set(1, b"33101", 7, alone);
        codes.set(1, b"99999", 8, alone);
        codes.set(1, b"33201", 6, |beginning| beginning == b"332");
        codes.set(MOST_COUNTRIES as u16, b"33101", 9, alone);
        assert_eq!(
            (codes.get(1, b"33101"), codes.get(1, b"99999")),
            (Some(7), Some(8))
        );
        assert_eq!(codes.get(1, b"33299"), Some(6));
        for (country, code) in [
            (1, "33100"),
            (1, "33300"),
            (0, "33101"),
            (2, "33101"),
            (MOST_COUNTRIES as u16, "33101"),
        ] {
            assert_eq!(codes.get(country, code.as_bytes()), None, "{code} of {country}");
        }
        for number in 0..BEGINNINGS * A_BEGINNING {
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
}
