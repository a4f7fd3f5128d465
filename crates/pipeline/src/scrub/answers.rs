//! What was determined for places, kept for as long as it stands.

use core_compliance::ports::{Annotation, ListLayout};
use core_compliance::{Determination, FindingCode, Gate, Instant, LocalDate};

use super::books::Reason;
use super::local_time::offset_text;
use super::windows_zones::{ZoneNames, windows_zone};

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
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

/// An answer, ready to be written, and how long it stands.
#[derive(Debug)]
pub(super) struct Stretch<N> {
    /// First second after it.
    pub(super) until: i64,
    pub(super) answer: Answer,
    pub(super) note: N,
}

/// Answers about the same places, in order of time.
#[derive(Debug)]
pub(super) struct Timeline<N> {
    /// First second of each stretch.
    starts: Vec<i64>,
    stretches: Vec<Stretch<N>>,
}

impl<N> Default for Timeline<N> {
    fn default() -> Self {
        Self {
            starts: Vec::new(),
            stretches: Vec::new(),
        }
    }
}

impl<N> Timeline<N> {
    /// Where the answer for an instant is kept, if it is.
    pub(super) fn index_at(&self, at: Instant) -> Option<usize> {
        let next = self.starts.partition_point(|start| *start <= at.unix());
        let index = next.checked_sub(1)?;
        let holds = self.stretches.get(index)?.until > at.unix();
        holds.then_some(index)
    }

    /// The answer kept there.
    pub(super) fn stretch(&self, index: usize) -> Option<&Stretch<N>> {
        self.stretches.get(index)
    }

    /// First second of the answer kept there.
    pub(super) fn start(&self, index: usize) -> Option<i64> {
        self.starts.get(index).copied()
    }

    /// Keeps an answer. Tells where, and whether it takes room of its own: one that goes on with what was told before
    /// it does not.
    pub(super) fn keep(&mut self, from: i64, stretch: Stretch<N>) -> (usize, bool) {
        let index = self.starts.partition_point(|start| *start < from);
        let before = index
            .checked_sub(1)
            .and_then(|before| self.stretches.get_mut(before));
        if let Some(before) = before
            && before.until == from
            && before.answer == stretch.answer
        {
            before.until = stretch.until;
            return (index - 1, false);
        }
        self.starts.insert(index, from);
        self.stretches.insert(index, stretch);
        (index, true)
    }

    pub(super) fn clear(&mut self) {
        self.starts.clear();
        self.stretches.clear();
    }
}

/// Makes answers of determinations, and notes of answers.
#[derive(Debug)]
pub(super) struct Answers<'g, L> {
    pub(super) gate: &'g Gate,
    layout: &'g L,
    zone_names: ZoneNames,
    /// Reasons, by number.
    pub(super) reasons: Vec<Reason>,
    /// Names of zones, by number.
    zones: Vec<String>,
}

impl<'g, L: ListLayout> Answers<'g, L> {
    pub(super) fn new(gate: &'g Gate, layout: &'g L, zone_names: ZoneNames) -> Self {
        Self {
            gate,
            layout,
            zone_names,
            reasons: Vec::new(),
            zones: Vec::new(),
        }
    }

    /// The answer of a determination. It shows the first place that the reason's rule reaches.
    pub(super) fn of(&mut self, determination: &Determination) -> Answer {
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
        Answer {
            is_permitted: determination.is_permitted(),
            permitted_until: determination.permitted_until,
            next_opening: determination.next_opening,
            reason: self.number_of(reason),
            zone: shown.map(|place| number_of(&mut self.zones, place.zone.clone())),
            clock: shown.map(|place| (place.local_time.date(), place.local_time.offset())),
        }
    }

    /// The number of a reason.
    pub(super) fn number_of(&mut self, reason: Reason) -> usize {
        number_of(&mut self.reasons, reason)
    }

    /// The answer made ready for being written.
    pub(super) fn ready(&self, answer: Answer, until: i64) -> Stretch<L::Note> {
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
        let note = self.layout.note(&Annotation {
            decision: reason.map_or("", |reason| reason.decision.as_str()),
            reason: reason.map_or("", |reason| reason.code.as_str()),
            jurisdiction: reason.map_or("", |reason| &reason.jurisdiction),
            zone: zone.unwrap_or_default(),
            date: &date,
            offset: &offset,
            permitted_until: &text(answer.permitted_until),
            next_opening: &text(answer.next_opening),
        });
        Stretch { until, answer, note }
    }
}

fn number_of<T: PartialEq>(known: &mut Vec<T>, value: T) -> usize {
    let found = known.iter().position(|each| *each == value);
    found.unwrap_or_else(|| {
        known.push(value);
        known.len() - 1
    })
}
