//! The bodies of the fuzz targets on seeds, on mutations of them, and on arbitrary bytes.
//!
//! `cargo xtask fuzz 1_000_000 fuzz_bodies` tries many more; a fuzzer of your own calls [`tests::fuzz::BODIES`].
#![expect(
    clippy::indexing_slicing,
    reason = "helpers of tests: a panic is a failed test"
)]

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use tests::fuzz::{BODIES, Body};
use tests::generate::config;

/// Inputs that each body deals with on its narrow paths, good ones and bad ones.
fn seeds(name: &str) -> Vec<&'static [u8]> {
    let seeds: &[&str] = match name {
        "overlay" => &[
            OVERLAY,
            "",
            "[[rule]]",
            "[[rule]]\nid = 7",
            "[sync]\nx = 1",
            "rule = 3",
            "[[cap]]\nid = \"x\"\r\n",
            "\u{feff}[[rule]]",
            "x = \"\"\"\n\n",
        ],
        "rulebook" => &[
            RULEBOOK,
            "[rulebook]\nversion = \"1\"\nreviewed_on = 2026-11-23",
            "[rulebook]",
            "[[no_rule]]\njurisdiction = \"US-ZZ\"",
        ],
        "attempt" => &[
            r#"{"id":"7","at":"2026-06-10T12:30:00Z","purpose":"collections","channel":"text","region":"US-FL","zone":"America/New_York","country":"US","phone":"+13055550123","postal_code":"33101","consent":{"level":"express-written","given_at":"2026-01-01T00:00:00Z","revoked_at":null},"business_relationship":{"kind":"inquiry","last_at":"2026-05-01T00:00:00Z"},"callee_kind":"consumer","caller_kind":"commercial","attempts":["2026-06-10T09:00:00Z",{"at":"2026-06-09T09:00:00Z","outcome":"no-answer","matter":"m"}]}"#,
            r#"{"at":"2199-12-31T23:59:59Z","places":[{"jurisdiction":"US-AL:Mobile","zone":"America/Chicago"}],"attempts":[]}"#,
            r#"{"at":"1970-01-01T00:00:00Z","region":"AU-NSW","phone":"+61412345678"}"#,
            r#"{"at":"2026-06-10T12:30:00","country":"CA","postal_code":"M5V 2T6"}"#,
            r#"{"at":"2026-06-10T12:30:00Z","places":[{"jurisdiction":"","zone":""}]}"#,
            r#"{"id":8,"at":"x"}"#,
            "{\"id\":\"\\u2028\\u0000\"}",
            "[]",
            "{",
            "",
        ],
        "phone" => &[
            "+13055550123",
            "+61412345678",
            "+442079460000",
            "+18005550123",
            "+999999999999999",
            "+0123456",
            "+1 305",
            "13055550123",
            "+",
            "+\u{661}\u{662}\u{663}",
            "",
        ],
        "postal" => &[
            "US\n02139",
            "US\n2139",
            "US\n09012-1234",
            "CA\nM5V 2T6",
            "ca\nm5v-2t6",
            "AU\n0800",
            "AU\n800",
            "GB\nSW1A 1AA",
            "US\n\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}",
            "\n",
            "",
        ],
        "report" => &[
            "\u{feff}at,external_id,phone,outcome,matter\r\n2026-06-10T15:00:00Z,7,+13055550123,No Answer,\"a, b\"\r\n\r\n2026-06-10T15:00:00,8,3055550123,busy,\n",
            "at;phone\n2026-06-10T15:00:00Z;\"open\n2026-06-10T15:00:00Z;+442079460000\n",
            "{\"at\":\"2026-06-10T15:00:00Z\",\"id\":7,\"phone\":\"+13055550123\",\"purpose\":\"sales\"}\n{\"at\":3055550123,\"id\":\"x\"}\n[]\n",
            "at,id,id\n",
            "+13055550123,2026-06-10T15:00:00Z\n",
            "",
        ],
        "list-csv" => &[
            "id,phone,Name,State\nC-1,+13055550123,\"M\u{fc}ller, \"\"Jo\"\"\",US-FL\nC-2,(305) 555-0123,,\n",
            "\u{feff}id;phone;note\r\n1;+13055550123;\"a\r\nb\"\r\n\r\n2;1.3055E+10;\r\n",
            "id\tphone\tzip\tregion\r1\t'+13055550123\t2139\tUS-MA\r",
            "id,phone\n1,\"open\n2,+13055550123\n2,+13055550123\n,+13055550123\n3",
            "curfew_line,curfew_reason,id,phone,country\n7,\"x: y\",1,030 901820,DE\n",
            "id,phone,region,state\n",
            "id,phone\n",
            "\n\r\n",
            "PK\u{3}\u{4}",
        ],
        "list-ndjson" => &[
            r#"{"externalId":"1","phone":"+13055550123","attributes":{"region":"US-FL","n":1.50}}"#,
            "{\"id\":7,\"Phone\":\"(305) 555-0123\",\"State\":\"US-FL\",\"zip\":\"2139\",\"country\":\"US\"}\r\n\n{\"id\":7}",
            r#"{"curfew_line":4,"curfew_reason":"json-unreadable: x","curfew_text":"{\"id\":\"3\","}"#,
            "[1]\n{\n{}\nnull\n\"x\"",
            r#"{"id":"3","phone":"+13055550123","region":"US-FL","State":"US-GA","attributes":null}"#,
            "\u{feff}{\"id\":\"1\",\"phone\":1.2E10}",
        ],
        "suppression" => &[
            "+13055550123\n+442079460000\r\n# none\n\n",
            "\u{feff}phone,expires,reason\n+13055550123,2026-06-30,\"asked, twice\"\n+442079460000,2026-06-30T10:00:00+02:00,\n",
            "reason,phone\n,+13055550123\nx",
            "phone;expires\n",
            "phone\n3055550123\n+1 305\n\"+13055550123\n",
            "phone,expires\n+13055550123,9999-12-31\n+13055550123,1969-12-31\n+13055550123,2026-02-30\n",
            "+13055550123,x\n",
            "",
        ],
        "instant" => &[
            "2026-06-10T15:00:00Z",
            "2026-06-10T11:00:00.123456789-04:00",
            "2026-06-10t15:00:60z",
            "2199-12-31T23:59:59Z",
            "1970-01-01T00:00:00+23:59",
            "2026-02-30T00:00:00Z",
            "2026-06-10 15:00:00",
            "9999-12-31T23:59:59-23:59",
            "",
        ],
        _ => &[
            "08:00-21:00",
            "mon-fri 09:00-13:00,14:00-20:00; sat 10:00-18:00",
            "sat-mon 00:00-24:00",
            "00:00-24:00",
            "23:59:59-24:00",
            "8-9",
            "09:00-09:00",
            "mon 25:00-26:00",
            "fri-",
            ";;",
            "",
        ],
    };
    seeds.iter().map(|seed| seed.as_bytes()).collect()
}

