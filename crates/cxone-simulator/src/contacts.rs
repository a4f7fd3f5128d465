//! The contacts of the tenant, each made from the seed and its number alone, so that any page costs the same.

use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Map, Number, Value, json};

use crate::profile::Profile;
use crate::regions::{MALFORMED_PHONES, Numbers, REGIONS, Region, UNKNOWN};

const FIRST_NAMES: &[&str] = &[
    "Ada",
    "Alan",
    "Barbara",
    "Claude",
    "Edsger",
    "Frances",
    "Grace",
    "Hedy",
    "José",
    "Katherine",
    "Ken",
    "Margaret",
    "Niklaus",
    "Radia",
    "Søren",
    "Zoë",
];
const LAST_NAMES: &[&str] = &[
    "Allen",
    "Dijkstra",
    "Hamilton",
    "Hopper",
    "Johnson",
    "Lamarr",
    "Liskov",
    "Lovelace",
    "Müller",
    "Nguyễn",
    "O'Brien",
    "Perlman",
    "Shannon",
    "Thompson",
    "Turing",
    "van der Berg",
];
const SEGMENTS: &[&str] = &["renewal", "win-back", "trial", "newsletter"];

/// The contact with this number (counted from 1) of the mixed profile. The same arguments give the same contact.
#[must_use]
pub fn contact(seed: u64, number: u32) -> Value {
    contact_of(&Profile::MIXED, seed, number)
}

/// The contact with this number (counted from 1) of a profile.
#[must_use]
pub fn contact_of(profile: &Profile, seed: u64, number: u32) -> Value {
    let mut rng = rng_of(seed, number);
    // Every draw is made whatever the profile, so that a contact differs between profiles in its flaw alone.
    let flaw = Flaw::of(profile, rng.random_range(0..1_000));
    let odd = rng.random_range(0..1_000) < profile.odd_fields;
    let which = rng.random_range(0..usize::MAX / 2);
    let mut fields = Map::new();
    match (flaw, which % 3) {
        (Flaw::MissingExternalId, 0) => {}
        (Flaw::MissingExternalId, 1) => insert(&mut fields, "externalId", Value::Null),
        (Flaw::MissingExternalId, _) => insert(&mut fields, "externalId", json!("")),
        _ => insert(&mut fields, "externalId", json!(external_id(number))),
    }
    let region = draw_region(&mut rng);
    let phone = draw_phone(&mut rng, region);
    let phone = if flaw == Flaw::MalformedPhone {
        pick(MALFORMED_PHONES, which).to_owned()
    } else {
        phone
    };
    insert(&mut fields, "phone", json!(phone));
    insert(&mut fields, "email", json!(format!("c{number}@example.com")));
    let (first, last) = (FIRST_NAMES.choose(&mut rng), LAST_NAMES.choose(&mut rng));
    insert(
        &mut fields,
        "name",
        json!(format!("{} {}", first.unwrap_or(&""), last.unwrap_or(&""))),
    );
    let mut attributes = Map::new();
    match (flaw, which % 3) {
        (Flaw::MissingRegion, 0) => {}
        (Flaw::MissingRegion, 1) => insert(&mut attributes, "region", Value::Null),
        (Flaw::MissingRegion, _) => insert(&mut attributes, "region", json!("")),
        (Flaw::UnknownRegion, _) => insert(&mut attributes, "region", json!(pick(UNKNOWN, which))),
        _ => insert(
            &mut attributes,
            "region",
            json!(region.map_or("", |region| region.code)),
        ),
    }
    insert(&mut attributes, "segment", json!(SEGMENTS.choose(&mut rng)));
    if odd {
        add_odd_fields(&mut fields, &mut attributes, number);
    }
    insert(&mut fields, "attributes", Value::Object(attributes));
    Value::Object(fields)
}

/// The external id of the contact with this number: `C-0000007`.
#[must_use]
pub fn external_id(number: u32) -> String {
    format!("C-{number:07}")
}

/// The number in an external id, if the generator would write it just so.
pub(crate) fn number_of(external_id: &str) -> Option<u32> {
    let number = external_id.strip_prefix("C-")?.parse().ok()?;
    (self::external_id(number) == external_id).then_some(number)
}

/// Whether the contact is in the campaign from the beginning.
pub(crate) fn is_known(profile: &Profile, seed: u64, number: u32) -> bool {
    // Another seed: independent of how the contact itself is drawn.
    profile.known > 0 && rng_of(!seed, number).random_range(0..1_000) < profile.known
}

/// One stream per contact: drawing the ten-millionth costs what drawing the first does.
fn rng_of(seed: u64, number: u32) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(u64::from(number));
    rng
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Flaw {
    None,
    MissingRegion,
    UnknownRegion,
    MalformedPhone,
    MissingExternalId,
}

impl Flaw {
    /// The flaw of a contact that drew `roll` out of 1,000.
    fn of(profile: &Profile, roll: u16) -> Self {
        let mut bound = 0;
        for (flaw, share) in [
            (Self::MissingRegion, profile.missing_region),
            (Self::UnknownRegion, profile.unknown_region),
            (Self::MalformedPhone, profile.malformed_phone),
            (Self::MissingExternalId, profile.missing_external_id),
        ] {
            bound += share;
            if roll < bound {
                return flaw;
            }
        }
        Self::None
    }
}

fn draw_region(rng: &mut ChaCha8Rng) -> Option<&'static Region> {
    REGIONS.choose_weighted(rng, |region| region.weight).ok()
}

