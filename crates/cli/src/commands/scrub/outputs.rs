//! The files that a scrub writes.

use std::path::{Path, PathBuf};

use core_compliance::ports::RowSink as _;
use local_files::{FileError, ListHead, ListOutput};
use pipeline::ScrubOutputs;

use crate::args::ScrubArgs;
use crate::exit::CliError;

/// Outputs begun, each with its head.
#[derive(Debug)]
pub(super) struct Outputs {
    pub(super) lists: ScrubOutputs<ListOutput>,
    /// The names that they have while they are written.
    pub(super) parts: Vec<PathBuf>,
}

impl Outputs {
    pub(super) fn create(args: &ScrubArgs, head: Option<&ListHead>) -> Result<Self, CliError> {
        let mut parts = Vec::new();
        let mut create = |flag: &str, path: &Option<PathBuf>, head: Option<Vec<u8>>| {
            let Some(path) = path else {
                return Ok::<_, CliError>(None);
            };
            let mut list = ListOutput::create(path, args.force).map_err(|error| match error {
                error @ FileError::Folder { .. } => CliError::usage(format!("{flag}: {error}")),
                error => CliError::failed(format!("{flag}: {error}")),
            })?;
            parts.extend(list.part().map(Path::to_path_buf));
            list.write(&head.unwrap_or_default()).map_err(write_error)?;
            Ok(Some(list))
        };
        let annotated = || head.map(ListHead::annotated);
        let lists = ScrubOutputs {
            annotated: create("--annotate", &args.annotate, annotated())?,
            permitted: create("--permitted", &args.permitted, annotated())?,
            prohibited: create("--prohibited", &args.prohibited, annotated())?,
            rejected: create("--rejected", &args.rejected, head.map(ListHead::rejected))?,
        };
        Ok(Self { lists, parts })
    }
}

/// Ends all outputs, and when all are whole gives them their names.
pub(super) fn finish(lists: ScrubOutputs<ListOutput>) -> Result<(), FileError> {
    let all = [lists.annotated, lists.permitted, lists.prohibited, lists.rejected];
    let mut ended = Vec::new();
    for list in all.into_iter().flatten() {
        ended.push(list.end()?);
    }
    ended.into_iter().try_for_each(local_files::Ended::publish)
}

/// A reader that has gone away is an end, not a fault.
pub(super) fn write_error(error: FileError) -> CliError {
    match error {
        FileError::Write { source, .. } if source.kind() == std::io::ErrorKind::BrokenPipe => {
            CliError::ClosedPipe
        }
        error => CliError::failed(error.to_string()),
    }
}
