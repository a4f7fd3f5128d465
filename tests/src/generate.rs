//! Strategies: zones, weeks, rules, scenarios, places, evidence, cases.

use core_compliance::{CallAttempt, Channel, Evidence, Instant, Opening, Purpose, RuleStatus, Timetable};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::aim::{Aim, Clock, Date, aim};
use crate::plain::{Case, PlainHours, PlainRule, Scenario, Week};
use crate::reference_zones::{ReferenceZone, ReferenceZones};

/// Zones whose clocks have done something that an assumption somewhere did not expect.
pub const ODD_ZONES: [&str; 36] = [
    "Africa/Cairo",        // midnight, Thursday to Friday
    "Africa/Casablanca",   // back for Ramadan, permanent +00 since 2026-09-20
    "Africa/Monrovia",     // forward 44 min 30 s in 1972
    "America/Asuncion",    // midnight, until 2024
    "America/Caracas",     // half an hour, 2007 and 2016
    "America/Chicago",     //
    "America/Denver",      //
    "America/Edmonton",    // permanent -06 since 2026
    "America/Havana",      // midnight; stays at -04 from 2026-11-01 to 2027-11-07
    "America/Los_Angeles", //
    "America/New_York",    //
    "America/Nuuk",        // on a Saturday evening
    "America/Phoenix",     // none
    "America/Santiago",    // midnight
    "America/Sao_Paulo",   // midnight, until 2019
    "America/St_Johns",    // 00:01, and two hours in 1988
    "America/Vancouver",   // permanent -07 since 2026
    "America/Winnipeg",    // permanent -05 since 2026
    "Antarctica/Casey",    // three hours, at odd times
    "Antarctica/Troll",    // two hours
    "Asia/Amman",          // midnight
    "Asia/Beirut",         // midnight
    "Asia/Gaza",           // every Ramadan
    "Asia/Kathmandu",      // a quarter of an hour, 1986
    "Asia/Pyongyang",      // half an hour, 2015 and 2018
    "Asia/Tehran",         // midnight, until 2022
    "Asia/Tokyo",          // none
    "Australia/Hobart",    // southern
    "Australia/Lord_Howe", // half an hour
    "Europe/Dublin",       // negative daylight saving time
    "Europe/London",       //
    "Europe/Paris",        //
    "Pacific/Apia",        // no 2011-12-30
    "Pacific/Chatham",     // quarters of an hour
    "Pacific/Kiritimati",  // no 1994-12-31, then +14
    "Pacific/Kwajalein",   // no 1993-08-21
];

/// Jurisdictions of places; each is its own canonical code (`CA` is no California, `DE` no Delaware).
const CODES: [&str; 16] = [
    "US-NY",
    "US-CA",
    "US-FL",
    "US-AL",
    "US-AL:Mobile",
    "US",
    "CA-ON",
    "CA-BC",
    "CA",
    "AU-NSW",
    "AU",
    "GB",
    "FR",
    "DE",
    "CU",
    "CL",
];

/// How many cases a property is tried on: `PROPTEST_CASES`, else `cases`.
pub fn config(cases: u32) -> Config {
    let told = std::env::var_os("PROPTEST_CASES").is_some();
    let standard = Config::default();
    Config {
        cases: if told { standard.cases } else { cases },
        // A case that fails prints all that is needed to write it down as a test.
        failure_persistence: None,
        ..standard
    }
}

/// A runner that draws the same cases on every machine, for tests of the tests.
pub fn seeded_runner(seed: u8, cases: u32) -> TestRunner {
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]))
}

/// Any zone of the reference table, mostly an odd one.
pub fn zone() -> impl Strategy<Value = String> {
    let all: Vec<String> = ReferenceZones::get()
        .iter()
        .map(|(name, _)| name.to_owned())
        .collect();
    // Factory is no place's zone (`zone_reference` has it all the same).
    let all: Vec<String> = all.into_iter().filter(|name| name != "Factory").collect();
    prop_oneof![3 => select(&ODD_ZONES[..]).prop_map(str::to_owned), 1 => select(all)]
}

/// Instants at and around a change of a zone's clock, with the zone.
pub fn instant_near_transition(name: &str) -> impl Strategy<Value = i64> + use<> {
    crate::aim::instant_near_transition(ReferenceZones::get().zone(name))
}

/// A window: usual hours, hours that a change of clocks cuts, a few minutes, up to or from midnight, the whole day.
fn window() -> impl Strategy<Value = (u32, u32)> {
    let ordered = |(one, two): (u32, u32)| {
        if one < two {
            (one, two)
        } else {
            (two, one.max(two + 1))
        }
    };
    prop_oneof![
        4 => (6..12_u32, 17..=24_u32).prop_map(|(start, end)| (start * 3_600, end * 3_600)),
        3 => (0..16_u32, 1..16_u32).prop_map(|(start, length)| (start * 900, (start + length) * 900)),
        2 => (0..1_440_u32, 0..1_440_u32).prop_map(ordered).prop_map(|(a, b)| (a * 60, b * 60)),
        1 => (1..1_440_u32).prop_map(|minute| (minute * 60, 86_400)),
        1 => Just((0, 86_400)),
        // A text that says "after 9" excludes 09:00:00 itself.
        1 => (0..23_u32, 1..=24_u32).prop_map(ordered).prop_map(|(a, b)| (a * 3_600 + 1, b * 3_600)),
    ]
}

