//! What ought to become of a generated contact, without asking Curfew.

use serde_json::Value;

/// Minutes from UTC of every clock of a region, from 2026-06-08 to 2026-06-12: no clock of these is changed in
/// between. Read off IANA 2026f by Python.
const CLOCKS: &[(&str, &[i64])] = &[
    ("US-EST", &[-240]),
    ("US-CST", &[-300]),
    ("US-MST", &[-360]),
    ("US-PST", &[-420]),
    ("GB", &[60]),
    ("DE", &[120]),
    ("FR", &[120]),
    ("JP", &[540]),
    ("AU-NSW", &[570, 600, 630]),
    ("CA-ON", &[-300, -240]),
    ("US-FL", &[-300, -240]),
    ("US-TX", &[-360, -300]),
    ("US-CA", &[-420]),
    ("US-NY", &[-240]),
    ("US-IN", &[-300, -240]),
    ("US-AZ", &[-420, -360]),
    ("US-HI", &[-600]),
    ("US-AK", &[-540, -480]),
    ("CA-BC", &[-420, -360]),
    ("CA-AB", &[-360]),
    ("CA-QC", &[-240, -180]),
    ("AU-WA", &[480, 525]),
    ("AU-QLD", &[600]),
];
/// The same for the prefixes of the generated numbers: where they are issued. They decide for a contact without a region.
const PREFIXES: &[(&[&str], &[i64])] = &[
    (
        &[
            "+1212", "+1617", "+1404", "+1305", "+1407", "+1813", "+1518", "+1716", "+1317",
        ],
        &[-240],
    ),
    (&["+1850", "+1219", "+1812"], &[-300, -240]),
    (&["+1312", "+1214", "+1612", "+1504", "+1713", "+1512"], &[-300]),
    (&["+1915", "+1303", "+1505", "+1801"], &[-360]),
    (
        &[
            "+1213", "+1415", "+1206", "+1503", "+1619", "+1916", "+1602", "+1520",
        ],
        &[-420],
    ),
    (&["+1928"], &[-420, -360]),
    (&["+1808"], &[-600]),
    (&["+1907"], &[-540, -480]),
    (&["+1604"], &[-420]),
    (&["+1250"], &[-420, -360]),
    (&["+1403", "+1780"], &[-360]),
    (&["+1514", "+1416", "+1613", "+1519"], &[-240]),
    (&["+1418"], &[-240, -180]),
    (&["+1807"], &[-300, -240]),
    (&["+44"], &[60]),
    (&["+49", "+33"], &[120]),
    (&["+81"], &[540]),
    (&["+612"], &[600, 630]),
    (&["+614"], &[480, 525, 570, 600, 630]),
    (&["+617"], &[600]),
    // The west, the centre, Broken Hill, and the islands of Christmas and Cocos.
    (&["+618"], &[390, 420, 480, 525, 570, 600]),
];
const DAY: i64 = 86_400;

/// One daily window, in minutes of the local day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    /// First minute.
    pub from: i64,
    /// First minute after it.
    pub until: i64,
}

impl Hours {
    /// 08:00 to 21:00.
    pub const USUAL: Self = Self {
        from: 480,
        until: 1_260,
    };
    /// All day.
    pub const ALWAYS: Self = Self {
        from: 0,
        until: 1_440,
    };

    /// Whether it is open at this unix second on all of these clocks.
    #[must_use]
    pub fn permit(self, clocks: &[i64], unix: i64) -> bool {
        clocks.iter().all(|offset| {
            let second = (unix + offset * 60).rem_euclid(DAY);
            (self.from * 60..self.until * 60).contains(&second)
        })
    }

    /// The first unix second from this one on at which it is open on all of these clocks.
    #[must_use]
    pub fn opening(self, clocks: &[i64], unix: i64) -> i64 {
        let next_minute = unix.div_euclid(60) * 60 + 60;
        std::iter::once(unix)
            .chain((0..3 * 1_440).map(|minute| next_minute + minute * 60))
            .find(|second| self.permit(clocks, *second))
            .expect("every window of these tests opens within three days")
    }
}

/// What ought to become of a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// No contact that could be called: rejected unsent.
    Unusable,
    /// Nobody knows where: prohibited unsent.
    Nowhere,
    /// Decided by these clocks.
    By(&'static [i64]),
}

impl Fate {
    /// Of this contact.
    #[must_use]
    pub fn of(contact: &Value) -> Self {
        let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
        let phone = text(contact.get("phone"));
        let digits = phone.strip_prefix('+').unwrap_or_default();
        let callable = (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        if text(contact.get("externalId")).is_empty() || !callable {
            return Self::Unusable;
        }
        let region = text(
            contact
                .get("attributes")
                .and_then(|attributes| attributes.get("region")),
        );
        if region.trim().is_empty() {
            let issued =
                |(prefixes, _): &&(&[&str], &[i64])| prefixes.iter().any(|prefix| phone.starts_with(prefix));
            return PREFIXES
                .iter()
                .find(issued)
                .map_or(Self::Nowhere, |(_, clocks)| Self::By(clocks));
        }
        CLOCKS
            .iter()
            .find(|(code, _)| *code == region)
            .map_or(Self::Nowhere, |(_, clocks)| Self::By(clocks))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openings_are_where_the_hours_begin_on_the_last_clock() {
        // 2026-06-10T14:59:59Z is 07:59:59 in Los Angeles.
        let before = 1_781_103_599;
        assert!(!Hours::USUAL.permit(&[-420], before));
        assert!(Hours::USUAL.permit(&[-420], before + 1));
        assert_eq!(Hours::USUAL.opening(&[-420, -360], before), before + 1);
        assert_eq!(Hours::USUAL.opening(&[-360], before), before);
        assert!(Hours::ALWAYS.permit(&[-240, 600], before));
    }
}
