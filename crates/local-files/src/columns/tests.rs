//! Headers and mappings, good ones and bad ones.

use insta::assert_snapshot;

use super::*;

fn recognise(headers: &str, mapping: &str) -> Result<Columns, ColumnsError> {
    let headers: Vec<&str> = headers.split('|').collect();
    Columns::recognise(&headers, &mapping.parse()?)
}

fn described(headers: &str, mapping: &str) -> String {
    recognise(headers, mapping).map_or_else(|error| error.to_string(), |columns| columns.described())
}

#[test]
fn headers_are_recognised_however_they_are_written() {
    for (headers, field) in [
        ("x|external_id", Field::ExternalId),
        ("x|externalId", Field::ExternalId),
        ("x|ID", Field::ExternalId),
        ("x| Phone ", Field::Phone),
        ("x|STATE", Field::Region),
        ("x|region", Field::Region),
        ("x|Postal Code", Field::PostalCode),
        ("x|postal-code", Field::PostalCode),
        ("x|postcode", Field::PostalCode),
        ("x|ZIP", Field::PostalCode),
        ("x|time zone", Field::Zone),
        ("x|timeZone", Field::Zone),
        ("x|Country", Field::Country),
    ] {
        let columns = recognise(headers, "").unwrap();
        assert_eq!(columns.index(field), Some(1), "{headers}");
        assert_eq!(columns.found.len(), 1, "{headers}");
    }
}

#[test]
fn what_is_recognised_is_told() {
    assert_snapshot!(described("id|Name|Phone|State", ""), @r#"external_id = column 1 "id", phone = column 3 "Phone", region = column 4 "State""#);
    assert_snapshot!(described("Kunde|Telefon|at", "phone=Telefon, external_id=kunde,at=at"), @r#"external_id = column 1 "Kunde", phone = column 2 "Telefon", at = column 3 "at""#);
    assert_snapshot!(described("a|b", ""), @"no column was recognised");
}

#[test]
fn what_the_user_says_wins() {
    let columns = recognise("id|phone|mobile", "phone=Mobile").unwrap();
    assert_eq!(columns.index(Field::Phone), Some(2));
    // Two that differ in case alone: the one written exactly so.
    let columns = recognise("Phone|phone", "phone=phone").unwrap();
    assert_eq!(columns.index(Field::Phone), Some(1));
    // A column given away is not taken for what its header says.
    let columns = recognise("id|state", "external_id=state").unwrap();
    assert_eq!(
        (columns.index(Field::ExternalId), columns.index(Field::Region)),
        (Some(1), None)
    );
    let columns = recognise("id|phone", "external_id=phone,phone=phone").unwrap();
    assert_eq!(
        (columns.index(Field::ExternalId), columns.index(Field::Phone)),
        (Some(1), Some(1))
    );
}

#[test]
fn objects_may_lack_keys_and_nothing_takes_their_place() {
    let among = |keys: &[&str]| Columns::among(keys, &"phone=Telefon".parse().unwrap()).unwrap();
    assert_eq!(among(&["id", "telefon"]).index(Field::Phone), Some(1));
    assert_eq!(among(&["id", "phone"]).index(Field::Phone), None);
    assert_eq!(among(&["id", "phone"]).index(Field::ExternalId), Some(0));
}

#[test]
fn a_planned_time_is_only_ever_named() {
    assert_eq!(recognise("id|at", "").unwrap().index(Field::At), None);
}

#[test]
fn layers_of_mappings_are_laid_on_top_of_each_other() {
    let below: ColumnMapping = "phone=Telefon,region=Land".parse().unwrap();
    let above: ColumnMapping = "phone=Mobil".parse().unwrap();
    let both: Vec<_> = below
        .with(above)
        .iter()
        .map(|(field, header)| format!("{field}={header}"))
        .collect();
    assert_eq!(both, ["phone=Mobil", "region=Land"]);
}

#[test]
fn what_is_not_understood_is_named_with_the_headers() {
    assert_snapshot!(described("id|region|state", ""), @r#"columns 2 `region` and 3 `state` could both be `region`; say which: `region=HEADER` in --columns, or `region = "HEADER"` under [columns] in the settings; the columns are `id`, `region`, `state`"#);
    assert_snapshot!(described("Phone|phone", "phone=PHONE"), @r#"columns 1 `Phone` and 2 `phone` could both be `phone`; say which: `phone=HEADER` in --columns, or `phone = "HEADER"` under [columns] in the settings; the columns are `Phone`, `phone`"#);
    assert_snapshot!(described("id|Name", "phone=Telefon"), @"no column `Telefon`, which is to be `phone`; the columns are `id`, `Name`");
    assert_snapshot!(recognise("id|Name", "").unwrap().need(Field::Phone).unwrap_err(), @r#"no column is known to be `phone`; name it: `phone=HEADER` in --columns, or `phone = "HEADER"` under [columns] in the settings; the columns are `id`, `Name`"#);
    assert_snapshot!(described("7|+13055550123|US-FL", ""), @"the first line has no headers: `+***********` looks like a phone number; put a line with the names of the columns before it");
    for (mapping, error) in [
        (
            "phone",
            "`phone` is not of the form FIELD=HEADER; write it as `phone=Telefon,region=State`",
        ),
        (
            "phone=",
            "`phone=` is not of the form FIELD=HEADER; write it as `phone=Telefon,region=State`",
        ),
        (
            "fone=x",
            "`fone` is not a field of a list; the fields are external_id, phone, region, postal_code, zone, country, at",
        ),
        ("phone=x,phone=y", "`phone` is mapped twice; name one header"),
    ] {
        assert_eq!(mapping.parse::<ColumnMapping>().unwrap_err().to_string(), error);
    }
}

#[test]
fn an_error_shows_no_number_and_no_endless_list() {
    let many: Vec<String> = (0..50).map(|number| format!("c{number}")).collect();
    let error = Columns::recognise(&many, &ColumnMapping::default())
        .unwrap()
        .need(Field::Phone)
        .unwrap_err()
        .to_string();
    assert!(error.ends_with("`c39`, and 10 more"), "{error}");
    let error = described("13055550123|\u{7}", "phone=x");
    assert_eq!(
        error,
        "no column `x`, which is to be `phone`; the columns are `***********`, `\u{fffd}`"
    );
}
