//! `curfew sync`: the main job.

mod alike;
mod credentials;
pub(crate) mod job;
pub(crate) mod keeping;
mod list;
mod report;
mod source;
pub(crate) mod summary_file;
pub(crate) mod tolerance;

use std::path::Path;
use std::sync::Arc;

use core_compliance::ports::{Clock as _, PortFailure};
use core_compliance::{Gate, Hours, Sha256Hex};
use cxone_client::{ConfigError, CxoneClient, CxoneConfig};
use pipeline::{FieldPaths, Following, PlannedTime, Scope, SyncOptions};
use record_keeping::SqliteAttemptLedger;
use serde_json::json;

use self::job::{Job, Show};
use self::keeping::Keeping;
use self::list::List;
use self::summary_file::SummaryFile;
use super::simulate::runtime;
use crate::args::{Global, SyncArgs};
use crate::clock::SystemClock;
use crate::durations::{parse_duration, parse_planned, parse_seconds};
use crate::exit::{CliError, Exit};
use crate::footing::SystemFooting;
use crate::output::Output;
use crate::settings::{Layers, load_gate, load_suppression, state_dir};

pub(crate) fn run(global: &Global, args: &SyncArgs, output: &Output) -> Result<u8, CliError> {
    let layers = Layers::load(global, args.flags())?;
    // Before anything is read: what is replaced from now on is noticed.
    let footing = Arc::new(SystemFooting::of(layers.files_read()?));
    let gate = load_gate(&layers, output)?;
    let suppression = load_suppression(&layers)?;
    let credentials = credentials::load(&layers)?;
    let target = credentials.base_url.to_string();
    let sets_law_aside = matches!(gate.settings().hours, Hours::CallingHours(_));
    let writes = !args.dry_run && !args.preflight;
    if sets_law_aside && writes && !credentials.base_url.is_loopback() && !args.accept_no_law {
        return Err(layers.wrong(
            "calling_hours",
            &"the law is set aside; drop it, or to write to a tenant beyond this machine all the same, add \
              --accept-no-law",
        ));
    }
    let config = client_config(&layers, credentials)?;
    let clock = Arc::new(SystemClock);
    if args.preflight {
        return runtime()?.block_on(preflight(config, clock, &target, output));
    }
    if args.dry_run && scope(args) == Scope::Deferred {
        return Err(CliError::usage(
            "--from deferred: a dry run keeps no records and knows of none; `curfew deferred list` shows who waits",
        ));
    }
    let list = List::open(args, &layers)?;
    let (options, planned) = options(args, &layers, list.as_ref())?;
    let state_dir = state_dir(&layers)?;
    let keeping = (!args.dry_run).then(|| keeping(args, &gate, &target, &state_dir, list.as_ref()));
    let job = Job {
        gate: &gate,
        clock,
        config,
        options,
        list,
        keeping,
        scope: scope(args),
        following: following(args, &layers)?,
        suppression: &suppression,
        ledger: SqliteAttemptLedger::read(&state_dir),
        footing,
        show: if output.verbose {
            Show::EveryContact
        } else {
            Show::Exceptions
        },
        target,
        planned,
        max_rejected: layers.parse("sync.max_rejected")?.unwrap_or_default(),
        summary: args.summary.as_deref().map(SummaryFile::create).transpose()?,
    };
    runtime()?.block_on(job.run(output))
}

/// Where the records go, and what makes another command the same run: where contacts come from and go, and what is asked
/// about them. By which rules, zone data and pace is free to change between the pieces of a run; each record says it.
fn keeping(args: &SyncArgs, gate: &Gate, target: &str, state_dir: &Path, list: Option<&List>) -> Keeping {
    let settings = gate.settings();
    let from = list.map_or_else(|| json!("tenant"), List::identity);
    let asked = json!({
        "target": target, "from": from, "purpose": settings.purpose.as_str(), "channel": settings.channel.as_str(),
        "at": args.at, "at_field": args.at_field, "for": settings.call_length, "opens_within": args.opens_within,
        "limit": args.limit, "deferred": scope(args) == Scope::Deferred,
    });
    Keeping {
        state_dir: state_dir.to_owned(),
        command: command_line(),
        fingerprint: Sha256Hex::of(asked.to_string().as_bytes()).to_string(),
        fresh: args.fresh,
        lasts: true,
    }
}

fn scope(args: &SyncArgs) -> Scope {
    let from = args.list.from.as_deref();
    if args.list.deferred || from == Some(Path::new(list::DEFERRED)) {
        Scope::Deferred
    } else {
        Scope::Everything
    }
}

