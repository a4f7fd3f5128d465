//! What spreadsheets and habits do to numbers and postal codes, recognised; nothing is guessed back.

use core_compliance::PostalError;
use core_compliance::phone::{NationalError, NumberingPlan};
use core_compliance::{has_e164_shape, locate_postal};

/// Why a value, and with it the row, cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spoilt {
    /// A permanent code.
    pub(super) code: &'static str,
    /// For people; never repeats a number.
    pub(super) reason: String,
}

impl Spoilt {
    pub(super) fn new(code: &'static str, reason: impl Into<String>) -> Self {
        Self {
            code,
            reason: reason.into(),
        }
    }
}

/// The number to call. `plan` tells by which country's habits it is written, where that is stated.
///
/// What is nothing that is known here comes back as it is, for the use case to reject.
pub(super) fn phone(
    written: &str,
    plan: impl FnOnce() -> Result<Option<NumberingPlan>, NationalError>,
) -> Result<String, Spoilt> {
    let written = written.trim();
    if written.is_empty() || has_e164_shape(written) {
        return Ok(written.to_owned());
    }
    if let Some(how) = damage(written) {
        return Err(Spoilt::new("phone-damaged", how));
    }
    let plan = plan().map_err(|error| Spoilt::new("phone-country-unknown", error.to_string()))?;
    if let Some(plan) = plan {
        return match plan.read(written) {
            Ok(number) => Ok(number.as_str().to_owned()),
            Err(error) => Err(Spoilt::new("phone-not-national", error.to_string())),
        };
    }
    let is_sign = |c: char| c.is_whitespace() || "()+-./".contains(c);
    let is_number = written.chars().any(|c| c.is_ascii_digit())
        && written.chars().all(|c| c.is_ascii_digit() || is_sign(c));
    if !is_number {
        return Ok(written.to_owned());
    }
    if written.starts_with('+') && written.chars().any(|c| c != '+' && is_sign(c)) {
        return Err(Spoilt::new(
            "phone-formatted",
            "`phone` has blanks or signs within; write `+` and digits alone, or state the country whose habits the \
             list follows (--country), and it is read as it is",
        ));
    }
    if written.starts_with('+') {
        return Ok(written.to_owned());
    }
    Err(Spoilt::new(
        "phone-without-plus",
        "`phone` does not begin with `+` and a country code; write them, or state the country of the list's numbers \
         (--country US, or a column `country`)",
    ))
}

/// What was done to a number that has lost digits, or may have.
fn damage(written: &str) -> Option<&'static str> {
    if written.starts_with(['\'', '\u{2019}', '`']) {
        return Some(
            "`phone` begins with an apostrophe, by which spreadsheets mark a text; export the column without it",
        );
    }
    let number = written.trim_start_matches(['+', '=', '"']);
    let (mantissa, exponent) = match number.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (number, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_number = mantissa.split(['.', ',']).all(digits);
    if is_number && exponent.is_some_and(|exponent| digits(exponent.trim_start_matches(['+', '-']))) {
        return Some(
            "`phone` was rounded by a spreadsheet (as in `1.2125E+10`), and its last digits are lost; format the column \
             as text and export it again from where the numbers are whole",
        );
    }
    let is_decimal = mantissa.split_once('.').is_some_and(|(whole, rest)| {
        digits(whole) && !rest.is_empty() && rest.bytes().all(|byte| byte == b'0')
    });
    if is_decimal && exponent.is_none() {
        return Some(
            "`phone` was written as a decimal number (it ends with `.0`); format the column as text and export it again",
        );
    }
    if written.starts_with('=') {
        return Some("`phone` is a spreadsheet's formula; export the column as text");
    }
    None
}

/// Whether a postal code still has all its digits. What else may be wrong with it is for the gate to say.
pub(super) fn postal_code(code: &str, country: &str) -> Result<(), Spoilt> {
    match locate_postal(country, code) {
        Err(error @ PostalError::LostLeadingZero(..)) => {
            Err(Spoilt::new("postal-code-damaged", error.to_string()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(written: &str, country: Option<&str>) -> Result<String, &'static str> {
        phone(written, || country.map(str::parse).transpose()).map_err(|spoilt| {
            assert!(!spoilt.reason.contains("555"), "{}", spoilt.reason);
            spoilt.code
        })
    }

    #[test]
    fn what_spreadsheets_do_is_recognised_whatever_the_country() {
        for written in [
            "1.2125E+10",
            "1.2125550100E+10",
            "1,2125E+10",
            "1E+10",
            "+1.2125e10",
            "'+12125550100",
            "\u{2019}12125550100",
            "12125550100.0",
            "12125550100.00",
            "=12125550100",
            "=\"12125550100\"",
        ] {
            assert_eq!(read(written, None), Err("phone-damaged"), "{written}");
            assert_eq!(read(written, Some("US")), Err("phone-damaged"), "{written}");
        }
    }

    #[test]
    fn a_number_without_country_code_needs_a_country() {
        for written in ["(212) 555-0100", "212.555.0100", "12125550100", "1 212 555 0100"] {
            assert_eq!(read(written, None), Err("phone-without-plus"), "{written}");
            assert_eq!(
                read(written, Some("US")).as_deref(),
                Ok("+12125550100"),
                "{written}"
            );
            assert_eq!(
                read(written, Some("XX")),
                Err("phone-country-unknown"),
                "{written}"
            );
        }
        assert_eq!(read("5550100", Some("US")), Err("phone-not-national"));
        assert_eq!(read("n/a", Some("US")), Err("phone-not-national"));
    }

    #[test]
    fn blanks_and_signs_are_recognised() {
        for written in ["+1 212 555 0100", "+1 (212) 555-0100", "+1-212-5550100"] {
            assert_eq!(read(written, None), Err("phone-formatted"), "{written}");
            assert_eq!(
                read(written, Some("GB")).as_deref(),
                Ok("+12125550100"),
                "{written}"
            );
        }
    }

    #[test]
    fn what_is_whole_is_not_touched_and_what_is_unknown_is_left() {
        for written in ["+12125550100", "", "n/a", "unknown", "+", "+123", "()"] {
            assert_eq!(read(written, None).as_deref(), Ok(written));
        }
        // A number in E.164 needs no country, not even one that is known.
        assert_eq!(read("+12125550100 ", Some("XX")).as_deref(), Ok("+12125550100"));
    }

    #[test]
    fn a_zip_code_that_lost_its_zero_is_told_where_the_country_is_known() {
        let code = |code, country| postal_code(code, country).map_err(|spoilt| spoilt.code);
        assert_eq!(code("2139", "US"), Err("postal-code-damaged"));
        assert_eq!(code("872", "AU"), Err("postal-code-damaged"));
        for (text, country) in [
            ("02139", "US"),
            ("2139", ""),
            ("2139", "DE"),
            ("x", "US"),
            ("", "US"),
        ] {
            assert_eq!(code(text, country), Ok(()), "{text} {country}");
        }
    }
}
