//! What one thread has found out, for the others: all meet the same places, most of them within their first thousands of rows.
//!
//! Numbers of reasons, zones and meanings are the same for all threads, and stay. The lock is never held while something is
//! worked out, and nothing that is asked of every row asks for it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use core_compliance::phone::PhonePlaces;
use core_compliance::{Instant, Place};

use super::answer::{Answer, AnswerId};
use super::books::Reason;
use super::postal_meaning::PostalMeaning;
use super::quick::Quick;
use super::timeline::Timeline;

/// So many lists of places, answers, and stretches for which one of them stands are kept.
const MOST_PLACES: usize = 1 << 14;
const MOST_ANSWERS: usize = 1 << 15;
const MOST_STRETCHES: usize = 1 << 18;

/// What is known to all threads.
#[derive(Debug, Default)]
pub(super) struct Learnt(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    reasons: Vec<Reason>,
    zones: Vec<String>,
    postal_meanings: Vec<PostalMeaning>,
    phone_meanings: Vec<PhonePlaces>,
    /// By the evidence, as far as it matters.
    places: Quick<Box<[u8]>, Arc<[Place]>>,
    answers: Vec<Answer>,
    numbers: Quick<Answer, AnswerId>,
    /// By the name of the subject.
    timelines: Quick<Arc<str>, Timeline>,
    stretches: usize,
}

impl Learnt {
    /// What is behind the lock is whole at every moment, whatever became of the thread that held it.
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of a reason.
    pub(super) fn reason(&self, reason: Reason) -> usize {
        number_of(&mut self.known().reasons, reason)
    }

    /// All reasons, by number.
    pub(super) fn reasons(&self) -> Vec<Reason> {
        self.known().reasons.clone()
    }

    /// A reason by its number.
    pub(super) fn reason_of(&self, number: usize) -> Option<Reason> {
        self.known().reasons.get(number).cloned()
    }

    /// The number of a zone's name.
    pub(super) fn zone(&self, name: &str) -> usize {
        number_of(&mut self.known().zones, name.to_owned())
    }

    /// A zone's name by its number.
    pub(super) fn zone_of(&self, number: usize) -> Option<String> {
        self.known().zones.get(number).cloned()
    }

    /// The number of what a postal code says; there are as many as the tables have.
    pub(super) fn postal_meaning(&self, meaning: PostalMeaning) -> usize {
        number_of(&mut self.known().postal_meanings, meaning)
    }

    /// The number of what a phone number says; there are as many as the tables have.
    pub(super) fn phone_meaning(&self, meaning: PhonePlaces) -> usize {
        number_of(&mut self.known().phone_meanings, meaning)
    }

    /// The places that some evidence names, worked out by `locate` if they are not known.
    pub(super) fn places(&self, evidence: &[u8], locate: impl FnOnce() -> Vec<Place>) -> Arc<[Place]> {
        if let Some(places) = self.known().places.get(evidence) {
            return Arc::clone(places);
        }
        let places: Arc<[Place]> = locate().into();
        let mut known = self.known();
        if known.places.len() >= MOST_PLACES {
            known.places.clear();
        }
        known.places.insert(evidence.into(), Arc::clone(&places));
        places
    }

    /// The answer about a subject at an instant, with its first second and the first after it.
    pub(super) fn answer(&self, subject: &str, at: Instant) -> Option<(Answer, i64, i64)> {
        let known = self.known();
        let (number, from, until) = known.timelines.get(subject)?.span(at)?;
        Some((*known.answers.get(number as usize)?, from, until))
    }

    /// Keeps an answer about a subject, which stands from one second until another around an instant.
    pub(super) fn keep(&self, subject: &Arc<str>, at: Instant, (answer, from, until): (Answer, i64, i64)) {
        let mut known = self.known();
        let known = &mut *known;
        if known.answers.len() >= MOST_ANSWERS || known.stretches >= MOST_STRETCHES {
            known.answers.clear();
            known.numbers.clear();
            known.timelines.clear();
            known.stretches = 0;
        }
        // Answers are forgotten long before there are so many.
        let next = AnswerId::try_from(known.answers.len()).unwrap_or(AnswerId::MAX);
        let number = *known.numbers.entry(answer).or_insert(next);
        if number == next {
            known.answers.push(answer);
        }
        let timeline = known.timelines.entry(Arc::clone(subject)).or_default();
        let before = timeline.len();
        timeline.keep(at, from, until, number);
        known.stretches = known.stretches + timeline.len() - before;
    }
}

fn number_of<T: PartialEq>(known: &mut Vec<T>, value: T) -> usize {
    let found = known.iter().position(|each| *each == value);
    found.unwrap_or_else(|| {
        known.push(value);
        known.len() - 1
    })
}
