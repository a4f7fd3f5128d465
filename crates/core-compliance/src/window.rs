//! Calling windows: the local times of day at which a rule permits calls.

use core::fmt;
use core::str::FromStr;

use crate::civil::LocalDate;

/// Names of the weekdays in rule texts, Monday first.
const DAY_NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Local times of day `[start, end)`: the start second is in, the end second is out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallingWindow {
    start: u32,
    end: u32,
}

/// Why a text is not a calling window, or a week of them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WindowError {
    /// Not `HH:MM-HH:MM`.
    #[error("`{0}` is not a calling window; write it as `08:00-21:00`")]
    NotAWindow(String),
    /// Not a time of day between 00:00 and 24:00.
    #[error("`{0}` is not a time of day; write it as `08:00`, from `00:00` to `24:00`")]
    NotATimeOfDay(String),
    /// Ends before, or when, it starts. A window over midnight is two windows.
    #[error("calling window `{0}` must end after it starts; for hours over midnight write two windows")]
    EndsBeforeStart(String),
    /// Not a weekday or a range of them.
    #[error("`{0}` is not a weekday or a range of weekdays; write `mon`, `mon-fri` or `sat,sun`")]
    NotWeekdays(String),
    /// A week without any window: it would prohibit for ever without saying so.
    #[error("no calling window in `{0}`; write for example `mon-fri 09:00-20:00; sat 10:00-18:00`")]
    Empty(String),
}

impl CallingWindow {
    /// 00:00 to 24:00.
    pub const WHOLE_DAY: Self = Self {
        start: 0,
        end: 86_400,
    };

    pub(crate) const WHOLE_DAY_LIST: &'static [Self] = &[Self::WHOLE_DAY];

    /// From `start` to `end`, in seconds since local midnight; `None` unless `start < end ≤ 86,400`.
    #[must_use]
    pub const fn new(start: u32, end: u32) -> Option<Self> {
        if start < end && end <= 86_400 {
            Some(Self { start, end })
        } else {
            None
        }
    }

    /// First second of the window, since local midnight.
    #[must_use]
    pub const fn start(self) -> u32 {
        self.start
    }

    /// First second after the window, since local midnight; 86,400 is midnight at the end of the day.
    #[must_use]
    pub const fn end(self) -> u32 {
        self.end
    }

    /// Whether this second of the day is inside.
    #[must_use]
    pub const fn contains(self, second_of_day: u32) -> bool {
        self.start <= second_of_day && second_of_day < self.end
    }
}

/// `HH:MM` or `HH:MM:SS` as seconds since midnight.
fn parse_time_of_day(text: &str) -> Result<u32, WindowError> {
    let wrong = || WindowError::NotATimeOfDay(text.to_owned());
    let mut parts = text.split(':').map(|part| {
        let plain = (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        if plain {
            part.parse::<u32>().map_err(|_| wrong())
        } else {
            Err(wrong())
        }
    });
    let hour = parts.next().ok_or_else(wrong)??;
    let minute = parts.next().ok_or_else(wrong)??;
    let second = parts.next().unwrap_or(Ok(0))?;
    let total = hour * 3_600 + minute * 60 + second;
    if parts.next().is_some() || minute > 59 || second > 59 || total > 86_400 {
        Err(wrong())
    } else {
        Ok(total)
    }
}

fn write_time_of_day(f: &mut fmt::Formatter<'_>, second: u32) -> fmt::Result {
    write!(f, "{:02}:{:02}", second / 3_600, second / 60 % 60)?;
    if second.is_multiple_of(60) {
        Ok(())
    } else {
        write!(f, ":{:02}", second % 60)
    }
}

impl FromStr for CallingWindow {
    type Err = WindowError;

    fn from_str(text: &str) -> Result<Self, WindowError> {
        let text = text.trim();
        let (start, end) = text
            .split_once('-')
            .ok_or_else(|| WindowError::NotAWindow(text.to_owned()))?;
        let (start, end) = (parse_time_of_day(start.trim())?, parse_time_of_day(end.trim())?);
        Self::new(start, end).ok_or_else(|| WindowError::EndsBeforeStart(text.to_owned()))
    }
}

impl fmt::Display for CallingWindow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_time_of_day(f, self.start)?;
        f.write_str("-")?;
        write_time_of_day(f, self.end)
    }
}

/// The calling windows of each weekday; a day without one prohibits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct WeeklyWindows([Vec<CallingWindow>; 7]);

impl WeeklyWindows {
    /// The same window on every day of the week.
    #[must_use]
    pub fn daily(window: CallingWindow) -> Self {
        Self(core::array::from_fn(|_| vec![window]))
    }

    /// The windows of the weekday of `date`, sorted and disjoint.
    #[must_use]
    pub fn on(&self, date: LocalDate) -> &[CallingWindow] {
        self.0.get(date.weekday_index()).map_or(&[], Vec::as_slice)
    }

    fn add(&mut self, day: usize, window: CallingWindow) {
        if let Some(windows) = self.0.get_mut(day) {
            windows.push(window);
            windows.sort_unstable();
            windows.dedup_by(|next, kept| {
                let touches = next.start <= kept.end;
                if touches {
                    kept.end = kept.end.max(next.end);
                }
                touches
            });
        }
    }
}

