//! What a clock shows, as text. Its time of day is written beside every row, so that part does not allocate.

/// What a clock shows so many seconds after midnight: `08:30:00`. The digits of hour, minute and second are worked out side
/// by side, 24 bits apart.
#[inline]
pub(super) fn time_of_day(second: u32) -> [u8; 8] {
    const LOWEST: u64 = 0x000f_0000_0f00_000f;
    let (minute, hour) = (second / 60, second / 3_600);
    let [hour, minute, second] = [hour, minute - hour * 60, second - minute * 60].map(u64::from);
    let numbers = hour | minute << 24 | second << 48;
    // 103 / 1024 is a tenth, near enough below a hundred.
    let tens = ((numbers * 103) >> 10) & LOWEST;
    let ones = numbers - tens * 10;
    ((tens | ones << 8) + u64::from_le_bytes(*b"00:00:00")).to_le_bytes()
}

/// `-04:00`; `-00:44:30` for the few old ones with seconds.
pub(super) fn offset_text(offset: i32) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let size = offset.unsigned_abs();
    let seconds = match size % 60 {
        0 => String::new(),
        seconds => format!(":{seconds:02}"),
    };
    format!("{sign}{:02}:{:02}{seconds}", size / 3_600, size / 60 % 60)
}

#[cfg(test)]
mod tests {
    use core_compliance::{Instant, ZoneDatabase};

    use super::*;

    #[test]
    fn every_second_of_a_day_is_shown() {
        for second in 0..86_400 {
            let text = format!("{:02}:{:02}:{:02}", second / 3_600, second / 60 % 60, second % 60);
            assert_eq!(time_of_day(second), text.as_bytes());
        }
    }

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
                let of_day = (second + i64::from(local.offset())).rem_euclid(86_400);
                let time = time_of_day(of_day as u32);
                let text = format!(
                    "{}T{}{}",
                    local.date(),
                    std::str::from_utf8(&time).unwrap(),
                    offset_text(local.offset())
                );
                assert_eq!(text, local.to_string(), "{name}");
            }
        }
    }
}
