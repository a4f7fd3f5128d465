//! A schedule decides as the gate does, at every instant that matters: over random rulebooks and over the shipped one, with
//! facts, with caps that come into force, around the ends of years.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests: a panic is a failed test"
)]

use std::sync::OnceLock;

use core_compliance::{
    AttemptOutcome, BusinessRelationship, CallAttempt, CalleeKind, CallerKind, Consent, ConsentLevel,
    Evidence, Gate, Instant, LocalDate, Parts, PastAttempt, Place, Purpose, RelationshipKind, Rulebook,
    Schedule, Settings, UnverifiedRules, Verdict,
};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestCaseError;
use tests::generate::{attempt, case, config, instant_near_transition};
use tests::law::suppressed;
use tests::plain::bundled_zones;

const DAY: i64 = 86_400;

/// The whole answer is the same.
fn agrees_at(
    gate: &Gate,
    schedule: &Schedule<'_>,
    attempt: &CallAttempt,
    at: i64,
) -> Result<Verdict, TestCaseError> {
    let at = Instant::from_unix_clamped(at);
    let determination = gate.determine(&CallAttempt {
        at,
        ..attempt.clone()
    });
    let wanted = Verdict {
        decision: determination.decision,
        permitted_until: determination.permitted_until,
        next_opening: determination.next_opening,
    };
    let verdict = schedule.decide(at);
    prop_assert_eq!(
        verdict,
        wanted,
        "at {}; left: the schedule, right: {:#?}",
        at,
        determination
    );
    Ok(verdict)
}

/// At the attempt's instant, at what the answers name next, and at the ends of some years.
fn agrees_around(gate: &Gate, attempt: &CallAttempt) -> Result<(), TestCaseError> {
    // Whatever instant it is made of.
    let schedule = gate.schedule(&CallAttempt {
        at: Instant::EARLIEST,
        ..attempt.clone()
    });
    let mut at = attempt.at.unix();
    for _ in 0..4 {
        let mut next = None;
        for second in [at - 1, at, at + 1] {
            let verdict = agrees_at(gate, &schedule, attempt, second)?;
            next = verdict.permitted_until.or(verdict.next_opening).or(next);
        }
        let Some(next) = next else { break };
        at = next.unix();
    }
    let year = attempt.at.to_utc().year();
    for year in [year, year + 1] {
        let new_year = LocalDate::from_calendar(year, 1, 1).expect("a date");
        let midnight = i64::from(new_year.days()) * DAY;
        for second in [-1, 0, 8 * 3_600, 15 * 3_600] {
            agrees_at(gate, &schedule, attempt, midnight + second)?;
        }
    }
    Ok(())
}

/// The shipped rulebook, its caps in force from, or until, dates of 2026; some settings besides.
fn gates() -> &'static [Gate] {
    static GATES: OnceLock<Vec<Gate>> = OnceLock::new();
    GATES.get_or_init(|| {
        let shipped = Rulebook::shipped();
        let mut parts = Parts {
            rules: shipped.rules().to_vec(),
            caps: shipped.caps().to_vec(),
            calendars: shipped.calendars().cloned().collect(),
            without_rules: Vec::new(),
        };
        for (cap, day) in parts.caps.iter_mut().zip((0..).step_by(17)) {
            let date = LocalDate::from_calendar(2026, 3, 8).map(|date| date.plus_days(day));
            if day % 2 == 0 {
                cap.effective_from = date;
            } else {
                cap.effective_until = date;
            }
        }
        let dated = Rulebook::of_parts("kit", shipped.reviewed_on(), parts).unwrap();
        let strict = Settings {
            guard: 600,
            call_length: 900,
            unverified: UnverifiedRules::Decide,
            require_history: true,
            ..Settings::default()
        };
        [
            (shipped.clone(), Settings::default()),
            (shipped, strict.clone()),
            (dated.clone(), Settings::default()),
            (dated, strict),
        ]
        .into_iter()
        .map(|(book, settings)| Gate::new(bundled_zones(), book, settings).unwrap())
        .collect()
    })
}

fn gate() -> impl Strategy<Value = &'static Gate> {
    (0..gates().len()).prop_map(|index| &gates()[index])
}

fn instant() -> impl Strategy<Value = Instant> {
    let near = select(vec!["America/New_York", "Europe/London", "Australia/Sydney"])
        .prop_flat_map(instant_near_transition);
    let near_2026 = 1_767_225_600 - 5 * DAY..1_798_761_600 + 5 * DAY;
    let minute = |at: i64| at / 60 * 60;
    prop_oneof![near, near_2026.prop_map(minute)].prop_map(Instant::from_unix_clamped)
}

