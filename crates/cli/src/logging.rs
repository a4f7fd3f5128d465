//! Logs, to stderr: quiet unless asked for.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use crate::args::{Color, Global};
use crate::output::{Output, wants_no_color};

/// Names a filter such as `cxone_client=trace`; it wins over `--verbose`.
const FILTER: &str = "CURFEW_LOG";

pub(crate) fn start(global: &Global, output: &Output) {
    let level = match global.verbose {
        0 => LevelFilter::OFF,
        1 => LevelFilter::INFO,
        2 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    let ours = ["cli", "curfew", "cxone_client", "cxone_simulator", "pipeline"];
    let directives = ours.map(|name| format!("{name}={level}")).join(",");
    // An empty variable counts as not set.
    let given = std::env::var(FILTER).ok().filter(|filter| !filter.is_empty());
    let filter = match given.map(EnvFilter::try_new) {
        None => EnvFilter::new(directives),
        Some(Ok(filter)) => filter,
        Some(Err(error)) => {
            output.warning(&format!(
                "{FILTER} is ignored: {error}; write it as `info` or `cxone_client=trace`"
            ));
            EnvFilter::new(directives)
        }
    };
    let colored = match global.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => std::io::stderr().is_terminal() && !wants_no_color(),
    };
    // Fails only if a logger is set already, which is then as good.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(colored)
        .try_init();
}
