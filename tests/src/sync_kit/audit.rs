//! A run that has ended, and what must hold of it whatever went wrong.

use std::collections::{BTreeMap, HashMap};

use core_compliance::ports::PortFailure;
use cxone_client::StatsSnapshot;
use cxone_simulator::{ContactStats, Stats, Upload, contact_of, external_id};
use pipeline::{ContactEvent, Outcome, PlannedTime, Summary};
use serde_json::Value;

use super::fate::Fate;
use super::payload::without_annotation;
use super::records::Entry;
use super::scenario::{Scenario, utc};

/// What the run said, and what the tenant saw.
#[derive(Clone, Debug)]
pub struct Report {
    /// What was run.
    pub scenario: Scenario,
    /// The unix second at which it ended.
    pub end: i64,
    /// One event per contact, in order of their ends.
    pub events: Vec<ContactEvent>,
    /// What was recorded; nothing in a dry run.
    pub records: Vec<Entry>,
    /// The books.
    pub summary: Summary,
    /// Why it ended early.
    pub failure: Option<PortFailure>,
    /// What the tenant counted.
    pub stats: Stats,
    /// What the tenant stored.
    pub uploads: Vec<Upload>,
    /// What the client counted.
    pub client: StatsSnapshot,
}

/// Whether a contact might be handed over during the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Admissible {
    Throughout,
    Never,
    /// A window opened or closed meanwhile.
    Partly,
}

impl Report {
    /// The contacts of the tenant, by external id; those without one are left out.
    #[must_use]
    pub fn listed(&self) -> BTreeMap<String, Value> {
        (1..=self.scenario.contacts)
            .map(|number| (external_id(number), self.contact(number)))
            .filter(|(_, contact)| {
                contact
                    .get("externalId")
                    .and_then(Value::as_str)
                    .is_some_and(|id| !id.is_empty())
            })
            .collect()
    }

    fn contact(&self, number: u32) -> Value {
        contact_of(&self.scenario.profile, self.scenario.seed, number)
    }

