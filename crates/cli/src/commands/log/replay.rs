//! `curfew log replay`: which decisions would be others.

use std::collections::BTreeMap;
use std::sync::Arc;

use core_compliance::ports::RecordedDecision;
use core_compliance::{Decision, Determination, Gate, Instant, Rulebook, ZoneDatabase};
use pipeline::{Replayed, replay};
use record_keeping::{Archive, Record};
use serde_json::{Value, json};

use super::{Readable, look};
use crate::args::{Format, Global, LogReplayArgs, With};
use crate::exit::{CliError, Exit};
use crate::output::{Output, printable};
use crate::render::wrapped;
use crate::settings::{Layers, load_gate};

/// Where the words about a change begin.
const INDENT: usize = 10;

pub(super) fn run(global: &Global, args: &LogReplayArgs, output: &Output) -> Result<u8, CliError> {
    let layers = Layers::load(global, args.flags())?;
    let view = look(&layers)?;
    let mut gates = Gates {
        with: args.with,
        today: match args.with {
            With::Recorded => None,
            _ => Some(load_gate(&layers, output)?),
        },
        archive: view.archive(),
        rulebooks: BTreeMap::new(),
        zones: BTreeMap::new(),
        gates: BTreeMap::new(),
    };
    let mut records = Readable::of(view.records()?, args.run.as_deref(), output);
    let format = output.format_or(Format::Text);
    let mut counts = Counts::default();
    let mut all = Vec::new();
    while let Some(record) = records.next() {
        let Some((_, decision)) = record.decision() else {
            continue;
        };
        counts.decisions += 1;
        match replay(gates.gate(decision)?, decision) {
            Replayed::Same => counts.same += 1,
            Replayed::NoPlace => counts.without_place += 1,
            Replayed::Changed { now, rules } => {
                counts.changed += 1;
                match format {
                    Format::Text => show(&record, decision, (&now, &rules), output)?,
                    Format::Json => all.push(change(&record, decision, (&now, &rules))),
                    Format::Ndjson => output.line(&change(&record, decision, (&now, &rules)).to_string())?,
                }
            }
        }
    }
    counts.unreadable = records.broken;
    let summary = json!({
        "with": args.with.to_string(),
        "decisions": counts.decisions,
        "same": counts.same,
        "changed": counts.changed,
        "without_place": counts.without_place,
        "unreadable": counts.unreadable,
    });
    match format {
        Format::Text => output.line(&format!(
            "{} decisions, {}: {} the same, {} changed, {} without a place to decide about",
            counts.decisions,
            gates.title(),
            counts.same,
            counts.changed,
            counts.without_place
        ))?,
        Format::Json => output.line(&json!({"schema": 1, "summary": summary, "changes": all}).to_string())?,
        Format::Ndjson => output.line(&json!({"schema": 1, "summary": summary}).to_string())?,
    }
    Ok(match counts {
        Counts { changed: 1.., .. } => Exit::PROHIBITED,
        Counts { unreadable: 1.., .. } => Exit::ITEMS,
        _ => Exit::DONE,
    })
}

#[derive(Default)]
struct Counts {
    decisions: u64,
    same: u64,
    changed: u64,
    without_place: u64,
    unreadable: u64,
}

impl std::fmt::Display for With {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Recorded => "recorded",
            Self::Today => "today",
            Self::TodaysTzdata => "todays-tzdata",
            Self::TodaysRules => "todays-rules",
        })
    }
}

/// Gates by what records name, each made once.
struct Gates {
    with: With,
    today: Option<Gate>,
    archive: Archive,
    rulebooks: BTreeMap<String, Rulebook>,
    zones: BTreeMap<String, Arc<ZoneDatabase>>,
    gates: BTreeMap<[String; 3], Gate>,
}

impl Gates {
    /// The gate by which a decision is repeated: always under its own settings.
    fn gate(&mut self, decision: &RecordedDecision) -> Result<&Gate, CliError> {
        let named = [
            &decision.rulebook.sha256,
            &decision.tzdb.sha256,
            &decision.settings,
        ];
        let key = named.map(ToString::to_string);
        if !self.gates.contains_key(&key) {
            let gate = self.make(&key)?;
            self.gates.insert(key.clone(), gate);
        }
        self.gates
            .get(&key)
            .ok_or_else(|| CliError::failed("internal fault: a gate got lost"))
    }

    fn make(&mut self, [rulebook, tzdb, settings]: &[String; 3]) -> Result<Gate, CliError> {
        let settings = self.archive.settings(settings)?;
        let today = self.today.as_ref();
        let rulebook = match today.filter(|_| matches!(self.with, With::Today | With::TodaysRules)) {
            Some(today) => today.rulebook().clone(),
            None => match self.rulebooks.get(rulebook) {
                Some(known) => known.clone(),
                None => {
                    let read = self.archive.rulebook(rulebook)?;
                    self.rulebooks.insert(rulebook.clone(), read.clone());
                    read
                }
            },
        };
        let made = match today.filter(|_| matches!(self.with, With::Today | With::TodaysTzdata)) {
            Some(today) => today.with_rulebook(rulebook, settings),
            None => {
                let zones = match self.zones.get(tzdb) {
                    Some(known) => Arc::clone(known),
                    None => {
                        let read = Arc::new(self.archive.zones(tzdb)?);
                        self.zones.insert(tzdb.clone(), Arc::clone(&read));
                        read
                    }
                };
                Gate::new(zones, rulebook, settings)
            }
        };
        made.map_err(|error| CliError::failed(format!("recorded settings cannot be used: {error}")))
    }

