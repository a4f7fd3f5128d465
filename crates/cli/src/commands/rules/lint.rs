//! `curfew rules lint`: what in the rulebook in use needs attention.

mod checks;
mod effect;

use core_compliance::{Gate, LocalDate};
use serde_json::json;

use super::{counted, date_or_today, stamp, title};
use crate::args::{Format, RulesLintArgs};
use crate::exit::{CliError, Exit};
use crate::output::{Output, Tone};
use crate::render::wrapped;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    /// Wrong as it stands.
    Error,
    /// To be looked at, or to be answered for.
    Warning,
    /// Good to know; it does not change the exit code.
    Note,
}

impl Level {
    fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// Something that needs attention.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct LintFinding {
    level: Level,
    /// Permanent kebab-case code.
    code: &'static str,
    /// Id of the rule, cap or calendar.
    about: String,
    message: String,
}

impl LintFinding {
    fn new(level: Level, code: &'static str, about: &str, message: impl Into<String>) -> Self {
        Self {
            level,
            code,
            about: about.to_owned(),
            message: message.into(),
        }
    }
}

pub(super) fn run(gate: &Gate, args: &RulesLintArgs, output: &Output) -> Result<u8, CliError> {
    let today = date_or_today(args.at);
    let findings = lint(gate, today)?;
    let weighs = |finding: &&LintFinding| finding.level != Level::Note;
    let count = findings.iter().filter(weighs).count();
    match output.format_or(Format::Text) {
        Format::Text => text(gate, &findings, today, output)?,
        Format::Json => {
            let findings: Vec<_> = findings.iter().map(json_of).collect();
            let document = json!({
                "schema": 1, "at": today.to_string(), "rulebook": stamp(gate.rulebook()), "findings": findings,
            });
            output.line(&document.to_string())?;
        }
        Format::Ndjson => {
            for finding in &findings {
                output.line(&json_of(finding).to_string())?;
            }
        }
    }
    Ok(if count == 0 { Exit::DONE } else { Exit::ITEMS })
}

/// All findings, the weightiest first.
fn lint(gate: &Gate, today: LocalDate) -> Result<Vec<LintFinding>, CliError> {
    let book = gate.rulebook();
    let mut findings = Vec::new();
    checks::age(book, today, &mut findings);
    checks::relaxations(book, today, &mut findings);
    checks::calendars(book, today, &mut findings);
    checks::sources(book, &mut findings);
    checks::expired(book, today, &mut findings);
    checks::closed_rules(book, today, &mut findings);
    effect::without_effect(gate, today, &mut findings)?;
    effect::closed_places(gate, today, &mut findings)?;
    findings.sort();
    Ok(findings)
}

fn json_of(finding: &LintFinding) -> serde_json::Value {
    json!({
        "level": finding.level.as_str(), "code": finding.code, "about": finding.about, "message": finding.message,
    })
}

