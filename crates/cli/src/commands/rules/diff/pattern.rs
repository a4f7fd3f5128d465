//! Many days in few words: the weekdays on which the same happens, and single dates beside them.

use core_compliance::LocalDate;

/// So many weeks in a row are a season; less are single dates.
const SEASON_WEEKS: usize = 4;
/// What goes on for so many days goes on throughout the year, and needs no dates.
const YEAR: i32 = 350;
/// Single dates that are named before the rest is counted.
const NAMED: usize = 3;

/// `Sat 08:00-20:00 (52 days)`, `2026-12-25 Fri, 2027-01-01 Fri 08:00-20:00`, in the order of the first dates.
pub(super) fn pattern(days: &[(LocalDate, String)]) -> Vec<String> {
    let mut by_hours: Vec<(&str, Vec<LocalDate>)> = Vec::new();
    for (date, hours) in days {
        match by_hours.iter_mut().find(|(each, _)| each == hours) {
            Some((_, dates)) => dates.push(*date),
            None => by_hours.push((hours, vec![*date])),
        }
    }
    // What happens most comes first; equals keep the order of their dates.
    by_hours.sort_by_key(|(_, dates)| std::cmp::Reverse(dates.len()));
    by_hours
        .iter()
        .flat_map(|(hours, dates)| told(hours, dates))
        .collect()
}

fn told(hours: &str, dates: &[LocalDate]) -> Vec<String> {
    let is_season = |index: u8| {
        let mut on = dates
            .iter()
            .filter(|date| date.weekday().number_days_from_monday() == index);
        let (count, first) = (on.clone().count(), on.next());
        let weeks = first.zip(on.next_back().or(first)).map_or(0, |(first, last)| {
            usize::try_from((last.days() - first.days()) / 7 + 1).unwrap_or_default()
        });
        count >= SEASON_WEEKS && count * 2 >= weeks
    };
    let regular: Vec<bool> = (0..7).map(is_season).collect();
    let is_regular = |date: &LocalDate| {
        let index = usize::from(date.weekday().number_days_from_monday());
        regular.get(index).copied().unwrap_or(false)
    };
    let (often, single): (Vec<LocalDate>, Vec<LocalDate>) = dates.iter().copied().partition(is_regular);
    let mut texts = Vec::new();
    if !often.is_empty() {
        let season = match (often.first(), often.last()) {
            (Some(first), Some(last)) if last.days() - first.days() < YEAR => format!(", {first} to {last}"),
            _ => String::new(),
        };
        texts.push(format!(
            "{} {hours} ({} days{season})",
            weekdays(&regular),
            often.len()
        ));
    }
    if !single.is_empty() {
        let named: Vec<_> = single
            .iter()
            .take(NAMED)
            .map(|date| format!("{} {date}", short(*date)))
            .collect();
        let more = match single.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more days"),
        };
        texts.push(format!("{}{more} {hours}", named.join(", ")));
    }
    texts
}

fn short(date: LocalDate) -> String {
    date.weekday().to_string().chars().take(3).collect()
}

/// `Mon-Fri, Sun`.
fn weekdays(regular: &[bool]) -> String {
    const NAMES: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let days: Vec<(&str, bool)> = NAMES.into_iter().zip(regular.iter().copied()).collect();
    if days.iter().all(|(_, is_regular)| *is_regular) {
        return "every day".to_owned();
    }
    let mut parts = Vec::new();
    for run in days.chunk_by(|one, two| one.1 == two.1) {
        match run {
            [(name, true)] => parts.push((*name).to_owned()),
            [(first, true), .., (last, _)] => parts.push(format!("{first}-{last}")),
            _ => {}
        }
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn year(hours: impl Fn(LocalDate) -> Option<&'static str>) -> Vec<(LocalDate, String)> {
        let first = LocalDate::from_calendar(2026, 1, 1).unwrap();
        let dates = (0..365).map(|day| first.plus_days(day));
        dates
            .filter_map(|date| Some((date, hours(date)?.to_owned())))
            .collect()
    }

    #[test]
    fn a_year_is_told_by_weekdays_and_single_dates() {
        let christmas = LocalDate::from_calendar(2026, 12, 25).unwrap();
        let days = year(|date| match date.weekday().number_days_from_monday() {
            _ if date == christmas => Some("closed until noon"),
            5 => Some("08:00-20:00"),
            0..=4 => Some("20:00-21:00"),
            _ => None,
        });
        assert_eq!(
            pattern(&days),
            [
                "Mon-Fri 20:00-21:00 (260 days)",
                "Sat 08:00-20:00 (52 days)",
                "Fri 2026-12-25 closed until noon"
            ]
        );
        let daily = year(|_| Some("20:00-21:00"));
        assert_eq!(pattern(&daily), ["every day 20:00-21:00 (365 days)"]);
    }

    #[test]
    fn a_season_has_dates() {
        let days = year(|date| {
            let summer = (6..=8).contains(&u8::from(date.to_date().month()));
            (summer && date.weekday().number_days_from_monday() < 5).then_some("20:00-21:00")
        });
        assert_eq!(
            pattern(&days),
            ["Mon-Fri 20:00-21:00 (66 days, 2026-06-01 to 2026-08-31)"]
        );
    }

    #[test]
    fn many_single_dates_are_counted() {
        let days = year(|date| (date.to_date().day() == 1).then_some("08:00-09:00"));
        assert_eq!(
            pattern(&days),
            ["Thu 2026-01-01, Sun 2026-02-01, Sun 2026-03-01 and 9 more days 08:00-09:00"]
        );
        assert!(pattern(&[]).is_empty());
    }
}
