//! Reports of placed calls, as diallers write them: CSV or NDJSON.

mod call;
mod rows;

use std::io::{self, BufRead};

use core_compliance::ports::PlacedCall;
use serde_json::Value;

use crate::columns::{ColumnMapping, ColumnsError};
use call::AttemptColumns;
use rows::Rows;

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportFormat {
    /// Fields between commas, semicolons or tabs, under headers.
    Csv,
    /// One JSON object a line.
    Ndjson,
}

impl ReportFormat {
    /// The format that a file's name tells.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
        if ends(&[".csv", ".tsv", ".txt"]) {
            return Some(Self::Csv);
        }
        ends(&[".ndjson", ".jsonl", ".json"]).then_some(Self::Ndjson)
    }
}

/// A line of a report that tells of a call, or that cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub struct ReportedLine {
    /// From 1.
    pub line: u64,
    /// The call, or what is wrong.
    pub call: Result<PlacedCall, RejectedLine>,
}

/// What is wrong with a line; numbers are not repeated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct RejectedLine(pub String);

/// Why a report cannot be read any further.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// The system refuses.
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
    /// Its columns are not understood.
    #[error("line {line}: {error}")]
    Columns {
        /// The line of the headers.
        line: u64,
        /// What is wrong with them.
        error: ColumnsError,
    },
    /// Its headers cannot be read.
    #[error("line {line}: {message}")]
    Headers {
        /// Their line.
        line: u64,
        /// What is wrong.
        message: String,
    },
}

/// Reads a report line by line.
#[derive(Debug)]
pub struct AttemptReport<R> {
    lines: Lines<R>,
    mapping: ColumnMapping,
    assume_utc: bool,
}

#[derive(Debug)]
enum Lines<R> {
    Csv {
        rows: Rows<R>,
        columns: Option<AttemptColumns>,
    },
    Ndjson {
        reader: R,
        line: u64,
    },
}

impl<R: BufRead> AttemptReport<R> {
    /// A report in this format. `mapping` says which columns hold what where their headers do not; a time without an offset is
    /// an error unless `assume_utc`.
    pub fn new(reader: R, format: ReportFormat, mapping: ColumnMapping, assume_utc: bool) -> Self {
        Self {
            lines: match format {
                ReportFormat::Csv => Lines::Csv {
                    rows: Rows::new(reader, None),
                    columns: None,
                },
                ReportFormat::Ndjson => Lines::Ndjson { reader, line: 0 },
            },
            mapping,
            assume_utc,
        }
    }

    /// The next line that is not blank; `None` at the end.
    ///
    /// # Errors
    /// [`ReportError`], after which nothing more can be read.
    pub fn next_line(&mut self) -> Result<Option<ReportedLine>, ReportError> {
        match &mut self.lines {
            Lines::Csv { rows, columns } => next_row(rows, columns, &self.mapping, self.assume_utc),
            Lines::Ndjson { reader, line } => next_object(reader, line, &self.mapping, self.assume_utc),
        }
    }
}

fn next_row<R: BufRead>(
    rows: &mut Rows<R>,
    columns: &mut Option<AttemptColumns>,
    mapping: &ColumnMapping,
    assume_utc: bool,
) -> Result<Option<ReportedLine>, ReportError> {
    while let Some(row) = rows.next()? {
        let line = row.line;
        let Some(columns) = columns else {
            let headers = row
                .fields
                .map_err(|message| ReportError::Headers { line, message })?;
            let read = AttemptColumns::of(&headers, mapping);
            *columns = Some(read.map_err(|error| ReportError::Columns { line, error })?);
            continue;
        };
        let call = row
            .fields
            .and_then(|fields| match fields.len() == columns.count() {
                true => columns.call(&fields, assume_utc),
                false => Err(format!(
                    "{} fields, and the header has {}; quote texts that have separators in them",
                    fields.len(),
                    columns.count()
                )),
            });
        return Ok(Some(ReportedLine {
            line,
            call: call.map_err(RejectedLine),
        }));
    }
    Ok(None)
}

fn next_object<R: BufRead>(
    reader: &mut R,
    line: &mut u64,
    mapping: &ColumnMapping,
    assume_utc: bool,
) -> Result<Option<ReportedLine>, ReportError> {
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        if reader.read_until(b'\n', &mut bytes)? == 0 {
            return Ok(None);
        }
        *line += 1;
        let text = match *line {
            1 => bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes),
            _ => &bytes,
        };
        if !text.trim_ascii().is_empty() {
            let call = call_of_object(text, mapping, assume_utc);
            return Ok(Some(ReportedLine {
                line: *line,
                call: call.map_err(RejectedLine),
            }));
        }
    }
}

fn call_of_object(text: &[u8], mapping: &ColumnMapping, assume_utc: bool) -> Result<PlacedCall, String> {
    let object = match serde_json::from_slice(text.trim_ascii()) {
        Ok(Value::Object(object)) => object,
        Ok(_) => return Err("not a JSON object; write one object a line".to_owned()),
        Err(error) => return Err(format!("not JSON: {}", without_line(&error))),
    };
    let (mut keys, mut values) = (Vec::new(), Vec::new());
    for (key, value) in object {
        values.push(match value {
            Value::Null => String::new(),
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            // Such a value is no field of an attempt.
            Value::Bool(_) | Value::Array(_) | Value::Object(_) => continue,
        });
        keys.push(key);
    }
    let columns = AttemptColumns::of(&keys, mapping).map_err(|error| error.to_string())?;
    columns.call(&values, assume_utc)
}