/// The command as it was given; no secret can be in it.
fn command_line() -> String {
    let words = std::env::args_os().skip(1);
    let words: Vec<String> = words.map(|word| word.to_string_lossy().into_owned()).collect();
    format!("curfew {}", words.join(" "))
}

fn following(args: &SyncArgs, layers: &Layers) -> Result<Following, CliError> {
    if !args.follow {
        return Ok(Following::No);
    }
    let read = |text: &String| {
        parse_planned(text, SystemClock.now(), layers.assume_utc()?)
            .map_err(|error| CliError::usage(format!("--until: {error}")))
    };
    Ok(Following::Until(args.until.as_ref().map(read).transpose()?))
}

fn options(args: &SyncArgs, layers: &Layers, list: Option<&List>) -> Result<(SyncOptions, String), CliError> {
    let assume_utc = layers.assume_utc()?;
    let at_field = args.at_field.clone().or_else(|| list?.planned_field());
    let (planned, shown) = match (&args.at, &at_field) {
        (Some(text), _) => {
            let at = parse_planned(text, SystemClock.now(), assume_utc)
                .map_err(|error| CliError::usage(format!("--at: {error}")))?;
            let has_passed = if at < SystemClock.now() {
                ", which has passed: the moment of sending"
            } else {
                ""
            };
            (PlannedTime::At(at), format!("{at}{has_passed}"))
        }
        (None, Some(field)) => (
            PlannedTime::Field(field.clone()),
            format!("as in `{field}` of each contact"),
        ),
        (None, None) => (PlannedTime::OnSending, "the moment of sending".to_owned()),
    };
    let opens_within = match &args.opens_within {
        None => 0,
        Some(text) => {
            parse_seconds(text).map_err(|error| CliError::usage(format!("--opens-within: {error}")))?
        }
    };
    let mut fields = FieldPaths::default();
    for (kind, paths) in layers.file.iter().flat_map(|file| file.fields.clone()) {
        match kind.as_str() {
            "region" => fields.region = paths,
            "zone" => fields.zone = paths,
            "country" => fields.country = paths,
            _ => fields.postal_code = paths,
        }
    }
    if let Some(list) = list {
        fields = list.fields(fields, layers.file.as_ref().map(|file| &file.fields));
    }
    let concurrency = layers.read("sync.concurrency", |text| match text.parse() {
        Ok(number @ 1..=1_000) => Ok(number),
        _ => Err(format!("`{text}` is not a number from 1 to 1000")),
    })?;
    let options = SyncOptions {
        planned,
        opens_within,
        concurrency: concurrency.unwrap_or(64),
        limit: args.limit,
        assume_utc,
        fields,
    };
    Ok((options, shown))
}

fn client_config(layers: &Layers, credentials: credentials::Credentials) -> Result<CxoneConfig, CliError> {
    let mut builder = CxoneConfig::builder(
        credentials.base_url,
        credentials.client_id,
        credentials.client_secret,
    );
    if let Some(rate) = layers.read("sync.rate", whole_number)? {
        builder = builder.requests_per_second(rate);
    }
    if let Some(size) = layers.read("sync.page_size", whole_number)? {
        builder = builder.page_size(size);
    }
    if let Some(patience) = layers.read("sync.patience", parse_duration)? {
        builder = builder.patience(patience);
    }
    builder.build().map_err(|error| {
        let name = match error {
            ConfigError::Rate(_) => "sync.rate",
            ConfigError::PageSize(_) => "sync.page_size",
            // Of the ranges that are checked here, the settings reach no other.
            _ => "sync.patience",
        };
        layers.wrong(name, &error)
    })
}

fn whole_number(text: &str) -> Result<u32, String> {
    text.parse()
        .map_err(|_| format!("`{text}` is not a whole number"))
}

async fn preflight(
    config: CxoneConfig,
    clock: Arc<SystemClock>,
    target: &str,
    output: &Output,
) -> Result<u8, CliError> {
    output.note(&format!("target   {target}; nothing is written"));
    let client = CxoneClient::new(config, clock).map_err(PortFailure::from)?;
    let met = client.preflight().await.map_err(PortFailure::from)?;
    let more = if met.has_more {
        "more pages follow"
    } else {
        "no further page"
    };
    output.line(&format!(
        "token    granted for {} s, in {} ms",
        met.token_life.as_secs(),
        met.token_latency.as_millis()
    ))?;
    output.line(&format!(
        "page     {} contacts, in {} ms; {more}",
        met.entities,
        met.page_latency.as_millis()
    ))?;
    output.line("ready    `curfew sync --dry-run` decides about every contact without writing")?;
    Ok(Exit::DONE)
}
