//! Answers by places: each place is determined once for as long as its answer stands, and several places together are
//! put together from their answers.

use core_compliance::ports::ListLayout;
use core_compliance::{CallAttempt, Evidence, Gate, Instant, LOOK_AHEAD_DAYS, Place};

use super::answers::{Answer, Answers, Stretch, Timeline};
use super::meanings::Quick;
use super::windows_zones::ZoneNames;

/// So many answers are kept about single places, and about several together.
const MOST_ANSWERS: usize = 1 << 15;
/// So many openings are tried before the gate is asked when several places open together.
const MOST_TRIED: usize = 30;
pub(super) const LOOK_AHEAD: i64 = LOOK_AHEAD_DAYS as i64 * 86_400;

/// Of which places there are answers.
#[derive(Debug)]
pub(super) enum Subject {
    /// One place alone; or evidence that is to be determined as it stands.
    Alone(Box<CallAttempt>),
    /// Places with subjects of their own.
    Several(Vec<usize>),
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
            _ => self.number(key(&places), || Subject::Several(members)),
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

    /// Where the answer about a subject at an instant is kept; it is found out if it is not known.
    pub(super) fn find(&mut self, subject: usize, at: Instant) -> Option<usize> {
        if let Some(index) = self.timelines.get(subject)?.index_at(at) {
            return Some(index);
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
            Subject::Several(members) => {
                let members = members.clone();
                let (answer, from, until) = self.together(&members, at)?;
                (from, self.answers.ready(answer, until))
            }
        };
        let (index, is_new) = self.timelines.get_mut(subject)?.keep(from, stretch);
        match self.subjects.get(subject)? {
            Subject::Alone(_) => self.kept_alone += usize::from(is_new),
            Subject::Several(_) => self.kept_together += usize::from(is_new),
        }
        Some(index)
    }

    /// An answer that was found.
    pub(super) fn stretch(&self, subject: usize, index: usize) -> Option<&Stretch<L::Note>> {
        self.timelines.get(subject)?.stretch(index)
    }

    /// A subject by its number.
    pub(super) fn of(&self, subject: usize) -> Option<&Subject> {
        self.subjects.get(subject)
    }

    /// The answer about a subject, with the seconds for which it stands.
    pub(super) fn answer(&mut self, subject: usize, at: Instant) -> Option<(Answer, i64, i64)> {
        let index = self.find(subject, at)?;
        let timeline = self.timelines.get(subject)?;
        let stretch = timeline.stretch(index)?;
        Some((stretch.answer.clone(), timeline.start(index)?, stretch.until))
    }

    /// The answer about several places: permitted where every one of them permits. The first that prohibits, or the one
    /// whose permission ends first, gives the reason and is shown.
    fn together(&mut self, members: &[usize], at: Instant) -> Option<(Answer, i64, i64)> {
        let (mut from, mut until) = (i64::MIN, i64::MAX);
        let mut permitting: Option<Answer> = None;
        let mut prohibiting: Option<Answer> = None;
        let mut never_opens = false;
        for member in members {
            let (answer, starts, ends) = self.answer(*member, at)?;
            from = from.max(starts);
            until = until.min(ends);
            never_opens |= !answer.is_permitted && answer.next_opening.is_none();
            if !answer.is_permitted {
                prohibiting.get_or_insert(answer);
            } else if permitting
                .as_ref()
                .is_none_or(|other| closes_before(&answer, other))
            {
                permitting = Some(answer);
            }
        }
        let Some(mut answer) = prohibiting else {
            return Some((permitting?, from, until));
        };
        answer.next_opening = if never_opens {
            None
        } else {
            self.common_opening(members, at)
        };
        match answer.next_opening {
            // It comes into sight so many days before.
            Some(opening) => from = from.max(opening.unix() - LOOK_AHEAD),
            None if never_opens => {}
            // When it comes into sight is not known.
            None => (from, until) = (at.unix(), at.unix() + 1),
        }
        Some((answer, from, until))
    }

    /// The first instant after this one at which all of them permit: each in turn puts it off to its own opening.
    fn common_opening(&mut self, members: &[usize], at: Instant) -> Option<Instant> {
        let mut candidate = at;
        for _ in 0..MOST_TRIED {
            let mut is_common = true;
            for member in members {
                let (answer, ..) = self.answer(*member, candidate)?;
                if !answer.is_permitted {
                    candidate = answer.next_opening?;
                    is_common = false;
                }
            }
            if candidate.unix() > at.unix() + LOOK_AHEAD {
                return None;
            }
            if is_common {
                return Some(candidate);
            }
        }
        self.asked_of_the_gate(members, at)
    }

    fn asked_of_the_gate(&self, members: &[usize], at: Instant) -> Option<Instant> {
        let attempts = members.iter().map(|member| match self.subjects.get(*member) {
            Some(Subject::Alone(attempt)) => Some(attempt.as_ref()),
            _ => None,
        });
        let attempts: Vec<&CallAttempt> = attempts.collect::<Option<_>>()?;
        let places = attempts
            .iter()
            .flat_map(|attempt| attempt.evidence.places.clone());
        let evidence = Evidence {
            places: places.collect(),
            ..Evidence::default()
        };
        let attempt = CallAttempt {
            evidence,
            ..(*attempts.first()?).clone()
        };
        self.answers.gate.schedule(&attempt).decide(at).next_opening
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

/// Whether the one permission ends before the other.
fn closes_before(one: &Answer, other: &Answer) -> bool {
    match (one.permitted_until, other.permitted_until) {
        (Some(one), Some(other)) => one < other,
        (Some(_), None) => true,
        (None, _) => false,
    }
}

/// What tells places apart.
fn key(places: &[Place]) -> String {
    let listed = places
        .iter()
        .map(|place| format!("{}@{}", place.jurisdiction, place.zone));
    listed.collect::<Vec<_>>().join(" ")
}
