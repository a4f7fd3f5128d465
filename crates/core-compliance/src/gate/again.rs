//! Deciding again, years later, about an attempt whose places a record names.

use crate::attempt::{CallAttempt, EvidenceKind};
use crate::determination::{Determination, Finding, FindingCode};
use crate::locate::{Located, prohibits};
use crate::place::Place;

use super::Gate;

impl Gate {
    /// Decides about an attempt whose places are known, each with what spoke for it, from an earlier determination. The
    /// attempt's evidence is not read. Total, as [`Gate::determine`].
    #[must_use]
    pub fn determine_in(
        &self,
        places: Vec<(Place, Vec<EvidenceKind>)>,
        attempt: &CallAttempt,
    ) -> Determination {
        let mut findings: Vec<Finding> = places
            .iter()
            .filter_map(|(place, _)| self.zones.get(&place.zone).err())
            .map(|error| prohibits(FindingCode::ZoneUnknown, error.to_string()))
            .collect();
        if places.is_empty() {
            let message = "no place is known; give one".to_owned();
            findings.push(prohibits(FindingCode::PlaceUnresolved, message));
        }
        let places = if findings.is_empty() { places } else { Vec::new() };
        self.decide(Located { places, findings }, attempt)
    }
}

#[cfg(test)]
#[cfg(all(feature = "bundled-tzdb", feature = "phone", feature = "postal"))]
mod tests {
    use super::*;
    use crate::{Evidence, Rulebook, Settings, ZoneDatabase};

    fn gate() -> Gate {
        Gate::new(ZoneDatabase::bundled(), Rulebook::shipped(), Settings::default()).unwrap()
    }

    fn attempt(region: &str, phone: &str, at: &str) -> CallAttempt {
        let evidence = Evidence {
            region: Some(region.to_owned()),
            phone: Some(phone.to_owned()),
            ..Evidence::default()
        };
        CallAttempt::new(at.parse().unwrap(), evidence)
    }

    #[test]
    fn the_places_of_a_determination_lead_to_it_again() {
        let gate = gate();
        for (region, phone) in [
            ("US-FL", "+13055550123"),
            ("US-TN", "+12125550123"),
            ("US", ""),
            ("US-PST", ""),
        ] {
            for at in [
                "2026-06-10T12:30:00Z",
                "2026-06-11T00:30:00Z",
                "2026-12-25T18:00:00Z",
            ] {
                let asked = attempt(region, phone, at);
                let first = gate.determine(&asked);
                let places = first.places.iter().map(|judged| {
                    let place = Place {
                        jurisdiction: judged.jurisdiction.clone(),
                        zone: judged.zone.clone(),
                    };
                    (place, judged.evidence.clone())
                });
                let blank = CallAttempt {
                    evidence: Evidence::default(),
                    ..asked
                };
                let again = gate.determine_in(places.collect(), &blank);
                let heart = |it: &Determination| {
                    (
                        it.decision,
                        it.permitted_until,
                        it.next_opening,
                        it.places.clone(),
                        it.reason().cloned(),
                    )
                };
                assert_eq!(heart(&again), heart(&first), "{region} {phone} {at}");
            }
        }
    }

    #[test]
    fn without_a_place_or_its_clock_nothing_is_permitted() {
        let gate = gate();
        let asked = attempt("", "", "2026-06-10T15:30:00Z");
        let none = gate.determine_in(Vec::new(), &asked);
        assert!(!none.is_permitted() && none.has(FindingCode::PlaceUnresolved));
        let place = |zone: &str| {
            let place = Place {
                jurisdiction: "US-FL".parse().unwrap(),
                zone: zone.to_owned(),
            };
            (place, vec![EvidenceKind::Region])
        };
        let lost = gate.determine_in(vec![place("America/New_York"), place("America/Atlantis")], &asked);
        assert!(!lost.is_permitted() && lost.has(FindingCode::ZoneUnknown));
        assert!(
            gate.determine_in(vec![place("America/New_York")], &asked)
                .is_permitted()
        );
    }
}
