//! What is rejected can be read again as it is, and mended.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use core_compliance::ports::{ContactSource as _, Reading};
use insta::assert_snapshot;

use super::*;
use crate::ListOptions;

struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("curfew-rejected-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn read(&self, name: &str) -> String {
        String::from_utf8_lossy(&std::fs::read(self.0.join(name)).unwrap()).into_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Reads `from` with rejected rows to `to`; contacts whose id begins with `bad` are rejected by the run. Returns the
/// codes of what was unusable, `contact` for each contact.
fn pass(folder: &Folder, from: &str, to: &str) -> Vec<String> {
    let mut source = FileContactSource::open(&folder.0.join(from), &ListOptions::default()).unwrap();
    let rejected = Arc::new(RejectedRows::create(&folder.0.join(to), &source).unwrap());
    source.keep_rejected(Arc::clone(&rejected));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut read = Vec::new();
    while let Some(reading) = runtime.block_on(source.next()).unwrap() {
        read.push(match reading {
            Reading::Contact(record) => {
                let id = record.external_id().unwrap().to_owned();
                let verdict = id.starts_with("bad").then_some(("refused", "no,\n\"thanks\""));
                rejected.settled(&id, verdict);
                "contact".to_owned()
            }
            Reading::Unusable { code, .. } => code.to_owned(),
            Reading::Duplicate { .. } => "duplicate".to_owned(),
            _ => "unreadable".to_owned(),
        });
    }
    let spoilt = read
        .iter()
        .filter(|read| !["contact", "duplicate"].contains(&read.as_str()));
    assert!(rejected.finish().unwrap() >= spoilt.count() as u64);
    read
}

const LIST: &[u8] = b"\xef\xbb\xbfid,phone,note\r\n\
    1,+13055550123,fine\r\n\
    2,305 555 0123,\"a, \"\"b\"\"\"\r\n\
    bad-3,+13055550123,\r\n\
    4,+13055550123\r\n\
    5,3055550123,M\xfcller\r\n\
    1,+13055550123,again\r\n\
    6,+13055550123,\"open\r\n\
    7,+13055550123,fine\r\n";

#[test]
fn rejected_rows_are_written_as_they_were_with_line_and_reason() {
    let folder = Folder::new();
    folder.write("leads.csv", LIST);
    pass(&folder, "leads.csv", "rejected.csv");
    assert_snapshot!(folder.read("rejected.csv").replace('\u{feff}', "(mark)"), @r#"
    (mark)curfew_line,curfew_reason,id,phone,note
    3,"phone-without-plus: `phone` does not begin with `+` and a country code; write them, or state the country of the list's numbers (--country US, or a column `country`)",2,305 555 0123,"a, ""b"""
    4,"refused: no, ""thanks""",bad-3,+13055550123,
    5,"row-ragged: the row has 2 fields where the first line has 3; put quotes around fields that hold the separator",4,+13055550123
    6,"row-not-utf8: the row is not UTF-8 (Latin-1, Windows-1252?); save the list as UTF-8",5,3055550123,M�ller
    8,"row-unclosed-quote: a quote is opened and never closed; close it, or double it where it belongs to the text","6,+13055550123,""open"
    "#);
    assert!(!folder.0.join("rejected.csv.part").exists());
}

#[test]
fn rejected_rows_are_rejected_again_as_they_are_and_pass_once_mended() {
    let folder = Folder::new();
    folder.write("leads.csv", LIST);
    let first = pass(&folder, "leads.csv", "first.csv");
    let spoilt = |read: &[String]| -> Vec<String> {
        let is_spoilt = |each: &&String| !["contact", "duplicate"].contains(&each.as_str());
        read.iter().filter(is_spoilt).cloned().collect()
    };
    let second = pass(&folder, "first.csv", "second.csv");
    // All of the first, but that a row with an open quote was tamed.
    let tamed: Vec<String> = spoilt(&first)
        .iter()
        .map(|code| code.replace("row-unclosed-quote", "row-ragged"))
        .collect();
    assert_eq!(spoilt(&second), tamed);
    let third = pass(&folder, "second.csv", "third.csv");
    assert_eq!(spoilt(&third), tamed);
    // Nothing is added from pass to pass but the new lines and reasons.
    let body = |name: &str| -> Vec<String> {
        let text = folder.read(name);
        let rows = text
            .lines()
            .map(|row| row.splitn(2, "\",").last().unwrap_or_default().to_owned());
        rows.collect()
    };
    assert_eq!(body("second.csv"), body("third.csv"));
    let mended = folder
        .read("second.csv")
        .replace("305 555 0123", "+13055550123")
        .replace("bad-3", "3")
        .replace("4,+13055550123", "4,+13055550123,")
        .replace(",3055550123,", ",+13055550123,")
        .replace("\"6,+13055550123,\"\"open\"", "6,+13055550123,open");
    folder.write("mended.csv", mended);
    let last = pass(&folder, "mended.csv", "none.csv");
    assert_eq!(last, vec!["contact"; last.len()]);
    assert_eq!(
        folder.read("none.csv"),
        "\u{feff}curfew_line,curfew_reason,id,phone,note\n"
    );
}

#[test]
fn lines_of_json_are_kept_too() {
    let folder = Folder::new();
    let list = b"{\"id\":\"bad-1\",\"phone\":\"+13055550123\",\"n\":1.50}\n\
        {}\n\
        { \"id\": \"2\", \"phone\": \"3055550123\" }\r\n\
        {\"id\":\"3\",\n\
        [1]\n\
        {\"id\":\"4\",\"phone\":\"+13055550123\",\"x\":\"M\xfcller\"}\n";
    folder.write("leads.ndjson", list);
    let first = pass(&folder, "leads.ndjson", "first.ndjson");
    assert_snapshot!(folder.read("first.ndjson"), @r#"
    {"curfew_line":1,"curfew_reason":"refused: no, \"thanks\"","id":"bad-1","phone":"+13055550123","n":1.50}
    {"curfew_line":2,"curfew_reason":"external-id-missing: the external id is missing or blank; the upsert would have no key"}
    {"curfew_line":3,"curfew_reason":"phone-without-plus: `phone` does not begin with `+` and a country code; write them, or state the country of the list's numbers (--country US, or a column `country`)", "id": "2", "phone": "3055550123" }
    {"curfew_line":4,"curfew_reason":"json-unreadable: the line is no JSON: EOF while parsing a value at column 10; write one object a line","curfew_text":"{\"id\":\"3\","}
    {"curfew_line":5,"curfew_reason":"contact-unreadable: a contact must be a JSON object, not an array","curfew_text":"[1]"}
    {"curfew_line":6,"curfew_reason":"row-not-utf8: the line is not UTF-8 (Latin-1, Windows-1252?); save the list as UTF-8","id":"4","phone":"+13055550123","x":"M�ller"}
    "#);
    let second = pass(&folder, "first.ndjson", "second.ndjson");
    assert_eq!(first.len(), second.len());
    let without_lines = |name: &str| -> Vec<String> {
        let text = folder.read(name);
        text.lines()
            .map(|row| row.split_once("\"curfew_reason\"").unwrap().1.to_owned())
            .collect()
    };
    let third = pass(&folder, "second.ndjson", "third.ndjson");
    assert_eq!(second, third);
    assert_eq!(without_lines("second.ndjson"), without_lines("third.ndjson"));
}

#[test]
fn nothing_is_overwritten_that_is_not_meant() {
    let folder = Folder::new();
    let list = folder.write("leads.csv", LIST);
    let source = FileContactSource::open(&list, &ListOptions::default()).unwrap();
    std::os::unix::fs::symlink(&list, folder.0.join("link.csv")).unwrap();
    let refused = |name: &str| {
        let error = RejectedRows::create(&folder.0.join(name), &source).unwrap_err();
        error.to_string().replace(&folder.0.display().to_string(), "")
    };
    assert_snapshot!(refused("leads.csv"), @"/leads.csv: is the list that is read; name another file, for rows that were not read yet would be lost");
    assert_eq!(refused("link.csv"), refused("leads.csv").replace("leads", "link"));
    assert_snapshot!(refused(""), @"/: is no regular file; name a file for the rejected rows");
    assert_snapshot!(refused("x.ndjson"), @"/x.ndjson: rejected rows are written as the list is; give the file a name that ends with `.csv`");
    assert_snapshot!(refused("no/x.csv"), @"/no/x.csv: cannot be written: No such file or directory (os error 2)");
}

#[test]
fn a_file_that_was_not_finished_leaves_nothing_and_the_old_one_alone() {
    let folder = Folder::new();
    let list = folder.write("leads.csv", LIST);
    let old = folder.write("old.csv", "old");
    let source = FileContactSource::open(&list, &ListOptions::default()).unwrap();
    drop(RejectedRows::create(&old, &source).unwrap());
    let mut names: Vec<_> = std::fs::read_dir(&folder.0)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        (names, folder.read("old.csv").as_str()),
        (vec!["leads.csv".to_owned(), "old.csv".to_owned()], "old")
    );
}

#[test]
fn a_file_that_cannot_be_written_to_its_end_is_an_error() {
    let folder = Folder::new();
    let list = folder.write("leads.csv", LIST);
    let source = FileContactSource::open(&list, &ListOptions::default()).unwrap();
    let rejected = RejectedRows::create(&folder.0.join("rejected.csv"), &source).unwrap();
    rejected.state().file = Some(BufWriter::with_capacity(1, File::create("/dev/full").unwrap()));
    rejected.reject(7, b"x", "row-ragged", "y");
    rejected.reject(8, b"x", "row-ragged", "y");
    let error = rejected.finish().unwrap_err().to_string();
    assert!(
        error.contains("rejected.csv: cannot be written: No space left"),
        "{error}"
    );
    assert!(!folder.0.join("rejected.csv").exists());
}

/// As a run does that is refused because another one works with the same records.
#[test]
fn what_another_run_is_writing_is_left_alone() {
    let folder = Folder::new();
    let list = folder.write("leads.csv", "id,phone\n1,n/a\n2,n/a\n");
    // What a run left behind that was killed.
    folder.write(
        "rejected.csv.part",
        "half a row of an earlier run, and more of it than there will be now",
    );
    let open = || FileContactSource::open(&list, &ListOptions::default()).unwrap();
    let create = |source| RejectedRows::create(&folder.0.join("rejected.csv"), source).unwrap();
    let (first, second) = (create(&open()), create(&open()));
    first.reject(2, b"1,n/a", "phone-not-e164", "no number");
    drop(second);
    first.reject(3, b"2,n/a", "phone-not-e164", "no number");
    assert_eq!(first.finish().unwrap(), 2);
    assert_eq!(
        folder.read("rejected.csv"),
        "curfew_line,curfew_reason,id,phone\n\
         2,\"phone-not-e164: no number\",1,n/a\n\
         3,\"phone-not-e164: no number\",2,n/a\n"
    );
    let mut names: Vec<_> = std::fs::read_dir(&folder.0)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["leads.csv", "rejected.csv"]);
}
