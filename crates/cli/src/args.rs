//! What may stand on the command line.

mod attempts;
mod decision;
mod deferred;
mod facts;
mod list;
mod log;
mod rules;
mod scrub;
mod sync;

pub(crate) use attempts::{
    AttemptsAction, AttemptsArgs, AuditArgs, FormatIn, ImportArgs, ListArgs, ReportArgs,
};
pub(crate) use decision::{DecisionArgs, EvidenceArgs, parse_place};
pub(crate) use deferred::{DeferredAction, DeferredArgs, DeferredListArgs};
pub(crate) use facts::FactsArgs;
pub(crate) use log::{
    LogAction, LogArgs, LogExportArgs, LogPruneArgs, LogReplayArgs, LogShowArgs, LogVerifyArgs, StateArgs,
    With,
};
pub(crate) use rules::{
    RulesAction, RulesArgs, RulesDiffArgs, RulesExplainArgs, RulesLintArgs, RulesListArgs, RulesShowArgs,
};
pub(crate) use scrub::{ScrubArgs, ZoneNamesArg};
pub(crate) use sync::{SimulateArgs, SyncArgs};

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Decides whether outbound calls may be placed, by the callee's local time and the rules of the place, explains why,
/// and lets only lawful contacts into a NICE CXone campaign.
#[derive(Debug, Parser)]
#[command(
    name = "curfew",
    version = version(),
    propagate_version = true,
    max_term_width = 100,
    after_help = "Exit codes: 0 done (check: permitted), 1 could not go on, 2 usage, 3 check: prohibited, \
                  4 done, but items were rejected, unreadable or failed, 75 state directory in use, 130/143 interrupted.\n\n\
                  Environment: CURFEW_CONFIG names the settings file; CURFEW_LOG filters logs, such as \
                  cxone_client=trace, and wins over --verbose; NO_COLOR switches colours off; `curfew config show` \
                  shows every setting. The host's time zone and language never matter.\n\n\
                  Not legal advice."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// `0.1.0 (rulebook 0, tzdb 2026f)`.
fn version() -> &'static str {
    static VERSION: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    VERSION.get_or_init(|| {
        let rulebook = core_compliance::Rulebook::shipped();
        let zones = core_compliance::ZoneDatabase::bundled();
        format!(
            "{} (rulebook {}, tzdb {})",
            env!("CARGO_PKG_VERSION"),
            rulebook.version(),
            zones.version()
        )
    })
}

/// Options of every command.
#[derive(Args, Debug)]
pub(crate) struct Global {
    /// Settings file [default: CURFEW_CONFIG, ./curfew.toml, or curfew/curfew.toml in the XDG configuration folder]
    #[arg(long, global = true, value_name = "FILE", help_heading = "Global options")]
    pub(crate) config: Option<PathBuf>,
    /// Read no settings file
    #[arg(
        long,
        global = true,
        conflicts_with = "config",
        help_heading = "Global options"
    )]
    pub(crate) no_config: bool,
    /// How results are written; it never depends on where they go
    #[arg(long, global = true, value_enum, help_heading = "Global options")]
    pub(crate) format: Option<Format>,
    /// How stderr is written: text, or everything on it as one JSON object a line
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "FORMAT",
        default_value_t = LogFormat::Text,
        help_heading = "Global options"
    )]
    pub(crate) log_format: LogFormat,
    /// When to use colours; NO_COLOR is heeded
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, help_heading = "Global options")]
    pub(crate) color: Color,
    /// Say nothing beside results, warnings and errors
    #[arg(
        long,
        short,
        global = true,
        conflicts_with = "verbose",
        help_heading = "Global options"
    )]
    pub(crate) quiet: bool,
    /// Log to stderr, and name every contact of a sync; twice for debug logs, three times for traces
    #[arg(long, short, global = true, action = clap::ArgAction::Count, help_heading = "Global options")]
    pub(crate) verbose: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// One JSON document
    Json,
    /// One JSON document a line
    Ndjson,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show it all: a simulated tenant and a sync with it, without credentials
    Demo(DemoArgs),
    /// Decide about one attempt, or about a file of them
    Check(CheckArgs),
    /// Read a tenant's contacts, judge each, and upsert the permitted ones
    Sync(SyncArgs),
    /// Judge a whole list, fast: who may be called at a time, and who may not
    Scrub(Box<ScrubArgs>),
    /// Placed calls: enter them into the ledger, audit them, list them
    Attempts(AttemptsArgs),
    /// Show when a place may be called in the coming days
    Windows(WindowsArgs),
    /// Read the rulebook: list, show, explain, lint, diff
    Rules(RulesArgs),
    /// Show the contacts that wait for their next opening
    Deferred(DeferredArgs),
    /// Ask the records of runs: verify, show, replay, export, prune
    Log(LogArgs),
    /// Show the time zone data in use
    Zones(ZonesArgs),
    /// Run a simulated tenant on this machine
    Simulate(SimulateArgs),
    /// Show the settings in force
    Config(ConfigArgs),
    /// Print completions for a shell
    Completions(CompletionsArgs),
}

