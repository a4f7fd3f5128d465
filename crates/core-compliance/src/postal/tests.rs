//! What the table must say of codes that matter, and which texts are no codes.

use super::*;

/// `US-FL America/Chicago`, one per place.
fn places(country: &str, code: &str) -> Vec<String> {
    match locate_postal(country, code).unwrap() {
        PostalPlaces::Places(places) => places
            .iter()
            .map(|place| format!("{} {}", place.jurisdiction, place.zones.join(" ")))
            .collect(),
        PostalPlaces::NotTabulated => Vec::new(),
    }
}

#[test]
fn zip_codes_name_states_and_their_clocks() {
    for (code, expected) in [
        ("33101", "US-FL America/New_York"),
        ("33101-1234", "US-FL America/New_York"),
        ("331011234", "US-FL America/New_York"),
        (" 02139 ", "US-MA America/New_York"),
        ("32501", "US-FL America/Chicago"),
        ("32456", "US-FL America/New_York America/Chicago"),
        ("79901", "US-TX America/Denver"),
        ("79830", "US-TX America/Chicago America/Denver"),
        ("88510", "US-TX America/Denver"),
        ("00601", "US-PR America/Puerto_Rico"),
        ("00802", "US-VI America/St_Thomas"),
        ("96799", "US-AS Pacific/Pago_Pago"),
        ("96813", "US-HI Pacific/Honolulu"),
        ("96913", "US-GU Pacific/Guam"),
        ("96950", "US-MP Pacific/Saipan"),
        ("06390", "US-NY America/New_York"),
        ("06391", "US-CT America/New_York"),
        ("99546", "US-AK America/Adak"),
        ("36867", "US-AL America/Chicago America/New_York"),
        ("86503", "US-AZ America/Phoenix America/Denver"),
        ("85001", "US-AZ America/Phoenix"),
        ("83814", "US-ID America/Los_Angeles"),
    ] {
        assert_eq!(places("us", code), [expected], "{code}");
    }
    assert_eq!(places("PR", "00601"), places("US", "00601"));
}

#[test]
fn lost_zeros_are_named_and_never_guessed() {
    let us = PostalCountry::UnitedStates;
    for (code, digits) in [
        ("2139", 4),
        ("501", 3),
        ("2139-1234", 4),
        ("21391234", 8),
        ("5011234", 7),
    ] {
        assert_eq!(
            locate_postal("US", code),
            Err(PostalError::LostLeadingZero(us, digits)),
            "{code}"
        );
    }
    let message = locate_postal("US", "2139").unwrap_err().to_string();
    assert!(
        message.contains("4 digits") && message.contains("spreadsheet"),
        "{message}"
    );
    let australian = Err(PostalError::LostLeadingZero(PostalCountry::Australia, 3));
    assert_eq!(locate_postal("AU", "872"), australian);
}

#[test]
fn military_mail_is_anywhere() {
    for code in ["09012", "34002", "96201", "96667"] {
        let beginning = code.chars().take(3).collect();
        assert_eq!(
            locate_postal("US", code),
            Err(PostalError::Military(beginning)),
            "{code}"
        );
    }
}

#[test]
fn other_texts_are_refused() {
    for (country, code) in [
        ("US", ""),
        ("US", "331010"),
        ("US", "3310a"),
        ("US", "33101-"),
        ("US", "33101-12"),
        ("US", "33101-12345"),
        ("US", "M5V 2T6"),
        ("US", "٣٣١٠١"),
        ("CA", "M5V"),
        ("CA", "M5V2T"),
        ("CA", "D5V 2T6"),
        ("CA", "M5V  2T6"),
        ("CA", "5MV 2T6"),
        ("CA", "M5Vé2T6"),
        ("AU", "20000"),
        ("AU", "2a00"),
        ("AU", "20"),
    ] {
        let refused = locate_postal(country, code);
        assert!(
            matches!(refused, Err(PostalError::Malformed(_))),
            "{code}: {refused:?}"
        );
    }
    for (country, code) in [
        ("US", "00000"),
        ("US", "34512"),
        ("AU", "0500"),
        ("CA", "W5V 2T6"),
    ] {
        let refused = locate_postal(country, code);
        assert!(
            matches!(refused, Err(PostalError::Unassigned(..))),
            "{code}: {refused:?}"
        );
    }
}

