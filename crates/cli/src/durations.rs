//! Durations and planned times on the command line.

use std::time::Duration;

use core_compliance::Instant;

/// Reads `90s`, `5m`, `1h30m`. A bare number is refused: it could be minutes as well as seconds.
pub(crate) fn parse_duration(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    if text == "0" {
        return Ok(Duration::ZERO);
    }
    let read = text
        .parse::<jiff::SignedDuration>()
        .ok()
        .and_then(|signed| Duration::try_from(signed).ok());
    read.ok_or_else(|| format!("`{text}` is not a duration; write `90s`, `5m` or `1h30m`"))
}

/// Whole seconds of a duration; fractions are refused.
pub(crate) fn parse_seconds(text: &str) -> Result<u32, String> {
    let duration = parse_duration(text)?;
    if duration.subsec_nanos() != 0 {
        return Err(format!(
            "`{text}` has a fraction of a second; write whole seconds"
        ));
    }
    u32::try_from(duration.as_secs()).map_err(|_| format!("`{text}` is too long"))
}

/// Reads an instant: RFC 3339, `now`, or `+8h` from `now` on.
pub(crate) fn parse_planned(text: &str, now: Instant, assume_utc: bool) -> Result<Instant, String> {
    let text = text.trim();
    if text == "now" {
        return Ok(now);
    }
    if let Some(delay) = text.strip_prefix('+') {
        return Ok(now.plus_seconds(i64::from(parse_seconds(delay)?)));
    }
    let read = if assume_utc {
        Instant::parse_assuming_utc(text)
    } else {
        text.parse()
    };
    read.map_err(|error| error.to_string())
}

/// A length of time for people: `45 s`, `12 min`, `3 h 5 min`, `2 days`.
pub(crate) fn rounded(seconds: i64) -> String {
    let minutes = seconds / 60;
    match minutes {
        0 => format!("{seconds} s"),
        1..60 => format!("{minutes} min"),
        60..2_880 => format!("{} h {} min", minutes / 60, minutes % 60),
        _ => format!("{} days", minutes / 1_440),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_need_a_unit() {
        assert_eq!(parse_seconds("5m"), Ok(300));
        assert_eq!(parse_seconds("1h30m"), Ok(5_400));
        assert_eq!(parse_seconds("0"), Ok(0));
        for text in ["5", "", "-5m", "5x", "1.5s", "300ms", "200y"] {
            assert!(parse_seconds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn lengths_are_shown_in_two_units_at_most() {
        for (seconds, shown) in [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (3_599, "59 min"),
            (3_660, "1 h 1 min"),
            (172_799, "47 h 59 min"),
            (172_800, "2 days"),
        ] {
            assert_eq!(rounded(seconds), shown);
        }
    }

    #[test]
    fn planned_times_are_absolute_or_from_now() {
        let now = Instant::from_unix(1_781_103_600).unwrap();
        assert_eq!(parse_planned("now", now, false), Ok(now));
        assert_eq!(parse_planned("+8h", now, false), Ok(now.plus_seconds(28_800)));
        assert_eq!(parse_planned("2026-06-10T17:00:00+02:00", now, false), Ok(now));
        assert!(parse_planned("2026-06-10T15:00:00", now, false).is_err());
        assert_eq!(parse_planned("2026-06-10T15:00:00", now, true), Ok(now));
    }
}
