//! `[[calendar]]` tables.

use time::{Month, Weekday};

use crate::calendar::{Calendar, Day, Move, When, Years};
use crate::document::{DocumentError, Node};
use crate::rule::Provenance;

use super::AddedDays;
use super::parse::{PROVENANCE_KEYS, take_provenance};

/// A new calendar, or days for one that exists.
pub(super) enum CalendarEntry {
    New(Box<Calendar>),
    More(AddedDays),
}

pub(super) fn read_calendar(node: &Node<'_, '_>) -> Result<CalendarEntry, DocumentError> {
    let (mut id, mut extends, mut verified_through) = (None, None, None);
    let (mut days, mut observed) = (Vec::new(), Vec::new());
    let mut provenance = Provenance::default();
    for (name, value) in node.entries()? {
        match name.as_str() {
            "id" => id = Some(value.text()?),
            "extends" => extends = Some(value.text()?),
            "days" => days = value.list().iter().map(read_day).collect::<Result<_, _>>()?,
            "observed" => observed = read_moves(&value)?,
            "verified_through" => verified_through = Some(value.date()?),
            _ if take_provenance(&mut provenance, &name, &value)? => {}
            _ => {
                return Err(value.unknown(&format!(
                    "id, extends, days, observed, verified_through, {PROVENANCE_KEYS}"
                )));
            }
        }
    }
    match (id, extends) {
        (Some(id), None) => {
            let mut calendar = Calendar::new(id, days, observed, provenance);
            calendar.verified_through = verified_through;
            Ok(CalendarEntry::New(Box::new(calendar)))
        }
        (None, Some(_)) if !observed.is_empty() => {
            Err(node.wrong("`observed` belongs to the calendar itself; give each added day its own"))
        }
        (None, Some(calendar)) => Ok(CalendarEntry::More(AddedDays {
            calendar,
            days,
            verified_through,
        })),
        _ => Err(node.wrong("a calendar has either an `id` of its own or the one that it `extends`")),
    }
}

fn read_day(node: &Node<'_, '_>) -> Result<Day, DocumentError> {
    let mut day = Day {
        observed: None,
        ..Day::on_dates(String::new(), Vec::new())
    };
    let mut when = None;
    for (name, value) in node.entries()? {
        match name.as_str() {
            "name" => day.name = value.text()?,
            "fixed" => {
                when =
                    Some(read_month_day(&value, &value.text()?).map(|(month, day)| When::Fixed(month, day))?)
            }
            "nth" => when = Some(read_nth(&value)?),
            "on_or_after" => when = Some(read_relative(&value, When::OnOrAfter)?),
            "before" => when = Some(read_relative(&value, When::Before)?),
            "easter" => when = Some(When::Easter(value.number()?)),
            "orthodox_easter" => when = Some(When::OrthodoxEaster(value.number()?)),
            "dates" => {
                let dates = value.list().iter().map(Node::date).collect::<Result<_, _>>()?;
                when = Some(When::Dates(dates));
                day.observed = day.observed.or(Some(Vec::new()));
            }
            "plus" => day.plus = value.number()?,
            "from" => day.years.from = value.number()?,
            "until" => day.years.until = value.number()?,
            "every" => day.years.every = value.number()?,
            "years" => match value.text()?.as_str() {
                "even" => {
                    day.years = Years {
                        every: 2,
                        ..day.years
                    }
                }
                other => return Err(value.wrong(format!("`{other}` is not `even`"))),
            },
            "only" => day.only = value.parsed_list()?,
            "observed" => day.observed = Some(read_moves(&value)?),
            "moved" => day.moved = value.boolean()?,
            _ => {
                return Err(value.unknown(
                    "name, fixed, nth, on_or_after, before, easter, orthodox_easter, dates, plus, from, until, every, \
                     years, only, observed, moved",
                ));
            }
        }
    }
    day.when = when.ok_or_else(|| {
        node.wrong("a day needs `fixed`, `nth`, `on_or_after`, `before`, `easter` or `dates`")
    })?;
    if day.name.is_empty() {
        return Err(node.wrong("`name` is missing: explanations name the holiday"));
    }
    Ok(day)
}

fn read_month_day(node: &Node<'_, '_>, text: &str) -> Result<(Month, u8), DocumentError> {
    let parts = text
        .split_once('-')
        .and_then(|(month, day)| Some((month.parse::<u8>().ok()?, day.parse::<u8>().ok()?)));
    let month_day = parts.and_then(|(month, day)| Some((Month::try_from(month).ok()?, day)));
    month_day
        .filter(|(month, day)| (1..=month.length(2024)).contains(day))
        .ok_or_else(|| node.wrong(format!("`{text}` is not a day of the year; write it as `12-25`")))
}

pub(super) fn read_weekday(text: &str) -> Option<Weekday> {
    const NAMES: [(&str, Weekday); 7] = [
        ("mon", Weekday::Monday),
        ("tue", Weekday::Tuesday),
        ("wed", Weekday::Wednesday),
        ("thu", Weekday::Thursday),
        ("fri", Weekday::Friday),
        ("sat", Weekday::Saturday),
        ("sun", Weekday::Sunday),
    ];
    NAMES
        .iter()
        .find(|(name, _)| *name == text)
        .map(|(_, weekday)| *weekday)
}

fn read_month(text: &str) -> Option<Month> {
    const NAMES: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let position = NAMES.iter().position(|name| *name == text)?;
    Month::try_from(u8::try_from(position + 1).ok()?).ok()
}

/// `nov thu 4`, `may mon last`.
fn read_nth(node: &Node<'_, '_>) -> Result<When, DocumentError> {
    let text = node.text()?;
    let words: Vec<&str> = text.split_whitespace().collect();
    let read = match words.as_slice() {
        [month, weekday, nth] => read_month(month)
            .zip(read_weekday(weekday))
            .and_then(|(month, weekday)| {
                let nth = if *nth == "last" {
                    None
                } else {
                    Some(nth.parse().ok().filter(|nth| (1..=4).contains(nth))?)
                };
                Some(When::Nth(month, weekday, nth))
            }),
        _ => None,
    };
    read.ok_or_else(|| {
        node.wrong(format!(
            "`{text}` is not an nth weekday; write `nov thu 4` or `may mon last`"
        ))
    })
}

/// `05-25 mon`.
fn read_relative(node: &Node<'_, '_>, kind: fn(Month, u8, Weekday) -> When) -> Result<When, DocumentError> {
    let text = node.text()?;
    let wrong = || node.wrong(format!("`{text}` is not a day and a weekday; write `05-25 mon`"));
    let (date, weekday) = text.split_once(' ').ok_or_else(wrong)?;
    let (month, day) = read_month_day(node, date)?;
    Ok(kind(month, day, read_weekday(weekday.trim()).ok_or_else(wrong)?))
}

/// `["sat<fri", "sun>mon"]`.
fn read_moves(node: &Node<'_, '_>) -> Result<Vec<Move>, DocumentError> {
    let read = |each: &Node<'_, '_>| {
        let text = each.text()?;
        let parts = text
            .split_once('>')
            .map(|parts| (parts, true))
            .or(text.split_once('<').map(|parts| (parts, false)));
        parts
            .and_then(|((from, to), forward)| {
                Some(Move {
                    from: read_weekday(from)?,
                    to: read_weekday(to)?,
                    forward,
                })
            })
            .ok_or_else(|| each.wrong(format!("`{text}` is not a move; write `sat<fri` or `sun>mon`")))
    };
    node.list().iter().map(read).collect()
}
