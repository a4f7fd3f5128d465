//! `curfew attempts audit`: were the calls lawful that were placed, and what let them in?

use std::collections::BTreeMap;

use core_compliance::Gate;
use core_compliance::ports::{PlacedCall, PortFailure, RecordedAdmission, mask_numbers};
use pipeline::{Audit, AuditedCall};
use record_keeping::{LogAdmissions, SqliteAttemptLedger};
use serde::Serialize;
use serde_json::{Value, json};

use super::Report;
use crate::args::{AuditArgs, Format, Global};
use crate::commands::simulate::runtime;
use crate::durations::rounded;
use crate::exit::{CliError, Exit};
use crate::output::{Output, Tone, printable};
use crate::render::{local_and_utc, wrapped};
use crate::settings::{Layers, load_gate, load_suppression, state_dir};

/// Where the texts of a call begin.
const INDENT: usize = 12;

/// What was found; `read` is the sum of lawful, unlawful and rejected.
#[derive(Debug, Default, Serialize)]
struct Books {
    read: u64,
    lawful: u64,
    unlawful: u64,
    rejected: u64,
    /// Calls for which the decision log has what admitted them.
    admitted: u64,
    /// Of these, calls after the end of their permission.
    after_permission: u64,
    by_reason: BTreeMap<String, u64>,
}

pub(super) fn run(global: &Global, args: &AuditArgs, output: &Output) -> Result<u8, CliError> {
    let mut flags = args.decision.flags();
    flags.extend(args.state_dir.clone().map(|path| ("state_dir", path)));
    let layers = Layers::load(global, flags)?;
    let gate = load_gate(&layers, output)?;
    let suppression = load_suppression(&layers)?;
    let folder = state_dir(&layers)?;
    let mut report = Report::open(&args.report, &layers)?;
    let mut auditor = Auditor {
        gate: &gate,
        output,
        lines: Vec::new(),
        books: Books::default(),
        documents: Vec::new(),
    };
    let calls = auditor.read(&mut report)?;
    let admissions =
        LogAdmissions::load(&folder, calls.iter().map(PlacedCall::callee)).map_err(PortFailure::from)?;
    if admissions.unreadable() > 0 {
        output.warning(&format!(
            "{} records of the decision log cannot be read; `curfew log verify` names them",
            admissions.unreadable()
        ));
    }
    let audit = Audit {
        gate: &gate,
        ledger: &SqliteAttemptLedger::read(&folder),
        suppression: &suppression,
        admissions: &admissions,
    };
    let judged = audit.run::<CliError>(&calls, |index, audited| match calls.get(index) {
        Some(call) => auditor.judged(index, call, &audited),
        None => Ok(()),
    });
    runtime()?.block_on(judged)?;
    auditor.show(&report.name)
}

struct Auditor<'a> {
    gate: &'a Gate,
    output: &'a Output,
    /// Where each call stands in the report.
    lines: Vec<u64>,
    books: Books,
    /// Kept where one document is to have them all.
    documents: Vec<Value>,
}

