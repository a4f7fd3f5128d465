//! Which holidays change the hours of an attempt's places on a date.

use core::fmt;

use crate::attempt::CallAttempt;
use crate::calendar::Day;
use crate::civil::{DAY, LocalDate};
use crate::rule::{Hours, Provision, Rule};
use crate::settings::Hours as HoursSetting;
use crate::timetable::Timetable;
use crate::window::CallingWindow;

use super::Gate;
use super::bind::Range;

/// A holiday that changes a deciding rule's hours on a date; displayed, its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HolidayOn<'g> {
    /// The rule whose hours it changes.
    pub rule: &'g Rule,
    /// The holiday; `None` where the calendar's days on this date are not known, and the date is closed.
    pub day: Option<&'g Day>,
    /// The calendar that does not know its days on this date.
    pub unverified_calendar: Option<&'g str>,
    /// The holiday is on the day after.
    pub is_eve: bool,
}

impl fmt::Display for HolidayOn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.day, self.unverified_calendar) {
            (_, Some(calendar)) => write!(f, "holidays of {calendar} not known"),
            (Some(day), None) if self.is_eve => write!(f, "eve of {}", day.name),
            (Some(day), None) => f.write_str(&day.name),
            (None, None) => Ok(()),
        }
    }
}

impl Gate {
    /// The holidays that change what rules permit on a local date at the attempt's candidate places, in order of place
    /// and rule. A holiday on a day that is closed anyhow changes nothing; a rule that does not bind is not asked.
    ///
    /// ```
    /// # #[cfg(feature = "bundled-tzdb")] {
    /// use core_compliance::{CallAttempt, Evidence, Gate, LocalDate, Rulebook, Settings, ZoneDatabase};
    ///
    /// let gate = Gate::new(ZoneDatabase::bundled(), Rulebook::shipped(), Settings::default())?;
    /// let evidence = Evidence { region: Some("US-AL".into()), ..Evidence::default() };
    /// let attempt = CallAttempt::new("2026-12-25T16:00:00Z".parse()?, evidence);
    /// let christmas = LocalDate::from_calendar(2026, 12, 25).ok_or("no such day")?;
    /// assert_eq!(gate.holidays(&attempt, christmas).first().map(ToString::to_string).as_deref(), Some("Christmas Day"));
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn holidays(&self, attempt: &CallAttempt, date: LocalDate) -> Vec<HolidayOn<'_>> {
        let mut found = Vec::new();
        if matches!(self.settings.hours, HoursSetting::CallingHours(_)) {
            return found;
        }
        let midnight = i64::from(date.days()) * DAY;
        let range = Range {
            year: date.to_date().year(),
            from: midnight - 2 * DAY,
            until: midnight + 3 * DAY,
        };
        for (place, _) in self.locator().locate(&attempt.evidence).places {
            let Ok(zone) = self.zones.get(&place.zone) else {
                continue;
            };
            let governing = self.rulebook.rules().iter().filter(|rule| {
                place.jurisdiction.is_within(&rule.jurisdiction)
                    && rule.governs(attempt.purpose, attempt.channel)
                    && rule.in_force_on(date)
            });
            for rule in governing {
                let Provision::Hours(hours) = &rule.provision else {
                    continue;
                };
                if hours.holidays.is_empty() {
                    continue;
                }
                let Some(holiday) = self.holiday_of(rule, hours, date, &place.jurisdiction) else {
                    continue;
                };
                if found.contains(&holiday) {
                    continue;
                }
                let bound = self.bind(rule, zone, attempt, range);
                let whole_day = Timetable::of_windows(zone, range.from, range.until, |each| {
                    if each == date {
                        CallingWindow::WHOLE_DAY_LIST
                    } else {
                        &[]
                    }
                });
                if bound.decides && !whole_day.minus(&bound.exempt).openings().is_empty() {
                    found.push(holiday);
                }
            }
        }
        found
    }

    fn holiday_of<'g>(
        &'g self,
        rule: &'g Rule,
        hours: &'g Hours,
        date: LocalDate,
        place: &crate::Jurisdiction,
    ) -> Option<HolidayOn<'g>> {
        let calendar = |id: &str| self.rulebook.calendar(id);
        let with = hours.on(date, place, calendar);
        let weekly = Hours {
            holidays: Vec::new(),
            ..hours.clone()
        };
        let changed = with.windows != weekly.on(date, place, |_| None).windows;
        if !changed {
            return None;
        }
        let falls_on_date = |day: &Day| {
            let effects = hours.holidays.iter().filter(|effect| !effect.eve);
            effects
                .filter_map(|effect| calendar(&effect.calendar))
                .any(|calendar| calendar.day_on(date, place) == Some(day))
        };
        Some(HolidayOn {
            rule,
            day: with.holiday,
            unverified_calendar: with.unverified_calendar,
            is_eve: with.holiday.is_some_and(|day| !falls_on_date(day)),
        })
    }
}
