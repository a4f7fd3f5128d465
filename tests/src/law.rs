//! Questions under the shipped rulebook: places, instants, facts and histories aimed at what its rules and caps turn on.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use core_compliance::{
    AttemptOutcome, BusinessRelationship, CallAttempt, CalleeKind, CallerKind, Channel, Consent,
    ConsentLevel, Evidence, Gate, Gazetteer, HoursChange, Instant, Jurisdiction, LocalDate, PastAttempt,
    Place, Provision, Purpose, RelationshipKind, Rule, Rulebook, Settings, Suppression, UnverifiedRules,
};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::plain::bundled_zones;

const DAY: i64 = 86_400;

/// 2015-01-01T00:00:00Z and 2041-01-01T00:00:00Z.
const FIRST: i64 = 1_420_070_400;
const LAST: i64 = 2_240_611_200;

/// The shipped rulebook, read once for all cases of a suite.
pub fn shipped() -> &'static Rulebook {
    static BOOK: OnceLock<Rulebook> = OnceLock::new();
    BOOK.get_or_init(Rulebook::shipped)
}

/// The ways of judging that are tried: as shipped; with margins; with unverified rules deciding.
pub fn manners() -> [Settings; 3] {
    let margins = Settings {
        guard: 300,
        call_length: 900,
        ..Settings::default()
    };
    let strict = Settings {
        unverified: UnverifiedRules::Decide,
        ..Settings::default()
    };
    [Settings::default(), margins, strict]
}

/// A gate of its own, of this rulebook.
#[track_caller]
pub fn gate_of(book: &Rulebook, settings: &Settings) -> Gate {
    Gate::new(bundled_zones(), book.clone(), settings.clone()).expect("the kit keeps to the limits")
}

/// One gate for each of [`manners`], kept for the whole suite.
pub fn gates() -> &'static [Gate] {
    static GATES: OnceLock<Vec<Gate>> = OnceLock::new();
    GATES.get_or_init(|| {
        let gates = manners();
        gates
            .iter()
            .map(|settings| gate_of(shipped(), settings))
            .collect()
    })
}

/// Every jurisdiction of which the rulebook says anything, and every county that its calendars name.
pub fn jurisdictions() -> &'static [Jurisdiction] {
    static ALL: OnceLock<Vec<Jurisdiction>> = OnceLock::new();
    ALL.get_or_init(|| {
        let book = shipped();
        let mut all: BTreeSet<&Jurisdiction> = book.rules().iter().map(|rule| &rule.jurisdiction).collect();
        all.extend(book.caps().iter().map(|cap| &cap.jurisdiction));
        all.extend(book.without_rules().iter().map(|none| &none.jurisdiction));
        let days = book.calendars().flat_map(|calendar| &calendar.days);
        all.extend(days.flat_map(|day| &day.only));
        all.into_iter().cloned().collect()
    })
}

/// A place of the rulebook, now and then one that it does not know.
pub fn place() -> impl Strategy<Value = Place> {
    let gazetteer = Gazetteer::standard();
    let known: Vec<Jurisdiction> = gazetteer
        .jurisdictions()
        .filter(|each| !gazetteer.zones(each).is_empty())
        .cloned()
        .collect();
    let jurisdiction = prop_oneof![
        5 => select(jurisdictions()),
        1 => select(known),
    ];
    (jurisdiction, any::<Index>()).prop_map(move |(jurisdiction, zone)| {
        let zones = gazetteer.zones(&jurisdiction);
        Place {
            zone: zones[zone.index(zones.len())].to_owned(),
            jurisdiction,
        }
    })
}

/// A spot on the calendar of the first place.
#[derive(Clone, Copy, Debug)]
enum Date {
    Change(Index),
    Holiday(i32, Index),
    InForce(Index),
    Day(i64),
}

/// A spot on its clock.
#[derive(Clone, Copy, Debug)]
enum Clock {
    Edge(Index),
    Change,
    Second(i64),
}

