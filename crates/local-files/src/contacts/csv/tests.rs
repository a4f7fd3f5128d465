//! Lists with separators, good ones and bad ones.

use core_compliance::ports::Reading;
use insta::assert_snapshot;
use serde_json::json;

use crate::{Field, ListFormat, ListOptions, ListRow, ListRows};

fn rows_with(
    text: impl AsRef<[u8]>,
    format: ListFormat,
    options: &ListOptions,
) -> Result<Vec<ListRow>, String> {
    let mut rows =
        ListRows::new(text.as_ref(), "leads.csv", format, options).map_err(|error| error.to_string())?;
    let mut all = Vec::new();
    while let Some(row) = rows.next_row().map_err(|error| error.to_string())? {
        all.push(row);
    }
    Ok(all)
}

/// What each row was read as, a line each; or why none was.
fn shown_with(text: impl AsRef<[u8]>, options: &ListOptions) -> String {
    let rows = match rows_with(text, ListFormat::Csv, options) {
        Ok(rows) => rows,
        Err(error) => return error,
    };
    let each = |row: ListRow| match row.reading {
        Reading::Contact(record) => record.into_json().to_string(),
        Reading::Duplicate { external_id } => format!("duplicate {external_id}"),
        Reading::Unusable { place, code, reason } => format!("{place} {code}: {reason}"),
        other => format!("{other:?}"),
    };
    rows.into_iter().map(each).collect::<Vec<_>>().join("\n")
}

fn shown(text: impl AsRef<[u8]>) -> String {
    shown_with(text, &ListOptions::default())
}

