//! Shipped rules and caps that a user relaxes.

use super::*;

#[test]
fn a_relaxation_counts_until_it_expires_and_is_named() {
    let text = "[[relaxation]]\nrelaxes = \"US-FL\"\nhours = \"08:00-21:00\"\nreason = \"counsel\"\nauthor = \"j.doe\"\nexpires = \"2026-07-01\"";
    let gate = gate_with(text, Settings::default());
    let relaxed = gate.determine(&attempt("US-FL", "America/New_York", "2026-06-11T00:30:00Z"));
    assert!(
        relaxed.is_permitted() && relaxed.has(FindingCode::RuleRelaxed),
        "{:?}",
        relaxed.findings
    );
    let expired = gate.determine(&attempt("US-FL", "America/New_York", "2026-07-02T00:30:00Z"));
    assert!(
        !expired.is_permitted() && !expired.has(FindingCode::RuleRelaxed),
        "{:?}",
        expired.findings
    );
    let elsewhere = gate.determine(&attempt("US-GA", "America/New_York", "2026-06-11T00:30:00Z"));
    assert!(!elsewhere.has(FindingCode::RuleRelaxed));
}

#[test]
fn a_relaxed_cap_is_lifted_until_it_expires_and_named() {
    let text = "[[relaxation]]\nrelaxes = \"US-FL.cap\"\nreason = \"counsel\"\nauthor = \"j.doe\"\nexpires = \"2026-07-01\"";
    let relaxed = gate_with(text, Settings::default());
    let fourth = |day: &str| CallAttempt {
        history: Some(vec![past(&format!("{day}T13:00:00Z"), None); 3]),
        ..attempt("US-FL", "America/New_York", &format!("{day}T19:00:00Z"))
    };
    let june = relaxed.determine(&fourth("2026-06-30"));
    assert!(
        june.is_permitted() && june.has(FindingCode::RuleRelaxed),
        "{june:?}"
    );
    let july = relaxed.determine(&fourth("2026-07-01"));
    assert!(
        july.has(FindingCode::CapReached) && !july.has(FindingCode::RuleRelaxed),
        "{july:?}"
    );
    let hours = text.replace("reason", "hours = \"08:00-21:00\"\nreason");
    let refused = Rulebook::shipped().with_overlay(overlay(&hours)).unwrap_err();
    assert!(
        refused.to_string().contains("is a cap, which has no hours"),
        "{refused}"
    );
}

#[test]
fn a_relaxation_keeps_holidays_and_ends_before_it_begins_without_harm() {
    let text = "[[relaxation]]\nrelaxes = \"US-AL\"\nhours = \"mon-sat 08:00-21:00\"\nreason = \"r\"\nauthor = \"a\"\nexpires = 2027-01-01";
    let gate = gate_with(text, Settings::default());
    assert!(
        gate.determine(&attempt("US-AL", "America/Chicago", "2026-06-11T01:30:00Z"))
            .is_permitted(),
        "20:30"
    );
    assert!(
        gate.determine(&attempt("US-AL", "America/Chicago", "2026-12-25T17:00:00Z"))
            .has(FindingCode::Holiday)
    );
    let early = text
        .replace("US-AL", "US-PA.sb992")
        .replace("2027-01-01", "2026-09-01");
    let sunday = gate_with(&early, Settings::default()).determine(&attempt(
        "US-PA",
        "America/New_York",
        "2026-11-22T17:00:00Z",
    ));
    assert!(!sunday.is_permitted(), "{:?}", sunday.findings);
}
