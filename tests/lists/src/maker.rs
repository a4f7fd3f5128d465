//! Synthetic contact lists from a seed: rows that hang together as real ones do, made from the tables of the core.

use std::io::Write as _;

use core_compliance::phone::{PhonePlaces, locate};
use core_compliance::postal::{PostalPlaces, locate_postal};
use core_compliance::{Instant, PhoneNumber};

/// The head of every list.
pub const HEAD: &str = "external_id,name,phone,region,postal_code,zone,planned_at";

const NAMES: [&str; 16] = [
    "Ada",
    "Bo",
    "Carla",
    "Dmitri",
    "Eve",
    "Fatima",
    "Gil",
    "Hannelore",
    "Ivo",
    "Jo",
    "Kaya",
    "Lin",
    "Mia",
    "Noor",
    "Oskar",
    "Pia",
];
/// Region, zone, postal code and the beginning of numbers, outside North America.
const ELSEWHERE: [(&str, &str, &str, &str); 8] = [
    ("GB", "Europe/London", "", "+44791112"),
    ("GB", "Europe/London", "", "+44203496"),
    ("DE", "Europe/Berlin", "", "+49301234"),
    ("FR", "Europe/Paris", "", "+33142687"),
    ("AU-NSW", "Australia/Sydney", "2000", "+61293744"),
    ("AU-QLD", "Australia/Brisbane", "4000", "+61732221"),
    ("JP", "Asia/Tokyo", "", "+81312345"),
    ("IT", "Europe/Rome", "", "+39066982"),
];

/// Makes rows.
#[derive(Debug)]
pub struct ListMaker {
    state: u64,
    /// Postal code, region and zone of North American places.
    places: Vec<(String, String, String)>,
    /// Area codes, with their region.
    areas: Vec<(u32, String)>,
    /// For each place, which of the area codes are of its region.
    near: Vec<(usize, usize)>,
    from: Instant,
    seconds: u64,
    /// Of a thousand rows, so many have something wrong.
    flawed: u64,
}

impl ListMaker {
    /// Lists of callees whose calls are planned in the seconds after an instant. Of a thousand rows `flawed` have
    /// something wrong in them.
    #[must_use]
    pub fn new(seed: u64, from: Instant, seconds: u64, flawed: u64) -> Self {
        let mut areas: Vec<(u32, String)> = (200..1_000_u32)
            .filter_map(|code| {
                let number: PhoneNumber = format!("+1{code}5550123").parse().ok()?;
                let PhonePlaces::Geographic(places) = locate(&number) else {
                    return None;
                };
                Some((code, places.first()?.jurisdiction.to_string()))
            })
            .collect();
        areas.sort_by(|one, two| one.1.cmp(&two.1));
        let zips = (0..100_000_u32)
            .step_by(53)
            .map(|code| ("US", format!("{code:05}")));
        let letters = "ABCEGHJKLMNPRSTVXY"
            .chars()
            .map(|letter| ("CA", format!("{letter}1A 1A1")));
        let mut places = Vec::new();
        for (country, code) in zips.chain(letters) {
            if let Ok(PostalPlaces::Places(found)) = locate_postal(country, &code) {
                let place = &found[0];
                places.push((code, place.jurisdiction.to_string(), place.zones[0].to_owned()));
            }
        }
        let near = places
            .iter()
            .map(|(_, region, _)| {
                let first = areas.partition_point(|(_, each)| each < region);
                let after = areas.partition_point(|(_, each)| each <= region);
                (first, after)
            })
            .collect();
        Self {
            state: seed,
            places,
            areas,
            near,
            from,
            seconds: seconds.max(1),
            flawed,
        }
    }

    /// splitmix64: the same numbers everywhere and always.
    fn draw(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.draw() % limit.max(1) as u64).expect("below a usize")
    }

    /// Writes row `number`.
    pub fn row(&mut self, number: u64, to: &mut Vec<u8>) {
        let name = NAMES[self.below(NAMES.len())];
        let at = self
            .from
            .plus_seconds(i64::try_from(self.draw() % self.seconds).expect("seconds"));
        let subscriber = self.draw() % 10_000_000;
        let kind = self.draw() % 100;
        let (region, postal, zone, phone) = if kind < 15 {
            let (region, zone, postal, beginning) = ELSEWHERE[self.below(ELSEWHERE.len())];
            (
                region.to_owned(),
                postal.to_owned(),
                zone.to_owned(),
                format!("{beginning}{:04}", subscriber % 10_000),
            )
        } else {
            let index = self.below(self.places.len());
            let (first, after) = self.near[index];
            // Some have moved and kept their number.
            let area = if kind < 95 && first < after {
                first + self.below(after - first)
            } else {
                self.below(self.areas.len())
            };
            let (postal, region, zone) = self.places[index].clone();
            (
                region,
                postal,
                zone,
                format!("+1{}{subscriber:07}", self.areas[area].0),
            )
        };
        let mut fields = [
            format!("C-{number:09}"),
            name.to_owned(),
            phone,
            region,
            postal,
            zone,
            at.to_string(),
        ];
        if self.draw() % 1_000 < self.flawed {
            self.flaw(&mut fields);
        }
        let line = fields.join(",");
        to.write_all(line.as_bytes()).expect("memory takes all");
        to.push(b'\n');
    }

    /// Puts something wrong into a row: it is still one row, and has all its fields.
    fn flaw(&mut self, fields: &mut [String; 7]) {
        let texts = [
            "",
            " ",
            "US-FLA",
            "Nowhere/Land",
            "us/eastern",
            "2139",
            "09012",
            "+1",
            "3055550123",
            "+18005550123",
            "US-EST",
            "Etc/UTC",
            "PR",
            "\"US-TX\"",
            "\"a \"\"b\"\"\"",
            "2026-11-01T06:30:00",
            "2026-11-01T01:30:00-04:00",
        ];
        let which = 2 + self.below(5);
        fields[which] = texts[self.below(texts.len())].to_owned();
    }

    /// A whole list.
    #[must_use]
    pub fn list(&mut self, rows: u64) -> Vec<u8> {
        let mut list = format!("{HEAD}\n").into_bytes();
        for number in 0..rows {
            self.row(number, &mut list);
        }
        list
    }
}
