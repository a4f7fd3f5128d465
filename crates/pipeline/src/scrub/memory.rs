//! Answers by places: each place is determined once for as long as its answer stands, and several places together are
//! put together from their answers.

use std::sync::Arc;

use core_compliance::ports::ListLayout;
use core_compliance::{CallAttempt, Evidence, Gate, Instant, LOOK_AHEAD_DAYS, Place};

use super::answer::{Answer, AnswerId};
use super::answers::Answers;
use super::learnt::Learnt;
use super::quick::Quick;
use super::timeline::Timeline;
use super::windows_zones::ZoneNames;

/// So many answers are kept, and so many stretches for which one of them stands.
const MOST_ANSWERS: usize = 1 << 15;
const MOST_STRETCHES: usize = 1 << 18;
pub(super) const LOOK_AHEAD: i64 = LOOK_AHEAD_DAYS as i64 * 86_400;

/// Of which places there are answers.
#[derive(Debug)]
pub(super) enum Subject {
    /// One place alone; or evidence that is to be determined as it stands.
    Alone(Box<CallAttempt>),
    /// Places with subjects of their own.
    Several(Arc<[usize]>),
}

/// What is known of places.
pub(super) struct Memory<'g, L: ListLayout> {
    pub(super) answers: Answers<'g, L>,
    subjects: Vec<Subject>,
    timelines: Vec<Timeline>,
    names: Vec<Arc<str>>,
    numbers: Quick<Arc<str>, usize>,
    /// How many stretches there are.
    stretches: usize,
}

impl<'g, L: ListLayout> Memory<'g, L> {
    pub(super) fn new(gate: &'g Gate, learnt: &'g Learnt, layout: &'g L, zone_names: ZoneNames) -> Self {
        Self {
            answers: Answers::new(gate, learnt, layout, zone_names),
            subjects: Vec::new(),
            timelines: Vec::new(),
            names: Vec::new(),
            numbers: Quick::default(),
            stretches: 0,
        }
    }

    /// The number of the places in which an attempt is judged. Attempts of one `likeness` are judged in the same ones.
    pub(super) fn subject(&mut self, likeness: &[u8], attempt: CallAttempt) -> usize {
        let gate = self.answers.gate;
        let places = self
            .answers
            .learnt
            .places(likeness, || gate.places(&attempt.evidence));
        // What a missing history does is not a matter of one place after the other.
        if places.is_empty() || gate.settings().require_history {
            let determination = gate.determine(&attempt);
            let code = determination.reason().map_or("", |finding| finding.code.as_str());
            return self.number(&format!("{}!{code}", key(&places)), || {
                Subject::Alone(Box::new(attempt))
            });
        }
        let members: Option<Vec<usize>> = places.iter().map(|place| self.alone(place, &attempt)).collect();
        match members.as_deref() {
            // A clock without a country cannot be given outright.
            None => self.number(&format!("{}?", key(&places)), || {
                Subject::Alone(Box::new(attempt))
            }),
            Some([one]) => *one,
            Some(members) => self.number(&key(&places), || Subject::Several(members.into())),
        }
    }

    /// The number of one place alone; `None` if it cannot be given outright.
    fn alone(&mut self, place: &Place, attempt: &CallAttempt) -> Option<usize> {
        let key = key(core::slice::from_ref(place));
        if let Some(number) = self.numbers.get(key.as_str()) {
            return Some(*number);
        }
        let alone = CallAttempt {
            evidence: Evidence {
                places: vec![place.clone()],
                ..Evidence::default()
            },
            ..attempt.clone()
        };
        let is_given = self.answers.gate.places(&alone.evidence) == [place.clone()];
        is_given.then(|| self.number(&key, || Subject::Alone(Box::new(alone))))
    }

    fn number(&mut self, key: &str, subject: impl FnOnce() -> Subject) -> usize {
        if let Some(number) = self.numbers.get(key) {
            return *number;
        }
        let number = self.subjects.len();
        let name: Arc<str> = key.into();
        self.subjects.push(subject());
        self.timelines.push(Timeline::default());
        self.names.push(Arc::clone(&name));
        self.numbers.insert(name, number);
        number
    }

    /// The answer about a subject at an instant; it is found out if it is not known.
    #[inline]
    pub(super) fn find(&mut self, subject: usize, at: Instant) -> Option<AnswerId> {
        let known = self.timelines.get(subject)?.at(at);
        known.or_else(|| self.find_out(subject, at))
    }

    #[cold]
    fn find_out(&mut self, subject: usize, at: Instant) -> Option<AnswerId> {
        let learnt = self.answers.learnt;
        let (answer, from, until) = match self.subjects.get(subject)? {
            Subject::Alone(attempt) => {
                let name = Arc::clone(self.names.get(subject)?);
                match learnt.answer(&name, at) {
                    Some((answer, from, until)) => (self.answers.kept(answer), from, until),
                    None => {
                        let attempt = CallAttempt {
                            at,
                            ..attempt.as_ref().clone()
                        };
                        let (determination, steady) = self.answers.gate.determine_steadily(&attempt);
                        let answer = self.answers.of(&determination);
                        let (from, until) = (steady.start, steady.end);
                        learnt.keep(&name, at, (*self.answers.get(answer)?, from, until));
                        (answer, from, until)
                    }
                }
            }
            Subject::Several(members) => {
                let members = Arc::clone(members);
                match self.together(&members, at) {
                    Some(found) => found,
                    None => return self.asked_of_the_gate(&members, at),
                }
            }
        };
        let timeline = self.timelines.get_mut(subject)?;
        let before = timeline.len();
        timeline.keep(at, from, until, answer);
        self.stretches = self.stretches + timeline.len() - before;
        Some(answer)
    }

    /// The answer about a subject at an instant, with the seconds from and until which it is known to stand.
    pub(super) fn span(&mut self, subject: usize, at: Instant) -> Option<(&Answer, i64, i64)> {
        self.find(subject, at)?;
        let (answer, from, until) = self.timelines.get(subject)?.span(at)?;
        Some((self.answers.get(answer)?, from, until))
    }

    /// The answer about a subject at an instant.
    pub(super) fn answer(&mut self, subject: usize, at: Instant) -> Option<&Answer> {
        let answer = self.find(subject, at)?;
        self.answers.get(answer)
    }

    /// A subject by its number.
    pub(super) fn of(&self, subject: usize) -> Option<&Subject> {
        self.subjects.get(subject)
    }

    /// Forgets answers where they are many, so that memory does not grow with the list. Numbers of subjects stay as they
    /// are.
    pub(super) fn forget_if_much(&mut self) {
        if self.answers.len() >= MOST_ANSWERS || self.stretches >= MOST_STRETCHES {
            self.timelines.iter_mut().for_each(Timeline::clear);
            self.answers.clear();
            self.stretches = 0;
        }
    }

    /// How many subjects have a number.
    pub(super) fn len(&self) -> usize {
        self.subjects.len()
    }

    /// Forgets all subjects and their numbers.
    pub(super) fn clear(&mut self) {
        self.subjects.clear();
        self.timelines.clear();
        self.names.clear();
        self.numbers.clear();
        self.answers.clear();
        self.stretches = 0;
    }
}

/// What tells places apart.
fn key(places: &[Place]) -> String {
    let listed = places
        .iter()
        .map(|place| format!("{}@{}", place.jurisdiction, place.zone));
    listed.collect::<Vec<_>>().join(" ")
}
