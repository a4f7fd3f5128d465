//! What `scrub` says of a row is what the gate determines about it, row by row: over synthetic lists with flaws, under
//! several settings, with times in a column and at one instant, with numbers on a do-not-call list.
//!
//! `CURFEW_SCRUB_ROWS` sets how many rows the first list has; a million take some minutes in release.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests: a panic is a failed test"
)]

use std::collections::BTreeMap;

use core_compliance::ports::SuppressionList;
use core_compliance::{
    CallAttempt, Decision, Determination, Effect, Evidence, FindingCode, Gate, Hours, Instant, Policy,
    Rulebook, Settings, Suppression, UnknownNumbers, UnverifiedRules, has_e164_shape,
};
use lists::in_memory::{Scrubbed, scrub};
use lists::maker::{HEAD, ListMaker};
use local_files::{ColumnMapping, ListForm};
use pipeline::{ListPlanned, Reason, ReasonCount, ScrubOptions, ZoneNames};
use tests::plain::bundled_zones;

/// Every number that ends with a 7 is on it, some of them for a time.
struct Sevens;

impl SuppressionList for Sevens {
    fn suppression(&self, phone: &str, at: Instant) -> Option<Suppression> {
        let until = match phone.get(phone.len() - 2..) {
            Some("17") => Some("2026-11-02T05:00:00Z".parse().unwrap()),
            Some("27") => Some("2027-11-02T05:00:00Z".parse().unwrap()),
            Some(_) => None,
            None => return None,
        };
        let holds = phone.ends_with('7') && until.is_none_or(|until| at < until);
        holds.then_some(Suppression { until, reason: None })
    }
}

fn gate(settings: Settings) -> Gate {
    Gate::new(bundled_zones(), Rulebook::shipped(), settings).unwrap()
}

/// One week around the end of daylight saving time in North America.
fn list(rows: u64, flawed: u64) -> Vec<u8> {
    ListMaker::new(7, "2026-10-29T00:00:00Z".parse().unwrap(), 7 * 86_400, flawed).list(rows)
}

fn options(planned: ListPlanned) -> ScrubOptions {
    ScrubOptions {
        planned,
        assume_utc: false,
        zone_names: ZoneNames::Iana,
    }
}

/// What the gate says of a row, or why the row is none.
fn determined(
    gate: &Gate,
    suppression: &impl SuppressionList,
    row: &csv::StringRecord,
    planned: ListPlanned,
) -> Result<Determination, &'static str> {
    let at: Instant = match planned {
        ListPlanned::At(at) => at,
        ListPlanned::Column => row[6].parse().map_err(|_| "planned-time-unreadable")?,
    };
    match row[2].trim() {
        "" => return Err("phone-missing"),
        phone if !has_e164_shape(phone) => return Err("phone-not-e164"),
        _ => {}
    }
    let text = |index: usize| Some(row[index].to_owned());
    let evidence = Evidence {
        phone: text(2),
        region: text(3),
        postal_code: text(4),
        zone: text(5),
        ..Evidence::default()
    };
    let attempt = CallAttempt {
        purpose: gate.settings().purpose,
        channel: gate.settings().channel,
        suppression: suppression.suppression(row[2].trim(), at),
        ..CallAttempt::new(at, evidence)
    };
    Ok(gate.determine(&attempt))
}

fn read(text: &str) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes())
}

/// Whether code, jurisdiction, zone and local time are those of the reason, or, where several places permit, of one of them.
fn has_reason(wanted: &Determination, given: &csv::StringRecord) -> bool {
    if wanted.places.is_empty() {
        return given[8] == *wanted.reason().unwrap().code.as_str()
            && (9..=11).all(|field| given[field].is_empty());
    }
    let is_shown = |finding: &core_compliance::Finding| {
        wanted.places.iter().any(|place| {
            let whose = finding.jurisdiction.as_ref().unwrap_or(&place.jurisdiction);
            given[8] == *finding.code.as_str()
                && given[9] == *whose.as_str()
                && given[10] == place.zone
                && given[11] == place.local_time.to_string()
        })
    };
    let several = wanted.is_permitted() && wanted.places.len() > 1;
    let of_them = |finding: &&core_compliance::Finding| several && finding.effect == Effect::Permits;
    is_shown(wanted.reason().unwrap()) || wanted.findings.iter().filter(of_them).any(is_shown)
}

