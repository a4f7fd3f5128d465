//! The regions of the generated contacts, each with phone numbers that belong there and ring nobody.
//!
//! US and Canada: 555-0100 to 555-0199 in a real area code, reserved for fiction by the NANPA. UK: Ofcom's numbers
//! for drama. Australia: ACMA's. Germany: the Bundesnetzagentur's. France: ARCEP's. Japan reserves none; its numbers
//! here have the right shape in an exchange that is not assigned (Tokyo 03-1000).

/// A block of phone numbers: `prefix`, then `digits` digits from `first` to `last`.
pub(crate) struct Numbers {
    pub(crate) prefix: &'static str,
    pub(crate) digits: usize,
    pub(crate) first: u32,
    pub(crate) last: u32,
}

/// A region code with the phone numbers of those who live there.
pub(crate) struct Region {
    pub(crate) code: &'static str,
    /// How common it is, beside the others.
    pub(crate) weight: u32,
    pub(crate) numbers: &'static [Numbers],
}

const fn block(prefix: &'static str, digits: usize, first: u32, last: u32) -> Numbers {
    Numbers {
        prefix,
        digits,
        first,
        last,
    }
}

/// 555-0100 to 555-0199 behind `prefix` (`+1`, area code, `555`).
const fn fiction(prefix: &'static str) -> Numbers {
    block(prefix, 4, 100, 199)
}

const fn region(code: &'static str, weight: u32, numbers: &'static [Numbers]) -> Region {
    Region {
        code,
        weight,
        numbers,
    }
}

/// The tutorial's ten codes first, then ISO 3166-2 subdivisions.
pub(crate) const REGIONS: &[Region] = &[
    region(
        "US-EST",
        12,
        &[
            fiction("+1212555"),
            fiction("+1617555"),
            fiction("+1404555"),
            fiction("+1305555"),
        ],
    ),
    region(
        "US-CST",
        10,
        &[
            fiction("+1312555"),
            fiction("+1214555"),
            fiction("+1612555"),
            fiction("+1504555"),
        ],
    ),
    region(
        "US-MST",
        6,
        &[fiction("+1303555"), fiction("+1505555"), fiction("+1801555")],
    ),
    region(
        "US-PST",
        10,
        &[
            fiction("+1213555"),
            fiction("+1415555"),
            fiction("+1206555"),
            fiction("+1503555"),
        ],
    ),
    region(
        "GB",
        6,
        &[
            block("+441632", 6, 960_000, 960_999),
            block("+447700", 6, 900_000, 900_999),
            block("+442079460", 3, 0, 999),
            block("+441314960", 3, 0, 999),
        ],
    ),
    region(
        "DE",
        6,
        &[
            block("+493023125", 3, 0, 999),
            block("+498999998", 3, 0, 999),
            block("+4917139200", 2, 0, 99),
        ],
    ),
    region(
        "FR",
        4,
        &[
            block("+3319900", 4, 0, 9_999),
            block("+3346571", 4, 0, 9_999),
            block("+3363998", 4, 0, 9_999),
        ],
    ),
    region("JP", 4, &[block("+8131000", 4, 0, 9_999)]),
    region(
        "AU-NSW",
        4,
        &[block("+6125550", 4, 0, 9_999), block("+61491570", 3, 156, 159)],
    ),
    region(
        "CA-ON",
        6,
        &[
            fiction("+1416555"),
            fiction("+1613555"),
            fiction("+1519555"),
            fiction("+1807555"),
        ],
    ),
    region(
        "US-FL",
        5,
        &[
            fiction("+1305555"),
            fiction("+1407555"),
            fiction("+1813555"),
            fiction("+1850555"),
        ],
    ),
    region(
        "US-TX",
        5,
        &[
            fiction("+1214555"),
            fiction("+1713555"),
            fiction("+1512555"),
            fiction("+1915555"),
        ],
    ),
    region(
        "US-CA",
        5,
        &[
            fiction("+1213555"),
            fiction("+1415555"),
            fiction("+1619555"),
            fiction("+1916555"),
        ],
    ),
    region(
        "US-NY",
        3,
        &[fiction("+1212555"), fiction("+1518555"), fiction("+1716555")],
    ),
    region(
        "US-IN",
        2,
        &[fiction("+1317555"), fiction("+1219555"), fiction("+1812555")],
    ),
    region(
        "US-AZ",
        2,
        &[fiction("+1602555"), fiction("+1520555"), fiction("+1928555")],
    ),
    region("US-HI", 1, &[fiction("+1808555")]),
    region("US-AK", 1, &[fiction("+1907555")]),
    region("CA-BC", 3, &[fiction("+1604555"), fiction("+1250555")]),
    region("CA-AB", 1, &[fiction("+1403555"), fiction("+1780555")]),
    region("CA-QC", 1, &[fiction("+1514555"), fiction("+1418555")]),
    region("AU-WA", 2, &[block("+6185550", 4, 0, 9_999)]),
    region("AU-QLD", 1, &[block("+6175550", 4, 0, 9_999)]),
];

/// Region fields that name no place: fancy, unassigned, too coarse, in words.
pub(crate) const UNKNOWN: &[&str] = &["ATLANTIS", "US-XX", "EU", "Florida", "us_fl"];

/// What stands in phone fields that nobody checked.
pub(crate) const MALFORMED_PHONES: &[&str] = &[
    "+1 (212) 555-0142",
    "212-555-0142",
    "0049301234567",
    "+12",
    "+123456789012345678",
    "unknown",
    "",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_block_yields_e164_numbers_and_us_ones_are_fictional() {
        for region in REGIONS {
            assert!(region.weight > 0 && !region.numbers.is_empty(), "{}", region.code);
            for Numbers {
                prefix,
                digits,
                first,
                last,
            } in region.numbers
            {
                assert!(first <= last && *last < 10_u32.pow(*digits as u32), "{prefix}");
                let length = prefix.len() + digits;
                assert!((8..=16).contains(&length), "{prefix}");
                if prefix.starts_with("+1") {
                    assert_eq!(
                        (prefix.len(), prefix.ends_with("555"), *first, *last),
                        (8, true, 100, 199),
                        "{prefix}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_tutorial_codes_are_all_there() {
        let ten: Vec<_> = REGIONS.iter().take(10).map(|region| region.code).collect();
        assert_eq!(
            ten,
            [
                "US-EST", "US-CST", "US-MST", "US-PST", "GB", "DE", "FR", "JP", "AU-NSW", "CA-ON"
            ]
        );
    }
}
