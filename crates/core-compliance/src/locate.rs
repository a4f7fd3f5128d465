//! Where the callee may be: evidence in, candidate places out.
//!
//! Each piece of evidence names a set of places. What agrees narrows (intersection), what contradicts widens (all sets
//! kept), what cannot be read prohibits.

mod pieces;
mod sets;
#[cfg(test)]
#[cfg(all(feature = "bundled-tzdb", feature = "phone", feature = "postal"))]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::Jurisdiction;
use crate::attempt::{Evidence, EvidenceKind};
use crate::determination::{Effect, Finding, FindingCode};
use crate::gazetteer::Gazetteer;
use crate::place::Place;
use crate::regions::Regions;
use crate::settings::{Policy, UnknownNumbers};
use crate::zone::{Zone, ZoneDatabase};

use sets::{Group, Member, PlaceSet, intersection, largest_agreeing};

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
    pub(crate) policy: Policy,
    pub(crate) unknown_numbers: UnknownNumbers,
    /// The counties of the tables and of the rulebook.
    pub(crate) counties: &'a BTreeSet<Jurisdiction>,
    /// Whether jurisdictions matter; if not, a zone alone is enough and countries are not split.
    pub(crate) law_applies: bool,
    /// Whether places alone are wanted: what changes none is not looked for.
    #[cfg_attr(
        not(feature = "phone-plan"),
        expect(dead_code, reason = "numbering plans alone change no place")
    )]
    pub(crate) places_alone: bool,
}

