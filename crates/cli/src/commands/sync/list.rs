//! A list as what is synced: opened before the run, watched while it goes on.

use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::UNIX_EPOCH;

use core_compliance::Instant;
use core_compliance::ports::{
    Clock as _, ContactSource, Outcome, PortFailure, PortFailureKind, Reading, Settled, mask_numbers,
};
use local_files::{Field, FieldLists, FileContactSource, FileError, ListFormat, ListOptions, RejectedRows};
use pipeline::{ContactEvent, FieldPaths, Reopen, Summary, SyncObserver};
use serde_json::{Value, json};

use super::alike::{Alike, ROWS};
use super::report::Reporter;
use super::source::label;
use crate::args::SyncArgs;
use crate::clock::SystemClock;
use crate::exit::CliError;
use crate::settings::Layers;

/// The names that stand for the tenant's own listing, all of it or what waits in it.
const TENANT: &str = "cxone";
pub(crate) const DEFERRED: &str = "deferred";
const STDIN: &str = "-";

/// A list of contacts.
pub(crate) struct List {
    path: PathBuf,
    options: ListOptions,
    /// Opened before the run: what is wrong with its first line is usage.
    opened: Mutex<Option<FileContactSource>>,
    format: ListFormat,
    /// For people: what was recognised.
    described: String,
    attributes: Vec<(Field, Vec<String>)>,
    rejected: Option<(PathBuf, Arc<RejectedRows>)>,
    is_piped: bool,
    alike: Arc<Alike>,
}

impl List {
    /// The list that is asked for; `None`: contacts are the tenant's.
    pub(crate) fn open(args: &SyncArgs, layers: &Layers) -> Result<Option<Self>, CliError> {
        let given = &args.list;
        let path = match &given.from {
            Some(path) if path != Path::new(TENANT) && path != Path::new(DEFERRED) => path.clone(),
            from => {
                if from.is_some() && given.rejected.is_some() {
                    return Err(CliError::usage(
                        "--rejected: keeps rows of a list; name the list, `--from FILE`",
                    ));
                }
                return Ok(None);
            }
        };
        if path == Path::new(STDIN) && args.follow {
            return Err(CliError::usage(
                "--follow: reads the list again when a window opens, and stdin can be read but once; name a file",
            ));
        }
        let in_file = layers.file.as_ref().map(|file| file.columns.clone());
        let options = ListOptions {
            format: given.from_format,
            columns: in_file
                .unwrap_or_default()
                .with(given.columns.clone().unwrap_or_default()),
            country: layers.parse("sync.country")?,
        };
        let unusable = |flag: &str, error: FileError| CliError::usage(format!("{flag}: {error}"));
        let mut source =
            FileContactSource::open(&path, &options).map_err(|error| unusable("--from", error))?;
        let rejected = match &given.rejected {
            None => None,
            Some(path) => {
                let rows =
                    RejectedRows::create(path, &source).map_err(|error| unusable("--rejected", error))?;
                let rows = Arc::new(rows);
                source.keep_rejected(Arc::clone(&rows));
                Some((path.clone(), rows))
            }
        };
        let described = source
            .columns()
            .map(|columns| format!(", {}", columns.described()))
            .unwrap_or_default();
        Ok(Some(Self {
            is_piped: about(&path).map_or(path == Path::new(STDIN), |about| !about.is_file()),
            path,
            options,
            format: source.format(),
            described,
            attributes: Field::ALL
                .map(|field| (field, source.attributes(field).to_vec()))
                .into(),
            opened: Mutex::new(Some(source)),
            rejected,
            alike: Arc::default(),
        }))
    }

    /// For people: `leads.csv: csv, external_id = column 1 "id", …`.
    pub(crate) fn described(&self) -> String {
        format!("{}: {}{}", self.name(), self.format, self.described)
    }

