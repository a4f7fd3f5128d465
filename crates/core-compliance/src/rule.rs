//! Rules: one provision each, with where it comes from.

use core::fmt;
use std::borrow::Cow;

use crate::Jurisdiction;
use crate::attempt::{Channel, Purpose, UnknownWord, fmt_as_str, vocabulary};
use crate::calendar::{Calendar, Day};
use crate::civil::LocalDate;
use crate::condition::Condition;
use crate::window::{CallingWindow, WeeklyWindows};

vocabulary! {
    /// What force a rule has.
    RuleStatus {
        /// Statute or regulation.
        Law = "law",
        /// A code that binds those who signed it.
        SelfRegulatory = "self-regulatory",
        /// Good practice, or a rule of the house.
        Practice = "practice",
        /// Not established well enough to decide; shown, and noted where it would have prohibited.
        Unverified = "unverified",
    }
}

vocabulary! {
    /// How well the text of a rule is established.
    Confidence {
        /// The legal text or the regulator's page was seen, or several sources agree.
        High = "high",
        /// One secondary source, or memory that secondary sources share.
        Medium = "medium",
        /// Memory alone, or sources disagree.
        Low = "low",
    }
}

vocabulary! {
    /// Who brought a rule in.
    RuleOrigin {
        /// Shipped with the rulebook.
        Rulebook = "rulebook",
        /// Added by the user; it can only tighten.
        Overlay = "overlay",
    }
}

/// Where a provision comes from, for those who check it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    /// What it does, in a few words.
    pub title: String,
    /// The place in the law.
    pub citation: String,
    /// Addresses at which the text or an account of it was seen, or `memory`.
    pub source: Vec<String>,
    /// How well it is established; `None` for the user's own.
    pub confidence: Option<Confidence>,
    /// The words that matter, quoted.
    pub text: String,
    /// Open questions.
    pub open: Vec<String>,
    /// Anything else that a reader should know.
    pub note: String,
}

/// One provision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Permanent name: `US-FL`, `acme.no-sundays`.
    pub id: String,
    /// Where it governs: there and in every jurisdiction within.
    pub jurisdiction: Jurisdiction,
    /// Which purposes it governs; empty = all.
    pub purposes: Vec<Purpose>,
    /// Which channels it governs; empty = all.
    pub channels: Vec<Channel>,
    /// What it demands.
    pub provision: Provision,
    /// Where one of these is met the rule does not bind.
    pub unless: Vec<Condition>,
    /// What force it has.
    pub status: RuleStatus,
    /// First local date on which it is in force; `None` = since before all others.
    pub effective_from: Option<LocalDate>,
    /// First local date on which it is no longer in force.
    pub effective_until: Option<LocalDate>,
    /// Who brought it in.
    pub origin: RuleOrigin,
    /// Where it comes from.
    pub provenance: Provenance,
}

/// What a rule demands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Provision {
    /// Calls only within these local times.
    Hours(Hours),
    /// Calls only where one of these is met.
    Requires(Vec<Condition>),
}

/// Local times of a rule, with what holidays change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours {
    /// By weekday.
    pub week: WeeklyWindows,
    /// The text says "after": the start second of each window is out.
    pub start_excluded: bool,
    /// Whose clock is read.
    pub clock: RuleClock,
    /// What certain days change.
    pub holidays: Vec<HolidayEffect>,
}

/// Whose clock a rule reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleClock {
    /// That of the callee's place.
    Callee,
    /// Every clock of the rule's jurisdiction: "the time in this state".
    Jurisdiction,
    /// A clock that never changes, so many seconds east of UTC.
    Fixed(i32),
}

/// What the days of a calendar do to a rule's hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolidayEffect {
    /// Id of the calendar.
    pub calendar: String,
    /// On the day before each of its days instead.
    pub eve: bool,
    /// What happens to the hours.
    pub change: HoursChange,
}

/// What happens to a day's hours.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HoursChange {
    /// None are left.
    Closed,
    /// These replace them.
    Replaced(Vec<CallingWindow>),
    /// They are cut to these.
    Narrowed(Vec<CallingWindow>),
    /// They end at this second of the day.
    EndBy(u32),
}

/// The hours of a rule on one date, and the day that changed them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayHours<'r> {
    /// Sorted and disjoint.
    pub windows: Cow<'r, [CallingWindow]>,
    /// The holiday, if it is one.
    pub holiday: Option<&'r Day>,
    /// A calendar whose days on this date are not known: the date is closed.
    pub unverified_calendar: Option<&'r str>,
}

