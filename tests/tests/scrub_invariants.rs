//! Whatever a list holds, `scrub` does not panic, and every byte of it comes out once, in order, in the file where it
//! belongs.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests: a panic is a failed test"
)]

use std::sync::OnceLock;

use core_compliance::ports::{
    BlockKind, BlockRows, ListLayout, ListSource as _, RowField, RowFields, TakeRows,
};
use core_compliance::{Gate, Rulebook, Settings};
use lists::in_memory::{Scrubbed, input, scrub};
use lists::maker::ListMaker;
use local_files::{ColumnMapping, DelimitedLayout, ListForm, ListHead, NdjsonLayout};
use pipeline::{ListPlanned, REJECTED_ALIKE, ScrubFailure, ScrubOptions, ZoneNames};
use proptest::prelude::*;
use proptest::sample::select;
use tests::plain::bundled_zones;

const MIB: usize = 1 << 20;

fn gate() -> &'static Gate {
    static GATE: OnceLock<Gate> = OnceLock::new();
    GATE.get_or_init(|| Gate::new(bundled_zones(), Rulebook::shipped(), Settings::default()).unwrap())
}

fn options() -> ScrubOptions {
    ScrubOptions {
        planned: ListPlanned::At("2026-06-10T15:00:00Z".parse().unwrap()),
        assume_utc: true,
        zone_names: ZoneNames::Windows,
    }
}

/// Lines and bytes, and the fields of what is a row.
#[derive(Default)]
struct All(Vec<(u64, Vec<u8>)>, Vec<Option<String>>);

impl<'b> TakeRows<'b> for All {
    fn row(&mut self, line: u64, bytes: &'b [u8], fields: &impl RowFields) {
        self.0.push((line, bytes.to_vec()));
        let all = [
            RowField::Phone,
            RowField::Region,
            RowField::Zone,
            RowField::Country,
            RowField::PostalCode,
            RowField::At,
        ];
        self.1
            .push(Some(format!("{:?}", all.map(|field| fields.get(field)))));
    }

    fn bad(&mut self, line: u64, bytes: &'b [u8], _code: &'static str) {
        self.0.push((line, bytes.to_vec()));
        self.1.push(None);
    }
}

/// Hands over the rows of a block; each of them, read again alone, is what it was.
fn take_all(layout: &impl ListLayout, rows: BlockRows<'_>, taken: &mut All) -> usize {
    let mut all = All::default();
    let blank = layout.each(rows, &mut all);
    for ((line, bytes), fields) in all.0.iter().zip(&all.1) {
        let mut again = All::default();
        let row = BlockRows {
            line: *line,
            bytes,
            kind: rows.kind,
        };
        if fields.is_some() {
            assert_eq!(layout.each(row, &mut again), 0);
            assert_eq!(
                (again.0, again.1),
                (vec![(*line, bytes.clone())], vec![fields.clone()])
            );
        }
    }
    taken.0.append(&mut all.0);
    blank
}

/// Everything in a list, as its layout hands it over: line, bytes. Joined with what is blank it is the list.
fn items(list: &[u8], form: ListForm) -> Vec<(u64, Vec<u8>)> {
    let input = input(list, form);
    let mut total = input.header().len();
    let mut taken = All::default();
    let delimited = (form != ListForm::Ndjson)
        .then(|| DelimitedLayout::of(form, &ListHead::of(&input, &ColumnMapping::default()).unwrap()));
    let mut blocks = input.into_blocks();
    while let Some(block) = blocks.next_block(Vec::new()).unwrap() {
        match block.kind {
            BlockKind::Torn { first: true } => taken.0.push((block.line, block.rows().bytes.to_vec())),
            BlockKind::Torn { first: false } => taken
                .0
                .last_mut()
                .unwrap()
                .1
                .extend_from_slice(block.rows().bytes),
            _ => {
                total += match &delimited {
                    Some(layout) => take_all(layout, block.rows(), &mut taken),
                    None => take_all(
                        &NdjsonLayout::new(ColumnMapping::default()),
                        block.rows(),
                        &mut taken,
                    ),
                };
            }
        }
    }
    let All(all, _) = taken;
    assert_eq!(
        total + all.iter().map(|(_, bytes)| bytes.len()).sum::<usize>(),
        list.len()
    );
    let mut rest = list;
    for (_, bytes) in &all {
        // What is blank lies between.
        let at = rest
            .windows(bytes.len())
            .position(|window| window == bytes)
            .unwrap();
        rest = &rest[at + bytes.len()..];
    }
    all
}