/// serde_json counts lines within the text it was given, which is one line here.
fn without_line(error: &serde_json::Error) -> String {
    error.to_string().replace(" at line 1 column ", " at column ")
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    /// Each line: its number, and the call in short or what is wrong.
    fn read(text: &str, format: ReportFormat, mapping: &str) -> String {
        let mut report = AttemptReport::new(text.as_bytes(), format, mapping.parse().unwrap(), false);
        let mut shown = String::new();
        loop {
            let line = match report.next_line() {
                Ok(None) => return shown,
                Ok(Some(line)) => line,
                Err(error) => return format!("{shown}{error}"),
            };
            let call = line.call.map_or_else(
                |error| error.to_string(),
                |call| {
                    let word = |text: Option<&str>| text.unwrap_or("-").to_owned();
                    let evidence = &call.evidence;
                    format!(
                        "{} {} {} {} {} {} {}",
                        call.at,
                        word(call.external_id.as_deref()),
                        word(evidence.phone.as_deref()),
                        word(call.outcome.map(|outcome| outcome.as_str())),
                        word(call.matter.as_deref()),
                        word(call.purpose.map(|purpose| purpose.as_str())),
                        word(evidence.region.as_deref()),
                    )
                },
            );
            shown.push_str(&format!("{}: {call}\n", line.line));
        }
    }

    #[test]
    fn a_csv_report_is_read_by_its_headers() {
        let text = "\u{feff}Called At;External ID;Phone;Disposition;Matter;State;Notes;Purpose\r\n\
            2026-06-10T15:00:00Z;7;+13055550123;No Answer;debt-1;US-FL;\"two\r\nlines; here\";Collections\r\n\
            2026-06-10T11:00:00-04:00;8;;;;;;\r\n\r\n\
            ;9;;;;;;\r\n2026-06-10T15:00:00;9;;;;;;\r\n2026-06-10T15:00:00Z;9;3055550123;;;;;\r\n\
            2026-06-10T15:00:00Z;9;;busy;;;;\r\n2026-06-10T15:00:00Z;9\r\n2026-06-10T15:00:00Z;;;;;;;\r\n";
        assert_snapshot!(read(text, ReportFormat::Csv, ""), @r"
        2: 2026-06-10T15:00:00Z 7 +13055550123 no-answer debt-1 collections US-FL
        4: 2026-06-10T15:00:00Z 8 - - - - -
        6: `at` is empty; write when the call was placed
        7: `at`: `2026-06-10T15:00:00` has no UTC offset; write `Z` or an offset such as `-04:00` after it
        8: `phone`: the phone number does not begin with `+`; write `+`, country code and number: `+13055550123`
        9: `outcome`: `busy` is not one of conversation, refusal, no-answer, abandoned, voicemail
        10: 2 fields, and the header has 8; quote texts that have separators in them
        11: neither `external_id` nor `phone` says who was called
        ");
        let text = "Zeit,Nummer\n2026-06-10T15:00:00Z,+442079460000\n";
        assert_snapshot!(read(text, ReportFormat::Csv, "at=Zeit,phone=Nummer"), @"2: 2026-06-10T15:00:00Z - +442079460000 - - - -");
        assert_snapshot!(read(text, ReportFormat::Csv, ""), @r#"line 1: no column is known to be `phone`; name it: `phone=HEADER` in --columns, or `phone = "HEADER"` under [columns] in the settings; the columns are `Zeit`, `Nummer`"#);
        assert_snapshot!(read("phone\n+13055550123\n", ReportFormat::Csv, ""), @r#"line 1: no column is known to be `at`; name it: `at=HEADER` in --columns, or `at = "HEADER"` under [columns] in the settings; the columns are `phone`"#);
        assert_snapshot!(read("", ReportFormat::Csv, ""), @"");
    }

    #[test]
    fn an_ndjson_report_has_an_object_a_line() {
        let text = r#"{"at":"2026-06-10T15:00:00Z","externalId":7,"phone":"+13055550123","outcome":"refusal","tags":["x"]}

{"at":"2026-06-10T15:00:00Z"}
{"at":1781103600,"id":"8"}
["7"]
{"at":
{"id":"8"}
"#;
        assert_snapshot!(read(text, ReportFormat::Ndjson, ""), @r#"
        1: 2026-06-10T15:00:00Z 7 +13055550123 refusal - - -
        3: no column is known to be `phone`; name it: `phone=HEADER` in --columns, or `phone = "HEADER"` under [columns] in the settings; the columns are `at`
        4: `at`: `1781****00` is not an RFC 3339 time; write it as `2026-06-10T15:00:00Z` or `2026-06-10T11:00:00-04:00`
        5: not a JSON object; write one object a line
        6: not JSON: EOF while parsing a value at column 6
        7: no column is known to be `at`; name it: `at=HEADER` in --columns, or `at = "HEADER"` under [columns] in the settings; the columns are `id`
        "#);
    }

    #[test]
    fn the_name_tells_the_format() {
        for (name, format) in [
            ("calls.CSV", Some(ReportFormat::Csv)),
            ("calls.tsv", Some(ReportFormat::Csv)),
            ("calls.jsonl", Some(ReportFormat::Ndjson)),
            ("calls.ndjson", Some(ReportFormat::Ndjson)),
            ("calls.xlsx", None),
            ("-", None),
        ] {
            assert_eq!(ReportFormat::of_name(name), format, "{name}");
        }
    }
}
