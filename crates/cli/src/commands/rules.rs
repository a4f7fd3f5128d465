//! `curfew rules`: the rulebook in use, read, checked and compared.

mod diff;
mod document;
mod entry;
mod explain;
mod lint;
mod list;
mod places;
mod show;
mod words;

use core_compliance::ports::Clock as _;
use core_compliance::{Gate, LocalDate, Rulebook};
use serde_json::json;

use crate::args::{DecisionArgs, Global, RulesAction, RulesArgs};
use crate::clock::SystemClock;
use crate::exit::CliError;
use crate::output::Output;
use crate::settings::{Layers, load_gate};

pub(crate) fn run(global: &Global, args: &RulesArgs, output: &Output) -> Result<u8, CliError> {
    let gate = |decision: &DecisionArgs| load_gate(&Layers::load(global, decision.flags())?, output);
    match &args.action {
        RulesAction::List(args) => list::run(&gate(&args.decision)?, args, output),
        RulesAction::Show(args) => show::run(&gate(&args.decision)?, args, output),
        RulesAction::Explain(args) => explain::run(&gate(&args.decision)?, args, output),
        RulesAction::Lint(args) => lint::run(&gate(&args.decision)?, args, output),
        RulesAction::Diff(args) => diff::run(global, args, output),
        RulesAction::Document(args) => document::run(&gate(&args.decision)?, output),
    }
}

/// The date on which something is judged: the given, or today's in UTC.
fn date_or_today(given: Option<LocalDate>) -> LocalDate {
    given.unwrap_or_else(|| LocalDate::from(SystemClock.now().to_utc().date()))
}

/// `rulebook 2026.11.1, reviewed on 2026-11-23`.
fn title(book: &Rulebook) -> String {
    format!("rulebook {}, reviewed on {}", book.version(), book.reviewed_on())
}

fn stamp(book: &Rulebook) -> serde_json::Value {
    json!({
        "version": book.version(),
        "sha256": book.sha256(),
        "reviewed_on": book.reviewed_on().to_string(),
    })
}

/// `US-FL Florida`; the code alone where it has no name.
fn named(gate: &Gate, jurisdiction: &core_compliance::Jurisdiction) -> String {
    match gate.gazetteer().name(jurisdiction) {
        name if name == jurisdiction.as_str() => name.to_owned(),
        name => format!("{jurisdiction} {name}"),
    }
}

/// `1 rule`, `2 rules`.
fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
