//! Counters that a progress display can read while the run goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// A shared handle to the counters of one client. Cloning and reading are cheap.
#[derive(Clone, Debug, Default)]
pub struct ClientStats(Arc<Counters>);

#[derive(Debug, Default)]
struct Counters {
    requests: AtomicU64,
    retries: AtomicU64,
    throttled: AtomicU64,
}

/// The counters at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatsSnapshot {
    /// HTTP requests handed to the transport, tokens, pages and repeated ones included.
    pub requests: u64,
    /// Sends that repeated an earlier one, for whatever reason.
    pub retries: u64,
    /// Answers with status 429.
    pub throttled: u64,
}

impl ClientStats {
    /// The counters now. Each is exact; they may differ in age by an instant.
    #[must_use]
    pub fn snapshot(&self) -> StatsSnapshot {
        StatsSnapshot {
            requests: self.0.requests.load(Relaxed),
            retries: self.0.retries.load(Relaxed),
            throttled: self.0.throttled.load(Relaxed),
        }
    }

    pub(crate) fn count_request(&self) {
        self.0.requests.fetch_add(1, Relaxed);
    }

    pub(crate) fn count_retry(&self) {
        self.0.retries.fetch_add(1, Relaxed);
    }

    pub(crate) fn count_throttled(&self) {
        self.0.throttled.fetch_add(1, Relaxed);
    }
}
