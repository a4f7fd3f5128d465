//! Sets of places, and how they combine: what agrees is intersected, what contradicts is kept side by side.

use crate::Jurisdiction;
use crate::attempt::EvidenceKind;
use crate::zone::Zone;

/// One place in a set; `None` = whatever jurisdiction has this clock.
#[derive(Clone, Debug)]
pub(super) struct Member<'z> {
    pub(super) jurisdiction: Option<Jurisdiction>,
    pub(super) zone: &'z Zone,
    /// Whether the evidence itself names the zone: then the place bears this name.
    pub(super) stated: bool,
}

pub(super) type PlaceSet<'z> = Vec<Member<'z>>;

/// Places that a group of evidence names together.
#[derive(Clone, Debug)]
pub(super) struct Group<'z> {
    pub(super) kinds: Vec<EvidenceKind>,
    pub(super) places: PlaceSet<'z>,
}

impl Member<'_> {
    /// Whether the member names a part of a country.
    pub(super) fn is_subdivision(&self) -> bool {
        self.jurisdiction
            .as_ref()
            .is_some_and(|jurisdiction| jurisdiction.parent().is_some())
    }

    /// Whether one member's jurisdiction lies within the other's; clocks aside.
    pub(super) fn shares_jurisdiction(&self, other: &Member<'_>) -> bool {
        match (&self.jurisdiction, &other.jurisdiction) {
            (Some(ours), Some(theirs)) => ours.is_within(theirs) || theirs.is_within(ours),
            _ => false,
        }
    }
}

/// The largest groups of sets that have places in common, with those places. One group: all agree.
pub(super) fn largest_agreeing<'z>(sets: Vec<(EvidenceKind, PlaceSet<'z>)>) -> Vec<Group<'z>> {
    if sets.len() < 2 {
        let alone = sets.into_iter().filter(|(_, places)| !places.is_empty());
        return alone
            .map(|(kind, places)| Group {
                kinds: vec![kind],
                places,
            })
            .collect();
    }
    let mut masks: Vec<u32> = (1..1_u32 << sets.len()).collect();
    masks.sort_by_key(|mask| (core::cmp::Reverse(mask.count_ones()), *mask));
    let mut groups: Vec<(u32, Group<'z>)> = Vec::new();
    for mask in masks {
        if groups.iter().any(|(larger, _)| larger & mask == mask) {
            continue;
        }
        let chosen = || {
            sets.iter()
                .enumerate()
                .filter(|(index, _)| mask & (1 << index) != 0)
                .map(|(_, set)| set)
        };
        let common = chosen()
            .map(|(_, places)| places.clone())
            .reduce(|one, two| intersection(&one, &two));
        if let Some(places) = common.filter(|common| !common.is_empty()) {
            groups.push((
                mask,
                Group {
                    kinds: chosen().map(|(kind, _)| *kind).collect(),
                    places,
                },
            ));
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

pub(super) fn intersection<'z>(one: &PlaceSet<'z>, two: &PlaceSet<'z>) -> PlaceSet<'z> {
    let pairs = one.iter().flat_map(|a| two.iter().map(move |b| (a, b)));
    pairs.filter_map(|(a, b)| meeting(a, b)).collect()
}

/// The place that both members name, if they can be the same: one jurisdiction within the other, the same clock.
fn meeting<'z>(a: &Member<'z>, b: &Member<'z>) -> Option<Member<'z>> {
    let (narrow, wide) = match (&a.jurisdiction, &b.jurisdiction) {
        (Some(ours), Some(theirs)) if ours.is_within(theirs) => (a, b),
        (Some(ours), Some(theirs)) if theirs.is_within(ours) => (b, a),
        (Some(_), Some(_)) => return None,
        (Some(_), None) => (a, b),
        (None, _) => (b, a),
    };
    if !narrow.zone.same_clock(wide.zone) {
        return None;
    }
    let named = if wide.stated && !narrow.stated {
        wide
    } else {
        narrow
    };
    Some(Member {
        jurisdiction: narrow.jurisdiction.clone(),
        zone: named.zone,
        stated: named.stated,
    })
}
