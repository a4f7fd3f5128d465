//! One row in, one ruling out.

use core_compliance::ports::{ListFields, ListLayout, SuppressionList, Value};
use core_compliance::{CallAttempt, Gate, Instant, PhoneNumber, Suppression};

use super::answers::Stretch;
use super::books::Reason;
use super::meanings::{Meaning, Meanings, Quick, evidence, number};
use super::memory::Memory;
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

/// What becomes of a row.
pub(super) enum Ruling<'j, N> {
    /// It cannot be judged.
    Rejected(&'static str),
    /// It was judged, for this instant.
    Decided(&'j Stretch<N>, Instant),
}

/// Judges rows, and remembers what it has found out.
pub(super) struct Judge<'g, L: ListLayout, S> {
    options: ScrubOptions,
    suppression: Option<&'g S>,
    memory: Memory<'g, L>,
    meanings: Meanings<'g>,
    /// Which subject a meaning has.
    subjects: Quick<Meaning, usize>,
    /// The answer about a row that was judged by itself.
    alone: Stretch<L::Note>,
}

impl<'g, L: ListLayout, S: SuppressionList> Judge<'g, L, S> {
    pub(super) fn new(
        gate: &'g Gate,
        layout: &'g L,
        suppression: Option<&'g S>,
        options: ScrubOptions,
    ) -> Self {
        let mut memory = Memory::new(gate, layout, options.zone_names);
        // A callee of whom nothing is known.
        let nobody = gate.determine(&CallAttempt::new(
            Instant::EARLIEST,
            evidence(&ListFields::default()),
        ));
        let nobody = memory.answers.of(&nobody);
        Self {
            options,
            suppression,
            alone: memory.answers.ready(nobody, 0),
            memory,
            meanings: Meanings::new(gate),
            subjects: Quick::default(),
        }
    }

    /// Reasons by number.
    pub(super) fn reasons(&self) -> &[Reason] {
        &self.memory.answers.reasons
    }

    /// What becomes of a row with these fields.
    pub(super) fn judge(&mut self, fields: &ListFields<'_>) -> Ruling<'_, L::Note> {
        let at = match self.planned(fields.at) {
            Ok(at) => at,
            Err(code) => return Ruling::Rejected(code),
        };
        let phone = match number(fields.phone) {
            Ok(phone) => phone,
            Err(code) => return Ruling::Rejected(code),
        };
        let kept = self.find(fields, phone.as_ref(), at);
        let answer = kept.and_then(|(subject, index)| self.memory.stretch(subject, index));
        Ruling::Decided(answer.unwrap_or(&self.alone), at)
    }

    fn planned(&self, field: Value<'_>) -> Result<Instant, &'static str> {
        let text = match (self.options.planned, field) {
            (ListPlanned::At(at), _) => return Ok(at),
            (ListPlanned::Column, Value::Text(text)) => match Instant::from_usual_form(text) {
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

    /// Subject and place of the answer; `None` = the row was judged alone.
    fn find(
        &mut self,
        fields: &ListFields<'_>,
        phone: Option<&PhoneNumber>,
        at: Instant,
    ) -> Option<(usize, usize)> {
        let suppression = self
            .suppression
            .zip(phone)
            .and_then(|(list, number)| list.suppression(number.as_str(), at));
        let Some(meaning) = self.meanings.of(fields, phone) else {
            self.judge_alone(fields, at, suppression);
            return None;
        };
        let subject = match self.subjects.get(&meaning) {
            Some(subject) => *subject,
            None => {
                let subject = self.memory.subject(self.attempt(fields, at, None));
                self.subjects.insert(meaning, subject);
                subject
            }
        };
        if let Some(entry) = suppression {
            match self.memory.suppressed(subject, at, &entry) {
                Some(answer) => self.alone = self.memory.answers.ready(answer, at.unix() + 1),
                None => self.judge_alone(fields, at, Some(entry)),
            }
            return None;
        }
        self.memory.find(subject, at)
    }

    fn judge_alone(&mut self, fields: &ListFields<'_>, at: Instant, suppression: Option<Suppression>) {
        let attempt = self.attempt(fields, at, suppression);
        let determination = self.memory.answers.gate.determine(&attempt);
        let answer = self.memory.answers.of(&determination);
        self.alone = self.memory.answers.ready(answer, at.unix() + 1);
    }

    fn attempt(&self, fields: &ListFields<'_>, at: Instant, suppression: Option<Suppression>) -> CallAttempt {
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
            self.meanings = Meanings::new(self.memory.answers.gate);
            self.subjects.clear();
            self.memory.clear();
        }
    }
}
