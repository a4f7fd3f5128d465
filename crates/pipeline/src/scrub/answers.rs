//! What was determined for places, kept for as long as it stands.

use core_compliance::ports::{Annotation, ListLayout};
use core_compliance::{Determination, FindingCode, Gate, Instant};

use super::answer::{Answer, AnswerId};
use super::books::{ListBooks, Reason, ReasonCount};
use super::learnt::Learnt;
use super::local_time::offset_text;
use super::quick::Quick;
use super::windows_zones::{ZoneNames, windows_zone};

/// An answer as it is written beside rows.
pub(super) struct Written<N> {
    pub(super) is_permitted: bool,
    /// The second at which its local date began, where the place is known.
    pub(super) midnight: Option<i64>,
    pub(super) note: N,
}

/// Makes answers of determinations, and notes of answers.
pub(super) struct Answers<'g, L: ListLayout> {
    pub(super) gate: &'g Gate,
    layout: &'g L,
    zone_names: ZoneNames,
    /// Where reasons and names of zones have their numbers from.
    pub(super) learnt: &'g Learnt,
    numbers: Quick<Answer, AnswerId>,
    /// By number.
    all: Vec<Answer>,
    /// How many rows have it, by number: all that a row without an output asks of its answer.
    rows: Vec<u64>,
    /// Made when a row is written with it, by number.
    written: Vec<Option<Written<L::Note>>>,
    /// Of answers that are forgotten, by number of their reason.
    counts: Vec<ReasonCount>,
    /// Numbers that were asked for before.
    reasons: Vec<(Reason, usize)>,
}

impl<'g, L: ListLayout> Answers<'g, L> {
    pub(super) fn new(gate: &'g Gate, learnt: &'g Learnt, layout: &'g L, zone_names: ZoneNames) -> Self {
        Self {
            gate,
            layout,
            zone_names,
            learnt,
            numbers: Quick::default(),
            all: Vec::new(),
            rows: Vec::new(),
            written: Vec::new(),
            counts: Vec::new(),
            reasons: Vec::new(),
        }
    }

    /// The answer of a determination. It shows the first place that the reason's rule reaches.
    pub(super) fn of(&mut self, determination: &Determination) -> AnswerId {
        let reason = determination.reason();
        let whose = reason.and_then(|finding| finding.jurisdiction.as_ref());
        let is_reached = |jurisdiction: &core_compliance::Jurisdiction| {
            whose.is_none_or(|whose| jurisdiction.is_governed_by(whose))
        };
        let mut places = determination.places.iter();
        let shown = places
            .find(|place| is_reached(&place.jurisdiction))
            .or(determination.places.first());
        let jurisdiction = whose.or(shown.map(|place| &place.jurisdiction));
        let reason = Reason {
            decision: determination.decision,
            code: reason.map_or(FindingCode::EvaluatorsDisagree, |finding| finding.code),
            jurisdiction: jurisdiction.map(ToString::to_string).unwrap_or_default(),
        };
        let answer = Answer {
            is_permitted: determination.is_permitted(),
            permitted_until: determination.permitted_until,
            next_opening: determination.next_opening,
            reason: self.reason(reason),
            zone: shown.map(|place| self.learnt.zone(&place.zone)),
            clock: shown.map(|place| (place.local_time.date(), place.local_time.offset())),
        };
        self.kept(answer)
    }

    /// The number of a reason.
    pub(super) fn reason(&mut self, reason: Reason) -> usize {
        if let Some((_, number)) = self.reasons.iter().find(|(known, _)| *known == reason) {
            return *number;
        }
        let number = self.learnt.reason(reason.clone());
        self.reasons.push((reason, number));
        number
    }

    /// The number of an answer.
    pub(super) fn kept(&mut self, answer: Answer) -> AnswerId {
        if let Some(number) = self.numbers.get(&answer) {
            return *number;
        }
        // Answers are forgotten long before there are so many.
        let number = AnswerId::try_from(self.all.len()).unwrap_or(AnswerId::MAX);
        self.all.push(answer);
        self.rows.push(0);
        self.written.push(None);
        self.numbers.insert(answer, number);
        number
    }

    /// An answer by its number.
    pub(super) fn get(&self, number: AnswerId) -> Option<&Answer> {
        self.all.get(number as usize)
    }

    /// Counts a row that has it.
    pub(super) fn count(&mut self, number: AnswerId) {
        if let Some(rows) = self.rows.get_mut(number as usize) {
            *rows += 1;
        }
    }

    /// The answer as it is written.
    pub(super) fn written(&mut self, number: AnswerId) -> Option<&Written<L::Note>> {
        let number = number as usize;
        if self.written.get(number)?.is_none() {
            let answer = self.all.get(number)?;
            let written = Written {
                is_permitted: answer.is_permitted,
                midnight: answer
                    .clock
                    .map(|(date, offset)| i64::from(date.days()) * 86_400 - i64::from(offset)),
                note: self.note(answer),
            };
            *self.written.get_mut(number)? = Some(written);
        }
        self.written.get(number)?.as_ref()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// Forgets all answers; rows stay counted.
    pub(super) fn clear(&mut self) {
        for (answer, rows) in self.all.drain(..).zip(self.rows.drain(..)) {
            // Many answers are about one of several places, and no row's.
            if rows == 0 {
                continue;
            }
            if self.counts.len() <= answer.reason {
                self.counts.resize(answer.reason + 1, ReasonCount::default());
            }
            if let Some(count) = self.counts.get_mut(answer.reason) {
                count.add(ReasonCount {
                    rows,
                    earliest_opening: answer.next_opening,
                });
            }
        }
        self.numbers.clear();
        self.written.clear();
    }

    /// What was decided for the rows that were counted.
    pub(super) fn close(mut self) -> ListBooks {
        self.clear();
        let mut books = ListBooks::default();
        let counts = self.learnt.reasons().into_iter().zip(self.counts);
        for (reason, count) in counts.filter(|(_, count)| count.rows > 0) {
            books.decide(reason, count);
        }
        books
    }

    fn note(&self, answer: &Answer) -> L::Note {
        let zone = answer.zone.and_then(|zone| self.learnt.zone_of(zone));
        let zone = match self.zone_names {
            ZoneNames::Iana => zone.as_deref(),
            ZoneNames::Windows => zone.as_deref().and_then(windows_zone),
        };
        let text = |instant: Option<Instant>| instant.map(|instant| instant.to_string()).unwrap_or_default();
        let clock = answer
            .clock
            .map(|(date, offset)| (date.to_string(), offset_text(offset)));
        let (date, offset) = clock.unwrap_or_default();
        let reason = self.learnt.reason_of(answer.reason);
        let reason = reason.as_ref();
        self.layout.note(&Annotation {
            decision: reason.map_or("", |reason| reason.decision.as_str()),
            reason: reason.map_or("", |reason| reason.code.as_str()),
            jurisdiction: reason.map_or("", |reason| &reason.jurisdiction),
            zone: zone.unwrap_or_default(),
            date: &date,
            offset: &offset,
            permitted_until: &text(answer.permitted_until),
            next_opening: &text(answer.next_opening),
        })
    }
}
