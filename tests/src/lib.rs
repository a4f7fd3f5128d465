//! The acceptance kit: what the suites in `tests/` share.
//!
//! - [`reference_zones`]: the clocks of all zones by an independent witness.
//! - [`plain`]: scenarios and cases in plain numbers, from which both Curfew's types and the model's answers come.
//! - [`aim`] and [`generate`]: proptest strategies aimed at transitions, midnights, window edges and year ends. Instants
//!   drawn evenly from a century almost never meet the faults that matter; `tests_of_the_tests` measures it.
//! - [`model`]: the reference model, at most 100 lines, which shares no code with Curfew.
//! - [`evaluator`]: the interface of an implementation under test, with Curfew's two.
//! - [`mutants`]: implementations that are wrong on purpose.
//! - [`fuzz`]: bodies of fuzz targets for everything that reads what others wrote.
//! - [`kill`]: a sync that is killed again and again.
//! - [`law`]: questions under the shipped rulebook, aimed at what its rules and caps turn on.
//! - [`laws`]: what every implementation must obey, as functions that both suites call.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "the kit runs in tests only, where a panic is a failed test"
)]

pub mod aim;
pub mod evaluator;
pub mod fuzz;
pub mod generate;
pub mod kill;
pub mod law;
pub mod laws;
pub mod model;
pub mod mutants;
pub mod plain;
pub mod reference_zones;
pub mod sync_kit;
pub mod sync_kit_process;
