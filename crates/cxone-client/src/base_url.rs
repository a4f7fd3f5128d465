//! Where the tenant is: a validated base URL.

use core::fmt;
use core::str::FromStr;

use url::{Host, Url};

use crate::error::ConfigError;

/// The address under which the paths of the contract lie, such as `https://acme.my.cxone.com`.
///
/// Always `https`, other than on loopback (127.0.0.0/8, `::1`, `localhost`), where plain `http` will do for simulators.
/// Has no user information, query or fragment; a path is kept as a prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl {
    /// Scheme, host, port and path prefix, without a slash at the end.
    text: String,
    loopback: bool,
    plain: bool,
}

impl BaseUrl {
    /// The address of an organisation: `https://{org}.my.cxone.com`.
    ///
    /// # Errors
    /// [`ConfigError::Org`] unless `org` is a DNS label: 1 to 63 ASCII letters, digits and inner hyphens.
    pub fn for_org(org: &str) -> Result<Self, ConfigError> {
        let letters = org.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let ends = org.starts_with('-') || org.ends_with('-');
        if org.is_empty() || org.len() > 63 || !letters || ends {
            return Err(ConfigError::Org(org.chars().take(80).collect()));
        }
        format!("https://{}.my.cxone.com", org.to_ascii_lowercase()).parse()
    }

    /// Whether the host is this machine itself.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// Whether connections are not encrypted (on loopback only).
    pub(crate) fn is_plain(&self) -> bool {
        self.plain
    }

    /// The URL, without a slash at the end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for BaseUrl {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        // A URL that is not understood may hold a password anywhere: it is not quoted beyond its scheme.
        let unread = |problem| ConfigError::BaseUrl {
            url: shown_safely(text),
            problem,
        };
        let url = Url::parse(text.trim())
            .map_err(|_| unread("cannot be read; write it as https://acme.my.cxone.com"))?;
        let refused = |problem| Err(unread(problem));
        let loopback = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => return refused("has no host; write it as https://acme.my.cxone.com"),
        };
        let plain = match url.scheme() {
            "https" => false,
            "http" if loopback => true,
            "http" => return refused("is not encrypted; plain http is for loopback only, write https"),
            _ => return refused("must begin with https://"),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return refused("holds a user name or password; remove it, credentials are given apart");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return refused("has a query or fragment; remove everything from `?` or `#`");
        }
        Ok(Self {
            text: url.as_str().trim_end_matches('/').to_owned(),
            loopback,
            plain,
        })
    }
}

/// The part of an address that can be shown before it is known to be well-formed.
fn shown_safely(text: &str) -> String {
    let end = text.find(['?', '#']).unwrap_or(text.len());
    let text = text.get(..end).unwrap_or_default();
    let shown = match (text.find("://"), text.rfind('@')) {
        (_, None) => text.to_owned(),
        (Some(scheme), Some(at)) if scheme < at => {
            format!(
                "{}://…{}",
                text.get(..scheme).unwrap_or_default(),
                text.get(at..).unwrap_or_default()
            )
        }
        (_, Some(at)) => format!("…{}", text.get(at..).unwrap_or_default()),
    };
    shown.chars().filter(|c| !c.is_control()).take(100).collect()
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &str, expected: &str, loopback: bool) {
        let url: BaseUrl = text.parse().unwrap();
        assert_eq!((url.as_str(), url.is_loopback()), (expected, loopback), "{text}");
    }

    #[test]
    fn https_anywhere_and_http_on_loopback_are_taken() {
        reads("https://acme.my.cxone.com", "https://acme.my.cxone.com", false);
        reads(
            "https://ACME.my.cxone.com:443/",
            "https://acme.my.cxone.com",
            false,
        );
        reads(
            "https://gateway.example/cxone/v1/",
            "https://gateway.example/cxone/v1",
            false,
        );
        reads("http://127.0.0.1:8080", "http://127.0.0.1:8080", true);
        reads("http://127.9.9.9", "http://127.9.9.9", true);
        reads("http://[::1]:9/x", "http://[::1]:9/x", true);
        reads("http://localhost:1", "http://localhost:1", true);
        reads("https://localhost", "https://localhost", true);
    }

    #[test]
    fn everything_else_is_refused_with_the_reason() {
        for (text, word) in [
            ("http://acme.my.cxone.com", "not encrypted"),
            ("http://0.0.0.0:80", "not encrypted"),
            ("http://128.0.0.1", "not encrypted"),
            ("http://localhost.evil.example", "not encrypted"),
            ("http://127.0.0.1.evil.example", "not encrypted"),
            ("http://[::ffff:127.0.0.1]", "not encrypted"),
            ("http://127.0.0.1@evil.example", "not encrypted"),
            ("https://user@acme.my.cxone.com", "user name"),
            ("https://:pass@acme.my.cxone.com", "user name"),
            ("https://acme.my.cxone.com?x=1", "query"),
            ("https://acme.my.cxone.com/#top", "query"),
            ("ftp://acme.my.cxone.com", "must begin"),
            ("acme.my.cxone.com", "cannot be read"),
            ("", "cannot be read"),
            ("data:text/plain,hi", "no host"),
        ] {
            let error = text.parse::<BaseUrl>().unwrap_err().to_string();
            assert!(error.contains(word), "{text}: {error}");
        }
    }

    #[test]
    fn a_refused_url_is_quoted_without_its_password() {
        for text in [
            "https://u:hunter2@h/",
            "http://u:hunter2@h",
            "https://u:hunter2@:bad:",
            "u:hunter2@h",
            "https://h?p=hunter2",
        ] {
            let error = text.parse::<BaseUrl>().unwrap_err();
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn an_org_is_one_dns_label() {
        assert_eq!(
            BaseUrl::for_org("Acme-2").unwrap().as_str(),
            "https://acme-2.my.cxone.com"
        );
        for bad in [
            "",
            "-a",
            "a-",
            "a.b",
            "a/b",
            "a b",
            "ä",
            "a@b",
            "evil.example/#",
            &"a".repeat(64),
        ] {
            assert!(matches!(BaseUrl::for_org(bad), Err(ConfigError::Org(_))), "{bad}");
        }
    }
}