impl Hours {
    /// Hours by weekday alone, on the callee's clock.
    #[must_use]
    pub fn weekly(week: WeeklyWindows) -> Self {
        Self {
            week,
            start_excluded: false,
            clock: RuleClock::Callee,
            holidays: Vec::new(),
        }
    }

    /// The hours on a date at a place. `calendars` answers ids; an id that it does not know closes the date.
    pub fn on<'r>(
        &'r self,
        date: LocalDate,
        place: &Jurisdiction,
        calendars: impl Fn(&str) -> Option<&'r Calendar>,
    ) -> DayHours<'r> {
        let mut hours = DayHours {
            windows: Cow::Borrowed(self.week.on(date)),
            holiday: None,
            unverified_calendar: None,
        };
        // One effect that closes the day closes it, whatever the others give.
        let mut is_closed = false;
        for effect in &self.holidays {
            let calendar = calendars(&effect.calendar);
            let asked = if effect.eve { date.plus_days(1) } else { date };
            let Some(calendar) = calendar.filter(|calendar| calendar.is_verified_on(asked)) else {
                is_closed = true;
                hours.unverified_calendar = Some(&effect.calendar);
                continue;
            };
            let is_holiday_itself = effect.eve && calendar.day_on(date, place).is_some();
            let Some(day) = calendar.day_on(asked, place).filter(|_| !is_holiday_itself) else {
                continue;
            };
            is_closed |= effect.change == HoursChange::Closed;
            hours.windows = effect.change.applied(hours.windows);
            hours.holiday = Some(day);
        }
        if is_closed {
            hours.windows = Cow::Borrowed(&[]);
        }
        if self.start_excluded {
            let later = |window: &CallingWindow| CallingWindow::new(window.start() + 1, window.end());
            hours.windows = hours.windows.iter().filter_map(later).collect();
        }
        hours
    }
}

impl HoursChange {
    fn applied<'r>(&'r self, windows: Cow<'r, [CallingWindow]>) -> Cow<'r, [CallingWindow]> {
        let cut = |by: &[CallingWindow]| {
            let common = |one: &CallingWindow, two: &CallingWindow| {
                CallingWindow::new(one.start().max(two.start()), one.end().min(two.end()))
            };
            windows
                .iter()
                .flat_map(|one| by.iter().filter_map(move |two| common(one, two)))
                .collect()
        };
        match self {
            Self::Closed => Cow::Borrowed(&[]),
            Self::Replaced(by) => Cow::Borrowed(by),
            Self::Narrowed(to) => cut(to),
            Self::EndBy(second) => cut(CallingWindow::new(0, *second).as_slice()),
        }
    }
}

impl Rule {
    /// A rule of hours for every purpose and channel, on the callee's clock, always in force; status `practice`, origin
    /// overlay: one's own rule, to be made narrower from here.
    #[must_use]
    pub fn of_hours(id: &str, jurisdiction: Jurisdiction, week: WeeklyWindows) -> Self {
        Self {
            id: id.to_owned(),
            jurisdiction,
            purposes: Vec::new(),
            channels: Vec::new(),
            provision: Provision::Hours(Hours::weekly(week)),
            unless: Vec::new(),
            status: RuleStatus::Practice,
            effective_from: None,
            effective_until: None,
            origin: RuleOrigin::Overlay,
            provenance: Provenance::default(),
        }
    }

    /// Whether the rule governs this purpose and channel.
    #[must_use]
    pub fn governs(&self, purpose: Purpose, channel: Channel) -> bool {
        (self.purposes.is_empty() || self.purposes.contains(&purpose))
            && (self.channels.is_empty() || self.channels.contains(&channel))
    }

    /// Whether the rule is in force on a local date.
    #[must_use]
    pub fn in_force_on(&self, date: LocalDate) -> bool {
        self.effective_from.is_none_or(|from| from <= date)
            && self.effective_until.is_none_or(|until| date < until)
    }

    /// Whether the rule takes part in decisions.
    #[must_use]
    pub fn decides(&self) -> bool {
        self.status != RuleStatus::Unverified
    }

    /// Whether the rule gives hours and displaces the house's: only the rulebook's deciding ones do.
    #[must_use]
    pub fn displaces_house_hours(&self) -> bool {
        self.decides() && self.origin == RuleOrigin::Rulebook && matches!(self.provision, Provision::Hours(_))
    }
}
