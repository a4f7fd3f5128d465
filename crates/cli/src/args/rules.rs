//! `curfew rules …`.

use clap::{Args, Subcommand};
use core_compliance::{Jurisdiction, LocalDate, Purpose, RuleStatus};

use super::DecisionArgs;

#[derive(Args, Debug)]
pub(crate) struct RulesArgs {
    #[command(subcommand)]
    pub(crate) action: RulesAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RulesAction {
    /// List every rule and cap, and the jurisdictions without hours of their own
    List(RulesListArgs),
    /// Show all that governs in a jurisdiction and, for a date, the hours of that day
    Show(RulesShowArgs),
    /// Show one rule or cap whole: hours, holidays with dates, conditions, words of the law, sources
    Explain(RulesExplainArgs),
    /// Look for what needs attention; exit code 4 where there is something
    Lint(RulesLintArgs),
    /// Compare two rulebooks: rules field by field, and which hours of the coming year open or close
    Diff(RulesDiffArgs),
    /// Print the whole rulebook as a Markdown page
    Document(RulesDocumentArgs),
}

#[derive(Args, Debug)]
pub(crate) struct RulesListArgs {
    /// Only of this jurisdiction and those within it, such as US or US-FL
    #[arg(long, value_name = "CODE")]
    pub(crate) jurisdiction: Option<Jurisdiction>,
    /// Only of this status: law, self-regulatory, practice, unverified
    #[arg(long, value_name = "STATUS")]
    pub(crate) status: Option<RuleStatus>,
    #[command(flatten)]
    pub(crate) decision: DecisionArgs,
}

#[derive(Args, Debug)]
#[command(after_help = "Example: curfew rules show US-PA --at 2026-12-25")]
pub(crate) struct RulesShowArgs {
    /// Code of a country, a subdivision or a county: GB, US-PA, US-AL:Mobile
    #[arg(value_name = "JURISDICTION")]
    pub(crate) jurisdiction: Jurisdiction,
    /// Show the hours of this local date, holidays heeded, such as 2026-12-25
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub(crate) at: Option<LocalDate>,
    #[command(flatten)]
    pub(crate) decision: DecisionArgs,
}

#[derive(Args, Debug)]
#[command(after_help = "Example: curfew rules explain US-FL")]
pub(crate) struct RulesExplainArgs {
    /// Id of a rule or a cap; `curfew rules list` shows them all
    #[arg(value_name = "RULE")]
    pub(crate) id: String,
    /// Name holidays of this date's year and the next [default: today]
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub(crate) at: Option<LocalDate>,
    #[command(flatten)]
    pub(crate) decision: DecisionArgs,
}

#[derive(Args, Debug)]
pub(crate) struct RulesLintArgs {
    /// Judge as of this date [default: today]
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub(crate) at: Option<LocalDate>,
    #[command(flatten)]
    pub(crate) decision: DecisionArgs,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Each side is `shipped`, a file of own rules (compared as shipped with it on top), or a folder of \
                        rulebook files. Hours are those without consent, relationship and history.\n\n\
                        Example: curfew rules diff shipped acme.toml"
)]
pub(crate) struct RulesDiffArgs {
    /// `shipped`, FILE or FOLDER
    #[arg(value_name = "OLD")]
    pub(crate) old: String,
    /// `shipped`, FILE or FOLDER
    #[arg(value_name = "NEW")]
    pub(crate) new: String,
    /// Purposes whose hours are compared; repeatable [default: sales and collections]
    #[arg(long = "purpose", value_name = "PURPOSE")]
    pub(crate) purposes: Vec<Purpose>,
    /// By what: voice, text, email [default: voice]
    #[arg(long, value_name = "CHANNEL")]
    pub(crate) channel: Option<String>,
    /// The year begins on this date, UTC [default: now]
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub(crate) at: Option<LocalDate>,
    /// Folder with newer compiled zone data
    #[arg(long, value_name = "DIR")]
    pub(crate) tzdata: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct RulesDocumentArgs {
    #[command(flatten)]
    pub(crate) decision: DecisionArgs,
}

/// `2026-12-25`.
pub(crate) fn parse_date(text: &str) -> Result<LocalDate, String> {
    let read = text.trim().parse::<jiff::civil::Date>().ok().and_then(|date| {
        let (month, day) = (u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?);
        LocalDate::from_calendar(i32::from(date.year()), month, day)
    });
    // The library reads times as well, and would drop them.
    read.filter(|_| text.trim().len() == 10)
        .filter(|date| (1970..=2199).contains(&date.to_date().year()))
        .ok_or_else(|| format!("`{text}` is not a date; write it as 2026-12-25"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_dates_alone() {
        assert_eq!(
            parse_date("2026-12-25"),
            Ok(LocalDate::from_calendar(2026, 12, 25).unwrap())
        );
        for text in ["2026-02-30", "2026-12-25T10:00:00Z", "25.12.2026", "now", ""] {
            assert!(parse_date(text).is_err(), "{text}");
        }
    }
}
