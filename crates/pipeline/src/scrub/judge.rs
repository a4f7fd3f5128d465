//! One row in, one ruling out.

use core_compliance::ports::{ListLayout, RowField, RowFields, SuppressionList, Value};
use core_compliance::{CallAttempt, Gate, Instant, InstantReader, Suppression};

use super::answer::AnswerId;
use super::answers::Written;
use super::books::ListBooks;
use super::learnt::Learnt;
use super::meanings::{Meaning, Meanings, evidence, number};
use super::memory::Memory;
use super::quick::Quick;
use super::windows_zones::ZoneNames;

/// So many meanings are kept, and so many groups of places.
const MOST_MEANINGS: usize = 1 << 18;
const MOST_SUBJECTS: usize = 1 << 14;

/// When the calls of a list are planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListPlanned {
    /// All at this instant.
    At(Instant),
    /// Each at the time in its row.
    Column,
}

/// How a list is judged.
#[derive(Clone, Copy, Debug)]
pub struct ScrubOptions {
    /// When the calls are planned.
    pub planned: ListPlanned,
    /// Take times without an offset as UTC.
    pub assume_utc: bool,
    /// By which names zones are written.
    pub zone_names: ZoneNames,
}

/// Who would be called, as far as it decides.
#[derive(Clone, Copy, Debug)]
pub(super) enum Callee {
    /// Somebody of whom nothing else matters than the places, which the evidence means.
    Somewhere(Meaning),
    /// Somebody whose answer is known already.
    Answered(AnswerId),
}

/// Judges rows, and remembers what it has found out.
pub(super) struct Judge<'g, L: ListLayout, S> {
    options: ScrubOptions,
    suppression: Option<&'g S>,
    memory: Memory<'g, L>,
    meanings: Meanings<'g>,
    /// Which subject a meaning has.
    subjects: Quick<Meaning, usize>,
    instants: InstantReader,
}

impl<'g, L: ListLayout, S: SuppressionList> Judge<'g, L, S> {
    pub(super) fn new(
        gate: &'g Gate,
        learnt: &'g Learnt,
        layout: &'g L,
        suppression: Option<&'g S>,
        options: ScrubOptions,
    ) -> Self {
        Self {
            options,
            suppression,
            memory: Memory::new(gate, learnt, layout, options.zone_names),
            meanings: Meanings::new(gate, learnt),
            subjects: Quick::default(),
            instants: InstantReader::default(),
        }
    }

    /// The answer as it is written.
    pub(super) fn written(&mut self, answer: AnswerId) -> Option<&Written<L::Note>> {
        self.memory.answers.written(answer)
    }

    /// What was decided for all rows.
    pub(super) fn close(self) -> ListBooks {
        self.memory.answers.close()
    }

    /// Whom a row with these fields is about, and when the call is planned.
    ///
    /// # Errors
    /// The code of why it cannot be judged.
    pub(super) fn locate(&mut self, fields: &impl RowFields) -> Result<(Callee, Instant), &'static str> {
        let at = self.planned(fields.get(RowField::At))?;
        let phone = number(fields.get(RowField::Phone))?;
        if phone.is_none() && self.suppression.is_some() {
            // Whether somebody without a number is on a list of numbers, nobody can tell.
            return Err("phone-missing");
        }
        let suppression = self
            .suppression
            .zip(phone)
            .and_then(|(list, number)| list.suppression(number.as_str(), at));
        let callee = match (self.meanings.of(fields, phone), suppression) {
            (Some(meaning), None) => Callee::Somewhere(meaning),
            (Some(meaning), Some(entry)) => {
                let subject = self.subject_of(meaning, fields, at);
                let answer = self.memory.suppressed(subject, at, &entry);
                Callee::Answered(answer.unwrap_or_else(|| self.alone(fields, at, Some(entry))))
            }
            (None, suppression) => Callee::Answered(self.alone(fields, at, suppression)),
        };
        Ok((callee, at))
    }

    /// The places of a callee as a subject, if they are known.
    pub(super) fn known_subject(&self, callee: Callee) -> Option<usize> {
        match callee {
            Callee::Somewhere(meaning) => self.subjects.get(&meaning).copied(),
            Callee::Answered(_) => None,
        }
    }

    /// The places of a row of this meaning as a subject.
    pub(super) fn subject_of(&mut self, meaning: Meaning, fields: &impl RowFields, at: Instant) -> usize {
        if let Some(subject) = self.subjects.get(&meaning) {
            return *subject;
        }
        let likeness = Meanings::likeness(meaning, fields);
        let subject = self.memory.subject(&likeness, self.attempt(fields, at, None));
        self.subjects.insert(meaning, subject);
        subject
    }

    /// The answer about a subject at an instant, which a row is counted with.
    pub(super) fn decide(&mut self, subject: usize, at: Instant) -> Option<AnswerId> {
        let answer = self.memory.find(subject, at)?;
        self.memory.answers.count(answer);
        Some(answer)
    }

    /// Counts a row with an answer that is known already.
    pub(super) fn decided(&mut self, answer: AnswerId) -> AnswerId {
        self.memory.answers.count(answer);
        answer
    }

    fn planned(&mut self, field: Value<'_>) -> Result<Instant, &'static str> {
        let text = match (self.options.planned, field) {
            (ListPlanned::At(at), _) => return Ok(at),
            (ListPlanned::Column, Value::Text(text)) => match self.instants.read(text) {
                Some(at) => return Ok(at),
                None => std::str::from_utf8(text).ok(),
            },
            (ListPlanned::Column, _) => None,
        };
        let read = text.map(|text| match self.options.assume_utc {
            true => Instant::parse_assuming_utc(text),
            false => text.parse(),
        });
        read.and_then(Result::ok).ok_or("planned-time-unreadable")
    }

    fn alone(&mut self, fields: &impl RowFields, at: Instant, suppression: Option<Suppression>) -> AnswerId {
        let attempt = self.attempt(fields, at, suppression);
        let determination = self.memory.answers.gate.determine(&attempt);
        self.memory.answers.of(&determination)
    }

    fn attempt(&self, fields: &impl RowFields, at: Instant, suppression: Option<Suppression>) -> CallAttempt {
        let settings = self.memory.answers.gate.settings();
        CallAttempt {
            purpose: settings.purpose,
            channel: settings.channel,
            suppression,
            ..CallAttempt::new(at, evidence(fields))
        }
    }

    /// Forgets what was found out once it is much, so that memory does not grow with the list.
    pub(super) fn forget_if_much(&mut self) {
        self.memory.forget_if_much();
        let is_much = self.subjects.len() >= MOST_MEANINGS
            || self.memory.len() >= MOST_SUBJECTS
            || self.meanings.are_many();
        if is_much {
            let answers = &self.memory.answers;
            self.meanings = Meanings::new(answers.gate, answers.learnt);
            self.subjects.clear();
            self.memory.clear();
        }
    }
}
