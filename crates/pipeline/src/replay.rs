//! Decides a recorded decision again, and tells what is different.

use std::collections::BTreeSet;

use core_compliance::ports::RecordedDecision;
use core_compliance::{Determination, Gate};

/// What deciding again came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replayed {
    /// The same answer, until or from the same instant.
    Same,
    /// Another one.
    Changed {
        /// The answer now.
        now: Box<Determination>,
        /// The rules that say something else than they did, came, or went; none where all say what they said and the
        /// hours lie elsewhere in time.
        rules: Vec<String>,
    },
    /// No place was known then, and without the number none can be found now.
    NoPlace,
}

/// Decides again, at the same instant, about the same places with the same facts, by the rules, zone data and settings
/// of this gate.
#[must_use]
pub fn replay(gate: &Gate, recorded: &RecordedDecision) -> Replayed {
    if recorded.places.is_empty() {
        return Replayed::NoPlace;
    }
    let now = gate.determine_in(recorded.places.clone(), &recorded.attempt);
    let answer = (now.decision, now.permitted_until, now.next_opening);
    if answer == (recorded.decision, recorded.permitted_until, recorded.next_opening) {
        return Replayed::Same;
    }
    let then = recorded.findings.iter();
    let then: BTreeSet<_> = then
        .map(|finding| (finding.rule.as_deref(), finding.effect))
        .collect();
    let since = now.findings.iter();
    let since: BTreeSet<_> = since
        .map(|finding| (finding.rule.as_deref(), finding.effect))
        .collect();
    let other = then.symmetric_difference(&since).filter_map(|(rule, _)| *rule);
    let rules: BTreeSet<String> = other.map(str::to_owned).collect();
    Replayed::Changed {
        now: Box::new(now),
        rules: rules.into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use core_compliance::document::Document;
    use core_compliance::ports::RecordedFinding;
    use core_compliance::{CallAttempt, Evidence, Overlay, Place, Rulebook, Settings, ZoneDatabase};

    use super::*;

    fn gate(own: &str) -> Gate {
        let document = Document {
            name: "own.toml",
            text: own,
        };
        let overlay = Overlay::parse(&document, &[]).unwrap();
        let rulebook = Rulebook::shipped().with_overlay(overlay).unwrap();
        Gate::new(ZoneDatabase::bundled(), rulebook, Settings::default()).unwrap()
    }

    fn recorded(gate: &Gate) -> RecordedDecision {
        let place = Place {
            jurisdiction: "US-NY".parse().unwrap(),
            zone: "America/New_York".to_owned(),
        };
        let attempt = CallAttempt::new("2026-06-10T12:30:00Z".parse().unwrap(), Evidence::default());
        let places = vec![(place, Vec::new())];
        let decided = gate.determine_in(places.clone(), &attempt);
        let finding = |finding: core_compliance::Finding| RecordedFinding {
            code: finding.code.to_string(),
            effect: finding.effect,
            rule: finding.rule,
            message: finding.message,
        };
        RecordedDecision {
            attempt,
            places,
            decision: decided.decision,
            permitted_until: decided.permitted_until,
            next_opening: decided.next_opening,
            findings: decided.findings.into_iter().map(finding).collect(),
            settings: decided.settings.sha256,
            rulebook: decided.rulebook,
            tzdb: decided.tzdb,
            engine: decided.engine.to_owned(),
        }
    }

    #[test]
    fn the_rules_that_speak_otherwise_are_named() {
        let recorded = recorded(&gate(""));
        assert_eq!(replay(&gate(""), &recorded), Replayed::Same);
        let late = "[[rule]]\nid = \"acme.late\"\njurisdiction = \"US-NY\"\nhours = \"09:00-20:00\"\n";
        let Replayed::Changed { now, rules } = replay(&gate(late), &recorded) else {
            panic!("the same");
        };
        assert!(!now.is_permitted());
        assert_eq!(rules, ["acme.late"]);
        let unplaced = RecordedDecision {
            places: Vec::new(),
            ..recorded
        };
        assert_eq!(replay(&gate(""), &unplaced), Replayed::NoPlace);
    }
}