const OVERLAY: &str = r#"
[[rule]]
id = "acme.lunch"
jurisdiction = "US-FL"
title = "No calls at lunch"
purposes = ["sales"]
channels = ["voice", "text"]
hours = "mon-fri 08:00-12:00,13:00-20:00; sat 09:00-12:00"
start_excluded = true
clock = "UTC-06:00"
holidays = [{ calendar = "acme.days" }, { calendar = "US-federal", eve = true, hours = "09:00-12:00", within_hours = true }, { calendar = "US-AL", latest = "17:00" }]
unless = [{ consent = "express", consent_within_months = 6 }, { relationship = "inquiry", within_months = 3, until = 2030-01-01 }]
effective_from = 2026-01-01
effective_until = "2030-01-01"

[[rule]]
id = "acme.demand"
jurisdiction = "FR"
requires = [{ consent = "express-written" }, { caller = "nonprofit", callee = "business" }]

[[cap]]
id = "acme.cap"
jurisdiction = "US"
limits = [{ max = 3, hours = 24 }, { max = 7, days = 7 }, { max = 2, weeks = 1 }, { max = 8, months = 1 }]
counts = "answered"
per_matter = true
cooldowns = [{ after = "conversation", days = 7 }, { after = "abandoned", hours = 72 }, { after = "refusal", for_ever = true }]

[[calendar]]
id = "acme.days"
verified_through = 2030-12-31
observed = ["sat<fri", "sun>mon"]
days = [
    { name = "a", fixed = "02-29", moved = true },
    { name = "b", nth = "nov thu 4", plus = 1, from = 2020, until = 2030 },
    { name = "c", on_or_after = "11-02 tue", years = "even" },
    { name = "d", before = "05-25 mon", every = 6, from = 2024 },
    { name = "e", easter = -2, only = ["US-AL:Mobile"] },
    { name = "f", orthodox_easter = 50, observed = [] },
    { name = "g", dates = ["2026-09-18", 2027-09-17] },
]

[[calendar]]
extends = "US-LA-LPSC"
days = [{ name = "Storm", dates = ["2026-08-29"] }]

[[relaxation]]
relaxes = "US-AL"
hours = "mon-sat 08:00-21:00"
reason = "counsel's opinion"
author = "j.doe@example.com"
expires = "2027-05-04"
"#;

const RULEBOOK: &str = r#"
[rulebook]
version = "2026.11.1"
reviewed_on = 2026-11-23

[[rule]]
id = "XX"
jurisdiction = "MX"
hours = "07:00-22:00"
holidays = [{ calendar = "MX" }]
confidence = "low"
citation = "a law"
source = ["memory"]

[[calendar]]
id = "MX"
days = [{ name = "x", nth = "feb mon 1" }]

[[no_rule]]
jurisdiction = "US-WI"
note = "nothing found"
confidence = "low"
source = "memory"
"#;

