//! What a clock shows, as text, without allocating: it is written beside every row.

use std::io::Write as _;

use core_compliance::Instant;

/// RFC 3339 with the local offset; empty where no offset is known.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LocalText {
    text: [u8; 32],
    len: usize,
}

impl LocalText {
    pub(super) fn of(at: Instant, offset: Option<i32>) -> Self {
        let mut local = Self::default();
        let Some(offset) = offset else {
            return local;
        };
        let seconds = at.unix() + i64::from(offset);
        let (year, month, day) = date_of(seconds.div_euclid(86_400));
        let of_day = seconds.rem_euclid(86_400).unsigned_abs();
        let size = u64::from(offset.unsigned_abs());
        let two = |value: u64| {
            let digit = |value: u64| b'0' + u8::try_from(value % 10).unwrap_or(0);
            [digit(value / 10), digit(value)]
        };
        let parts = [
            two(year / 100),
            two(year),
            two(month),
            two(day),
            two(of_day / 3_600),
            two(of_day / 60 % 60),
            two(of_day % 60),
            two(size / 3_600),
            two(size / 60 % 60),
        ];
        let signs: [&[u8]; 9] = [
            b"",
            b"-",
            b"-",
            b"T",
            b":",
            b":",
            if offset < 0 { b"-" } else { b"+" },
            b":",
            b"",
        ];
        let room = local.text.len();
        let mut to = local.text.as_mut_slice();
        for (digits, sign) in parts.iter().zip(signs) {
            // There is room for all of it.
            let _ = to.write_all(digits).and_then(|()| to.write_all(sign));
        }
        if !size.is_multiple_of(60) {
            let _ = to.write_all(b":").and_then(|()| to.write_all(&two(size % 60)));
        }
        local.len = room - to.len();
        local
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.text.get(..self.len).unwrap_or_default()
    }
}

/// Year, month and day of a day since 1970-01-01; the years before it are not asked for, a day or two of 1969 aside.
fn date_of(days: i64) -> (u64, u64, u64) {
    // Days since 0000-03-01, in years that begin in March: the leap day is their last.
    let days = u64::try_from(days + 719_468).unwrap_or(0);
    let era = days / 146_097;
    let of_era = days % 146_097;
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, later) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    (era * 400 + year_of_era + later, month, day)
}

#[cfg(test)]
mod tests {
    use core_compliance::{LocalDate, ZoneDatabase};

    use super::*;

    #[test]
    fn it_reads_as_the_core_shows_it() {
        let zones = ZoneDatabase::bundled();
        for name in [
            "America/New_York",
            "Asia/Kathmandu",
            "Africa/Monrovia",
            "Pacific/Kiritimati",
            "Etc/UTC",
        ] {
            let zone = zones.get(name).unwrap();
            for second in (0..Instant::LATEST.unix()).step_by(999_983 * 7) {
                let at = Instant::from_unix(second).unwrap();
                let local = zone.local_time(at);
                let text = LocalText::of(at, Some(local.offset()));
                assert_eq!(
                    std::str::from_utf8(text.as_bytes()).unwrap(),
                    local.to_string(),
                    "{name}"
                );
            }
        }
        assert!(LocalText::of(Instant::EARLIEST, None).as_bytes().is_empty());
    }

    #[test]
    fn dates_match_the_calendar() {
        for days in -400..90_000 {
            let date = LocalDate::from_calendar(1970, 1, 1).unwrap().plus_days(days);
            let (year, month, day) = date_of(i64::from(days));
            assert_eq!(format!("{year:04}-{month:02}-{day:02}"), date.to_string());
        }
    }
}
