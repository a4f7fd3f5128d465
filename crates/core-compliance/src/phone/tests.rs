//! What the table must say of numbers that matter, and that numbers stay private.

use super::*;

fn number(text: &str) -> PhoneNumber {
    text.parse().unwrap()
}

/// `US-FL America/New_York`, one line per place; `AU` for a country; `toll-free` for none.
fn places(text: &str) -> Vec<String> {
    match locate(&number(text)) {
        PhonePlaces::Geographic(places) => places
            .iter()
            .map(|place| format!("{} {}", place.jurisdiction, place.zones.join(" ")))
            .collect(),
        PhonePlaces::CountryOnly(countries) => countries.iter().map(Jurisdiction::to_string).collect(),
        PhonePlaces::Nowhere(reason) => vec![reason.as_str().to_owned()],
    }
}

/// The jurisdictions alone.
fn jurisdictions(text: &str) -> Vec<String> {
    let first_word = |place: String| place.split(' ').next().unwrap().to_owned();
    places(text).into_iter().map(first_word).collect()
}

/// Whether a zone is among those named.
fn has(text: &str, zone: &str) -> bool {
    places(text)
        .iter()
        .any(|place| place.split(' ').any(|word| word == zone))
}

#[test]
fn area_codes_name_states_and_their_clocks() {
    for (text, expected) in [
        ("+16895550123", "US-FL America/New_York"),
        ("+12125550123", "US-NY America/New_York"),
        ("+18505550123", "US-FL America/New_York America/Chicago"),
        ("+14485550123", "US-FL America/New_York America/Chicago"),
        ("+19285550123", "US-AZ America/Phoenix America/Denver"),
        ("+14585550123", "US-OR America/Los_Angeles America/Boise"),
        ("+14835550123", "US-AL America/Chicago America/New_York"),
        ("+19155550123", "US-TX America/Denver"),
        ("+12425550123", "BS America/Nassau"),
        ("+17875550123", "US-PR America/Puerto_Rico"),
        (
            "+14745550123",
            "CA-SK America/Regina America/Edmonton America/Swift_Current",
        ),
    ] {
        assert_eq!(places(text), [expected], "{text}");
    }
}

#[test]
fn overlays_are_as_their_parents() {
    for (overlay, parent) in [
        (364, 270),
        (930, 812),
        (448, 850),
        (458, 541),
        (236, 250),
        (257, 250),
        (672, 250),
        (778, 250),
        (367, 418),
        (581, 418),
        (474, 306),
        (879, 709),
        (729, 423),
        (986, 208),
        (531, 402),
        (465, 347),
        (357, 559),
    ] {
        let (overlay, parent) = (format!("+1{overlay}5550123"), format!("+1{parent}5550123"));
        assert_eq!(places(&overlay), places(&parent), "{overlay}");
    }
    assert!(has("+13645550123", "America/Chicago") && has("+13645550123", "America/New_York"));
}

#[test]
fn the_canadian_north_is_three_territories() {
    let codes = jurisdictions("+18675550123");
    assert_eq!(codes, ["CA-NT", "CA-NU", "CA-YT"]);
    for zone in [
        "America/Edmonton",
        "America/Whitehorse",
        "America/Iqaluit",
        "America/Rankin_Inlet",
    ] {
        assert!(has("+18675550123", zone), "{zone}");
    }
}

#[test]
fn a_mobile_is_anywhere_in_its_country() {
    assert_eq!(places("+61412345678"), ["AU"]);
    assert_eq!(places("+447700900123"), ["GB", "GG", "IM", "JE"]);
    assert_eq!(places("+79161234567"), ["RU"]);
    assert_eq!(places("+34612345678"), ["ES"]);
    assert_eq!(places("+5511912345678"), ["BR"]);
    assert_eq!(places("+262639123456"), ["YT"]);
}

#[test]
fn fixed_lines_of_countries_with_several_clocks_are_located() {
    let sydney = places("+61292345678");
    assert_eq!(sydney, ["AU-NSW Australia/Sydney"]);
    let two = jurisdictions("+61261234567");
    assert_eq!(two, ["AU-ACT", "AU-NSW", "AU-VIC"]);
    assert_eq!(places("+61312345678").len(), 3);
    assert!(has("+61755123456", "Australia/Sydney"), "Tweed Heads");
    assert_eq!(
        places("+61731234567"),
        ["AU-QLD Australia/Brisbane Australia/Lindeman"]
    );
    assert_eq!(places("+61889123456"), ["AU-NT Australia/Darwin"]);
    assert!(has("+61880876543", "Australia/Broken_Hill"));
    assert!(
        has("+61880876543", "Australia/Sydney"),
        "Tibooburra and White Cliffs"
    );
    assert!(has("+74951234567", "Europe/Moscow") && !has("+74951234567", "Asia/Vladivostok"));
    assert_eq!(places("+77271234567"), ["KZ"]);
    assert_eq!(places("+34928123456"), ["ES Atlantic/Canary"]);
    assert_eq!(places("+351296123456"), ["PT Atlantic/Azores"]);
    assert_eq!(places("+6433051234"), ["NZ Pacific/Chatham"]);
    assert!(has("+56321234567", "Pacific/Easter"));
    assert_eq!(places("+441481123456"), ["GG"]);
    assert_eq!(places("+442071234567"), ["GB"]);
    assert_eq!(places("+4930123456"), ["DE"]);
}

