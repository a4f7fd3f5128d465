//! The shipped calendars against the PyPI package `holidays`, 2024 to 2030: each difference is listed, with its reason.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "helpers of tests: a panic is a failed test"
)]

use std::collections::{BTreeMap, BTreeSet};

use core_compliance::{Calendar, Jurisdiction, LocalDate, Rulebook};

/// Written by tests/data/generate_holidays.py.
const REFERENCE: &str = include_str!("../data/holidays-reference.txt");

/// What differs, and why.
const EXPLAINED: &str = include_str!("../data/holidays-differences.txt");

/// Calendar and date, to the names that one side has for it.
type Listed = BTreeMap<(String, LocalDate), String>;

fn date(text: &str) -> LocalDate {
    let parts: Vec<i32> = text.split('-').map(|part| part.parse().unwrap()).collect();
    LocalDate::from_calendar(
        parts[0],
        u8::try_from(parts[1]).unwrap(),
        u8::try_from(parts[2]).unwrap(),
    )
    .unwrap()
}

fn reference() -> Listed {
    let mut listed = Listed::new();
    for line in REFERENCE.lines().filter(|line| !line.starts_with('#')) {
        let parts: Vec<&str> = line.split(" | ").collect();
        for day in parts[2].split(' ') {
            listed.insert((parts[0].to_owned(), date(day)), parts[1].to_owned());
        }
    }
    listed
}

/// The days that count in the whole of the calendar's jurisdiction, as far as its dates are verified.
fn ours(calendar: &Calendar) -> Listed {
    let anywhere: Jurisdiction = calendar.id[..2].parse().unwrap();
    let mut listed = Listed::new();
    for year in 2024..=2030 {
        for (date, _) in calendar.dates_in(year) {
            if let Some(day) = calendar.day_on(date, &anywhere) {
                listed.insert((calendar.id.clone(), date), day.name.clone());
            }
        }
    }
    listed
}

type Rows = BTreeMap<(String, char, String), String>;

/// Every difference, in the form of a row of the table.
fn differences(book: &Rulebook) -> Rows {
    let theirs = reference();
    let compared: BTreeSet<&String> = theirs.keys().map(|(id, _)| id).collect();
    let mut rows = Rows::new();
    let mut add = |id: &str, side, name: &str, date: LocalDate| {
        let dates = rows.entry((id.to_owned(), side, name.to_owned())).or_default();
        if !dates.is_empty() {
            dates.push(' ');
        }
        dates.push_str(&date.to_string());
    };
    for id in compared {
        let calendar = book.calendar(id).unwrap();
        let ours = ours(calendar);
        for (key, name) in &ours {
            if !theirs.contains_key(key) {
                add(id, '+', name, key.1);
            }
        }
        for (key, name) in theirs.iter().filter(|((other, _), _)| other == id) {
            if calendar.is_verified_on(key.1) && !ours.contains_key(key) {
                add(id, '-', name, key.1);
            }
        }
    }
    rows
}

/// The table of known differences, each with its reason.
fn explained() -> Rows {
    let mut rows = Rows::new();
    for line in EXPLAINED.lines().filter(|line| !line.starts_with('#')) {
        let parts: Vec<&str> = line.split(" | ").collect();
        let [id, side, name, dates, why] = parts[..] else {
            panic!("not a row: {line}");
        };
        assert!(why.len() > 20, "a reason is missing: {line}");
        let key = (id.to_owned(), side.chars().next().unwrap(), name.to_owned());
        assert_eq!(rows.insert(key, dates.to_owned()), None, "twice: {line}");
    }
    rows
}

#[test]
fn calendars_agree_with_the_library_but_for_what_is_explained() {
    let (found, known) = (differences(&Rulebook::shipped()), explained());
    let shown = |row: &((String, char, String), String)| {
        format!("{} | {} | {} | {}", row.0.0, row.0.1, row.0.2, row.1)
    };
    let pairs = |rows: &Rows| -> BTreeSet<_> { rows.clone().into_iter().collect() };
    let unexplained: Vec<_> = pairs(&found).difference(&pairs(&known)).map(shown).collect();
    let superfluous: Vec<_> = pairs(&known).difference(&pairs(&found)).map(shown).collect();
    assert!(
        unexplained.is_empty() && superfluous.is_empty(),
        "not explained:\n{}\nexplained in vain:\n{}",
        unexplained.join("\n"),
        superfluous.join("\n")
    );
}

#[test]
fn every_calendar_is_compared_but_those_that_the_library_lacks() {
    let theirs = reference();
    let compared: BTreeSet<&str> = theirs.keys().map(|(id, _)| id.as_str()).collect();
    let book = Rulebook::shipped();
    let left: Vec<_> = book
        .calendars()
        .map(|each| each.id.as_str())
        .filter(|id| !compared.contains(id))
        .collect();
    // The evenings of three days that are no holidays.
    assert_eq!(left, ["NL-special"]);
}

/// What agrees is most of it: a reference that lists next to nothing would agree with anything.
#[test]
fn the_reference_has_substance() {
    let theirs = reference();
    assert!(theirs.len() > 2_000, "{} days", theirs.len());
    let book = Rulebook::shipped();
    let agreeing = theirs
        .keys()
        .filter(|(id, date)| ours(book.calendar(id).unwrap()).contains_key(&(id.clone(), *date)))
        .count();
    assert!(agreeing > 1_800, "{agreeing} days agree");
}

/// An error of one day in one year shows.
#[test]
fn a_wrong_day_is_seen() {
    use core_compliance::Overlay;
    use core_compliance::document::Document;
    let text = "[[calendar]]\nextends = \"FR-L3133-1\"\ndays = [{ name = \"Wrong\", dates = [\"2027-05-06\", \"2027-05-07\"] }]";
    let overlay = Overlay::parse(
        &Document {
            name: "wrong.toml",
            text,
        },
        &[],
    )
    .unwrap();
    let book = Rulebook::shipped().with_overlay(overlay).unwrap();
    let found = differences(&book);
    let key = ("FR-L3133-1".to_owned(), '+', "Wrong".to_owned());
    assert_eq!(
        found.get(&key).map(String::as_str),
        Some("2027-05-07"),
        "6 May 2027 is Ascension Day"
    );
}