/// Windows of a week: alike every day, or each day its own; a day may have none, rarely all days have none.
pub fn weekly_windows() -> impl Strategy<Value = Week> {
    let day = || proptest::collection::vec(window(), 1..=2);
    let other_day = prop_oneof![1 => Just(Vec::new()), 4 => day()];
    prop_oneof![
        10 => day().prop_map(|day| Week(core::array::from_fn(|_| day.clone()))),
        4 => (day(), other_day.clone(), other_day.clone()).prop_map(|(weekday, saturday, sunday)| {
            Week([0, 0, 0, 0, 0, 1, 2].map(|kind| [&weekday, &saturday, &sunday][kind].clone()))
        }),
        4 => proptest::array::uniform7(other_day).prop_map(Week),
        1 => Just(Week(Default::default())),
    ]
    .boxed()
}

/// Rules for some jurisdictions and those above them, of every force, purpose, channel, date and origin.
pub fn rules() -> impl Strategy<Value = Vec<PlainRule>> {
    let wide = ["US", "CA", "GB", "DE", "AU"];
    let code = prop_oneof![select(wide.to_vec()), select(CODES.to_vec())];
    let status = prop_oneof![
        5 => Just(RuleStatus::Law),
        1 => Just(RuleStatus::SelfRegulatory),
        1 => Just(RuleStatus::Practice),
        2 => Just(RuleStatus::Unverified),
    ];
    // Dates of 1980 to 2080, so that instants meet both sides; a rule lasts for a day at least.
    let dates = prop_oneof![
        4 => Just((None, None)),
        2 => (3_650..40_000_i64).prop_map(|from| (Some(from), None)),
        1 => (3_650..40_000_i64).prop_map(|until| (None, Some(until))),
        2 => (3_650..40_000_i64, 1..400_i64).prop_map(|(from, days)| (Some(from), Some(from + days))),
    ];
    let purposes = prop_oneof![
        3 => Just(Vec::new()),
        1 => subsequence(Purpose::ALL, 1..=2),
    ];
    let channels = prop_oneof![3 => Just(Vec::new()), 1 => subsequence(Channel::ALL, 1..=2)];
    let rule = (
        code,
        status,
        dates,
        purposes,
        channels,
        weekly_windows(),
        any::<bool>(),
    );
    proptest::collection::vec(rule, 0..=4)
        .prop_map(|rules| {
            let numbered = rules.into_iter().enumerate();
            let rule =
                |(number, (jurisdiction, status, (from, until), purposes, channels, week, overlay))| {
                    PlainRule {
                        id: format!("rule-{number}"),
                        jurisdiction,
                        purposes,
                        channels,
                        week,
                        status,
                        from,
                        until,
                        overlay,
                    }
                };
            numbered.map(rule).collect()
        })
        .boxed()
}

/// Guard and call length: mostly none or short, sometimes the longest there are.
pub fn margins() -> impl Strategy<Value = (u32, u32)> {
    let guard = prop_oneof![4 => Just(0_u32), 2 => 1..=120_u32, 2 => (1..=8_u32).prop_map(|n| n * 900), 1 => 0..=7_200_u32];
    let length = prop_oneof![5 => Just(0_u32), 2 => 1..=120_u32, 2 => (1..=8_u32).prop_map(|n| n * 900), 1 => 0..=43_200_u32];
    (guard, length)
}

/// Rules, hours, guard and call length; half of them plain ones, because where many rules meet little is permitted and
/// a single mistake seldom shows.
pub fn scenario() -> impl Strategy<Value = Scenario> {
    let hours = || {
        prop_oneof![
            4 => weekly_windows().prop_map(PlainHours::Law),
            1 => weekly_windows().prop_map(PlainHours::CallingHours),
        ]
    };
    let margins_or_none = prop_oneof![Just((0, 0)), margins()];
    let plain = (Just(Vec::new()), hours(), margins_or_none);
    let any = (rules(), hours(), margins());
    prop_oneof![plain, any]
        .prop_map(|(rules, hours, (guard, call_length))| Scenario {
            rules,
            hours,
            guard,
            call_length,
        })
        .boxed()
}

/// One to three places, mostly one.
pub fn places() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let place = (select(CODES.to_vec()), zone());
    let count = prop_oneof![3 => Just(1_usize), 1 => Just(2), 1 => Just(3)];
    (count, proptest::collection::vec(place, 3)).prop_map(|(count, mut places)| {
        places.truncate(count);
        places
    })
}

