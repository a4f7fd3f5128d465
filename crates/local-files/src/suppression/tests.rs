//! Lists, good and bad.

use insta::assert_snapshot;

use super::*;

fn read(texts: &[&str]) -> Result<SuppressionFile, FileError> {
    let mut rows = Rows::default();
    for text in texts {
        read_list(Path::new("dnc.csv"), text.as_bytes(), &mut rows)?;
    }
    rows.finish(String::new)
}

fn error(text: &str) -> String {
    read(&[text]).unwrap_err().to_string()
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

const NOW: &str = "2026-06-10T12:00:00Z";

/// What holds for a number at [`NOW`]: its end and its reason.
fn holding(list: &SuppressionFile, phone: &str) -> Option<String> {
    let entry = list.entry(phone, at(NOW))?;
    let until = entry.until.map_or("-".to_owned(), |until| until.to_string());
    Some(format!("{until} {}", entry.reason.unwrap_or("-")))
}

#[test]
fn a_plain_list_has_a_number_a_line() {
    let list =
        read(&["\u{feff}# the federal list\r\n+13055550123\r\n\r\n  +442079460000  \n#+1999\n+13055550123"])
            .unwrap();
    assert_eq!(list.len(), 2);
    for phone in ["+13055550123", " +13055550123 ", "+442079460000"] {
        assert_eq!(holding(&list, phone).as_deref(), Some("- -"), "{phone}");
    }
    for phone in [
        "+13055550124",
        "13055550123",
        "",
        "+",
        "+1305555012",
        "+1305555012\u{663}",
        "+0013055550123",
    ] {
        assert_eq!(holding(&list, phone), None, "{phone}");
    }
    assert!(list.entry_of_digits(b"13055550123", at(NOW)).is_some());
    assert!(list.entry_of_digits(b"+13055550123", at(NOW)).is_none());
    assert!(read(&["", "# nothing\n\n", "phone,reason\n"]).unwrap().is_empty());
}

#[test]
fn columns_may_stand_in_any_order_and_be_quoted() {
    let list = read(&[
        "Reason, PHONE ,expires\n\"asked, by letter\",+13055550123,2026-12-31\n,\"+13055550124\",\nsaid \"\"no\"\",+13055550125\n",
    ])
    .unwrap();
    assert_eq!(
        holding(&list, "+13055550123").as_deref(),
        Some("2027-01-01T12:00:00Z asked, by letter")
    );
    assert_eq!(holding(&list, "+13055550124").as_deref(), Some("- -"));
    assert_eq!(
        holding(&list, "+13055550125").as_deref(),
        Some("- said \"\"no\"\"")
    );
}

#[test]
fn an_entry_holds_until_its_end() {
    let list = read(&[
        "phone,expires\n+13055550123,2026-06-10T12:00:01Z\n+13055550124,2026-06-10T12:00:00Z\n+13055550125,2026-06-09\n\
         +13055550126,2026-06-08\n+13055550127,9999-12-31\n+13055550128,1969-01-01\n+13055550129,2500-01-01T00:00:00Z\n",
    ])
    .unwrap();
    let held = |phone: &str, instant: &str| list.entry(phone, at(instant)).is_some();
    assert!(held("+13055550123", NOW) && !held("+13055550124", NOW));
    // The ninth ends at UTC-12 when the clock shows noon of the tenth in UTC.
    assert!(held("+13055550125", "2026-06-10T11:59:59Z") && !held("+13055550125", NOW));
    assert!(!held("+13055550126", NOW) && !held("+13055550128", NOW));
    assert_eq!(holding(&list, "+13055550127").as_deref(), Some("- -"));
    assert_eq!(holding(&list, "+13055550129").as_deref(), Some("- -"));
}

#[test]
fn of_several_entries_the_one_that_ends_last_counts_whatever_their_order() {
    let lists = [
        "phone,expires,reason\n+13055550123,2026-07-01,short\n+13055550124,2026-07-01,\n+13055550125,,for ever\n",
        "+13055550124\n+13055550125\n",
        "phone,expires,reason\n+13055550123,2026-08-01,long\n+13055550123,2026-06-01,over\n",
    ];
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let list = read(&order.map(|index| lists[index])).unwrap();
        assert_eq!(list.len(), 3);
        assert_eq!(
            holding(&list, "+13055550123").as_deref(),
            Some("2026-08-02T12:00:00Z long")
        );
        assert_eq!(holding(&list, "+13055550124").as_deref(), Some("- -"));
        assert_eq!(holding(&list, "+13055550125").as_deref(), Some("- for ever"));
    }
}

