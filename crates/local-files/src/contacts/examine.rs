//! What all lists have in common: a row is a contact once its id is new and its number can be called.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use core_compliance::phone::NumberingPlan;
use core_compliance::ports::Reading;

use super::values::{Spoilt, phone, postal_code};

/// What a row says, as far as it must be known to take it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Said<'r> {
    pub(super) external_id: &'r str,
    pub(super) phone: &'r str,
    pub(super) country: &'r str,
    pub(super) region: &'r str,
    pub(super) postal_code: &'r str,
}

/// Examines the rows of one list.
pub(super) struct Examiner {
    list: String,
    /// Stated for numbers that are written without a country code.
    plan: Option<NumberingPlan>,
    seen: Seen,
}

impl Examiner {
    /// For the list of this name.
    pub(super) fn new(list: &str, plan: Option<NumberingPlan>) -> Self {
        Self {
            list: list.to_owned(),
            plan,
            seen: Seen::default(),
        }
    }

    /// The number to call, if the row can be a contact.
    pub(super) fn examine(&mut self, line: u64, said: &Said<'_>) -> Result<String, Reading> {
        let id = said.external_id;
        if id.is_empty() {
            let missing = "the external id is missing or blank; the upsert would have no key";
            return Err(self.spoilt(line, "", Spoilt::new("external-id-missing", missing)));
        }
        if !self.seen.is_new(id) {
            return Err(Reading::Duplicate {
                external_id: id.to_owned(),
            });
        }
        let number = phone(said.phone, || match said.country.trim() {
            "" => Ok(self.plan),
            country => country.parse().map(Some),
        });
        number
            .and_then(|number| {
                postal_code(said.postal_code, &self.country_of(said))?;
                Ok(number)
            })
            .map_err(|spoilt| self.spoilt(line, id, spoilt))
    }

    /// The country that a row's postal code is of: stated by the row, by its region, or for the list.
    fn country_of(&self, said: &Said<'_>) -> String {
        let in_region = said.region.trim().split('-').next().unwrap_or_default();
        let of_list = || self.plan.map(|plan| plan.to_string()).unwrap_or_default();
        match (said.country.trim(), in_region) {
            ("", region) if region.len() == 2 && said.region.contains('-') => region.to_owned(),
            ("", _) => of_list(),
            (country, _) => country.to_owned(),
        }
    }

    /// A row that cannot be used.
    pub(super) fn spoilt(&self, line: u64, id: &str, spoilt: Spoilt) -> Reading {
        let mut place = self.place(line);
        if !id.is_empty() {
            place.push_str(&format!(" ({id})"));
        }
        Reading::Unusable {
            place,
            code: spoilt.code,
            reason: spoilt.reason,
        }
    }

    /// A row that is no contact at all.
    pub(super) fn unreadable(&self, line: u64, reason: impl Into<String>) -> Reading {
        Reading::Unreadable {
            place: self.place(line),
            reason: reason.into(),
        }
    }

    /// `leads.csv:7`.
    fn place(&self, line: u64) -> String {
        format!("{}:{line}", self.list)
    }
}

/// The external ids that came before, 16 bytes each: two hashes with random keys, so that no two ids are ever taken for
/// one, by chance or on purpose.
#[derive(Default)]
struct Seen {
    hashers: [RandomState; 2],
    hashes: HashSet<[u64; 2]>,
}

impl Seen {
    fn is_new(&mut self, id: &str) -> bool {
        let hash = self.hashers.each_ref().map(|hasher| hasher.hash_one(id));
        self.hashes.insert(hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(said: Said<'_>) -> &'static str {
        let mut examiner = Examiner::new("leads.csv", Some("US".parse().unwrap()));
        match examiner.examine(7, &said) {
            Ok(_) => "",
            Err(Reading::Unusable { place, code, .. }) => {
                assert!(place == "leads.csv:7 (C-7)" || place == "leads.csv:7", "{place}");
                code
            }
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_keeps_a_row_from_being_a_contact_is_named() {
        let good = Said {
            external_id: "C-7",
            phone: "(212) 555-0100",
            ..Said::default()
        };
        assert_eq!(code(good), "");
        assert_eq!(
            code(Said {
                external_id: "",
                ..good
            }),
            "external-id-missing"
        );
        assert_eq!(
            code(Said {
                phone: "5550100",
                ..good
            }),
            "phone-not-national"
        );
        // The row's own country wins over the list's.
        assert_eq!(
            code(Said {
                country: "GB",
                ..good
            }),
            "phone-not-national"
        );
        assert_eq!(
            code(Said {
                country: "USA",
                ..good
            }),
            "phone-country-unknown"
        );
        let zip = Said {
            postal_code: "2139",
            ..good
        };
        assert_eq!(code(zip), "postal-code-damaged");
        assert_eq!(
            code(Said {
                region: "US-MA",
                ..zip
            }),
            "postal-code-damaged"
        );
        assert_eq!(
            code(Said {
                region: "DE-BE",
                ..zip
            }),
            ""
        );
        assert_eq!(
            code(Said {
                phone: "+4930901820",
                country: "DE",
                ..zip
            }),
            ""
        );
    }

    #[test]
    fn an_id_counts_once_whatever_became_of_its_row() {
        let mut examiner = Examiner::new("leads.csv", None);
        let said = |phone| Said {
            external_id: "C-7",
            phone,
            ..Said::default()
        };
        assert!(examiner.examine(2, &said("1.2E+10")).is_err());
        assert_eq!(
            examiner.examine(3, &said("+12125550100")),
            Err(Reading::Duplicate {
                external_id: "C-7".to_owned()
            })
        );
    }
}