fn draw_phone(rng: &mut ChaCha8Rng, region: Option<&Region>) -> String {
    let Some(Numbers {
        prefix,
        digits,
        first,
        last,
    }) = region.and_then(|region| region.numbers.choose(rng))
    else {
        return String::new();
    };
    let digits = *digits;
    format!("{prefix}{:0digits$}", rng.random_range(*first..=*last))
}

fn pick<'a>(texts: &[&'a str], which: usize) -> &'a str {
    texts
        .iter()
        .cycle()
        .nth(which % texts.len().max(1))
        .copied()
        .unwrap_or_default()
}

fn insert(fields: &mut Map<String, Value>, key: &str, value: Value) {
    fields.insert(key.to_owned(), value);
}

/// Fields that a careless client alters or drops: numbers beyond 64 bits or with trailing zeros, unicode, nesting,
/// nulls, keys with dots.
fn add_odd_fields(fields: &mut Map<String, Value>, attributes: &mut Map<String, Value>, number: u32) {
    let exact = |text: &str| text.parse::<Number>().map_or(Value::Null, Value::Number);
    insert(attributes, "accountNumber", exact("12345678901234567890"));
    insert(attributes, "balance", exact("1.10"));
    insert(attributes, "ratio", exact("1e-7"));
    insert(
        attributes,
        "nickname",
        json!("山田花子 Zoë 💐 \u{202e}abc \"quoted\" \\ \u{7f}"),
    );
    insert(attributes, "utm.source", json!("spring/été"));
    insert(
        attributes,
        "optOuts",
        json!([null, false, { "channel": "sms", "codes": [[], {}] }]),
    );
    insert(attributes, "", json!("an empty key"));
    insert(
        fields,
        "customer1",
        json!({ "address": { "lines": ["1 Main St", ""], "geo": { "lat": exact("27.0") } } }),
    );
    insert(fields, "notes", Value::Null);
    insert(fields, "sequence", json!(number));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_depends_on_seed_and_number_alone() {
        assert_eq!(contact(7, 10_000_000), contact(7, 10_000_000));
        assert_ne!(contact(7, 1), contact(8, 1));
        assert_ne!(contact(7, 1), contact(7, 2));
    }

    #[test]
    fn the_first_contact_looks_like_this() {
        insta::assert_snapshot!(contact_of(&Profile::CLEAN, 1, 1), @r#"{"externalId":"C-0000001","phone":"+81310008489","email":"c1@example.com","name":"Zoë Turing","attributes":{"region":"JP","segment":"win-back"}}"#);
    }

    #[test]
    fn a_profile_changes_nothing_but_its_flaw() {
        let region_missing = Profile {
            missing_region: 1_000,
            ..Profile::CLEAN
        };
        for number in 1..200 {
            let (clean, mut flawed) = (
                contact_of(&Profile::CLEAN, 3, number),
                contact_of(&region_missing, 3, number),
            );
            assert!(flawed["attributes"]["region"].as_str().is_none_or(str::is_empty));
            flawed["attributes"]["region"] = clean["attributes"]["region"].clone();
            assert_eq!(flawed, clean);
        }
    }

    #[test]
    fn clean_contacts_are_all_valid() {
        for number in 1..3_000 {
            let clean = contact_of(&Profile::CLEAN, 1, number);
            assert!(crate::upsert::validate(&clean).is_ok(), "{clean}");
            assert!(
                REGIONS
                    .iter()
                    .any(|region| clean["attributes"]["region"] == region.code),
                "{clean}"
            );
        }
    }

    #[test]
    fn the_mix_has_about_the_shares_of_its_profile() {
        let all: Vec<_> = (1..=20_000).map(|number| contact(1, number)).collect();
        let share =
            |test: &dyn Fn(&Value) -> bool| all.iter().filter(|contact| test(contact)).count() as f64 / 20.0;
        let rejected = share(&|contact| crate::upsert::validate(contact).is_err());
        let no_region = share(&|contact| {
            contact["attributes"]
                .get("region")
                .and_then(Value::as_str)
                .is_none_or(str::is_empty)
        });
        let unknown = share(&|contact| {
            UNKNOWN
                .iter()
                .any(|code| contact["attributes"]["region"] == *code)
        });
        let odd = share(&|contact| contact.get("customer1").is_some());
        for (found, wanted) in [(rejected, 20.0), (no_region, 20.0), (unknown, 20.0), (odd, 60.0)] {
            assert!(
                (found - wanted).abs() < wanted / 4.0,
                "{found} ‰ instead of {wanted} ‰"
            );
        }
    }

    #[test]
    fn odd_numbers_keep_every_digit() {
        let odd = contact_of(
            &Profile {
                odd_fields: 1_000,
                ..Profile::CLEAN
            },
            1,
            1,
        )
        .to_string();
        for text in [
            r#""accountNumber":12345678901234567890"#,
            r#""balance":1.10"#,
            "💐",
        ] {
            assert!(odd.contains(text), "{text} in {odd}");
        }
    }

    #[test]
    fn external_ids_and_numbers_agree() {
        for number in [1, 42, 9_999_999, 10_000_000] {
            assert_eq!(number_of(&external_id(number)), Some(number));
        }
        for foreign in [
            "C-7",
            "C-00000007",
            "c-0000007",
            "C-+000007",
            "C-",
            "7",
            "C-99999999999",
        ] {
            assert_eq!(number_of(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn known_contacts_have_about_their_share() {
        let profile = Profile {
            known: 250,
            ..Profile::CLEAN
        };
        let known = (1..=4_000)
            .filter(|number| is_known(&profile, 1, *number))
            .count();
        assert!((900..1_100).contains(&known), "{known}");
        assert!(!(1..=4_000).any(|number| is_known(&Profile::CLEAN, 1, number)));
    }
}
