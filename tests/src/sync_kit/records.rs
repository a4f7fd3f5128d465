//! Records in memory, which outlive a run that is cut off: what the ports of records promise, and nothing else.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use core_compliance::Instant;
use core_compliance::ports::{
    Decided, DecisionLog, Deferral, DeferralQueue, Ending, IntentId, Outcome, PortFailure, PortFailureKind,
    RunJournal, Settled, Settlement,
};

/// One thing that was recorded, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A contact is about to be handed over.
    Intent {
        /// Its id.
        contact: String,
        /// Whether an earlier intent of the same contact has no end.
        repeats: bool,
    },
    /// How an intent ended: an outcome's key, `withheld` or `not-delivered`.
    Outcome {
        /// Its id.
        contact: String,
        /// The end.
        end: String,
    },
    /// An outcome without an intent.
    Settled {
        /// Its id, or where it stood.
        contact: String,
        /// The outcome's key.
        end: String,
        /// The reason's code.
        reason: String,
        /// Until when it is deferred.
        deferred_until: Option<Instant>,
    },
    /// No longer in its source.
    Forgotten {
        /// Its id.
        contact: String,
    },
}

#[derive(Debug, Default)]
struct State {
    entries: Vec<Entry>,
    settled: BTreeMap<String, Settled>,
    open: BTreeMap<String, u64>,
    queue: BTreeMap<String, Instant>,
    intents: u64,
    room: Option<usize>,
}

/// See the module.
#[derive(Debug, Default)]
pub struct MemoryRecords(Mutex<State>);

impl MemoryRecords {
    /// Records that can take so many entries more; then they are full, as a disk is.
    #[must_use]
    pub fn with_room(entries: usize) -> Self {
        let records = Self::default();
        records.state().room = Some(entries);
        records
    }

    /// Everything recorded so far.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        self.state().entries.clone()
    }

    /// The contacts that wait.
    #[must_use]
    pub fn waiting(&self) -> BTreeMap<String, Instant> {
        self.state().queue.clone()
    }

    /// How many contacts were settled, by outcome and by reason, as a run that goes on carries them.
    #[must_use]
    pub fn carried(&self) -> (Vec<(Outcome, u64)>, BTreeMap<String, u64>) {
        let state = self.state();
        let mut by_reason = BTreeMap::new();
        for settled in state.settled.values() {
            if let Some(reason) = &settled.reason {
                *by_reason.entry(reason.clone()).or_default() += 1;
            }
        }
        let outcomes = state.settled.values().map(|settled| (settled.outcome, 1));
        (outcomes.collect(), by_reason)
    }

    /// Begins another run: what the last one settled is its own affair, what waits goes on waiting.
    pub fn next_run(&self) {
        let mut state = self.state();
        state.settled.clear();
        state.open.clear();
    }

    /// Makes room again.
    pub fn make_room(&self) {
        self.state().room = None;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn append(&mut self, entry: Entry) -> Result<(), PortFailure> {
        if let Some(room) = &mut self.room {
            *room = room.checked_sub(1).ok_or_else(full)?;
        }
        self.entries.push(entry);
        Ok(())
    }

    fn close(&mut self, contact: &str, outcome: Outcome, reason: Option<&str>, until: Option<Instant>) {
        if outcome.is_final() {
            let settled = Settled {
                outcome,
                reason: reason.map(str::to_owned),
            };
            self.settled.insert(contact.to_owned(), settled);
            self.queue.remove(contact);
        }
        if let Some(until) = until {
            self.queue.insert(contact.to_owned(), until);
        }
    }
}

fn full() -> PortFailure {
    PortFailure::new(PortFailureKind::Local, "the records are full", "make room")
}

impl DecisionLog for MemoryRecords {
    async fn intend(&self, decided: Decided<'_>) -> Result<IntentId, PortFailure> {
        let mut state = self.state();
        let contact = decided.contact.to_owned();
        let repeats = state.open.contains_key(&contact);
        state.append(Entry::Intent {
            contact: contact.clone(),
            repeats,
        })?;
        state.intents += 1;
        let number = state.intents;
        state.open.insert(contact, number);
        Ok(IntentId(number))
    }

    async fn conclude(&self, intent: IntentId, contact: &str, ending: Ending<'_>) -> Result<(), PortFailure> {
        let mut state = self.state();
        let end = match &ending {
            Ending::Settled { outcome, .. } => outcome.as_str(),
            Ending::Withheld => "withheld",
            Ending::NotDelivered { .. } => "not-delivered",
        };
        assert_eq!(
            state.open.get(contact),
            Some(&intent.0),
            "an end without an open intent"
        );
        state.append(Entry::Outcome {
            contact: contact.to_owned(),
            end: end.to_owned(),
        })?;
        state.open.remove(contact);
        if let Ending::Settled { outcome, reason, .. } = ending {
            state.close(contact, outcome, reason, None);
        }
        Ok(())
    }

    async fn settle(&self, settlement: Settlement<'_>) -> Result<(), PortFailure> {
        let mut state = self.state();
        state.append(Entry::Settled {
            contact: settlement.contact.to_owned(),
            end: settlement.outcome.as_str().to_owned(),
            reason: settlement.reason.to_owned(),
            deferred_until: settlement.deferred_until,
        })?;
        if settlement.settles {
            state.close(
                settlement.contact,
                settlement.outcome,
                Some(settlement.reason),
                settlement.deferred_until,
            );
        }
        Ok(())
    }

    async fn flush(&self) -> Result<(), PortFailure> {
        Ok(())
    }
}

impl RunJournal for MemoryRecords {
    async fn settled(&self, external_id: &str) -> Result<Option<Settled>, PortFailure> {
        Ok(self.state().settled.get(external_id).cloned())
    }
}

impl DeferralQueue for MemoryRecords {
    async fn next_opening(&self, _source: &str) -> Result<Option<Instant>, PortFailure> {
        Ok(self.state().queue.values().min().copied())
    }

    async fn due(&self, _source: &str, by: Instant, limit: usize) -> Result<Vec<Deferral>, PortFailure> {
        let state = self.state();
        let waiting = state.queue.iter().filter(|(_, opens)| **opens <= by);
        let mut due: Vec<Deferral> = waiting
            .map(|(external_id, opens)| Deferral {
                external_id: external_id.clone(),
                opens: *opens,
            })
            .collect();
        due.sort_by_key(|deferral| deferral.opens);
        due.truncate(limit);
        Ok(due)
    }

    async fn forget(&self, _source: &str, external_id: &str) -> Result<(), PortFailure> {
        let mut state = self.state();
        state.queue.remove(external_id);
        state.append(Entry::Forgotten {
            contact: external_id.to_owned(),
        })
    }
}
