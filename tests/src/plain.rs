//! Scenarios in plain numbers and texts: the one source of Curfew's rules and settings and of the model's answers.

use core::fmt;
use std::sync::{Arc, OnceLock};

use core_compliance::{
    CallAttempt, Channel, Evidence, Gate, Hours, Instant, LocalDate, Place, Purpose, Rule, RuleOrigin,
    RuleStatus, Rulebook, Settings, WeeklyWindows, ZoneDatabase,
};

use crate::reference_zones::ReferenceZones;

/// Windows of each weekday, Monday first: `(start, end)` in seconds since midnight, end excluded.
#[derive(Clone, PartialEq, Eq)]
pub struct Week(pub [Vec<(u32, u32)>; 7]);

/// A rule.
#[derive(Clone, Debug)]
pub struct PlainRule {
    /// Unique name.
    pub id: String,
    /// `US`, `US-FL`, `US-AL:Mobile`.
    pub jurisdiction: &'static str,
    /// Empty = all.
    pub purposes: Vec<Purpose>,
    /// Empty = all.
    pub channels: Vec<Channel>,
    /// When it permits.
    pub week: Week,
    /// Its force.
    pub status: RuleStatus,
    /// First local day (since 1970-01-01) in force.
    pub from: Option<i64>,
    /// First local day not in force any more.
    pub until: Option<i64>,
    /// Whether the user added it.
    pub overlay: bool,
}

/// Which hours decide.
#[derive(Clone, Debug)]
pub enum PlainHours {
    /// The rules', and these where none gives hours.
    Law(Week),
    /// These alone.
    CallingHours(Week),
}

/// Everything besides the attempt that may change an answer.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The rules.
    pub rules: Vec<PlainRule>,
    /// The hours.
    pub hours: PlainHours,
    /// Margin in seconds.
    pub guard: u32,
    /// Length of the call in seconds.
    pub call_length: u32,
}

/// A question put to an implementation.
#[derive(Clone)]
pub struct Case {
    /// By what it is decided.
    pub scenario: Scenario,
    /// Where the callee may be: jurisdiction and zone.
    pub places: Vec<(&'static str, String)>,
    /// When the call is to be placed.
    pub at: i64,
    /// Why.
    pub purpose: Purpose,
    /// By what.
    pub channel: Channel,
}

impl Week {
    /// The same windows every day.
    pub fn daily(windows: &[(u32, u32)]) -> Self {
        Self(core::array::from_fn(|_| windows.to_vec()))
    }

    /// In Curfew's words, by way of the text in which settings are written.
    #[track_caller]
    pub fn to_windows(&self) -> WeeklyWindows {
        let text = self.to_string();
        if text == "never" {
            return WeeklyWindows::default();
        }
        text.parse().expect("the kit writes weeks as Curfew reads them")
    }

    /// Every second of the day at which a window begins or ends.
    pub fn edges(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().flatten().flat_map(|(start, end)| [*start, *end])
    }
}

impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clock =
            |second: &u32| format!("{:02}:{:02}:{:02}", second / 3_600, second / 60 % 60, second % 60);
        let mut days = Vec::new();
        for (name, windows) in ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
            .iter()
            .zip(&self.0)
        {
            let windows: Vec<_> = windows
                .iter()
                .map(|(start, end)| format!("{}-{}", clock(start), clock(end)))
                .collect();
            if !windows.is_empty() {
                days.push(format!("{name} {}", windows.join(",")));
            }
        }
        f.write_str(&if days.is_empty() {
            "never".to_owned()
        } else {
            days.join("; ")
        })
    }
}

impl fmt::Debug for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.iter().all(|day| *day == self.0[0]) && !self.0[0].is_empty() {
            // Seven equal days read better as one.
            let monday = Self(core::array::from_fn(|day| {
                if day == 0 { self.0[0].clone() } else { Vec::new() }
            }));
            write!(f, "daily{}", monday.to_string().trim_start_matches("mon"))
        } else {
            fmt::Display::fmt(self, f)
        }
    }
}

impl PlainRule {
    /// In Curfew's words.
    #[track_caller]
    pub fn to_rule(&self) -> Rule {
        let date = |day: i64| epoch().plus_days(i32::try_from(day).expect("a day before 2200"));
        let jurisdiction = self.jurisdiction.parse().expect("a code");
        Rule {
            purposes: self.purposes.clone(),
            channels: self.channels.clone(),
            status: self.status,
            effective_from: self.from.map(date),
            effective_until: self.until.map(date),
            origin: if self.overlay {
                RuleOrigin::Overlay
            } else {
                RuleOrigin::Rulebook
            },
            ..Rule::of_hours(&self.id, jurisdiction, self.week.to_windows())
        }
    }
}

