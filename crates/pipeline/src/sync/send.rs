//! One contact: decide, record the intent, hand over, record what became of it.

use core_compliance::ports::{
    AttemptLedger, Clock, ContactRecord, ContactSink, Delivery, Ending, IntentId, Outcome, PortFailure,
    RunRecords, Settlement, mask_numbers,
};
use core_compliance::{FindingCode, Instant};

use super::admission::{Admission, Admissions, Judged};
use super::event::{ContactEvent, Sent, SyncObserver, delivered, event, not_attempted};
use super::run::{AFTER_FAILURE, PassEnd, Progress, SyncRun};

/// How often a contact whose deadline passed while it waited is decided anew before it counts as failed.
const DECISIONS_PER_CONTACT: usize = 5;

impl<Sink, C, O, R, A> SyncRun<'_, Sink, C, O, R, A>
where
    Sink: ContactSink,
    C: Clock,
    O: SyncObserver,
    R: RunRecords,
    A: AttemptLedger,
{
    /// Decides about a contact and sends it if it is admitted. A deadline that passes while it waits is decided anew.
    pub(super) async fn send(&self, record: Box<ContactRecord>, progress: &Progress) -> PassEnd {
        let name = record.external_id().unwrap_or("(no externalId)").to_owned();
        let admissions = Admissions {
            gate: self.gate,
            clock: self.clock,
            ledger: self.ledger,
            suppression: self.suppression,
            options: self.options,
        };
        for _ in 0..DECISIONS_PER_CONTACT {
            if let Some(failure) = self.footing.lost() {
                progress.failures.of_sending(failure);
            }
            if progress.failures.sending_ended() {
                return PassEnd::Settled(not_attempted(name));
            }
            let (annotated, judged) = match admissions.decide(&record).await {
                Admission::Admitted { record, judged } => (record, judged),
                Admission::Held(judged) => {
                    return PassEnd::Settled(self.hold(name, &judged, progress).await);
                }
                Admission::Undecidable { code, message } => {
                    let prohibited = event(name, Outcome::Prohibited, code, message);
                    // It waits: what cannot be read now may be mended soon.
                    let again = Some(self.clock.now().plus_seconds(AFTER_FAILURE));
                    return PassEnd::Settled(self.refuse(prohibited, true, again, progress).await);
                }
                Admission::Rejected { code, message } => {
                    let rejected = event(name, Outcome::Rejected, code, message);
                    let has_id = record.external_id().is_some();
                    return PassEnd::Settled(self.refuse(rejected, has_id, None, progress).await);
                }
            };
            match self.hand_over(&name, &annotated, &judged, progress).await {
                HandedOver::Settled(event) => return PassEnd::Settled(event),
                HandedOver::NotDelivered { reason } => return PassEnd::Undelivered { record, reason },
                HandedOver::Withheld => {}
            }
        }
        PassEnd::Undelivered {
            record,
            reason: "its window closed each time before it could be sent".to_owned(),
        }
    }

    /// Records the intent, hands the contact over, records the end.
    async fn hand_over(
        &self,
        name: &str,
        annotated: &ContactRecord,
        judged: &Judged,
        progress: &Progress,
    ) -> HandedOver {
        let intent = match self.records.intend(judged.decided(name)).await {
            Ok(intent) => intent,
            // Without a durable intent nothing is sent.
            Err(failure) => {
                progress.failures.of_sending(failure);
                return HandedOver::Settled(not_attempted(name.to_owned()));
            }
        };
        // While the intent was made durable the run may have lost its footing, or the tenant.
        if let Some(failure) = self.footing.lost() {
            progress.failures.of_sending(failure);
        }
        if progress.failures.sending_ended() {
            self.conclude(intent, name, Ending::Withheld, progress).await;
            return HandedOver::Settled(not_attempted(name.to_owned()));
        }
        let deadline = judged.determination.permitted_until;
        match self.sink.upsert(annotated, deadline).await {
            Ok(Delivery::Withheld) => {
                self.conclude(intent, name, Ending::Withheld, progress).await;
                HandedOver::Withheld
            }
            Ok(Delivery::NotDelivered { reason, sends }) => {
                let reason = format!("{reason} (sent {sends} times)");
                let ending = Ending::NotDelivered {
                    message: &mask_numbers(&reason),
                };
                self.conclude(intent, name, ending, progress).await;
                HandedOver::NotDelivered { reason }
            }
            Ok(delivery) => {
                let sent = Sent {
                    contact: name.to_owned(),
                    why: judged.reason().1.to_owned(),
                    permitted_until: deadline,
                    zone: judged.zone(),
                };
                let event = delivered(sent, delivery);
                self.conclude_as(intent, &event, progress).await;
                HandedOver::Settled(event)
            }
            Err(failure) => {
                let event = run_failed(name, &failure);
                progress.failures.of_sending(failure);
                self.conclude_as(intent, &event, progress).await;
                HandedOver::Settled(event)
            }
        }
    }

    async fn conclude_as(&self, intent: IntentId, event: &ContactEvent, progress: &Progress) {
        let message = event
            .message
            .as_deref()
            .filter(|_| event.reason.is_some())
            .map(mask_numbers);
        let ending = Ending::Settled {
            outcome: event.outcome,
            reason: event.reason.as_deref(),
            message: message.as_deref(),
        };
        self.conclude(intent, &event.contact, ending, progress).await;
    }

    /// Records how an intent ended. What cannot be recorded stays open: the next piece of the run sends it once more.
    async fn conclude(&self, intent: IntentId, contact: &str, ending: Ending<'_>, progress: &Progress) {
        if let Err(failure) = self.records.conclude(intent, contact, ending).await {
            progress.failures.of_sending(failure);
        }
    }

    /// A contact that the decision holds back: recorded, and deferred if calling opens for it.
    async fn hold(&self, name: String, judged: &Judged, progress: &Progress) -> ContactEvent {
        let (code, message): (FindingCode, &str) = judged.reason();
        let opening = judged.determination.next_opening;
        let settlement = Settlement {
            contact: &name,
            settles: true,
            outcome: judged.held(),
            reason: code.as_str(),
            message: &mask_numbers(message),
            decided: Some(judged.decided(&name)),
            deferred_until: opening,
        };
        if let Err(event) = self.settle(settlement, progress).await {
            return event;
        }
        let message = message.to_owned();
        ContactEvent {
            next_opening: opening,
            zone: judged.zone(),
            ..event(name, judged.held(), code.as_str(), message)
        }
    }

    /// Records a contact that no decision was made about, and until when it is deferred.
    async fn refuse(
        &self,
        event: ContactEvent,
        settles: bool,
        deferred_until: Option<Instant>,
        progress: &Progress,
    ) -> ContactEvent {
        let message = mask_numbers(event.message.as_deref().unwrap_or_default());
        let settlement = Settlement {
            contact: &event.contact,
            settles,
            outcome: event.outcome,
            reason: event.reason.as_deref().unwrap_or_default(),
            message: &message,
            decided: None,
            deferred_until,
        };
        match self.settle(settlement, progress).await {
            Ok(()) => event,
            Err(not_recorded) => not_recorded,
        }
    }
}

/// How one handing-over ended.
enum HandedOver {
    Settled(ContactEvent),
    /// Its permission ended while it waited.
    Withheld,
    NotDelivered {
        reason: String,
    },
}

fn run_failed(name: &str, failure: &PortFailure) -> ContactEvent {
    event(
        name.to_owned(),
        Outcome::Failed,
        "run-failed",
        failure.to_string(),
    )
}
