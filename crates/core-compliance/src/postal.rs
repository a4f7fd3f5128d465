//! Postal codes: which places they name, in the United States, Canada and Australia.
//!
//! The knowledge is in `data/postal-places.tsv`; its head names sources, licence and date. A code is that of the post
//! office: some hundred rural ones deliver across a state line, and those in border country name every state they serve.

use core::fmt;

use crate::NamedPlace;

mod table;

/// What a postal code says about where the callee is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostalPlaces {
    /// The callee is in one of these places; never empty.
    Places(&'static [NamedPlace]),
    /// The country's postal codes are not tabulated: nothing follows from the code.
    NotTabulated,
}

/// A country whose postal codes are tabulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PostalCountry {
    /// ZIP codes: the United States, its territories, and the states that its post serves (FM, MH, PW).
    UnitedStates,
    /// Canada.
    Canada,
    /// Australia with its external territories.
    Australia,
}

impl PostalCountry {
    fn of(code: &str) -> Option<Self> {
        Some(match code.trim().to_ascii_uppercase().as_str() {
            "US" | "PR" | "VI" | "GU" | "AS" | "MP" | "UM" | "FM" | "MH" | "PW" => Self::UnitedStates,
            "CA" => Self::Canada,
            "AU" | "CC" | "CX" | "NF" => Self::Australia,
            _ => return None,
        })
    }

    fn form(self) -> &'static str {
        match self {
            Self::UnitedStates => "a ZIP code: 5 digits, or 9 as in `12345-6789`",
            Self::Canada => "a Canadian postal code: `M5V 2T6`, without the letters D, F, I, O, Q and U",
            Self::Australia => "an Australian postcode: 4 digits",
        }
    }
}

/// The adjective in messages.
impl fmt::Display for PostalCountry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnitedStates => "US",
            Self::Canada => "Canadian",
            Self::Australia => "Australian",
        })
    }
}

/// Why a postal code names no place. No message repeats more than the first three characters of the code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PostalError {
    /// The code lacks digits in the way that spreadsheets lose leading zeros: `2139` for `02139`, `872` for `0872`.
    #[error(
        "the {0} postal code has {1} digits, as if a spreadsheet had dropped its leading zero; write it as text, with all digits"
    )]
    LostLeadingZero(PostalCountry, usize),
    /// The code does not have the form of the country's codes.
    #[error("the {0} postal code is not of the right form; write {form}", form = .0.form())]
    Malformed(PostalCountry),
    /// The post of the armed forces (APO, FPO, DPO): the callee may be anywhere in the world.
    #[error(
        "postal codes from `{0}` are military mail (APO, FPO, DPO), which may be anywhere; give a zone and a country"
    )]
    Military(String),
    /// Well-formed, but no place has a code that begins so.
    #[error("no {0} postal code begins with `{1}`; check the code")]
    Unassigned(PostalCountry, String),
}

/// Which places a postal code names.
///
/// `country` is an ISO 3166-1 alpha-2 code, in any case. Blanks around the code are ignored; the digits after the
/// fifth of a ZIP code and the last three characters of a Canadian code do not count. Does not allocate, errors and
/// small letters aside; the first call reads the table.
///
/// # Errors
/// See [`PostalError`]. A code that has lost digits is never completed.
pub fn locate_postal(country: &str, code: &str) -> Result<PostalPlaces, PostalError> {
    let Some(country) = PostalCountry::of(country) else {
        return Ok(PostalPlaces::NotTabulated);
    };
    let code = code.trim();
    let key = match country {
        PostalCountry::UnitedStates => zip_code(code),
        PostalCountry::Canada => canadian(code),
        PostalCountry::Australia => australian(code),
    }?;
    let beginning = || key.chars().take(3).collect();
    match table::find(country, &key) {
        Some(table::Meaning::Places(places)) => Ok(PostalPlaces::Places(places)),
        Some(table::Meaning::Military) => Err(PostalError::Military(beginning())),
        None => Err(PostalError::Unassigned(country, beginning())),
    }
}

/// Whether all codes of a country that begin so and are of one form, such as five digits, are located alike: for callers who
/// keep what they found. The country is one as for [`locate_postal`], the beginning in capitals.
#[must_use]
pub fn beginning_decides(country: &str, beginning: &str) -> bool {
    PostalCountry::of(country).is_none_or(|country| table::decides(country, beginning))
}

fn digits_alone(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The five digits of `12345`, `12345-6789`, `12345 6789` or `123456789`.
fn zip_code(code: &str) -> Result<String, PostalError> {
    let country = PostalCountry::UnitedStates;
    let (zip, extension) = code.split_once(['-', ' ']).unwrap_or((code, "0000"));
    if !digits_alone(zip) || !digits_alone(extension) || extension.len() != 4 {
        return Err(PostalError::Malformed(country));
    }
    let joined = !code.contains(['-', ' ']);
    match zip.len() {
        5 => Ok(zip.to_owned()),
        9 if joined => Ok(zip.chars().take(5).collect()),
        // `00501` comes out as `501`, `00601-1234` as `6011234` where the hyphen is lost too.
        3 | 4 => Err(PostalError::LostLeadingZero(country, zip.len())),
        7 | 8 if joined => Err(PostalError::LostLeadingZero(country, zip.len())),
        _ => Err(PostalError::Malformed(country)),
    }
}

/// The first three characters of `M5V 2T6` in capitals, if the whole has the form.
fn canadian(code: &str) -> Result<String, PostalError> {
    let signs: Vec<u8> = match code.as_bytes() {
        [a, b, c, b' ' | b'-', d, e, f] | [a, b, c, d, e, f] => vec![*a, *b, *c, *d, *e, *f],
        _ => return Err(PostalError::Malformed(PostalCountry::Canada)),
    };
    let fits = signs.iter().enumerate().all(|(index, sign)| {
        let letter = sign.is_ascii_alphabetic() && !b"DFIOQU".contains(&sign.to_ascii_uppercase());
        if index % 2 == 0 {
            letter
        } else {
            sign.is_ascii_digit()
        }
    });
    if !fits {
        return Err(PostalError::Malformed(PostalCountry::Canada));
    }
    Ok(signs
        .iter()
        .take(3)
        .map(|sign| char::from(sign.to_ascii_uppercase()))
        .collect())
}

fn australian(code: &str) -> Result<String, PostalError> {
    match code.len() {
        _ if !digits_alone(code) => Err(PostalError::Malformed(PostalCountry::Australia)),
        4 => Ok(code.to_owned()),
        3 => Err(PostalError::LostLeadingZero(PostalCountry::Australia, 3)),
        _ => Err(PostalError::Malformed(PostalCountry::Australia)),
    }
}

#[cfg(test)]
mod tests;