/// A case in every respect.
pub fn case() -> impl Strategy<Value = Case> {
    case_in(scenario())
}

/// A case in one of these scenarios.
pub fn case_in(scenario: impl Strategy<Value = Scenario> + 'static) -> impl Strategy<Value = Case> {
    let purpose = prop_oneof![3 => Just(Purpose::Sales), 1 => select(Purpose::ALL.to_vec())];
    let channel = prop_oneof![3 => Just(Channel::Voice), 1 => select(Channel::ALL.to_vec())];
    (scenario, places(), aim(), purpose, channel)
        .prop_map(|(scenario, places, aim, purpose, channel)| {
            let unaimed = Case {
                scenario,
                places,
                at: 0,
                purpose,
                channel,
            };
            let at = aim.resolve(&unaimed);
            Case { at, ..unaimed }
        })
        // Boxed, here and below: unboxed, the strategies of one property overflow a test thread's stack.
        .boxed()
}

/// These hours every day in one of these zones, asked on a day of a change, or evenly from 2015 to 2040.
pub fn simple_case(
    hours: &[(u32, u32)],
    zones: &'static [&'static str],
    aimed: bool,
) -> impl Strategy<Value = Case> + use<> {
    let hours = Week::daily(hours);
    let evenly = 1_420_070_400..2_240_524_800_i64;
    (select(zones), aim(), evenly).prop_map(move |(zone, aim, evenly)| {
        let case = case_of(Scenario::of_calling_hours(hours.clone()), &[("US", zone)], evenly);
        let at = if aimed {
            with_change(aim).resolve(&case)
        } else {
            evenly
        };
        Case { at, ..case }
    })
}

/// The aim, but at a change of clocks whatever date it named.
fn with_change(aim: Aim) -> Aim {
    let date = match aim.date {
        Date::Change(change, _) | Date::InForce(change, _) => Date::Change(change, 0),
        Date::YearEnd(..) | Date::Day(_) => Date::Change(aim.place, 0),
    };
    let clock = match aim.clock {
        Clock::Change => Clock::Second(8 * 3_600),
        other => other,
    };
    Aim { date, clock, ..aim }
}

/// A sales call by voice.
pub fn case_of(scenario: Scenario, places: &[(&'static str, &str)], at: i64) -> Case {
    Case {
        scenario,
        places: places
            .iter()
            .map(|(code, zone)| (*code, (*zone).to_owned()))
            .collect(),
        at,
        purpose: Purpose::Sales,
        channel: Channel::Voice,
    }
}

/// Regions, zones and countries, each there or not, in agreement or not.
///
/// Regions are full codes: a short one (`CA`) means another place once a country stands beside it, as it should.
pub fn evidence() -> impl Strategy<Value = Evidence> {
    let regions = [
        "US-FL", "US-NY", "US-TX", "US-PST", "US-EST", "CA-ON", "CA-BC", "AU-NSW", "AU-QLD", "JP", "GB",
        "us-fl",
    ];
    let zones = [
        "America/New_York",
        "US/Eastern",
        "America/Chicago",
        "America/Detroit",
        "America/Los_Angeles",
        "America/Vancouver",
        "America/Toronto",
        "Australia/Sydney",
        "Australia/Lord_Howe",
        "Europe/London",
        "Asia/Tokyo",
        "America/Havana",
    ];
    let countries = ["US", "CA", "AU", "GB", "JP", "CU", "DE"];
    let maybe = |texts: &[&'static str]| proptest::option::of(select(texts.to_vec()).prop_map(str::to_owned));
    (maybe(&regions), maybe(&zones), maybe(&countries)).prop_map(|(region, zone, country)| Evidence {
        region,
        zone,
        country,
        ..Evidence::default()
    })
}

/// An attempt with evidence, at a change of one of the clocks concerned or near it.
pub fn attempt() -> impl Strategy<Value = CallAttempt> {
    let zones = [
        "America/New_York",
        "America/Los_Angeles",
        "Australia/Lord_Howe",
        "Europe/London",
        "America/Vancouver",
    ];
    let at = select(zones.to_vec()).prop_flat_map(instant_near_transition);
    (evidence(), at).prop_map(|(evidence, at)| CallAttempt::new(Instant::from_unix_clamped(at), evidence))
}

/// A timetable over a short range, with openings that touch, overlap, contain each other, or lie on its ends.
pub fn timetable() -> impl Strategy<Value = Timetable> {
    let opening = (-10..130_i64, 0..40_i64).prop_map(|(open, length)| Opening {
        open,
        close: open + length,
    });
    proptest::collection::vec(opening, 0..=8).prop_map(|openings| Timetable::new(0, 120, openings))
}

/// The zone's entry in the reference table.
pub fn reference(case: &Case, place: usize) -> &'static ReferenceZone {
    ReferenceZones::get().zone(&case.places[place].1)
}