#[test]
fn some_numbers_are_nowhere() {
    for (text, reason) in [
        ("+18005550123", "toll-free"),
        ("+18885550123", "toll-free"),
        ("+19005550123", "premium-rate"),
        ("+15335550123", "non-geographic"),
        ("+16225550123", "non-geographic"),
        ("+17005550123", "non-geographic"),
        ("+448001234567", "toll-free"),
        ("+611800123456", "toll-free"),
        ("+80012345678", "toll-free"),
        ("+881612345678", "satellite"),
        ("+870773123456", "satellite"),
        ("+88312345678", "satellite"),
        ("+12005550123", "unknown"),
        ("+19115550123", "unknown"),
        ("+38344123456", "unknown"),
        ("+99912345678", "unknown"),
    ] {
        assert_eq!(places(text), [reason], "{text}");
    }
}

#[test]
fn the_locating_prefix_is_what_decided() {
    for (text, prefix) in [
        ("+13055550123", "+1305"),
        ("+18005550123", "+1800"),
        ("+447700900123", "+44"),
        ("+61412345678", "+614"),
        ("+12005550123", "+"),
        ("+9991234", "+"),
    ] {
        assert_eq!(number(text).locating_prefix(), prefix, "{text}");
    }
}

#[test]
fn numbers_are_masked() {
    for (text, masked) in [
        ("+13055550123", "+1305*****23"),
        ("+442071838750", "+4420******50"),
        ("+1234567", "+*****67"),
        ("+12345678", "+1*****78"),
        ("+123456789012345", "+1234*********45"),
    ] {
        let shown = number(text);
        assert_eq!(shown.to_string(), masked);
        assert_eq!(format!("{shown:?}"), format!("PhoneNumber({masked})"));
        assert_eq!(shown.as_str(), text);
    }
}

#[test]
fn other_texts_are_refused_without_repeating_them() {
    for (text, error) in [
        ("13055550123", PhoneError::NoPlus),
        ("", PhoneError::NoPlus),
        ("+1 305 555 0123", PhoneError::NotDigits),
        ("+1٣055550123", PhoneError::NotDigits),
        ("++13055550123", PhoneError::NotDigits),
        ("+03055550123", PhoneError::NoCountryCode),
        ("+130555", PhoneError::TooShort(6)),
        ("+", PhoneError::TooShort(0)),
        ("+1234567890123456", PhoneError::TooLong(16)),
    ] {
        let refused = text.parse::<PhoneNumber>().unwrap_err();
        assert_eq!(refused, error, "{text}");
        let before_advice = refused.to_string().split(';').next().unwrap().to_owned();
        assert!(!before_advice.contains("305"), "{before_advice}");
    }
}

#[cfg(feature = "phone-plan")]
#[test]
fn the_plan_knows_what_is_assigned() {
    for (text, known) in [
        ("+13055550123", true),
        ("+442071838750", true),
        ("+12005550123", false),
        ("+1305555", false),
        ("+99912345678", false),
    ] {
        assert_eq!(in_numbering_plan(&number(text)), known, "{text}");
    }
}

#[test]
fn country_codes_have_one_to_three_digits() {
    for (number, code) in [
        ("+13055550123", "1"),
        ("+79161234567", "7"),
        ("+4915112345678", "49"),
        ("+353861234567", "353"),
        ("+8613800000000", "86"),
        ("+85212345678", "852"),
        ("+870123456789", "870"),
    ] {
        assert_eq!(number.parse::<PhoneNumber>().unwrap().country_code(), code);
    }
}

#[test]
fn bytes_are_read_as_texts_are() {
    for text in [
        "+13055550123",
        "+1305555",
        "+130555",
        "+123456789012345",
        "+1234567890123456",
        "+03055550123",
        "13055550123",
        "+1305555012a",
        "+1 3055550123",
        "+",
        "",
        "+é3055550123",
    ] {
        let read = PhoneText::of(text.as_bytes());
        assert_eq!(read.map(PhoneNumber::from), text.parse().ok(), "{text}");
    }
    for text in ["+1305555", "+13055550", "+13055550123", "+123456789012345"] {
        for (place, byte) in (0..text.len()).flat_map(|place| (0..=255).map(move |byte| (place, byte))) {
            let mut bytes = text.as_bytes().to_owned();
            bytes[place] = byte;
            let wanted = std::str::from_utf8(&bytes)
                .ok()
                .and_then(|text| text.parse().ok());
            assert_eq!(PhoneText::of(&bytes).map(PhoneNumber::from), wanted, "{bytes:?}");
        }
    }
    let read = PhoneText::of(b"+13055550123").unwrap();
    assert_eq!(
        (read.as_str(), format!("{read:?}").contains("5550")),
        ("+13055550123", false)
    );
}
