//! What a scrub tells: what it has recognised, and its books.

use std::collections::BTreeMap;
use std::io::{self, Write as _};

use core_compliance::{Decision, Gate};
use local_files::{ColumnMapping, ListHead, ListInput, Packing};
use pipeline::ListBooks;
use serde_json::json;

use crate::args::{Format, ScrubArgs};
use crate::exit::CliError;
use crate::output::{Output, Tone, printable};
use crate::render::wrapped;

/// Columns of the labels.
const LABEL: usize = 10;
/// Reasons shown one by one before the rest is counted.
const REASONS_SHOWN: usize = 40;

/// Where it is told.
pub(super) struct Report {
    pub(super) output: Output,
    /// Stdout is taken by rows.
    pub(super) to_stderr: bool,
}

/// What was done.
pub(super) struct Facts<'a> {
    pub(super) gate: &'a Gate,
    pub(super) books: &'a ListBooks,
    pub(super) seconds: f64,
    pub(super) planned: &'a str,
    pub(super) name: &'a str,
    pub(super) has_rejected_file: bool,
}

impl Report {
    fn is_text(&self) -> bool {
        self.output.format_or(Format::Text) == Format::Text
    }

    fn line(&self, text: &str) -> Result<(), CliError> {
        if self.to_stderr || !self.is_text() {
            self.output.note(text);
            return Ok(());
        }
        match self.output.line(text) {
            // Who has stopped reading the books may still want the files.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            written => Ok(written?),
        }
    }

    /// What was recognised, before anything is done.
    pub(super) fn begin(
        &self,
        gate: &Gate,
        args: &ScrubArgs,
        input: &ListInput,
        head: Option<&ListHead>,
        mapping: &ColumnMapping,
        planned: &str,
    ) -> Result<(), CliError> {
        let packing = match input.packing() {
            Packing::Plain => "",
            Packing::Gzip => ", gzip",
            Packing::Zstd => ", zstd",
        };
        let list = format!("{}, {}{packing}", printable(input.name()), input.form().as_str());
        let columns = match head {
            Some(head) => head.columns().described(),
            None => {
                let mapped: Vec<String> = mapping
                    .iter()
                    .map(|(field, key)| format!("{field} = `{key}`"))
                    .collect();
                match mapped.is_empty() {
                    true => "keys by their names".to_owned(),
                    false => format!("keys by their names; {}", mapped.join(", ")),
                }
            }
        };
        let settings = gate.settings();
        let outputs = [
            ("annotated", &args.annotate),
            ("permitted", &args.permitted),
            ("prohibited", &args.prohibited),
            ("rejected", &args.rejected),
        ];
        let written: Vec<String> = outputs
            .into_iter()
            .filter_map(|(what, path)| Some(format!("{what} rows to {}", path.as_ref()?.display())))
            .collect();
        let mode = match written.is_empty() {
            true => "PREVIEW, nothing is written".to_owned(),
            false => format!("WRITE {}", written.join(", ")),
        };
        for (label, text) in [
            ("list", list),
            ("columns", printable(&columns)),
            ("purpose", format!("{} {}", settings.purpose, settings.channel)),
            ("planned", printable(planned)),
            ("mode", printable(&mode)),
        ] {
            for line in wrapped(label, &text, LABEL) {
                self.line(&line)?;
            }
        }
        Ok(())
    }

    /// The books.
    pub(super) fn end(&self, facts: &Facts<'_>) -> Result<(), CliError> {
        if !self.is_text() && !self.to_stderr {
            self.output.line(&facts.document()?)?;
        }
        let books = facts.books;
        for (label, count) in [
            ("rows", books.rows),
            ("permitted", books.permitted),
            ("prohibited", books.prohibited),
            ("rejected", books.rejected),
        ] {
            self.line(&format!("{label:<16} {count:>12}"))?;
        }
        self.reasons(books)?;
        if !books.rejected_by.is_empty() {
            self.line("rejected, by code:")?;
        }
        for (code, rejects) in &books.rejected_by {
            let first = format!("first on line {}: {}", rejects.first_line, advice(code));
            let label = format!("  {code:<24} {:>7}  ", rejects.rows);
            for line in wrapped(&label, &first, label.len()) {
                self.line(&line)?;
            }
        }
        if let Some(earliest) = books.earliest_opening() {
            self.line(&format!(
                "the first of the prohibited may be called from {earliest}"
            ))?;
        }
        let rate = books.rows as f64 / facts.seconds.max(0.001);
        self.line(&format!(
            "{:.1} s, {rate:.0} rows a second; rulebook {}, tzdb {}",
            facts.seconds,
            facts.gate.rulebook().version(),
            facts.gate.zones().version()
        ))?;
        if books.rejected > 0 && !facts.has_rejected_file {
            self.output.warning(&format!(
                "{} rows were rejected; `--rejected FILE` writes them to a file, with line and reason",
                books.rejected
            ));
        }
        if books.rows == 0 {
            self.output.warning("the list has no rows");
        }
        let _ = io::stderr().flush();
        Ok(())
    }

