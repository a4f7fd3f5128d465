//! Logs, to stderr: quiet unless asked for.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::{Directive, LevelFilter};

use crate::args::{Color, Global, LogFormat};
use crate::output::{LOGGED, Output, wants_no_color};

/// Names a filter such as `cxone_client=trace`; it wins over `--verbose`.
const FILTER: &str = "CURFEW_LOG";

pub(crate) fn start(global: &Global, output: &Output) {
    let (filter, complaint) = filter(global);
    let colored = match global.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => std::io::stderr().is_terminal() && !wants_no_color(),
    };
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(colored);
    // Fails only if a logger is set already, which is then as good.
    let _ = match global.log_format {
        LogFormat::Text => logs.try_init(),
        LogFormat::Json => logs
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .try_init(),
    };
    if let Some(complaint) = complaint {
        output.warning(&complaint);
    }
}

/// What is logged; and a complaint, where the filter given cannot be read.
fn filter(global: &Global) -> (EnvFilter, Option<String>) {
    let level = match global.verbose {
        0 => LevelFilter::OFF,
        1 => LevelFilter::INFO,
        2 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    let ours = [
        "cli",
        "curfew",
        "cxone_client",
        "cxone_simulator",
        "pipeline",
        "record_keeping",
    ];
    let directives = ours.map(|name| format!("{name}={level}")).join(",");
    // An empty variable counts as not set.
    let given = std::env::var(FILTER).ok().filter(|filter| !filter.is_empty());
    let (filter, complaint) = match given.map(EnvFilter::try_new) {
        None => (EnvFilter::new(directives), None),
        Some(Ok(filter)) => (filter, None),
        Some(Err(error)) => (
            EnvFilter::new(directives),
            Some(format!(
                "{FILTER} is ignored: {error}; write it as `info` or `cxone_client=trace`"
            )),
        ),
    };
    // What would stand on stderr without any logs does so with them.
    let spoken = if global.quiet { "warn" } else { "info" };
    let spoken: Option<Directive> = format!("{LOGGED}={spoken}").parse().ok();
    match spoken {
        Some(spoken) => (filter.add_directive(spoken), complaint),
        None => (filter, complaint),
    }
}