/// A past attempt: seconds back, outcome, matter.
pub type Past = (i64, Option<AttemptOutcome>, Option<&'static str>);

/// What is known besides place and time, relative to the instant.
#[derive(Clone, Debug)]
struct Facts {
    consent: Option<(ConsentLevel, Option<i64>, Option<i64>)>,
    relationship: Option<(RelationshipKind, Option<i64>)>,
    callee: Option<CalleeKind>,
    caller: Option<CallerKind>,
    history: Option<Vec<Past>>,
    /// Seconds that a do-not-call entry goes on, if it has an end.
    suppressed: Option<Option<i64>>,
}

fn date() -> impl Strategy<Value = (Date, i64)> {
    let date = prop_oneof![
        2 => any::<Index>().prop_map(Date::Change),
        4 => (2015..=2040_i32, any::<Index>()).prop_map(|(year, day)| Date::Holiday(year, day)),
        3 => any::<Index>().prop_map(Date::InForce),
        2 => (FIRST / DAY..LAST / DAY).prop_map(Date::Day),
    ];
    (date, prop_oneof![3 => Just(0), 3 => Just(-1), 1 => -3..=3_i64])
}

fn clock() -> impl Strategy<Value = (Clock, i64)> {
    let clock = prop_oneof![
        6 => any::<Index>().prop_map(Clock::Edge),
        1 => Just(Clock::Change),
        2 => (0..DAY).prop_map(Clock::Second),
    ];
    (clock, prop_oneof![6 => -1..=1_i64, 1 => -3_600..=3_600_i64])
}

/// Seconds back, of the sizes that caps and conditions count in, to the second.
fn back() -> impl Strategy<Value = i64> {
    let hours = select(vec![0, 1, 2, 12, 24, 48, 72, 96, 168, 720]).prop_map(|hours| hours * 3_600);
    prop_oneof![
        3 => (hours, -1..=1_i64).prop_map(|(back, second)| (back + second).max(0)),
        3 => 0..2 * DAY,
        1 => 0..40 * DAY,
    ]
}

/// The same, up to some years, and now and then ahead.
fn long_back() -> impl Strategy<Value = i64> {
    let months = select(vec![0, 1, 3, 6, 12, 18, 24, 36]).prop_map(|months| months * 30 * DAY);
    prop_oneof![
        3 => (months, -3..=9_i64).prop_map(|(back, days)| back + days * DAY),
        1 => -5 * DAY..5 * DAY,
    ]
}

fn facts() -> impl Strategy<Value = Facts> {
    use proptest::option::{of, weighted};
    let consent = (
        select(ConsentLevel::ALL),
        of(long_back()),
        weighted(0.3, long_back()),
    );
    let relationship = (select(RelationshipKind::ALL), of(long_back()));
    let outcome = weighted(0.8, select(AttemptOutcome::ALL));
    let matter = weighted(0.5, select(vec!["a", "b"]));
    let history = proptest::collection::vec((back(), outcome, matter), 0..=9);
    let facts = (
        weighted(0.4, consent),
        weighted(0.4, relationship),
        weighted(0.4, select(CalleeKind::ALL)),
        weighted(0.4, select(CallerKind::ALL)),
        weighted(0.7, history),
        weighted(0.1, suppressed()),
    );
    facts.prop_map(
        |(consent, relationship, callee, caller, history, suppressed)| Facts {
            consent,
            relationship,
            callee,
            caller,
            history,
            suppressed,
        },
    )
}

/// For how many seconds a do-not-call entry goes on; it may be over. `None` = without end.
pub fn suppressed() -> impl Strategy<Value = Option<i64>> {
    let seconds = prop_oneof![
        2 => -DAY..40 * DAY,
        2 => (0..40_i64, -1..=1_i64).prop_map(|(hours, second)| hours * 3_600 + second),
        1 => -DAY..500 * DAY,
    ];
    proptest::option::weighted(0.9, seconds)
}

/// That entry, as it holds for a question.
pub fn entry(at: Instant, suppressed: Option<i64>) -> Suppression {
    Suppression {
        until: suppressed.map(|seconds| at.plus_seconds(seconds)),
        reason: None,
    }
}

/// A past attempt so many seconds before `at`.
pub fn past_attempt() -> impl Strategy<Value = Past> {
    let outcome = proptest::option::weighted(0.9, select(AttemptOutcome::ALL));
    (back(), outcome, proptest::option::of(select(vec!["a", "b"])))
}

/// That attempt, told to a question.
pub fn told(at: Instant, past: &Past) -> PastAttempt {
    PastAttempt {
        at: at.plus_seconds(-past.0),
        outcome: past.1,
        matter: past.2.map(str::to_owned),
    }
}

/// A question with its places given outright.
pub fn question() -> impl Strategy<Value = CallAttempt> {
    let places = prop_oneof![
        3 => place().prop_map(|place| vec![place]),
        1 => (place(), place()).prop_map(|(one, two)| vec![one, two]),
    ];
    let purpose = prop_oneof![2 => Just(Purpose::Sales), 3 => select(Purpose::ALL)];
    let channel = prop_oneof![3 => Just(Channel::Voice), 1 => select(Channel::ALL)];
    (places, date(), clock(), purpose, channel, facts())
        .prop_map(|(places, date, clock, purpose, channel, facts)| {
            let at = aimed(&places[0], purpose, channel, date, clock);
            let evidence = Evidence {
                places,
                ..Evidence::default()
            };
            let attempt = CallAttempt::new(at, evidence);
            facts.told_to(CallAttempt {
                purpose,
                channel,
                ..attempt
            })
        })
        .boxed()
}

impl Facts {
    fn told_to(&self, attempt: CallAttempt) -> CallAttempt {
        let before = |back: i64| attempt.at.plus_seconds(-back);
        let history = self.history.as_ref();
        CallAttempt {
            consent: self.consent.map(|(level, given, revoked)| Consent {
                level,
                given_at: given.map(before),
                revoked_at: revoked.map(before),
            }),
            business_relationship: self.relationship.map(|(kind, last)| BusinessRelationship {
                kind,
                last_at: last.map(before),
            }),
            callee_kind: self.callee,
            caller_kind: self.caller,
            history: history.map(|all| all.iter().map(|each| told(attempt.at, each)).collect()),
            suppression: self.suppressed.map(|seconds| entry(attempt.at, seconds)),
            ..attempt
        }
    }
}

fn aimed(
    place: &Place,
    purpose: Purpose,
    channel: Channel,
    (date, days): (Date, i64),
    (clock, push): (Clock, i64),
) -> Instant {
    let zones = bundled_zones();
    let zone = zones.get(&place.zone).expect("a zone of the tables");
    let rules: Vec<&Rule> = shipped()
        .governing(&place.jurisdiction, purpose, channel)
        .collect();
    let changes: Vec<i64> = zone
        .spans(FIRST, LAST)
        .map(|span| span.from)
        .filter(|from| (FIRST..LAST).contains(from))
        .collect();
    let mut change = None;
    let day = match date {
        Date::Change(index) if !changes.is_empty() => {
            let at = changes[index.index(changes.len())];
            change = Some(at);
            (at + i64::from(zone.span_at(at).offset)).div_euclid(DAY)
        }
        Date::Holiday(year, index) => {
            let of_year = holidays(&rules, year);
            let fallback = i64::from(new_year(year).days());
            pick(&of_year, index).map_or(fallback, |date| i64::from(date.days()))
        }
        Date::Change(index) | Date::InForce(index) => {
            let dates = dates_of_force(&place.jurisdiction);
            pick(&dates, index).map_or(FIRST / DAY + 4_000, |date| i64::from(date.days()))
        }
        Date::Day(day) => day,
    } + days;
    let second = match clock {
        Clock::Change if days == 0 => change.map(|at| at + i64::from(zone.span_at(at).offset) - day * DAY),
        Clock::Change => None,
        Clock::Second(second) => Some(second),
        Clock::Edge(index) => pick(&edges(&rules, day), index).map(i64::from),
    };
    let local = day * DAY + second.unwrap_or(0) + push;
    let offset = zone.span_at(local - i64::from(zone.span_at(local).offset)).offset;
    Instant::from_unix_clamped((local - i64::from(offset)).clamp(FIRST, LAST - 1))
}

fn pick<T: Copy>(all: &[T], index: Index) -> Option<T> {
    (!all.is_empty()).then(|| all[index.index(all.len())])
}

fn new_year(year: i32) -> LocalDate {
    LocalDate::from_calendar(year, 1, 1).expect("a year of the rulebook")
}

/// The days of a year that change the hours of these rules.
fn holidays(rules: &[&Rule], year: i32) -> Vec<LocalDate> {
    let hours = rules.iter().filter_map(|rule| match &rule.provision {
        Provision::Hours(hours) => Some(hours),
        _ => None,
    });
    let calendars = hours.flat_map(|hours| &hours.holidays);
    let calendars = calendars.filter_map(|effect| shipped().calendar(&effect.calendar));
    calendars
        .flat_map(|calendar| {
            let listed = calendar.dates_in(year).map(|(date, _)| date);
            listed.chain(calendar.verified_through).collect::<Vec<_>>()
        })
        .collect()
}

/// The dates on which a rule or cap that governs the place begins or ceases to be in force.
fn dates_of_force(place: &Jurisdiction) -> Vec<LocalDate> {
    let rules = shipped().rules().iter();
    let rules = rules.map(|rule| (&rule.jurisdiction, rule.effective_from, rule.effective_until));
    let caps = shipped().caps().iter();
    let caps = caps.map(|cap| (&cap.jurisdiction, cap.effective_from, cap.effective_until));
    rules
        .chain(caps)
        .filter(|(jurisdiction, ..)| place.is_within(jurisdiction))
        .flat_map(|(_, from, until)| [from, until])
        .flatten()
        .collect()
}

/// The seconds of a local day at which one of these rules begins or ceases to permit; midnights are among them.
fn edges(rules: &[&Rule], day: i64) -> Vec<u32> {
    let epoch = crate::plain::epoch();
    let date = epoch.plus_days(i32::try_from(day).expect("a day of this century"));
    let mut edges = vec![0, 86_400, 8 * 3_600, 21 * 3_600];
    for rule in rules {
        let Provision::Hours(hours) = &rule.provision else {
            continue;
        };
        edges.extend(
            hours
                .week
                .on(date)
                .iter()
                .flat_map(|each| [each.start(), each.end()]),
        );
        for effect in &hours.holidays {
            match &effect.change {
                HoursChange::Replaced(windows) | HoursChange::Narrowed(windows) => {
                    edges.extend(windows.iter().flat_map(|each| [each.start(), each.end()]));
                }
                HoursChange::EndBy(second) => edges.push(*second),
                _ => {}
            }
        }
    }
    edges
}
