//! What every implementation must obey. `properties` asks it of Curfew; `tests_of_the_tests` asks it of mutants too.

use core_compliance::{Instant, LOOK_AHEAD_DAYS};
use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestError, TestRunner};

use crate::evaluator::{Evaluator, Forecaster, Make};
use crate::generate::reference;
use crate::model::MODEL;
use crate::plain::{Case, Week};
use crate::reference_zones::TABLE_UNTIL;

const DAY: i64 = 86_400;

/// Openings and closings that are looked at, between now and the forecast, at each end of the stretch.
const WATCHED: usize = 60;

/// Openings and closings that are looked at before an instant, and after it.
const AROUND: usize = 12;

/// Instants of three days for which a forecast is tried.
const FORECASTS: usize = 3;

/// The implementation permits exactly what the reference model permits, at the case's own instant.
pub fn agrees_with_the_model(subject: &dyn Evaluator, case: &Case) -> Result<(), TestCaseError> {
    prop_assert_eq!(
        subject.permits(case),
        MODEL.permits(case),
        "at {}; left: under test, right: the reference model",
        Instant::from_unix_clamped(case.at)
    );
    Ok(())
}

/// The same, and at whatever begins or ends around that instant too: a case costs far more to make than to ask.
pub fn agrees_around(subject: &dyn Evaluator, case: &Case) -> Result<(), TestCaseError> {
    agrees_with_the_model(subject, case)?;
    let around = turns(case, &days_around(case));
    let nearest = around.partition_point(|at| *at < case.at);
    let few = nearest.saturating_sub(AROUND)..(nearest + AROUND).min(around.len());
    for at in &around[few] {
        agrees_with_the_model(subject, &case.moved_to(*at))?;
    }
    Ok(())
}

/// The forecast is exact to the second, and nothing opens or closes before it.
pub fn forecasts_exactly(subject: &dyn Forecaster, case: &Case) -> Result<(), TestCaseError> {
    let answer = subject.answer(case);
    let permits = |at: i64| MODEL.permits(&case.moved_to(at));
    let shown = Instant::from_unix_clamped;
    prop_assert_eq!(
        answer.permitted,
        permits(case.at),
        "left: under test, right: the model"
    );
    let (foreseen, other) = if answer.permitted {
        (answer.permitted_until, answer.next_opening)
    } else {
        (answer.next_opening, answer.permitted_until)
    };
    prop_assert_eq!(other, None, "permitted_until and next_opening exclude each other");
    let farthest = case.at + i64::from(LOOK_AHEAD_DAYS) * DAY;
    match foreseen {
        Some(turn) => {
            prop_assert!(case.at < turn && turn <= farthest, "{} is not ahead", shown(turn));
            prop_assert_eq!(permits(turn), !answer.permitted, "at {}", shown(turn));
            prop_assert_eq!(
                permits(turn - 1),
                answer.permitted,
                "a second before {}",
                shown(turn)
            );
        }
        None => prop_assert!(answer.gave_up, "neither a time nor a finding that says why"),
    }
    for at in watched(case, foreseen.unwrap_or(farthest)) {
        prop_assert_eq!(permits(at), answer.permitted, "already at {}", shown(at));
    }
    Ok(())
}

/// The same, and for some instants of the days around too, so that a change of clocks lies before and after them.
pub fn forecasts_around(subject: &dyn Forecaster, case: &Case) -> Result<(), TestCaseError> {
    forecasts_exactly(subject, case)?;
    let around = turns(case, &days_around(case));
    let stride = (around.len() / FORECASTS).max(1);
    for at in around.iter().step_by(stride) {
        forecasts_exactly(subject, &case.moved_to(*at))?;
    }
    Ok(())
}

/// Three days in UTC hold the local day of any zone.
fn days_around(case: &Case) -> [i64; 3] {
    [-1, 0, 1].map(|away| case.at / DAY + away)
}

