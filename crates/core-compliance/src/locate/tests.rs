//! Evidence and the places that it names.

use crate::{
    CallAttempt, Determination, Evidence, FindingCode, Gate, Policy, Rulebook, Settings, ZoneDatabase,
};

fn determine_with(settings: Settings, evidence: Evidence) -> Determination {
    let gate = Gate::new(ZoneDatabase::bundled(), Rulebook::shipped(), settings).unwrap();
    gate.determine(&CallAttempt::new(
        "2026-06-11T00:30:00Z".parse().unwrap(),
        evidence,
    ))
}

fn determine(evidence: Evidence) -> Determination {
    determine_with(Settings::default(), evidence)
}

/// `region=US-FL phone=+1…` as evidence.
fn evidence(text: &str) -> Evidence {
    let mut evidence = Evidence::default();
    for (field, value) in text.split_whitespace().map(|word| word.split_once('=').unwrap()) {
        let value = Some(value.to_owned());
        match field {
            "region" => evidence.region = value,
            "zone" => evidence.zone = value,
            "country" => evidence.country = value,
            "phone" => evidence.phone = value,
            "zip" => evidence.postal_code = value,
            other => panic!("{other}"),
        }
    }
    evidence
}

#[track_caller]
fn places(text: &str, expected: &[&str]) {
    let determination = determine(evidence(text));
    let places: Vec<_> = determination
        .places
        .iter()
        .map(|place| format!("{}@{}", place.jurisdiction, place.zone))
        .collect();
    assert_eq!(places, expected, "{text}: {:?}", determination.findings);
}

#[track_caller]
fn jurisdictions(text: &str) -> Vec<String> {
    let mut codes: Vec<_> = determine(evidence(text))
        .places
        .iter()
        .map(|place| place.jurisdiction.to_string())
        .collect();
    codes.dedup();
    codes
}

#[test]
fn a_number_alone_names_its_places() {
    places("phone=+16895550123", &["US-FL@America/New_York"]);
    assert_eq!(jurisdictions("phone=+14745550123"), ["CA-SK"]);
    let australia = determine(evidence("phone=+61491570006"));
    let mut zones: Vec<_> = australia.places.iter().map(|place| place.zone.as_str()).collect();
    zones.sort_unstable();
    zones.dedup();
    assert!(
        zones.len() >= 12 && zones.contains(&"Australia/Eucla") && zones.contains(&"Australia/Lord_Howe")
    );
    assert!(australia.has(FindingCode::SubdivisionUnknown));
}

#[test]
fn a_toll_free_number_alone_is_unresolved() {
    let determination = determine(evidence("phone=+18005550123"));
    assert!(determination.has(FindingCode::PlaceUnresolved) && determination.places.is_empty());
    assert!(determination.reason().unwrap().message.contains("toll-free"));
}

#[test]
fn a_coarse_address_leaves_the_subdivision_to_the_prefix() {
    places("region=US-EST phone=+12125550123", &["US-NY@America/New_York"]);
    places("country=US phone=+12125550123", &["US-NY@America/New_York"]);
    places(
        "zone=America/New_York phone=+13055550123",
        &["US-FL@America/New_York"],
    );
}

#[test]
fn a_fine_address_is_only_added_to() {
    assert_eq!(jurisdictions("region=US-FL phone=+13055550123"), ["US-FL"]);
    assert_eq!(
        jurisdictions("region=US-GA phone=+13055550123"),
        ["US-FL", "US-GA"]
    );
    let determination = determine(evidence("region=US-GA phone=+13055550123"));
    assert!(
        determination.has(FindingCode::EvidenceConflict) && !determination.is_permitted(),
        "20:30 in Florida"
    );
    assert_eq!(jurisdictions("region=AU-NSW phone=+61491570006"), ["AU-NSW"]);
    assert_eq!(jurisdictions("region=GB phone=+13055550123"), ["GB", "US-FL"]);
    let settings = Settings {
        policy: Policy::PreferAddress,
        ..Settings::default()
    };
    let preferred = determine_with(settings, evidence("region=US-GA phone=+13055550123"));
    assert!(preferred.is_permitted(), "{:?}", preferred.findings);
}

