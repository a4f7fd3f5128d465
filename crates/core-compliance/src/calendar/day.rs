//! One day of a calendar: by rule in every year, or by list.

use time::{Date, Month, Weekday};

use crate::Jurisdiction;
use crate::civil::LocalDate;

/// A holiday.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// Its name, for people.
    pub name: String,
    /// When it falls.
    pub when: When,
    /// Days after `when`: 1 for the Friday after Thanksgiving.
    pub plus: i32,
    /// In which years.
    pub years: Years,
    /// Where alone it counts; empty = wherever the calendar does.
    pub only: Vec<Jurisdiction>,
    /// Its own moves, in place of the calendar's.
    pub observed: Option<Vec<Move>>,
    /// Whether the day itself does not count where a move applies.
    pub moved: bool,
}

/// When a day falls in a year.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum When {
    /// On this date.
    Fixed(Month, u8),
    /// On the nth such weekday of the month; `None` = on the last.
    Nth(Month, Weekday, Option<u8>),
    /// On the first such weekday on or after the date.
    OnOrAfter(Month, u8, Weekday),
    /// On the last such weekday before the date.
    Before(Month, u8, Weekday),
    /// So many days after Easter Sunday of the western churches.
    Easter(i32),
    /// So many days after Easter Sunday of the eastern churches.
    OrthodoxEaster(i32),
    /// On these dates.
    Dates(Vec<LocalDate>),
}

/// In which years a day falls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Years {
    /// First year.
    pub from: i32,
    /// Last year.
    pub until: i32,
    /// Every so many years, counted from a multiple of it or, where `from` is given, from there.
    pub every: i32,
}

impl Default for Years {
    fn default() -> Self {
        Self {
            from: i32::MIN,
            until: i32::MAX,
            every: 1,
        }
    }
}

impl Years {
    fn contain(self, year: i32) -> bool {
        let base = if self.from == i32::MIN { 0 } else { self.from };
        let distance = i64::from(year) - i64::from(base);
        (self.from..=self.until).contains(&year) && distance.rem_euclid(i64::from(self.every.max(1))) == 0
    }
}

/// A day on `from` also counts on the nearest `to` before or after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// The weekday on which the day falls.
    pub from: Weekday,
    /// The weekday on which it counts too.
    pub to: Weekday,
    /// After it, rather than before.
    pub forward: bool,
}

impl Move {
    fn target(self, date: LocalDate) -> LocalDate {
        let distance = |one: Weekday, two: Weekday| {
            i32::from(two.number_days_from_monday()) - i32::from(one.number_days_from_monday())
        };
        let ahead = distance(self.from, self.to).rem_euclid(7);
        date.plus_days(if self.forward { ahead } else { ahead - 7 })
    }
}

impl Day {
    /// A day on explicit dates.
    #[must_use]
    pub fn on_dates(name: String, dates: Vec<LocalDate>) -> Self {
        Self {
            name,
            when: When::Dates(dates),
            plus: 0,
            years: Years::default(),
            only: Vec::new(),
            observed: Some(Vec::new()),
            moved: false,
        }
    }

    /// The dates on which the day counts in a year (a move may lead into the next or the last).
    pub(super) fn dates_in(&self, year: i32, calendar_moves: &[Move]) -> Vec<LocalDate> {
        if !self.years.contain(year) {
            return Vec::new();
        }
        let mut dates = Vec::new();
        for nominal in self.nominal(year) {
            let date = nominal.plus_days(self.plus);
            let moves = self.observed.as_deref().unwrap_or(calendar_moves);
            let targets: Vec<_> = moves
                .iter()
                .filter(|each| each.from == date.weekday())
                .map(|each| each.target(date))
                .collect();
            if targets.is_empty() || !self.moved {
                dates.push(date);
            }
            dates.extend(targets);
        }
        dates
    }

    fn nominal(&self, year: i32) -> Vec<LocalDate> {
        let fixed = |month: Month, day: u8| LocalDate::from_calendar(year, month.into(), day);
        let one = match &self.when {
            When::Fixed(month, day) => fixed(*month, *day),
            When::Nth(month, weekday, nth) => nth_weekday(year, *month, *weekday, *nth),
            When::OnOrAfter(month, day, weekday) => {
                fixed(*month, *day).map(|date| date.plus_days(days_until(date, *weekday)))
            }
            When::Before(month, day, weekday) => {
                fixed(*month, *day).map(|date| date.plus_days(days_until(date, *weekday) - 7))
            }
            When::Easter(days) => easter(year).map(|sunday| sunday.plus_days(*days)),
            When::OrthodoxEaster(days) => orthodox_easter(year).map(|sunday| sunday.plus_days(*days)),
            When::Dates(dates) => {
                return dates
                    .iter()
                    .copied()
                    .filter(|date| date.to_date().year() == year)
                    .collect();
            }
        };
        one.into_iter().collect()
    }
}

/// Days from `date` to the next such weekday, 0 to 6.
fn days_until(date: LocalDate, weekday: Weekday) -> i32 {
    (i32::from(weekday.number_days_from_monday()) - i32::from(date.weekday().number_days_from_monday()))
        .rem_euclid(7)
}