#[test]
fn a_list_with_bad_lines_is_not_read_at_all() {
    assert_snapshot!(error("+13055550123\n3055550123\n(305) 555-0123\n+1 305 555 0123\n+13055550124,2026-01-01\n1.30555E+10\n+0305\n"), @r"
    dnc.csv: 6 of its lines cannot be read, and a list of those not to be called must not be read in part:
      line 2: the phone number does not begin with `+`; write `+`, country code and number: `+13055550123`
      line 3: the phone number does not begin with `+`; write `+`, country code and number: `+13055550123`
      line 4: the phone number has other characters than digits after the `+`; write it without spaces and signs
      line 5: more than a number; write the header `phone,expires,reason` above a list that has more
      line 6: the phone number does not begin with `+`; write `+`, country code and number: `+13055550123`
      line 7: the phone number has a 0 after the `+`; write the country code there, without 00 or trunk prefix
    ");
    assert_snapshot!(error("phone,expires,reason\n+13055550123,31.12.2026\n+13055550123,2026-12-31T10:00:00\n+13055550123,,a,b\n+13055550123,,\"open\n,2026-12-31\n+13055550123,2026-02-30\n"), @r"
    dnc.csv: 6 of its lines cannot be read, and a list of those not to be called must not be read in part:
      line 2: `expires`: `31.12.2026` is not a date; write it as `2026-12-31` or `2026-12-31T18:00:00Z`, or leave it empty for an entry without end
      line 3: `expires`: `2026-12-31T10:00:00` has no UTC offset; write `Z` or an offset such as `-04:00` after it, or a date alone
      line 4: 4 fields, and the header has 3; put a reason with commas between quotes
      line 5: a quote is not closed on this line; close it, and write two for one within a text
      line 6: the phone number does not begin with `+`; write `+`, country code and number: `+13055550123`
      line 7: `expires`: `2026-02-30` is not a date; write it as `2026-12-31` or `2026-12-31T18:00:00Z`, or leave it empty for an entry without end
    ");
    assert_snapshot!(error("phone;expires\n+13055550123;\n"), @"dnc.csv:1: `phone;expires` is no column of a do-not-call list; write one number a line, or the columns `phone,expires,reason` with commas between them");
    assert_snapshot!(error("\n# a list\nexpires,reason\n"), @"dnc.csv:3: no column `phone`; write the header `phone,expires,reason`");
    assert_snapshot!(error("phone,phone\n"), @"dnc.csv:1: column `phone` is there twice; keep one");
    let many = "x1\n".repeat(13);
    assert!(error(&many).ends_with("\n  and 3 more"), "{}", error(&many));
    let latin = read_list(
        Path::new("dnc.csv"),
        &b"phone,reason\n+13055550123,M\xfcller\n"[..],
        &mut Rows::default(),
    );
    assert_snapshot!(latin.unwrap_err(), @r"
    dnc.csv: 1 of its lines cannot be read, and a list of those not to be called must not be read in part:
      line 2: the line is not UTF-8; save the list as UTF-8
    ");
}

#[test]
fn a_reason_is_shown_in_one_line_without_numbers() {
    let long = "x".repeat(300);
    let list = read(&[&format!(
        "phone,reason\n+13055550123,called back from +13055550199\u{7}\n+13055550124,{long}\n"
    )])
    .unwrap();
    assert_eq!(
        holding(&list, "+13055550123").as_deref(),
        Some("- called back from +1305*****99\u{fffd}")
    );
    assert_eq!(holding(&list, "+13055550124").unwrap().chars().count(), 203);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = SuppressionFile::read(&["/nowhere/dnc.txt"])
        .unwrap_err()
        .to_string();
    assert!(error.starts_with("/nowhere/dnc.txt: cannot be read: "), "{error}");
    assert!(SuppressionFile::read::<&Path>(&[]).unwrap().is_empty());
}

#[test]
fn a_number_takes_four_bytes() {
    let text: String = (0..200_000_u64)
        .map(|number| format!("+1{}\n", 2_000_000_000 + number * 39_979))
        .collect();
    let list = read(&[&text]).unwrap();
    assert_eq!(list.len(), 200_000);
    let each = list.bytes() as f64 / list.len() as f64;
    assert!(each < 4.01, "{each} bytes a number");
}
