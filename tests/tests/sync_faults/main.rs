//! Everything that can go wrong between Curfew and a tenant, one by one and mixed: nothing is lost, sent outside its
//! window, sent again or altered.
//!
//! The real client and pipeline work against a simulated tenant in paused time; `tests::sync_kit` judges from the
//! tenant's side. Every run is audited; what a fault must further lead to stands beside it here.
#![cfg(test)]

mod endings;
mod listing;
mod mixtures;
mod options;
mod outlived;
mod refusals;
mod tokens;
mod windows;

use tests::sync_kit::{Report, Scenario};

/// Runs under these faults, and checks that at least one of the last named struck.
async fn run(faults: &[&str]) -> Report {
    struck(Scenario::new(faults).run().await)
}

/// The report, whose faults must have struck: a fault that never strikes shows nothing.
fn struck(report: Report) -> Report {
    assert!(
        report.stats.faults.values().any(|fault| fault.fired > 0),
        "{:?} never struck",
        report.scenario.faults
    );
    report
}

/// The fault with each of these schedules.
fn scheduled(fault: &str, schedules: &[&str]) -> Vec<String> {
    let separator = if fault.contains(':') { ',' } else { ':' };
    schedules
        .iter()
        .map(|schedule| format!("{fault}{separator}{schedule}"))
        .collect()
}
