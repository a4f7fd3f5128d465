//! Jurisdictions: whose law governs a call.

use core::fmt;
use core::str::FromStr;
use std::sync::Arc;

/// A country (ISO 3166-1 alpha-2), a subdivision of one (ISO 3166-2), or a county below it where law needs one.
///
/// `US`, `US-FL`, `US-AL:Mobile`. Well-formed is not known: whether a code exists is for the
/// [`Gazetteer`](crate::Gazetteer) to say.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Jurisdiction(Arc<str>);

/// Overseas parts to which the law of the country extends. France: the departments (Code civil, loi n° 46-451; D.223-9
/// counts "le fuseau horaire du consommateur"). Australia: the external territories (Norfolk, Christmas, Cocos).
const OVERSEAS: [(&str, &str); 8] = [
    ("CC", "AU"),
    ("CX", "AU"),
    ("GF", "FR"),
    ("GP", "FR"),
    ("MQ", "FR"),
    ("NF", "AU"),
    ("RE", "FR"),
    ("YT", "FR"),
];

/// A text that does not have the form of a jurisdiction code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` does not have the form of a jurisdiction; write `US`, `US-FL` or `US-AL:Mobile`")]
pub struct JurisdictionError(pub String);

impl Jurisdiction {
    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The country's code.
    #[must_use]
    pub fn country(&self) -> &str {
        self.0.split(['-', ':']).next().unwrap_or(&self.0)
    }

    /// The next wider jurisdiction: `US-AL:Mobile` → `US-AL` → `US` → none.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let cut = self.0.rfind([':', '-'])?;
        self.0.get(..cut).map(|parent| Self(parent.into()))
    }

    /// Whether this is a county.
    #[must_use]
    pub fn is_county(&self) -> bool {
        self.0.contains(':')
    }

    /// This jurisdiction and every wider one, narrowest first.
    pub fn lineage(&self) -> impl Iterator<Item = Self> {
        core::iter::successors(Some(self.clone()), Self::parent)
    }

    /// Whether the law of `other` reaches this jurisdiction: it is `other`, lies within it, or is one of its overseas
    /// parts that ISO 3166-1 lists as countries.
    #[must_use]
    pub fn is_governed_by(&self, other: &Self) -> bool {
        self.is_within(other) || self.sovereign() == Some(other.as_str())
    }

    /// The codes of all jurisdictions whose law reaches this one: its own, every wider one, the country's overseas.
    pub(crate) fn governing_codes(&self) -> impl Iterator<Item = &str> {
        let codes = core::iter::successors(Some(self.as_str()), |code| code.get(..code.rfind([':', '-'])?));
        codes.chain(self.sovereign())
    }

    fn sovereign(&self) -> Option<&'static str> {
        let row = OVERSEAS.iter().find(|(part, _)| *part == self.as_str());
        row.map(|(_, sovereign)| *sovereign)
    }

    /// Whether this is `other` or lies within it.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        self.0
            .strip_prefix(other.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', ':']))
    }
}

impl FromStr for Jurisdiction {
    type Err = JurisdictionError;

    /// Letters of country and subdivision may be small; a county's name is kept as written.
    fn from_str(text: &str) -> Result<Self, JurisdictionError> {
        let wrong = || JurisdictionError(text.to_owned());
        let (code, county) = match text.trim().split_once(':') {
            Some((code, county)) => (code, Some(county)),
            None => (text.trim(), None),
        };
        let code = code.to_ascii_uppercase();
        let (country, subdivision) = match code.split_once('-') {
            Some((country, subdivision)) => (country, Some(subdivision)),
            None => (code.as_str(), None),
        };
        let country_is_right = country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase());
        let subdivision_is_right = subdivision.is_none_or(|name| {
            (1..=3).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
        let county_is_right = county.is_none_or(|name| {
            subdivision.is_some()
                && !name.is_empty()
                && name
                    .chars()
                    .all(|c| c.is_alphanumeric() || matches!(c, ' ' | '.' | '\'' | '_'))
        });
        if !(country_is_right && subdivision_is_right && county_is_right) {
            return Err(wrong());
        }
        Ok(Self(
            county
                .map_or_else(|| code.clone(), |county| format!("{code}:{county}"))
                .into(),
        ))
    }
}

impl fmt::Display for Jurisdiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Jurisdiction {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Jurisdiction {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Jurisdiction {
        text.parse().unwrap()
    }

    #[test]
    fn codes_have_a_lineage() {
        let lineage: Vec<_> = code("us-al:Mobile")
            .lineage()
            .map(|each| each.to_string())
            .collect();
        assert_eq!(lineage, ["US-AL:Mobile", "US-AL", "US"]);
        assert_eq!(code("US-AL:Mobile").country(), "US");
    }

    #[test]
    fn within_is_about_whole_parts() {
        assert!(code("US-FL").is_within(&code("US")));
        assert!(code("US-FL").is_within(&code("US-FL")));
        assert!(!code("US").is_within(&code("US-FL")));
        assert!(!code("AU-NSW").is_within(&code("AU-NS")));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "U",
            "USA",
            "US-",
            "US-FLOR",
            "US:Mobile",
            "US-AL:",
            "1A",
            "US-F L",
            "US-AL:a\"b",
        ] {
            assert_eq!(
                text.parse::<Jurisdiction>(),
                Err(JurisdictionError(text.to_owned())),
                "{text}"
            );
        }
    }
}
