//! Phone numbers: their form, and which places their beginning names.
//!
//! The knowledge is in `data/phone-places.tsv`; its head names sources, licence and date. In North America every
//! number of an area code counts as being in it; elsewhere only fixed lines are located, since a mobile number has no
//! place. A number can be carried away from its area: a prefix is evidence, an address is better evidence.

use core::fmt;
use core::str::FromStr;

use crate::{Jurisdiction, NamedPlace};

#[cfg(feature = "phone-plan")]
mod national;
#[cfg(feature = "phone-plan")]
mod plan;
mod table;

#[cfg(feature = "phone-plan")]
pub use national::{NationalError, NumberingPlan};
#[cfg(feature = "phone-plan")]
pub use plan::in_numbering_plan;

/// `+` and at most 15 digits (ITU-T E.164).
const LONGEST: usize = 16;
/// Fewer digits than this, country code included, are no number that can be called from abroad.
const FEWEST_DIGITS: usize = 7;
/// So many digits of a shown number are hidden at least.
const HIDDEN: usize = 5;

/// A well-formed E.164 number: `+`, a digit from 1 to 9, then 6 to 14 digits.
///
/// Well-formed is not assigned: see `in_numbering_plan` (feature `phone-plan`). Phone numbers are private, so
/// `Debug` and `Display` mask them (`+1305*****23`); [`as_str`](Self::as_str) is the way to the digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhoneNumber {
    /// ASCII; what follows the number is zero.
    text: [u8; LONGEST],
    len: u8,
}

/// Why a text is no E.164 number. No message repeats any of its digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// It does not begin with `+`.
    #[error("the phone number does not begin with `+`; write `+`, country code and number: `+13055550123`")]
    NoPlus,
    /// There is something else than digits after the `+`.
    #[error(
        "the phone number has other characters than digits after the `+`; write it without spaces and signs"
    )]
    NotDigits,
    /// The country code begins with 0; none does.
    #[error(
        "the phone number has a 0 after the `+`; write the country code there, without 00 or trunk prefix"
    )]
    NoCountryCode,
    /// Fewer than 7 digits.
    #[error("the phone number has {0} digits; write country code and number, at least 7 digits")]
    TooShort(usize),
    /// More than 15 digits.
    #[error(
        "the phone number has {0} digits; write country code and number, at most 15 digits, no extension"
    )]
    TooLong(usize),
}

impl PhoneNumber {
    /// The number with its `+`: `+13055550123`. Private: keep it out of logs and messages.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let text = self.text.get(..usize::from(self.len)).unwrap_or_default();
        // All ASCII, as `from_str` has seen to.
        core::str::from_utf8(text).unwrap_or_default()
    }

    /// The beginning of the number that decided what [`locate`] says: `+1305`, `+612`, `+44`; a lone `+` if no table
    /// row fits. At most 7 digits, an area and no subscriber, so it may be logged.
    #[must_use]
    pub fn locating_prefix(&self) -> &str {
        let digits = table::find(self.digits()).map_or(0, |found| found.prefix_digits);
        self.as_str().get(..=digits).unwrap_or("+")
    }

    /// The country code (ITU-T E.164): `1`, `49`, `353`. It may be one that is not assigned.
    #[must_use]
    pub fn country_code(&self) -> &str {
        // World zones 1 and 7 have one digit; these have two; all others three.
        const TWO_DIGITS: &[u8] = &[
            20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55, 56,
            57, 58, 60, 61, 62, 63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93, 94, 95, 98,
        ];
        let digits = self.as_str().get(1..).unwrap_or_default();
        let first_two = digits.get(..2).and_then(|two| two.parse().ok());
        let length = match first_two {
            Some(10..20 | 70..80) => 1,
            Some(two) if TWO_DIGITS.contains(&two) => 2,
            _ => 3,
        };
        digits.get(..length).unwrap_or_default()
    }

    fn digits(&self) -> &[u8] {
        self.text.get(1..usize::from(self.len)).unwrap_or_default()
    }
}

impl FromStr for PhoneNumber {
    type Err = PhoneError;

    fn from_str(written: &str) -> Result<Self, PhoneError> {
        let digits = written.strip_prefix('+').ok_or(PhoneError::NoPlus)?;
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(PhoneError::NotDigits);
        }
        if digits.starts_with('0') {
            return Err(PhoneError::NoCountryCode);
        }
        if digits.len() < FEWEST_DIGITS {
            return Err(PhoneError::TooShort(digits.len()));
        }
        let mut text = [0; LONGEST];
        let space = text.get_mut(..written.len());
        let space = space.ok_or(PhoneError::TooLong(digits.len()))?;
        space.copy_from_slice(written.as_bytes());
        Ok(Self {
            text,
            len: u8::try_from(written.len()).unwrap_or_default(),
        })
    }
}

