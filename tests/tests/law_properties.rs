//! The laws of every decision by the shipped rulebook, on cases aimed at changes of clocks, edges of windows, holidays and
//! their eves, and dates of force, from 2015 to 2040.
//!
//! `cargo xtask fuzz 100_000 law_properties` tries many more.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests: a panic is a failed test"
)]

use core_compliance::document::Document;
use core_compliance::{
    AttemptOutcome, CallAttempt, Consent, ConsentLevel, Determination, Effect, Evidence, FindingCode, Gate,
    Instant, LOOK_AHEAD_DAYS, Overlay, Rulebook, Timetable,
};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::TestCaseError;
use tests::generate::config;
use tests::law::{
    entry, gate_of, gates, jurisdictions, manners, past_attempt, place, question, shipped, suppressed, told,
};

fn manner() -> impl Strategy<Value = usize> {
    prop_oneof![4 => Just(0_usize), 1 => Just(1), 1 => Just(2)]
}

fn hours_of(gate: &Gate, attempt: &CallAttempt) -> Timetable {
    gate.timetable(attempt)
        .expect("places given outright are resolved")
}

fn json(determination: &Determination) -> String {
    serde_json::to_string(determination).unwrap()
}

/// What `narrow` permits is permitted by `wide`, at the instant asked and in the year and more that is foreseen.
fn never_widens(
    (wide, attempt): (&Gate, &CallAttempt),
    (narrow, tighter): (&Gate, &CallAttempt),
) -> Result<(), TestCaseError> {
    let (before, after) = (wide.determine(attempt), narrow.determine(tighter));
    prop_assert!(
        before.is_permitted() || !after.is_permitted(),
        "{before:#?}\n{after:#?}"
    );
    let (all, fewer) = (hours_of(wide, attempt), hours_of(narrow, tighter));
    let opened = fewer.minus(&all);
    let opened: Vec<_> = opened.openings().iter().take(3).collect();
    prop_assert!(opened.is_empty(), "opens {opened:?} at {}", attempt.at);
    Ok(())
}

/// Whichever way it is decided, the time foreseen is the first second that is decided otherwise.
fn forecast_is_exact(gate: &Gate, attempt: &CallAttempt) -> Result<(), TestCaseError> {
    let now = gate.determine(attempt);
    let permits = |at: i64| {
        let at = Instant::from_unix(at).unwrap();
        gate.determine(&CallAttempt {
            at,
            ..attempt.clone()
        })
        .is_permitted()
    };
    let at = attempt.at.unix();
    let (foreseen, other) = if now.is_permitted() {
        (now.permitted_until, now.next_opening)
    } else {
        (now.next_opening, now.permitted_until)
    };
    prop_assert_eq!(other, None);
    let end = match foreseen {
        Some(turn) => {
            prop_assert!(turn > attempt.at);
            prop_assert_eq!(
                permits(turn.unix()),
                !now.is_permitted(),
                "at {}: {:#?}",
                turn,
                now
            );
            turn.unix() - 1
        }
        None => {
            let codes = [
                FindingCode::BeyondHorizon,
                FindingCode::NeverOpens,
                FindingCode::FactsNeeded,
            ];
            prop_assert!(codes.into_iter().any(|code| now.has(code)), "{now:#?}");
            at + i64::from(LOOK_AHEAD_DAYS) * 86_400
        }
    };
    // The second before, the next ones, and some on the way.
    let steps = (1..=7).map(|step| at + (end - at) * step / 7);
    for second in steps.chain([(at + 1).min(end)]) {
        prop_assert_eq!(
            permits(second),
            now.is_permitted(),
            "already at {}: {:#?}",
            Instant::from_unix_clamped(second),
            now
        );
    }
    Ok(())
}