fn nth_weekday(year: i32, month: Month, weekday: Weekday, nth: Option<u8>) -> Option<LocalDate> {
    let first = LocalDate::from_calendar(year, month.into(), 1)?;
    let first_such = first.plus_days(days_until(first, weekday));
    match nth {
        Some(nth) => Some(first_such.plus_days(7 * (i32::from(nth) - 1))),
        None => {
            let last = LocalDate::from_calendar(year, month.into(), month.length(year))?;
            Some(last.plus_days(days_until(last, weekday) - if last.weekday() == weekday { 0 } else { 7 }))
        }
    }
}

/// Easter Sunday in the Gregorian calendar (the "anonymous" computus of 1876, as in Meeus, Astronomical Algorithms).
fn easter(year: i32) -> Option<LocalDate> {
    let golden = year.rem_euclid(19);
    let (century, year_of_century) = (year.div_euclid(100), year.rem_euclid(100));
    let (leap_centuries, century_rest) = (century / 4, century % 4);
    let moon_correction = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - leap_centuries - moon_correction + 15) % 30;
    let (leap_years, year_rest) = (year_of_century / 4, year_of_century % 4);
    let weekday = (32 + 2 * century_rest + 2 * leap_years - epact - year_rest) % 7;
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let march_day = epact + weekday - 7 * late + 114;
    LocalDate::from_calendar(
        year,
        u8::try_from(march_day / 31).ok()?,
        u8::try_from(march_day % 31 + 1).ok()?,
    )
}

/// Easter Sunday of the eastern churches, as a Gregorian date (Meeus's Julian computus, plus the calendars' distance).
fn orthodox_easter(year: i32) -> Option<LocalDate> {
    let (a, b, c) = (year.rem_euclid(4), year.rem_euclid(7), year.rem_euclid(19));
    let d = (19 * c + 15) % 30;
    let e = (2 * a + 4 * b - d + 34) % 7;
    let march_day = d + e + 114;
    let julian = LocalDate::from_calendar(
        year,
        u8::try_from(march_day / 31).ok()?,
        u8::try_from(march_day % 31 + 1).ok()?,
    )?;
    let century = year.div_euclid(100);
    Some(julian.plus_days(century - century / 4 - 2))
}

impl From<Date> for When {
    fn from(date: Date) -> Self {
        Self::Dates(vec![date.into()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> LocalDate {
        let parts: Vec<i32> = text.split('-').map(|part| part.parse().unwrap()).collect();
        LocalDate::from_calendar(parts[0], parts[1] as u8, parts[2] as u8).unwrap()
    }

    #[test]
    fn easters_are_those_of_the_almanacs() {
        for (year, western, eastern) in [
            (2024, "2024-03-31", "2024-05-05"),
            (2025, "2025-04-20", "2025-04-20"),
            (2026, "2026-04-05", "2026-04-12"),
            (2027, "2027-03-28", "2027-05-02"),
            (2038, "2038-04-25", "2038-04-25"),
            (2076, "2076-04-19", "2076-04-26"),
        ] {
            assert_eq!(easter(year), Some(date(western)), "{year}");
            assert_eq!(orthodox_easter(year), Some(date(eastern)), "{year}");
        }
    }

    #[test]
    fn weekdays_are_counted_from_both_ends_of_a_month() {
        assert_eq!(
            nth_weekday(2026, Month::November, Weekday::Thursday, Some(4)),
            Some(date("2026-11-26"))
        );
        assert_eq!(
            nth_weekday(2026, Month::May, Weekday::Monday, None),
            Some(date("2026-05-25"))
        );
        assert_eq!(
            nth_weekday(2027, Month::May, Weekday::Monday, None),
            Some(date("2027-05-31"))
        );
    }

    fn day(when: When) -> Day {
        Day {
            observed: None,
            ..Day {
                when,
                ..Day::on_dates("x".to_owned(), vec![])
            }
        }
    }

    #[test]
    fn relative_days_and_moves() {
        let tuesday = day(When::OnOrAfter(Month::November, 2, Weekday::Tuesday));
        assert_eq!(tuesday.dates_in(2026, &[]), [date("2026-11-03")]);
        let victoria = day(When::Before(Month::May, 25, Weekday::Monday));
        assert_eq!(victoria.dates_in(2026, &[]), [date("2026-05-18")]);
        assert_eq!(victoria.dates_in(2027, &[]), [date("2027-05-24")]);
        let to_monday = Move {
            from: Weekday::Sunday,
            to: Weekday::Monday,
            forward: true,
        };
        let to_friday = Move {
            from: Weekday::Saturday,
            to: Weekday::Friday,
            forward: false,
        };
        let fourth = day(When::Fixed(Month::July, 4));
        assert_eq!(
            fourth.dates_in(2026, &[to_monday, to_friday]),
            [date("2026-07-04"), date("2026-07-03")]
        );
        assert_eq!(
            fourth.dates_in(2027, &[to_monday, to_friday]),
            [date("2027-07-04"), date("2027-07-05")]
        );
        let epiphany = Day {
            moved: true,
            observed: Some(vec![Move {
                from: Weekday::Tuesday,
                to: Weekday::Monday,
                forward: true,
            }]),
            ..day(When::Fixed(Month::January, 6))
        };
        assert_eq!(epiphany.dates_in(2026, &[]), [date("2026-01-12")]);
    }

    #[test]
    fn years_bound_a_day() {
        let sixth = Years {
            from: 2024,
            until: i32::MAX,
            every: 6,
        };
        assert!(sixth.contain(2030) && !sixth.contain(2029) && !sixth.contain(2018));
        let even = Years {
            every: 2,
            ..Years::default()
        };
        assert!(even.contain(2026) && !even.contain(2027));
    }
}