    pub(crate) fn name(&self) -> String {
        if self.path == Path::new(STDIN) {
            "stdin".to_owned()
        } else {
            self.path.display().to_string()
        }
    }

    /// Whether it comes through a pipe: then nothing can go on where a run over it ended.
    pub(crate) fn is_piped(&self) -> bool {
        self.is_piped
    }

    /// What makes another command read the same list in the same way. A list that was written anew is another one, and
    /// so is what another pipe brings: its rows are not those that an unfinished run has settled.
    pub(crate) fn identity(&self) -> Value {
        let about = about(&self.path);
        let piped = self
            .is_piped
            .then(|| format!("process {} at {}", std::process::id(), SystemClock.now()));
        let modified = about
            .as_ref()
            .and_then(|about| about.modified().ok()?.duration_since(UNIX_EPOCH).ok())
            .map(|since| since.as_nanos().to_string());
        let columns: Vec<String> = self
            .options
            .columns
            .iter()
            .map(|(field, header)| format!("{field}={header}"))
            .collect();
        json!({
            "list": std::fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone()).display().to_string(),
            "bytes": about.map(|about| about.len()), "modified": modified, "piped": piped, "format": self.format.as_str(),
            "columns": columns, "country": self.options.country.map(|plan| plan.to_string()),
        })
    }

    /// Where contacts of this list have their evidence. `set` is what the settings say about contacts of the tenant.
    pub(crate) fn fields(&self, tenants: FieldPaths, set: Option<&FieldLists>) -> FieldPaths {
        let paths = |field: Field, tenants: Vec<String>| {
            if self.options.columns.reads_none(field) {
                return Vec::new();
            }
            let own: Vec<String> = self
                .attributes(field)
                .iter()
                .map(|name| format!("attributes.{name}"))
                .collect();
            if self.format == ListFormat::Ndjson {
                // Records in the tenant's form have it where the tenant has it.
                let more = own.into_iter().filter(|path| !tenants.contains(path));
                return tenants.iter().cloned().chain(more).collect();
            }
            let is_set = set.is_some_and(|set| set.contains_key(field.as_str()));
            match own.as_slice() {
                [] if is_set => tenants,
                _ => own,
            }
        };
        FieldPaths {
            region: paths(Field::Region, tenants.region),
            zone: paths(Field::Zone, tenants.zone),
            country: paths(Field::Country, tenants.country),
            postal_code: paths(Field::PostalCode, tenants.postal_code),
        }
    }

    /// The field with each contact's planned time, if the mapping names one.
    pub(crate) fn planned_field(&self) -> Option<String> {
        self.attributes(Field::At)
            .first()
            .map(|name| format!("attributes.{name}"))
    }

    fn attributes(&self, field: Field) -> &[String] {
        let found = self.attributes.iter().find(|(each, _)| *each == field);
        found.map_or(&[], |(_, names)| names.as_slice())
    }

    /// The list as a source that can be read again.
    pub(crate) fn source(&self, target: &str) -> ListFile<'_> {
        ListFile {
            list: self,
            label: label(target, &self.place()),
        }
    }

    /// The name under which its contacts wait: the same from every folder.
    pub(crate) fn place(&self) -> String {
        let whole = std::fs::canonicalize(&self.path);
        whole.map_or_else(|_| self.name(), |path| path.display().to_string())
    }

    /// Why the run is not to go on, if its first rows were all misread.
    pub(crate) fn misread(&self) -> Option<PortFailure> {
        misread(&self.alike, &self.name(), &self.described)
    }

    /// Puts the file of rejected rows in its place; says where it is, and how many rows it holds.
    pub(crate) fn finish(&self) -> Result<Option<(&Path, u64)>, CliError> {
        let Some((path, rows)) = &self.rejected else {
            return Ok(None);
        };
        let count = rows
            .finish()
            .map_err(|error| CliError::failed(format!("--rejected: {error}")))?;
        Ok(Some((path, count)))
    }

    fn settled(&self, external_id: &str, outcome: Outcome, reason: &str, message: &str) {
        // A duplicate has its row's id in common with a contact that may still be on its way.
        if outcome == Outcome::Duplicate {
            return;
        }
        if let Some((_, rows)) = &self.rejected {
            rows.settled(
                external_id,
                (outcome == Outcome::Rejected).then_some((reason, message)),
            );
        }
    }
}

