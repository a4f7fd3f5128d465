//! Logs, to stderr: quiet unless asked for.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use crate::args::{Color, Global};

/// Names a filter such as `cxone_client=trace`; it wins over `--verbose`.
const FILTER: &str = "CURFEW_LOG";

pub(crate) fn start(global: &Global) {
    let level = match global.verbose {
        0 => LevelFilter::OFF,
        1 => LevelFilter::INFO,
        2 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    let ours = ["cli", "curfew", "cxone_client", "cxone_simulator", "pipeline"];
    let directives = ours.map(|name| format!("{name}={level}")).join(",");
    let filter = std::env::var(FILTER).unwrap_or(directives);
    let colored = match global.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
    };
    // Fails only if a logger is set already, which is then as good.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(filter))
        .with_writer(std::io::stderr)
        .with_ansi(colored)
        .try_init();
}