/// `mon-fri`, `sat,sun` as indexes since Monday.
fn parse_weekdays(text: &str) -> Result<Vec<usize>, WindowError> {
    let wrong = || WindowError::NotWeekdays(text.to_owned());
    let index = |name: &str| {
        DAY_NAMES
            .iter()
            .position(|day| day.eq_ignore_ascii_case(name.trim()))
            .ok_or_else(wrong)
    };
    let mut days = Vec::new();
    for part in text.split(',') {
        match part.split_once('-') {
            None => days.push(index(part)?),
            Some((first, last)) => {
                let (first, last) = (index(first)?, index(last)?);
                // `sat-mon` runs over the end of the week.
                days.extend((0..=(last + 7 - first) % 7).map(|step| (first + step) % 7));
            }
        }
    }
    Ok(days)
}

impl FromStr for WeeklyWindows {
    type Err = WindowError;

    /// `08:00-21:00` (every day), or `mon-fri 09:00-13:00,14:00-20:00; sat 10:00-18:00`.
    fn from_str(text: &str) -> Result<Self, WindowError> {
        let mut week = Self::default();
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let (days, windows) = match part.split_once(char::is_whitespace) {
                Some((days, windows)) if !days.starts_with(|c: char| c.is_ascii_digit()) => {
                    (parse_weekdays(days)?, windows)
                }
                _ => ((0..7).collect(), part),
            };
            for window in windows.split(',') {
                let window = window.parse()?;
                days.iter().for_each(|day| week.add(*day, window));
            }
        }
        if week.0.iter().all(Vec::is_empty) {
            Err(WindowError::Empty(text.to_owned()))
        } else {
            Ok(week)
        }
    }
}

impl fmt::Display for WeeklyWindows {
    /// As it is written, with equal neighbouring days joined.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut first_run = true;
        let mut days = DAY_NAMES.iter().zip(&self.0).peekable();
        while let Some((from, windows)) = days.next() {
            let mut until = from;
            while let Some((day, _)) = days.next_if(|(_, next)| *next == windows) {
                until = day;
            }
            if windows.is_empty() {
                continue;
            }
            if !first_run {
                f.write_str("; ")?;
            }
            first_run = false;
            match (*from, *until) {
                ("mon", "sun") => {}
                (from, until) if from == until => write!(f, "{from} ")?,
                (from, until) => write!(f, "{from}-{until} ")?,
            }
            for (position, window) in windows.iter().enumerate() {
                if position > 0 {
                    f.write_str(",")?;
                }
                window.fmt(f)?;
            }
        }
        Ok(())
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for WeeklyWindows {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for WeeklyWindows {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'_, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn week(text: &str, shown: &str) {
        assert_eq!(
            text.parse::<WeeklyWindows>().map(|week| week.to_string()),
            Ok(shown.to_owned()),
            "{text}"
        );
    }

    #[test]
    fn weeks_are_read_and_shown() {
        week("08:00-21:00", "08:00-21:00");
        week("mon-sun 8:00-21:00", "08:00-21:00");
        week(
            "mon-fri 09:00-20:00; sat 10:00-18:00",
            "mon-fri 09:00-20:00; sat 10:00-18:00",
        );
        week(
            "mon-fri 10:00-13:00,14:00-20:00",
            "mon-fri 10:00-13:00,14:00-20:00",
        );
        week("sat,sun 00:00-24:00", "sat-sun 00:00-24:00");
        week(
            "sat-mon 09:00:01-21:30",
            "mon 09:00:01-21:30; sat-sun 09:00:01-21:30",
        );
        week(
            "sun 09:00-12:00; sun 11:00-13:00; sun 13:00-14:00",
            "sun 09:00-14:00",
        );
    }

    #[test]
    fn what_is_wrong_is_named() {
        let error = |text: &str| text.parse::<WeeklyWindows>().unwrap_err();
        assert_eq!(error(""), WindowError::Empty(String::new()));
        assert_eq!(error("8-21"), WindowError::NotATimeOfDay("8".to_owned()));
        assert_eq!(error("08:00"), WindowError::NotAWindow("08:00".to_owned()));
        assert_eq!(
            error("21:00-08:00"),
            WindowError::EndsBeforeStart("21:00-08:00".to_owned())
        );
        assert_eq!(
            error("08:00-08:00"),
            WindowError::EndsBeforeStart("08:00-08:00".to_owned())
        );
        assert_eq!(
            error("08:00-24:01"),
            WindowError::NotATimeOfDay("24:01".to_owned())
        );
        assert_eq!(
            error("08:60-21:00"),
            WindowError::NotATimeOfDay("08:60".to_owned())
        );
        assert_eq!(
            error("+8:00-21:00"),
            WindowError::NotATimeOfDay("+8:00".to_owned())
        );
        assert_eq!(
            error("day 08:00-21:00"),
            WindowError::NotWeekdays("day".to_owned())
        );
    }

    #[test]
    fn the_start_second_is_in_and_the_end_second_out() {
        let window: CallingWindow = "08:00-21:00".parse().unwrap();
        for (second, inside) in [(28_799, false), (28_800, true), (75_599, true), (75_600, false)] {
            assert_eq!(window.contains(second), inside, "{second}");
        }
    }
}
