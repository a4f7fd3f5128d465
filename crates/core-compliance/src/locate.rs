//! Where the callee may be: evidence in, candidate places out.
//!
//! Each piece of evidence names a set of places. What agrees narrows (intersection), what contradicts widens (all sets
//! kept), what cannot be read prohibits.

use std::collections::BTreeMap;

use crate::Jurisdiction;
use crate::attempt::{Evidence, EvidenceKind};
use crate::determination::{Effect, Finding, FindingCode};
use crate::gazetteer::Gazetteer;
use crate::place::Place;
use crate::regions::Regions;
use crate::zone::{Zone, ZoneDatabase};

/// CLDR's code for an unknown region: a clock without a country, of use only where the law is set aside.
const NOWHERE: &str = "ZZ";

/// Candidate places, each with the evidence for it, and what is to be said about them.
pub(crate) struct Located {
    /// Empty if any finding prohibits.
    pub(crate) places: Vec<(Place, Vec<EvidenceKind>)>,
    pub(crate) findings: Vec<Finding>,
}

/// What evidence is read against.
pub(crate) struct Locator<'a> {
    pub(crate) zones: &'a ZoneDatabase,
    pub(crate) gazetteer: &'a Gazetteer,
    pub(crate) regions: &'a Regions,
    /// Whether jurisdictions matter; if not, a zone alone is enough and countries are not split.
    pub(crate) law_applies: bool,
}

/// One place in a set; `None` = whatever jurisdiction has this clock.
#[derive(Clone)]
struct Member<'z> {
    jurisdiction: Option<Jurisdiction>,
    zone: &'z Zone,
    /// Whether the evidence itself names the zone: then the place bears this name.
    stated: bool,
}

type PlaceSet<'z> = Vec<Member<'z>>;

