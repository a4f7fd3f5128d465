//! Rounds of a sync that is killed again and again, and what must hold of each. See the binary `kill`.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use core_compliance::ports::{Clock, ContactRecord};
use core_compliance::{CallAttempt, Evidence, Gate, Instant, Rulebook, Settings, ZoneDatabase};
use cxone_simulator::{Latency, Quota, Simulator, SimulatorConfig, contact_of, external_id};
use pipeline::FieldPaths;
use serde_json::Value;

use crate::sync_kit::Dice;
use crate::sync_kit_process::binary;

/// What goes wrong besides.
pub const FAULTS: &[&str] = &[
    "503:every=31",
    "reset-before:every=43",
    "reset-after:every=47",
    "429:every=53",
];
/// A piece lives at most this long before it is killed, in ms.
const LONGEST_LIFE: u64 = 900;
/// A round that does not end by itself after so many pieces makes no progress.
const MOST_PIECES: u32 = 2_000;

/// How rounds are made.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Contacts of a tenant.
    pub contacts: u32,
    /// Contacts worked on at once.
    pub concurrency: u32,
}

/// A round that has ended well.
#[derive(Clone, Copy, Debug)]
pub struct Round {
    /// Processes killed.
    pub kills: u32,
    /// Contacts in the campaign.
    pub stored: usize,
    /// Successes that the tenant answered beyond the first of each contact.
    pub sent_again: u32,
    /// Records in the decision log.
    pub records: usize,
    /// How long the longest piece ran, in ms.
    pub longest_piece: u64,
}

/// The tenant, on a thread of its own.
struct Tenant {
    simulator: Simulator,
    address: String,
    /// Unix second at which its time began.
    epoch: i64,
    stop: mpsc::Sender<()>,
    thread: Option<JoinHandle<()>>,
}

struct StandingClock(Instant);

impl Clock for StandingClock {
    fn now(&self) -> Instant {
        self.0
    }
}

