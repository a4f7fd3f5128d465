//! The endpoints of the tenant, and sets of them.

use std::fmt;
use std::str::FromStr;

use http::Method;

use crate::setting::SettingError;

/// Where tokens are issued.
pub(crate) const TOKEN_PATH: &str = "/api/v2/oauth/token";
/// Where contacts are listed and upserted.
pub(crate) const CONTACTS_PATH: &str = "/api/v2/contacts";
/// Where the simulator tells what it was sent.
pub(crate) const STATS_PATH: &str = "/_simulator/stats";

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Token,
    List,
    Upsert,
    /// Not part of the tenant: neither delayed nor counted.
    Stats,
    Other,
}

impl Endpoint {
    pub(crate) fn of(method: &Method, path: &str) -> Self {
        match (method, path) {
            (&Method::POST, TOKEN_PATH) => Self::Token,
            (&Method::GET, CONTACTS_PATH) => Self::List,
            (&Method::POST, CONTACTS_PATH) => Self::Upsert,
            (_, STATS_PATH) => Self::Stats,
            _ => Self::Other,
        }
    }

    /// Whether the tenant's quota covers it.
    pub(crate) fn is_contacts(self) -> bool {
        matches!(self, Self::List | Self::Upsert)
    }
}

/// A set of endpoints at which a fault may strike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Endpoints(u8);

impl Endpoints {
    pub(crate) const TOKEN: Self = Self(1);
    pub(crate) const LIST: Self = Self(2);
    pub(crate) const UPSERT: Self = Self(4);
    pub(crate) const CONTACTS: Self = Self(2 | 4);
    pub(crate) const ALL: Self = Self(1 | 2 | 4);

    pub(crate) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those in both sets.
    pub(crate) const fn both(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(crate) const fn is_none(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn contains(self, endpoint: Endpoint) -> bool {
        let single = match endpoint {
            Endpoint::Token => Self::TOKEN,
            Endpoint::List => Self::LIST,
            Endpoint::Upsert => Self::UPSERT,
            Endpoint::Stats | Endpoint::Other => return false,
        };
        !self.both(single).is_none()
    }
}

impl FromStr for Endpoints {
    type Err = SettingError;

    fn from_str(text: &str) -> Result<Self, SettingError> {
        text.split('+').try_fold(Self(0), |all, name| {
            let one = match name.trim() {
                "token" => Self::TOKEN,
                "list" => Self::LIST,
                "upsert" => Self::UPSERT,
                "contacts" => Self::CONTACTS,
                "any" => Self::ALL,
                other => {
                    return Err(SettingError::UnknownName {
                        what: "endpoint",
                        name: other.to_owned(),
                        valid: "token, list, upsert, contacts, any, or several joined by `+`".to_owned(),
                    });
                }
            };
            Ok(all.with(one))
        })
    }
}

impl fmt::Display for Endpoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = [
            (Self::TOKEN, "token"),
            (Self::LIST, "list"),
            (Self::UPSERT, "upsert"),
        ]
        .into_iter()
        .filter(|(single, _)| !self.both(*single).is_none())
        .map(|(_, name)| name);
        match names.collect::<Vec<_>>().join("+") {
            none if none.is_empty() => f.write_str("it has no endpoint with these keys"),
            some => write!(f, "write `on={some}`"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_sorted_by_method_and_path() {
        for (method, path, endpoint) in [
            (Method::POST, TOKEN_PATH, Endpoint::Token),
            (Method::GET, CONTACTS_PATH, Endpoint::List),
            (Method::POST, CONTACTS_PATH, Endpoint::Upsert),
            (Method::GET, STATS_PATH, Endpoint::Stats),
            (Method::DELETE, CONTACTS_PATH, Endpoint::Other),
            (Method::GET, "/", Endpoint::Other),
        ] {
            assert_eq!(Endpoint::of(&method, path), endpoint, "{method} {path}");
        }
    }

    #[test]
    fn sets_are_read_and_asked() {
        let set: Endpoints = "token+upsert".parse().unwrap();
        assert!(
            set.contains(Endpoint::Token) && set.contains(Endpoint::Upsert) && !set.contains(Endpoint::List)
        );
        assert_eq!(set.to_string(), "write `on=token+upsert`");
        assert!(!Endpoints::ALL.contains(Endpoint::Stats));
        assert!("".parse::<Endpoints>().is_err());
    }
}
