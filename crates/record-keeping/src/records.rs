//! The records of a run: decision log, journal and deferrals, as the use cases know them.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use core_compliance::ports::{
    Decided, DecisionLog, Deferral, DeferralQueue, Ending, IntentId, PortFailure, RunJournal, Settled,
    Settlement,
};
use core_compliance::{Channel, Gate, Instant, Purpose, Settings};
use serde_json::Value;

use crate::RecordsError;
use crate::index::Index;
use crate::key::PhoneKey;
use crate::log::entry::{DecisionEntry, DeferralDropped, Ended, Intended, RunEnded, SettledEntry, rest};
use crate::log::facts::{Callee, Facts};
use crate::log::line::Head;
use crate::log::private;
use crate::log::step::{Change, ContactSettled};
use crate::queue::{Draft, Owner, lock};
use crate::run::written;
use crate::state::StateDir;

/// Keeps the records of one run in a state directory: an NDJSON log that is the truth, and an index of it for questions.
pub struct NdjsonRecords {
    owner: Arc<Owner>,
    /// Answers while the writer writes.
    questions: Mutex<Index>,
    key: PhoneKey,
    run: String,
    source: String,
    rulebook: String,
    tzdb: String,
    settings: Settings,
    /// Purposes and channels whose settings are archived.
    archived: Mutex<HashSet<(Purpose, Channel)>>,
    /// Intents of earlier pieces without an outcome, by contact.
    unfinished: Mutex<HashMap<String, u64>>,
}

impl core::fmt::Debug for NdjsonRecords {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("NdjsonRecords")
            .field("run", &self.run)
            .finish_non_exhaustive()
    }
}

impl NdjsonRecords {
    pub(crate) fn new(
        state: &StateDir,
        run: &str,
        source: &str,
        gate: &Gate,
        unfinished: impl Iterator<Item = (u64, String)>,
    ) -> Result<Self, RecordsError> {
        let settings = gate.settings().clone();
        Ok(Self {
            owner: Arc::clone(state.owner()),
            questions: Mutex::new(state.questions()?),
            key: state.key().clone(),
            run: run.to_owned(),
            source: source.to_owned(),
            rulebook: gate.rulebook().sha256().to_string(),
            tzdb: gate.zones().sha256().to_string(),
            archived: Mutex::new(HashSet::from([(settings.purpose, settings.channel)])),
            settings,
            unfinished: Mutex::new(unfinished.map(|(seq, contact)| (contact, seq)).collect()),
        })
    }

    /// The last record that is durable: its hash is to be kept somewhere else, too.
    #[must_use]
    pub fn head(&self) -> Head {
        self.owner.writer.head()
    }

    /// Ends the run, with its books; it is never gone on with.
    ///
    /// # Errors
    /// What cannot be recorded.
    pub async fn end(&self, books: Value) -> Result<Head, PortFailure> {
        self.owner.writer.flush().await?;
        let unfinished = lock(&self.questions)
            .open_intents()?
            .into_iter()
            .map(|(seq, _)| seq);
        let entry = RunEnded {
            books,
            unfinished: unfinished.collect(),
        };
        self.owner
            .writer
            .record(self.draft(Change::RunOver, &entry)?)
            .await?;
        Ok(self.head())
    }

    fn draft<E: crate::log::entry::Entry>(&self, change: Change, entry: &E) -> Result<Draft, PortFailure> {
        Ok(written(Some(&self.run), change, rest(Some(&self.run), entry))?)
    }