fn text_and_end(row: &[u8]) -> (&[u8], &[u8]) {
    let text = row
        .strip_suffix(b"\r\n")
        .or(row.strip_suffix(b"\n"))
        .or(row.strip_suffix(b"\r"))
        .unwrap_or(row);
    (text, &row[text.len()..])
}

/// Takes this row, with what was written beside it, off the head of the annotated rows.
fn take_annotated<'a>(annotated: &'a [u8], row: &[u8], form: ListForm) -> &'a [u8] {
    let delimiter = if form == ListForm::Tsv { b'\t' } else { b',' };
    let (text, end) = text_and_end(row);
    let rest = annotated.strip_prefix(text).unwrap();
    let length = rest
        .iter()
        .position(|byte| matches!(byte, b'\n' | b'\r'))
        .unwrap_or(rest.len());
    let (beside, rest) = rest.split_at(length);
    assert_eq!(
        beside.iter().filter(|byte| **byte == delimiter).count(),
        7,
        "{:?}",
        String::from_utf8_lossy(beside)
    );
    rest.strip_prefix(end).unwrap()
}

/// Judges a delimited list and accounts for every byte.
fn check(list: &[u8], form: ListForm) -> Option<Scrubbed> {
    let mapping = ColumnMapping::default();
    let judge = |threads| scrub(gate(), None::<&()>, list, form, &mapping, options(), threads);
    let scrubbed = match judge(3) {
        Ok(scrubbed) => scrubbed,
        Err(ScrubFailure::RejectedAlike { rows, .. }) => {
            assert!(rows >= REJECTED_ALIKE);
            return None;
        }
        Err(failure) => panic!("{failure}"),
    };
    assert_eq!(judge(1).unwrap(), scrubbed, "one thread or three");
    let mut annotated = scrubbed.annotated.as_slice();
    let mut rejected = scrubbed.rejected.as_slice();
    let mut split: [Vec<u8>; 2] = Default::default();
    let mut rows = 0;
    for (line, row) in items(list, form) {
        rows += 1;
        let delimiter = if form == ListForm::Tsv { '\t' } else { ',' };
        if let Some(rest) = rejected.strip_prefix(format!("{line}{delimiter}").as_bytes()) {
            let code = rest.iter().position(|byte| *byte == delimiter as u8).unwrap();
            rejected = rest[code + 1..].strip_prefix(row.as_slice()).unwrap();
            continue;
        }
        let rest = take_annotated(annotated, &row, form);
        let written = &annotated[..annotated.len() - rest.len()];
        let beside = &written[text_and_end(&row).0.len() + 1..];
        split[usize::from(beside.starts_with(b"prohibit"))].extend_from_slice(written);
        annotated = rest;
    }
    assert!(annotated.is_empty() && rejected.is_empty(), "nothing is added");
    assert_eq!(split[0], scrubbed.permitted);
    assert_eq!(split[1], scrubbed.prohibited);
    assert_eq!(scrubbed.books.rows, rows);
    assert!(scrubbed.books.balance());
    Some(scrubbed)
}

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(vec!["+13055550123", "US-FL", "GB", "America/New_York", "33101", "x", "", " ", "é", "\u{feff}"])
            .prop_map(str::to_owned),
        4 => select(vec![",", ",", ",", "\t", "\n", "\r\n", "\r", "\"", "\"\"", "\",\"", "\"\n", "\0"])
            .prop_map(str::to_owned),
        3 => Just("7,+13055550123,US-FL\n".to_owned()),
        1 => Just("8,\"+12125550123\",\"US-NY\"\r\n".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(
        std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(48)
    ))]

    #[test]
    fn no_byte_is_lost_or_moved(pieces in proptest::collection::vec(piece(), 0..40), bytes in any::<[u8; 6]>()) {
        let mut list = b"id,phone,region\n".to_vec();
        list.extend_from_slice(pieces.concat().as_bytes());
        check(&list, ListForm::Csv);
        let middle = list.len() / 2;
        list.splice(middle.max(16)..middle.max(16), bytes);
        check(&list, ListForm::Csv);
        let list: Vec<u8> = list.iter().map(|byte| if *byte == b',' { b'\t' } else { *byte }).collect();
        check(&list, ListForm::Tsv);
    }

    #[test]
    fn ndjson_neither(rows in proptest::collection::vec(select(vec![
        r#"{"phone":"+13055550123","region":"US-FL"}"#, r#" {"phone" : "+13055550123", "x":[1,{"a":"}"}] } "#, "{}", "{",
        "", "null", "[1]", r#"{"phone":13055550123}"#, r#"{"region":null,"state":"US-FL"}"#, r#"{"a":1}{"b":2}"#,
        r#"{"region":"US-FL","state":"US-GA"}"#, r#"{"curfew_zone":""}"#, "\u{feff}{\"a\":1.5}",
    ]), 0..12), end in select(vec!["\n", "\r\n"])) {
        let list = rows.join(end);
        let scrubbed = scrub(gate(), None::<&()>, list.as_bytes(), ListForm::Ndjson, &ColumnMapping::default(), options(), 2);
        let scrubbed = scrubbed.unwrap();
        let blank = rows.iter().filter(|row| row.is_empty()).count();
        prop_assert_eq!(scrubbed.books.rows, (rows.len() - blank) as u64);
        prop_assert_eq!(items(list.as_bytes(), ListForm::Ndjson).len() as u64, scrubbed.books.rows);
        for line in String::from_utf8(scrubbed.annotated).unwrap().lines() {
            let value: serde_json::Value = serde_json::from_str(line.trim_start_matches('\u{feff}')).unwrap();
            prop_assert!(value["curfew_decision"].is_string(), "{}", line);
        }
    }
}

