//! What can go wrong for a whole run, and what to do about it.

use std::time::Duration;

use core_compliance::ports::{PortFailure, PortFailureKind};

/// Why a configuration was refused. Every text names the value and the range.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The organisation's name cannot be the first label of a host name.
    #[error(
        "`{0}` is not an organisation name; give the first part of your CXone address, such as `acme` for acme.my.cxone.com"
    )]
    Org(String),
    /// The base URL cannot be used.
    #[error("base URL `{url}` {problem}")]
    BaseUrl {
        /// The URL, without any user information.
        url: String,
        /// What is wrong with it, and what to write instead.
        problem: &'static str,
    },
    /// A credential that cannot be right. Its text is not quoted.
    #[error("the {what} {problem}")]
    Credential {
        /// `client id` or `client secret`.
        what: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// More requests per second than any tenant allows.
    #[error("a rate of {0} requests per second is out of range; give 1 to 1000, or 0 for unlimited")]
    Rate(u32),
    /// A page size that the server would refuse.
    #[error("a page size of {0} is out of range; give 1 to 100")]
    PageSize(u32),
    /// A length of time out of its range.
    #[error("{what} of {given:?} is out of range; give {least:?} to {most:?}")]
    Duration {
        /// Which setting.
        what: &'static str,
        /// What was given.
        given: Duration,
        /// The shortest taken.
        least: Duration,
        /// The longest taken.
        most: Duration,
    },
    /// A number of sends out of its range.
    #[error("{0} sends per contact and pass are out of range; give 1 to 100")]
    Sends(u32),
    /// Retry delays that contradict one another.
    #[error("the first retry delay of {base:?} is longer than the longest of {cap:?}; give base ≤ cap")]
    BaseAboveCap {
        /// The first delay.
        base: Duration,
        /// The longest delay.
        cap: Duration,
    },
}

/// A failure that concerns the whole run. Texts of the server are quoted shortened and without secrets.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The token endpoint does not know the client, or not this secret.
    #[error("the tenant refused the client credentials: {answer}")]
    BadCredentials {
        /// Status and words of the answer.
        answer: String,
    },
    /// The token endpoint knows the client and grants it no token.
    #[error("the tenant refused to grant a token: {answer}")]
    TokenForbidden {
        /// Status and words of the answer.
        answer: String,
    },
    /// A token just obtained was refused as well.
    #[error("the tenant refused a token that it had just granted: {answer}")]
    TokenRefused {
        /// Status and words of the answer.
        answer: String,
    },
    /// The token lacks the permission for this request.
    #[error("the tenant forbids this client the scope `{scope}`: {answer}")]
    ScopeMissing {
        /// The scope of contract `contacts-v2` that the request needs.
        scope: &'static str,
        /// Status and words of the answer.
        answer: String,
    },
    /// Something answers, but not with this contract.
    #[error("{place} does not answer as the contacts API: {answer}")]
    NotThisApi {
        /// Method and path asked.
        place: &'static str,
        /// What came instead.
        answer: String,
    },
    /// Redirects are never followed: they would carry token and contacts to another host.
    #[error("{place} answers with a redirect, which is not followed: {answer}")]
    Redirected {
        /// Method and path asked.
        place: &'static str,
        /// Status and target.
        answer: String,
    },
    /// Nothing succeeded for as long as the run is patient.
    #[error("nothing succeeded for {patience:?}; the last trouble: {last}")]
    OutOfPatience {
        /// The patience of the run.
        patience: Duration,
        /// The last failure.
        last: String,
    },
    /// No connection to the server was ever made.
    #[error("cannot reach {base_url}: {last}")]
    Unreachable {
        /// The base URL.
        base_url: String,
        /// The last failure.
        last: String,
    },
    /// The server's certificate is not one that this machine trusts.
    #[error("the certificate of {base_url} is not trusted: {last}")]
    Certificate {
        /// The base URL.
        base_url: String,
        /// What the verification said.
        last: String,
    },
    /// A listing that cannot be followed to its end.
    #[error("the listing of contacts is broken at page {page}: {problem}")]
    BrokenListing {
        /// The page, counted from 1, at which it was noticed.
        page: u64,
        /// What is wrong.
        problem: String,
    },
    /// A page that could not be had.
    #[error("page {page} of the contacts could not be read in {sends} sends: {last}")]
    PageUnreadable {
        /// The page, counted from 1.
        page: u64,
        /// How often it was asked for.
        sends: u32,
        /// The last failure.
        last: String,
    },
    /// The HTTP client could not be set up on this machine.
    #[error("secure connections cannot be set up: {0}")]
    Setup(String),
}

