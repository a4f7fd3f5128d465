//! Lists of contacts: every row is named once, by its place, and read alike however its bytes arrive.

use std::collections::HashSet;
use std::io::BufReader;

use core_compliance::ports::Reading;
use local_files::{ListFormat, ListOptions, ListRow, ListRows};

/// A CSV list.
pub(super) fn csv(bytes: &[u8]) {
    check(bytes, ListFormat::Csv);
    check(bytes, ListFormat::Tsv);
}

/// An NDJSON list.
pub(super) fn ndjson(bytes: &[u8]) {
    check(bytes, ListFormat::Ndjson);
}

fn check(bytes: &[u8], format: ListFormat) {
    let mut options = ListOptions::default();
    let strict = read(bytes, 1 << 16, format, &options);
    assert_eq!(
        strict,
        read(bytes, 1, format, &options),
        "however the bytes arrive"
    );
    options.country = Some("US".parse().expect("a country"));
    let tolerant = read(bytes, 1 << 16, format, &options);
    match (strict, tolerant) {
        (Err(error), Err(other)) => {
            assert_eq!(error, other);
            assert!(error.starts_with("fuzz.list:"), "{error}");
        }
        (Ok(strict), Ok(tolerant)) => {
            check_rows(bytes, &strict);
            check_rows(bytes, &tolerant);
            let places = |rows: &[ListRow]| {
                rows.iter()
                    .map(|row| (row.line, row.bytes.clone()))
                    .collect::<Vec<_>>()
            };
            assert_eq!(places(&strict), places(&tolerant), "a country moves no row");
        }
        (strict, tolerant) => assert_eq!(strict, tolerant, "a country changes nothing about the columns"),
    }
}

fn read(
    bytes: &[u8],
    buffer: usize,
    format: ListFormat,
    options: &ListOptions,
) -> Result<Vec<ListRow>, String> {
    let input = BufReader::with_capacity(buffer, bytes);
    let mut rows = ListRows::new(input, "fuzz.list", format, options).map_err(|error| error.to_string())?;
    let mut all = Vec::new();
    while let Some(row) = rows.next_row().expect("bytes can be read") {
        all.push(row);
    }
    Ok(all)
}

fn check_rows(bytes: &[u8], rows: &[ListRow]) {
    let ends = bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u64;
    let mut line = 0;
    let mut ids = HashSet::new();
    for row in rows {
        assert!(row.line > line && row.line <= ends + 1, "{row:?}");
        line = row.line;
        assert!(
            bytes
                .windows(row.bytes.len().max(1))
                .any(|window| window == row.bytes)
                || row.bytes.is_empty(),
            "the bytes of a row are those of the list: {row:?}"
        );
        let place = format!("fuzz.list:{line}");
        match &row.reading {
            Reading::Contact(record) => {
                let id = record.external_id().expect("an id").to_owned();
                assert!(ids.insert(id), "{row:?}");
            }
            Reading::Duplicate { external_id } => assert!(!external_id.is_empty()),
            Reading::Unusable {
                place: at,
                code,
                reason,
            } => {
                assert!(at.starts_with(&place), "{at}");
                assert!(!code.is_empty() && !reason.is_empty());
            }
            Reading::Unreadable { place: at, reason } => {
                assert_eq!(at, &place);
                assert!(!reason.is_empty());
            }
            other => assert_eq!(format!("{other:?}"), "a reading that is known"),
        }
    }
}
