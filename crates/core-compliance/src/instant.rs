//! A moment in time, to the second: what an attempt is placed at.

use core::fmt;
use core::str::FromStr;

use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime, PrimitiveDateTime};

mod fixed;

pub use fixed::InstantReader;
use fixed::fixed;

/// A moment in time with a granule of one second, from [`Instant::EARLIEST`] to [`Instant::LATEST`].
///
/// Fractions of a second are floored, so that 20:59:59.9 is still before 21:00:00. An instant has no zone: whoever
/// makes one from a wall-clock text must have been told the offset.
///
/// ```
/// use core_compliance::Instant;
///
/// let morning: Instant = "2026-06-10T17:00:00+02:00".parse()?;
/// assert_eq!(morning, Instant::from_unix(1_781_103_600)?);
/// assert_eq!(morning.to_string(), "2026-06-10T15:00:00Z");
/// # Ok::<(), core_compliance::InstantError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

/// Why a text or a number is not an [`Instant`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InstantError {
    /// A date and a time of day without an offset: it names a different moment in every zone.
    #[error("`{0}` has no UTC offset; write `Z` or an offset such as `-04:00` after it")]
    NoOffset(String),
    /// Not an RFC 3339 date and time.
    #[error(
        "`{0}` is not an RFC 3339 time; write it as `2026-06-10T15:00:00Z` or `2026-06-10T11:00:00-04:00`"
    )]
    NotRfc3339(String),
    /// Outside the years for which time zone rules are tabulated.
    #[error("unix second {0} is outside the supported range, 1970-01-01T00:00:00Z to 2199-12-31T23:59:59Z")]
    OutOfRange(i128),
}

impl Instant {
    /// 1970-01-01T00:00:00Z.
    pub const EARLIEST: Self = Self(0);
    /// 2199-12-31T23:59:59Z.
    pub const LATEST: Self = Self(7_258_118_399);

    /// The instant this many seconds after 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// [`InstantError::OutOfRange`] before 1970 or after 2199.
    pub const fn from_unix(seconds: i64) -> Result<Self, InstantError> {
        if seconds < Self::EARLIEST.0 || seconds > Self::LATEST.0 {
            return Err(InstantError::OutOfRange(seconds as i128));
        }
        Ok(Self(seconds))
    }

    /// As [`Instant::from_unix`], but a value out of range becomes the nearest one in range.
    #[must_use]
    pub const fn from_unix_clamped(seconds: i64) -> Self {
        if seconds < Self::EARLIEST.0 {
            Self::EARLIEST
        } else if seconds > Self::LATEST.0 {
            Self::LATEST
        } else {
            Self(seconds)
        }
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn unix(self) -> i64 {
        self.0
    }

    /// This instant moved by `seconds`, held within the supported range.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_unix_clamped(self.0.saturating_add(seconds))
    }

    /// Reads RFC 3339; a text without an offset is taken as UTC. Only for input whose owner said so
    /// (`--assume-utc`): everything else goes through [`FromStr`].
    ///
    /// # Errors
    /// [`InstantError::NotRfc3339`] and [`InstantError::OutOfRange`].
    pub fn parse_assuming_utc(text: &str) -> Result<Self, InstantError> {
        match text.parse() {
            Err(InstantError::NoOffset(_)) => format!("{}Z", text.trim()).parse(),
            read => read,
        }
    }

    /// The same instant in the vocabulary of the `time` crate.
    #[must_use]
    pub fn to_utc(self) -> OffsetDateTime {
        OffsetDateTime::UNIX_EPOCH + Duration::seconds(self.0)
    }
}

impl FromStr for Instant {
    type Err = InstantError;

    fn from_str(text: &str) -> Result<Self, InstantError> {
        let text = text.trim();
        if let Some(read) = fixed(text.as_bytes()) {
            return Ok(read);
        }
        match OffsetDateTime::parse(text, &Rfc3339) {
            Ok(read) => Self::try_from(read),
            Err(_) if lacks_only_the_offset(text) => Err(InstantError::NoOffset(text.to_owned())),
            Err(_) => Err(InstantError::NotRfc3339(text.to_owned())),
        }
    }
}

/// Whether `text` would be a date and time if an offset followed it: then the offset is what to ask for.
fn lacks_only_the_offset(text: &str) -> bool {
    let joined = text.replacen(' ', "T", 1);
    PrimitiveDateTime::parse(&format!("{joined}Z"), &Rfc3339).is_ok()
        || PrimitiveDateTime::parse(&format!("{joined}:00Z"), &Rfc3339).is_ok()
}

