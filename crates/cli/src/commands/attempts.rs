//! `curfew attempts`: calls that were placed.

mod audit;
mod import;
mod list;

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use local_files::{AttemptReport, ColumnMapping, ReportError, ReportFormat, ReportedLine};

use crate::args::{AttemptsAction, AttemptsArgs, FormatIn, Global, ReportArgs};
use crate::exit::CliError;
use crate::output::Output;
use crate::settings::Layers;

/// Bytes read at a time.
const BUFFER: usize = 1 << 16;

pub(crate) fn run(global: &Global, args: &AttemptsArgs, output: &Output) -> Result<u8, CliError> {
    match &args.action {
        AttemptsAction::Import(args) => import::run(global, args, output),
        AttemptsAction::Audit(args) => audit::run(global, args, output),
        AttemptsAction::List(args) => list::run(global, args, output),
    }
}

/// A report with its name for people.
struct Report {
    name: String,
    lines: AttemptReport<Box<dyn BufRead>>,
}

impl Report {
    fn open(args: &ReportArgs, layers: &Layers) -> Result<Self, CliError> {
        let name = args.file.display().to_string();
        let format = match args.format_in {
            Some(FormatIn::Csv) => Some(ReportFormat::Csv),
            Some(FormatIn::Ndjson) => Some(ReportFormat::Ndjson),
            None => ReportFormat::of_name(&name),
        };
        let format = format.ok_or_else(|| {
            CliError::usage(format!(
                "`{name}` does not tell how it is written; add --format-in csv or --format-in ndjson"
            ))
        })?;
        let said: Option<ColumnMapping> = args
            .columns
            .as_deref()
            .map(str::parse)
            .transpose()
            .map_err(|error| CliError::usage(format!("--columns: {error}")))?;
        let mapping = layers
            .file
            .as_ref()
            .map(|file| file.columns.clone())
            .unwrap_or_default()
            .with(said.unwrap_or_default());
        Ok(Self {
            lines: AttemptReport::new(reader(&args.file)?, format, mapping, layers.assume_utc()?),
            name,
        })
    }

    /// The next line; `None` at the end.
    fn next(&mut self) -> Result<Option<ReportedLine>, CliError> {
        self.lines.next_line().map_err(|error| {
            let message = format!("{}: {error}", self.name);
            match error {
                ReportError::Io(_) => CliError::failed(message),
                _ => CliError::usage(message),
            }
        })
    }
}

fn reader(path: &Path) -> Result<Box<dyn BufRead>, CliError> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin().lock()));
    }
    let file = File::open(path).map_err(|error| CliError::usage(format!("{}: {error}", path.display())))?;
    Ok(Box::new(BufReader::with_capacity(BUFFER, file)))
}
