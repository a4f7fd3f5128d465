//! What the tenant was sent, counted where it arrives, so that tests judge from the server's side.

use std::collections::BTreeMap;
use std::time::Duration;

use http::StatusCode;
use serde::{Serialize, Serializer};

use crate::campaign::Sums;
use crate::endpoint::Endpoint;
use crate::quota::SlidingWindow;

/// What became of one contact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ContactStats {
    /// Upserts that arrived, whatever became of them.
    pub sends: u16,
    /// Upserts answered with success: 2xx after storing, or 409.
    pub accepted: u16,
    /// Upserts stored whose sender was not told so: the answer was lost, unreadable, an error, or is under way.
    pub unconfirmed: u16,
}

/// How often a fault struck.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FaultStats {
    /// Requests that it took.
    pub fired: u64,
    /// Those of them that stored an upsert all the same.
    pub stored: u64,
}

/// Requests by what they were for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RequestStats {
    /// All but those for the statistics.
    pub total: u64,
    /// For a token.
    pub token: u64,
    /// For a page.
    pub list: u64,
    /// To upsert.
    pub upsert: u64,
    /// To an address that the tenant does not have.
    pub other: u64,
}

/// What the tenant was sent since its start, as `GET /_simulator/stats` answers it. Times are from the start.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Stats {
    /// How long the simulator has been running.
    #[serde(rename = "uptime_s", serialize_with = "seconds")]
    pub uptime: Duration,
    /// How many contacts the tenant lists.
    pub listed_contacts: u32,
    /// Requests that arrived.
    pub requests: RequestStats,
    /// The most requests to the contacts endpoints in any sliding second, refused ones included.
    pub most_requests_in_any_second: usize,
    /// Requests refused because the quota was used up (429 by a fault or by the token guard not included).
    pub refused_by_quota: u64,
    /// 429 answers of any origin.
    pub throttled: u64,
    /// Answers by status, broken ones not included.
    pub answers: BTreeMap<u16, u64>,
    /// Requests that ended without a complete answer.
    pub broken: u64,
    /// Arrival of the first upsert.
    #[serde(rename = "first_upsert_s", serialize_with = "optional_seconds")]
    pub first_upsert: Option<Duration>,
    /// Arrival of the last upsert.
    #[serde(rename = "last_upsert_s", serialize_with = "optional_seconds")]
    pub last_upsert: Option<Duration>,
    /// Requests to the contacts endpoints from the first to the last upsert, both included.
    pub requests_from_first_to_last_upsert: u64,
    /// Contacts accepted at least once.
    pub accepted_contacts: u64,
    /// Upserts accepted.
    pub accepted: u64,
    /// Upserts accepted although an earlier one of the same contact was.
    pub accepted_again: u64,
    /// Upserts that arrived after one of the same contact had been accepted.
    pub sent_after_acceptance: u64,
    /// Upserts stored whose sender was not told so.
    pub unconfirmed: u64,
    /// Faults that struck, by name.
    pub faults: BTreeMap<String, FaultStats>,
    /// Every contact sent, by external id; `None` when not asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contacts: Option<BTreeMap<String, ContactStats>>,
}

fn seconds<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(time.as_secs_f64())
}

fn optional_seconds<S: Serializer>(time: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => serializer.serialize_some(&time.as_secs_f64()),
        None => serializer.serialize_none(),
    }
}

/// The counts as they grow.
#[derive(Default)]
pub(crate) struct Tally {
    stats: Stats,
    window: SlidingWindow,
    contacts_requests: u64,
    before_first_upsert: u64,
}

impl Tally {
    /// A request arrives.
    pub(crate) fn arrive(&mut self, endpoint: Endpoint, now: Duration) {
        let requests = &mut self.stats.requests;
        match endpoint {
            Endpoint::Stats => return,
            Endpoint::Token => requests.token += 1,
            Endpoint::List => requests.list += 1,
            Endpoint::Upsert => requests.upsert += 1,
            Endpoint::Other => requests.other += 1,
        }
        requests.total += 1;
        if endpoint.is_contacts() {
            let most = &mut self.stats.most_requests_in_any_second;
            *most = (*most).max(self.window.record(now));
            self.contacts_requests += 1;
        }
        if endpoint == Endpoint::Upsert {
            if self.stats.first_upsert.is_none() {
                self.stats.first_upsert = Some(now);
                self.before_first_upsert = self.contacts_requests - 1;
            }
            self.stats.last_upsert = Some(now);
            self.stats.requests_from_first_to_last_upsert = self.contacts_requests - self.before_first_upsert;
        }
    }

    pub(crate) fn refused_by_quota(&mut self) {
        self.stats.refused_by_quota += 1;
    }

    pub(crate) fn answered(&mut self, status: StatusCode) {
        *self.stats.answers.entry(status.as_u16()).or_default() += 1;
        self.stats.throttled += u64::from(status == StatusCode::TOO_MANY_REQUESTS);
    }

    pub(crate) fn broke(&mut self) {
        self.stats.broken += 1;
    }

    pub(crate) fn fault(&mut self, name: &str, stored: bool) {
        let counts = self.stats.faults.entry(name.to_owned()).or_default();
        counts.fired += 1;
        counts.stored += u64::from(stored);
    }

    /// The statistics so far, without the per-contact part.
    pub(crate) fn stats(&self, uptime: Duration, listed_contacts: u32, sums: Sums) -> Stats {
        Stats {
            uptime,
            listed_contacts,
            accepted_contacts: sums.accepted_contacts,
            accepted: sums.accepted,
            accepted_again: sums.accepted_again,
            sent_after_acceptance: sums.sent_after_acceptance,
            unconfirmed: sums.stored - sums.confirmed,
            ..self.stats.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_in_any_second_is_exact() {
        let mut tally = Tally::default();
        for ms in [0, 500, 999, 1_000, 1_999, 5_000] {
            tally.arrive(Endpoint::List, Duration::from_millis(ms));
            tally.arrive(Endpoint::Token, Duration::from_millis(ms));
            tally.arrive(Endpoint::Stats, Duration::from_millis(ms));
        }
        let stats = tally.stats(Duration::from_secs(6), 10, Sums::default());
        assert_eq!((stats.most_requests_in_any_second, stats.requests.total), (3, 12));
    }

    #[test]
    fn requests_between_the_first_and_the_last_upsert_are_counted() {
        let mut tally = Tally::default();
        let plan = [
            Endpoint::List,
            Endpoint::Upsert,
            Endpoint::List,
            Endpoint::Upsert,
            Endpoint::List,
        ];
        for (second, endpoint) in plan.into_iter().enumerate() {
            tally.arrive(endpoint, Duration::from_secs(second as u64));
        }
        let stats = tally.stats(Duration::ZERO, 0, Sums::default());
        assert_eq!(stats.requests_from_first_to_last_upsert, 3);
        let expected = (Some(Duration::from_secs(1)), Some(Duration::from_secs(3)));
        assert_eq!((stats.first_upsert, stats.last_upsert), expected);
    }
}
