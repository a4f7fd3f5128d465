//! Options of `sync` and `simulate`.

use std::path::PathBuf;

use clap::Args;
use cxone_simulator::{Fault, Latency, Profile, Quota};

use super::decision::DecisionArgs;
use super::list::ContactListArgs;

#[derive(Args, Debug)]
#[command(
    after_help = "Credentials come from CXONE_ORG, CXONE_CLIENT_ID and CXONE_CLIENT_SECRET, or from a file that \
                        --secrets-file names; never from the command line."
)]
pub(crate) struct SyncArgs {
    #[command(flatten)]
    pub(crate) list: ContactListArgs,
    /// When the calls are planned: RFC 3339 with offset, or `+8h` [default: the moment of sending]
    #[arg(
        long,
        value_name = "TIME",
        conflicts_with = "at_field",
        allow_hyphen_values = true
    )]
    pub(crate) at: Option<String>,
    /// Field of each contact with its planned time, such as attributes.proposedAt
    #[arg(long, value_name = "FIELD")]
    pub(crate) at_field: Option<String>,
    /// Insert contacts that open within this time, too
    #[arg(long, value_name = "DURATION")]
    pub(crate) opens_within: Option<String>,
    /// Decide and report, write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Read at most this many contacts
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<u64>,
    /// Get a token and one page, explain what was met, write nothing
    #[arg(long, conflicts_with_all = ["dry_run", "limit", "summary", "follow", "fresh"])]
    pub(crate) preflight: bool,
    /// Keep running, and send each prohibited contact when its window opens
    #[arg(long, conflicts_with_all = ["dry_run", "limit"])]
    pub(crate) follow: bool,
    /// Follow what opens by then: RFC 3339 with offset, or `+8h` [default: everything]
    #[arg(long, value_name = "TIME", requires = "follow", allow_hyphen_values = true)]
    pub(crate) until: Option<String>,
    /// Begin anew although an earlier run in the state directory is unfinished
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) fresh: bool,
    /// Folder with the records: decision log, what is settled, what is deferred, attempts
    #[arg(long, value_name = "DIR")]
    pub(crate) state_dir: Option<String>,
    /// Requests a second, pages included; 0 = as fast as it goes [default: 50]
    #[arg(long, value_name = "N")]
    pub(crate) rate: Option<String>,
    /// Contacts worked on at once [default: 64]
    #[arg(long, value_name = "N")]
    pub(crate) concurrency: Option<String>,
    /// Contacts a page, 1 to 100 [default: 100]
    #[arg(long, value_name = "N")]
    pub(crate) page_size: Option<String>,
    /// Give up after this long without one success [default: 5m]
    #[arg(long, value_name = "DURATION")]
    pub(crate) patience: Option<String>,
    /// Exit 0 although up to this many contacts (or N%) were rejected [default: 0]
    #[arg(long, value_name = "N|P%")]
    pub(crate) max_rejected: Option<String>,
    /// Write the summary as JSON to this file, or with `-` to stdout
    #[arg(long, value_name = "FILE")]
    pub(crate) summary: Option<PathBuf>,
    /// The tenant's address, where it is not https://ORG.my.cxone.com
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// File with the credentials, NAME=value a line
    #[arg(long, value_name = "FILE")]
    pub(crate) secrets_file: Option<String>,
    /// Write although --calling-hours sets the law aside
    #[arg(long)]
    pub(crate) accept_no_law: bool,
    #[command(flatten)]
    pub(crate) decision: DecisionArgs,
}

impl SyncArgs {
    /// The options given, by name of setting.
    pub(crate) fn flags(&self) -> Vec<(&'static str, String)> {
        let mut flags = self.decision.flags();
        let mut add = |name, value: &Option<String>| flags.extend(value.clone().map(|value| (name, value)));
        add("sync.rate", &self.rate);
        add("sync.concurrency", &self.concurrency);
        add("sync.page_size", &self.page_size);
        add("sync.patience", &self.patience);
        add("sync.max_rejected", &self.max_rejected);
        add("sync.base_url", &self.base_url);
        add("sync.secrets_file", &self.secrets_file);
        add("sync.country", &self.list.country);
        add("state_dir", &self.state_dir);
        flags
    }
}

/// The end of `simulate -h`; `--help` tells every fault besides.
const SIMULATE_HELP: &str = "Prints `LISTENING http://127.0.0.1:PORT` and runs until it is interrupted. What it was \
                             sent: GET /_simulator/stats. Client `demo`, secret `demo-secret`.";

#[derive(Args, Debug)]
#[command(
    after_help = SIMULATE_HELP,
    after_long_help = format!("{SIMULATE_HELP}\n\n--fault: {}", cxone_simulator::FAULT_HELP)
)]
pub(crate) struct SimulateArgs {
    /// Port on 127.0.0.1; 0 = any free one
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    pub(crate) port: u16,
    /// How many contacts the tenant lists
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(0..=10_000_000))]
    pub(crate) contacts: u32,
    /// Where all that looks random comes from
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// What contacts are like: mixed or clean; percentages may follow, such as mixed:unknown-region=5,known=10
    #[arg(long, default_value = "mixed")]
    pub(crate) profile: Profile,
    /// Time to an answer: 20ms, or 5ms..50ms
    #[arg(long, default_value = "0ms")]
    pub(crate) latency: Latency,
    /// How long a token lives
    #[arg(long, value_name = "DURATION", default_value = "1h")]
    pub(crate) token_life: String,
    /// Requests in any sliding second, or none
    #[arg(long, default_value = "50")]
    pub(crate) quota: Quota,
    /// A fault by name and schedule, such as 503:every=10; repeatable; `simulate --help` lists them all
    #[arg(long = "fault", value_name = "FAULT")]
    pub(crate) faults: Vec<Fault>,
}
