//! `curfew log show`: a contact's story.

use std::collections::BTreeMap;

use core_compliance::ports::RecordedDecision;
use core_compliance::{Decision, Instant, ZoneDatabase};
use record_keeping::{Archive, Event, Record, RecordsError, StateView};

use super::Readable;
use crate::args::{Format, LogShowArgs};
use crate::exit::{CliError, Exit};
use crate::output::{Output, printable};
use crate::render::{local_and_utc_in, wrapped};

/// Where the words of the story begin.
const INDENT: usize = 12;

pub(super) fn run(view: &StateView, args: &LogShowArgs, output: &Output) -> Result<u8, CliError> {
    let (records, whom): (Box<dyn Iterator<Item = Result<Record, RecordsError>>>, _) =
        match (&args.external_id, &args.phone) {
            (Some(id), _) => (Box::new(view.records_of_contact(id)?), format!("contact `{id}`")),
            (None, phone) => {
                let phone = phone.as_deref().unwrap_or_default();
                (Box::new(view.records_of_phone(phone)?), "this number".to_owned())
            }
        };
    let mut records = Readable::of(records, args.run.as_deref(), output);
    let mut story = Story {
        archive: view.archive(),
        zones: BTreeMap::new(),
        run: None,
    };
    let format = output.format_or(Format::Text);
    let mut count = 0_u64;
    while let Some(record) = records.next() {
        match format {
            Format::Text => story.tell(&record, output)?,
            Format::Json => {
                let before = if count == 0 { "[" } else { "," };
                output.line(&format!("{before}{}", record.json))?;
            }
            Format::Ndjson => output.line(&record.json)?,
        }
        count += 1;
    }
    if format == Format::Json {
        output.line(if count == 0 { "[]" } else { "]" })?;
    }
    if count == 0 {
        let within = args
            .run
            .as_deref()
            .map(|run| format!(" in run `{run}`"))
            .unwrap_or_default();
        return Err(CliError::failed(format!(
            "no record{within} is about {whom}; records are found by the exact external id, or by the number in E.164"
        )));
    }
    Ok(if records.broken > 0 {
        Exit::ITEMS
    } else {
        Exit::DONE
    })
}

struct Story {
    archive: Archive,
    /// Zone data by fingerprint; `None` = not in the archive.
    zones: BTreeMap<String, Option<ZoneDatabase>>,
    /// The run that was told of last.
    run: Option<String>,
}

impl Story {
    fn tell(&mut self, record: &Record, output: &Output) -> Result<(), CliError> {
        if record.run != self.run {
            self.run.clone_from(&record.run);
            output.line(&format!("run {}", record.run.as_deref().unwrap_or("-")))?;
        }
        output.line(&format!("  {}, record {}", record.time, record.seq))?;
        for (label, words) in self.words(record) {
            for line in wrapped(&format!("    {label}"), &printable(&words), INDENT) {
                output.line(&line)?;
            }
        }
        Ok(())
    }

    /// What happened, in lines of a label and words.
    fn words(&mut self, record: &Record) -> Vec<(&'static str, String)> {
        match &record.event {
            Event::Intent {
                contact,
                repeats,
                decision,
                ..
            } => {
                let mut words = self.decision(contact, decision);
                words.push(("sends", match repeats {
                    None => "it was about to be sent".to_owned(),
                    Some(earlier) => format!(
                        "it was about to be sent again: whether what record {earlier} announced arrived is not known"
                    ),
                }));
                words
            }
            Event::Outcome {
                contact,
                outcome,
                reason,
                message,
                intent,
            } => {
                let came = match outcome.as_str() {
                    "inserted" => "new in the campaign".to_owned(),
                    "updated" => "the campaign knew it, and updated it".to_owned(),
                    "already_there" => "the campaign knew it; the annotation is not confirmed".to_owned(),
                    "withheld" => "not sent: the permission ended while it waited".to_owned(),
                    "not-delivered" => "not known to have arrived; to be tried once more".to_owned(),
                    other => other.replace('_', " "),
                };
                let mut words = format!("{contact}: {came} (announced by record {intent})");
                append(&mut words, reason.as_deref(), message.as_deref());
                vec![("came", words)]
            }
            Event::Settled {
                contact,
                outcome,
                reason,
                message,
                deferred_until,
                decided,
            } => {
                let mut words = match decided {
                    Some((_, decision)) => self.decision(contact, decision),
                    None => Vec::new(),
                };
                let mut came = format!("{contact}: {}", outcome.replace('_', " "));
                // The words of the decision stand above.
                let message = Some(message.as_str()).filter(|_| words.is_empty());
                append(&mut came, Some(reason), message);
                words.push(("came", came));
                if let Some(until) = deferred_until {
                    words.push(("waits", format!("until {until}, to be decided anew")));
                }
                words
            }
            Event::DeferralDropped { contact } => {
                vec![(
                    "waits",
                    format!("{contact} no longer: it is not in its source any more"),
                )]
            }
            Event::Deferred { contact, until } => {
                vec![(
                    "waits",
                    format!("{contact} until {until}, as a pruned record said"),
                )]
            }
            _ => Vec::new(),
        }
    }

    fn decision(&mut self, contact: &str, decision: &RecordedDecision) -> Vec<(&'static str, String)> {
        let (word, horizon) = match (decision.decision, decision.permitted_until, decision.next_opening) {
            (Decision::Permit, Some(until), _) => {
                ("permitted", format!(" until {}", self.at(decision, until)))
            }
            (Decision::Permit, None, _) => ("permitted", ", no end in sight".to_owned()),
            (_, _, Some(opens)) => (
                "prohibited",
                format!("; calling opens {}", self.at(decision, opens)),
            ),
            _ => ("prohibited", String::new()),
        };
        let attempt = &decision.attempt;
        let mut decided = format!("{contact}: {word}{horizon}");
        if let Some(reason) = decision.reason() {
            decided.push_str(&format!(": {}", reason.message));
        }
        let places: Vec<String> = decision
            .places
            .iter()
            .map(|(place, evidence)| {
                let evidence: Vec<_> = evidence.iter().map(|kind| kind.as_str()).collect();
                format!(
                    "{}, {} (by {})",
                    place.jurisdiction,
                    place.zone,
                    evidence.join(", ")
                )
            })
            .collect();
        let places = match places.is_empty() {
            true => "no place".to_owned(),
            false => places.join("; "),
        };
        let asked = format!(
            "{} {} at {}, in {places}",
            attempt.purpose,
            attempt.channel,
            self.at(decision, attempt.at)
        );
        let by = format!(
            "rulebook {}, tzdb {}, engine {}",
            decision.rulebook.version, decision.tzdb.version, decision.engine
        );
        vec![("decided", decided), ("asked", asked), ("by", by)]
    }

    /// A time on the callee's clock by the zone data that decided, and in UTC.
    fn at(&mut self, decision: &RecordedDecision, at: Instant) -> String {
        let sha256 = decision.tzdb.sha256.as_str();
        let archive = &self.archive;
        let zones = self
            .zones
            .entry(sha256.to_owned())
            .or_insert_with(|| archive.zones(sha256).ok());
        let zone = decision.places.first().map(|(place, _)| place.zone.as_str());
        match zones {
            Some(zones) => local_and_utc_in(zones, zone, at),
            None => at.to_string(),
        }
    }
}

fn append(words: &mut String, reason: Option<&str>, message: Option<&str>) {
    if let Some(reason) = reason {
        words.push_str(&format!(", {reason}"));
    }
    if let Some(message) = message {
        words.push_str(&format!(": {message}"));
    }
}
