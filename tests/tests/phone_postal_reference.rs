//! The tables of area codes and postal codes agree with sources that they are not made from.
//!
//! The reference, `data/phone-postal-reference.tsv`, counts ZIP codes and exchanges by state and zone. It errs too:
//! every disagreement is explained here, and an explanation that is no longer needed fails as well. Clocks are
//! compared as they will run in 2027, since the reference's zone names are coarser than ours.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests: a panic is a failed test"
)]

use std::collections::BTreeSet;
use std::sync::LazyLock;

use core_compliance::{
    NamedPlace, PhoneNumber, PhonePlaces, PostalPlaces, ZoneDatabase, locate_postal, phone,
};

const REFERENCE: &str = include_str!("../data/phone-postal-reference.tsv");

/// (table, key, place, why the two disagree): `missing` = the reference has it and we do not, `unseen` = the reverse.
const EXPLAINED: &[(&str, &str, &str, &str)] = &[
    (
        "npa",
        "334",
        "unseen US-AL -5",
        "Phenix City, Lanett and Valley live by Eastern time, against the law that the ZIP table follows",
    ),
    (
        "npa",
        "765",
        "missing US-IN -6",
        "Goodland, Kentland and Remington are 219; the ZIP table gives places their neighbours' codes too",
    ),
    (
        "npa",
        "775",
        "unseen US-NV -7",
        "West Wendover is Mountain by law since 1999, Jackpot by practice",
    ),
    (
        "npa",
        "865",
        "missing US-TN -6",
        "Crab Orchard and Crossville are 931; neighbours again",
    ),
    (
        "npa",
        "915",
        "missing US-TX -6",
        "Fort Davis, Pecos, Valentine and Van Horn are 432; neighbours again, and ZIP 79942 as below",
    ),
    (
        "npa",
        "931",
        "missing US-TN -5",
        "Rhea, Morgan and Scott counties and Rockwood are 423 and 865; neighbours again",
    ),
    (
        "zip",
        "099",
        "missing US-NJ -5",
        "military mail for us; the ZIP table places six unique ZIPs among it",
    ),
    ("zip", "368", "unseen US-AL -5", "as area code 334"),
    (
        "zip",
        "374",
        "missing US-TN -6",
        "37405 is a part of Chattanooga, whose other ZIPs the reference has in Eastern",
    ),
    (
        "zip",
        "422",
        "unseen US-TN -6",
        "42223, Fort Campbell, lies in both states",
    ),
    (
        "zip",
        "726",
        "missing US-MO -6",
        "72643, Lead Hill, is in Arkansas",
    ),
    (
        "zip",
        "799",
        "missing US-TX -6",
        "79942 is El Paso, whose other ZIPs the reference has in Mountain",
    ),
    (
        "zip",
        "836",
        "unseen US-ID -8",
        "83671, Warren, is Pacific by law; the ZIP table follows the towns around it",
    ),
    (
        "zip",
        "888",
        "missing US-DC -5",
        "test ZIPs of the government, no addresses",
    ),
    ("zip", "898", "unseen US-NV -7", "as area code 775"),
    (
        "zip",
        "968",
        "unseen US-UM +12",
        "96898 is Wake Island; the reference has it in Hawaii",
    ),
    (
        "zip",
        "969",
        "unseen FM +11",
        "Kosrae and Pohnpei; the reference has Chuuk's clock for all of FM",
    ),
];

/// State and clock of a place: the offsets of January and July 2027.
type Clocked = (String, i32, i32);

fn clocked(jurisdiction: &str, zone: &str) -> Clocked {
    static ZONES: LazyLock<ZoneDatabase> = LazyLock::new(ZoneDatabase::bundled);
    let zone = ZONES.get(zone).unwrap_or_else(|error| panic!("{error}"));
    let [january, july] = [1_799_971_200, 1_815_609_600].map(|unix| zone.span_at(unix).offset);
    (jurisdiction.to_owned(), january, july)
}

fn ours(places: &[NamedPlace]) -> BTreeSet<Clocked> {
    let zones = |place: &NamedPlace| {
        let jurisdiction = place.jurisdiction.to_string();
        let clocks = place.zones.iter().map(|zone| clocked(&jurisdiction, zone));
        clocks.collect::<Vec<_>>()
    };
    places.iter().flat_map(zones).collect()
}

fn phone_places(text: &str) -> &'static [NamedPlace] {
    let number: PhoneNumber = text.parse().unwrap();
    match phone::locate(&number) {
        PhonePlaces::Geographic(places) => places,
        other => panic!("{text}: {other:?}"),
    }
}

