//! Rules in words: hours, holidays, conditions, caps.

use core_compliance::{
    AttemptOutcome, CalleeKind, CallingWindow, Condition, ConsentLevel, Cooldown, Counting, Day,
    HolidayEffect, HoursChange, Limit, LocalDate, Move, Pause, Period, RelationshipKind, RuleClock,
    WeeklyWindows, When,
};

/// Days since 1970-01-01 of some Monday.
const SOME_MONDAY: i32 = 4;

/// `Monday to Friday 10:00-13:00 and 14:00-20:00; Saturday 10:00-18:00; never on Sunday`.
pub(super) fn week(week: &WeeklyWindows) -> String {
    let monday = LocalDate::from_calendar(1970, 1, 1).map(|first| first.plus_days(SOME_MONDAY));
    let days: Vec<(String, &[CallingWindow])> = monday
        .into_iter()
        .flat_map(|monday| (0..7).map(move |day| monday.plus_days(day)))
        .map(|date| (date.weekday().to_string(), week.on(date)))
        .collect();
    let mut parts = Vec::new();
    let mut closed = Vec::new();
    for run in days.chunk_by(|one, two| one.1 == two.1) {
        let (Some((first, hours)), Some((last, _))) = (run.first(), run.last()) else {
            continue;
        };
        let name = match run.len() {
            7 => "every day".to_owned(),
            1 => first.clone(),
            2 => format!("{first} and {last}"),
            _ => format!("{first} to {last}"),
        };
        if hours.is_empty() {
            closed.push(name);
        } else {
            parts.push(format!("{name} {}", windows(hours)));
        }
    }
    if !closed.is_empty() {
        parts.push(format!("never on {}", closed.join(", ")));
    }
    parts.join("; ")
}

/// `10:00-13:00 and 14:00-20:00`.
pub(super) fn windows(windows: &[CallingWindow]) -> String {
    let shown: Vec<_> = windows.iter().map(ToString::to_string).collect();
    shown.join(" and ")
}

/// Whose clock a rule reads.
pub(super) fn clock(clock: RuleClock) -> String {
    match clock {
        RuleClock::Callee => "the callee's".to_owned(),
        RuleClock::Jurisdiction => "all clocks of the jurisdiction, whichever is the callee's".to_owned(),
        RuleClock::Fixed(offset) => format!("UTC{} all year", offset_text(offset)),
    }
}

/// `-06:00`.
fn offset_text(offset: i32) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let minutes = offset.unsigned_abs() / 60;
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// What the days of a calendar do.
pub(super) fn effect(effect: &HolidayEffect) -> String {
    let day = if effect.eve {
        "the day before a day of"
    } else {
        "a day of"
    };
    let change = match &effect.change {
        HoursChange::Closed => "no calls".to_owned(),
        HoursChange::Replaced(by) => format!("{} instead", windows(by)),
        HoursChange::Narrowed(to) => format!("only within {}", windows(to)),
        HoursChange::EndBy(second) => format!(
            "until {:02}:{:02} at the latest",
            second / 3_600,
            second / 60 % 60
        ),
        other => format!("{other:?}"),
    };
    format!("{day} {}: {change}", effect.calendar)
}

/// `with express consent given at most 12 months before`.
pub(super) fn condition(condition: &Condition) -> String {
    let months = |months: Option<u32>, what: &str| {
        months.map_or(String::new(), |months| match months {
            1 => format!(" {what} at most a month before"),
            months => format!(" {what} at most {months} months before"),
        })
    };
    let mut parts = Vec::new();
    if let Some(level) = condition.consent {
        let level = match level {
            ConsentLevel::ExpressWritten => "express written consent",
            _ => "express consent",
        };
        parts.push(format!(
            "with {level}{}",
            months(condition.consent_within_months, "given")
        ));
    }
    if let Some(kind) = condition.relationship {
        let kind = match kind {
            RelationshipKind::Inquiry => "after an inquiry of the callee",
            RelationshipKind::Transaction => "after a purchase or payment of the callee",
            RelationshipKind::ContractInProgress => "with a contract in progress",
            other => other.as_str(),
        };
        parts.push(format!("{kind}{}", months(condition.within_months, "made")));
    }
    parts.extend(condition.callee.map(|callee| match callee {
        CalleeKind::Business => "to a business".to_owned(),
        other => format!("to a {other}"),
    }));
    parts.extend(condition.caller.map(|caller| format!("by a {caller} caller")));
    parts.extend(condition.until.map(|until| format!("before {until}")));
    parts.join(", ")
}

