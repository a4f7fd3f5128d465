//! Where output goes: results to stdout, all else to stderr.

use std::io::{self, IsTerminal as _, Write as _};

use crate::args::{Color, Format, Global, LogFormat};

/// Under this name the lines of stderr are logged where they are to be JSON; the filter for logs never hides them.
pub(crate) const LOGGED: &str = "curfew::output";

/// How to write.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    pub(crate) format: Option<Format>,
    pub(crate) quiet: bool,
    pub(crate) verbose: bool,
    colored: bool,
    colored_errors: bool,
    is_logged: bool,
}

/// What a text is about, for those who see colours.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Tone {
    Good,
    Bad,
    Faint,
}

impl Output {
    pub(crate) fn new(global: &Global) -> Self {
        let auto = |is_terminal: bool| is_terminal && !wants_no_color();
        let (colored, colored_errors) = match global.color {
            Color::Always => (true, true),
            Color::Never => (false, false),
            Color::Auto => (auto(io::stdout().is_terminal()), auto(io::stderr().is_terminal())),
        };
        Self {
            format: global.format,
            quiet: global.quiet,
            verbose: global.verbose > 0,
            colored,
            colored_errors,
            is_logged: global.log_format == LogFormat::Json,
        }
    }

    /// The format to use where the user named none.
    pub(crate) fn format_or(&self, default: Format) -> Format {
        self.format.unwrap_or(default)
    }

    /// A line of results.
    pub(crate) fn line(&self, text: &str) -> io::Result<()> {
        writeln!(io::stdout().lock(), "{text}")
    }

    /// A line beside the results, unless `--quiet`. It may get lost; results may not.
    pub(crate) fn note(&self, text: &str) {
        if self.is_logged {
            tracing::info!(target: LOGGED, "{text}");
        } else if !self.quiet {
            let _ = writeln!(io::stderr().lock(), "{text}");
        }
    }

    /// Something the user should look at; shown also with `--quiet`.
    pub(crate) fn warning(&self, text: &str) {
        if self.is_logged {
            tracing::warn!(target: LOGGED, "{text}");
            return;
        }
        let _ = writeln!(
            io::stderr().lock(),
            "{} {text}",
            paint("warning:", Tone::Bad, self.colored_errors)
        );
    }

    /// Why the command ended.
    pub(crate) fn error(&self, text: &str) {
        if self.is_logged {
            tracing::error!(target: LOGGED, "{text}");
            return;
        }
        let _ = writeln!(
            io::stderr().lock(),
            "{} {text}",
            paint("error:", Tone::Bad, self.colored_errors)
        );
    }

    /// Whether a line on stderr may be written over by the next.
    pub(crate) fn can_overwrite(&self) -> bool {
        io::stderr().is_terminal() && !self.is_logged
    }

    /// A text in a tone, where colours are shown.
    pub(crate) fn toned(&self, text: &str, tone: Tone) -> String {
        paint(text, tone, self.colored)
    }
}

/// Whether the user wants no colours anywhere (no-color.org: set, and not empty).
pub(crate) fn wants_no_color() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}

fn paint(text: &str, tone: Tone, colored: bool) -> String {
    if !colored {
        return text.to_owned();
    }
    let code = match tone {
        Tone::Good => "32",
        Tone::Bad => "1;31",
        Tone::Faint => "2",
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}

/// A text from outside as one line that no terminal obeys.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}
