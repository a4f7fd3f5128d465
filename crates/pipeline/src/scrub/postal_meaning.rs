//! Postal codes by what they say.

use core_compliance::NamedPlace;
use core_compliance::postal::{PostalError, PostalPlaces, locate_postal};

/// A postal code by what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PostalMeaning {
    NoCountry,
    NotTabulated,
    Places(&'static [NamedPlace]),
    Military,
    Unreadable,
}

impl PostalMeaning {
    /// What a code says in a country, if that is known.
    pub(super) fn of(country: Option<&str>, code: &str) -> Self {
        let Some(country) = country else {
            return Self::NoCountry;
        };
        match locate_postal(country, code) {
            Ok(PostalPlaces::NotTabulated) => Self::NotTabulated,
            Ok(PostalPlaces::Places(places)) => Self::Places(places),
            Err(PostalError::Military(_)) => Self::Military,
            Err(_) => Self::Unreadable,
        }
    }
}
