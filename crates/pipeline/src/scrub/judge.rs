//! One row in, one ruling out.

use core_compliance::ports::{ListFields, ListLayout, SuppressionList, Value};
use core_compliance::{CallAttempt, Evidence, Gate, Instant, PhoneNumber, Suppression};

use super::answers::{Answers, Stretch, Timeline, places_key};
use super::books::Reason;
use super::local_time::LocalText;
use super::meanings::{Meaning, Meanings, Quick, evidence, number};
use super::windows_zones::ZoneNames;

/// So many answers are kept before it is begun anew.
const MOST_ANSWERS: usize = 1 << 15;
/// So many meanings are kept.
const MOST_MEANINGS: usize = 1 << 18;

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
    /// It was judged.
    Decided {
        answer: &'j Stretch<N>,
        local_time: LocalText,
    },
}

/// Judges rows, and remembers what it has found out.
pub(super) struct Judge<'g, L: ListLayout, S> {
    options: ScrubOptions,
    suppression: &'g S,
    answers: Answers<'g, L>,
    meanings: Meanings<'g>,
    /// Which timeline a meaning has.
    timelines_of: Quick<Meaning, usize>,
    timelines_at: Quick<String, usize>,
    timelines: Vec<Timeline<L::Note>>,
    kept: usize,
    /// The answer about a row that was judged by itself.
    alone: Stretch<L::Note>,
}

impl<'g, L: ListLayout, S: SuppressionList> Judge<'g, L, S> {
    pub(super) fn new(gate: &'g Gate, layout: &'g L, suppression: &'g S, options: ScrubOptions) -> Self {
        let mut answers = Answers {
            gate,
            layout,
            zone_names: options.zone_names,
            reasons: Vec::new(),
        };
        // A callee of whom nothing is known.
        let nobody = gate.determine(&CallAttempt::new(Instant::EARLIEST, Evidence::default()));
        Self {
            options,
            suppression,
            alone: answers.stretch(&nobody, 0),
            answers,
            meanings: Meanings::new(gate),
            timelines_of: Quick::default(),
            timelines_at: Quick::default(),
            timelines: Vec::new(),
            kept: 0,
        }
    }

    /// Reasons by number.
    pub(super) fn reasons(&self) -> &[Reason] {
        &self.answers.reasons
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
        let answer = kept
            .and_then(|(timeline, stretch)| self.timelines.get(timeline)?.stretch(stretch))
            .unwrap_or(&self.alone);
        Ruling::Decided {
            answer,
            local_time: LocalText::of(at, answer.offset),
        }
    }

    fn planned(&self, field: Value<'_>) -> Result<Instant, &'static str> {
        let text = match (self.options.planned, field) {
            (ListPlanned::At(at), _) => return Ok(at),
            (ListPlanned::Column, Value::Text(text)) => std::str::from_utf8(text).ok(),
            (ListPlanned::Column, _) => None,
        };
        let read = text.map(|text| match self.options.assume_utc {
            true => Instant::parse_assuming_utc(text),
            false => text.parse(),
        });
        read.and_then(Result::ok).ok_or("planned-time-unreadable")
    }

    /// Timeline and stretch of the answer; `None` = the row was judged alone.
    fn find(
        &mut self,
        fields: &ListFields<'_>,
        phone: Option<&PhoneNumber>,
        at: Instant,
    ) -> Option<(usize, usize)> {
        let suppression = phone.and_then(|number| self.suppression.suppression(number.as_str(), at));
        if suppression.is_some() {
            self.judge_alone(fields, at, suppression);
            return None;
        }
        let Some(meaning) = self.meanings.of(fields, phone) else {
            self.judge_alone(fields, at, None);
            return None;
        };
        let index = match self.timelines_of.get(&meaning) {
            Some(index) => *index,
            None => self.timeline(meaning, fields, at),
        };
        let timeline = self.timelines.get_mut(index)?;
        if let Some(stretch) = timeline.index_at(at) {
            return Some((index, stretch));
        }
        self.kept += 1;
        Some((index, timeline.learn(at, &mut self.answers)))
    }

    /// The timeline of a meaning that was not met before.
    fn timeline(&mut self, meaning: Meaning, fields: &ListFields<'_>, at: Instant) -> usize {
        let attempt = self.attempt(fields, at, None);
        let key = places_key(&self.answers.gate.determine(&attempt));
        let next = self.timelines.len();
        let index = *self.timelines_at.entry(key).or_insert(next);
        if index == next {
            self.timelines.push(Timeline::new(attempt));
        }
        self.timelines_of.insert(meaning, index);
        index
    }

    fn judge_alone(&mut self, fields: &ListFields<'_>, at: Instant, suppression: Option<Suppression>) {
        let attempt = self.attempt(fields, at, suppression);
        let determination = self.answers.gate.determine(&attempt);
        self.alone = self.answers.stretch(&determination, at.unix() + 1);
    }

    fn attempt(&self, fields: &ListFields<'_>, at: Instant, suppression: Option<Suppression>) -> CallAttempt {
        let settings = self.answers.gate.settings();
        CallAttempt {
            purpose: settings.purpose,
            channel: settings.channel,
            suppression,
            ..CallAttempt::new(at, evidence(fields))
        }
    }

    /// Forgets what was found out once it is much, so that memory does not grow with the list.
    pub(super) fn forget_if_much(&mut self) {
        if self.kept < MOST_ANSWERS && self.timelines_of.len() < MOST_MEANINGS && !self.meanings.are_many() {
            return;
        }
        self.meanings = Meanings::new(self.answers.gate);
        self.timelines_of.clear();
        self.timelines_at.clear();
        self.timelines.clear();
        self.kept = 0;
    }
}
