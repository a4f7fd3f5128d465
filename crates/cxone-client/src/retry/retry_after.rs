//! Reads `Retry-After` in every form that servers send it.

use std::time::{Duration, SystemTime};

use core_compliance::Instant;
use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};

/// The longest delay that a server can ask for; more is taken as this much.
pub(crate) const LONGEST: Duration = Duration::from_secs(60);

/// The delay that the answer asks for, clamped to 0 to 60 s; `None` when it is absent or unreadable.
///
/// Takes whole and fractional seconds and an HTTP date. A date is counted from the answer's own `Date`, so that our
/// clock may be wrong, or else from `now`; one that has passed is zero. A negative number is garbage.
pub(crate) fn retry_after(headers: &HeaderMap, now: Instant) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    seconds(text).or_else(|| {
        let until = httpdate::parse_http_date(text).ok()?;
        let from = date(headers).or_else(|| unix_time(now))?;
        Some(until.duration_since(from).unwrap_or(Duration::ZERO).min(LONGEST))
    })
}

fn seconds(text: &str) -> Option<Duration> {
    let decimal = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if !decimal || !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let seconds: f64 = text.parse().ok()?;
    // Far more digits than fit become infinite; the clamp makes every case a valid duration.
    Some(Duration::from_secs_f64(seconds.clamp(0.0, LONGEST.as_secs_f64())))
}

fn date(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()
}

fn unix_time(instant: Instant) -> Option<SystemTime> {
    let seconds = u64::try_from(instant.unix()).ok()?;
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    /// 2026-06-10T15:00:00Z.
    const NOW: i64 = 1_781_103_600;

    #[track_caller]
    fn check(header: &[u8], date: Option<&str>, expected_ms: Option<u64>) {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_bytes(header).unwrap());
        if let Some(date) = date {
            headers.insert(DATE, HeaderValue::from_str(date).unwrap());
        }
        let read = retry_after(&headers, Instant::from_unix(NOW).unwrap());
        assert_eq!(
            read,
            expected_ms.map(Duration::from_millis),
            "{}",
            String::from_utf8_lossy(header)
        );
    }

    #[test]
    fn seconds_whole_and_fractional() {
        check(b"0", None, Some(0));
        check(b"2", None, Some(2000));
        check(b" 2 ", None, Some(2000));
        check(b"1.5", None, Some(1500));
        check(b"0.25", None, Some(250));
        check(b"60", None, Some(60_000));
        check(b"61", None, Some(60_000));
        check(b"99999999999999999999999999", None, Some(60_000));
        check("9".repeat(400).as_bytes(), None, Some(60_000));
    }

    #[test]
    fn http_dates_count_from_the_servers_clock_or_else_from_ours() {
        check(b"Wed, 10 Jun 2026 15:00:05 GMT", None, Some(5000));
        check(
            b"Wed, 10 Jun 2026 15:00:05 GMT",
            Some("Wed, 10 Jun 2026 15:00:02 GMT"),
            Some(3000),
        );
        check(b"Wed, 10 Jun 2026 14:00:00 GMT", None, Some(0));
        check(b"Thu, 11 Jun 2026 15:00:00 GMT", None, Some(60_000));
        check(b"Wed, 10 Jun 2026 15:00:05 GMT", Some("yesterday"), Some(5000));
        check(b"Wednesday, 10-Jun-26 15:00:05 GMT", None, Some(5000));
    }

    #[test]
    fn garbage_is_no_answer() {
        for garbage in [
            "", "soon", "-1", "+1", "1e3", "inf", "NaN", "1,5", "1 second", "1.2.3", ".5", "0x10",
        ] {
            check(garbage.as_bytes(), None, None);
        }
        check(b"\xff", None, None);
        assert_eq!(retry_after(&HeaderMap::new(), Instant::EARLIEST), None);
    }
}
