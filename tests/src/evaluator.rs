//! The interface of an implementation under test, and Curfew's two behind it.

use core_compliance::{FindingCode, Gate, Instant};

use crate::model::Model;
use crate::plain::{Case, Scenario};

/// What an implementation says of one case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Whether the call may be placed.
    pub permitted: bool,
    /// First instant from which it may no longer.
    pub permitted_until: Option<i64>,
    /// First later instant from which it may.
    pub next_opening: Option<i64>,
    /// Whether it says that it looked as far as it looks and found neither.
    pub gave_up: bool,
}

/// An implementation under test, made for one scenario.
pub trait Evaluator {
    /// Whether the call of this case may be placed.
    fn permits(&self, case: &Case) -> bool;
}

/// An implementation that also says until when, or from when on.
pub trait Forecaster: Evaluator {
    /// The whole answer.
    fn answer(&self, case: &Case) -> Answer;
}

/// How to make an implementation for a scenario.
pub type Make<T> = fn(&Scenario) -> Box<T>;

/// The fast evaluator: [`Gate::timetable`].
pub struct ByTimetable(pub Gate);

/// The whole gate: [`Gate::determine`], decided by the direct reading and checked against the timetable.
pub struct ByDetermination(pub Gate);

impl Evaluator for ByTimetable {
    fn permits(&self, case: &Case) -> bool {
        let timetable = self.0.timetable(&case.attempt());
        timetable.is_some_and(|timetable| timetable.permits(case.at))
    }
}

impl Evaluator for ByDetermination {
    fn permits(&self, case: &Case) -> bool {
        self.0.determine(&case.attempt()).is_permitted()
    }
}

impl Forecaster for ByDetermination {
    fn answer(&self, case: &Case) -> Answer {
        let determination = self.0.determine(&case.attempt());
        Answer {
            permitted: determination.is_permitted(),
            permitted_until: determination.permitted_until.map(Instant::unix),
            next_opening: determination.next_opening.map(Instant::unix),
            gave_up: determination.has(if determination.is_permitted() {
                FindingCode::BeyondHorizon
            } else {
                FindingCode::NeverOpens
            }),
        }
    }
}

impl Evaluator for Model {
    fn permits(&self, case: &Case) -> bool {
        Model::permits(self, case)
    }
}

/// Curfew's fast evaluator.
pub fn by_timetable(scenario: &Scenario) -> Box<dyn Evaluator> {
    Box::new(ByTimetable(scenario.gate()))
}

/// Curfew's whole gate.
pub fn by_determination(scenario: &Scenario) -> Box<dyn Evaluator> {
    Box::new(ByDetermination(scenario.gate()))
}

/// Curfew's whole gate, with its forecast.
pub fn forecast_by_determination(scenario: &Scenario) -> Box<dyn Forecaster> {
    Box::new(ByDetermination(scenario.gate()))
}

/// The reference model.
pub fn by_model(_: &Scenario) -> Box<dyn Evaluator> {
    Box::new(crate::model::MODEL)
}