#[test]
fn postal_codes_narrow_or_contradict() {
    places("region=US-FL zip=32501", &["US-FL@America/Chicago"]);
    places("country=US zip=33101", &["US-FL@America/New_York"]);
    places("phone=+13055550123 zip=33101", &["US-FL@America/New_York"]);
    assert!(determine(evidence("region=US-GA zip=33101")).has(FindingCode::EvidenceConflict));
    for unreadable in ["country=US zip=2139", "zip=33101", "country=CA zip=12345"] {
        assert!(
            determine(evidence(unreadable)).has(FindingCode::EvidenceUnreadable),
            "{unreadable}"
        );
    }
    assert!(determine(evidence("country=US zip=09012")).has(FindingCode::PlaceUnresolved));
    places("country=GB zip=SW1A-1AA", &["GB@Europe/London"]);
}

#[test]
fn numbers_that_cannot_be_read_prohibit_and_are_not_repeated() {
    let determination = determine(evidence("region=US-GA phone=4045550199"));
    assert!(determination.has(FindingCode::EvidenceUnreadable));
    assert!(!determination.reason().unwrap().message.contains("404"));
}

#[test]
fn a_clock_of_one_subdivision_is_that_subdivision() {
    let determination = determine(evidence("zone=America/St_Johns"));
    assert!(
        !determination.has(FindingCode::SubdivisionUnknown),
        "{:?}",
        determination.findings
    );
    assert_eq!(determination.places.len(), 1);
}

#[test]
fn contradictions_name_the_parties() {
    let determination = determine(evidence("region=US-AZ zone=Europe/Paris"));
    let conflict = determination
        .findings
        .iter()
        .find(|finding| finding.code == FindingCode::EvidenceConflict);
    assert_eq!(
        conflict.unwrap().message,
        "region and zone name different places; every one of them was judged"
    );
}

#[test]
fn counties_are_known_by_any_spelling_or_not_at_all() {
    let mardi_gras = |region: &str| {
        let gate = Gate::new(ZoneDatabase::bundled(), Rulebook::shipped(), Settings::default()).unwrap();
        let evidence = Evidence {
            region: Some(region.to_owned()),
            ..Evidence::default()
        };
        gate.determine(&CallAttempt::new(
            "2026-02-17T18:00:00Z".parse().unwrap(),
            evidence,
        ))
    };
    for spelling in ["US-AL:Mobile", "us-al:mobile", "US-AL:MOBILE"] {
        assert!(mardi_gras(spelling).has(FindingCode::Holiday), "{spelling}");
    }
    for unknown in ["US-AL:Mobil", "US-AL:Mobile County", "US-GA:Mobile"] {
        assert!(
            mardi_gras(unknown).has(FindingCode::JurisdictionUnknown),
            "{unknown}"
        );
    }
}

#[test]
fn a_number_that_contradicts_is_kept_also_where_the_address_contradicts_itself() {
    let codes = jurisdictions("region=US-FL zone=America/Los_Angeles phone=+18085550123");
    assert!(
        codes.contains(&"US-HI".to_owned()) && codes.contains(&"US-FL".to_owned()),
        "{codes:?}"
    );
}

#[test]
fn a_country_is_split_into_its_parts_with_their_own_clocks() {
    let determination = determine(evidence("country=US"));
    assert!(
        determination.places.len() < 120,
        "{} places",
        determination.places.len()
    );
    let alien = |place: &&crate::JudgedPlace| {
        place.jurisdiction.as_str() == "US-CT" && place.zone != "America/New_York"
    };
    assert!(!determination.places.iter().any(|place| alien(&place)));
}