/// Something that a user adds, in the words of an overlay.
#[derive(Clone, Debug)]
enum Added {
    Rule(Index, &'static str, &'static str),
    Demand(Index, &'static str),
    Cap(Index, &'static str, &'static str),
    Day(Index, i32),
}

fn added() -> impl Strategy<Value = Vec<Added>> {
    let hours = select(vec![
        "00:00-24:00",
        "09:00-17:00",
        "mon-fri 10:00-12:00,14:00-18:00",
        "sat-sun 00:00-24:00",
        "06:00-06:01",
    ]);
    let more = select(vec![
        "",
        "start_excluded = true",
        "clock = \"UTC-05:00\"",
        "clock = \"jurisdiction\"",
        "unless = [{ consent = \"express\" }]",
        "unless = [{ relationship = \"transaction\", within_months = 18 }, { callee = \"business\" }]",
        "effective_from = 2026-01-01",
        "effective_until = 2026-01-01\nstatus = \"law\"",
        "status = \"unverified\"",
        "purposes = [\"sales\"]\nchannels = [\"voice\"]",
        "holidays = [{ calendar = \"US-federal\" }, { calendar = \"DE-decreed\", eve = true, latest = \"12:00\" }]",
    ]);
    let demand = select(vec![
        "{ consent = \"express-written\" }",
        "{ relationship = \"contract-in-progress\" }, { consent = \"express\", consent_within_months = 6 }",
        "{ caller = \"nonprofit\", until = 2030-01-01 }",
    ]);
    let limit = select(vec![
        "limits = [{ max = 1, hours = 24 }]",
        "limits = [{ max = 2, days = 7 }, { max = 1, days = 1 }]\nper_matter = true",
        "limits = [{ max = 2, weeks = 1 }]\ncounts = \"answered\"",
        "limits = [{ max = 3, months = 1 }]\ncounts = \"no-answer\"",
        "cooldowns = [{ after = \"conversation\", days = 30 }, { after = \"refusal\", for_ever = true }]",
        "cooldowns = [{ after = \"no-answer\", hours = 4 }]",
    ]);
    let exempt = select(vec![
        "",
        "unless = [{ consent = \"express\" }]",
        "status = \"unverified\"",
    ]);
    let one = prop_oneof![
        3 => (any::<Index>(), hours, more).prop_map(|(at, hours, more)| Added::Rule(at, hours, more)),
        1 => (any::<Index>(), demand).prop_map(|(at, demand)| Added::Demand(at, demand)),
        2 => (any::<Index>(), limit, exempt).prop_map(|(at, limit, more)| Added::Cap(at, limit, more)),
        3 => (any::<Index>(), -3..=40).prop_map(|(calendar, days)| Added::Day(calendar, days)),
    ];
    proptest::collection::vec(one, 1..=3)
}

/// The overlay for this question: what it adds concerns the question's first place, where it can.
fn overlay(added: &[Added], attempt: &CallAttempt) -> Overlay {
    let jurisdiction = &attempt.evidence.places[0].jurisdiction;
    let lineage: Vec<_> = jurisdiction.lineage().collect();
    let of = |index: &Index| lineage[index.index(lineage.len())].clone();
    let within = shipped()
        .rules()
        .iter()
        .filter(|rule| jurisdiction.is_within(&rule.jurisdiction));
    let calendars: Vec<&str> = within
        .filter_map(|rule| match &rule.provision {
            core_compliance::Provision::Hours(hours) => Some(&hours.holidays),
            _ => None,
        })
        .flatten()
        .map(|effect| effect.calendar.as_str())
        .chain(["US-federal"])
        .collect();
    let today = core_compliance::LocalDate::from_calendar(1970, 1, 1)
        .unwrap()
        .plus_days(i32::try_from(attempt.at.unix() / 86_400).unwrap());
    let text: String = added
        .iter()
        .enumerate()
        .map(|(number, each)| match each {
            Added::Rule(at, hours, more) => format!(
                "[[rule]]\nid = \"acme.{number}\"\njurisdiction = \"{}\"\nhours = \"{hours}\"\n{more}\n",
                of(at)
            ),
            Added::Demand(at, demand) => format!(
                "[[rule]]\nid = \"acme.{number}\"\njurisdiction = \"{}\"\nrequires = [{demand}]\n",
                of(at)
            ),
            Added::Cap(at, limit, more) => format!(
                "[[cap]]\nid = \"acme.{number}\"\njurisdiction = \"{}\"\n{limit}\n{more}\n",
                of(at)
            ),
            Added::Day(calendar, days) => format!(
                "[[calendar]]\nextends = \"{}\"\ndays = [{{ name = \"A ban\", dates = [\"{}\"] }}]\n",
                calendars[calendar.index(calendars.len())],
                today.plus_days(*days)
            ),
        })
        .collect();
    let document = Document {
        name: "overlay.toml",
        text: &text,
    };
    Overlay::parse(&document, &[]).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn tightened(added: &[Added], attempt: &CallAttempt) -> Rulebook {
    shipped().with_overlay(overlay(added, attempt)).unwrap()
}

/// A piece of evidence, and where it goes.
fn piece() -> impl Strategy<Value = (usize, &'static str)> {
    let of = |kind: usize, texts: &[&'static str]| select(texts.to_vec()).prop_map(move |text| (kind, text));
    prop_oneof![
        3 => of(0, &["US-FL", "US-NY", "US-TX", "US-TN", "US-GA", "US-EST", "CA-ON", "CA-SK", "AU-NSW", "GB", "FR", "MX"]),
        2 => of(1, &["America/New_York", "America/Chicago", "America/Phoenix", "America/Regina", "Australia/Sydney", "Europe/Paris"]),
        2 => of(2, &["US", "CA", "AU", "GB", "FR", "IN"]),
        4 => of(3, &["+13055550123", "+12125550123", "+16895550123", "+14745550123", "+61412345678", "+33142345678", "+442079460000"]),
        2 => of(4, &["33101", "10001", "M5V 2T6", "S4P 3Y2", "2000", "0870"]),
    ]
}

fn with_piece(evidence: &Evidence, (kind, text): (usize, &str)) -> Evidence {
    let mut with = evidence.clone();
    let field = [
        &mut with.region,
        &mut with.zone,
        &mut with.country,
        &mut with.phone,
        &mut with.postal_code,
    ];
    if let Some(field) = field.into_iter().nth(kind) {
        field.get_or_insert_with(|| text.to_owned());
    }
    with
}

/// Portugal's rule allows an hour more than the house, and consent lifts it: then the house hours decide, and a refusal opens
/// nothing.
#[test]
fn house_hours_that_consent_brought_back_outlast_it() {
    let late = CallAttempt {
        consent: Some(Consent {
            level: ConsentLevel::Express,
            given_at: None,
            revoked_at: None,
        }),
        ..CallAttempt::new(
            "2026-06-10T20:30:00Z".parse().unwrap(),
            Evidence {
                region: Some("PT".to_owned()),
                zone: Some("Europe/Lisbon".to_owned()),
                ..Evidence::default()
            },
        )
    };
    let refusal = told(late.at, &(3_600, Some(AttemptOutcome::Refusal), None));
    let stranger = CallAttempt {
        consent: None,
        ..late.clone()
    };
    let refused = CallAttempt {
        history: Some(vec![refusal]),
        ..late.clone()
    };
    let [stranger, agreed, refused] = [stranger, late, refused].map(|attempt| gates()[0].determine(&attempt));
    assert!(stranger.is_permitted(), "{stranger:#?}");
    for determination in [agreed, refused] {
        assert!(!determination.is_permitted(), "{determination:#?}");
        assert_eq!(
            determination.reason().unwrap().rule.as_deref(),
            Some("house-hours")
        );
    }
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn the_evaluators_agree(question in question(), manner in manner()) {
        let gate = &gates()[manner];
        let determination = gate.determine(&question);
        prop_assert!(!determination.has(FindingCode::EvaluatorsDisagree), "{determination:#?}");
        prop_assert!(determination.reason().is_some(), "{determination:#?}");
        let by_timetable = hours_of(gate, &question).permits(question.at.unix());
        prop_assert_eq!(determination.is_permitted(), by_timetable, "{:#?}", determination);
        let prohibiting = determination.findings.iter().any(|it| it.effect == Effect::Prohibits);
        prop_assert_eq!(determination.is_permitted(), !prohibiting);
    }

    #[test]
    fn forecasts_are_exact_to_the_second(question in question(), manner in manner()) {
        forecast_is_exact(&gates()[manner], &question)?;
    }

    #[test]
    fn adding_an_attempt_never_widens(question in question(), more in past_attempt(), manner in manner()) {
        let gate = &gates()[manner];
        let mut history = question.history.clone().unwrap_or_default();
        history.push(told(question.at, &more));
        let tighter = CallAttempt { history: Some(history), ..question.clone() };
        never_widens((gate, &question), (gate, &tighter))?;
    }

    #[test]
    fn a_suppression_never_widens_and_bars_all_before_its_end(question in question(), more in suppressed(), manner in manner()) {
        let gate = &gates()[manner];
        let open = CallAttempt { suppression: None, ..question.clone() };
        let barred = CallAttempt { suppression: Some(entry(question.at, more)), ..question };
        never_widens((gate, &open), (gate, &barred))?;
        let (all, left) = (hours_of(gate, &open), hours_of(gate, &barred));
        let end = more.map_or(i64::MAX, |seconds| barred.at.unix() + seconds);
        for opening in all.openings() {
            for second in [opening.open, opening.close - 1, end - 1, end].into_iter().filter(|it| all.permits(*it)) {
                prop_assert_eq!(left.permits(second), second >= end, "{} of {:?}", second, opening);
            }
        }
        let determination = gate.determine(&barred);
        let first = determination.findings.first().map(|finding| finding.code);
        prop_assert_eq!(first == Some(FindingCode::Suppressed), barred.at.unix() < end);
    }

    #[test]
    fn adding_a_place_never_widens(question in question(), more in place(), manner in manner()) {
        let gate = &gates()[manner];
        let mut tighter = question.clone();
        tighter.evidence.places.push(more);
        never_widens((gate, &question), (gate, &tighter))?;
    }

    #[test]
    fn an_overlay_without_relaxation_never_widens(question in question(), added in added(), manner in manner()) {
        let book = tightened(&added, &question);
        never_widens((&gates()[manner], &question), (&gate_of(&book, &manners()[manner]), &question))?;
    }

    #[test]
    fn what_an_overlay_adds_is_foreseen_to_the_second(question in question(), added in added(), manner in manner()) {
        let book = tightened(&added, &question);
        let gate = gate_of(&book, &manners()[manner]);
        prop_assert!(!gate.determine(&question).has(FindingCode::EvaluatorsDisagree));
        forecast_is_exact(&gate, &question)?;
    }

    /// One piece more that contradicts: it may add places and take permits away, never the reverse.
    #[test]
    fn contradicting_evidence_never_widens(question in question(), pieces in proptest::collection::vec(piece(), 1..=3), more in piece()) {
        let gate = &gates()[0];
        let evidence = pieces.iter().fold(Evidence::default(), |all, each| with_piece(&all, *each));
        let both = with_piece(&evidence, more);
        let base = CallAttempt { evidence, ..question.clone() };
        let with_more = CallAttempt { evidence: both, ..question };
        let (alone, determined) = (gate.determine(&base), gate.determine(&with_more));
        let conflict = |it: &Determination| it.has(FindingCode::EvidenceConflict);
        if conflict(&determined) && !conflict(&alone) && !alone.places.is_empty() {
            never_widens((gate, &base), (gate, &with_more))?;
        }
        prop_assert!(!determined.places.is_empty() || !determined.is_permitted(), "a permit names its places");
    }

    #[test]
    fn order_does_not_matter(question in question(), more in place(), turn in any::<Index>(), added in added()) {
        let mut question = question;
        question.evidence.places.push(more);
        if let Some(history) = question.history.as_mut() {
            // Of two attempts in one second, either may be the one that is named.
            history.sort_by_key(|past| past.at);
            history.dedup_by_key(|past| past.at);
        }
        let mut turned = question.clone();
        let count = turned.evidence.places.len();
        turned.evidence.places.rotate_left(turn.index(count));
        turned.evidence.places.push(turned.evidence.places[0].clone());
        if let Some(history) = turned.history.as_mut().filter(|history| !history.is_empty()) {
            history.reverse();
            let count = history.len();
            history.rotate_left(turn.index(count));
        }
        let mut backwards = overlay(&added, &question);
        backwards.parts.rules.reverse();
        backwards.parts.caps.reverse();
        backwards.added_days.reverse();
        let one = gate_of(&tightened(&added, &question), &manners()[0]);
        let other = gate_of(&shipped().with_overlay(backwards).unwrap(), &manners()[0]);
        prop_assert_eq!(one.timetable(&question), other.timetable(&turned));
        let mut others = other.determine(&turned);
        // The fingerprint of a rulebook covers days in the order in which they are written.
        others.rulebook = one.determine(&question).rulebook;
        prop_assert_eq!(json(&one.determine(&question)), json(&others));
    }

    #[test]
    fn another_gate_says_the_same_to_the_byte(question in question(), other in question(), manner in manner()) {
        let gate = &gates()[manner];
        // What a gate remembers of other questions must not colour this one.
        let moved = CallAttempt { at: question.at, ..other.clone() };
        let _ = (gate.determine(&other), gate.determine(&moved));
        let fresh = gate_of(&Rulebook::shipped(), &manners()[manner]);
        prop_assert_eq!(json(&fresh.determine(&question)), json(&gate.determine(&question)));
    }
}

/// The cases aim where the law turns: most jurisdictions of the rulebook are met soon.
#[test]
fn the_whole_rulebook_is_met() {
    let mut runner = tests::generate::seeded_runner(7, 1_500);
    let met = std::cell::RefCell::new(std::collections::BTreeSet::new());
    runner
        .run(&question().no_shrink(), |question| {
            let determination = gates()[0].determine(&question);
            let rules = determination.findings.into_iter().filter_map(|it| it.rule);
            met.borrow_mut().extend(rules);
            Ok(())
        })
        .unwrap();
    let (met, book) = (met.into_inner(), shipped());
    let rules = book.rules().iter().map(|rule| &rule.id);
    let missed: Vec<_> = rules
        .chain(book.caps().iter().map(|cap| &cap.id))
        .filter(|id| !met.contains(*id))
        .collect();
    assert!(missed.len() < 20, "never met: {missed:?}");
    assert!(jurisdictions().len() > 60);
}
