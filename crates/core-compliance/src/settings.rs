//! How the user wants decisions made: everything besides rules, zones and the attempt that can change an answer.

use core::fmt;

use crate::attempt::{Channel, Purpose, UnknownWord, fmt_as_str, vocabulary};
use crate::digest::Sha256Hex;
use crate::regions::Regions;
use crate::window::{CallingWindow, WeeklyWindows};

vocabulary! {
    /// What to do with several candidate places.
    Policy {
        /// Permitted only if permitted in each of them.
        EveryCandidate = "every-candidate",
        /// Where an address is known, the number's prefix adds no place.
        PreferAddress = "prefer-address",
    }
}

vocabulary! {
    /// What unverified rules do.
    UnverifiedRules {
        /// They are shown, and noted where they would have prohibited.
        Note = "note",
        /// They decide like all others.
        Decide = "decide",
    }
}

vocabulary! {
    /// What to do with a number that its numbering plan does not know.
    UnknownNumbers {
        /// It is noted: plans lag reality, and a lost contact is lost business.
        Note = "note",
        /// It is prohibited.
        Prohibit = "prohibit",
    }
}

/// Which hours decide.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Hours {
    /// The rulebook's, and these house hours where it has none for a place.
    Law {
        /// House hours.
        house: WeeklyWindows,
    },
    /// These alone: the law is set aside, and every determination says so.
    CallingHours(WeeklyWindows),
}

/// Longest `--guard`: two hours. A wider margin would close every window there is.
pub const LONGEST_GUARD: u32 = 7_200;
/// Longest `--for`: twelve hours.
pub const LONGEST_CALL: u32 = 43_200;

/// All settings of a [`Gate`](crate::Gate).
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Settings {
    /// Purpose of attempts that do not say theirs.
    pub purpose: Purpose,
    /// Channel of attempts that do not say theirs.
    pub channel: Channel,
    /// What to do with several candidate places.
    pub policy: Policy,
    /// Margin by which every window is shrunk at both ends, in seconds, at most [`LONGEST_GUARD`].
    pub guard: u32,
    /// How long the call is to last, in seconds: the whole span must be permitted. 0 and 1 ask for the instant alone;
    /// at most [`LONGEST_CALL`].
    pub call_length: u32,
    /// Which hours decide.
    pub hours: Hours,
    /// What region codes mean.
    pub regions: Regions,
    /// What unverified rules do.
    pub unverified: UnverifiedRules,
    /// What to do with a number that its numbering plan does not know.
    pub unknown_numbers: UnknownNumbers,
    /// Where caps govern, an attempt without history is prohibited.
    pub require_history: bool,
}

/// Why settings cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// A guard over the limit.
    #[error("a guard of {0} s is too long; the longest is {LONGEST_GUARD} s")]
    GuardTooLong(u32),
    /// A call over the limit.
    #[error("a call length of {0} s is too long; the longest is {LONGEST_CALL} s")]
    CallTooLong(u32),
}

/// The house hours where no others are set: 08:00 to 21:00 every day.
#[must_use]
pub fn standard_house_hours() -> WeeklyWindows {
    CallingWindow::new(8 * 3_600, 21 * 3_600)
        .map(WeeklyWindows::daily)
        .unwrap_or_default()
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            purpose: Purpose::Sales,
            channel: Channel::Voice,
            policy: Policy::EveryCandidate,
            guard: 0,
            call_length: 0,
            hours: Hours::Law {
                house: standard_house_hours(),
            },
            regions: Regions::default(),
            unverified: UnverifiedRules::Note,
            unknown_numbers: UnknownNumbers::Note,
            require_history: false,
        }
    }
}

impl Settings {
    /// Checks the ranges.
    ///
    /// # Errors
    /// [`SettingsError`] names the value out of range.
    pub fn checked(self) -> Result<Self, SettingsError> {
        if self.guard > LONGEST_GUARD {
            return Err(SettingsError::GuardTooLong(self.guard));
        }
        if self.call_length > LONGEST_CALL {
            return Err(SettingsError::CallTooLong(self.call_length));
        }
        Ok(self)
    }

    /// Seconds after the instant that must be permitted too: the rest of the call, and the guard.
    #[must_use]
    pub fn seconds_after(&self) -> u32 {
        self.guard + self.call_length.max(1) - 1
    }

    /// Fingerprint of every setting, for one attempt's purpose and channel.
    #[must_use]
    pub fn sha256(&self, purpose: Purpose, channel: Channel) -> Sha256Hex {
        let hours = match &self.hours {
            Hours::Law { house } => format!("law, house hours {house}"),
            Hours::CallingHours(hours) => format!("calling hours {hours}"),
        };
        let mut text = format!(
            "curfew settings 1\npurpose {purpose}\nchannel {channel}\npolicy {}\nguard {}\nfor {}\nhours {hours}\nregions {}\nunverified {}\nunknown numbers {}\nhistory required {}\n",
            self.policy,
            self.guard,
            self.call_length,
            self.regions.scheme,
            self.unverified,
            self.unknown_numbers,
            self.require_history
        );
        for (code, region) in &self.regions.own {
            text.push_str(&format!(
                "region {code:?} {} {:?}\n",
                region.jurisdiction, region.zones
            ));
        }
        Sha256Hex::of(text.as_bytes())
    }
}

#[cfg(all(test, feature = "serde"))]
mod tests {
    use super::*;
    use crate::Region;

    #[test]
    fn settings_are_written_and_read_without_loss() {
        let weeks = [
            "08:00-21:00",
            "mon-fri 09:00:01-13:00,14:00-20:00; sun 00:00-24:00",
        ];
        let mut settings = Settings {
            purpose: Purpose::Collections,
            channel: Channel::Text,
            policy: Policy::PreferAddress,
            guard: 60,
            call_length: 600,
            unverified: UnverifiedRules::Decide,
            unknown_numbers: UnknownNumbers::Prohibit,
            require_history: true,
            ..Settings::default()
        };
        let region = Region {
            jurisdiction: "GB".parse().unwrap(),
            zones: vec!["Europe/London".to_owned()],
        };
        settings.regions.own.insert("EMEA-1".to_owned(), region);
        for week in weeks.map(|week| week.parse::<WeeklyWindows>().unwrap()) {
            for hours in [
                Hours::Law { house: week.clone() },
                Hours::CallingHours(week.clone()),
            ] {
                settings.hours = hours;
                let text = serde_json::to_string(&settings).unwrap();
                let again: Settings = serde_json::from_str(&text).unwrap();
                assert_eq!(again, settings, "{text}");
            }
        }
    }
}
