//! `curfew scrub`: a whole list, fast.

mod job;
mod outputs;
mod progress;
mod report;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use core_compliance::ports::Clock as _;
use local_files::{
    ColumnMapping, ColumnsError, DelimitedLayout, Field, FileError, ListForm, ListHead, ListInput,
    NdjsonLayout, open_list,
};
use pipeline::{ListPlanned, ScrubOptions, ZoneNames};

use self::job::{Job, Plan};
use self::outputs::Outputs;
use self::report::Report;
use super::sync::summary_file::SummaryFile;
use crate::args::{Global, ScrubArgs, ZoneNamesArg};
use crate::clock::SystemClock;
use crate::durations::parse_planned;
use crate::exit::CliError;
use crate::output::Output;
use crate::settings::{Layers, load_gate, load_suppression};

pub(crate) fn run(global: &Global, args: &ScrubArgs, output: &Output) -> Result<u8, CliError> {
    let layers = Layers::load(global, args.flags())?;
    let gate = load_gate(&layers, output)?;
    let assume_utc = layers.assume_utc()?;
    let (planned, planned_text) = planned(args, assume_utc)?;
    let suppression = load_suppression(&layers)?;
    let mapping = mapping(args, &layers);
    check_paths(args)?;
    let input = open_list(&args.input).map_err(|error| file_error(&args.input, error))?;
    let unclear = |error: ColumnsError| CliError::usage(format!("{}: {error}", input.name()));
    let head = match input.form() {
        ListForm::Csv | ListForm::Tsv => Some(ListHead::of(&input, &mapping).map_err(unclear)?),
        ListForm::Ndjson => None,
    };
    if let Some(head) = head.as_ref().filter(|_| !input.header().is_empty()) {
        check_head(args, &input, head, !suppression.is_empty())?;
    }
    let report = Report {
        output: *output,
        to_stderr: [
            &args.annotate,
            &args.permitted,
            &args.prohibited,
            &args.rejected,
            &args.summary,
        ]
        .into_iter()
        .any(|path| path.as_deref().is_some_and(is_stdout)),
    };
    report.begin(&gate, args, &input, head.as_ref(), &mapping, &planned_text)?;
    let summary = match args.summary.as_deref() {
        Some(path) if path.is_file() && !args.force => {
            return Err(CliError::usage(format!(
                "--summary {}: is there already and is kept; name another file, or replace it with --force",
                path.display()
            )));
        }
        path => path.map(SummaryFile::create).transpose()?,
    };
    let plan = Plan {
        gate: Arc::new(gate),
        suppression,
        options: ScrubOptions {
            planned,
            assume_utc,
            zone_names: match args.zone_names {
                ZoneNamesArg::Iana => ZoneNames::Iana,
                ZoneNamesArg::Windows => ZoneNames::Windows,
            },
        },
        threads: threads(args),
        outputs: Outputs::create(args, head.as_ref())?,
    };
    let job = Job {
        writes_files: !plan.outputs.parts.is_empty() || summary.is_some(),
        report,
        max_rejected: args.max_rejected,
        summary,
        planned: planned_text,
        shows_progress: args.progress,
        has_rejected_file: args.rejected.is_some(),
    };
    match &head {
        Some(head) => {
            let layout = DelimitedLayout::of(input.form(), head);
            job.run(plan, input, layout)
        }
        None => job.run(plan, input, NdjsonLayout::new(mapping)),
    }
}

fn planned(args: &ScrubArgs, assume_utc: bool) -> Result<(ListPlanned, String), CliError> {
    match (&args.at, &args.at_column) {
        (Some(text), _) => {
            let at = parse_planned(text, SystemClock.now(), assume_utc)
                .map_err(|error| CliError::usage(format!("--at: {error}")))?;
            Ok((ListPlanned::At(at), at.to_string()))
        }
        (None, column) => {
            let column = column.as_deref().unwrap_or_default();
            if column == "-" {
                return Err(CliError::usage(
                    "--at-column -: names no column; give the header of the column with the planned times, or --at".to_owned(),
                ));
            }
            Ok((ListPlanned::Column, format!("as in `{column}` of each row")))
        }
    }
}