fn outright() -> impl Strategy<Value = Evidence> {
    let places = [
        ("US-FL", "America/New_York"),
        ("US-FL", "America/Chicago"),
        ("US-MA", "America/New_York"),
        ("US-WV", "America/New_York"),
        ("US-AL:Mobile", "America/Chicago"),
        ("US-MS", "America/Chicago"),
        ("GB", "Europe/London"),
        ("FR", "Europe/Paris"),
        ("ES", "Europe/Madrid"),
        ("IT", "Europe/Rome"),
        ("IN", "Asia/Kolkata"),
        ("AU-NSW", "Australia/Sydney"),
        ("CA-ON", "America/Toronto"),
        ("BR", "America/Sao_Paulo"),
    ];
    proptest::collection::vec(select(places.to_vec()), 1..=2).prop_map(|places| Evidence {
        places: places
            .into_iter()
            .map(|(code, zone)| Place {
                jurisdiction: code.parse().unwrap(),
                zone: zone.to_owned(),
            })
            .collect(),
        ..Evidence::default()
    })
}

/// An attempt with facts and history, some of them near its instant.
fn with_facts() -> impl Strategy<Value = CallAttempt> {
    let past = |at: Instant, days: i64| at.plus_seconds(-days * DAY);
    let level = select(ConsentLevel::ALL.to_vec());
    let consent = option::of((level, option::of(0..800_i64), option::of(-400..400_i64)));
    let tie = option::of((select(RelationshipKind::ALL.to_vec()), option::of(0..800_i64)));
    let outcome = option::of(select(AttemptOutcome::ALL.to_vec()));
    let history = option::of(proptest::collection::vec((0..200_i64, outcome), 0..8));
    let kinds = (
        option::of(select(CalleeKind::ALL.to_vec())),
        option::of(select(CallerKind::ALL.to_vec())),
    );
    let purpose = select(Purpose::ALL.to_vec());
    let entry = option::weighted(0.2, suppressed());
    (
        instant(),
        outright(),
        purpose,
        consent,
        tie,
        (history, entry),
        kinds,
    )
        .prop_map(
            move |(at, evidence, purpose, consent, tie, (history, entry), (callee_kind, caller_kind))| {
                CallAttempt {
                    purpose,
                    consent: consent.map(|(level, given, revoked)| Consent {
                        level,
                        given_at: given.map(|days| past(at, days)),
                        revoked_at: revoked.map(|days| past(at, days)),
                    }),
                    business_relationship: tie.map(|(kind, last)| BusinessRelationship {
                        kind,
                        last_at: last.map(|days| past(at, days)),
                    }),
                    callee_kind,
                    caller_kind,
                    history: history.map(|attempts| {
                        let one = |(hours, outcome): (i64, _)| PastAttempt {
                            at: at.plus_seconds(-hours * 3_600),
                            outcome,
                            matter: None,
                        };
                        attempts.into_iter().map(one).collect()
                    }),
                    suppression: entry.map(|seconds| tests::law::entry(at, seconds)),
                    ..CallAttempt::new(at, evidence)
                }
            },
        )
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn over_random_rulebooks(case in case()) {
        agrees_around(&case.scenario.gate(), &case.attempt())?;
    }

    #[test]
    fn over_any_evidence(attempt in attempt(), gate in gate()) {
        agrees_around(gate, &attempt)?;
    }

    #[test]
    fn with_facts_and_caps(attempt in with_facts(), gate in gate()) {
        agrees_around(gate, &attempt)?;
    }
}

#[test]
fn where_no_place_is_resolved_it_prohibits() {
    let gate = &gates()[0];
    let attempt = CallAttempt::new(Instant::EARLIEST, Evidence::default());
    assert!(!gate.schedule(&attempt).decide(Instant::LATEST).is_permitted());
}

#[test]
fn the_first_and_the_last_supported_instants_are_decided() {
    let evidence = Evidence {
        country: Some("GB".to_owned()),
        ..Evidence::default()
    };
    for at in [Instant::EARLIEST, Instant::LATEST] {
        let attempt = CallAttempt::new(at, evidence.clone());
        let schedule = gates()[0].schedule(&attempt);
        agrees_at(&gates()[0], &schedule, &attempt, at.unix()).unwrap();
    }
}
