//! What a simulated tenant is like: its size, speed, limits, credentials and faults.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use core_compliance::ports::Clock;

use crate::fault::Fault;
use crate::profile::Profile;
use crate::retry_after::RetryAfter;
use crate::setting::{SettingError, parse_duration};

/// The most contacts that a simulated tenant lists.
pub const MAX_CONTACTS: u32 = 10_000_000;

/// A simulated tenant. Start from [`SimulatorConfig::new`] and change what matters.
#[derive(Clone)]
#[non_exhaustive]
pub struct SimulatorConfig {
    /// How many contacts the tenant lists, at most [`MAX_CONTACTS`].
    pub contacts: u32,
    /// Where all that looks random comes from: contacts, latencies, chance faults, tokens.
    pub seed: u64,
    /// How many contacts are flawed, and how.
    pub profile: Profile,
    /// Time from the arrival of a request to its answer. The request is judged on arrival.
    pub latency: Latency,
    /// How long a token is accepted.
    pub token_life: Duration,
    /// Requests that the contacts endpoints admit in any sliding second, pages and upserts together.
    pub quota: Quota,
    /// What a request over the quota is told about when to come back.
    pub quota_retry_after: RetryAfter,
    /// The guard of the token endpoint. It runs on the real clock, so switch it off (`None`) in paused time.
    pub token_guard: Option<TokenGuard>,
    /// Which client gets tokens.
    pub credentials: Credentials,
    /// The scopes that this client may ask for.
    pub granted_scopes: Vec<String>,
    /// Bytes in a request body above which the answer is 413.
    pub body_limit: usize,
    /// Faults, asked in this order; the first that is due takes the request.
    pub faults: Vec<Fault>,
    /// Whether every stored upsert is kept with its payload and time, for [`crate::Simulator::uploads`].
    pub keep_payloads: bool,
    /// The wall clock, for `Date` and for `Retry-After` dates only.
    pub clock: Arc<dyn Clock>,
}

impl SimulatorConfig {
    /// 1,000 contacts of the mixed profile, no latency, tokens for an hour, 50 requests a second, no faults, client
    /// `demo` with secret `demo-secret`.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            contacts: 1_000,
            seed: 1,
            profile: Profile::MIXED,
            latency: Latency::Fixed(Duration::ZERO),
            token_life: Duration::from_secs(3_600),
            quota: Quota::default(),
            quota_retry_after: RetryAfter::Seconds,
            token_guard: Some(TokenGuard::default()),
            credentials: Credentials::default(),
            granted_scopes: vec!["contacts:read".to_owned(), "contacts:write".to_owned()],
            body_limit: 256 * 1024,
            faults: Vec::new(),
            keep_payloads: false,
            clock,
        }
    }

    /// # Errors
    /// [`ConfigError`] when a value is out of its range.
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        if self.contacts > MAX_CONTACTS {
            return Err(ConfigError::TooManyContacts(self.contacts));
        }
        if self.token_life.is_zero() {
            return Err(ConfigError::NoTokenLife);
        }
        Ok(())
    }
}

/// Why a tenant cannot be simulated as configured.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// More contacts than can be told apart compactly.
    #[error("{0} contacts are too many; ask for at most {MAX_CONTACTS}")]
    TooManyContacts(u32),
    /// Tokens that never work.
    #[error("a token life of zero lets no token work; give at least `1s`")]
    NoTokenLife,
}

/// The client that gets tokens. The secret does not print.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// `client_id`.
    pub client_id: String,
    /// `client_secret`.
    pub client_secret: String,
}

impl Default for Credentials {
    fn default() -> Self {
        Self {
            client_id: "demo".to_owned(),
            client_secret: "demo-secret".to_owned(),
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// How often one peer may ask for a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenGuard {
    /// Requests that may come at once.
    pub burst: NonZeroU32,
    /// Time after which one more is allowed; not zero.
    pub period: Duration,
}

impl Default for TokenGuard {
    /// 10 at once, then one a second.
    fn default() -> Self {
        Self {
            burst: NonZeroU32::MIN.saturating_add(9),
            period: Duration::from_secs(1),
        }
    }
}

/// How many requests the contacts endpoints admit in any sliding second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quota {
    /// At most this many.
    PerSecond(NonZeroU32),
    /// As many as come.
    Unlimited,
}

impl Default for Quota {
    /// 50, as the tutorial has it.
    fn default() -> Self {
        Self::PerSecond(NonZeroU32::MIN.saturating_add(49))
    }
}

impl FromStr for Quota {
    type Err = SettingError;

    fn from_str(text: &str) -> Result<Self, SettingError> {
        match text.trim() {
            "none" => Ok(Self::Unlimited),
            number => number.parse().map(Self::PerSecond).map_err(|_| {
                SettingError::value(
                    text,
                    "a quota; write requests per second, such as `50`, or `none`",
                )
            }),
        }
    }
}

impl fmt::Display for Quota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PerSecond(limit) => limit.fmt(f),
            Self::Unlimited => f.write_str("none"),
        }
    }
}

/// The time from a request to its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Latency {
    /// Always the same.
    Fixed(Duration),
    /// Each value from `min` to `max` equally likely, drawn from the seed in order of arrival.
    Uniform {
        /// The shortest.
        min: Duration,
        /// The longest.
        max: Duration,
    },
}

impl FromStr for Latency {
    type Err = SettingError;

    fn from_str(text: &str) -> Result<Self, SettingError> {
        let Some((min, max)) = text.split_once("..") else {
            return parse_duration(text).map(Self::Fixed);
        };
        let (min, max) = (parse_duration(min)?, parse_duration(max)?);
        if min > max {
            return Err(SettingError::value(
                text,
                "a latency; write the shorter one first, such as `5ms..40ms`",
            ));
        }
        Ok(Self::Uniform { min, max })
    }
}

impl fmt::Display for Latency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(always) => write!(f, "{always:?}"),
            Self::Uniform { min, max } => write!(f, "{min:?}..{max:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_read_back_as_they_print() {
        for text in ["50", "1", "none"] {
            assert_eq!(text.parse::<Quota>().unwrap().to_string(), text);
        }
        for text in ["20ms", "0ns", "5ms..40ms", "2s"] {
            assert_eq!(text.parse::<Latency>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn wrong_settings_say_what_is_right() {
        for text in ["0", "-1", "fast", ""] {
            assert_eq!(
                text.parse::<Quota>().map_err(|e| e.to_string()),
                Err(format!(
                    "`{text}` is not a quota; write requests per second, such as `50`, or `none`"
                ))
            );
        }
        for text in ["40ms..5ms", "20", "..", "1s.."] {
            assert!(text.parse::<Latency>().is_err(), "{text}");
        }
    }

    #[test]
    fn credentials_do_not_print_the_secret() {
        assert!(!format!("{:?}", Credentials::default()).contains("demo-secret"));
    }
}
