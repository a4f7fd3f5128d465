//! A tenant, a clock and settings, and the run over them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use core_compliance::ports::{ContactSink, ContactSource, PortFailure, RunRecords};
use core_compliance::{
    CallingWindow, Gate, Hours as GateHours, Rulebook, Settings, WeeklyWindows, ZoneDatabase,
};
use cxone_client::{BaseUrl, ClientId, ClientSecret, CxoneClient, CxoneConfig};
use cxone_simulator::{Fault, Latency, Profile, Quota, Simulator, SimulatorConfig, contact_of, external_id};
use pipeline::{ContactEvent, DryRunSink, NoRecords, Summary, SyncObserver, SyncOptions, SyncRun};

use super::audit::Report;
use super::clock::PausedClock;
use super::fate::{Fate, Hours};
use super::records::MemoryRecords;
use super::transport::InProcess;

/// Wednesday 2026-06-10T16:00:20Z: day in America, evening in Europe, night in Asia and Australia.
pub const MORNING: i64 = 1_781_107_220;
/// The tenant's client secret.
pub const SECRET: &str = "sync-kit/s3cret+é";
const CLIENT: &str = "sync-kit-client";

/// A run to be.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// What the run's clock shows at its beginning, as unix second.
    pub start: i64,
    /// How many contacts the tenant lists.
    pub contacts: u32,
    /// Where contacts, jitter and chance faults come from.
    pub seed: u64,
    /// What contacts are like.
    pub profile: Profile,
    /// What goes wrong, as `curfew simulate --fault` takes it.
    pub faults: Vec<String>,
    /// How long a token is accepted.
    pub token_life: Duration,
    /// Time to an answer.
    pub latency: Latency,
    /// The tenant's quota, or none; the client keeps the same pace.
    pub quota: Option<u32>,
    /// Scopes that the tenant grants.
    pub scopes: Vec<String>,
    /// The secret that the client has.
    pub secret: String,
    /// Hours on which decisions rest.
    pub hours: Hours,
    /// Whether they are the house hours of the law instead of `--calling-hours`.
    pub by_law: bool,
    /// Contacts a page.
    pub page_size: u32,
    /// Time without success that the run bears.
    pub patience: Duration,
    /// The pipeline's options.
    pub options: SyncOptions,
    /// Whether a dry run stands before the sink.
    pub dry_run: bool,
    /// Sets the stop flag once this many contacts have ended.
    pub stop_after: Option<usize>,
}

impl Scenario {
    /// 80 mixed contacts in pages of 10, half of them with odd fields, at [`MORNING`], under these faults.
    #[must_use]
    pub fn new(faults: &[&str]) -> Self {
        Self {
            start: MORNING,
            contacts: 80,
            seed: 11,
            profile: "mixed:odd-fields=50,known=10".parse().expect("a profile"),
            faults: faults.iter().map(|fault| (*fault).to_owned()).collect(),
            token_life: Duration::from_secs(3_600),
            latency: Latency::Fixed(Duration::from_millis(20)),
            quota: Some(50),
            scopes: vec!["contacts:read".to_owned(), "contacts:write".to_owned()],
            secret: SECRET.to_owned(),
            hours: Hours::USUAL,
            by_law: false,
            page_size: 10,
            patience: Duration::from_secs(300),
            options: SyncOptions::default(),
            dry_run: false,
            stop_after: None,
        }
    }

    /// The contacts that may be called when the run begins, by external id.
    #[must_use]
    pub fn ready(&self) -> Vec<String> {
        (1..=self.contacts)
            .filter(|number| {
                let contact = contact_of(&self.profile, self.seed, *number);
                matches!(Fate::of(&contact), Fate::By(clocks) if self.hours.permit(clocks, self.start))
            })
            .map(external_id)
            .collect()
    }

    /// The tenant, whose time begins now.
    #[must_use]
    pub fn tenant(&self, clock: PausedClock) -> Simulator {
        let mut config = SimulatorConfig::new(Arc::new(clock));
        config.contacts = self.contacts;
        config.seed = self.seed;
        config.profile = self.profile;
        config.faults = self.faults.iter().map(|fault| read_fault(fault)).collect();
        config.token_life = self.token_life;
        config.latency = self.latency;
        config.quota = match self.quota {
            Some(quota) => Quota::PerSecond(quota.try_into().expect("a quota is not zero")),
            None => Quota::Unlimited,
        };
        config.granted_scopes = self.scopes.clone();
        config.credentials.client_id = CLIENT.to_owned();
        config.credentials.client_secret = SECRET.to_owned();
        config.token_guard = None;
        config.keep_payloads = true;
        Simulator::new(config).expect("a tenant within its ranges")
    }

