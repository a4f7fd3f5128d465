//! Local dates and times of day: plain arithmetic on the seconds that a local clock shows.

use core::fmt;

use time::{Date, Month, Weekday};

/// Seconds in a day of a clock (leap seconds do not exist in civil time as computers keep it).
pub(crate) const DAY: i64 = 86_400;

/// Julian day number of 1970-01-01.
const EPOCH_JULIAN_DAY: i32 = 2_440_588;

/// A calendar date at the callee, as days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalDate(i32);

impl LocalDate {
    /// The date on which a local clock shows `local` seconds since its own 1970-01-01T00:00:00.
    #[must_use]
    pub(crate) const fn of_local_seconds(local: i64) -> Self {
        // In range: an instant ends in 2199 and an offset is below 26 hours.
        Self(local.div_euclid(DAY) as i32)
    }

    /// The date in a calendar; `None` for a day that does not exist, such as 30 February.
    #[must_use]
    pub fn from_calendar(year: i32, month: u8, day: u8) -> Option<Self> {
        let month = Month::try_from(month).ok()?;
        let date = Date::from_calendar_date(year, month, day).ok()?;
        Some(Self(date.to_julian_day() - EPOCH_JULIAN_DAY))
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub const fn days(self) -> i32 {
        self.0
    }

    /// The date `days` later.
    #[must_use]
    pub const fn plus_days(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// Day of the week.
    #[must_use]
    pub const fn weekday(self) -> Weekday {
        match self.weekday_index() {
            0 => Weekday::Monday,
            1 => Weekday::Tuesday,
            2 => Weekday::Wednesday,
            3 => Weekday::Thursday,
            4 => Weekday::Friday,
            5 => Weekday::Saturday,
            _ => Weekday::Sunday,
        }
    }

    /// Days since Monday, 0 to 6.
    #[must_use]
    pub(crate) const fn weekday_index(self) -> usize {
        // 1970-01-01 was a Thursday.
        (self.0 as i64 + 3).rem_euclid(7) as usize
    }

    /// The date in the vocabulary of the `time` crate.
    #[must_use]
    pub fn to_date(self) -> Date {
        Date::from_julian_day(self.0.saturating_add(EPOCH_JULIAN_DAY)).unwrap_or(Date::MAX)
    }
}

impl From<Date> for LocalDate {
    fn from(date: Date) -> Self {
        Self(date.to_julian_day() - EPOCH_JULIAN_DAY)
    }
}

impl fmt::Display for LocalDate {
    /// ISO 8601: `2026-06-10`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.to_date();
        write!(
            f,
            "{:04}-{:02}-{:02}",
            date.year(),
            u8::from(date.month()),
            date.day()
        )
    }
}

/// What a clock at the callee shows at an instant: date, time of day and offset from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LocalTime {
    local_seconds: i64,
    offset: i32,
}

impl LocalTime {
    /// What a clock `offset` seconds east of UTC shows at `unix` seconds.
    #[must_use]
    pub(crate) const fn new(unix: i64, offset: i32) -> Self {
        Self {
            local_seconds: unix + offset as i64,
            offset,
        }
    }

    /// The local date.
    #[must_use]
    pub const fn date(self) -> LocalDate {
        LocalDate::of_local_seconds(self.local_seconds)
    }

    /// Seconds since local 00:00:00, 0 to 86,399.
    #[must_use]
    pub const fn second_of_day(self) -> u32 {
        self.local_seconds.rem_euclid(DAY) as u32
    }

    /// Seconds east of UTC.
    #[must_use]
    pub const fn offset(self) -> i32 {
        self.offset
    }

    /// `08:30:05`, or `08:30` on a whole minute.
    #[must_use]
    pub fn clock(self) -> String {
        let mut text = String::with_capacity(8);
        push_time_of_day(&mut text, self.second_of_day());
        text
    }
}

/// Appends `08:30:05`, or `08:30` on a whole minute.
pub(crate) fn push_time_of_day(text: &mut String, second: u32) {
    push_two_digits(text, second / 3_600);
    text.push(':');
    push_two_digits(text, second / 60 % 60);
    if !second.is_multiple_of(60) {
        text.push(':');
        push_two_digits(text, second % 60);
    }
}

fn push_two_digits(text: &mut String, number: u32) {
    text.extend(char::from_digit(number / 10 % 10, 10));
    text.extend(char::from_digit(number % 10, 10));
}

/// A UTC offset as text: `-04:00`, `+05:45`, and `-00:44:30` for the few old ones with seconds.
pub(crate) struct OffsetText(pub(crate) i32);

impl fmt::Display for OffsetText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { '-' } else { '+' };
        let size = self.0.unsigned_abs();
        write!(f, "{sign}{:02}:{:02}", size / 3_600, size / 60 % 60)?;
        if size.is_multiple_of(60) {
            Ok(())
        } else {
            write!(f, ":{:02}", size % 60)
        }
    }
}

impl fmt::Display for LocalTime {
    /// RFC 3339 with the local offset: `2026-06-10T08:30:00-04:00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let second = self.second_of_day();
        write!(
            f,
            "{}T{:02}:{:02}:{:02}{}",
            self.date(),
            second / 3_600,
            second / 60 % 60,
            second % 60,
            OffsetText(self.offset)
        )
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for LocalTime {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_weekdays_match_the_calendar() {
        let epoch = LocalDate::from_calendar(1970, 1, 1).unwrap();
        assert_eq!((epoch.days(), epoch.weekday()), (0, Weekday::Thursday));
        let founding = LocalDate::from_calendar(2026, 6, 10).unwrap();
        assert_eq!(
            (founding.weekday(), founding.weekday_index()),
            (Weekday::Wednesday, 2)
        );
        assert_eq!(founding.plus_days(-162).to_string(), "2025-12-30");
        assert_eq!(LocalDate::from_calendar(2026, 2, 29), None);
        for days in -1_000..1_000 {
            let date = LocalDate(days);
            assert_eq!(date.weekday(), date.to_date().weekday());
            assert_eq!(LocalDate::from(date.to_date()), date);
        }
    }

    #[test]
    fn local_times_show_date_clock_and_offset() {
        let shown = LocalTime::new(1_781_094_600, -4 * 3_600);
        assert_eq!(shown.to_string(), "2026-06-10T08:30:00-04:00");
        assert_eq!(
            (shown.clock(), shown.second_of_day()),
            ("08:30".to_owned(), 30_600)
        );
        assert_eq!(LocalTime::new(-1, 0).to_string(), "1969-12-31T23:59:59+00:00");
        assert_eq!(
            LocalTime::new(0, -2_670).to_string(),
            "1969-12-31T23:15:30-00:44:30"
        );
    }
}
