//! Numbers as people write them in their own country: `(305) 555-0123` is a number only once its country is stated.

use core::fmt;
use core::str::FromStr;

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, Region};

use super::PhoneNumber;

/// A country whose numbering plan is known, by which numbers without a country code are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberingPlan(Region);

/// Why a text is no number of a country. No message repeats any of its digits.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NationalError {
    /// No numbering plan is known under this code.
    #[error("`{0}` is not a country with phone numbers; write an ISO 3166-1 code such as `US` or `GB`")]
    UnknownCountry(String),
    /// There is something else in it than digits and signs.
    #[error("the phone number has other characters than digits, blanks and `+().-/`; write the number alone")]
    NotANumber,
    /// The country has no such number, or it names more than one line.
    #[error(
        "the phone number is none of the numbering plan of {0}; write `+`, country code and number, or correct it"
    )]
    NotInPlan(NumberingPlan),
}

/// The ISO 3166-1 code.
impl fmt::Display for NumberingPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for NumberingPlan {
    type Err = NationalError;

    /// Reads an ISO 3166-1 alpha-2 code, in any case.
    fn from_str(code: &str) -> Result<Self, NationalError> {
        let unknown = || NationalError::UnknownCountry(code.trim().chars().take(20).collect());
        let region: Region = code.trim().to_ascii_uppercase().parse().map_err(|_| unknown())?;
        let is_supported = PHONE_NUMBER_UTIL
            .get_supported_regions()
            .any(|each| each == region);
        if is_supported {
            Ok(Self(region))
        } else {
            Err(unknown())
        }
    }
}

impl NumberingPlan {
    /// Reads a number that is written with or without its country code, with blanks and signs or without.
    ///
    /// One that begins with `+` is taken at its word. Any other must be a number of this country's plan, trunk prefix
    /// or not, since nothing else says what its digits mean.
    ///
    /// # Errors
    /// See [`NationalError`]. Letters and extensions are never guessed away.
    pub fn read(self, written: &str) -> Result<PhoneNumber, NationalError> {
        let written = written.trim();
        let not_in_plan = || NationalError::NotInPlan(self);
        let is_sign = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '.' | '-' | '/' | '\u{2011}');
        let (plus, rest) = written
            .strip_prefix('+')
            .map_or(("", written), |rest| ("+", rest));
        if !rest.chars().all(|c| c.is_ascii_digit() || is_sign(c)) {
            return Err(NationalError::NotANumber);
        }
        let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
        if plus == "+" {
            return format!("+{digits}").parse().map_err(|_| not_in_plan());
        }
        let number = PHONE_NUMBER_UTIL
            .parse(&digits, Some(self.0))
            .map_err(|_| not_in_plan())?;
        if !PHONE_NUMBER_UTIL.is_valid_number(&number) {
            return Err(not_in_plan());
        }
        PHONE_NUMBER_UTIL
            .format(&number, PhoneNumberFormat::E164)
            .parse()
            .map_err(|_| not_in_plan())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(country: &str, written: &str) -> Result<String, String> {
        let plan: NumberingPlan = country
            .parse()
            .map_err(|error: NationalError| error.to_string())?;
        plan.read(written)
            .map(|number| number.as_str().to_owned())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn numbers_are_read_as_their_country_writes_them() {
        for (country, written, number) in [
            ("US", "(305) 555-0123", "+13055550123"),
            ("us", "1 305 555 0123", "+13055550123"),
            ("US", "13055550123", "+13055550123"),
            ("US", "+1 (305) 555-0123", "+13055550123"),
            ("GB", "020 7946 0958", "+442079460958"),
            ("GB", "00 44 20 7946 0958", "+442079460958"),
            ("DE", "030/901820", "+4930901820"),
            ("IT", "06 6982", "+39066982"),
            ("FR", "01.42.68.53.00", "+33142685300"),
            ("AU", "0412 345 678", "+61412345678"),
            // Beyond the country: the `+` says all.
            ("US", "+44 20 7946 0958", "+442079460958"),
        ] {
            assert_eq!(
                read(country, written).as_deref(),
                Ok(number),
                "{country} {written}"
            );
        }
    }

    #[test]
    fn nothing_is_guessed() {
        for (country, written) in [
            ("US", "555-0123"),
            ("US", "305 555 012"),
            ("US", "0044 20 7946 0958"),
            ("GB", "(617) 555-0123"),
            ("US", "++13055550123"),
            ("US", "1-800-FLOWERS"),
            ("US", "305 555 0123 x7"),
            ("US", "305 555 0123, 305 555 0124"),
            ("US", "1.3055550123E+10"),
            ("US", "\u{661}\u{662}\u{663}"),
            ("US", "+1"),
            ("US", ""),
        ] {
            let error = read(country, written).unwrap_err();
            assert!(
                !written.contains("555") || !error.contains("555"),
                "{country} {written}: {error}"
            );
        }
    }

    #[test]
    fn a_country_is_a_code_that_has_numbers() {
        for code in ["", "USA", "XX", "1", "United States", "001", "ZZ"] {
            assert!(
                matches!(
                    code.parse::<NumberingPlan>(),
                    Err(NationalError::UnknownCountry(_))
                ),
                "{code}"
            );
        }
        assert_eq!(" gb ".parse::<NumberingPlan>().unwrap().to_string(), "GB");
    }
}
