//! What was determined for places, kept for as long as it stands.

use core_compliance::ports::{Annotation, ListLayout};
use core_compliance::{CallAttempt, Determination, FindingCode, Gate, Instant, JudgedPlace};

use super::books::Reason;
use super::windows_zones::{ZoneNames, windows_zone};

/// Answers about the same places, in order of time.
#[derive(Debug)]
pub(super) struct Timeline<N> {
    /// An attempt to somebody there.
    attempt: CallAttempt,
    /// First second of each stretch.
    starts: Vec<i64>,
    stretches: Vec<Stretch<N>>,
}

/// An answer, and how long it stands.
#[derive(Debug)]
pub(super) struct Stretch<N> {
    /// First second after it.
    until: i64,
    pub(super) is_permitted: bool,
    /// Seconds east of UTC of the clock that is shown; `None` = the place is not known.
    pub(super) offset: Option<i32>,
    pub(super) next_opening: Option<Instant>,
    /// Which reason it counts for.
    pub(super) reason: usize,
    /// Ready to be written.
    pub(super) note: N,
}

/// Makes answers ready to be counted and written.
#[derive(Debug)]
pub(super) struct Answers<'g, L> {
    pub(super) gate: &'g Gate,
    pub(super) layout: &'g L,
    pub(super) zone_names: ZoneNames,
    /// Reasons, by number.
    pub(super) reasons: Vec<Reason>,
}

impl<N> Timeline<N> {
    pub(super) fn new(attempt: CallAttempt) -> Self {
        Self {
            attempt,
            starts: Vec::new(),
            stretches: Vec::new(),
        }
    }

    /// Where the answer for an instant is kept, if it is.
    pub(super) fn index_at(&self, at: Instant) -> Option<usize> {
        let index = self
            .starts
            .partition_point(|start| *start <= at.unix())
            .checked_sub(1)?;
        self.stretches
            .get(index)
            .filter(|stretch| at.unix() < stretch.until)
            .map(|_| index)
    }

    /// The answer kept there.
    pub(super) fn stretch(&self, index: usize) -> Option<&Stretch<N>> {
        self.stretches.get(index)
    }

    /// Works out the answer for an instant, keeps it, and tells where.
    pub(super) fn learn<L: ListLayout<Note = N>>(
        &mut self,
        at: Instant,
        answers: &mut Answers<'_, L>,
    ) -> usize {
        let attempt = CallAttempt {
            at,
            ..self.attempt.clone()
        };
        let (determination, steady) = answers.gate.determine_steadily(&attempt);
        let stretch = answers.stretch(&determination, steady.end);
        let index = self.starts.partition_point(|start| *start < steady.start);
        self.starts.insert(index, steady.start);
        self.stretches.insert(index, stretch);
        index
    }
}

impl<L: ListLayout> Answers<'_, L> {
    /// An answer made ready.
    pub(super) fn stretch(&mut self, determination: &Determination, until: i64) -> Stretch<L::Note> {
        let reason = determination.reason();
        let code = reason.map_or(FindingCode::EvaluatorsDisagree, |finding| finding.code);
        let whose = reason.and_then(|finding| finding.jurisdiction.as_ref());
        let shown = determination
            .places
            .iter()
            .find(|place| whose.is_none_or(|whose| place.jurisdiction.is_governed_by(whose)))
            .or(determination.places.first());
        let jurisdiction = whose.or(shown.map(|place| &place.jurisdiction));
        let reason = Reason {
            decision: determination.decision,
            code,
            jurisdiction: jurisdiction.map(ToString::to_string).unwrap_or_default(),
        };
        let note = self.note(
            &reason,
            shown,
            determination.permitted_until,
            determination.next_opening,
        );
        Stretch {
            until,
            is_permitted: determination.is_permitted(),
            offset: shown.map(|place| place.local_time.offset()),
            next_opening: determination.next_opening,
            reason: self.number_of(reason),
            note,
        }
    }

    fn note(
        &self,
        reason: &Reason,
        shown: Option<&JudgedPlace>,
        until: Option<Instant>,
        opening: Option<Instant>,
    ) -> L::Note {
        let zone = shown.map_or("", |place| match self.zone_names {
            ZoneNames::Iana => place.zone.as_str(),
            ZoneNames::Windows => windows_zone(&place.zone).unwrap_or_default(),
        });
        let text = |instant: Option<Instant>| instant.map(|instant| instant.to_string()).unwrap_or_default();
        self.layout.note(&Annotation {
            decision: reason.decision.as_str(),
            reason: reason.code.as_str(),
            jurisdiction: &reason.jurisdiction,
            zone,
            permitted_until: &text(until),
            next_opening: &text(opening),
        })
    }

    fn number_of(&mut self, reason: Reason) -> usize {
        let known = self.reasons.iter().position(|each| *each == reason);
        known.unwrap_or_else(|| {
            self.reasons.push(reason);
            self.reasons.len() - 1
        })
    }
}

/// What tells places apart: the places themselves, or why there are none.
pub(super) fn places_key(determination: &Determination) -> String {
    let places = determination.places.iter();
    let listed: Vec<String> = places
        .map(|place| format!("{}@{}", place.jurisdiction, place.zone))
        .collect();
    if listed.is_empty() {
        let code = determination.reason().map(|finding| finding.code.as_str());
        return format!("!{}", code.unwrap_or_default());
    }
    listed.join(" ")
}