impl<'a> Locator<'a> {
    pub(crate) fn locate(&self, evidence: &Evidence) -> Located {
        let mut findings = Vec::new();
        for (kind, reason) in &evidence.unreadable {
            findings.push(prohibits(
                FindingCode::EvidenceUnreadable,
                format!("{kind}: {reason}"),
            ));
        }
        let mut take = |kind, piece: pieces::Piece<'a>| match piece {
            Ok(set) => set.map(|set| (kind, set)),
            Err(finding) => {
                findings.push(finding);
                None
            }
        };
        let outright = !evidence.places.is_empty();
        let address: Vec<_> = if outright {
            take(EvidenceKind::Places, self.given_places(evidence))
                .into_iter()
                .collect()
        } else {
            let pieces = [
                (EvidenceKind::Region, self.region(evidence)),
                (EvidenceKind::Zone, self.zone(evidence)),
                (EvidenceKind::Country, self.country(evidence)),
                (EvidenceKind::PostalCode, self.postal_code(evidence)),
            ];
            pieces
                .into_iter()
                .filter_map(|(kind, piece)| take(kind, piece))
                .collect()
        };
        let phone = if outright {
            None
        } else {
            take(EvidenceKind::Phone, self.phone(evidence)).map(|(_, set)| set)
        };
        findings.extend(self.unknown_number(evidence));
        if address.is_empty()
            && phone.is_none()
            && findings.iter().all(|finding| finding.effect != Effect::Prohibits)
        {
            findings.push(prohibits(FindingCode::PlaceUnresolved, unresolved(evidence)));
        }
        if findings.iter().any(|finding| finding.effect == Effect::Prohibits) {
            return Located {
                places: Vec::new(),
                findings,
            };
        }
        let mut groups = largest_agreeing(address);
        if let Some(phone) = phone {
            self.join_phone(&mut groups, phone);
        }
        self.places_of(groups, findings)
    }

    /// A number that its numbering plan does not know: noted, as plans lag reality, or prohibited by setting.
    fn unknown_number(&self, evidence: &Evidence) -> Option<Finding> {
        #[cfg(feature = "phone-plan")]
        {
            if self.places_alone && self.unknown_numbers == UnknownNumbers::Note {
                return None;
            }
            let number: crate::PhoneNumber = given(evidence.phone.as_ref())?.parse().ok()?;
            if crate::phone::in_numbering_plan(&number) {
                return None;
            }
            let found = match self.unknown_numbers {
                UnknownNumbers::Note => notes,
                UnknownNumbers::Prohibit => prohibits,
            };
            let message = format!(
                "the numbering plan of {} has no such number",
                number.locating_prefix()
            );
            Some(found(FindingCode::PhoneNotInPlan, message))
        }
        #[cfg(not(feature = "phone-plan"))]
        {
            let _ = (evidence, self.unknown_numbers);
            None
        }
    }

    /// Numbers are portable within a subdivision, and people move with them. An address that names a subdivision is
    /// therefore only added to, by a prefix of another; an address no finer than a country or a zone leaves the
    /// subdivision to the prefix.
    fn join_phone(&self, groups: &mut Vec<Group<'a>>, phone: PlaceSet<'a>) {
        if groups.is_empty() {
            groups.push(Group {
                kinds: vec![EvidenceKind::Phone],
                places: phone,
            });
            return;
        }
        if self.policy == Policy::PreferAddress {
            return;
        }
        let mut agrees = false;
        for group in groups.iter_mut() {
            if group.places.iter().any(Member::is_subdivision) {
                let mut fine = group.places.iter().filter(|place| place.is_subdivision());
                if fine.any(|place| phone.iter().any(|other| place.shares_jurisdiction(other))) {
                    group.kinds.push(EvidenceKind::Phone);
                    agrees = true;
                }
            } else {
                let common = intersection(&group.places, &phone);
                if !common.is_empty() {
                    group.places = common;
                    group.kinds.push(EvidenceKind::Phone);
                    agrees = true;
                }
            }
        }
        if !agrees {
            groups.push(Group {
                kinds: vec![EvidenceKind::Phone],
                places: phone,
            });
        }
    }

    /// The places of all groups, countries split into their subdivisions where the law needs it.
    fn places_of(&self, groups: Vec<Group<'a>>, mut findings: Vec<Finding>) -> Located {
        if groups.len() > 1 {
            let party = |group: &Group<'_>| {
                group
                    .kinds
                    .iter()
                    .map(|kind| kind.as_str())
                    .collect::<Vec<_>>()
                    .join(" with ")
            };
            let parties: Vec<_> = groups.iter().map(party).collect();
            findings.push(notes(
                FindingCode::EvidenceConflict,
                format!(
                    "{} name different places; every one of them was judged",
                    parties.join(" and ")
                ),
            ));
        }
        let mut places: BTreeMap<Place, Vec<EvidenceKind>> = BTreeMap::new();
        let mut split: BTreeSet<Jurisdiction> = BTreeSet::new();
        for Group {
            kinds,
            places: members,
        } in groups
        {
            let explicit = kinds.contains(&EvidenceKind::Places);
            for member in members {
                let parts = if explicit { None } else { self.parts(&member) };
                let whole = || {
                    let jurisdiction = member.jurisdiction.clone().or_else(|| NOWHERE.parse().ok());
                    let zone = self.usual_name(member.zone).to_owned();
                    jurisdiction
                        .map(|jurisdiction| Place { jurisdiction, zone })
                        .into_iter()
                        .collect()
                };
                split.extend(parts.is_some().then(|| member.jurisdiction.clone()).flatten());
                for place in parts.unwrap_or_else(whole) {
                    let evidence = places.entry(place).or_default();
                    evidence.extend(&kinds);
                    evidence.sort_unstable();
                    evidence.dedup();
                }
            }
        }
        // A country of which one part alone is in question is not split.
        split.retain(|country| {
            let mut parts: Vec<_> = places
                .keys()
                .map(|place| &place.jurisdiction)
                .filter(|part| part.parent().as_ref() == Some(country))
                .collect();
            parts.dedup();
            parts.len() > 1
        });
        let split: Vec<&str> = split.iter().map(|country| self.gazetteer.name(country)).collect();
        if !split.is_empty() {
            findings.push(notes(
                FindingCode::SubdivisionUnknown,
                format!(
                    "which part of {} the callee is in is not known; every part in question was judged",
                    split.join(", ")
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

    /// The parts of a country in which the member's clock runs, each with its own zones of that clock, or with the zone
    /// that the evidence states; `None` if the member is no country, or one whose parts are not tabulated.
    fn parts(&self, member: &Member<'_>) -> Option<Vec<Place>> {
        let country = member.jurisdiction.as_ref().filter(|_| self.law_applies)?;
        let mut places = Vec::new();
        for part in self
            .gazetteer
            .subdivisions(country)
            .filter(|part| self.may_run_in(member.zone, part))
        {
            let place = |zone: &str| Place {
                jurisdiction: part.clone(),
                zone: zone.to_owned(),
            };
            let own = self.gazetteer.zones(part).iter();
            let same = own.filter(|name| {
                self.zones
                    .get(name)
                    .is_ok_and(|zone| zone.same_clock(member.zone))
            });
            let same: Vec<Place> = same.map(|name| place(name)).collect();
            if member.stated || same.is_empty() {
                places.push(place(self.usual_name(member.zone)));
            } else {
                places.extend(same);
            }
        }
        (!places.is_empty()).then_some(places)
    }

    /// The jurisdiction as the tables and the rulebook spell it; `None` if they do not know it. A county that is
    /// misspelt must not pass for the state.
    fn known_jurisdiction(&self, jurisdiction: Jurisdiction) -> Option<Jurisdiction> {
        let jurisdiction = self.gazetteer.canonical(jurisdiction);
        if jurisdiction.is_county() {
            let same = |county: &&Jurisdiction| county.as_str().eq_ignore_ascii_case(jurisdiction.as_str());
            return self.counties.iter().find(same).cloned();
        }
        self.gazetteer.knows(&jurisdiction).then_some(jurisdiction)
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
        let is_same = |name: &str| {
            name == zone.name() || self.zones.get(name).is_ok_and(|other| other.same_clock(zone))
        };
        let known = listed.filter(|name| is_same(name));
        known.unwrap_or(zone.name())
    }
}

/// Why nothing resolves the place, and what to give.
fn unresolved(evidence: &Evidence) -> String {
    #[cfg(feature = "phone")]
    if let Some(number) =
        given(evidence.phone.as_ref()).and_then(|text| text.parse::<crate::PhoneNumber>().ok())
        && let crate::PhonePlaces::Nowhere(why) = crate::phone::locate(&number)
    {
        return format!(
            "a number beginning {} is {} and names no place; give a region, a zone, a country or places with it",
            number.locating_prefix(),
            why.as_str()
        );
    }
    let _ = evidence;
    "nothing says where the callee is; give a region, a zone, a country, a phone number or places".to_owned()
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

/// A text of the user's in a message: not too long, and nothing that a terminal would obey.
pub(crate) fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown: String = text
        .chars()
        .take(LONGEST)
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

fn unknown_jurisdiction(field: &str, code: &str) -> Finding {
    let code = quoted(code);
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
