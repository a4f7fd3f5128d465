//! The independent witness of all clocks: the table that `data/generate_zone_transitions.py` makes with Python.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

const TABLE: &str = include_str!("../data/zone-transitions-2026f.txt");

/// First second after the table.
pub const TABLE_UNTIL: i64 = 4_102_444_800;

/// The table, read.
#[derive(Debug)]
pub struct ReferenceZones {
    version: String,
    zones: BTreeMap<String, Arc<ReferenceZone>>,
}

/// One zone: its offset at the epoch, and each change after it.
#[derive(Debug, PartialEq, Eq)]
pub struct ReferenceZone {
    /// Seconds east of UTC at 1970-01-01T00:00:00Z.
    pub initial: i32,
    /// (first second of the new offset, new offset), in order.
    pub changes: Vec<(i64, i32)>,
}

impl ReferenceZones {
    /// The table, read once.
    pub fn get() -> &'static Self {
        static READ: OnceLock<ReferenceZones> = OnceLock::new();
        READ.get_or_init(|| Self::read(TABLE))
    }

    #[track_caller]
    fn read(text: &str) -> Self {
        let version = text.lines().find_map(|line| line.strip_prefix("# version: "));
        let mut zones = BTreeMap::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let fields: Vec<&str> = line.split('\t').collect();
            assert_eq!(fields.len(), 3, "{line}");
            let initial = fields[1].parse().expect("an offset in seconds");
            let changes = read_changes(initial, fields[2]);
            let zone = Arc::new(ReferenceZone { initial, changes });
            for name in fields[0].split(' ') {
                zones.insert(name.to_owned(), Arc::clone(&zone));
            }
        }
        Self {
            version: version.expect("a version in the header").to_owned(),
            zones,
        }
    }

    /// The IANA release that the table was made from.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// All zones by name, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &ReferenceZone)> {
        self.zones
            .iter()
            .map(|(name, zone)| (name.as_str(), zone.as_ref()))
    }

    /// A zone that must be there.
    #[track_caller]
    pub fn zone(&self, name: &str) -> &ReferenceZone {
        let zone = self.zones.get(name);
        zone.unwrap_or_else(|| panic_on_unknown(name))
    }
}

#[track_caller]
#[expect(clippy::panic, reason = "a zone name misspelt in a test is a failed test")]
fn panic_on_unknown(name: &str) -> ! {
    panic!("`{name}` is not in the reference table")
}

impl ReferenceZone {
    /// What a clock is ahead of UTC at an instant, in seconds.
    pub fn offset_at(&self, unix: i64) -> i32 {
        match self.changes.partition_point(|(at, _)| *at <= unix) {
            0 => self.initial,
            passed => self.changes[passed - 1].1,
        }
    }

    /// The first change after an instant.
    pub fn next_change(&self, unix: i64) -> Option<i64> {
        let passed = self.changes.partition_point(|(at, _)| *at <= unix);
        self.changes.get(passed).map(|(at, _)| *at)
    }

    /// Each change with the offset before it: (instant, before, after).
    pub fn steps(&self) -> impl Iterator<Item = (i64, i32, i32)> + '_ {
        let before = core::iter::once(self.initial).chain(self.changes.iter().map(|(_, offset)| *offset));
        self.changes
            .iter()
            .zip(before)
            .map(|((at, after), before)| (*at, before, *after))
    }
}

/// `302400+60 63000-3090s`: delay since the last change, then what is added to the offset; minutes, or seconds with `s`.
#[track_caller]
fn read_changes(initial: i32, words: &str) -> Vec<(i64, i32)> {
    let (mut at, mut offset) = (0_i64, initial);
    words
        .split_ascii_whitespace()
        .map(|word| {
            let (digits, unit) = match word.strip_suffix('s') {
                Some(seconds) => (seconds, 1_i32),
                None => (word, 60),
            };
            let sign = digits.find(['+', '-']).expect("a signed change");
            let (delay, change) = digits.split_at(sign);
            at += delay.parse::<i64>().expect("a delay") * i64::from(unit);
            offset += change.parse::<i32>().expect("a change") * unit;
            (at, offset)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_entries_of_the_header_are_read_as_it_says() {
        assert_eq!(
            read_changes(-2_670, "302400+60 63000-3090s"),
            [(18_144_000, 930), (18_207_000, -2_160)]
        );
    }

    #[test]
    fn the_counts_of_the_header_are_the_tables() {
        let header = TABLE.lines().find(|line| line.starts_with("# zones: ")).unwrap();
        let zones = ReferenceZones::get();
        let changes: usize = zones.iter().map(|(_, zone)| zone.changes.len()).sum();
        assert!(
            header.starts_with(&format!("# zones: {};", zones.iter().count())),
            "{header}"
        );
        assert!(header.ends_with(&format!("times zones: {changes}")), "{header}");
    }

    #[test]
    fn a_change_takes_effect_at_its_own_second() {
        let new_york = ReferenceZones::get().zone("America/New_York");
        // 2026-03-08T07:00:00Z.
        assert_eq!(
            [1_772_953_199, 1_772_953_200].map(|at| new_york.offset_at(at)),
            [-18_000, -14_400]
        );
        assert_eq!(new_york.next_change(1_772_953_199), Some(1_772_953_200));
    }
}
