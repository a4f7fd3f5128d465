//! Lists of JSON lines, good ones and bad ones.

use core_compliance::ports::Reading;
use insta::assert_snapshot;

use crate::{Field, ListFormat, ListOptions, ListRows};

fn shown_with(text: impl AsRef<[u8]>, options: &ListOptions) -> String {
    let mut rows = ListRows::new(text.as_ref(), "leads.ndjson", ListFormat::Ndjson, options).unwrap();
    let mut all = Vec::new();
    while let Some(row) = rows.next_row().unwrap() {
        all.push(match row.reading {
            Reading::Contact(record) => record.into_json().to_string(),
            Reading::Duplicate { external_id } => format!("duplicate {external_id}"),
            Reading::Unusable { place, code, reason } => format!("{place} {code}: {reason}"),
            other => format!("{other:?}"),
        });
    }
    all.join("\n")
}

fn shown(text: impl AsRef<[u8]>) -> String {
    shown_with(text, &ListOptions::default())
}

#[test]
fn a_record_in_the_tenants_form_is_kept_as_it_is() {
    let record = r#"{"externalId":"1","x":[1.10],"phone":"+13055550123","attributes":{"region":"US-FL","n":12345678901234567890}}"#;
    assert_eq!(shown(format!("\u{feff}{record}\r\n\n")), record);
    // What is rejected later is left alone.
    let flawed = r#"{"externalId":"2","phone":13055550123,"attributes":null}"#;
    assert_eq!(shown(flawed), flawed);
}

#[test]
fn a_flat_object_is_mapped_as_columns_are() {
    assert_snapshot!(shown(r#"{"id":7,"Phone":"+13055550123","State":"US-FL","zip":"33101","n":1.50}"#), @r#"{"externalId":"7","phone":"+13055550123","attributes":{"region":"US-FL","zip":"33101","n":1.50}}"#);
    let options = ListOptions {
        columns: "phone=Telefon,region=Land,at=Termin".parse().unwrap(),
        country: Some("DE".parse().unwrap()),
        ..ListOptions::default()
    };
    assert_snapshot!(shown_with("{\"id\":\"7\",\"telefon\":\"030 901820\",\"Land\":\"DE-BE\",\"termin\":\"now\"}\n{\"id\":\"8\",\"phone\":\"030 901820\"}", &options), @r#"
    {"externalId":"7","phone":"+4930901820","attributes":{"region":"DE-BE","Termin":"now"}}
    {"externalId":"8","phone":"","attributes":{"phone":"030 901820"}}
    "#);
    let rows = ListRows::new("".as_bytes(), "x", ListFormat::Ndjson, &options).unwrap();
    assert_eq!(rows.attributes(Field::At), ["Termin"]);
    assert_eq!(rows.attributes(Field::Region), ["region", "state"]);
}

#[test]
fn a_key_that_is_several_fields_is_each_of_them() {
    let options = ListOptions {
        columns: "external_id=id,phone=phone,region=Land,country=land,zone=id"
            .parse()
            .unwrap(),
        ..ListOptions::default()
    };
    let shown = shown_with(r#"{"id":"7","phone":"+13055550123","Land":"GB"}"#, &options);
    assert_snapshot!(shown, @r#"{"externalId":"7","phone":"+13055550123","attributes":{"zone":"7","region":"GB","country":"GB"}}"#);
}

#[test]
fn spoilt_lines_are_named_and_the_rest_goes_on() {
    let text = b"{\"id\":\"1\",\"phone\":\"3055550123\"}\n\
        {\"id\":\"2\",\n\
        [1]\n\
        {\"id\":\"3\",\"phone\":\"+13055550123\",\"region\":\"US-FL\",\"State\":\"US-GA\"}\n\
        {\"id\":\"4\",\"phone\":\"+13055550123\",\"name\":\"M\xfcller\"}\n\
        {\"phone\":\"+13055550123\"}\n\
        {\"id\":\"5\",\"phone\":\"+13055550123\"}\n\
        {\"id\":5,\"phone\":\"+13055550123\"}\n\
        {\"externalId\":\"6\",\"phone\":\"+1 305 555 0123\",\"attributes\":{}}\n\
        {\"externalId\":\"7\",\"phone\":\"+13055550123\",\"attributes\":{\"zip\":\"2139\",\"country\":\"US\"}}\n";
    assert_snapshot!(shown(text), @r#"
    leads.ndjson:1 (1) phone-without-plus: `phone` does not begin with `+` and a country code; write them, or state the country of the list's numbers (--country US, or a column `country`)
    leads.ndjson:2 json-unreadable: the line is no JSON: EOF while parsing a value at column 10; write one object a line
    Unreadable { place: "leads.ndjson:3", reason: "a contact must be a JSON object, not an array" }
    leads.ndjson:4 keys-ambiguous: columns 3 `region` and 4 `State` could both be `region`; say which: `region=HEADER` in --columns, or `region = "HEADER"` under [columns] in the settings; the columns are `id`, `phone`, `region`, `State`
    leads.ndjson:5 row-not-utf8: the line is not UTF-8 (Latin-1, Windows-1252?); save the list as UTF-8
    leads.ndjson:6 external-id-missing: the external id is missing or blank; the upsert would have no key
    {"externalId":"5","phone":"+13055550123","attributes":{}}
    duplicate 5
    leads.ndjson:9 (6) phone-formatted: `phone` has blanks or signs within; write `+` and digits alone, or state the country whose habits the list follows (--country), and it is read as it is
    leads.ndjson:10 (7) postal-code-damaged: the US postal code has 4 digits, as if a spreadsheet had dropped its leading zero; write it as text, with all digits
    "#);
}

#[test]
fn nothing_is_put_over_something_else() {
    let options = ListOptions {
        columns: "region=Land".parse().unwrap(),
        ..ListOptions::default()
    };
    let text = r#"{"id":"1","phone":"+13055550123","Land":"US-FL","region":"south"}"#;
    assert_snapshot!(shown_with(text, &options), @"leads.ndjson:1 (1) keys-ambiguous: both `region` and another key would become `attributes.region`; drop one");
}
