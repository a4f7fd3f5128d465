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
    AttemptInput, Determination, Effect, FindingCode, Gate, Hours, Instant, Purpose, RuleStatus, Rulebook,
    Settings, ZoneDatabase,
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
fn every_deciding_rule_and_cap_has_cases_in_which_it_permits_and_prohibits() {
    let book = Rulebook::shipped();
    let mut gates: BTreeMap<String, Gate> = BTreeMap::new();
    let mut cases_of: BTreeMap<(String, Effect), usize> = BTreeMap::new();
    for (_, case) in cases() {
        let gate = gates
            .entry(case["settings"].to_string())
            .or_insert_with(|| gate(&case));
        let spoken: BTreeSet<_> = determine(gate, &case)
            .findings
            .into_iter()
            .filter_map(|finding| Some((finding.rule?, finding.effect)))
            .collect();
        for each in spoken {
            *cases_of.entry(each).or_default() += 1;
        }
    }
    let rules = book.rules().iter().filter(|rule| rule.decides());
    let caps = book.caps().iter();
    let caps = caps.filter(|cap| cap.status != RuleStatus::Unverified);
    let deciding = rules.map(|rule| &rule.id).chain(caps.map(|cap| &cap.id));
    let count = |id: &String, effect| cases_of.get(&(id.clone(), effect)).copied().unwrap_or(0);
    let bare: Vec<_> = deciding
        .filter(|id| count(id, Effect::Permits) < 2 || count(id, Effect::Prohibits) < 2)
        .collect();
    assert!(bare.is_empty(), "fewer than 2 cases on one side: {bare:?}");
}

#[test]
fn every_deciding_rule_and_cap_says_where_it_comes_from() {
    let book = Rulebook::shipped();
    let rules = book
        .rules()
        .iter()
        .map(|rule| (&rule.id, rule.status, &rule.provenance));
    let caps = book
        .caps()
        .iter()
        .map(|cap| (&cap.id, cap.status, &cap.provenance));
    for (id, status, provenance) in rules.chain(caps) {
        assert!(
            !provenance.title.is_empty() && !provenance.source.is_empty(),
            "{id}"
        );
        assert!(
            provenance.confidence.is_some() && !provenance.citation.is_empty(),
            "{id}"
        );
        let claims = matches!(status, RuleStatus::Law | RuleStatus::SelfRegulatory);
        let remembered = provenance.source.iter().all(|source| source == "memory");
        assert!(!(claims && remembered), "{id} claims force on memory alone");
    }
    // A rule without dates of its own is in force throughout; when all were last looked at is said once.
    assert!(book.reviewed_on().days() > 0);
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