#[test]
fn canadian_letters_name_provinces() {
    assert_eq!(places("CA", "M5V 2T6"), ["CA-ON America/Toronto"]);
    assert_eq!(places("CA", "m5v2t6"), ["CA-ON America/Toronto"]);
    assert!(places("CA", "X0A 0H0")[0].starts_with("CA-NU America/Iqaluit"));
    assert!(places("CA", "X1A-1A1")[0].starts_with("CA-NT "));
    assert_eq!(places("CA", "X0H 1A1").len(), 2);
    assert_eq!(
        places("CA", "P8N 1A1"),
        ["CA-ON America/Toronto America/Atikokan America/Winnipeg"]
    );
    assert_eq!(places("CA", "K1A 0A6").len(), 2);
    assert_eq!(places("CA", "V6B 1A1"), ["CA-BC America/Vancouver"]);
    assert!(places("CA", "V1C 1A1")[0].contains("America/Edmonton"));
    assert!(places("CA", "G4T 1A1")[0].contains("America/Halifax"));
}

#[test]
fn australian_ranges_name_states() {
    let broken_hill = ["AU-NSW Australia/Broken_Hill Australia/Sydney"];
    assert_eq!(places("AU", "2880"), broken_hill);
    assert_eq!(places("AU", "2600"), ["AU-ACT Australia/Sydney"]);
    assert_eq!(places("AU", "2000"), ["AU-NSW Australia/Sydney"]);
    assert_eq!(places("AU", "6798"), ["CX Indian/Christmas"]);
    assert_eq!(places("AU", "6799"), ["CC Indian/Cocos"]);
    assert_eq!(places("AU", "2899"), ["NF Pacific/Norfolk"]);
    assert_eq!(places("AU", "6000"), ["AU-WA Australia/Perth"]);
    assert_eq!(
        places("AU", "0872"),
        [
            "AU-NT Australia/Darwin",
            "AU-SA Australia/Adelaide",
            "AU-WA Australia/Perth"
        ]
    );
}

#[test]
fn other_countries_are_not_tabulated() {
    for country in ["GB", "DE", "", "USA"] {
        assert_eq!(locate_postal(country, "anything"), Ok(PostalPlaces::NotTabulated));
    }
}

#[test]
fn beginnings_that_decide_do() {
    let meaning = |country: &str, code: &str| locate_postal(country, code).map_err(|error| error.to_string());
    let mut undecided = 0;
    for number in 0..1_000 {
        let beginning = format!("{number:03}");
        let all: Vec<_> = (0..100)
            .map(|rest| meaning("US", &format!("{beginning}{rest:02}")))
            .collect();
        let is_alike = all.iter().all(|each| *each == all[0]);
        assert!(is_alike || !beginning_decides("us", &beginning), "{beginning}");
        undecided += usize::from(!beginning_decides("us", &beginning));
        for country in ["CA", "AU", "DE"] {
            let (first, last) = (format!("{beginning}00"), format!("{beginning}99"));
            assert_eq!(
                meaning(country, &first),
                meaning(country, &last),
                "no form of theirs"
            );
        }
    }
    assert!((1..50).contains(&undecided), "{undecided}");
    for (country, beginning, expected) in [
        ("US", "06390", true),
        ("US", "063", false),
        ("AU", "2", false),
        ("DE", "1", true),
        ("CA", "M", true),
        ("CA", "K", false),
        ("CA", "M5V", true),
    ] {
        assert_eq!(
            beginning_decides(country, beginning),
            expected,
            "{country} {beginning}"
        );
    }
}