/// Holds every row against the gate.
fn agrees(gate: &Gate, suppression: &impl SuppressionList, list: &[u8], planned: ListPlanned) -> Scrubbed {
    let mapping: ColumnMapping = "at=planned_at".parse().unwrap();
    let scrubbed = scrub(
        gate,
        Some(suppression),
        list,
        ListForm::Csv,
        &mapping,
        options(planned),
        2,
    )
    .unwrap();
    let text = std::str::from_utf8(list).unwrap();
    let annotated = std::str::from_utf8(&scrubbed.annotated).unwrap();
    let rejected = std::str::from_utf8(&scrubbed.rejected).unwrap();
    let mut annotated = read(annotated).into_records();
    let mut rejected = read(rejected).into_records();
    for (line, row) in (2..).zip(read(text.split_once('\n').unwrap().1).into_records()) {
        let row = row.unwrap();
        let wanted = match determined(gate, suppression, &row, planned) {
            Ok(wanted) => wanted,
            Err(code) => {
                let given = rejected.next().unwrap().unwrap();
                assert_eq!(
                    (&given[0], &given[1]),
                    (line.to_string().as_str(), code),
                    "{row:?}"
                );
                assert!(given.iter().skip(2).eq(row.iter()), "{row:?}");
                continue;
            }
        };
        let given = annotated.next().unwrap().unwrap();
        assert!(given.iter().take(7).eq(row.iter()), "{given:?} is not {row:?}");
        let until = wanted
            .permitted_until
            .map(|at| at.to_string())
            .unwrap_or_default();
        let opening = wanted.next_opening.map(|at| at.to_string()).unwrap_or_default();
        assert_eq!(
            (&given[7], &given[12], &given[13]),
            (wanted.decision.as_str(), until.as_str(), opening.as_str()),
            "line {line}: {given:?}: {wanted:#?}"
        );
        assert!(has_reason(&wanted, &given), "line {line}: {given:?}: {wanted:#?}");
    }
    assert!(annotated.next().is_none() && rejected.next().is_none());
    assert_eq!(counted(&scrubbed), scrubbed.books.by_reason);
    scrubbed
}

/// The reasons of the annotated rows, counted, each with the first opening of those that are prohibited.
fn counted(scrubbed: &Scrubbed) -> BTreeMap<Reason, ReasonCount> {
    let mut counts: BTreeMap<Reason, ReasonCount> = BTreeMap::new();
    for row in read(std::str::from_utf8(&scrubbed.annotated).unwrap()).into_records() {
        let row = row.unwrap();
        let of = |code: &&FindingCode| *code.as_str() == row[8];
        let reason = Reason {
            decision: if row[7] == *"permit" {
                Decision::Permit
            } else {
                Decision::Prohibit
            },
            code: *FindingCode::ALL.iter().find(of).unwrap(),
            jurisdiction: row[9].to_owned(),
        };
        let count = counts.entry(reason).or_default();
        count.rows += 1;
        let opening: Option<Instant> = row[13].parse().ok();
        count.earliest_opening = [count.earliest_opening, opening].into_iter().flatten().min();
    }
    counts
}

/// So many rows, or as many as the environment says.
fn rows_or(default: u64) -> u64 {
    let rows = std::env::var("CURFEW_SCRUB_ROWS").ok();
    rows.map_or(default, |rows| rows.parse().unwrap())
}

#[test]
fn every_row_is_decided_as_the_gate_decides_it() {
    let rows = rows_or(4_000);
    let list = list(rows, 50);
    let scrubbed = agrees(&gate(Settings::default()), &(), &list, ListPlanned::Column);
    let books = &scrubbed.books;
    assert!(
        books.permitted > rows / 10 && books.prohibited > rows / 10 && books.rejected > rows / 500,
        "{books:?}"
    );
    assert!(list.starts_with(HEAD.as_bytes()));
}

#[test]
fn at_one_instant_too() {
    let list = list(1_200, 50);
    for at in [
        "2026-10-30T14:00:00Z",
        "2026-11-01T06:59:59Z",
        "2026-12-25T18:00:00Z",
    ] {
        agrees(
            &gate(Settings::default()),
            &(),
            &list,
            ListPlanned::At(at.parse().unwrap()),
        );
    }
}

#[test]
fn under_other_settings_too() {
    let list = list(700, 100);
    let standard = Settings::default;
    for settings in [
        Settings {
            hours: Hours::CallingHours("08:00-21:00".parse().unwrap()),
            ..standard()
        },
        Settings {
            guard: 1_800,
            call_length: 7_200,
            unverified: UnverifiedRules::Decide,
            ..standard()
        },
        Settings {
            require_history: true,
            ..standard()
        },
        Settings {
            policy: Policy::PreferAddress,
            unknown_numbers: UnknownNumbers::Prohibit,
            ..standard()
        },
        Settings {
            purpose: core_compliance::Purpose::Collections,
            ..standard()
        },
    ] {
        agrees(&gate(settings), &(), &list, ListPlanned::Column);
    }
}

#[test]
fn a_do_not_call_entry_is_heeded_row_by_row() {
    let scrubbed = agrees(
        &gate(Settings::default()),
        &Sevens,
        &list(1_500, 50),
        ListPlanned::Column,
    );
    let suppressed = |(reason, count): (&pipeline::Reason, &pipeline::ReasonCount)| {
        (reason.code == core_compliance::FindingCode::Suppressed).then_some(count.rows)
    };
    assert!(
        scrubbed
            .books
            .by_reason
            .iter()
            .filter_map(suppressed)
            .sum::<u64>()
            > 100
    );
}