#[test]
fn lists_that_hold_little_or_nothing() {
    for list in [
        "id,phone,region\n",
        "id,phone,region",
        "id,phone,region\n\n\r\n",
        "\u{feff}id,phone,region\r\n",
    ] {
        let scrubbed = check(list.as_bytes(), ListForm::Csv).unwrap();
        assert_eq!(scrubbed.books.rows, 0);
    }
    let scrubbed = check(b"id,phone,region\n7,+13055550123,US-FL", ListForm::Csv).unwrap();
    assert_eq!(scrubbed.books.permitted, 1);
    assert!(!scrubbed.permitted.ends_with(b"\n"), "no line end is added");
}

#[test]
fn endless_fields_and_marks_that_are_never_closed() {
    let head = "id,phone,region\n7,+13055550123,US-FL\n";
    let tail = "8,+12125550123,US-NY\n";
    for (what, rows) in [
        (format!("9,{},US-FL\n", "x".repeat(3 * MIB)), 3),
        (format!("9,\"{}\",US-FL\n", "x".repeat(3 * MIB)), 3),
        (format!("9,{},US-FL\n", "x".repeat(MIB - 12)), 3),
        (format!("9,\"x\n{}", tail.repeat(60_000)), 60_003),
        ("\"\n".repeat(20_001), 0),
        (format!("9,\"{}", "\"\n\"".repeat(9_000)), 0),
        ("\0".repeat(2 * MIB + 5), 2),
    ] {
        let list = format!("{head}{what}{tail}");
        let scrubbed = check(list.as_bytes(), ListForm::Csv).unwrap();
        if rows > 0 {
            let found = scrubbed.books.rows;
            assert!(
                found == rows || found + 1 == rows,
                "{found} rows, not {rows}: {:?}",
                scrubbed.books
            );
        }
    }
}

#[test]
fn blocks_are_cut_between_rows_however_these_are_written() {
    let plain = ListMaker::new(3, "2026-06-10T00:00:00Z".parse().unwrap(), 86_400, 80).list(30_000);
    let text = String::from_utf8(plain.clone()).unwrap();
    let quoted: String = text
        .lines()
        .map(|line| format!("\"a\n\"\"b\",{line}\r\n"))
        .collect();
    let mixed: String = (0..)
        .zip(text.lines())
        .map(|(number, line)| format!("{line}{}", ["\n", "\r\n"][number % 2]))
        .collect();
    for list in [plain, quoted.into_bytes(), mixed.into_bytes()] {
        let scrubbed = check(&list, ListForm::Csv).unwrap();
        assert!(scrubbed.books.rows > 29_900, "{:?}", scrubbed.books);
        assert!(scrubbed.books.permitted > 1_000);
    }
}

#[test]
fn a_head_that_is_rejected_alike_ends_the_run() {
    let national = "7,3055550123,US-FL\n";
    let many = format!(
        "id,phone,region\n{}",
        national.repeat(usize::try_from(REJECTED_ALIKE).unwrap())
    );
    assert!(check(many.as_bytes(), ListForm::Csv).is_none());
    let fewer = many.strip_suffix(national).unwrap();
    assert!(check(fewer.as_bytes(), ListForm::Csv).is_some());
    let other = many.replacen(national, "7,+13055550123,US-FL\n", 1);
    assert!(check(other.as_bytes(), ListForm::Csv).is_some());
}