    fn reasons(&self, books: &ListBooks) -> Result<(), CliError> {
        if !books.by_reason.is_empty() {
            self.line("by reason and jurisdiction:")?;
        }
        let mut reasons: Vec<_> = books.by_reason.iter().collect();
        reasons.sort_by_key(|(reason, count)| (reason.decision, std::cmp::Reverse(count.rows)));
        for (reason, count) in reasons.iter().take(REASONS_SHOWN) {
            let (word, tone) = match reason.decision {
                Decision::Permit => ("permitted", Tone::Good),
                _ => ("prohibited", Tone::Bad),
            };
            let opens = count
                .earliest_opening
                .map(|opening| format!("  opens from {opening}"));
            let place = if reason.jurisdiction.is_empty() {
                "-"
            } else {
                &reason.jurisdiction
            };
            let word = match self.to_stderr {
                true => format!("{word:<10}"),
                false => self.output.toned(&format!("{word:<10}"), tone),
            };
            self.line(&format!(
                "  {word} {:<30} {place:<12} {:>12}{}",
                reason.code.as_str(),
                count.rows,
                opens.unwrap_or_default()
            ))?;
        }
        match reasons.len().saturating_sub(REASONS_SHOWN) {
            0 => Ok(()),
            rest => self.line(&format!("  and {rest} more; --summary FILE has them all")),
        }
    }
}

impl Facts<'_> {
    /// The books as JSON.
    pub(super) fn document(&self) -> Result<String, CliError> {
        let books = self.books;
        let by_reason: Vec<_> = books
            .by_reason
            .iter()
            .map(|(reason, count)| {
                json!({
                    "decision": reason.decision,
                    "reason": reason.code,
                    "jurisdiction": Some(&reason.jurisdiction).filter(|code| !code.is_empty()),
                    "rows": count.rows,
                    "earliest_opening": count.earliest_opening,
                })
            })
            .collect();
        let rejected_by: BTreeMap<_, _> = books
            .rejected_by
            .iter()
            .map(|(code, rejects)| {
                (
                    *code,
                    json!({"rows": rejects.rows, "first_line": rejects.first_line}),
                )
            })
            .collect();
        let settings = self.gate.settings();
        let document = json!({
            "schema": 1,
            "list": self.name,
            "planned": self.planned,
            "rows": books.rows,
            "permitted": books.permitted,
            "prohibited": books.prohibited,
            "rejected": books.rejected,
            "by_reason": by_reason,
            "rejected_by": rejected_by,
            "earliest_opening": books.earliest_opening(),
            "seconds": (self.seconds * 1_000.0).round() / 1_000.0,
            "settings": {
                "purpose": settings.purpose,
                "channel": settings.channel,
                "policy": settings.policy,
                "guard_s": settings.guard,
                "sha256": settings.sha256(settings.purpose, settings.channel),
            },
            "rulebook": {"version": self.gate.rulebook().version(), "sha256": self.gate.rulebook().sha256()},
            "tzdb": {"version": self.gate.zones().version(), "sha256": self.gate.zones().sha256()},
            "engine": env!("CARGO_PKG_VERSION"),
        });
        Ok(document.to_string())
    }
}

/// What is wrong with rejected rows, and what to do.
pub(super) fn advice(code: &str) -> &'static str {
    match code {
        "annotated-before" => "the row has keys that Curfew writes; scrub the list as it was before",
        "columns-ambiguous" => "two keys of the row hold the same field; say which with --columns",
        "fields-count" => {
            "the row has more or fewer fields than the first line; quote fields that hold a delimiter"
        }
        "json-unreadable" => "the line is no JSON object",
        "phone-missing" => "the number is blank; supply it, or drop the column with `--columns phone=-`",
        "phone-not-e164" => {
            "the number is not E.164; write `+`, country code and number without spaces, at most 15 digits"
        }
        "planned-time-unreadable" => {
            "the planned time is no RFC 3339 time with offset; write `2026-06-10T15:00:00Z`, or say --assume-utc where \
             only the offset is missing"
        }
        "quote-unclosed" => {
            "a quotation mark is not closed, or text follows a closed one; write `\"\"` for a mark in a field"
        }
        "row-too-long" => "the row is longer than 1 MiB",
        _ => "see docs/findings.md",
    }
}
