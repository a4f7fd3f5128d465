//! `curfew demo`: the whole job on a simulated tenant, the same every time.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use core_compliance::Instant;
use cxone_client::{BaseUrl, ClientId, ClientSecret, CxoneConfig};
use cxone_simulator::{Simulator, SimulatorConfig};
use local_files::SuppressionFile;
use pipeline::{Following, Scope, SyncOptions};
use record_keeping::SqliteAttemptLedger;

use super::simulate::runtime;
use super::sync::job::{Job, Show};
use super::sync::keeping::Keeping;
use super::sync::tolerance::Tolerance;
use crate::args::DemoArgs;
use crate::clock::FixedClock;
use crate::exit::{CliError, Exit};
use crate::footing::SystemFooting;
use crate::output::Output;
use crate::settings::{Layers, load_gate};

/// Wednesday 2026-06-10, 12:30 UTC: morning on the east coast of America, night on the west, evening in Sydney.
const INSTANT: i64 = 1_781_094_600;
const SEED: u64 = 146;
/// More flaws than real lists have, so that a dozen contacts show every outcome.
const PROFILE: &str = "mixed:missing-region=6,unknown-region=8,malformed-phone=9,known=20";
/// One after the other: outcomes come in the order of the listing, whenever the demo is run.
const CONCURRENCY: usize = 1;

pub(crate) fn run(args: &DemoArgs, output: &Output) -> Result<u8, CliError> {
    let failed = |error: &dyn std::fmt::Display| CliError::failed(error.to_string());
    let at = Instant::from_unix(INSTANT).map_err(|error| failed(&error))?;
    let clock = Arc::new(FixedClock(at));
    let gate = load_gate(&Layers::defaults(), output)?;
    let records = PassingFolder::make()?;
    runtime()?.block_on(async {
        let mut config = SimulatorConfig::new(clock.clone());
        config.contacts = args.contacts;
        config.seed = SEED;
        config.profile = PROFILE.parse().map_err(|error| failed(&error))?;
        let server = Simulator::bind(config, SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
            .await
            .map_err(|error| failed(&error))?;
        let base_url: BaseUrl = server.base_url().parse().map_err(|error| failed(&error))?;
        let client_id = ClientId::new("demo").map_err(|error| failed(&error))?;
        let client_secret = ClientSecret::new("demo-secret").map_err(|error| failed(&error))?;
        let config = CxoneConfig::builder(base_url, client_id, client_secret)
            .build()
            .map_err(|error| failed(&error))?;
        let job = Job {
            gate: &gate,
            clock,
            config,
            options: SyncOptions {
                concurrency: CONCURRENCY,
                ..SyncOptions::default()
            },
            list: None,
            keeping: Some(Keeping {
                state_dir: records.0.clone(),
                command: "curfew demo".to_owned(),
                fingerprint: "demo".to_owned(),
                fresh: false,
                lasts: false,
            }),
            scope: Scope::Everything,
            following: Following::No,
            suppression: &SuppressionFile::default(),
            ledger: SqliteAttemptLedger::read(&records.0),
            footing: Arc::new(SystemFooting::of([])),
            show: Show::EveryContact,
            target: "a simulated tenant on this machine".to_owned(),
            planned: format!("{at}, where the demo's clock stands still"),
            // Rejected contacts are a part of the show, not an error of it.
            max_rejected: Tolerance::ANY,
            summary: None,
        };
        let exit = job.run(output).await?;
        server.shutdown().await;
        if exit == Exit::DONE {
            output.note("try next: curfew check --region US-FL --at now");
        }
        Ok(exit)
    })
}

/// A folder for the demo's records, gone when the demo is over.
struct PassingFolder(PathBuf);

impl PassingFolder {
    fn make() -> Result<Self, CliError> {
        let path = std::env::temp_dir().join(format!("curfew-demo-{}", std::process::id()));
        std::fs::create_dir_all(&path).map_err(|error| {
            CliError::failed(format!("{}: cannot be made: {error}; set TMPDIR", path.display()))
        })?;
        Ok(Self(path))
    }
}

impl Drop for PassingFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