/// The number with at least five digits hidden: `+1305*****23`.
impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (text, len) = (self.as_str(), usize::from(self.len));
        // `+`, up to four digits, the hidden ones, two digits.
        let head = len.saturating_sub(HIDDEN + 2).clamp(1, 5);
        let tail = len.saturating_sub(2);
        f.write_str(text.get(..head).unwrap_or("+"))?;
        (head..tail).try_for_each(|_| f.write_str("*"))?;
        f.write_str(text.get(tail..).unwrap_or_default())
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneNumber({self})")
    }
}

/// What the beginning of a phone number says about where the callee is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhonePlaces {
    /// The callee is in one of these places; never empty.
    Geographic(&'static [NamedPlace]),
    /// A mobile or another number without a place, or a country with one clock: the callee is in one of these
    /// countries, anywhere in it; never empty.
    CountryOnly(&'static [Jurisdiction]),
    /// The number names no country.
    Nowhere(Placeless),
}

/// Why a phone number names no country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Placeless {
    /// The called party pays: `+1 800`, `+44 800`, `+800`.
    TollFree,
    /// The caller pays for a service: `+1 900`.
    PremiumRate,
    /// A satellite network or another that spans countries: `+870`, `+881`, `+882`, `+883`.
    Satellite,
    /// Personal, machine, carriers' and government numbers: `+1 500`, `+1 600`, `+1 700`, `+878`.
    NonGeographic,
    /// A country code or a North American area code that the table does not know: not assigned, assigned after the
    /// table's date, or of a territory without an ISO 3166-1 code (`+383`).
    Unknown,
}

impl Placeless {
    /// Lower-case words for messages: `toll-free`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TollFree => "toll-free",
            Self::PremiumRate => "premium-rate",
            Self::Satellite => "satellite",
            Self::NonGeographic => "non-geographic",
            Self::Unknown => "unknown",
        }
    }
}

/// Which places the number's prefix names.
///
/// The longest prefix in `data/phone-places.tsv` decides; exchanges within an area code do not count. Takes some
/// 50 ns and does not allocate, except that the first call reads the table (some milliseconds).
#[must_use]
pub fn locate(number: &PhoneNumber) -> PhonePlaces {
    table::find(number.digits()).map_or(PhonePlaces::Nowhere(Placeless::Unknown), |found| found.places)
}

/// Numbers of one class are in the same places, and have the same [`locating_prefix`](PhoneNumber::locating_prefix):
/// for callers who keep what they found. Classes are small numbers; they may differ from release to release.
#[must_use]
pub fn class_of(number: PhoneText<'_>) -> usize {
    table::class_of(number.0.get(1..).unwrap_or_default())
}

/// A well-formed E.164 number where it stands, for callers who read millions. Private as a [`PhoneNumber`] is.
#[derive(Clone, Copy)]
pub struct PhoneText<'t>(&'t [u8]);

impl<'t> PhoneText<'t> {
    /// The number that these bytes are; `None` for what is no number, as the [`FromStr`] of [`PhoneNumber`] explains.
    #[must_use]
    pub fn of(written: &'t [u8]) -> Option<Self> {
        let [b'+', digits @ ..] = written else {
            return None;
        };
        let is_right =
            written.len() <= LONGEST && digits.len() >= FEWEST_DIGITS && digits.first() != Some(&b'0');
        let are_all = match (digits.first_chunk(), digits.last_chunk()) {
            // The first eight and the last eight are all of them.
            (Some(first), Some(last)) => are_digits(*first) && are_digits(*last),
            _ => digits.iter().all(u8::is_ascii_digit),
        };
        (is_right && are_all).then_some(Self(written))
    }

    /// The number with its `+`: `+13055550123`. Private: keep it out of logs and messages.
    #[must_use]
    pub fn as_str(self) -> &'t str {
        // All ASCII, as `of` has seen to.
        core::str::from_utf8(self.0).unwrap_or_default()
    }
}

impl From<PhoneText<'_>> for PhoneNumber {
    fn from(written: PhoneText<'_>) -> Self {
        let mut text = [0; LONGEST];
        text.iter_mut().zip(written.0).for_each(|(to, from)| *to = *from);
        Self {
            text,
            len: u8::try_from(written.0.len()).unwrap_or_default(),
        }
    }
}

impl fmt::Debug for PhoneText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&PhoneNumber::from(*self), f)
    }
}

/// Whether all of these are digits, in one step: `0` to `9` are 0x30 to 0x39.
fn are_digits(bytes: [u8; 8]) -> bool {
    const UPPER_HALVES: u64 = 0xf0f0_f0f0_f0f0_f0f0;
    const THREES: u64 = 0x3030_3030_3030_3030;
    let bytes = u64::from_le_bytes(bytes);
    let beyond = bytes.wrapping_add(0x0606_0606_0606_0606);
    bytes & UPPER_HALVES == THREES && beyond & UPPER_HALVES == THREES
}

#[cfg(test)]
mod tests;
