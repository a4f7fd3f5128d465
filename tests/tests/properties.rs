//! The laws of every decision, tried on cases aimed at changes of clocks, midnights, window edges and year ends.
//!
//! `PROPTEST_CASES=100000 cargo test --release -p tests --test properties` (or `cargo xtask fuzz`) tries many more.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers of tests: a panic is a failed test"
)]

use std::collections::BTreeSet;
use std::sync::OnceLock;

use core_compliance::{
    CallAttempt, Determination, Evidence, FindingCode, Gate, Instant, InstantError, Place, Rulebook,
    Settings, Timetable,
};
use proptest::prelude::*;
use tests::evaluator::{ByDetermination, ByTimetable};
use tests::generate::{
    attempt, case, case_in, config, evidence, instant_near_transition, margins, places, rules, scenario,
    timetable, weekly_windows, zone,
};
use tests::laws::{agrees_around, agrees_with_the_model, forecasts_around};
use tests::plain::{Case, PlainHours, Scenario, bundled_zones};

/// What is permitted in this case over the two years that a timetable covers.
fn hours_of(case: &Case) -> Timetable {
    let timetable = case.scenario.gate().timetable(&case.attempt());
    timetable.expect("places given outright are resolved")
}

/// Everything that `narrow` permits is permitted by `wide`.
fn is_within(narrow: &Timetable, wide: &Timetable) -> bool {
    narrow.intersect(wide) == *narrow
}

/// By the shipped rulebook and the standard settings.
fn determined(attempt: &CallAttempt) -> Determination {
    static GATE: OnceLock<Gate> = OnceLock::new();
    let gate =
        GATE.get_or_init(|| Gate::new(bundled_zones(), Rulebook::shipped(), Settings::default()).unwrap());
    gate.determine(attempt)
}

