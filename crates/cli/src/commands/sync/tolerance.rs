//! How many rejected contacts a run may have and still count as done.

use std::str::FromStr;

/// A number of contacts, or a share of those read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Tolerance {
    Contacts(u64),
    Percent(f64),
}

impl Default for Tolerance {
    fn default() -> Self {
        Self::Contacts(0)
    }
}

impl Tolerance {
    /// Rejected contacts never matter.
    pub(crate) const ANY: Self = Self::Percent(100.0);

    pub(crate) fn allows(self, rejected: u64, read: u64) -> bool {
        match self {
            Self::Contacts(most) => rejected <= most,
            Self::Percent(share) => rejected as f64 * 100.0 <= share * read as f64,
        }
    }
}

impl FromStr for Tolerance {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a number of contacts or a share; write `20` or `2%`");
        match text.trim().strip_suffix('%') {
            None => text.trim().parse().map(Self::Contacts).map_err(|_| wrong()),
            Some(share) => match share.trim().parse::<f64>() {
                Ok(share) if (0.0..=100.0).contains(&share) => Ok(Self::Percent(share)),
                _ => Err(wrong()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_shares() {
        let allows = |text: &str, rejected, read| text.parse::<Tolerance>().unwrap().allows(rejected, read);
        assert!(allows("0", 0, 10) && !allows("0", 1, 10));
        assert!(allows("2%", 2, 100) && !allows("2%", 3, 100));
        assert!(allows("0%", 0, 0) && allows("1.5%", 15, 1_000));
        for text in ["", "x", "-1", "101%", "NaN%"] {
            assert!(text.parse::<Tolerance>().is_err(), "{text}");
        }
    }
}
