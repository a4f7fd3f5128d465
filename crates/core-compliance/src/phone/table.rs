//! The table of prefixes, flattened so that one binary search finds the longest prefix of a number.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::{PhonePlaces, Placeless};
use crate::Jurisdiction;
use crate::named_place::places_in;

const PHONE_PLACES: &str = include_str!("../../data/phone-places.tsv");
/// Prefixes are at most so long, and no number is shorter; a test looks at every row.
const DEPTH: usize = 7;

/// What a prefix says, and how many digits it has.
#[derive(Clone, Copy)]
pub(super) struct Found {
    pub(super) places: PhonePlaces,
    pub(super) prefix_digits: usize,
}

/// What the longest listed prefix of these digits says.
pub(super) fn find(digits: &[u8]) -> Option<Found> {
    table().find(digits)
}

/// On which stretch of the line these digits are.
pub(super) fn class_of(digits: &[u8]) -> usize {
    table().class_of(digits)
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| Table::read(PHONE_PLACES))
}

/// Numbers cut or filled up with zeros to [`DEPTH`] digits are points on a line, prefixes are nested intervals. The
/// table holds where another prefix becomes the longest one.
struct Table {
    starts: Vec<u32>,
    /// Beside each start: what holds from there on; `None` between prefixes.
    found: Vec<Option<Found>>,
    /// For each four first digits the stretch that all such numbers are on; [`SEVERAL`] where there are more.
    by_beginning: Box<[u16]>,
}

/// Numbers with a beginning, on the line.
const A_BEGINNING: u32 = 1_000;
const BEGINNINGS: u32 = 10_000;
const SEVERAL: u16 = u16::MAX;

impl Table {
    fn find(&self, digits: &[u8]) -> Option<Found> {
        *self.found.get(self.class_of(digits).checked_sub(1)?)?
    }

    /// How many stretches begin at the point of these digits or before it.
    fn class_of(&self, digits: &[u8]) -> usize {
        let beginning = digits.first_chunk().map_or_else(
            || point(digits) / A_BEGINNING,
            |[first, second, third, fourth]| {
                let number = |tens: &u8, ones: &u8| u32::from(tens & 15) * 10 + u32::from(ones & 15);
                number(first, second) * 100 + number(third, fourth)
            },
        );
        match self.by_beginning.get(beginning as usize) {
            Some(stretch) if *stretch != SEVERAL => usize::from(*stretch),
            _ => self.searched(point(digits)),
        }
    }

    fn searched(&self, point: u32) -> usize {
        self.starts.partition_point(|start| *start <= point)
    }

    fn read(text: &'static str) -> Self {
        let mut prefixes: BTreeMap<&str, Found> = BTreeMap::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut fields = line.split('\t');
            let (Some(kind), Some(what), Some(listed)) = (fields.next(), fields.next(), fields.next()) else {
                continue;
            };
            let Some(places) = meaning(kind, what) else {
                continue;
            };
            for prefix in listed.split(' ') {
                let prefix_digits = prefix.len();
                prefixes.insert(
                    prefix,
                    Found {
                        places,
                        prefix_digits,
                    },
                );
            }
        }
        let mut starts: Vec<u32> = prefixes
            .keys()
            .flat_map(|prefix| [point(prefix.as_bytes()), after(prefix.as_bytes())])
            .collect();
        starts.sort_unstable();
        starts.dedup();
        let longest = |start: &u32| {
            let digits = format!("{start:0DEPTH$}");
            (1..=DEPTH)
                .rev()
                .find_map(|len| prefixes.get(digits.get(..len)?).copied())
        };
        let found = starts.iter().map(longest).collect();
        let mut table = Self {
            starts,
            found,
            by_beginning: Box::default(),
        };
        let one_stretch = |beginning: u32| {
            let first = table.searched(beginning * A_BEGINNING);
            let last = table.searched((beginning + 1) * A_BEGINNING - 1);
            u16::try_from(first).ok().filter(|_| first == last)
        };
        table.by_beginning = (0..BEGINNINGS)
            .map(|beginning| one_stretch(beginning).unwrap_or(SEVERAL))
            .collect();
        table
    }
}

/// Where numbers with these first digits begin on the line.
fn point(digits: &[u8]) -> u32 {
    let filled = digits.iter().copied().chain(core::iter::repeat(b'0'));
    filled
        .take(DEPTH)
        .fold(0, |value, digit| value * 10 + u32::from(digit.wrapping_sub(b'0')))
}

/// Where numbers with this prefix end on the line.
fn after(prefix: &[u8]) -> u32 {
    let free = DEPTH.saturating_sub(prefix.len());
    point(prefix) + (0..free).fold(1, |width, _| width * 10)
}

/// The table lives as long as the program, so its rows may be leaked; each row once.
fn meaning(kind: &str, what: &'static str) -> Option<PhonePlaces> {
    Some(match kind {
        "geographic" => PhonePlaces::Geographic(places_in(what)?.leak()),
        "country" => {
            let countries: Result<Vec<Jurisdiction>, _> = what.split(' ').map(str::parse).collect();
            PhonePlaces::CountryOnly(countries.ok()?.leak())
        }
        "nowhere" => PhonePlaces::Nowhere(match what {
            "toll-free" => Placeless::TollFree,
            "premium-rate" => Placeless::PremiumRate,
            "satellite" => Placeless::Satellite,
            "non-geographic" => Placeless::NonGeographic,
            _ => return None,
        }),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Gazetteer;

    #[test]
    fn every_row_is_read_and_known() {
        let gazetteer = Gazetteer::standard();
        for line in PHONE_PLACES.lines().filter(|line| !line.starts_with('#')) {
            let fields: Vec<_> = line.split('\t').collect();
            let [kind, what, prefixes] = fields[..] else {
                panic!("three fields: {line}")
            };
            match meaning(kind, what).unwrap_or_else(|| panic!("readable: {line}")) {
                PhonePlaces::Geographic(places) => {
                    for place in places {
                        let zones = gazetteer.zones(&place.jurisdiction);
                        assert!(!place.zones.is_empty());
                        assert!(place.zones.iter().all(|zone| zones.contains(zone)), "{place:?}");
                    }
                }
                PhonePlaces::CountryOnly(countries) => {
                    for country in countries {
                        assert!(!gazetteer.zones(country).is_empty(), "{country}");
                    }
                }
                PhonePlaces::Nowhere(reason) => assert_eq!(reason.as_str(), what),
            }
            for prefix in prefixes.split(' ') {
                assert!((1..=DEPTH).contains(&prefix.len()), "{prefix}");
                let found = find(format!("{prefix}00000000").as_bytes()).unwrap();
                assert!(found.prefix_digits >= prefix.len(), "{prefix}");
            }
        }
    }

    #[test]
    fn the_flat_table_finds_the_longest_prefix() {
        let mut prefixes: Vec<&str> = PHONE_PLACES
            .lines()
            .filter(|line| !line.starts_with('#'))
            .flat_map(|line| line.rsplit('\t').next().unwrap().split(' '))
            .collect();
        prefixes.sort_by_key(|prefix| core::cmp::Reverse(prefix.len()));
        for start in (1_000_000..10_000_000_u32).step_by(1_009) {
            let number = format!("{start}99");
            let longest = prefixes.iter().find(|prefix| number.starts_with(**prefix));
            let found = find(number.as_bytes()).map(|found| found.prefix_digits);
            assert_eq!(found, longest.map(|prefix| prefix.len()), "{number}");
        }
    }
}