impl<'a> Locator<'a> {
    pub(crate) fn locate(&self, evidence: &Evidence) -> Located {
        let mut findings = Vec::new();
        for (kind, reason) in &evidence.unreadable {
            findings.push(prohibits(
                FindingCode::EvidenceUnreadable,
                format!("{kind}: {reason}"),
            ));
        }
        if let Some(phone) = given(evidence.phone.as_ref()).filter(|phone| !has_e164_shape(phone)) {
            let shown = phone.chars().take(3).collect::<String>();
            findings.push(prohibits(
                FindingCode::EvidenceUnreadable,
                format!("the phone number starting `{shown}` is not E.164; write `+`, country code and number, at most 15 digits"),
            ));
        }
        let mut sets: Vec<(EvidenceKind, PlaceSet<'a>)> = Vec::new();
        let pieces = if evidence.places.is_empty() {
            vec![
                (EvidenceKind::Region, self.region(evidence)),
                (EvidenceKind::Zone, self.zone(evidence)),
                (EvidenceKind::Country, self.country(evidence)),
            ]
        } else {
            vec![(EvidenceKind::Places, self.given_places(evidence))]
        };
        for (kind, piece) in pieces {
            match piece {
                Ok(Some(set)) => sets.push((kind, set)),
                Ok(None) => {}
                Err(finding) => findings.push(finding),
            }
        }
        if sets.is_empty() && findings.is_empty() {
            findings.push(prohibits(
                FindingCode::PlaceUnresolved,
                "nothing says where the callee is; give a region, a zone, a country or places".to_owned(),
            ));
        }
        if findings.iter().any(|finding| finding.effect == Effect::Prohibits) {
            return Located {
                places: Vec::new(),
                findings,
            };
        }
        self.combine(&sets, findings)
    }

    fn combine(&self, sets: &[(EvidenceKind, PlaceSet<'a>)], mut findings: Vec<Finding>) -> Located {
        let agreeing = largest_agreeing(sets);
        if agreeing.len() > 1 {
            let kinds = |mask: u32| {
                let names: Vec<_> = chosen(sets, mask).map(|(kind, _)| kind.as_str()).collect();
                names.join(" and ")
            };
            let parties: Vec<_> = agreeing.iter().map(|(mask, _)| kinds(*mask)).collect();
            findings.push(notes(
                FindingCode::EvidenceConflict,
                format!(
                    "{} name different places; every one of them was judged",
                    parties.join(", and ")
                ),
            ));
        }
        let mut places: BTreeMap<Place, Vec<EvidenceKind>> = BTreeMap::new();
        let mut split_countries: Vec<String> = Vec::new();
        for (mask, set) in agreeing {
            let explicit = chosen(sets, mask).any(|(kind, _)| *kind == EvidenceKind::Places);
            for member in set {
                let jurisdictions = if explicit {
                    None
                } else {
                    self.subdivisions(&member)
                };
                if let (Some(_), Some(country)) = (&jurisdictions, &member.jurisdiction) {
                    let name = self.gazetteer.name(country).to_owned();
                    if !split_countries.contains(&name) {
                        split_countries.push(name);
                    }
                }
                let whole = || {
                    member
                        .jurisdiction
                        .clone()
                        .or_else(|| NOWHERE.parse().ok())
                        .into_iter()
                        .collect()
                };
                for jurisdiction in jurisdictions.unwrap_or_else(whole) {
                    let zone = self.usual_name(member.zone).to_owned();
                    let kinds = places.entry(Place { jurisdiction, zone }).or_default();
                    kinds.extend(chosen(sets, mask).map(|(kind, _)| *kind));
                    kinds.sort_unstable();
                    kinds.dedup();
                }
            }
        }
        if !split_countries.is_empty() {
            findings.push(notes(
                FindingCode::SubdivisionUnknown,
                format!(
                    "which part of {} the callee is in is not known; every part in question was judged",
                    split_countries.join(", ")
                ),
            ));
        }
        if self.law_applies && places.keys().any(|place| place.jurisdiction.as_str() == NOWHERE) {
            findings.push(prohibits(
                FindingCode::PlaceUnresolved,
                "the zone is a clock that runs in no country; give a region or a country with it".to_owned(),
            ));
            places.clear();
        }
        Located {
            places: places.into_iter().collect(),
            findings,
        }
    }

    /// The subdivisions of a country in which the member's clock runs; `None` if the member is no country, or one
    /// whose subdivisions are not tabulated.
    fn subdivisions(&self, member: &Member<'_>) -> Option<Vec<Jurisdiction>> {
        let country = member.jurisdiction.as_ref().filter(|_| self.law_applies)?;
        let parts: Vec<_> = self
            .gazetteer
            .subdivisions(country)
            .filter(|part| self.may_run_in(member.zone, part))
            .cloned()
            .collect();
        (!parts.is_empty()).then_some(parts)
    }

    /// Whether a clock runs in a jurisdiction. A zone of it that cannot be read excludes nothing.
    fn may_run_in(&self, zone: &Zone, jurisdiction: &Jurisdiction) -> bool {
        let names = self.gazetteer.zones(jurisdiction).iter();
        names
            .map(|name| self.zones.get(name))
            .any(|own| own.map_or(true, |own| own.same_clock(zone)))
    }

    /// The tables' name of a zone, where the data knows it by that name as the same clock.
    fn usual_name<'n>(&self, zone: &'n Zone) -> &'n str {
        let listed = self.gazetteer.zone_name(zone.name());
        let known = listed.filter(|name| self.zones.get(name).is_ok_and(|other| other.same_clock(zone)));
        known.unwrap_or(zone.name())
    }

    fn region(&self, evidence: &Evidence) -> Result<Option<PlaceSet<'a>>, Finding> {
        let Some(code) = given(evidence.region.as_ref()) else {
            return Ok(None);
        };
        let country = given(evidence.country.as_ref());
        let Some(region) = self.regions.meaning(code, country, self.gazetteer) else {
            return Err(unknown_jurisdiction("region", code));
        };
        let jurisdiction = self.gazetteer.canonical(region.jurisdiction);
        if region.zones.is_empty() {
            return self.all_of(jurisdiction).map(Some);
        }
        let member = |zone: &String| {
            Ok(Member {
                jurisdiction: Some(jurisdiction.clone()),
                zone: self.known_zone(zone)?,
                stated: true,
            })
        };
        region
            .zones
            .iter()
            .map(member)
            .collect::<Result<_, _>>()
            .map(Some)
    }

