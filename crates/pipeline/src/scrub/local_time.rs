//! What a clock shows, as text. Its time of day is written beside every row, so that part does not allocate.

use core_compliance::Instant;

/// `08:30:00`.
pub(super) fn time_of_day(at: Instant, offset: i32) -> [u8; 8] {
    // Instants begin with 1970, and offsets are smaller than a day.
    let second = u64::try_from(at.unix() + i64::from(offset) + 86_400).unwrap_or(0) % 86_400;
    let minute = second / 60;
    let pair = |number: u64| PAIRS.get(number as usize).copied().unwrap_or_default();
    let [[h1, h2], [m1, m2], [s1, s2]] = [minute / 60, minute % 60, second % 60].map(pair);
    [h1, h2, b':', m1, m2, b':', s1, s2]
}

/// `00` to `99`.
static PAIRS: [[u8; 2]; 100] = pairs();

const fn pairs() -> [[u8; 2]; 100] {
    let mut pairs = [[b'0'; 2]; 100];
    let mut rest: &mut [[u8; 2]] = &mut pairs;
    let mut number = 0_u8;
    while let Some((pair, others)) = rest.split_first_mut() {
        *pair = [b'0' + number / 10, b'0' + number % 10];
        (rest, number) = (others, number + 1);
    }
    pairs
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