/// What a fuzzer does to a seed.
#[derive(Clone, Debug)]
enum Mutation {
    Set(Index, u8),
    Insert(Index, Vec<u8>),
    Remove(Index, usize),
    Repeat(Index, usize),
    /// A number in the text becomes another.
    Number(Index, &'static str),
    Swap(Index, Index),
}

impl Mutation {
    fn applied(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        let at = |index: &Index, bytes: &[u8]| index.index(bytes.len() + 1);
        match self {
            Self::Set(index, byte) if !bytes.is_empty() => {
                let at = index.index(bytes.len());
                bytes[at] = *byte;
            }
            Self::Insert(index, more) => {
                let at = at(index, &bytes);
                bytes.splice(at..at, more.iter().copied());
            }
            Self::Remove(index, count) => {
                let at = at(index, &bytes);
                bytes.drain(at..(at + count).min(bytes.len()));
            }
            Self::Repeat(index, count) => {
                let at = at(index, &bytes);
                let more = bytes[at..(at + count).min(bytes.len())].to_vec();
                bytes.splice(at..at, more);
            }
            Self::Number(index, number) => {
                let digit = |at: &usize| bytes[*at].is_ascii_digit();
                let starts: Vec<usize> = (0..bytes.len())
                    .filter(|at| digit(at) && (*at == 0 || !digit(&(at - 1))))
                    .collect();
                if !starts.is_empty() {
                    let from = starts[index.index(starts.len())];
                    let until = (from..bytes.len()).find(|at| !digit(at)).unwrap_or(bytes.len());
                    bytes.splice(from..until, number.bytes());
                }
            }
            Self::Swap(one, two) if !bytes.is_empty() => {
                let (one, two) = (one.index(bytes.len()), two.index(bytes.len()));
                bytes.swap(one, two);
            }
            Self::Set(..) | Self::Swap(..) => {}
        }
        bytes
    }
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let telling = b"\"'\\[]{}=,:;-+.#\n\r\t 0129TZ*\x00\x7f\xff\xc3".to_vec();
    let byte = || prop_oneof![3 => select(telling.clone()), 1 => any::<u8>()];
    let numbers = vec![
        "0",
        "1",
        "24",
        "59",
        "60",
        "99",
        "366",
        "2147483647",
        "2147483648",
        "4294967295",
        "9223372036854775807",
        "18446744073709551616",
        "-1",
        "-2147483648",
    ];
    prop_oneof![
        3 => (any::<Index>(), byte()).prop_map(|(at, byte)| Mutation::Set(at, byte)),
        2 => (any::<Index>(), vec(byte(), 1..=4)).prop_map(|(at, more)| Mutation::Insert(at, more)),
        2 => (any::<Index>(), 1..=40_usize).prop_map(|(at, count)| Mutation::Remove(at, count)),
        1 => (any::<Index>(), 1..=200_usize).prop_map(|(at, count)| Mutation::Repeat(at, count)),
        4 => (any::<Index>(), select(numbers)).prop_map(|(at, number)| Mutation::Number(at, number)),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(one, two)| Mutation::Swap(one, two)),
    ]
}

/// A body with a seed of its own that was changed in a few spots.
fn mutated() -> impl Strategy<Value = (&'static str, Body, Vec<u8>)> {
    (select(&BODIES[..]), any::<Index>(), vec(mutation(), 1..=4)).prop_map(
        |((name, body), index, mutations)| {
            let seeds = seeds(name);
            let seed = seeds[index.index(seeds.len())].to_vec();
            let bytes = mutations
                .iter()
                .fold(seed, |bytes, mutation| mutation.applied(bytes));
            (name, body, bytes)
        },
    )
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn mutations_of_the_seeds_are_dealt_with((name, body, bytes) in mutated()) {
        println!("{name}: {:?}", String::from_utf8_lossy(&bytes));
        body(&bytes);
    }

    #[test]
    fn the_long_seeds_are_dealt_with_changed(mutations in vec(mutation(), 1..=3)) {
        for (body, seed) in [(BODIES[0].1, OVERLAY), (BODIES[1].1, RULEBOOK)] {
            let bytes = mutations.iter().fold(seed.as_bytes().to_vec(), |bytes, mutation| mutation.applied(bytes));
            println!("{}", String::from_utf8_lossy(&bytes));
            body(&bytes);
        }
    }

    #[test]
    fn any_bytes_are_dealt_with(bytes in vec(any::<u8>(), 0..200)) {
        for (_, body) in BODIES {
            body(&bytes);
        }
    }

    #[test]
    fn any_text_is_dealt_with(text in "\\PC{0,60}") {
        for (_, body) in BODIES {
            body(text.as_bytes());
        }
    }
}

#[test]
fn the_seeds_are_dealt_with() {
    for (name, body) in BODIES {
        for seed in seeds(name) {
            println!("{name}: {:?}", String::from_utf8_lossy(seed));
            body(seed);
        }
    }
}

/// The long seeds are read to their end, so that mutations of them reach everything.
#[test]
fn the_good_seeds_are_good() {
    use core_compliance::document::Document;
    let document = Document {
        name: "seed",
        text: OVERLAY,
    };
    let overlay = core_compliance::Overlay::parse(&document, &[]);
    let overlay = overlay.unwrap_or_else(|error| panic!("{error}"));
    tests::law::shipped()
        .with_overlay(overlay)
        .unwrap_or_else(|error| panic!("{error}"));
    core_compliance::Rulebook::from_documents([("seed", RULEBOOK)]).unwrap_or_else(|error| panic!("{error}"));
}
