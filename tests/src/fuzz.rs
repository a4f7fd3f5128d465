//! Bodies of fuzz targets, as plain functions of bytes: whoever calls them says where the bytes come from.
//!
//! A body returns if the input was dealt with as it must be, and panics otherwise. `fuzz_bodies` replays seeds,
//! mutations of them and arbitrary bytes.

mod lists;

use core_compliance::document::Document;
use core_compliance::phone::locate;
use core_compliance::{
    CallAttempt, CallingWindow, Evidence, Instant, Jurisdiction, Overlay, PhoneNumber, PostalError, Rulebook,
    RulebookError, Settings, WeeklyWindows, locate_postal,
};
use pipeline::{JudgedLine, judge_line};

use crate::law::{gate_of, gates, shipped};

/// One body.
pub type Body = fn(&[u8]);

/// All of them, by name.
pub const BODIES: [(&str, Body); 11] = [
    ("overlay", overlay),
    ("rulebook", rulebook),
    ("attempt", attempt),
    ("phone", phone),
    ("postal", postal),
    ("instant", instant),
    ("windows", windows),
    ("suppression", suppression),
    ("report", report),
    ("list-csv", lists::csv),
    ("list-ndjson", lists::ndjson),
];

/// Bytes that are no text are turned into one; what reads bytes itself is given them as they are.
fn text(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// An error names its document, a line within it, and something to do.
#[track_caller]
fn check_error(error: &core_compliance::document::DocumentError, text: &str) {
    assert_eq!(error.name, "fuzz.toml");
    let lines = text.bytes().filter(|byte| *byte == b'\n').count() + 1;
    assert!(
        (1..=lines).contains(&error.line),
        "line {} of {lines}: {error}",
        error.line
    );
    assert!(!error.message.trim().is_empty(), "an error without words");
    assert!(
        error
            .to_string()
            .starts_with(&format!("fuzz.toml:{}: ", error.line))
    );
}

/// `Overlay::parse`, and what the overlay then does to the shipped rulebook: it is refused, or it can be decided by.
pub fn overlay(bytes: &[u8]) {
    let text = text(bytes);
    let document = Document {
        name: "fuzz.toml",
        text: &text,
    };
    let read = Overlay::parse(&document, &["sync"]);
    assert_eq!(
        read,
        Overlay::parse(&document, &["sync"]),
        "equal texts are read alike"
    );
    match read {
        Err(error) => check_error(&error, &text),
        Ok(overlay) => {
            if let Ok(book) = shipped().with_overlay(overlay) {
                decide_by(&book);
            }
        }
    }
}

/// `Rulebook::from_documents`.
pub fn rulebook(bytes: &[u8]) {
    let text = text(bytes);
    match Rulebook::from_documents([("fuzz.toml", text.as_ref())]) {
        Err(RulebookError::Document(error)) => check_error(&error, &text),
        Err(error) => assert!(!error.to_string().is_empty()),
        Ok(book) => {
            assert_eq!(
                Rulebook::from_documents([("other.toml", text.as_ref())]).as_ref(),
                Ok(&book),
                "a document's name is no part of the law"
            );
            decide_by(&book);
        }
    }
}

/// Whatever rules were read, attempts are decided by them, without the evaluators disagreeing.
fn decide_by(book: &Rulebook) {
    let gate = gate_of(book, &Settings::default());
    // The shipped rulebook's places have suites of their own; those of the input come with them.
    let is_new = |id: &str| !shipped().rules().iter().any(|rule| rule.id == id);
    let rules = book.rules().iter().filter(|rule| is_new(&rule.id));
    let rules = rules.map(|rule| &rule.jurisdiction);
    let is_new = |id: &str| !shipped().caps().iter().any(|cap| cap.id == id);
    let caps = book.caps().iter().filter(|cap| is_new(&cap.id));
    let caps = caps.map(|cap| &cap.jurisdiction);
    let mut places: Vec<&Jurisdiction> = rules.chain(caps).collect();
    places.sort_unstable();
    places.dedup();
    places.truncate(8);
    for region in places
        .into_iter()
        .map(ToString::to_string)
        .chain(["US-FL".to_owned()])
    {
        for at in [
            "2015-06-30T23:59:59Z",
            "2026-12-25T15:00:00Z",
            "2040-02-29T08:00:00Z",
        ] {
            let at: Instant = at.parse().expect("an instant");
            let evidence = Evidence {
                region: Some(region.clone()),
                ..Evidence::default()
            };
            let past = |seconds: i64| core_compliance::PastAttempt {
                at: at.plus_seconds(-seconds),
                outcome: Some(core_compliance::AttemptOutcome::Conversation),
                matter: None,
            };
            let question = CallAttempt {
                history: Some(vec![past(60), past(90_000)]),
                ..CallAttempt::new(at, evidence)
            };
            let determination = gate.determine(&question);
            assert!(
                !determination.has(core_compliance::FindingCode::EvaluatorsDisagree),
                "{determination:#?}"
            );
        }
    }
}

/// `judge_line`: one line in, one line of JSON out, whatever it was; what cannot be read is prohibited.
pub fn attempt(bytes: &[u8]) {
    for assume_utc in [false, true] {
        let judged = judge_line(&gates()[0], &(), bytes, assume_utc);
        let json = judged.to_json().expect("an answer is JSON");
        assert!(!json.contains('\n'), "one line in, one line out: {json}");
        let value: serde_json::Value = serde_json::from_str(&json).expect("an answer is JSON");
        assert_eq!(value["schema"], core_compliance::SCHEMA);
        let again = judge_line(&gates()[0], &(), bytes, assume_utc).to_json();
        assert_eq!(again.expect("JSON"), json, "equal lines are judged alike");
        match judged {
            JudgedLine::Unreadable(line) => {
                assert_eq!(value["decision"], "prohibit");
                assert!(!line.message().trim().is_empty());
            }
            JudgedLine::Determined(determination) => {
                assert_eq!(value["decision"] == "permit", determination.is_permitted());
                assert!(determination.reason().is_some(), "{json}");
                let disagree = core_compliance::FindingCode::EvaluatorsDisagree;
                assert!(!determination.has(disagree), "{json}");
                assert!(
                    !determination.is_permitted() || !determination.places.is_empty(),
                    "a permit names its places: {json}"
                );
            }
        }
    }
}

/// `PhoneNumber`: the digits come out as they went in, and nowhere else.
pub fn phone(bytes: &[u8]) {
    let written = text(bytes);
    let read: Result<PhoneNumber, _> = written.parse();
    assert_eq!(
        read.is_ok(),
        core_compliance::has_e164_shape(&written),
        "{written:?}"
    );
    match read {
        Ok(number) => {
            assert_eq!(number.as_str(), written);
            let _ = locate(&number);
            let _ = core_compliance::phone::in_numbering_plan(&number);
            assert!(written.starts_with(number.locating_prefix()));
            assert!(number.locating_prefix().len() <= 8, "a prefix is no number");
            let shown = number.to_string();
            let hidden = shown.bytes().filter(|byte| *byte == b'*').count();
            assert!(hidden >= 5 && shown.len() == written.len(), "{shown}");
            assert!(format!("{number:?}").contains(&shown), "debugging shows no more");
        }
        Err(error) => {
            let message = error.to_string().replace("+13055550123", "");
            let digits: String = written.chars().filter(char::is_ascii_digit).collect();
            assert!(digits.len() < 9 || !message.contains(&digits), "{message}");
        }
    }
}

/// `locate_postal`: country, a line end, code. Case and blanks around do not count, and a code in error is not repeated.
pub fn postal(bytes: &[u8]) {
    let text = text(bytes);
    let (country, code) = text.split_once('\n').unwrap_or(("US", &text));
    for country in [country, "US", "CA", "AU"] {
        let read = locate_postal(country, code);
        assert_eq!(locate_postal(country, &format!(" {code} ")), read);
        assert_eq!(locate_postal(country, &code.to_ascii_lowercase()), read);
        assert_eq!(locate_postal(&country.to_ascii_lowercase(), code), read);
        if let Err(error) = read {
            let message = error.to_string();
            assert!(!message.is_empty());
            let secret = code.trim();
            let military = matches!(error, PostalError::Military(_));
            // The longest word of any message is no code; shorter ones may be part of one by chance.
            let long = secret.len() > 3 && secret.bytes().any(|byte| byte.is_ascii_digit());
            let examples = ["M5V 2T6", "02139", "12345", "2000", "0800"];
            let without = examples
                .iter()
                .fold(message.clone(), |rest, each| rest.replace(each, ""));
            assert!(military || !long || !without.contains(secret), "{message}");
        }
    }
}

/// `Instant`: what is read is printed as it will be read again, and assuming UTC changes nothing that has an offset.
pub fn instant(bytes: &[u8]) {
    let text = text(bytes);
    match text.parse::<Instant>() {
        Ok(read) => {
            assert_eq!(read.to_string().parse(), Ok(read), "{text}");
            assert_eq!(Instant::parse_assuming_utc(&text), Ok(read), "{text}");
            assert!((Instant::EARLIEST..=Instant::LATEST).contains(&read));
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            if let Ok(read) = Instant::parse_assuming_utc(&text) {
                assert_eq!(format!("{}Z", text.trim()).parse(), Ok(read), "{text}");
            }
        }
    }
}

/// `WeeklyWindows` and `CallingWindow`: printed and read again they are the same, sorted, apart and within the day.
pub fn windows(bytes: &[u8]) {
    let text = text(bytes);
    if let Ok(window) = text.parse::<CallingWindow>() {
        assert!(window.start() < window.end() && window.end() <= 86_400, "{text}");
        assert_eq!(window.to_string().parse(), Ok(window), "{text}");
    }
    match text.parse::<WeeklyWindows>() {
        Ok(week) => {
            assert_eq!(week.to_string().parse(), Ok(week.clone()), "{text}");
            let epoch = crate::plain::epoch();
            for day in 0..7 {
                let windows = week.on(epoch.plus_days(day));
                let apart = windows.windows(2).all(|pair| pair[0].end() < pair[1].start());
                assert!(
                    apart && windows.iter().all(|each| each.start() < each.end()),
                    "{text}"
                );
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// `SuppressionFile`: a list is read whole or not at all. What is read names numbers that the list has, and what is not read
/// is named by its line, without its digits.
pub fn suppression(bytes: &[u8]) {
    let read = || local_files::SuppressionFile::of_bytes("fuzz.csv", bytes);
    let written = text(bytes);
    match read() {
        Ok(list) => {
            assert_eq!(read().expect("equal lists are read alike"), list);
            let rows = written.lines().filter(|line| line.contains('+')).count();
            assert!(list.len() <= rows, "{} numbers of {rows} rows", list.len());
            for line in written.lines() {
                let phone = line.trim();
                if core_compliance::has_e164_shape(phone) {
                    let early = list.entry(phone, Instant::EARLIEST);
                    assert!(early.is_some(), "{line:?} is in the list and not held");
                }
            }
        }
        Err(error) => {
            let message = error.to_string();
            assert!(message.starts_with("fuzz.csv:"), "{message}");
            assert!(message.lines().count() <= 12, "{message}");
            let without_example = message.replace("+13055550123", "");
            for number in written.split(|c: char| !c.is_ascii_digit()) {
                assert!(number.len() < 9 || !without_example.contains(number), "{message}");
            }
        }
    }
}

/// `AttemptReport`: every line that is not blank is a call or named with its number, in order, and no number is repeated.
pub fn report(bytes: &[u8]) {
    use local_files::{AttemptReport, ColumnMapping, ReportFormat};
    let lines = bytes.split(|byte| *byte == b'\n').count() as u64;
    let written = text(bytes);
    for format in [ReportFormat::Csv, ReportFormat::Ndjson] {
        let mut report = AttemptReport::new(bytes, format, ColumnMapping::default(), false);
        let mut last = 0;
        while let Ok(Some(read)) = report.next_line() {
            assert!(
                last < read.line && read.line <= lines,
                "line {} of {lines}",
                read.line
            );
            last = read.line;
            match read.call {
                Ok(call) => {
                    let callee = call.callee();
                    assert!(callee.phone.is_some() || callee.external_id.is_some());
                    assert!(callee.phone.is_none_or(core_compliance::has_e164_shape));
                }
                Err(error) => {
                    let message = error.to_string().replace("+13055550123", "");
                    for number in written.split(|c: char| !c.is_ascii_digit()) {
                        assert!(number.len() < 9 || !message.contains(number), "{message}");
                    }
                }
            }
        }
    }
}
