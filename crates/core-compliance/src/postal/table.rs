//! The table of postal codes: beginnings of codes and ranges of them.

use std::sync::OnceLock;

use super::PostalCountry;
use crate::NamedPlace;
use crate::named_place::places_in;

const POSTAL_PLACES: &str = include_str!("../../data/postal-places.tsv");

/// What a row says.
#[derive(Clone, Copy)]
pub(super) enum Meaning {
    Places(&'static [NamedPlace]),
    /// The post of the armed forces.
    Military,
}

/// Codes that begin with something from `first` to `last`, both included and of one length.
struct Entry {
    first: &'static str,
    last: &'static str,
    meaning: Meaning,
}

/// What the longest entry says that the code begins with.
pub(super) fn find(country: PostalCountry, code: &str) -> Option<Meaning> {
    find_in(entries(country), code)
}

/// Whether no entry tells codes apart that begin so.
pub(super) fn decides(country: PostalCountry, beginning: &str) -> bool {
    let length = beginning.len();
    let begins = |text: &'static str| text.get(..length).unwrap_or(text);
    let is_within = |entry: &Entry| begins(entry.first) <= beginning && beginning <= begins(entry.last);
    let mut longer = entries(country).iter().filter(|entry| entry.first.len() > length);
    !longer.any(is_within)
}

fn entries(country: PostalCountry) -> &'static [Entry] {
    static TABLE: OnceLock<Table> = OnceLock::new();
    let table = TABLE.get_or_init(|| Table::read(POSTAL_PLACES));
    match country {
        PostalCountry::UnitedStates => &table.united_states,
        PostalCountry::Canada => &table.canada,
        PostalCountry::Australia => &table.australia,
    }
}

/// Entries of one length do not overlap and are in order, longer ones first.
fn find_in(entries: &[Entry], code: &str) -> Option<Meaning> {
    let mut entries = entries;
    while let Some(entry) = entries.first() {
        let length = entry.first.len();
        let (same_length, shorter) =
            entries.split_at(entries.partition_point(|entry| entry.first.len() == length));
        if let Some(beginning) = code.get(..length) {
            let next = same_length.partition_point(|entry| entry.first <= beginning);
            let candidate = next.checked_sub(1).and_then(|index| same_length.get(index));
            if let Some(entry) = candidate.filter(|entry| beginning <= entry.last) {
                return Some(entry.meaning);
            }
        }
        entries = shorter;
    }
    None
}

#[derive(Default)]
struct Table {
    united_states: Vec<Entry>,
    canada: Vec<Entry>,
    australia: Vec<Entry>,
}

impl Table {
    fn read(text: &'static str) -> Self {
        let mut table = Self::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut fields = line.split('\t');
            let (Some(country), Some(what), Some(listed)) = (fields.next(), fields.next(), fields.next())
            else {
                continue;
            };
            let entries = match country {
                "US" => &mut table.united_states,
                "CA" => &mut table.canada,
                "AU" => &mut table.australia,
                _ => continue,
            };
            let Some(meaning) = meaning(what) else {
                continue;
            };
            entries.extend(listed.split(' ').map(|entry| {
                let (first, last) = entry.split_once('-').unwrap_or((entry, entry));
                Entry { first, last, meaning }
            }));
        }
        for entries in [&mut table.united_states, &mut table.canada, &mut table.australia] {
            entries.sort_by_key(|entry| (core::cmp::Reverse(entry.first.len()), entry.first));
        }
        table
    }
}

/// The table lives as long as the program, so its rows may be leaked; each row once.
fn meaning(what: &'static str) -> Option<Meaning> {
    if what == "military" {
        return Some(Meaning::Military);
    }
    Some(Meaning::Places(places_in(what)?.leak()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Gazetteer;

    #[test]
    fn every_row_is_read_and_known() {
        let gazetteer = Gazetteer::standard();
        for line in POSTAL_PLACES.lines().filter(|line| !line.starts_with('#')) {
            let fields: Vec<_> = line.split('\t').collect();
            let [country, what, listed] = fields[..] else {
                panic!("three fields: {line}")
            };
            assert!(["US", "CA", "AU"].contains(&country), "{line}");
            if let Meaning::Places(places) = meaning(what).unwrap_or_else(|| panic!("readable: {line}")) {
                for place in places {
                    let zones = gazetteer.zones(&place.jurisdiction);
                    assert!(!place.zones.is_empty());
                    assert!(place.zones.iter().all(|zone| zones.contains(zone)), "{place:?}");
                }
            }
            for entry in listed.split(' ') {
                let (first, last) = entry.split_once('-').unwrap_or((entry, entry));
                assert!(first.len() == last.len() && first <= last, "{entry}");
            }
        }
    }

    #[test]
    fn entries_of_one_length_do_not_overlap() {
        let table = Table::read(POSTAL_PLACES);
        for entries in [table.united_states, table.canada, table.australia] {
            for pair in entries.windows(2) {
                let same_length = pair[0].first.len() == pair[1].first.len();
                assert!(!same_length || pair[0].last < pair[1].first, "{}", pair[1].first);
            }
        }
    }
}
