//! Calendars on the page: each under the first jurisdiction whose rules name it.

use core_compliance::{Calendar, Day, LocalDate, Rulebook};

use super::super::entry::Entry;
use super::super::{explain, words};
use super::{escaped, row, sources};

/// The calendars that these rows name and that were not shown before.
pub(super) fn of_rules(book: &Rulebook, rows: &[Entry<'_>], shown: &mut Vec<String>, page: &mut Vec<String>) {
    for entry in rows {
        let Entry::Rule(rule) = entry else {
            continue;
        };
        for calendar in explain::calendars(book, rule) {
            if !shown.contains(&calendar.id) {
                shown.push(calendar.id.clone());
                // The dates of the year of the review and of the next: the page must not change with the day it is made.
                let year = book.reviewed_on().to_date().year();
                one(calendar, [year, year + 1], page);
            }
        }
    }
}

fn one(calendar: &Calendar, years: [i32; 2], page: &mut Vec<String>) {
    let provenance = &calendar.provenance;
    page.push(format!("### Calendar {}", calendar.id));
    page.push(String::new());
    let [this, next] = years;
    page.push(format!("| Day | When | {this} | {next} |"));
    page.push("| --- | --- | --- | --- |".to_owned());
    let dates: Vec<Vec<(LocalDate, &Day)>> = years
        .iter()
        .map(|year| calendar.dates_in(*year).collect())
        .collect();
    for day in &calendar.days {
        let cells: Vec<_> = dates.iter().map(|year| cell(calendar, day, year)).collect();
        let (name, when) = (escaped(&day.name), words::when(day, &calendar.observed));
        page.push(format!("| {name} | {when} | {} |", cells.join(" | ")));
    }
    page.push(String::new());
    page.push("| | |".to_owned());
    page.push("| --- | --- |".to_owned());
    if let Some(last) = calendar.verified_through {
        row(
            "Known through",
            &format!("{last}; later dates are prohibited"),
            page,
        );
    }
    row("Citation", &escaped(&provenance.citation), page);
    if let Some(confidence) = provenance.confidence {
        row("Confidence", confidence.as_str(), page);
    }
    row("Sources", &sources(&provenance.source), page);
    let open: Vec<_> = provenance.open.iter().map(|each| escaped(each)).collect();
    row("Open questions", &open.join("<br>"), page);
    row("Note", &escaped(&provenance.note), page);
    page.push(String::new());
}

/// The dates of a day in a year: `Fri 12-25`.
fn cell(calendar: &Calendar, day: &Day, dates: &[(LocalDate, &Day)]) -> String {
    let of_day = dates.iter().filter(|(_, each)| std::ptr::eq(*each, day));
    let shown = of_day.map(|(date, _)| {
        let weekday: String = date.weekday().to_string().chars().take(3).collect();
        let date_text = date.to_string();
        let known = if calendar.is_verified_on(*date) {
            ""
        } else {
            " (not known)"
        };
        format!("{weekday} {}{known}", date_text.get(5..).unwrap_or_default())
    });
    let shown: Vec<_> = shown.collect();
    if shown.is_empty() {
        "-".to_owned()
    } else {
        shown.join(", ")
    }
}