fn places_of(determination: &Determination) -> BTreeSet<Place> {
    let place = |judged: &core_compliance::JudgedPlace| Place {
        jurisdiction: judged.jurisdiction.clone(),
        zone: judged.zone.clone(),
    };
    determination.places.iter().map(place).collect()
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn the_evaluators_agree(case in case()) {
        let gate = case.scenario.gate();
        let determination = gate.determine(&case.attempt());
        prop_assert!(!determination.has(FindingCode::EvaluatorsDisagree), "{determination:#?}");
        let by_timetable = ByTimetable(gate);
        agrees_around(&by_timetable, &case)?;
        agrees_around(&ByDetermination(by_timetable.0), &case)?;
    }

    #[test]
    fn forecasts_are_exact_to_the_second(case in case()) {
        forecasts_around(&ByDetermination(case.scenario.gate()), &case)?;
    }

    #[test]
    fn a_decision_has_a_reason(case in case()) {
        let determination = case.scenario.gate().determine(&case.attempt());
        prop_assert!(determination.reason().is_some(), "{determination:#?}");
        prop_assert_eq!(determination.places.len(), case.places.iter().collect::<BTreeSet<_>>().len());
    }

    #[test]
    fn adding_a_place_never_widens(case in case(), more in places()) {
        let wider = Case { places: [case.places.clone(), more].concat(), ..case.clone() };
        prop_assert!(is_within(&hours_of(&wider), &hours_of(&case)));
        let permitted = |case: &Case| case.scenario.gate().determine(&case.attempt()).is_permitted();
        prop_assert!(permitted(&case) || !permitted(&wider));
    }

    #[test]
    fn adding_a_users_rule_never_widens(case in case(), more in rules()) {
        let mut tighter = case.clone();
        for (number, mut rule) in more.into_iter().enumerate() {
            rule.id = format!("acme.{number}");
            rule.overlay = true;
            tighter.scenario.rules.push(rule);
        }
        prop_assert!(is_within(&hours_of(&tighter), &hours_of(&case)));
    }

    /// Where a rule of the rulebook governs on all dates, the house hours have nothing to fill, and one rule more can
    /// only take away. (The first rule of a place *replaces* the house hours and may well be wider.)
    #[test]
    fn adding_a_rule_to_governed_places_never_widens(case in case(), base in weekly_windows(), more in rules()) {
        let mut governed = case.clone();
        for code in ["US", "CA", "AU", "GB", "FR", "DE", "CU", "CL"] {
            let mut rule = all_year_rule(code);
            rule.week = base.clone();
            governed.scenario.rules.push(rule);
        }
        let mut tighter = governed.clone();
        for (number, mut rule) in more.into_iter().enumerate() {
            rule.id = format!("more-{number}");
            tighter.scenario.rules.push(rule);
        }
        prop_assert!(is_within(&hours_of(&tighter), &hours_of(&governed)));
    }

    #[test]
    fn a_wider_guard_or_a_longer_call_never_widens(case in case(), (guard, length) in margins()) {
        let mut tighter = case.clone();
        tighter.scenario.guard = case.scenario.guard.max(guard);
        tighter.scenario.call_length = case.scenario.call_length.max(length);
        prop_assert!(is_within(&hours_of(&tighter), &hours_of(&case)));
    }

    #[test]
    fn order_does_not_matter(case in case(), turn in any::<prop::sample::Index>()) {
        let mut turned = case.clone();
        turned.places.rotate_left(turn.index(case.places.len()));
        turned.places.push(case.places[0].clone());
        turned.scenario.rules.reverse();
        let json = |case: &Case| serde_json::to_string(&case.scenario.gate().determine(&case.attempt())).unwrap();
        prop_assert_eq!(json(&case), json(&turned));
    }

    #[test]
    fn equal_questions_have_equal_answers(case in case(), other in case_in(scenario())) {
        let fresh = serde_json::to_vec(&case.scenario.gate().determine(&case.attempt())).unwrap();
        let gate = case.scenario.gate();
        // What a gate remembers of other questions must not colour this one.
        for question in [&other, &case, &other.moved_to(case.at), &case.moved_to(other.at)] {
            let _ = gate.determine(&question.attempt());
        }
        for _ in 0..2 {
            let again = serde_json::to_vec(&gate.determine(&case.attempt())).unwrap();
            prop_assert_eq!(String::from_utf8_lossy(&again), String::from_utf8_lossy(&fresh));
        }
    }

    /// One piece more: contradicting what is there, it may add places and take permits away, never the reverse.
    #[test]
    fn contradicting_evidence_never_widens(base in attempt(), more in evidence()) {
        let alone = determined(&base);
        let piece = |kind: usize| {
            let given = &base.evidence;
            let mut both = given.clone();
            match kind {
                0 => both.region = given.region.clone().or(more.region.clone()),
                1 => both.zone = given.zone.clone().or(more.zone.clone()),
                _ => both.country = given.country.clone().or(more.country.clone()),
            }
            both
        };
        for evidence in (0..3).map(piece).filter(|evidence| *evidence != base.evidence) {
            let with_more = determined(&CallAttempt { evidence, ..base.clone() });
            let conflict = with_more.has(FindingCode::EvidenceConflict) && !alone.has(FindingCode::EvidenceConflict);
            if conflict && !alone.places.is_empty() {
                prop_assert!(alone.is_permitted() || !with_more.is_permitted(), "{alone:#?}\n{with_more:#?}");
                prop_assert!(with_more.places.len() > alone.places.len(), "{alone:#?}\n{with_more:#?}");
            }
            prop_assert!(!with_more.places.is_empty() || !with_more.is_permitted(), "a permit names its places");
        }
    }

    #[test]
    fn a_zone_within_a_country_narrows_it(at in instant_near_transition("America/Los_Angeles"), pick in any::<prop::sample::Index>(), country in prop::sample::select(vec!["US", "CA", "AU", "GB", "JP", "CL"])) {
        let at = Instant::from_unix(at).unwrap();
        let of_country = Evidence { country: Some(country.to_owned()), ..Evidence::default() };
        let wide = determined(&CallAttempt::new(at, of_country.clone()));
        let wide_places = places_of(&wide);
        let zone = wide_places.iter().nth(pick.index(wide_places.len())).unwrap().zone.clone();
        let narrow = determined(&CallAttempt::new(at, Evidence { zone: Some(zone), ..of_country }));
        prop_assert!(!narrow.has(FindingCode::EvidenceConflict));
        let zones = bundled_zones();
        for place in places_of(&narrow) {
            let clock = zones.get(&place.zone).unwrap();
            let within = wide_places.iter().any(|other| {
                other.jurisdiction == place.jurisdiction && zones.get(&other.zone).unwrap().same_clock(clock)
            });
            prop_assert!(within, "{place:?} is not among {wide_places:#?}");
        }
        prop_assert!(narrow.is_permitted() || !wide.is_permitted());
    }

    #[test]
    fn windows_are_read_as_they_are_written(week in weekly_windows(), zone in zone(), at in instant_near_transition("Europe/London")) {
        let windows = week.to_windows();
        let shown = windows.to_string();
        if !shown.is_empty() {
            prop_assert_eq!(shown.parse(), Ok(windows));
        }
        let scenario = Scenario { hours: PlainHours::CallingHours(week), ..Scenario::of_calling_hours(tests::plain::Week::daily(&[])) };
        let case = tests::generate::case_of(scenario, &[("GB", &zone)], at);
        agrees_with_the_model(&ByDetermination(case.scenario.gate()), &case)?;
    }
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn timetables_are_sorted_disjoint_and_apart(hours in timetable()) {
        let openings = hours.openings();
        prop_assert!(openings.iter().all(|each| hours.from() <= each.open && each.open < each.close && each.close <= hours.until()));
        prop_assert!(openings.windows(2).all(|pair| pair[0].close < pair[1].open), "{openings:?}");
        for at in hours.from() - 2..hours.until() + 2 {
            let inside = openings.iter().any(|each| (each.open..each.close).contains(&at));
            prop_assert_eq!(hours.permits(at), inside);
            let expected = openings.iter().find(|each| at < each.close).copied();
            prop_assert_eq!(hours.opening_from(at), expected);
        }
    }

    #[test]
    fn intersection_is_what_both_permit(one in timetable(), two in timetable(), three in timetable()) {
        let both = one.intersect(&two);
        for at in -2..122 {
            prop_assert_eq!(both.permits(at), one.permits(at) && two.permits(at), "at {}", at);
        }
        prop_assert_eq!(&both, &two.intersect(&one));
        prop_assert_eq!(both.intersect(&three), one.intersect(&two.intersect(&three)));
        prop_assert_eq!(&one.intersect(&one), &one);
    }

    /// A margin asked of each rule is the same as one asked of all together: so a gate may narrow once, at the end.
    #[test]
    fn narrowing_and_intersecting_commute(one in timetable(), two in timetable(), before in 0..30_u32, after in 0..30_u32) {
        let narrowed = one.intersect(&two).narrowed(before, after);
        prop_assert_eq!(&narrowed, &one.narrowed(before, after).intersect(&two.narrowed(before, after)));
        prop_assert!(is_within(&narrowed, &one));
        for at in 0..120 {
            // Nothing is known to be closed beyond the ends.
            let span = (at - i64::from(before)).max(0)..=(at + i64::from(after)).min(119);
            prop_assert_eq!(one.narrowed(before, after).permits(at), span.clone().all(|second| one.permits(second)));
        }
    }

    #[test]
    fn instants_are_read_as_they_are_printed(unix in prop_oneof![0..=Instant::LATEST.unix(), Just(0), Just(Instant::LATEST.unix())]) {
        let instant = Instant::from_unix(unix).unwrap();
        prop_assert_eq!(instant.to_string().parse(), Ok(instant));
        prop_assert_eq!(Instant::parse_assuming_utc(instant.to_string().trim_end_matches('Z')), Ok(instant));
        let json = serde_json::to_string(&instant).unwrap();
        prop_assert_eq!(serde_json::from_str::<Instant>(&json).unwrap(), instant);
        let naive = instant.to_string().trim_end_matches('Z').to_owned();
        prop_assert_eq!(naive.parse::<Instant>(), Err(InstantError::NoOffset(naive)));
    }

    #[test]
    fn offsets_are_honoured_and_fractions_floored(unix in 90_000..4_000_000_000_i64, minutes in -1_439..1_440_i64, fraction in "(\\.[0-9]{1,9})?") {
        let local = Instant::from_unix(unix + minutes * 60).unwrap().to_string();
        let sign = if minutes < 0 { '-' } else { '+' };
        let text = format!("{}{fraction}{sign}{:02}:{:02}", local.trim_end_matches('Z'), minutes.abs() / 60, minutes.abs() % 60);
        prop_assert_eq!(text.parse(), Instant::from_unix(unix), "{}", text);
    }
}

/// A rule of the rulebook that governs a country always.
fn all_year_rule(code: &'static str) -> tests::plain::PlainRule {
    tests::plain::PlainRule {
        id: format!("always-{code}"),
        jurisdiction: code,
        purposes: Vec::new(),
        channels: Vec::new(),
        week: tests::plain::Week::daily(&[]),
        status: core_compliance::RuleStatus::Law,
        from: None,
        until: None,
        overlay: false,
    }
}
