//! Answers by places: each place is determined once for as long as its answer stands, and several places together are
//! put together from their answers.

use std::sync::Arc;

use core_compliance::ports::ListLayout;
use core_compliance::{CallAttempt, Evidence, Gate, Instant, LOOK_AHEAD_DAYS, Place};

use super::answers::{Answer, Answers, Stretch, Timeline};
use super::meanings::Quick;
use super::together::Together;
use super::windows_zones::ZoneNames;

/// So many answers are kept about single places, and about several together.
const MOST_ANSWERS: usize = 1 << 15;
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
#[derive(Debug)]
pub(super) struct Memory<'g, L: ListLayout> {
    pub(super) answers: Answers<'g, L>,
    subjects: Vec<Subject>,
    timelines: Vec<Timeline<L::Note>>,
    numbers: Quick<String, usize>,
    kept_alone: usize,
    kept_together: usize,
}

impl<'g, L: ListLayout> Memory<'g, L> {
    pub(super) fn new(gate: &'g Gate, layout: &'g L, zone_names: ZoneNames) -> Self {
        Self {
            answers: Answers::new(gate, layout, zone_names),
            subjects: Vec::new(),
            timelines: Vec::new(),
            numbers: Quick::default(),
            kept_alone: 0,
            kept_together: 0,
        }
    }

    /// The number of the places in which an attempt is judged.
    pub(super) fn subject(&mut self, attempt: CallAttempt) -> usize {
        let gate = self.answers.gate;
        let places = gate.places(&attempt.evidence);
        // What a missing history does is not a matter of one place after the other.
        if places.is_empty() || gate.settings().require_history {
            let determination = gate.determine(&attempt);
            let code = determination.reason().map_or("", |finding| finding.code.as_str());
            return self.number(format!("{}!{code}", key(&places)), || {
                Subject::Alone(Box::new(attempt))
            });
        }
        let mut members = Vec::with_capacity(places.len());
        for place in &places {
            let alone = CallAttempt {
                evidence: Evidence {
                    places: vec![place.clone()],
                    ..Evidence::default()
                },
                ..attempt.clone()
            };
            if gate.places(&alone.evidence) != [place.clone()] {
                // A clock without a country cannot be given outright.
                return self.number(key(&places), || Subject::Alone(Box::new(attempt)));
            }
            members.push(self.number(key(core::slice::from_ref(place)), || {
                Subject::Alone(Box::new(alone))
            }));
        }
        match members.as_slice() {
            [one] => *one,
            _ => self.number(key(&places), || Subject::Several(members.as_slice().into())),
        }
    }

    fn number(&mut self, key: String, subject: impl FnOnce() -> Subject) -> usize {
        let next = self.subjects.len();
        let number = *self.numbers.entry(key).or_insert(next);
        if number == next {
            self.subjects.push(subject());
            self.timelines.push(Timeline::default());
        }
        number
    }

    /// Where the answer about a subject at an instant is kept, as the number of a subject and a place in its timeline; it is
    /// found out if it is not known.
    pub(super) fn find(&mut self, subject: usize, at: Instant) -> Option<(usize, usize)> {
        if let Some(index) = self.timelines.get(subject)?.index_at(at) {
            return Some((subject, index));
        }
        let (from, stretch) = match self.subjects.get(subject)? {
            Subject::Alone(attempt) => {
                let attempt = CallAttempt {
                    at,
                    ..attempt.as_ref().clone()
                };
                let (determination, steady) = self.answers.gate.determine_steadily(&attempt);
                let answer = self.answers.of(&determination);
                (steady.start, self.answers.ready(answer, steady.end))
            }
            Subject::Several(members) => match self.together(&Arc::clone(members), at)? {
                Together::AsOne(member, index) => return Some((member, index)),
                Together::Otherwise(answer, from, until) => (from, self.answers.ready(answer, until)),
            },
        };
        let (index, is_new) = self.timelines.get_mut(subject)?.keep(from, stretch);
        match self.subjects.get(subject)? {
            Subject::Alone(_) => self.kept_alone += usize::from(is_new),
            Subject::Several(_) => self.kept_together += usize::from(is_new),
        }
        Some((subject, index))
    }

    /// An answer that was found.
    pub(super) fn stretch(&self, subject: usize, index: usize) -> Option<&Stretch<L::Note>> {
        self.timelines.get(subject)?.stretch(index)
    }

    /// A subject by its number.
    pub(super) fn of(&self, subject: usize) -> Option<&Subject> {
        self.subjects.get(subject)
    }

    /// An answer that was found, with the seconds for which it stands.
    pub(super) fn kept(&self, subject: usize, index: usize) -> Option<(&Answer, i64, i64)> {
        let timeline = self.timelines.get(subject)?;
        let stretch = timeline.stretch(index)?;
        Some((&stretch.answer, timeline.start(index)?, stretch.until))
    }

    /// The answer about a subject at an instant.
    pub(super) fn answer(&mut self, subject: usize, at: Instant) -> Option<&Answer> {
        let (subject, index) = self.find(subject, at)?;
        self.kept(subject, index).map(|(answer, ..)| answer)
    }

    /// Forgets answers where they are many, so that memory does not grow with the list. Numbers stay as they are.
    pub(super) fn forget_if_much(&mut self) {
        let forgets_all = self.kept_alone >= MOST_ANSWERS;
        if !forgets_all && self.kept_together < MOST_ANSWERS {
            return;
        }
        for (subject, timeline) in self.subjects.iter().zip(&mut self.timelines) {
            if forgets_all || matches!(subject, Subject::Several(_)) {
                timeline.clear();
            }
        }
        self.kept_together = 0;
        if forgets_all {
            self.kept_alone = 0;
        }
    }

    /// How many subjects have a number.
    pub(super) fn len(&self) -> usize {
        self.subjects.len()
    }

    /// Forgets all subjects and their numbers; reasons keep theirs.
    pub(super) fn clear(&mut self) {
        self.subjects.clear();
        self.timelines.clear();
        self.numbers.clear();
        self.kept_alone = 0;
        self.kept_together = 0;
    }
}

/// What tells places apart.
fn key(places: &[Place]) -> String {
    let listed = places
        .iter()
        .map(|place| format!("{}@{}", place.jurisdiction, place.zone));
    listed.collect::<Vec<_>>().join(" ")
}