#[derive(Args, Debug)]
pub(crate) struct DemoArgs {
    /// How many contacts the simulated tenant has
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) contacts: u32,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples: curfew check --region US-FL --at 2026-06-10T12:30:00Z, curfew check --region FR \
                  --consent express@2026-09-01T09:00:00Z --attempt 2026-09-10T09:00:00Z=no-answer"
)]
pub(crate) struct CheckArgs {
    /// Attempts to judge, one JSON object a line, such as {"id":"7","at":"2026-06-10T12:30:00Z","region":"US-FL"};
    /// `-` reads stdin. Answers are NDJSON unless --format says otherwise
    #[arg(long, value_name = "FILE", conflicts_with_all = ["region", "zone", "country", "phone", "postal_code", "places", "at", "consent", "relationship", "attempts", "no_attempts", "callee", "caller"])]
    pub(crate) input: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) evidence: EvidenceArgs,
    #[command(flatten)]
    pub(crate) facts: FactsArgs,
    /// When the call is planned: RFC 3339 with offset, `+8h`, or `now` [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) at: Option<String>,
    /// The contact's external id, repeated in the determination
    #[arg(long, value_name = "ID", conflicts_with = "input")]
    pub(crate) id: Option<String>,
    /// Count the attempts that the ledger of this folder has of --phone and --id
    #[arg(long, value_name = "DIR", conflicts_with = "input")]
    pub(crate) state_dir: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) decision: DecisionArgs,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples: curfew windows US-TN --days 7, curfew windows Europe/Paris, \
                        curfew windows US-NY@America/New_York"
)]
pub(crate) struct WindowsArgs {
    /// A region code (US-TN, US-PST, GB), a zone (Europe/Paris), JURISDICTION@ZONE, or a number (+13055550123)
    #[arg(value_name = "PLACE", conflicts_with_all = ["region", "places"])]
    pub(crate) place: Option<String>,
    #[command(flatten)]
    pub(crate) evidence: EvidenceArgs,
    /// First day to show: a time on it [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) at: Option<String>,
    /// How many days
    #[arg(long, value_name = "N", default_value_t = 14, value_parser = clap::value_parser!(u16).range(1..=366))]
    pub(crate) days: u16,
    #[command(flatten)]
    pub(crate) decision: DecisionArgs,
}

#[derive(Args, Debug)]
pub(crate) struct ZonesArgs {
    /// Show this zone's clock and its next changes
    #[arg(value_name = "ZONE")]
    pub(crate) zone: Option<String>,
    /// At this time [default: now]
    #[arg(long, value_name = "TIME", requires = "zone")]
    pub(crate) at: Option<String>,
    /// Folder with newer compiled zone data
    #[arg(long, value_name = "DIR")]
    pub(crate) tzdata: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct ConfigArgs {
    #[command(subcommand)]
    pub(crate) action: ConfigAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigAction {
    /// Show every setting, its value and where it comes from
    Show(ConfigShowArgs),
}

#[derive(Args, Debug)]
pub(crate) struct ConfigShowArgs {
    #[command(flatten)]
    pub(crate) decision: DecisionArgs,
}

#[derive(Args, Debug)]
pub(crate) struct CompletionsArgs {
    /// Which shell
    pub(crate) shell: clap_complete::Shell,
}
