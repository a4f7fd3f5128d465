//! How many of the generated contacts are flawed, and how.

use std::fmt;
use std::str::FromStr;

use crate::setting::{SettingError, take_apart};

/// Shares of flawed contacts, each per mille of all. The first four exclude each other.
///
/// Read from text as `mixed`, `clean`, or either with changes in percent: `mixed:missing-region=5,odd-fields=0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Profile {
    /// No region, or an empty one.
    pub missing_region: u16,
    /// A region that names no place, such as `ATLANTIS`.
    pub unknown_region: u16,
    /// A phone that is not E.164.
    pub malformed_phone: u16,
    /// No external id, or an empty one.
    pub missing_external_id: u16,
    /// Valid, with extra fields: nested, unicode, numbers that do not fit 64 bits.
    pub odd_fields: u16,
    /// In the campaign before the first upsert, so that this answers 200 instead of 201.
    pub known: u16,
}

const KEYS: [&str; 6] = [
    "missing-region",
    "unknown-region",
    "malformed-phone",
    "missing-external-id",
    "odd-fields",
    "known",
];

impl Profile {
    /// A list as real ones are: 6 % flawed, 6 % with odd fields.
    pub const MIXED: Self = Self {
        missing_region: 20,
        unknown_region: 20,
        malformed_phone: 15,
        missing_external_id: 5,
        odd_fields: 60,
        known: 0,
    };

    /// Nothing flawed, nothing odd.
    pub const CLEAN: Self = Self {
        missing_region: 0,
        unknown_region: 0,
        malformed_phone: 0,
        missing_external_id: 0,
        odd_fields: 0,
        known: 0,
    };

    fn share(&mut self, key: &str) -> Option<&mut u16> {
        match key {
            "missing-region" => Some(&mut self.missing_region),
            "unknown-region" => Some(&mut self.unknown_region),
            "malformed-phone" => Some(&mut self.malformed_phone),
            "missing-external-id" => Some(&mut self.missing_external_id),
            "odd-fields" => Some(&mut self.odd_fields),
            "known" => Some(&mut self.known),
            _ => None,
        }
    }
}

impl FromStr for Profile {
    type Err = SettingError;

    fn from_str(text: &str) -> Result<Self, SettingError> {
        let parts = take_apart(text)?;
        let mut profile = match (parts.name, parts.value) {
            ("mixed", None) => Self::MIXED,
            ("clean", None) => Self::CLEAN,
            _ => {
                return Err(SettingError::UnknownName {
                    what: "profile",
                    name: text.to_owned(),
                    valid: "mixed, clean".to_owned(),
                });
            }
        };
        for (key, value) in parts.options {
            let share = profile.share(key).ok_or_else(|| SettingError::UnknownKey {
                key: key.to_owned(),
                name: parts.name.to_owned(),
                valid: KEYS.join(", "),
            })?;
            *share = per_mille(value)?;
        }
        let flawed = [
            profile.missing_region,
            profile.unknown_region,
            profile.malformed_phone,
            profile.missing_external_id,
        ];
        if flawed.iter().sum::<u16>() > 1_000 {
            return Err(SettingError::value(
                text,
                "a profile: its flaws make more than 100 percent",
            ));
        }
        Ok(profile)
    }
}

/// Reads a percentage with at most one decimal.
fn per_mille(text: &str) -> Result<u16, SettingError> {
    let (whole, tenths) = text
        .trim_end_matches('%')
        .split_once('.')
        .unwrap_or((text.trim_end_matches('%'), "0"));
    match (whole.parse::<u16>(), tenths.parse::<u16>()) {
        (Ok(whole), Ok(tenths)) if tenths < 10 && (whole < 100 || (whole == 100 && tenths == 0)) => {
            Ok(whole * 10 + tenths)
        }
        _ => Err(SettingError::value(
            text,
            "a percentage; write it as `5` or `0.5`",
        )),
    }
}

impl fmt::Display for Profile {
    /// Spelled out in full, so that it reads back whatever the defaults become.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shares = *self;
        f.write_str("clean")?;
        for (index, key) in KEYS.into_iter().enumerate() {
            let share = shares.share(key).map_or(0, |share| *share);
            let separator = if index == 0 { ':' } else { ',' };
            write!(f, "{separator}{key}={}.{}", share / 10, share % 10)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_are_read_with_changes_and_read_back() {
        assert_eq!("mixed".parse(), Ok(Profile::MIXED));
        let changed: Profile = "clean:missing-region=2.5,known=100%".parse().unwrap();
        assert_eq!(
            changed,
            Profile {
                missing_region: 25,
                known: 1_000,
                ..Profile::CLEAN
            }
        );
        assert_eq!(changed.to_string().parse(), Ok(changed));
        assert_eq!(Profile::MIXED.to_string().parse(), Ok(Profile::MIXED));
    }

    #[test]
    fn wrong_profiles_say_what_is_right() {
        let message = |text: &str| text.parse::<Profile>().unwrap_err().to_string();
        assert_eq!(message("dirty"), "unknown profile `dirty`; valid: mixed, clean");
        assert!(
            message("mixed:region=1").starts_with("unknown key `region` for `mixed`; valid: missing-region,")
        );
        assert_eq!(
            message("mixed:known=101"),
            "`101` is not a percentage; write it as `5` or `0.5`"
        );
        assert!(message("clean:missing-region=60,unknown-region=60").contains("more than 100 percent"));
    }
}