/// `at most 3 in any 24 hours`.
pub(super) fn limit(limit: Limit) -> String {
    let max = limit.max;
    match limit.period {
        Period::Hours(hours) => format!("at most {max} in any {hours} hours"),
        Period::Days(1) => format!("at most {max} in a calendar day"),
        Period::Days(days) => format!("at most {max} in {days} consecutive calendar days"),
        Period::Weeks(1) => format!("at most {max} in a calendar week"),
        Period::Months(1) => format!("at most {max} in a calendar month"),
        other => format!("at most {max} in {other}"),
    }
}

/// `after a refusal: none for 61 calendar days, the day itself the first`.
pub(super) fn cooldown(cooldown: Cooldown) -> String {
    let after = match cooldown.after {
        AttemptOutcome::NoAnswer => "an attempt without an answer".to_owned(),
        AttemptOutcome::Abandoned => "an abandoned call".to_owned(),
        other => format!("a {other}"),
    };
    match cooldown.pause {
        None => format!("after {after}: none ever again"),
        Some(Pause::Hours(hours)) => format!("after {after}: none for {hours} hours"),
        Some(Pause::Days(1)) => format!("after {after}: none on the same calendar day"),
        Some(Pause::Days(days)) => {
            format!("after {after}: none for {days} calendar days, of which the day itself is the first")
        }
    }
}

/// What counts towards a cap.
pub(super) fn counting(counts: Counting, per_matter: bool) -> String {
    let what = match counts {
        Counting::Attempts => "every attempt",
        Counting::Answered => "attempts that somebody or something answered",
        Counting::Conversations => "attempts in which the callee spoke",
        Counting::Contacts => "attempts that reached the callee, messages left included",
        Counting::NoAnswers => "attempts that nobody answered, or of unknown outcome",
        other => other.as_str(),
    };
    let each = if per_matter {
        ", separately for each matter"
    } else {
        ""
    };
    format!("{what}{each}")
}

/// `fourth Thursday of November; if it falls on Saturday, also the Friday before`.
pub(super) fn when(day: &Day, calendar_moves: &[Move]) -> String {
    let mut parts = vec![fall(day)];
    let moves = day.observed.as_deref().unwrap_or(calendar_moves).iter();
    let always = fixed_weekday(day);
    // A day that never falls on the weekday of a move is never moved.
    let moves =
        moves.filter(|each| always.is_none_or(|always| always == each.from.number_days_from_monday()));
    parts.extend(moves.map(|each| {
        let side = if each.forward { "after" } else { "before" };
        let also = if day.moved { "instead" } else { "also" };
        format!("if on {}, {also} the {} {side}", each.from, each.to)
    }));
    let years = day.years;
    match (years.from == i32::MIN, years.until == i32::MAX) {
        (true, true) => {}
        (false, true) => parts.push(format!("since {}", years.from)),
        (true, false) => parts.push(format!("until {}", years.until)),
        (false, false) if years.from == years.until => parts.push(format!("in {}", years.from)),
        (false, false) => parts.push(format!("{} to {}", years.from, years.until)),
    }
    match years.every {
        0 | 1 => {}
        2 if years.from == i32::MIN => parts.push("in even years".to_owned()),
        every => parts.push(format!("every {every} years")),
    }
    if !day.only.is_empty() {
        let only: Vec<_> = day.only.iter().map(ToString::to_string).collect();
        parts.push(format!("in {} alone", only.join(", ")));
    }
    parts.join("; ")
}