impl Scenario {
    /// A law-free scenario: these hours alone, no margin.
    pub fn of_calling_hours(week: Week) -> Self {
        Self {
            rules: Vec::new(),
            hours: PlainHours::CallingHours(week),
            guard: 0,
            call_length: 0,
        }
    }

    /// The rules, as Curfew keeps them.
    #[track_caller]
    pub fn rulebook(&self) -> Rulebook {
        let rules = self.rules.iter().map(PlainRule::to_rule).collect();
        Rulebook::new("kit", epoch(), rules).expect("the kit makes sound rules")
    }

    /// The settings, as Curfew keeps them.
    pub fn settings(&self) -> Settings {
        Settings {
            guard: self.guard,
            call_length: self.call_length,
            hours: match &self.hours {
                PlainHours::Law(week) => Hours::Law {
                    house: week.to_windows(),
                },
                PlainHours::CallingHours(week) => Hours::CallingHours(week.to_windows()),
            },
            ..Settings::default()
        }
    }

    /// Curfew's gate, with the bundled zones.
    #[track_caller]
    pub fn gate(&self) -> Gate {
        self.gate_with(bundled_zones())
    }

    /// Curfew's gate, with other zones.
    #[track_caller]
    pub fn gate_with(&self, zones: Arc<ZoneDatabase>) -> Gate {
        Gate::new(zones, self.rulebook(), self.settings()).expect("the kit keeps to the limits")
    }

    /// Every week in it.
    pub fn weeks(&self) -> impl Iterator<Item = &Week> {
        let (PlainHours::Law(hours) | PlainHours::CallingHours(hours)) = &self.hours;
        self.rules.iter().map(|rule| &rule.week).chain([hours])
    }

    /// Seconds after the instant that must be permitted too.
    pub fn seconds_after(&self) -> i64 {
        i64::from(self.guard) + i64::from(self.call_length.max(1)) - 1
    }
}

impl Case {
    /// The attempt, with its places given outright.
    #[track_caller]
    pub fn attempt(&self) -> CallAttempt {
        let place = |(code, zone): &(&'static str, String)| Place {
            jurisdiction: code.parse().expect("a code"),
            zone: zone.clone(),
        };
        let evidence = Evidence {
            places: self.places.iter().map(place).collect(),
            ..Evidence::default()
        };
        let at = Instant::from_unix(self.at).expect("an instant in range");
        CallAttempt {
            purpose: self.purpose,
            channel: self.channel,
            ..CallAttempt::new(at, evidence)
        }
    }

    /// The same question at another instant.
    pub fn moved_to(&self, at: i64) -> Self {
        Self { at, ..self.clone() }
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "at {} (unix {})", Instant::from_unix_clamped(self.at), self.at)?;
        for (code, zone) in &self.places {
            let reference = ReferenceZones::get().zone(zone);
            let (offset, next) = (reference.offset_at(self.at), reference.next_change(self.at));
            let local = Instant::from_unix_clamped(self.at + i64::from(offset)).to_string();
            let next = next.map_or("never".to_owned(), |next| {
                Instant::from_unix_clamped(next).to_string()
            });
            let local = local.trim_end_matches('Z');
            writeln!(
                f,
                "  in {code}, {zone}: local {local} (UTC{offset:+} s), next change {next}"
            )?;
        }
        let Scenario {
            rules,
            hours,
            guard,
            call_length,
        } = &self.scenario;
        writeln!(
            f,
            "  {} by {}, guard {guard} s, call {call_length} s",
            self.purpose, self.channel
        )?;
        writeln!(f, "  hours: {hours:?}")?;
        rules.iter().try_for_each(|rule| writeln!(f, "  {rule:?}"))
    }
}

/// 1970-01-01.
#[track_caller]
pub fn epoch() -> LocalDate {
    LocalDate::from_calendar(1970, 1, 1).expect("a date")
}

/// The bundled zones, parsed once for all cases of a suite.
pub fn bundled_zones() -> Arc<ZoneDatabase> {
    static ZONES: OnceLock<Arc<ZoneDatabase>> = OnceLock::new();
    Arc::clone(ZONES.get_or_init(|| Arc::new(ZoneDatabase::bundled())))
}
