//! The forms of `Retry-After` that servers send, good and bad.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, UNIX_EPOCH};

use core_compliance::Instant;
use http::HeaderValue;

use crate::setting::SettingError;

const EXPECTED: &str = "a Retry-After form; write `seconds`, `fraction`, `date`, `garbage`, `none`, or a number that is \
                        sent as it stands, such as `2`, `0.5`, `-1`";

/// What a refused request is told about when to come back.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryAfter {
    /// No header.
    Omitted,
    /// The true wait in whole seconds, rounded up.
    Seconds,
    /// The true wait in seconds with a fraction of milliseconds, rounded up.
    Fraction,
    /// An HTTP date, rounded up to the second after the true wait.
    Date,
    /// This text, whatever the true wait.
    Literal(HeaderValue),
}

impl RetryAfter {
    /// The header for a true wait of `wait` at the wall-clock instant `now`.
    pub(crate) fn header(&self, wait: Duration, now: Instant) -> Option<HeaderValue> {
        match self {
            Self::Omitted => None,
            Self::Seconds => Some(HeaderValue::from(whole_seconds(wait))),
            Self::Fraction => {
                let millis = wait.as_micros().div_ceil(1_000);
                HeaderValue::try_from(format!("{}.{:03}", millis / 1_000, millis % 1_000)).ok()
            }
            // The wall clock is floored to the second, hence one more.
            Self::Date => http_date(now, whole_seconds(wait).saturating_add(1)),
            Self::Literal(text) => Some(text.clone()),
        }
    }
}

/// The HTTP date `seconds` after `now`.
pub(crate) fn http_date(now: Instant, seconds: u64) -> Option<HeaderValue> {
    let now = UNIX_EPOCH + Duration::from_secs(now.unix().unsigned_abs());
    HeaderValue::try_from(httpdate::fmt_http_date(now + Duration::from_secs(seconds))).ok()
}

fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

impl FromStr for RetryAfter {
    type Err = SettingError;

    fn from_str(text: &str) -> Result<Self, SettingError> {
        match text {
            "none" => Ok(Self::Omitted),
            "seconds" => Ok(Self::Seconds),
            "fraction" => Ok(Self::Fraction),
            "date" => Ok(Self::Date),
            "garbage" => Ok(Self::Literal(HeaderValue::from_static("soon"))),
            number if number.parse::<f64>().is_ok() => HeaderValue::from_str(number)
                .map(Self::Literal)
                .map_err(|_| SettingError::value(text, EXPECTED)),
            _ => Err(SettingError::value(text, EXPECTED)),
        }
    }
}

impl fmt::Display for RetryAfter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Omitted => f.write_str("none"),
            Self::Seconds => f.write_str("seconds"),
            Self::Fraction => f.write_str("fraction"),
            Self::Date => f.write_str("date"),
            Self::Literal(text) => f.write_str(text.to_str().unwrap_or("garbage")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_sent_as_servers_send_it() {
        let now: Instant = "2026-06-10T15:00:00Z".parse().unwrap();
        let wait = Duration::from_millis(1_250);
        for (form, header) in [
            ("none", None),
            ("seconds", Some("2")),
            ("fraction", Some("1.250")),
            ("date", Some("Wed, 10 Jun 2026 15:00:03 GMT")),
            ("garbage", Some("soon")),
            ("0.5", Some("0.5")),
            ("-1", Some("-1")),
            ("99999", Some("99999")),
        ] {
            let sent = form.parse::<RetryAfter>().unwrap().header(wait, now);
            assert_eq!(
                sent.as_ref().map(|value| value.to_str().unwrap()),
                header,
                "{form}"
            );
        }
        assert!(
            "later"
                .parse::<RetryAfter>()
                .unwrap_err()
                .to_string()
                .contains("`garbage`")
        );
    }
}