/// The instants after `case.at` and before `end` at which anything may begin or end to be permitted, and the second
/// before each. Where there are very many, those near both ends and some of the others.
fn watched(case: &Case, end: i64) -> Vec<i64> {
    // On most days of a long stretch nothing new happens: the first days, the last, and those of a change.
    let mut days: Vec<i64> = (0..12)
        .flat_map(|day| [case.at / DAY + day, end / DAY - day])
        .collect();
    days.extend(
        case.scenario
            .rules
            .iter()
            .flat_map(|rule| [rule.from, rule.until])
            .flatten(),
    );
    for place in 0..case.places.len() {
        let changes = reference(case, place).changes.iter().map(|(at, _)| *at);
        let changes = changes.filter(|at| (case.at..end).contains(at));
        days.extend(changes.flat_map(|at| [at / DAY - 1, at / DAY, at / DAY + 1]));
    }
    let mut watched = turns(case, &days);
    watched.retain(|at| (case.at + 1..end).contains(at));
    let stride = (watched.len() / WATCHED).max(1);
    let near_an_end = |index: usize| index < WATCHED || index + WATCHED >= watched.len();
    let kept = |(index, at): (usize, &i64)| (near_an_end(index) || index % stride == 0).then_some(*at);
    watched.iter().enumerate().filter_map(kept).collect()
}

/// The instants on these days at which anything may begin or end to be permitted, and the second before each: window
/// edges, midnights and changes of clocks in each place, with and without the margins; sorted.
fn turns(case: &Case, days: &[i64]) -> Vec<i64> {
    let scenario = &case.scenario;
    let mut edges: Vec<i64> = scenario
        .weeks()
        .flat_map(Week::edges)
        .map(i64::from)
        .chain([0])
        .collect();
    edges.sort_unstable();
    edges.dedup();
    let mut turns = Vec::new();
    for place in 0..case.places.len() {
        let zone = reference(case, place);
        for day in days {
            turns.extend(
                zone.next_change(day * DAY)
                    .filter(|change| *change <= (day + 1) * DAY),
            );
            for edge in &edges {
                let local = day * DAY + edge;
                turns.extend([-DAY, DAY].map(|away| local - i64::from(zone.offset_at(local + away))));
            }
        }
    }
    let margins = [0, i64::from(scenario.guard), -scenario.seconds_after()];
    let with_margins = turns.iter().flat_map(|turn| margins.map(|margin| turn + margin));
    let seconds = with_margins.flat_map(|turn| [turn - 1, turn]);
    let mut seconds: Vec<i64> = seconds.filter(|at| (0..TABLE_UNTIL).contains(at)).collect();
    seconds.sort_unstable();
    seconds.dedup();
    seconds
}

/// The case on which an implementation does not agree with the model, if the runner finds one; with the reason.
pub fn counterexample(
    runner: &mut TestRunner,
    cases: &impl Strategy<Value = Case>,
    make: Make<dyn Evaluator>,
) -> Option<(Case, String)> {
    found(runner.run(&cases.no_shrink(), |case| {
        agrees_around(&*make(&case.scenario), &case)
    }))
}

/// The same, but asked at the cases' own instants alone: how sharp the instants are by themselves.
pub fn counterexample_at_the_instant(
    runner: &mut TestRunner,
    cases: &impl Strategy<Value = Case>,
    make: Make<dyn Evaluator>,
) -> Option<(Case, String)> {
    found(runner.run(&cases.no_shrink(), |case| {
        agrees_with_the_model(&*make(&case.scenario), &case)
    }))
}

/// The case on which a forecast is not exact, if the runner finds one; with the reason.
pub fn forecast_counterexample(
    runner: &mut TestRunner,
    cases: &impl Strategy<Value = Case>,
    make: Make<dyn Forecaster>,
) -> Option<(Case, String)> {
    found(runner.run(&cases.no_shrink(), |case| {
        forecasts_exactly(&*make(&case.scenario), &case)
    }))
}

fn found(result: Result<(), TestError<Case>>) -> Option<(Case, String)> {
    match result {
        Ok(()) => None,
        Err(TestError::Fail(reason, case)) => Some((case, reason.to_string())),
        // Too many cases thrown away: no strategy of the kit throws any away, so this is a fault worth seeing.
        Err(TestError::Abort(reason)) => Some((
            crate::generate::case_of(crate::plain::Scenario::of_calling_hours(Week::daily(&[])), &[], 0),
            reason.to_string(),
        )),
    }
}