impl Auditor<'_> {
    /// All calls of the report that can be read; the others are named.
    fn read(&mut self, report: &mut Report) -> Result<Vec<PlacedCall>, CliError> {
        let mut calls = Vec::new();
        while let Some(read) = report.next()? {
            self.books.read += 1;
            match read.call {
                Ok(call) => {
                    self.lines.push(read.line);
                    calls.push(call);
                }
                Err(error) => {
                    self.books.rejected += 1;
                    let message = error.to_string();
                    let text = format!("rejected    line {}: {}", read.line, printable(&message));
                    self.enter(json!({"line": read.line, "error": message}), || vec![text])?;
                }
            }
        }
        Ok(calls)
    }

    fn judged(&mut self, index: usize, call: &PlacedCall, audited: &AuditedCall) -> Result<(), CliError> {
        let determination = &audited.determination;
        let line = self.lines.get(index).copied().unwrap_or_default();
        self.books.admitted += u64::from(audited.admission.is_some());
        self.books.after_permission += u64::from(audited.late.is_some());
        let reason = determination.reason();
        if determination.is_permitted() {
            self.books.lawful += 1;
        } else {
            self.books.unlawful += 1;
            if let Some(reason) = reason {
                *self
                    .books
                    .by_reason
                    .entry(reason.code.as_str().to_owned())
                    .or_default() += 1;
            }
        }
        let document = json!({
            "line": line,
            "external_id": call.external_id,
            "at": call.at,
            "lawful": determination.is_permitted(),
            "reason": reason,
            "places": determination.places,
            "admitted_by": audited.admission.as_ref().map(|admission| json!({
                "run": admission.run, "seq": admission.seq, "at": admission.at,
                "permitted_until": admission.permitted_until, "late_s": audited.late,
            })),
        });
        let is_shown = !determination.is_permitted() || audited.late.is_some();
        let (gate, output) = (self.gate, self.output);
        self.enter(document, || match is_shown {
            true => text(gate, output, line, call, audited),
            false => Vec::new(),
        })
    }

    /// Shows or keeps what was found about a line.
    fn enter(&mut self, document: Value, text: impl FnOnce() -> Vec<String>) -> Result<(), CliError> {
        match self.output.format_or(Format::Text) {
            Format::Text => {
                for line in text() {
                    self.output.line(&line)?;
                }
            }
            Format::Ndjson => self.output.line(&document.to_string())?,
            Format::Json => self.documents.push(document),
        }
        Ok(())
    }

    fn show(&self, source: &str) -> Result<u8, CliError> {
        let books = &self.books;
        match self.output.format_or(Format::Text) {
            Format::Text => {
                for (name, count) in [
                    ("read", books.read),
                    ("lawful", books.lawful),
                    ("unlawful", books.unlawful),
                    ("rejected", books.rejected),
                    ("admitted by the decision log", books.admitted),
                    ("called after their permission", books.after_permission),
                ] {
                    self.output.line(&format!("{name:<30} {count:>11}"))?;
                }
                if !books.by_reason.is_empty() {
                    self.output.line("unlawful, by reason:")?;
                }
                for (code, count) in &books.by_reason {
                    self.output.line(&format!("  {code:<28} {count:>11}"))?;
                }
            }
            Format::Ndjson => {
                let summary = json!({"schema": 1, "source": source, "books": books});
                self.output.line(&summary.to_string())?;
            }
            Format::Json => {
                let whole = json!({"schema": 1, "source": source, "calls": self.documents, "books": books});
                self.output.line(&whole.to_string())?;
            }
        }
        Ok(match (books.unlawful, books.rejected) {
            (0, 0) => Exit::DONE,
            (0, _) => Exit::ITEMS,
            _ => Exit::PROHIBITED,
        })
    }
}

/// A call as text: what it was, why it was unlawful, what let it in.
fn text(gate: &Gate, output: &Output, line: u64, call: &PlacedCall, audited: &AuditedCall) -> Vec<String> {
    let determination = &audited.determination;
    let (word, tone) = match determination.is_permitted() {
        true => ("lawful", Tone::Good),
        false => ("unlawful", Tone::Bad),
    };
    let phone = call.evidence.phone.as_deref().map(mask_numbers);
    let callee = printable(call.external_id.as_deref().or(phone.as_deref()).unwrap_or("-"));
    let zone = determination.places.first().map(|place| place.zone.as_str());
    let word = output.toned(&format!("{word:<10}"), tone);
    let mut lines = vec![format!(
        "{word}  line {line}  {callee}  {}",
        local_and_utc(gate, zone, call.at)
    )];
    if let Some(reason) = determination.reason().filter(|_| !determination.is_permitted()) {
        let reason = format!("{}: {}", reason.code, reason.message);
        lines.extend(wrapped("", &reason, INDENT));
    }
    let admitted = match &audited.admission {
        Some(admission) => admitted(gate, zone, admission, audited.late),
        None => "no record of the decision log admitted it".to_owned(),
    };
    lines.extend(wrapped("", &admitted, INDENT));
    lines
}

/// `admitted by record 17 of run R, permitted until T; called 12 min after that`.
fn admitted(gate: &Gate, zone: Option<&str>, admission: &RecordedAdmission, late: Option<i64>) -> String {
    let mut text = format!("admitted by record {} of run {}", admission.seq, admission.run);
    if let Some(until) = admission.permitted_until {
        text.push_str(&format!(", permitted until {}", local_and_utc(gate, zone, until)));
    }
    if let Some(seconds) = late {
        text.push_str(&format!("; called {} after that", rounded(seconds)));
    }
    text
}