    /// How many contacts ended so.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        self.events
            .iter()
            .filter(|event| event.outcome == outcome)
            .count()
    }

    /// How many contacts the tenant refused for good.
    #[must_use]
    pub fn refused(&self) -> usize {
        self.with_reason("refused-by-tenant").len()
    }

    /// The contacts that ended for this reason.
    #[must_use]
    pub fn with_reason(&self, reason: &str) -> Vec<&ContactEvent> {
        let matches = |event: &&ContactEvent| event.reason.as_deref() == Some(reason);
        self.events.iter().filter(matches).collect()
    }

    /// The end of one contact.
    ///
    /// # Panics
    /// When it has none.
    #[must_use]
    pub fn event(&self, id: &str) -> &ContactEvent {
        self.events
            .iter()
            .find(|event| event.contact == id)
            .unwrap_or_else(|| self.fail(&format!("{id} is missing")))
    }

    /// What the tenant saw of one contact.
    #[must_use]
    pub fn sent(&self, id: &str) -> ContactStats {
        let all = self.stats.contacts.as_ref();
        all.and_then(|all| all.get(id)).copied().unwrap_or_default()
    }

    #[track_caller]
    #[expect(
        clippy::panic,
        reason = "the kit runs in tests only, where a panic is a failed test"
    )]
    fn fail<T>(&self, what: &str) -> T {
        let Scenario { faults, seed, .. } = &self.scenario;
        let failure = self.failure.as_ref().map(ToString::to_string);
        panic!(
            "{what}\n  faults {faults:?}, seed {seed}\n  books {:?}\n  failure {failure:?}",
            self.summary.books
        )
    }

    #[track_caller]
    pub(super) fn check(&self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.fail(&what())
        }
    }

    /// Checks what must hold of every run, whatever went wrong.
    ///
    /// # Panics
    /// When it does not.
    pub fn audit(&self) {
        self.audit_books();
        self.audit_uploads();
        self.audit_records();
        let ends = self.ends();
        let mut admissible = HashMap::new();
        for (id, contact) in self.listed() {
            let fate = Fate::of(&contact);
            let Some(event) = ends.get(id.as_str()) else {
                self.check(self.sent(&id).sends == 0, || {
                    format!("{id} was sent and is not in the report")
                });
                continue;
            };
            let through = match fate {
                Fate::By(clocks) => *admissible
                    .entry(clocks)
                    .or_insert_with(|| self.admissible(clocks)),
                Fate::Unusable | Fate::Nowhere => Admissible::Never,
            };
            self.audit_end(&id, fate, through, event);
        }
        if let Some(failure) = &self.failure {
            self.check(!failure.message.is_empty() && !failure.advice.is_empty(), || {
                "a failure without advice".to_owned()
            });
        }
    }

    fn audit_books(&self) {
        let books = &self.summary.books;
        self.check(books.balance(), || "the books do not balance".to_owned());
        self.check(books.read == self.events.len() as u64, || {
            format!("{} events", self.events.len())
        });
        let mut columns = BTreeMap::<&str, u64>::new();
        for event in &self.events {
            *columns.entry(event.outcome.as_str()).or_default() += 1;
        }
        let written: BTreeMap<&str, u64> = [
            ("inserted", books.inserted),
            ("updated", books.updated),
            ("already_there", books.already_there),
            ("would_upsert", books.would_upsert),
            ("prohibited", books.prohibited),
            ("duplicate", books.duplicate),
            ("rejected", books.rejected),
            ("failed", books.failed),
            ("not_attempted", books.not_attempted),
        ]
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .collect();
        self.check(columns == written, || format!("the events say {columns:?}"));
        let reasons: u64 = self.summary.by_reason.values().sum();
        self.check(reasons == books.read - books.sent(), || {
            "not every contact that is not in the campaign has its reason".to_owned()
        });
        let complete = self.failure.is_none()
            && self.scenario.stop_after.is_none()
            && self.scenario.options.limit.is_none();
        let read = books.read - books.duplicate;
        self.check(!complete || read == u64::from(self.scenario.contacts), || {
            format!("{} contacts are listed", self.scenario.contacts)
        });
    }

    /// Each contact's end; exactly one, duplicates in the listing aside.
    fn ends(&self) -> HashMap<&str, &ContactEvent> {
        let mut ends = HashMap::new();
        for event in self
            .events
            .iter()
            .filter(|event| event.outcome != Outcome::Duplicate)
        {
            let nameless = event.contact == "(no externalId)";
            let first = ends.insert(event.contact.as_str(), event).is_none();
            self.check(first || nameless, || format!("{} ended twice", event.contact));
            self.check(
                !nameless || event.outcome == Outcome::Rejected || event.outcome == Outcome::NotAttempted,
                || format!("{event:?} has no id"),
            );
        }
        ends
    }

    /// What the tenant stored, each on its own.
    fn audit_uploads(&self) {
        let stats = &self.stats;
        self.check(stats.sent_after_acceptance == 0, || {
            format!("{} sent again after success", stats.sent_after_acceptance)
        });
        self.check(stats.accepted_again == 0, || "accepted twice".to_owned());
        self.check(stats.refused_by_quota == 0, || {
            format!("{} over the quota", stats.refused_by_quota)
        });
        if let Some(quota) = self.scenario.quota {
            let most = stats.most_requests_in_any_second;
            self.check(most <= quota as usize, || format!("{most} in a second"));
        }
        let listed = self.listed();
        for upload in &self.uploads {
            let id = &upload.external_id;
            let Some(contact) = listed.get(id) else {
                return self.fail(&format!("{id} was never listed"));
            };
            let stored = self.scenario.start + i64::try_from(upload.stored_at.as_secs()).expect("short");
            let open = match Fate::of(contact) {
                Fate::By(clocks) => self.admits(clocks, stored),
                Fate::Unusable | Fate::Nowhere => false,
            };
            self.check(open, || {
                format!("{id} was stored at {} outside its window: {contact}", utc(stored))
            });
            let until = upload.payload["attributes"]["permittedUntil"]
                .as_str()
                .unwrap_or("9");
            self.check(until > utc(stored).as_str(), || {
                format!("{id} was stored after {until}")
            });
            let (kept, read) = (without_annotation(&upload.payload), contact.to_string());
            self.check(kept == read, || format!("altered:\n{kept}\n{read}"));
        }
    }

    fn audit_end(&self, id: &str, fate: Fate, through: Admissible, event: &ContactEvent) {
        use Outcome::{AlreadyThere, Failed, Inserted, Prohibited, Rejected, Updated, WouldUpsert};
        let sent = self.sent(id);
        let ended = || format!("{event:?}, {sent:?}, {through:?}");
        let arrived = matches!(event.outcome, Inserted | Updated | AlreadyThere);
        self.check(arrived == (sent.accepted == 1), || {
            format!("acknowledged or not? {}", ended())
        });
        self.check((event.outcome == WouldUpsert) <= (sent.sends == 0), ended);
        let expected = match event.outcome {
            Inserted | Updated | AlreadyThere | WouldUpsert => through != Admissible::Never,
            Prohibited => through != Admissible::Throughout && fate != Fate::Unusable,
            Rejected if fate == Fate::Unusable => sent.sends == 0,
            Rejected => event.reason.as_deref() == Some("refused-by-tenant"),
            Failed => sent.sends > 0 || self.failure.is_some(),
            _ => self.failure.is_some(),
        };
        self.check(expected, || format!("unexpected: {}", ended()));
        self.check(through != Admissible::Never || sent.sends == 0, || {
            format!("sent: {}", ended())
        });
        self.check(
            arrived || event.outcome == WouldUpsert || event.reason.is_some(),
            ended,
        );
        if let (Prohibited, Fate::By(clocks)) = (event.outcome, fate) {
            let opening = event.next_opening.map(core_compliance::Instant::unix);
            let planned = |now| self.scenario.hours.opening(clocks, self.decided_at(now));
            let range = planned(self.scenario.start)..=planned(self.end).max(planned(self.scenario.start));
            let right = opening.is_some_and(|opening| {
                range.contains(&opening) && self.scenario.hours.permit(clocks, opening)
            });
            self.check(right, || {
                format!("the next opening is between {range:?}: {}", ended())
            });
        }
    }

    /// The instant that is decided when a contact is sent at `now`.
    fn decided_at(&self, now: i64) -> i64 {
        match &self.scenario.options.planned {
            PlannedTime::At(at) => at.unix().max(now),
            PlannedTime::OnSending | PlannedTime::Field(_) => now,
        }
    }

    fn admits(&self, clocks: &[i64], now: i64) -> bool {
        let decided = self.decided_at(now);
        let within = i64::from(self.scenario.options.opens_within);
        self.scenario.hours.opening(clocks, decided) <= decided + within
    }

    /// Windows open and close on whole minutes.
    fn admissible(&self, clocks: &[i64]) -> Admissible {
        let start = self.scenario.start;
        let minutes = (start.div_euclid(60) + 1..=self.end.div_euclid(60)).map(|minute| minute * 60);
        let seconds = [start, self.end].into_iter().chain(minutes);
        let (mut open, mut closed) = (false, false);
        for second in seconds {
            match self.admits(clocks, second) {
                true => open = true,
                false => closed = true,
            }
        }
        match (open, closed) {
            (true, false) => Admissible::Throughout,
            (false, _) => Admissible::Never,
            _ => Admissible::Partly,
        }
    }

    /// Audits a run that must have outlived everything: all that may be called is in the campaign, nothing failed.
    ///
    /// # Panics
    /// When it has not.
    pub fn audit_outlived(&self) {
        self.audit();
        self.check(self.failure.is_none(), || "the run ended early".to_owned());
        self.check(self.refused() == 0, || "refused".to_owned());
        let lost = self.count(Outcome::Failed) + self.count(Outcome::NotAttempted);
        let named: Vec<_> = self
            .events
            .iter()
            .filter(|event| event.outcome == Outcome::Failed)
            .collect();
        self.check(lost == 0, || format!("failed: {named:?}"));
    }
}