/// Days from Monday to the weekday on which a day falls in every year, if there is one.
fn fixed_weekday(day: &Day) -> Option<u8> {
    const SUNDAY: i32 = 6;
    let first = match &day.when {
        When::Nth(_, weekday, _) | When::OnOrAfter(_, _, weekday) | When::Before(_, _, weekday) => {
            i32::from(weekday.number_days_from_monday())
        }
        When::Easter(days) | When::OrthodoxEaster(days) => SUNDAY + days,
        _ => return None,
    };
    u8::try_from((first + day.plus).rem_euclid(7)).ok()
}

fn fall(day: &Day) -> String {
    let base = match &day.when {
        When::Fixed(month, of_month) => format!("{of_month} {month}"),
        When::Nth(month, weekday, nth) => {
            let nth = match nth {
                Some(1) => "first",
                Some(2) => "second",
                Some(3) => "third",
                Some(_) => "fourth",
                None => "last",
            };
            format!("{nth} {weekday} of {month}")
        }
        When::OnOrAfter(month, of_month, weekday) => format!("first {weekday} from {of_month} {month} on"),
        When::Before(month, of_month, weekday) => format!("last {weekday} before {of_month} {month}"),
        When::Easter(days) => easter(*days, "Easter Sunday"),
        When::OrthodoxEaster(days) => easter(*days, "Orthodox Easter Sunday"),
        When::Dates(_) => "by announcement".to_owned(),
        other => format!("{other:?}"),
    };
    match day.plus {
        0 => base,
        1 => format!("day after the {base}"),
        days => format!("{days} days after the {base}"),
    }
}

fn easter(days: i32, sunday: &str) -> String {
    let (count, side) = (days.unsigned_abs(), if days < 0 { "before" } else { "after" });
    match count {
        0 => sunday.to_owned(),
        1 => format!("day {side} {sunday}"),
        count => format!("{count} days {side} {sunday}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_are_told_in_words() {
        let told = |text: &str| week(&text.parse().unwrap());
        assert_eq!(told("08:00-21:00"), "every day 08:00-21:00");
        assert_eq!(
            told("mon-fri 10:00-13:00,14:00-20:00; sat 10:00-18:00"),
            "Monday to Friday 10:00-13:00 and 14:00-20:00; Saturday 10:00-18:00; never on Sunday"
        );
        assert_eq!(
            told("sat,sun 10:00-12:00"),
            "Saturday and Sunday 10:00-12:00; never on Monday to Friday"
        );
    }

    #[test]
    fn conditions_are_told_in_words() {
        let told = Condition {
            relationship: Some(RelationshipKind::Transaction),
            within_months: Some(18),
            callee: Some(CalleeKind::Business),
            ..Condition::default()
        };
        assert_eq!(
            condition(&told),
            "after a purchase or payment of the callee made at most 18 months before, to a business"
        );
        assert_eq!(clock(RuleClock::Fixed(-21_600)), "UTC-06:00 all year");
    }

    #[test]
    fn no_shipped_provision_is_without_words() {
        let book = core_compliance::Rulebook::shipped();
        for calendar in book.calendars() {
            for day in &calendar.days {
                let told = when(day, &calendar.observed);
                assert!(!told.contains(['{', '(']), "{}: {told}", calendar.id);
            }
        }
        let pennsylvania = book.calendar("US-PA").unwrap();
        let told = |name: &str| {
            let day = pennsylvania.days.iter().find(|day| day.name == name).unwrap();
            when(day, &pennsylvania.observed)
        };
        assert_eq!(told("Thanksgiving Day"), "fourth Thursday of November");
        assert_eq!(told("Flag Day"), "14 June; if on Sunday, also the Monday after");
    }
}