    /// A decision as it is recorded, and the settings that are to be archived before it.
    fn decision<'d>(
        &self,
        decided: Decided<'d>,
    ) -> Result<(DecisionEntry<'d>, Option<Box<Settings>>), PortFailure> {
        let determination = decided.determination;
        self.rests_on("rulebook", determination.rulebook.sha256.as_str(), &self.rulebook)?;
        self.rests_on("zone data", determination.tzdb.sha256.as_str(), &self.tzdb)?;
        let (purpose, channel) = (determination.settings.purpose, determination.settings.channel);
        let settings = Settings {
            purpose,
            channel,
            ..self.settings.clone()
        };
        let expected = settings.sha256(purpose, channel);
        self.rests_on(
            "settings",
            determination.settings.sha256.as_str(),
            expected.as_str(),
        )?;
        let is_new = lock(&self.archived).insert((purpose, channel));
        let entry = DecisionEntry {
            callee: Callee::of(&decided.attempt.evidence, &self.key),
            facts: Facts::of(decided.attempt),
            determination: private::determination(determination),
        };
        Ok((entry, is_new.then(|| Box::new(settings))))
    }

    /// A record must not name what is not archived.
    fn rests_on(&self, what: &'static str, found: &str, begun: &str) -> Result<(), RecordsError> {
        if found == begun {
            return Ok(());
        }
        Err(RecordsError::OtherFooting {
            what,
            found: found.to_owned(),
            begun: begun.to_owned(),
        })
    }

    fn intended(&self, decided: Decided<'_>) -> Result<Draft, PortFailure> {
        let (decision, settings) = self.decision(decided)?;
        let repeats = lock(&self.unfinished).remove(decided.contact);
        let entry = Intended {
            contact: decided.contact,
            repeats,
            decision,
        };
        let change = Change::Intended {
            contact: decided.contact.to_owned(),
            repeats,
        };
        Ok(Draft {
            settings,
            ..self.draft(change, &entry)?
        })
    }

    fn ended(&self, intent: IntentId, contact: &str, ending: &Ending<'_>) -> Result<Draft, PortFailure> {
        let settled = match ending {
            Ending::Settled { outcome, reason, .. } => Some(ContactSettled {
                source: self.source.clone(),
                contact: contact.to_owned(),
                settles: true,
                outcome: *outcome,
                reason: reason.map(str::to_owned),
                deferred_until: None,
            }),
            Ending::Withheld | Ending::NotDelivered { .. } => None,
        };
        let (outcome, reason, message) = match ending {
            Ending::Settled {
                outcome,
                reason,
                message,
            } => (outcome.as_str(), *reason, *message),
            Ending::Withheld => ("withheld", None, None),
            Ending::NotDelivered { message } => ("not-delivered", None, Some(*message)),
        };
        let entry = Ended {
            intent: intent.0,
            source: &self.source,
            contact,
            outcome,
            reason,
            message,
        };
        let intent = intent.0;
        self.draft(Change::Ended { intent, settled }, &entry)
    }

    fn settled_entry(&self, settlement: Settlement<'_>) -> Result<Draft, PortFailure> {
        let (decision, settings) = match settlement.decided {
            None => (None, None),
            Some(decided) => {
                let (decision, settings) = self.decision(decided)?;
                (Some(decision), settings)
            }
        };
        let entry = SettledEntry {
            source: &self.source,
            contact: settlement.contact,
            settles: settlement.settles,
            outcome: settlement.outcome.as_str(),
            reason: settlement.reason,
            message: settlement.message,
            deferred_until: settlement.deferred_until,
            decision,
        };
        let change = Change::Settled(ContactSettled {
            source: self.source.clone(),
            contact: settlement.contact.to_owned(),
            settles: settlement.settles,
            outcome: settlement.outcome,
            reason: Some(settlement.reason.to_owned()),
            deferred_until: settlement.deferred_until,
        });
        Ok(Draft {
            settings,
            ..self.draft(change, &entry)?
        })
    }
}

impl DecisionLog for NdjsonRecords {
    async fn intend(&self, decided: Decided<'_>) -> Result<IntentId, PortFailure> {
        let draft = self.intended(decided)?;
        self.owner.writer.record(draft).await.map(IntentId)
    }

    async fn conclude(&self, intent: IntentId, contact: &str, ending: Ending<'_>) -> Result<(), PortFailure> {
        let draft = self.ended(intent, contact, &ending)?;
        self.owner.writer.record(draft).await.map(|_| ())
    }

    async fn settle(&self, settlement: Settlement<'_>) -> Result<(), PortFailure> {
        let draft = self.settled_entry(settlement)?;
        self.owner.writer.record_soon(draft).await
    }

    async fn flush(&self) -> Result<(), PortFailure> {
        self.owner.writer.flush().await
    }
}

impl RunJournal for NdjsonRecords {
    async fn settled(&self, external_id: &str) -> Result<Option<Settled>, PortFailure> {
        Ok(lock(&self.questions).settled(external_id)?)
    }
}

impl DeferralQueue for NdjsonRecords {
    async fn next_opening(&self, source: &str) -> Result<Option<Instant>, PortFailure> {
        Ok(lock(&self.questions).next_opening(source)?)
    }

    async fn due(&self, source: &str, by: Instant, limit: usize) -> Result<Vec<Deferral>, PortFailure> {
        Ok(lock(&self.questions).due(source, by, limit)?)
    }

    async fn forget(&self, source: &str, external_id: &str) -> Result<(), PortFailure> {
        let entry = DeferralDropped {
            source,
            contact: external_id,
        };
        let change = Change::DeferralDropped {
            source: source.to_owned(),
            contact: external_id.to_owned(),
        };
        let draft = self.draft(change, &entry)?;
        self.owner.writer.record(draft).await.map(|_| ())
    }
}