fn about(path: &Path) -> Option<Metadata> {
    let is_stdin = path == Path::new(STDIN);
    std::fs::metadata(if is_stdin { Path::new("/dev/stdin") } else { path }).ok()
}

/// The list, opened again and again.
pub(crate) struct ListFile<'l> {
    list: &'l List,
    label: String,
}

impl Reopen for ListFile<'_> {
    type Source = ListSource;

    fn label(&self) -> &str {
        &self.label
    }

    fn open(&mut self) -> Result<Self::Source, PortFailure> {
        let opened = self
            .list
            .opened
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let source = match opened {
            Some(source) => source,
            None => FileContactSource::open(&self.list.path, &self.list.options).map_err(|error| {
                PortFailure::new(
                    PortFailureKind::Local,
                    error.to_string(),
                    "see that the list is there for as long as its contacts are followed, and run the same command again",
                )
            })?,
        };
        Ok(ListSource {
            source,
            alike: Arc::clone(&self.list.alike),
            name: self.list.name(),
            described: self.list.described.clone(),
        })
    }
}

/// The rows of the list, to the point where it turns out to be misread.
pub(crate) struct ListSource {
    source: FileContactSource,
    alike: Arc<Alike>,
    name: String,
    described: String,
}

impl ContactSource for ListSource {
    async fn next(&mut self) -> Result<Option<Reading>, PortFailure> {
        match misread(&self.alike, &self.name, &self.described) {
            Some(failure) => Err(failure),
            None => self.source.next().await,
        }
    }
}

fn misread(alike: &Alike, name: &str, described: &str) -> Option<PortFailure> {
    let bad = alike.verdict()?;
    let columns = described.strip_prefix(", ").map_or_else(
        || "see which keys hold what".to_owned(),
        |described| format!("see whether the columns hold what they are taken for ({described})"),
    );
    Some(PortFailure::new(
        PortFailureKind::Local,
        format!(
            "the first {ROWS} rows of {name} all ended as {}, beginning with {}: {}",
            bad.reason,
            // With columns taken for others, an id may be a number.
            mask_numbers(&bad.contact),
            bad.message
        ),
        format!("{columns}, and name others with --columns; the rest of the list was not read"),
    ))
}

/// Tells the report and the list what becomes of contacts.
pub(crate) struct Watching<'a> {
    pub(crate) reporter: &'a Reporter<'a>,
    pub(crate) list: Option<&'a List>,
}

impl SyncObserver for Watching<'_> {
    fn read(&self, count: u64) {
        self.reporter.read(count);
    }

    fn settled_before(&self, external_id: &str, settled: &Settled) {
        if let Some(list) = self.list {
            list.alike.see_good();
            let reason = settled.reason.as_deref().unwrap_or_default();
            list.settled(
                external_id,
                settled.outcome,
                reason,
                "rejected by an earlier piece of this run",
            );
        }
    }

    fn contact(&self, event: &ContactEvent, summary: &Summary) {
        if let Some(list) = self.list {
            list.alike.see(event);
            let message = mask_numbers(event.message.as_deref().unwrap_or_default());
            let reason = event.reason.as_deref().unwrap_or_default();
            list.settled(&event.contact, event.outcome, reason, &message);
        }
        self.reporter.contact(event, summary);
    }

    fn waiting(&self, until: Instant) {
        self.reporter.waiting(until);
    }

    fn gone(&self, external_id: &str) {
        self.reporter.gone(external_id);
    }
}
