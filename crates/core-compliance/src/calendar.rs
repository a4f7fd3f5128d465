//! Calendars: the days on which a rule says something else than on others.

mod day;

use std::sync::OnceLock;

pub use day::{Day, Move, When, Years};

use crate::civil::LocalDate;
use crate::rule::Provenance;
use crate::{Instant, Jurisdiction};

/// Holidays that a law names, by rule or by list.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// Permanent name.
    pub id: String,
    /// Its days.
    pub days: Vec<Day>,
    /// Moves of days that fall on certain weekdays, unless a day has its own.
    pub observed: Vec<Move>,
    /// Last date for which the explicit dates are known; later ones are prohibited.
    pub verified_through: Option<LocalDate>,
    /// Where it comes from.
    pub provenance: Provenance,
    /// Every date of every supported year with the index of its day, sorted; computed when first needed.
    table: OnceLock<Vec<(LocalDate, usize)>>,
}

impl PartialEq for Calendar {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
            && self.days == other.days
            && self.observed == other.observed
            && self.verified_through == other.verified_through
            && self.provenance == other.provenance
    }
}

impl Eq for Calendar {}

impl Calendar {
    /// A calendar of these days.
    #[must_use]
    pub fn new(id: String, days: Vec<Day>, observed: Vec<Move>, provenance: Provenance) -> Self {
        Self {
            id,
            days,
            observed,
            verified_through: None,
            provenance,
            table: OnceLock::new(),
        }
    }

    /// This calendar with further days.
    #[must_use]
    pub fn extended(&self, days: impl IntoIterator<Item = Day>) -> Self {
        let days = self.days.iter().cloned().chain(days).collect();
        let verified_through = self.verified_through;
        Self {
            verified_through,
            ..Self::new(
                self.id.clone(),
                days,
                self.observed.clone(),
                self.provenance.clone(),
            )
        }
    }

    /// The day that falls on `date` at a place, if any. A day that counts in some counties alone counts where the
    /// place is known to be in one of them.
    #[must_use]
    pub fn day_on(&self, date: LocalDate, place: &Jurisdiction) -> Option<&Day> {
        let table = self.table();
        let first = table.partition_point(|(listed, _)| *listed < date);
        table
            .iter()
            .skip(first)
            .take_while(|(listed, _)| *listed == date)
            .filter_map(|(_, index)| self.days.get(*index))
            .find(|day| day.only.is_empty() || day.only.iter().any(|only| place.is_within(only)))
    }

    /// Whether the calendar's days on `date` are known.
    #[must_use]
    pub fn is_verified_on(&self, date: LocalDate) -> bool {
        self.verified_through.is_none_or(|last| date <= last)
    }

    /// The dates of a year with the day on each, in order; those of other places than all included.
    pub fn dates_in(&self, year: i32) -> impl Iterator<Item = (LocalDate, &Day)> {
        self.table()
            .iter()
            .filter(move |(date, _)| date.to_date().year() == year)
            .filter_map(|(date, index)| Some((*date, self.days.get(*index)?)))
    }

    fn table(&self) -> &[(LocalDate, usize)] {
        self.table.get_or_init(|| {
            // One year more at both ends: moves and the look-ahead reach over the new year.
            let years = Instant::EARLIEST.to_utc().year() - 1..=Instant::LATEST.to_utc().year() + 2;
            let mut table: Vec<(LocalDate, usize)> = years
                .flat_map(|year| {
                    self.days.iter().enumerate().flat_map(move |(index, day)| {
                        day.dates_in(year, &self.observed)
                            .into_iter()
                            .map(move |date| (date, index))
                    })
                })
                .collect();
            table.sort_unstable();
            table
        })
    }
}