    /// By what was decided, for people.
    fn title(&self) -> String {
        let rules = |gate: &Gate| format!("today's rulebook {}", gate.rulebook().version());
        let zones = |gate: &Gate| format!("today's zone data {}", gate.zones().version());
        let own = "each by its own";
        match (&self.today, self.with) {
            (Some(today), With::Today) => format!("by {} and {}", rules(today), zones(today)),
            (Some(today), With::TodaysTzdata) => format!("by {}, {own} rulebook", zones(today)),
            (Some(today), With::TodaysRules) => format!("by {}, {own} zone data", rules(today)),
            _ => format!("{own} rulebook and zone data"),
        }
    }
}

fn answer(decision: Decision, until: Option<Instant>, opens: Option<Instant>) -> String {
    match (decision, until, opens) {
        (Decision::Permit, Some(until), _) => format!("permitted until {until}"),
        (Decision::Permit, None, _) => "permitted".to_owned(),
        (_, _, Some(opens)) => format!("prohibited, calling opens {opens}"),
        _ => "prohibited".to_owned(),
    }
}

fn places(decision: &RecordedDecision) -> Vec<String> {
    let places = decision.places.iter();
    places
        .map(|(place, _)| format!("{}@{}", place.jurisdiction, place.zone))
        .collect()
}

fn show(
    record: &Record,
    decision: &RecordedDecision,
    (now, rules): (&Determination, &[String]),
    output: &Output,
) -> Result<(), CliError> {
    let contact = printable(record.contact().unwrap_or("-"));
    let at = format!(
        "{contact} at {}, {} (record {} of run {})",
        decision.attempt.at,
        places(decision).join(", "),
        record.seq,
        record.run.as_deref().unwrap_or("-")
    );
    let told = |rule: Option<&str>, code: Option<&str>, message: Option<&str>| {
        let by = rule.or(code).map(|by| format!(" by {by}")).unwrap_or_default();
        let message = message.map(|message| format!(": {message}")).unwrap_or_default();
        format!("{by}{message}")
    };
    let before = decision.reason();
    let was = format!(
        "{}{} (rulebook {}, tzdb {})",
        answer(decision.decision, decision.permitted_until, decision.next_opening),
        told(
            before.and_then(|reason| reason.rule.as_deref()),
            before.map(|reason| reason.code.as_str()),
            before.map(|reason| reason.message.as_str())
        ),
        decision.rulebook.version,
        decision.tzdb.version
    );
    let reason = now.reason();
    let is = format!(
        "{}{} (rulebook {}, tzdb {})",
        answer(now.decision, now.permitted_until, now.next_opening),
        told(
            reason.and_then(|finding| finding.rule.as_deref()),
            reason.map(|finding| finding.code.as_str()),
            reason.map(|finding| finding.message.as_str())
        ),
        now.rulebook.version,
        now.tzdb.version
    );
    let by = match rules {
        [] => "the same rules, at other instants".to_owned(),
        rules => rules.join(", "),
    };
    for (label, text) in [("changed", at), ("  was", was), ("  is", is), ("  by", by)] {
        for line in wrapped(label, &printable(&text), INDENT) {
            output.line(&line)?;
        }
    }
    Ok(())
}

fn change(record: &Record, decision: &RecordedDecision, (now, rules): (&Determination, &[String])) -> Value {
    let before = decision.reason();
    let reason = now.reason();
    json!({
        "contact": record.contact(),
        "run": record.run,
        "record": record.seq,
        "at": decision.attempt.at,
        "places": places(decision),
        "rules": rules,
        "recorded": {
            "decision": decision.decision,
            "permitted_until": decision.permitted_until,
            "next_opening": decision.next_opening,
            "code": before.map(|reason| &reason.code),
            "rule": before.and_then(|reason| reason.rule.as_ref()),
            "message": before.map(|reason| &reason.message),
            "rulebook": decision.rulebook,
            "tzdb": decision.tzdb,
            "engine": decision.engine,
        },
        "replayed": {
            "decision": now.decision,
            "permitted_until": now.permitted_until,
            "next_opening": now.next_opening,
            "code": reason.map(|finding| finding.code),
            "rule": reason.and_then(|finding| finding.rule.as_ref()),
            "message": reason.map(|finding| &finding.message),
            "rulebook": now.rulebook,
            "tzdb": now.tzdb,
            "engine": now.engine,
        },
    })
}
