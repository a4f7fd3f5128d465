//! Zones by the names that Windows, and CXone's calling lists, have for them.
//!
//! The table is `data/windows-zones.tsv`; its head names source, licence and hash.

use std::collections::HashMap;
use std::sync::OnceLock;

const WINDOWS_ZONES: &str = include_str!("../../data/windows-zones.tsv");

/// By which names zones are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ZoneNames {
    /// `America/New_York`.
    #[default]
    Iana,
    /// `Eastern Standard Time`.
    Windows,
}

/// Windows' name of an IANA zone; `None` where it has none.
#[must_use]
pub fn windows_zone(iana: &str) -> Option<&'static str> {
    static TABLE: OnceLock<HashMap<&'static str, &'static str>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let rows = WINDOWS_ZONES.lines().filter(|line| !line.starts_with('#'));
        rows.filter_map(|line| line.split_once('\t')).collect()
    });
    table.get(iana).copied()
}

#[cfg(test)]
mod tests {
    use core_compliance::Gazetteer;

    use super::*;

    #[test]
    fn every_place_has_a_name_for_its_zone() {
        let gazetteer = Gazetteer::standard();
        let mut nameless: Vec<&str> = gazetteer
            .jurisdictions()
            .flat_map(|jurisdiction| gazetteer.zones(jurisdiction))
            .copied()
            .filter(|zone| windows_zone(zone).is_none())
            .collect();
        nameless.sort_unstable();
        nameless.dedup();
        // Windows has no clock for a station of a time of its own.
        assert_eq!(nameless, ["Antarctica/Troll"]);
        assert_eq!(windows_zone("America/New_York"), Some("Eastern Standard Time"));
        assert_eq!(windows_zone("Nowhere"), None);
    }
}