impl ClientError {
    /// The sort of failure, in the words of the ports.
    #[must_use]
    pub fn kind(&self) -> PortFailureKind {
        match self {
            Self::BadCredentials { .. }
            | Self::TokenForbidden { .. }
            | Self::TokenRefused { .. }
            | Self::ScopeMissing { .. } => PortFailureKind::NotAuthorized,
            Self::NotThisApi { .. } | Self::Redirected { .. } => PortFailureKind::NotThisApi,
            Self::OutOfPatience { .. } => PortFailureKind::OutOfPatience,
            Self::Unreachable { .. } | Self::Certificate { .. } => PortFailureKind::Unreachable,
            Self::BrokenListing { .. } | Self::PageUnreadable { .. } => PortFailureKind::BrokenListing,
            Self::Setup(_) => PortFailureKind::Local,
        }
    }

    /// What to do next.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::BadCredentials { .. } => {
                "check CXONE_CLIENT_ID and CXONE_CLIENT_SECRET, and that they belong to this tenant".to_owned()
            }
            Self::TokenForbidden { .. } => {
                "have the scopes contacts:read and contacts:write granted to this client, and this machine's address put \
                 on the tenant's IP allow-list"
                    .to_owned()
            }
            Self::TokenRefused { .. } => {
                "check that base URL and token belong to the same tenant and that the client was not disabled".to_owned()
            }
            Self::ScopeMissing { scope, .. } => {
                format!("have the scope {scope} granted to this client, then run again")
            }
            Self::NotThisApi { .. } => "check the organisation or base URL; Curfew speaks the contract contacts-v2".to_owned(),
            Self::Redirected { .. } => "give the address that it redirects to as the base URL, if you trust it".to_owned(),
            Self::OutOfPatience { .. } => {
                "run again when the tenant answers; a longer --patience waits longer".to_owned()
            }
            Self::Unreachable { .. } => {
                "check the organisation or base URL, name resolution, proxy settings (HTTPS_PROXY) and firewall".to_owned()
            }
            Self::Certificate { .. } => {
                "check this machine's clock and its certificate store; behind an inspecting proxy, install its \
                 certificate or point SSL_CERT_FILE to it"
                    .to_owned()
            }
            Self::BrokenListing { .. } => {
                "contacts read so far are valid; report this to the tenant's support and run again".to_owned()
            }
            Self::PageUnreadable { .. } => {
                "run again; if it persists, try a smaller --page-size and report the page to the tenant's support".to_owned()
            }
            Self::Setup(_) => "install the package `ca-certificates`, or point SSL_CERT_FILE to a PEM file of roots".to_owned(),
        }
    }
}

impl From<ClientError> for PortFailure {
    fn from(error: ClientError) -> Self {
        Self::new(error.kind(), error.to_string(), error.advice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_failure_says_what_and_what_to_do() {
        let failure = PortFailure::from(ClientError::ScopeMissing {
            scope: "contacts:write",
            answer: "403 Forbidden: insufficient scope".into(),
        });
        assert_eq!(failure.kind, PortFailureKind::NotAuthorized);
        insta::assert_snapshot!(failure, @"the tenant forbids this client the scope `contacts:write`: 403 Forbidden: insufficient scope; have the scope contacts:write granted to this client, then run again");
    }
}