fn text(gate: &Gate, findings: &[LintFinding], today: LocalDate, output: &Output) -> Result<(), CliError> {
    for finding in findings {
        let tone = match finding.level {
            Level::Error | Level::Warning => Tone::Bad,
            Level::Note => Tone::Faint,
        };
        let about = format!("{}: {}: {}", finding.about, finding.code, finding.message);
        let mut lines = wrapped(finding.level.as_str(), &about, 9).into_iter();
        if let Some(first) = lines.next() {
            let label = finding.level.as_str();
            let rest = first.strip_prefix(label).unwrap_or_default();
            output.line(&format!("{}{rest}", output.toned(label, tone)))?;
        }
        for line in lines {
            output.line(&line)?;
        }
    }
    let count = |level: Level| findings.iter().filter(|finding| finding.level == level).count();
    let verdict = match (count(Level::Error), count(Level::Warning), count(Level::Note)) {
        (0, 0, 0) => "clean".to_owned(),
        (0, 0, notes) => format!("clean, {notes} to note"),
        (errors, warnings, notes) => format!(
            "{}, {}, {notes} to note",
            counted(errors, "error"),
            counted(warnings, "warning")
        ),
    };
    let summary = format!("{verdict}: {}, judged as of {today}", title(gate.rulebook()));
    for line in wrapped("", &summary, 0) {
        output.line(&line)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use core_compliance::document::Document;
    use core_compliance::{Overlay, Rulebook, Settings, ZoneDatabase};

    use super::*;

    /// Level, code and subject of what is found in the shipped rulebook with this overlay on top.
    #[track_caller]
    fn found(overlay: &str, today: (i32, u8, u8)) -> Vec<String> {
        let document = Document {
            name: "own.toml",
            text: overlay,
        };
        let overlay = Overlay::parse(&document, &[]).unwrap();
        let book = Rulebook::shipped().with_overlay(overlay).unwrap();
        let gate = Gate::new(ZoneDatabase::bundled(), book, Settings::default()).unwrap();
        let today = LocalDate::from_calendar(today.0, today.1, today.2).unwrap();
        let shown =
            |finding: LintFinding| format!("{} {} {}", finding.level.as_str(), finding.code, finding.about);
        lint(&gate, today).unwrap().into_iter().map(shown).collect()
    }

    fn own(id: &str, rest: &str) -> String {
        format!("[[rule]]\nid = \"{id}\"\n{rest}\n")
    }

    #[test]
    fn the_shipped_rulebook_ages() {
        assert!(found("", (2026, 10, 1)).is_empty());
        let soon = found("", (2026, 11, 24));
        assert!(
            soon.iter()
                .all(|each| each.starts_with("note calendar-ends-soon")),
            "{soon:?}"
        );
        let late = found("", (2027, 6, 1));
        assert!(
            late.contains(&"warning rulebook-stale rulebook".to_owned()),
            "{late:?}"
        );
        assert!(
            late.contains(&"warning calendar-ended TH-decreed".to_owned()),
            "{late:?}"
        );
    }

    #[test]
    fn own_rules_that_change_nothing_are_named() {
        let at = (2026, 10, 1);
        let same = own(
            "same",
            "jurisdiction = \"US-PA\"\npurposes = [\"sales\"]\nhours = \"00:00-24:00\"",
        );
        assert_eq!(found(&same, at), ["warning without-effect same"]);
        // As wide as a rule that does not lift for consent is not without effect where that rule lifts.
        let firm = own(
            "firm",
            "jurisdiction = \"US-FL\"\npurposes = [\"sales\"]\nchannels = [\"voice\"]\nhours = \"08:00-20:00\"",
        );
        assert!(found(&firm, at).is_empty());
        let lifting = format!(
            "{firm}unless = [{{ consent = \"express\" }}, {{ relationship = \"contract-in-progress\" }}, {{ relationship = \"transaction\" }}, {{ relationship = \"inquiry\" }}]"
        );
        assert_eq!(found(&lifting, at), ["warning without-effect firm"]);
        let stricter = own(
            "sat",
            "jurisdiction = \"US-FL\"\nhours = \"mon-fri,sun 08:00-20:00\"",
        );
        assert!(found(&stricter, at).is_empty());
    }

    #[test]
    fn hours_that_never_open_are_named() {
        let at = (2026, 10, 1);
        let night = own(
            "night",
            "jurisdiction = \"US-FL\"\npurposes = [\"sales\"]\nhours = \"02:00-04:00\"",
        );
        assert_eq!(found(&night, at), ["warning place-never-opens US-FL"]);
        let ban = own("ban", "jurisdiction = \"GB\"\nrequires = []");
        assert_eq!(found(&ban, at), ["warning never-opens ban"]);
        assert!(found(&format!("{ban}effective_until = 2026-12-01\n"), at).is_empty());
        assert_eq!(
            found(&format!("{ban}effective_until = 2026-09-01\n"), at),
            ["note no-longer-in-force ban"]
        );
    }

    #[test]
    fn own_law_has_a_source() {
        let law = own(
            "law",
            "jurisdiction = \"GB\"\nhours = \"mon-fri 09:00-17:00\"\nstatus = \"law\"",
        );
        assert_eq!(found(&law, (2026, 10, 1)), ["warning no-source law"]);
        assert!(
            found(
                &format!("{law}source = \"https://example.com\"\ncitation = \"s. 1\"\n"),
                (2026, 10, 1)
            )
            .is_empty()
        );
    }
}
