//! What findings say, and in which order.

use super::*;
use crate::determination::Effect;

#[test]
fn the_permit_that_ends_first_is_shown_first() {
    let place = |jurisdiction: &str, zone: &str, instant: &str| {
        let determination = gate().determine(&attempt(jurisdiction, zone, instant));
        let permits = determination.findings.into_iter();
        let permits = permits.filter(|finding| finding.effect == Effect::Permits);
        permits.filter_map(|finding| finding.rule).collect::<Vec<_>>()
    };
    assert_eq!(
        place("US-WA", "America/Los_Angeles", "2026-06-10T17:00:00Z"),
        ["US-WA", "US.tcpa", "US.tsr"]
    );
    assert_eq!(
        place("US-KY", "America/New_York", "2026-06-10T17:00:00Z"),
        ["US-KY", "US.tcpa", "US.tsr"],
        "all end at 21:00"
    );
    let overlay = "[[rule]]\nid=\"zz\"\njurisdiction=\"US\"\nhours=\"mon-sun 09:00-12:00\"\n";
    let own = gate_with(
        overlay,
        Settings {
            guard: 60,
            ..Settings::default()
        },
    );
    let determination = own.determine(&attempt("US-GA", "America/New_York", "2026-06-10T15:00:00Z"));
    assert_eq!(determination.permitted_until, Some(at("2026-06-10T15:59:00Z")));
    assert_eq!(determination.reason().unwrap().rule.as_deref(), Some("zz"));
}

#[test]
fn a_refusal_withdraws_consent_and_is_named() {
    let given = |consent: &str, refused: &str| CallAttempt {
        consent: Some(Consent {
            level: ConsentLevel::Express,
            given_at: Some(at(consent)),
            revoked_at: None,
        }),
        history: Some(vec![past(refused, Some(AttemptOutcome::Refusal))]),
        ..attempt("FR", "Europe/Paris", "2026-09-10T08:30:00Z")
    };
    let withdrawn = gate().determine(&given("2026-05-01T08:00:00Z", "2026-09-01T08:30:00Z"));
    assert!(
        message(&withdrawn).contains("; the refusal of 2026-09-01T08:30:00Z withdrew the consent ("),
        "{withdrawn:?}"
    );
    assert_eq!(withdrawn.next_opening, None);
    let renewed = gate().determine(&given("2026-09-02T08:00:00Z", "2026-09-01T08:30:00Z"));
    assert!(renewed.is_permitted(), "{renewed:?}");
}
