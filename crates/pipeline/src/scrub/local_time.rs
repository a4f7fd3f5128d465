//! What a clock shows, as text. Its time of day is written beside every row, so that part does not allocate.

use core_compliance::Instant;

/// `08:30:00`.
pub(super) fn time_of_day(at: Instant, offset: i32) -> [u8; 8] {
    let second = (at.unix() + i64::from(offset)).rem_euclid(86_400);
    // Below a day.
    let second = u32::try_from(second).unwrap_or(0);
    let [h1, h2] = digits(second / 3_600);
    let [m1, m2] = digits(second / 60 % 60);
    let [s1, s2] = digits(second % 60);
    [h1, h2, b':', m1, m2, b':', s1, s2]
}

/// Two digits of a number below 100.
fn digits(number: u32) -> [u8; 2] {
    [number / 10, number % 10].map(|digit| b'0' + (digit as u8 & 15))
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
    use core_compliance::ZoneDatabase;

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
                let time = time_of_day(at, local.offset());
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