    /// The configuration of the client.
    #[must_use]
    pub fn client_config(&self) -> CxoneConfig {
        let base_url: BaseUrl = "https://acme.my.cxone.com".parse().expect("a URL");
        let id = ClientId::new(CLIENT).expect("an id");
        let secret = ClientSecret::new(self.secret.clone()).expect("a secret");
        CxoneConfig::builder(base_url, id, secret)
            .requests_per_second(self.quota.unwrap_or(0))
            .page_size(self.page_size)
            .patience(self.patience)
            .seed(self.seed)
            .build()
            .expect("settings within their ranges")
    }

    /// The whole job, from the tenant's own listing.
    pub async fn run(&self) -> Report {
        let clock = PausedClock::starting_at(self.start);
        let tenant = self.tenant(clock);
        let client =
            CxoneClient::with_transport(self.client_config(), Arc::new(clock), InProcess(tenant.clone()));
        let source = client.contact_source();
        self.run_with(&client, source, clock, tenant).await
    }

    /// The whole job over any source, with a client of the caller's making.
    pub async fn run_with(
        &self,
        client: &CxoneClient,
        source: impl ContactSource,
        clock: PausedClock,
        tenant: Simulator,
    ) -> Report {
        let watcher = Watcher {
            stop: AtomicBool::new(false),
            stop_after: self.stop_after,
            events: Mutex::default(),
        };
        let records = MemoryRecords::default();
        let (summary, failure) = if self.dry_run {
            let sink = DryRunSink::new(client.contact_sink());
            self.drive(&sink, source, clock, &NoRecords, &watcher).await
        } else {
            self.drive(&client.contact_sink(), source, clock, &records, &watcher)
                .await
        };
        Report {
            scenario: self.clone(),
            end: clock.unix(),
            events: watcher
                .events
                .into_inner()
                .unwrap_or_else(PoisonError::into_inner),
            records: records.entries(),
            summary,
            failure,
            stats: tenant.stats(),
            uploads: tenant.uploads(),
            client: client.stats().snapshot(),
        }
    }

    async fn drive<S: ContactSink, R: RunRecords>(
        &self,
        sink: &S,
        source: impl ContactSource,
        clock: PausedClock,
        records: &R,
        watcher: &Watcher,
    ) -> (Summary, Option<PortFailure>) {
        let run = SyncRun {
            gate: gate(self.hours, self.by_law),
            sink,
            clock: &clock,
            observer: watcher,
            records,
            ledger: &(),
            suppression: &(),
            footing: &(),
            stop: &watcher.stop,
            options: &self.options,
        };
        run.run(source, Summary::default()).await
    }
}

/// Collects the events of a run, and stops it when asked to.
struct Watcher {
    stop: AtomicBool,
    stop_after: Option<usize>,
    events: Mutex<Vec<ContactEvent>>,
}

impl SyncObserver for Watcher {
    fn contact(&self, event: &ContactEvent, _: &Summary) {
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        events.push(event.clone());
        if self.stop_after.is_some_and(|limit| events.len() >= limit) {
            self.stop.store(true, Ordering::Relaxed);
        }
    }
}

fn read_fault(text: &str) -> Fault {
    text.parse()
        .map_err(|error| format!("{text}: {error}"))
        .expect("a fault that the simulator knows")
}

/// The gate of these hours; each is made once.
///
/// # Panics
/// For hours that no scenario uses.
#[must_use]
pub fn gate(hours: Hours, by_law: bool) -> &'static Gate {
    static GATES: [OnceLock<Gate>; 3] = [const { OnceLock::new() }; 3];
    let place = match (hours, by_law) {
        (Hours::USUAL, false) => 0,
        (Hours::ALWAYS, false) => 1,
        (Hours::USUAL, true) => 2,
        _ => usize::MAX,
    };
    GATES[place].get_or_init(|| {
        let seconds = |minute: i64| u32::try_from(minute * 60).expect("a second of the day");
        let window = CallingWindow::new(seconds(hours.from), seconds(hours.until)).expect("a window");
        let windows = WeeklyWindows::daily(window);
        let hours = if by_law {
            GateHours::Law { house: windows }
        } else {
            GateHours::CallingHours(windows)
        };
        // No rules: the house hours alone decide, whatever law ships by and by.
        let rulebook =
            Rulebook::new("none", Rulebook::shipped().reviewed_on(), Vec::new()).expect("no rules clash");
        let settings = Settings {
            hours,
            ..Settings::default()
        };
        Gate::new(ZoneDatabase::bundled(), rulebook, settings).expect("settings within their ranges")
    })
}

/// A unix second as Curfew writes it.
#[must_use]
pub fn utc(unix: i64) -> String {
    core_compliance::Instant::from_unix(unix)
        .expect("an instant of a test")
        .to_string()
}