/// More regions, and with more rows more answers, than are remembered at a time; over two centuries.
#[test]
fn what_was_forgotten_is_found_out_again() {
    const REGIONS: [&str; 6] = ["US-FL", "US-TX", "CA-ON", "AU-NSW", "GB", "XX-1"];
    // The last one was 44 minutes and 30 seconds behind UTC until 1972.
    const ZONES: [&str; 6] = [
        "",
        "",
        "America/Chicago",
        "america/chicago",
        "Europe/London",
        "Africa/Monrovia",
    ];
    let mut state = 1_u64;
    let mut draw = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) as usize % below
    };
    let mut list = format!("{HEAD}\n");
    for number in 0..rows_or(20_000) {
        // Blanks around a code change its text and not its meaning.
        let (before, after) = (draw(60), draw(60));
        let region = format!("{}{}{}", " ".repeat(before), REGIONS[draw(6)], " ".repeat(after));
        let postal_code = if draw(3) > 0 {
            String::new()
        } else {
            format!("{:05}", draw(100_000))
        };
        let at = Instant::from_unix(draw(4_000_000_000) as i64 + 3_000_000_000 * draw(2) as i64).unwrap();
        let zone = ZONES[draw(6)];
        list += &format!(
            "{number},x,+1212555{:04},{region},{postal_code},{zone},{at}\n",
            draw(10_000)
        );
    }
    agrees(
        &gate(Settings::default()),
        &(),
        list.as_bytes(),
        ListPlanned::Column,
    );
}

/// Objects with some keys and without others, in every order: what was found out about one must not be told of another.
#[test]
fn rows_that_lack_something_are_not_taken_for_each_other() {
    const PHONES: [&str; 5] = ["", "+12125550123", "+17025550123", "+16045550123", "+4930123456"];
    const REGIONS: [&str; 4] = ["", "US-FL", "US-NV", "CA-BC"];
    const CODES: [&str; 12] = [
        "", "33101", "90210", "73301", "V5K 0A1", "10115", "\u{a0}", "\u{b}", "ABCDE", " 33101 ",
        // Of one beginning, and an ocean between them.
        "96701", "96799",
    ];
    const ZONES: [&str; 4] = ["", "America/New_York", "America/Los_Angeles", "Etc/UTC"];
    const COUNTRIES: [&str; 4] = ["", "US", "CA", "DE"];
    let mut state = 5_u64;
    let mut draw = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) as usize % below
    };
    let gate = gate(Settings::default());
    let mut list = String::new();
    let mut attempts = Vec::new();
    for _ in 0..4_000 {
        let fields = [
            ("phone", PHONES[draw(5)]),
            ("region", REGIONS[draw(4)]),
            ("postal_code", CODES[draw(12)]),
            ("zone", ZONES[draw(4)]),
            ("country", COUNTRIES[draw(4)]),
        ];
        let at = Instant::from_unix(1_793_000_000 + draw(14 * 86_400) as i64).unwrap();
        let mut object: serde_json::Map<String, serde_json::Value> = fields
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| ((*name).to_owned(), (*value).into()))
            .collect();
        object.insert("at".to_owned(), at.to_string().into());
        list += &serde_json::Value::from(object).to_string();
        list.push('\n');
        let [phone, region, postal_code, zone, country] =
            fields.map(|(_, value)| (!value.is_empty()).then(|| value.to_owned()));
        let evidence = Evidence {
            phone,
            region,
            postal_code,
            zone,
            country,
            ..Evidence::default()
        };
        attempts.push(CallAttempt::new(at, evidence));
    }
    let mapping = "at=at".parse().unwrap();
    for threads in [1, 3] {
        let scrubbed = scrub(
            &gate,
            None::<&()>,
            list.as_bytes(),
            ListForm::Ndjson,
            &mapping,
            options(ListPlanned::Column),
            threads,
        );
        let annotated = String::from_utf8(scrubbed.unwrap().annotated).unwrap();
        assert_eq!(annotated.lines().count(), attempts.len());
        judged_as_the_gate_does(&gate, &annotated, &attempts);
    }
}

/// Decision, until when, next opening and reason of every row are the gate's.
fn judged_as_the_gate_does(gate: &Gate, annotated: &str, attempts: &[CallAttempt]) {
    for (line, attempt) in annotated.lines().zip(attempts) {
        let wanted = gate.determine(attempt);
        let given: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| given[name].as_str().unwrap_or_default().to_owned();
        let named = |at: Option<Instant>| at.map(|at| at.to_string()).unwrap_or_default();
        assert_eq!(
            [
                text("curfew_decision"),
                text("curfew_permitted_until"),
                text("curfew_next_opening")
            ],
            [
                wanted.decision.as_str().to_owned(),
                named(wanted.permitted_until),
                named(wanted.next_opening)
            ],
            "{line}: {wanted:#?}"
        );
        if !wanted.is_permitted() {
            assert_eq!(
                text("curfew_reason_code"),
                wanted.reason().unwrap().code.as_str(),
                "{line}"
            );
        }
    }
}