impl Tenant {
    fn start(plan: &Plan, seed: u64) -> Result<Self, String> {
        let epoch = unix_now()?;
        let now = Instant::from_unix(epoch).map_err(|error| error.to_string())?;
        let mut config = SimulatorConfig::new(Arc::new(StandingClock(now)));
        config.contacts = plan.contacts;
        config.seed = seed;
        config.profile = "mixed:known=20".parse().map_err(|error| format!("{error}"))?;
        config.latency = Latency::Fixed(Duration::from_millis(2));
        config.quota = Quota::Unlimited;
        config.token_guard = None;
        config.keep_payloads = true;
        for fault in FAULTS {
            config
                .faults
                .push(fault.parse().map_err(|error| format!("{fault}: {error}"))?);
        }
        let (stop, stopped) = mpsc::channel();
        let (tell, told) = mpsc::channel();
        let serve = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let Ok(runtime) = runtime else { return };
            runtime.block_on(async move {
                let bound = Simulator::bind(config, SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await;
                let Ok(server) = bound else { return };
                let _ = tell.send((server.simulator().clone(), server.base_url()));
                while stopped.try_recv() == Err(mpsc::TryRecvError::Empty) {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            });
        };
        let thread = std::thread::spawn(serve);
        let (simulator, address) = told.recv().map_err(|_| "the tenant cannot be started")?;
        Ok(Self {
            simulator,
            address,
            epoch,
            stop,
            thread: Some(thread),
        })
    }
}

impl Drop for Tenant {
    fn drop(&mut self) {
        let _ = self.stop.send(());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Round {
    /// Runs one round: at most `kills` kills, then to its end.
    ///
    /// # Errors
    /// What did not hold.
    pub fn run(plan: &Plan, number: u32, kills: u32, dice: &mut Dice) -> Result<Self, String> {
        let tenant = Tenant::start(plan, u64::from(number))?;
        let folder = tempfile::tempdir().map_err(|error| format!("no temporary folder: {error}"))?;
        let mut round = Self {
            kills: 0,
            stored: 0,
            sent_again: 0,
            records: 0,
            longest_piece: 0,
        };
        for _ in 0..MOST_PIECES {
            let life = if round.kills < kills {
                Duration::from_millis(dice.roll(LONGEST_LIFE))
            } else {
                Duration::MAX
            };
            match piece(plan, &tenant, folder.path(), life)? {
                Piece::Killed(lived) => {
                    round.kills += 1;
                    round.longest_piece = round.longest_piece.max(lived);
                }
                Piece::Ended(summary) => {
                    round.audit(plan, number, &tenant, folder.path(), &summary)?;
                    return Ok(round);
                }
            }
        }
        Err(format!("no end after {MOST_PIECES} pieces"))
    }

    fn audit(
        &mut self,
        plan: &Plan,
        number: u32,
        tenant: &Tenant,
        state: &Path,
        summary: &Value,
    ) -> Result<(), String> {
        let wrong = |what: String| Err(format!("round {number}: {what}; the summary: {summary}"));
        let stats = tenant.simulator.stats();
        let gate = Gate::new(ZoneDatabase::bundled(), Rulebook::shipped(), Settings::default())
            .map_err(|error| error.to_string())?;
        let mut stored: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        for upload in tenant.simulator.uploads() {
            let second = tenant.epoch + i64::try_from(upload.stored_at.as_secs()).unwrap_or(i64::MAX);
            stored.entry(upload.external_id).or_default().push(second);
        }
        let profile = "mixed:known=20".parse().map_err(|error| format!("{error}"))?;
        for index in 1..=plan.contacts {
            let contact = contact_of(&profile, u64::from(number), index);
            let id = external_id(index);
            let Some(evidence) = evidence_of(&contact) else {
                continue;
            };
            let permitted = |unix: i64| {
                let at = Instant::from_unix(unix).ok();
                at.is_some_and(|at| {
                    gate.determine(&CallAttempt::new(at, evidence.clone()))
                        .is_permitted()
                })
            };
            match stored.get(&id) {
                // The tenant's time is told to the second, and began within one.
                Some(seconds) if !seconds.iter().all(|at| permitted(*at) || permitted(at - 2)) => {
                    return wrong(format!("{id} was stored outside its hours, at {seconds:?}"));
                }
                None if permitted(tenant.epoch) && permitted(unix_now()?) => {
                    return wrong(format!("{id} was lost"));
                }
                _ => {}
            }
        }
        let contacts = stats.contacts.unwrap_or_default();
        let answered = contacts.values().map(|contact| u32::from(contact.accepted));
        self.sent_again = answered.map(|accepted| accepted.saturating_sub(1)).sum();
        if self.sent_again > self.kills * plan.concurrency {
            return wrong(format!(
                "{} sent again after {} kills",
                self.sent_again, self.kills
            ));
        }
        self.stored = stored.len();
        let count = |key: &str| summary.get(key).and_then(Value::as_u64).unwrap_or(u64::MAX);
        if count("read") != u64::from(plan.contacts) || count("failed") + count("not_attempted") != 0 {
            return wrong("not every contact has its outcome".to_owned());
        }
        if count("inserted") + count("updated") + count("already_there") != self.stored as u64 {
            return wrong(format!("the tenant stored {}", self.stored));
        }
        self.records = audit_log(
            state,
            &stored.into_keys().collect(),
            self.kills * plan.concurrency,
        )?;
        Ok(())
    }
}

enum Piece {
    /// After so many ms.
    Killed(u64),
    /// With this summary.
    Ended(Value),
}

fn curfew(state: &Path) -> Result<Command, String> {
    let mut command = Command::new(binary()?);
    command
        .env("CURFEW_STATE_DIR", state)
        .env_remove("CURFEW_CONFIG")
        .stdin(Stdio::null());
    Ok(command)
}

fn piece(plan: &Plan, tenant: &Tenant, state: &Path, life: Duration) -> Result<Piece, String> {
    let mut command = curfew(state)?;
    command
        .env("CXONE_BASE_URL", &tenant.address)
        .env("CXONE_CLIENT_ID", "demo")
        .env("CXONE_CLIENT_SECRET", "demo-secret")
        .args([
            "sync",
            "--no-config",
            "--quiet",
            "--format",
            "json",
            "--rate",
            "0",
        ])
        .args([
            "--max-rejected",
            "100%",
            "--concurrency",
            &plan.concurrency.to_string(),
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| format!("{command:?}: {error}"))?;
    let begun = tokio::time::Instant::now();
    loop {
        let lived = begun.elapsed();
        if lived >= life {
            return kill(child, lived);
        }
        if child.try_wait().map_err(|error| error.to_string())?.is_some() {
            break;
        }
        std::thread::sleep(Duration::from_millis(1).min(life - lived));
    }
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(format!("the run ended with {}: {said}", output.status));
    }
    let summary = serde_json::from_slice(&output.stdout).map_err(|error| format!("the summary: {error}"))?;
    Ok(Piece::Ended(summary))
}

fn kill(mut child: Child, lived: Duration) -> Result<Piece, String> {
    // SIGKILL: nothing can be caught, nothing tidied up.
    child.kill().map_err(|error| error.to_string())?;
    child.wait().map_err(|error| error.to_string())?;
    Ok(Piece::Killed(
        u64::try_from(lived.as_millis()).unwrap_or(u64::MAX),
    ))
}

/// What the decision log says; how many records it has.
fn audit_log(state: &Path, stored: &BTreeSet<String>, allowed: u32) -> Result<usize, String> {
    let verified = curfew(state)?
        .args(["log", "verify"])
        .output()
        .map_err(|error| error.to_string())?;
    if !verified.status.success() {
        let said = String::from_utf8_lossy(&verified.stderr).into_owned();
        return Err(format!("the log does not verify: {said}"));
    }
    let mut records = 0;
    let mut repeats = 0;
    let mut intended = BTreeSet::new();
    let mut ends: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in segments(&state.join("log"))?.iter().flat_map(|text| text.lines()) {
        let record: Value = serde_json::from_str(line).map_err(|error| format!("{error} in {line}"))?;
        let text = |key: &str| {
            record
                .get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        records += 1;
        match text("kind").as_str() {
            "intent" => {
                intended.insert(text("contact"));
                repeats += u32::from(record.get("repeats").is_some_and(|repeats| !repeats.is_null()));
            }
            "outcome" if ["inserted", "updated", "already_there"].contains(&text("outcome").as_str()) => {
                ends.entry(text("contact")).or_default().push(text("outcome"));
            }
            _ => {}
        }
    }
    if let Some(unintended) = stored.iter().find(|id| !intended.contains(*id)) {
        return Err(format!("{unintended} was stored without an intent"));
    }
    if let Some(twice) = ends.iter().find(|(_, ends)| ends.len() != 1) {
        return Err(format!("not one outcome: {twice:?}"));
    }
    if stored.iter().ne(ends.keys()) {
        return Err("the log and the tenant differ about what is in the campaign".to_owned());
    }
    if repeats > allowed {
        return Err(format!("{repeats} recorded repeats, {allowed} allowed"));
    }
    Ok(records)
}

fn segments(folder: &Path) -> Result<Vec<String>, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|extension| extension == "ndjson") {
            paths.push(path);
        }
    }
    paths.sort();
    paths
        .iter()
        .map(|path| std::fs::read_to_string(path).map_err(failed))
        .collect()
}

/// The evidence of a generated contact; `None` where it has no id or no number that can be called.
fn evidence_of(contact: &Value) -> Option<Evidence> {
    let record = ContactRecord::from_json(contact.clone()).ok()?;
    record.external_id()?;
    let phone = record.text("phone")?;
    core_compliance::has_e164_shape(phone).then(|| FieldPaths::default().evidence_in(&record))
}

fn unix_now() -> Result<i64, String> {
    let output = Command::new("date").args(["-u", "+%s"]).output();
    let output = output.map_err(|error| format!("date: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.trim().parse().map_err(|_| format!("date said `{text}`"))
}