#[test]
fn a_row_becomes_a_contact_and_no_column_is_lost() {
    assert_snapshot!(shown("id,Name,Phone,State\nC-1,\"Müller, \"\"Jo\"\"\",+13055550123,US-FL\n"), @r#"{"externalId":"C-1","phone":"+13055550123","attributes":{"Name":"Müller, \"Jo\"","State":"US-FL"}}"#);
    // Headers that are the same, or none, are told apart.
    assert_snapshot!(shown("id,phone,note,note,,note_2\n1,+13055550123,a,b,c,d\n"), @r#"{"externalId":"1","phone":"+13055550123","attributes":{"note":"a","note_2":"b","column_5":"c","note_2_2":"d"}}"#);
    let ours = "curfew_line,curfew_reason,id,phone\n7,\"phone-damaged: it was\",1,+13055550123\n";
    assert_snapshot!(shown(ours), @r#"{"externalId":"1","phone":"+13055550123","attributes":{}}"#);
}

#[test]
fn marks_ends_of_line_and_quoted_lines_are_understood() {
    let expected = json!({"externalId": "1", "phone": "+13055550123", "attributes": {"note": "a\r\nb"}});
    for text in [
        "\u{feff}id,phone,note\r\n1,+13055550123,\"a\r\nb\"\r\n",
        "\n\nid,phone,note\n1,+13055550123,\"a\r\nb\"",
        "\u{feff}id;phone;note\r\n1;+13055550123;\"a\r\nb\"\r\n",
        "id\tphone\tnote\r1\t+13055550123\t\"a\r\nb\"\r",
    ] {
        assert_eq!(shown(text), expected.to_string(), "{text:?}");
    }
}

#[test]
fn the_separator_is_the_one_by_which_the_columns_are_found() {
    let rows = |text: &str| rows_with(text, ListFormat::Csv, &ListOptions::default()).unwrap();
    assert_eq!(rows("id;Name, Vorname;phone\n1;A, B;+13055550123\n").len(), 1);
    let tsv = rows_with("id\tphone,x\tphone\n", ListFormat::Tsv, &ListOptions::default());
    assert_eq!(tsv, Ok(Vec::new()));
}

#[test]
fn spoilt_rows_are_named_by_line_and_the_rest_goes_on() {
    let text = b"id,phone,zip,region\n\
        1,1.3055550123E+10,33101,US-FL\n\
        2,3055550123,33101,US-FL\n\
        \n\
        3,+1 305 555 0123,33101,US-FL\n\
        4,+13055550123,2139,US-MA\n\
        ,+13055550123,33101,US-FL\n\
        6,+13055550123,33101\n\
        7,+13055550123,33101,M\xfcnchen\n\
        8,+13055550123,33101,US-FL\n\
        8,+13055550123,33101,US-FL\n\
        9,,33101,US-FL\n\
        10,+13055550123,\"33101,US-FL\n\
        11,+13055550123,33101,US-FL\n";
    assert_snapshot!(shown(text), @r#"
    leads.csv:2 (1) phone-damaged: `phone` was rounded by a spreadsheet (as in `1.2125E+10`), and its last digits are lost; format the column as text and export it again from where the numbers are whole
    leads.csv:3 (2) phone-without-plus: `phone` does not begin with `+` and a country code; write them, or state the country of the list's numbers (--country US, or a column `country`)
    leads.csv:5 (3) phone-formatted: `phone` has blanks or signs within; write `+` and digits alone, or state the country whose habits the list follows (--country), and it is read as it is
    leads.csv:6 (4) postal-code-damaged: the US postal code has 4 digits, as if a spreadsheet had dropped its leading zero; write it as text, with all digits
    leads.csv:7 external-id-missing: the external id is missing or blank; the upsert would have no key
    leads.csv:8 row-ragged: the row has 3 fields where the first line has 4; put quotes around fields that hold the separator
    leads.csv:9 row-not-utf8: the row is not UTF-8 (Latin-1, Windows-1252?); save the list as UTF-8
    {"externalId":"8","phone":"+13055550123","attributes":{"zip":"33101","region":"US-FL"}}
    duplicate 8
    {"externalId":"9","phone":"","attributes":{"zip":"33101","region":"US-FL"}}
    leads.csv:13 row-unclosed-quote: a quote is opened and never closed; close it, or double it where it belongs to the text
    {"externalId":"11","phone":"+13055550123","attributes":{"zip":"33101","region":"US-FL"}}
    "#);
}

#[test]
fn national_numbers_are_read_where_their_country_is_stated() {
    let options = ListOptions {
        country: Some("US".parse().unwrap()),
        ..ListOptions::default()
    };
    let text = "id,phone,country\n1,(305) 555-0123,\n2,020 7946 0958,GB\n3,020 7946 0958,\n4,020 7946 0958,Britain\n";
    assert_snapshot!(shown_with(text, &options), @r#"
    {"externalId":"1","phone":"+13055550123","attributes":{"country":""}}
    {"externalId":"2","phone":"+442079460958","attributes":{"country":"GB"}}
    leads.csv:4 (3) phone-not-national: the phone number is none of the numbering plan of US; write `+`, country code and number, or correct it
    leads.csv:5 (4) phone-country-unknown: `Britain` is not a country with phone numbers; write an ISO 3166-1 code such as `US` or `GB`
    "#);
}

#[test]
fn a_list_whose_first_line_is_not_understood_is_not_read() {
    for text in ["", "\n\r\n", "\u{feff}"] {
        assert_eq!(
            shown(text),
            "leads.csv:1: the list is empty; its first line must name the columns",
            "{text:?}"
        );
    }
    assert_eq!(shown("id,phone\n"), "");
    assert_snapshot!(shown("id,Telefon\n1,+13055550123\n"), @r#"leads.csv:1: no column is known to be `phone`; name it: `phone=HEADER` in --columns, or `phone = "HEADER"` under [columns] in the settings; the columns are `id`, `Telefon`"#);
    assert_snapshot!(shown("1,+13055550123,US-FL\n"), @"leads.csv:1: the first line has no headers: `+***********` looks like a phone number; put a line with the names of the columns before it");
    assert_snapshot!(shown("\nid,\"phone\n1,+13055550123\n"), @"leads.csv:2: a quote in the first line is never closed");
    assert_snapshot!(shown(b"id,phone,Stra\xdfe\n"), @"leads.csv:1: the first line is not UTF-8 (Latin-1, Windows-1252?); save the list as UTF-8");
    assert_snapshot!(shown(b"\xff\xfei\0d\0"), @"leads.csv:1: the list is UTF-16 (a spreadsheet's Unicode text); save it as CSV UTF-8");
    assert_snapshot!(shown(b"PK\x03\x04"), @"leads.csv:1: this is a spreadsheet or an archive; save the list as CSV UTF-8");
    assert_snapshot!(shown(b"\x1f\x8b\x08"), @"leads.csv:1: the list is compressed; unpack it, or pipe it in: `--from -`");
    assert_snapshot!(shown("x".repeat(2 << 20)), @"leads.csv:1: the first line is too long to name columns");
    let mapped = ListOptions {
        columns: "phone=Telefon".parse().unwrap(),
        ..ListOptions::default()
    };
    assert_snapshot!(shown_with("id;Telefon\n1;+13055550123\n", &mapped), @r#"{"externalId":"1","phone":"+13055550123","attributes":{}}"#);
}

#[test]
fn a_column_that_is_key_and_evidence_is_both() {
    let options = ListOptions {
        columns: "region=phone,country=id".parse().unwrap(),
        ..ListOptions::default()
    };
    assert_eq!(
        shown_with("id,phone,x\n", &options),
        "leads.csv:1: no column is known to be `external_id`; name it: `external_id=HEADER` in --columns, or `external_id = \"HEADER\"` under [columns] in the settings; the columns are `id`, `phone`, `x`"
    );
    let options = ListOptions {
        columns: "external_id=id,phone=phone,region=phone,country=id"
            .parse()
            .unwrap(),
        ..ListOptions::default()
    };
    let shown = shown_with("id,phone\nUS,+13055550123\n", &options);
    assert_eq!(
        shown,
        json!({"externalId": "US", "phone": "+13055550123", "attributes": {"id": "US", "phone": "+13055550123"}}).to_string()
    );
}

#[test]
fn fields_are_found_in_the_attributes_of_their_columns() {
    let rows = ListRows::new(
        "id,phone,Addr. State,TimeZone\n".as_bytes(),
        "leads.csv",
        ListFormat::Csv,
        &ListOptions {
            columns: "region=addr. state".parse().unwrap(),
            ..ListOptions::default()
        },
    )
    .unwrap();
    assert_eq!(rows.attributes(Field::Region), ["Addr. State"]);
    assert_eq!(rows.attributes(Field::Zone), ["TimeZone"]);
    assert_eq!(rows.attributes(Field::Country), [""; 0]);
    assert_eq!(rows.attributes(Field::Phone), [""; 0]);
}
