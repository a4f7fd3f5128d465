//! The corpus of legal cases: each with its citation, each decided as the law says.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests: a panic is a failed test"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use core_compliance::{
    AttemptInput, Determination, Effect, FindingCode, Gate, Hours, Instant, Purpose, Rulebook, Settings,
    ZoneDatabase,
};
use serde_json::Value;

/// Files of the corpus, one per jurisdiction.
fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    files
}

fn cases() -> Vec<(String, Value)> {
    let read = |path: PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let cases: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(&path).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        cases.into_iter().map(move |case| (name.clone(), case))
    };
    files().into_iter().flat_map(read).collect()
}

fn gate(case: &Value) -> Gate {
    let mut settings = Settings::default();
    if let Some(hours) = case["settings"]["calling_hours"].as_str() {
        settings.hours = Hours::CallingHours(hours.parse().unwrap());
    }
    Gate::new(ZoneDatabase::bundled(), Rulebook::shipped(), settings).unwrap()
}

fn determine(gate: &Gate, case: &Value) -> Determination {
    let input: AttemptInput = serde_json::from_value(case["attempt"].clone()).unwrap();
    let attempt = input
        .into_attempt(Purpose::Sales, core_compliance::Channel::Voice, false)
        .unwrap();
    gate.determine(&attempt)
}

/// What is wrong with the determination, if anything.
fn faults(case: &Value, determination: &Determination) -> Vec<String> {
    let mut faults = Vec::new();
    let decision = determination.decision.as_str();
    if case["expect"] != decision {
        faults.push(format!("decided {decision}"));
    }
    if determination.has(FindingCode::EvaluatorsDisagree) {
        faults.push("the evaluators disagree".to_owned());
    }
    let texts = |key: &str| -> Vec<String> {
        let list = case[key].as_array().cloned().unwrap_or_default();
        list.iter()
            .map(|text| text.as_str().unwrap().to_owned())
            .collect()
    };
    for code in texts("codes") {
        let code: FindingCode = code.parse().unwrap();
        if !determination.has(code) {
            faults.push(format!("no finding {code}"));
        }
    }
    let wanted = if determination.is_permitted() {
        Effect::Permits
    } else {
        Effect::Prohibits
    };
    for rule in texts("rules") {
        let speaks = |finding: &core_compliance::Finding| {
            finding.rule.as_deref() == Some(rule.as_str()) && finding.effect == wanted
        };
        if !determination.findings.iter().any(speaks) {
            faults.push(format!("{rule} {wanted} nothing"));
        }
    }
    for (key, got) in [
        ("permitted_until", determination.permitted_until),
        ("next_opening", determination.next_opening),
    ] {
        if let Some(expected) = case.get(key) {
            let expected = expected.as_str().map(|text| text.parse::<Instant>().unwrap());
            if got != expected {
                faults.push(format!("{key} is {got:?}"));
            }
        }
    }
    faults
}

#[test]
fn every_case_is_decided_as_the_law_says() {
    let mut gates: BTreeMap<String, Gate> = BTreeMap::new();
    let mut wrong = Vec::new();
    let cases = cases();
    assert!(cases.len() >= 700, "only {} cases", cases.len());
    for (file, case) in &cases {
        let gate = gates
            .entry(case["settings"].to_string())
            .or_insert_with(|| gate(case));
        let determination = determine(gate, case);
        let faults = faults(case, &determination);
        if !faults.is_empty() {
            let findings: Vec<_> = determination
                .findings
                .iter()
                .map(|it| format!("\n      {} {}: {}", it.effect, it.code, it.message))
                .collect();
            wrong.push(format!(
                "{file}: {}: {}\n    {}{}",
                case["name"],
                faults.join("; "),
                case["attempt"],
                findings.concat()
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} cases:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_case_has_a_name_and_a_citation() {
    let mut names = BTreeSet::new();
    for (file, case) in cases() {
        for key in ["name", "citation"] {
            assert!(
                case[key].as_str().is_some_and(|text| !text.is_empty()),
                "{file}: {key} of {case}"
            );
        }
        assert!(
            names.insert(format!("{file}: {}", case["name"])),
            "{file}: {} twice",
            case["name"]
        );
    }
}

#[test]
fn every_deciding_rule_and_cap_has_cases() {
    let book = Rulebook::shipped();
    let mut cases_of: BTreeMap<String, usize> = BTreeMap::new();
    for (_, case) in cases() {
        let gate = gate(&case);
        let mut touched: Vec<String> = determine(&gate, &case)
            .findings
            .into_iter()
            .filter_map(|finding| finding.rule)
            .collect();
        touched.sort();
        touched.dedup();
        for rule in touched {
            *cases_of.entry(rule).or_default() += 1;
        }
    }
    let deciding = book
        .rules()
        .iter()
        .filter(|rule| rule.decides())
        .map(|rule| &rule.id);
    let caps = book
        .caps()
        .iter()
        .filter(|cap| cap.status != core_compliance::RuleStatus::Unverified)
        .map(|cap| &cap.id);
    let bare: Vec<_> = deciding
        .chain(caps)
        .filter(|id| cases_of.get(*id).copied().unwrap_or(0) < 3)
        .collect();
    assert!(bare.is_empty(), "fewer than 3 cases: {bare:?}");
}

#[test]
fn the_runner_sees_what_is_wrong() {
    let case: Value = serde_json::from_str(
        r#"{"attempt":{"at":"2026-06-11T00:30:00Z","places":[{"jurisdiction":"US-FL","zone":"America/New_York"}]},
            "expect":"permit","codes":["holiday"],"rules":["US-GA"],"next_opening":"2026-06-11T12:00:01Z"}"#,
    )
    .unwrap();
    let faults = faults(&case, &determine(&gate(&case), &case));
    assert_eq!(faults.len(), 4, "{faults:?}");
}