/// What the settings file says of the columns, and the flags on top.
fn mapping(args: &ScrubArgs, layers: &Layers) -> ColumnMapping {
    let in_file = layers
        .file
        .as_ref()
        .map(|file| file.columns.clone())
        .unwrap_or_default();
    let mut mapping = in_file.with(args.columns.clone().unwrap_or_default());
    match &args.at_column {
        Some(column) => mapping.set(Field::At, column),
        // One time for all rows: no column is read for it.
        None => mapping.forget(Field::At),
    }
    mapping
}

/// Every file is named once, and what is read is not written.
fn check_paths(args: &ScrubArgs) -> Result<(), CliError> {
    let lists: Vec<PathBuf> = args.decision.suppress.iter().map(PathBuf::from).collect();
    let suppress = lists.iter().map(|path| ("--suppress", Some(path)));
    let outputs = [
        ("INPUT", Some(&args.input)),
        ("--annotate", args.annotate.as_ref()),
        ("--permitted", args.permitted.as_ref()),
        ("--prohibited", args.prohibited.as_ref()),
        ("--rejected", args.rejected.as_ref()),
        ("--summary", args.summary.as_ref()),
    ];
    let mut seen: BTreeSet<(bool, PathBuf)> = BTreeSet::new();
    for (name, path) in suppress.chain(outputs) {
        let Some(path) = path else { continue };
        let real = real_path(path);
        // Devices swallow, or hand on, whatever they are given; stdin is not stdout.
        let is_device = real.exists() && !real.is_file();
        let is_input_stdin = name == "INPUT" && path == Path::new("-");
        if !is_device && !seen.insert((is_input_stdin, real)) {
            return Err(CliError::usage(format!(
                "{name} {}: this file is named twice; every file needs a name of its own",
                path.display()
            )));
        }
    }
    Ok(())
}

fn is_stdout(path: &Path) -> bool {
    [Path::new("-"), Path::new("/dev/stdout")].contains(&path)
}

/// One name for a file, whether it is there yet or not.
fn real_path(path: &Path) -> PathBuf {
    if is_stdout(path) {
        return PathBuf::from("-");
    }
    if let Ok(real) = std::fs::canonicalize(path) {
        return real;
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = std::fs::canonicalize(folder.unwrap_or(Path::new(".")));
    match (folder, path.file_name()) {
        (Ok(folder), Some(name)) if path != Path::new("-") => folder.join(name),
        _ => path.to_owned(),
    }
}

/// The list says where callees are, and was not annotated before.
fn check_head(
    args: &ScrubArgs,
    input: &ListInput,
    head: &ListHead,
    is_suppressed: bool,
) -> Result<(), CliError> {
    let writes = args.annotate.is_some() || args.permitted.is_some() || args.prohibited.is_some();
    if let Some(name) = head.annotated_before().filter(|_| writes) {
        return Err(CliError::usage(format!(
            "{}: there is a column `{name}` already; scrub the list as it was before, or rename the column",
            input.name()
        )));
    }
    if is_suppressed && head.columns().index(Field::Phone).is_none() {
        return Err(CliError::usage(format!(
            "{}: a do-not-call list is given, and no column is recognised as the number; name it, such as `--columns \
             phone=HEADER`; the columns are {}",
            input.name(),
            head.columns().listed()
        )));
    }
    let places = [
        Field::Phone,
        Field::Region,
        Field::PostalCode,
        Field::Zone,
        Field::Country,
    ];
    if places.iter().all(|field| head.columns().index(*field).is_none()) {
        let listed = head.columns().listed();
        let why = if listed.contains(';') {
            "; they seem to be separated by semicolons: write the list with commas or tabs"
        } else {
            ""
        };
        return Err(CliError::usage(format!(
            "{}: no column says where callees are; name one, such as `--columns phone=HEADER`; the columns are {listed}{why}",
            input.name()
        )));
    }
    Ok(())
}

fn threads(args: &ScrubArgs) -> usize {
    let given = args.threads.map(usize::from);
    given.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
}

/// What cannot be opened is a matter of usage; what breaks later is not.
fn file_error(path: &Path, error: FileError) -> CliError {
    match error {
        FileError::Io { source, .. } if source.kind() == std::io::ErrorKind::NotFound => {
            CliError::usage(format!("{}: there is no such file", path.display()))
        }
        error @ (FileError::Folder { .. } | FileError::Content { .. }) => CliError::usage(error.to_string()),
        error => CliError::failed(error.to_string()),
    }
}