/// The rows of one kind: key, and `PLACE[:ZONE]` of its entries.
fn rows(kind: &str) -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    REFERENCE
        .lines()
        .filter_map(move |line| line.strip_prefix(kind)?.strip_prefix('\t')?.split_once('\t'))
        .map(|(key, entries)| {
            (
                key,
                entries
                    .split(',')
                    .filter_map(|entry| Some(entry.split_once('=')?.0))
                    .collect(),
            )
        })
}

/// Codes of the reference as ours: `US-FL`, but `FM`.
fn american(state: &str) -> String {
    match state {
        "FM" | "MH" | "PW" => state.to_owned(),
        _ => format!("US-{state}"),
    }
}

/// Every difference between the reference's places and ours, as `EXPLAINED` writes them (with the hours from UTC in winter).
fn differences(table: &str, found: impl Fn(&str) -> BTreeSet<Clocked>) -> BTreeSet<(String, String, String)> {
    let mut different = BTreeSet::new();
    for (key, entries) in rows(table) {
        let theirs: BTreeSet<Clocked> = entries
            .iter()
            .filter_map(|entry| entry.split_once(':'))
            // A corrupt row of the ZIP table has a city's name there.
            .filter(|(_, zone)| zone.contains('/'))
            .map(|(state, zone)| clocked(&american(state), zone))
            .collect();
        let ours = found(key);
        let mut note = |what: &str, (state, january, _): &Clocked| {
            let hours = january / 3600;
            different.insert((
                table.to_owned(),
                key.to_owned(),
                format!("{what} {state} {hours:+}"),
            ));
        };
        theirs.difference(&ours).for_each(|place| note("missing", place));
        ours.difference(&theirs).for_each(|place| note("unseen", place));
    }
    different
}

#[track_caller]
fn assert_explained(table: &str, found: BTreeSet<(String, String, String)>) {
    let explained: BTreeSet<_> = EXPLAINED
        .iter()
        .filter(|(kind, ..)| *kind == table)
        .map(|(kind, key, place, _)| ((*kind).to_owned(), (*key).to_owned(), (*place).to_owned()))
        .collect();
    let unexplained: Vec<_> = found.difference(&explained).collect();
    let superfluous: Vec<_> = explained.difference(&found).collect();
    assert!(
        unexplained.is_empty() && superfluous.is_empty(),
        "unexplained: {unexplained:#?}, no longer needed: {superfluous:#?}"
    );
}

#[test]
fn area_codes_agree_with_the_zip_table() {
    assert!(rows("npa").count() > 300);
    assert_explained(
        "npa",
        differences("npa", |code| ours(phone_places(&format!("+1{code}5550123")))),
    );
}

#[test]
fn zip_areas_agree_with_the_zip_table() {
    assert!(rows("zip").count() > 900);
    // An area's single ZIPs may be elsewhere than the area.
    let found = |area: &str| {
        let zips = (0..100).map(|end| format!("{area}{end:02}"));
        let places = zips.filter_map(|zip| match locate_postal("US", &zip) {
            Ok(PostalPlaces::Places(places)) => Some(places),
            _ => None,
        });
        let mut distinct: Vec<&[NamedPlace]> = places.collect();
        distinct.dedup_by_key(|places| places.as_ptr());
        distinct.into_iter().flat_map(ours).collect()
    };
    assert_explained("zip", differences("zip", found));
}

#[test]
fn canadian_area_codes_agree_with_the_names_of_their_exchanges() {
    assert!(rows("ca").count() > 20);
    for (code, provinces) in rows("ca") {
        let places = phone_places(&format!("+1{code}5550123"));
        for province in provinces {
            let named = places
                .iter()
                .any(|place| place.jurisdiction.as_str() == format!("CA-{province}"));
            assert!(named, "{code}: {province}");
        }
    }
}

#[test]
fn australian_prefixes_agree_with_the_names_of_their_exchanges() {
    assert!(rows("au").count() > 100);
    for (prefix, states) in rows("au") {
        let places = phone_places(&format!("+{prefix}123456"));
        for state in states {
            let code = match state {
                "CX" | "CC" => state.to_owned(),
                _ => format!("AU-{state}"),
            };
            let named = places.iter().any(|place| place.jurisdiction.as_str() == code);
            assert!(named, "{prefix}: {state}");
        }
    }
}
