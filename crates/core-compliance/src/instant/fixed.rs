//! Instants in the forms that nearly all have, read in a fraction of the time of the general parser.

use super::Instant;

/// Days whose first second is kept, by day of the month.
const DAYS: usize = 64;

/// Reads many instants in the usual forms, `2026-06-10T15:00:00Z` and `2026-06-10T11:00:00-04:00`. The first second of the
/// days met is kept, as lists have many times of few days.
#[derive(Clone, Debug)]
pub struct InstantReader {
    /// Beginnings of texts, `2026-06-10T`, with the second that they stand for; none of them is all zeros.
    days: [([u8; 11], i64); DAYS],
}

impl Default for InstantReader {
    fn default() -> Self {
        Self {
            days: [([0; 11], 0); DAYS],
        }
    }
}

impl InstantReader {
    /// The instant; `None` for a text of another form, or something wrong in it, which [`FromStr`](core::str::FromStr)
    /// tells.
    #[must_use]
    #[inline]
    pub fn read(&mut self, text: &[u8]) -> Option<Instant> {
        let (day, time) = text.split_first_chunk::<11>()?;
        let [h1, h2, c1, m1, m2, c2, s1, s2, b'Z'] = *time else {
            return fixed(text);
        };
        let [.., tens, ones, _] = *day;
        let slot = self.days.get_mut(usize::from((tens & 3) << 4 | ones & 15))?;
        let of_day = time_of_day(pairs([h1, h2, c1, m1, m2, c2, s1, s2], *b"00:00:00")?)?;
        if slot.0 == *day {
            return Instant::from_unix(slot.1 + i64::from(of_day)).ok();
        }
        let instant = fixed(text)?;
        *slot = (*day, instant.unix() - i64::from(of_day));
        Some(instant)
    }
}

/// The two forms that nearly all times have, `2026-06-10T15:00:00Z` and `2026-06-10T11:00:00-04:00`, read in a fraction of
/// the time; `None` = something else, or something wrong, which the general parser tells.
pub(super) fn fixed(text: &[u8]) -> Option<Instant> {
    let (moment, offset) = text.split_first_chunk::<19>()?;
    let [century, _, of_century, _, _, month, ..] = pairs(*moment.first_chunk()?, *b"0000-00-")?;
    let [_, day, ..] = pairs(*moment.get(7..)?.first_chunk()?, *b"-00T00:0")?;
    let time = time_of_day(pairs(*moment.last_chunk()?, *b"00:00:00")?)?;
    let offset = match *offset {
        [b'Z'] => 0,
        [sign @ (b'+' | b'-'), h1, h2, colon, m1, m2] => {
            let size = time_of_day(pairs([h1, h2, colon, m1, m2, b':', b'0', b'0'], *b"00:00:00")?)?;
            if sign == b'-' { -size } else { size }
        }
        _ => return None,
    };
    let year = usize::from(century) * 100 + usize::from(of_century);
    let month = usize::from(month).checked_sub(1)?;
    let (first_day, days) = MONTHS.get(year.checked_sub(FIRST_YEAR)?)?.get(month)?;
    let day = u32::from(day).checked_sub(1).filter(|day| day < days)?;
    let days = i64::from(first_day + day);
    Instant::from_unix(days * 86_400 + i64::from(time) - i64::from(offset)).ok()
}

/// Beside each byte of a text the number that it makes with the next one, all in one step; `None` where the text is not of
/// this form, in which `0` stands for any digit.
fn pairs(text: [u8; 8], form: [u8; 8]) -> Option<[u8; 8]> {
    const HIGHEST: u64 = 0x8080_8080_8080_8080;
    // What brings a byte that is too large to its highest bit: 10 for a digit, 1 for another character.
    let above = form.map(|byte| if byte == b'0' { 0x80 - 10 } else { 0x80 - 1 });
    let values = u64::from_le_bytes(text) ^ u64::from_le_bytes(form);
    let too_large = (values.wrapping_add(u64::from_le_bytes(above)) | values) & HIGHEST;
    let pairs = values.wrapping_mul(10).wrapping_add(values >> 8);
    (too_large == 0).then_some(pairs.to_le_bytes())
}

/// Seconds of a time read by [`pairs`]; `None` for one that does not exist.
fn time_of_day([hour, _, _, minute, _, _, second, _]: [u8; 8]) -> Option<i32> {
    let seconds = i32::from(hour) * 3_600 + i32::from(minute) * 60 + i32::from(second);
    (hour < 24 && minute < 60 && second < 60).then_some(seconds)
}

const FIRST_YEAR: usize = 1970;
const YEARS: usize = 230;

/// For each month of the years that are supported, the days from 1970-01-01 to its first, and how many it has.
static MONTHS: [[(u32, u32); 12]; YEARS] = months();

const fn months() -> [[(u32, u32); 12]; YEARS] {
    let mut all = [[(0, 0); 12]; YEARS];
    let mut first_day = 0;
    let mut rest: &mut [[(u32, u32); 12]] = &mut all;
    let mut year = FIRST_YEAR as u32;
    while let Some((months, others)) = rest.split_first_mut() {
        let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let february = if is_leap { 29 } else { 28 };
        let lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let (mut months, mut lengths): (&mut [(u32, u32)], &[u32]) = (months, &lengths);
        while let (Some((month, later)), Some((length, longer))) =
            (months.split_first_mut(), lengths.split_first())
        {
            *month = (first_day, *length);
            first_day += *length;
            (months, lengths) = (later, longer);
        }
        (rest, year) = (others, year + 1);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_met_before_reads_as_one_that_was_not() {
        let mut reader = InstantReader::default();
        for round in 0..2 {
            for day in [
                "2026-06-10",
                "2026-06-30",
                "2026-07-10",
                "2026-02-30",
                "1970-01-01",
                "2199-12-31",
            ] {
                for time in [
                    "T00:00:00Z",
                    "T23:59:59Z",
                    "T24:00:00Z",
                    "T12:00:60Z",
                    "t12:00:00Z",
                    "T12:00:00z",
                    "T01:00:00+05:45",
                ] {
                    let text = format!("{day}{time}");
                    assert_eq!(
                        reader.read(text.as_bytes()),
                        fixed(text.as_bytes()),
                        "{text} in round {round}"
                    );
                }
            }
        }
        assert_eq!(reader.read(b""), None);
        assert_eq!(reader.read(&[0; 20]), None);
    }
}
