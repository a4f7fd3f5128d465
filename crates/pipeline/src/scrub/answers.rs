//! What was determined for places, kept for as long as it stands.

use core_compliance::ports::{Annotation, ListLayout};
use core_compliance::{Determination, FindingCode, Gate, Instant, LocalDate};

use super::books::Reason;
use super::local_time::offset_text;
use super::meanings::Quick;
use super::windows_zones::{ZoneNames, windows_zone};

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Answer {
    pub(super) is_permitted: bool,
    pub(super) permitted_until: Option<Instant>,
    pub(super) next_opening: Option<Instant>,
    /// The number of its reason.
    pub(super) reason: usize,
    /// The number of the zone that is shown; `None` = the place is not known.
    pub(super) zone: Option<usize>,
    /// The local date there, and seconds east of UTC.
    pub(super) clock: Option<(LocalDate, i32)>,
}

/// The number of an answer.
pub(super) type AnswerId = u32;

/// What is asked of an answer for every row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Brief {
    pub(super) is_permitted: bool,
    pub(super) reason: u32,
    /// Seconds east of UTC, where the place is known.
    pub(super) offset: Option<i32>,
    /// The second of the next opening; [`NEVER`] if there is none.
    pub(super) next_opening: i64,
}

/// Later than every instant.
pub(super) const NEVER: i64 = i64::MAX;

/// Makes answers of determinations, and notes of answers.
pub(super) struct Answers<'g, L: ListLayout> {
    pub(super) gate: &'g Gate,
    layout: &'g L,
    zone_names: ZoneNames,
    /// Reasons, by number.
    pub(super) reasons: Vec<Reason>,
    /// Names of zones, by number.
    zones: Vec<String>,
    numbers: Quick<Answer, AnswerId>,
    /// By number.
    all: Vec<Answer>,
    briefs: Vec<Brief>,
    /// Answers as they are written; made when a row is written with them.
    notes: Vec<Option<L::Note>>,
}

impl<'g, L: ListLayout> Answers<'g, L> {
    pub(super) fn new(gate: &'g Gate, layout: &'g L, zone_names: ZoneNames) -> Self {
        Self {
            gate,
            layout,
            zone_names,
            reasons: Vec::new(),
            zones: Vec::new(),
            numbers: Quick::default(),
            all: Vec::new(),
            briefs: Vec::new(),
            notes: Vec::new(),
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
            reason: self.number_of(reason),
            zone: shown.map(|place| number_of(&mut self.zones, place.zone.clone())),
            clock: shown.map(|place| (place.local_time.date(), place.local_time.offset())),
        };
        self.kept(answer)
    }

    /// The number of a reason.
    pub(super) fn number_of(&mut self, reason: Reason) -> usize {
        number_of(&mut self.reasons, reason)
    }

    /// The number of an answer.
    pub(super) fn kept(&mut self, answer: Answer) -> AnswerId {
        if let Some(number) = self.numbers.get(&answer) {
            return *number;
        }
        // Answers are forgotten long before there are so many.
        let number = AnswerId::try_from(self.briefs.len()).unwrap_or(AnswerId::MAX);
        self.briefs.push(Brief {
            is_permitted: answer.is_permitted,
            reason: u32::try_from(answer.reason).unwrap_or(u32::MAX),
            offset: answer.clock.map(|(_, offset)| offset),
            next_opening: answer.next_opening.map_or(NEVER, Instant::unix),
        });
        self.all.push(answer.clone());
        self.notes.push(None);
        self.numbers.insert(answer, number);
        number
    }

    /// An answer by its number.
    pub(super) fn get(&self, number: AnswerId) -> Option<&Answer> {
        self.all.get(number as usize)
    }

    /// What is asked of it for every row.
    pub(super) fn brief(&self, number: AnswerId) -> Option<&Brief> {
        self.briefs.get(number as usize)
    }

    /// The answer as it is written.
    pub(super) fn note(&mut self, number: AnswerId) -> Option<&L::Note> {
        if self.notes.get(number as usize)?.is_none() {
            let note = self.ready(self.get(number)?);
            *self.notes.get_mut(number as usize)? = Some(note);
        }
        self.notes.get(number as usize)?.as_ref()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// Forgets all answers; reasons and zones keep their numbers.
    pub(super) fn clear(&mut self) {
        self.numbers.clear();
        self.all.clear();
        self.briefs.clear();
        self.notes.clear();
    }

    fn ready(&self, answer: &Answer) -> L::Note {
        let zone = answer
            .zone
            .and_then(|zone| self.zones.get(zone))
            .map(String::as_str);
        let zone = match self.zone_names {
            ZoneNames::Iana => zone,
            ZoneNames::Windows => zone.and_then(windows_zone),
        };
        let text = |instant: Option<Instant>| instant.map(|instant| instant.to_string()).unwrap_or_default();
        let clock = answer
            .clock
            .map(|(date, offset)| (date.to_string(), offset_text(offset)));
        let (date, offset) = clock.unwrap_or_default();
        let reason = self.reasons.get(answer.reason);
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

fn number_of<T: PartialEq>(known: &mut Vec<T>, value: T) -> usize {
    let found = known.iter().position(|each| *each == value);
    found.unwrap_or_else(|| {
        known.push(value);
        known.len() - 1
    })
}