impl TryFrom<OffsetDateTime> for Instant {
    type Error = InstantError;

    fn try_from(moment: OffsetDateTime) -> Result<Self, InstantError> {
        // `unix_timestamp` floors, also before 1970.
        Self::from_unix(moment.unix_timestamp())
    }
}

impl fmt::Display for Instant {
    /// RFC 3339 in UTC: `2026-06-10T15:00:00Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let utc = self.to_utc();
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
            utc.year(),
            u8::from(utc.month()),
            utc.day(),
            utc.hour(),
            utc.minute(),
            utc.second()
        )
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Instant {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Instant {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &str, unix: i64) {
        assert_eq!(text.parse::<Instant>().map(Instant::unix), Ok(unix), "{text}");
    }

    #[test]
    fn offsets_are_honoured_and_fractions_floored() {
        reads("1970-01-01T00:00:00Z", 0);
        reads("2026-06-10T15:00:00Z", 1_781_103_600);
        reads("2026-06-10T17:00:00+02:00", 1_781_103_600);
        reads(" 2026-06-10T15:00:00.999Z ", 1_781_103_600);
        reads("2199-12-31T23:59:59Z", Instant::LATEST.unix());
    }

    #[test]
    fn a_time_without_an_offset_is_refused_by_name() {
        for text in ["2026-06-10T15:00:00", "2026-06-10 15:00:00", "2026-06-10T15:00"] {
            assert_eq!(
                text.parse::<Instant>(),
                Err(InstantError::NoOffset(text.to_owned())),
                "{text}"
            );
        }
        assert_eq!(
            Instant::parse_assuming_utc("2026-06-10T15:00:00"),
            Instant::from_unix(1_781_103_600)
        );
    }

    #[test]
    fn the_short_way_reads_as_the_general_parser_does() {
        let general = |text: &str| {
            let read = OffsetDateTime::parse(text, &Rfc3339).ok()?;
            Instant::try_from(read).ok()
        };
        let mut read = 0;
        for year in [
            "1969", "1970", "1999", "2000", "2024", "2026", "2100", "2199", "2200",
        ] {
            for month in 0..=13 {
                for day in [0, 1, 28, 29, 30, 31, 32] {
                    for rest in [
                        "T00:00:00Z",
                        "T23:59:59Z",
                        "T24:00:00Z",
                        "T12:60:00Z",
                        "T12:00:60Z",
                        "T01:30:00+05:45",
                        "T22:30:00-11:00",
                        "T12:00:00+24:00",
                        "T12:00:00-00:60",
                    ] {
                        let text = format!("{year}-{month:02}-{day:02}{rest}");
                        let short = fixed(text.as_bytes());
                        assert!(short.is_none() || short == general(&text), "{text}");
                        // Years at whose edge an offset leads in or out are left to the general parser.
                        assert!(
                            short.is_some()
                                || rest.contains('6')
                                || ["1969", "2200"].contains(&year)
                                || general(&text).is_none(),
                            "{text}"
                        );
                        read += usize::from(short.is_some());
                    }
                }
            }
        }
        assert!(read > 1_000);
        for form in ["2026-06-10T15:00:00Z", "2026-06-10T15:00:00-04:30"] {
            for (place, byte) in (0..form.len()).flat_map(|place| (0..=255).map(move |byte| (place, byte))) {
                let mut bytes = form.as_bytes().to_owned();
                bytes[place] = byte;
                let text = std::str::from_utf8(&bytes);
                let wanted = text.ok().and_then(general);
                // What else may stand for `T` and `Z` is left to the general parser.
                let is_left = place == 10 || byte == b'z';
                assert!(
                    fixed(&bytes) == wanted || is_left && fixed(&bytes).is_none(),
                    "{text:?}"
                );
            }
        }
        assert_eq!(fixed(b"2026-06-10T15:00:00.5Z"), None);
    }

    #[test]
    fn nonsense_and_far_years_are_refused() {
        for text in [
            "",
            "tomorrow",
            "2026-06-10",
            "2026-13-01T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "1781103600",
        ] {
            assert_eq!(
                text.parse::<Instant>(),
                Err(InstantError::NotRfc3339(text.to_owned())),
                "{text}"
            );
        }
        assert_eq!(Instant::from_unix(-1), Err(InstantError::OutOfRange(-1)));
        assert!(matches!(
            "2200-01-01T00:00:00Z".parse::<Instant>(),
            Err(InstantError::OutOfRange(_))
        ));
    }
}