    fn country(&self, evidence: &Evidence) -> Result<Option<PlaceSet<'a>>, Finding> {
        let Some(code) = given(evidence.country.as_ref()) else {
            return Ok(None);
        };
        let country = code
            .parse::<Jurisdiction>()
            .ok()
            .filter(|code| code.parent().is_none());
        match country.filter(|country| !self.gazetteer.zones(country).is_empty()) {
            Some(country) => self.all_of(self.gazetteer.canonical(country)).map(Some),
            None => Err(unknown_jurisdiction("country", code)),
        }
    }

    /// A jurisdiction with all its zones; for a country also those of its subdivisions (Puerto Rico's, for the US).
    fn all_of(&self, jurisdiction: Jurisdiction) -> Result<PlaceSet<'a>, Finding> {
        let own = self.gazetteer.zones(&jurisdiction).iter();
        let parts = self
            .gazetteer
            .subdivisions(&jurisdiction)
            .flat_map(|part| self.gazetteer.zones(part));
        let mut names: Vec<&str> = own.chain(parts).copied().collect();
        let mut seen = std::collections::BTreeSet::new();
        names.retain(|name| seen.insert(*name));
        let member = |name: &str| {
            Ok(Member {
                jurisdiction: Some(jurisdiction.clone()),
                zone: self.known_zone(name)?,
                stated: false,
            })
        };
        names.into_iter().map(member).collect()
    }

    fn zone(&self, evidence: &Evidence) -> Result<Option<PlaceSet<'a>>, Finding> {
        let Some(name) = given(evidence.zone.as_ref()) else {
            return Ok(None);
        };
        let zone = self.known_zone(name)?;
        let jurisdiction = self.gazetteer.country_of_zone(name);
        Ok(Some(vec![Member {
            jurisdiction,
            zone,
            stated: true,
        }]))
    }

    fn given_places(&self, evidence: &Evidence) -> Result<Option<PlaceSet<'a>>, Finding> {
        let member = |place: &Place| {
            let jurisdiction = self.gazetteer.canonical(place.jurisdiction.clone());
            if !self.gazetteer.knows(&jurisdiction) {
                return Err(unknown_jurisdiction("jurisdiction", place.jurisdiction.as_str()));
            }
            Ok(Member {
                jurisdiction: Some(jurisdiction),
                zone: self.known_zone(&place.zone)?,
                stated: true,
            })
        };
        evidence
            .places
            .iter()
            .map(member)
            .collect::<Result<_, _>>()
            .map(Some)
    }

    fn known_zone(&self, name: &str) -> Result<&'a Zone, Finding> {
        self.zones
            .get(name)
            .map_err(|error| prohibits(FindingCode::ZoneUnknown, error.to_string()))
    }
}

/// The sets that a bit mask picks.
fn chosen<'s, 'z>(
    sets: &'s [(EvidenceKind, PlaceSet<'z>)],
    mask: u32,
) -> impl Iterator<Item = &'s (EvidenceKind, PlaceSet<'z>)> {
    sets.iter()
        .enumerate()
        .filter(move |(index, _)| mask & (1 << index) != 0)
        .map(|(_, set)| set)
}

/// The largest groups of sets that have places in common, with those places. One group: all agree.
fn largest_agreeing<'z>(sets: &[(EvidenceKind, PlaceSet<'z>)]) -> Vec<(u32, PlaceSet<'z>)> {
    let mut masks: Vec<u32> = (1..1_u32 << sets.len()).collect();
    masks.sort_by_key(|mask| (core::cmp::Reverse(mask.count_ones()), *mask));
    let mut groups: Vec<(u32, PlaceSet<'z>)> = Vec::new();
    for mask in masks {
        if groups.iter().any(|(larger, _)| larger & mask == mask) {
            continue;
        }
        let common = chosen(sets, mask)
            .map(|(_, set)| set.clone())
            .reduce(|one, two| intersection(&one, &two));
        if let Some(common) = common.filter(|common| !common.is_empty()) {
            groups.push((mask, common));
        }
    }
    groups
}

fn intersection<'z>(one: &PlaceSet<'z>, two: &PlaceSet<'z>) -> PlaceSet<'z> {
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

/// The text of a field, unless it is blank.
fn given(field: Option<&String>) -> Option<&str> {
    field.map(|text| text.trim()).filter(|text| !text.is_empty())
}

/// `+`, a digit from 1 to 9, then 6 to 14 digits (ITU-T E.164).
#[must_use]
pub fn has_e164_shape(phone: &str) -> bool {
    phone.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn unknown_jurisdiction(field: &str, code: &str) -> Finding {
    prohibits(
        FindingCode::JurisdictionUnknown,
        format!(
            "{field} `{code}` is not a known code; write ISO codes such as `US-FL` or `GB`, or define it under [regions] in the settings"
        ),
    )
}

fn finding(code: FindingCode, effect: Effect, message: String) -> Finding {
    Finding {
        code,
        effect,
        rule: None,
        status: None,
        jurisdiction: None,
        citation: None,
        message,
    }
}

pub(crate) fn prohibits(code: FindingCode, message: String) -> Finding {
    finding(code, Effect::Prohibits, message)
}

pub(crate) fn notes(code: FindingCode, message: String) -> Finding {
    finding(code, Effect::Notes, message)
}
