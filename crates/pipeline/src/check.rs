//! Judging attempts line by line, as `curfew check --input` does.

use core_compliance::{AttemptInput, CallAttempt, Determination, Gate, SCHEMA};
use serde::Serialize;
use serde_json::Value;

use core_compliance::ports::{SuppressionList, mask_numbers};

/// The answer to one line.
#[derive(Debug)]
pub enum JudgedLine {
    /// The line was read and judged.
    Determined(Box<Determination>),
    /// The line could not be read: prohibited, with what is wrong.
    Unreadable(UnreadableLine),
}

/// The JSON that stands in place of a determination for a line that cannot be read.
#[derive(Debug, PartialEq, Serialize)]
pub struct UnreadableLine {
    schema: u32,
    /// The line's id as it was given, if one could be made out.
    id: Value,
    decision: &'static str,
    error: LineError,
}

impl UnreadableLine {
    /// The line's id for people: `-` where none could be made out.
    #[must_use]
    pub fn id(&self) -> String {
        match &self.id {
            Value::Null => "-".to_owned(),
            Value::String(id) => id.clone(),
            other => other.to_string(),
        }
    }

    /// What is wrong, for people.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.error.message
    }
}

/// What is wrong with a line.
#[derive(Debug, PartialEq, Serialize)]
struct LineError {
    code: &'static str,
    message: String,
}

impl JudgedLine {
    /// One line of JSON, without the line end.
    ///
    /// # Errors
    /// None in practice: all parts can be written as JSON.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        match self {
            Self::Determined(determination) => serde_json::to_string(determination),
            Self::Unreadable(unreadable) => serde_json::to_string(unreadable),
        }
    }

    /// Whether the line could be read.
    #[must_use]
    pub fn is_readable(&self) -> bool {
        matches!(self, Self::Determined(_))
    }
}

impl JudgedLine {
    /// The answer to a line of more than `limit` bytes, which is not read.
    #[must_use]
    pub fn too_long(limit: u64) -> Self {
        let message = format!("the line is longer than {limit} bytes; write one attempt a line");
        unreadable(Value::Null, "line-too-long", message)
    }
}

/// Judges one line of JSON; a number on the do-not-call list is prohibited. A time without an offset is an error unless `assume_utc`.
#[must_use]
pub fn judge_line(gate: &Gate, list: &impl SuppressionList, line: &[u8], assume_utc: bool) -> JudgedLine {
    // An array of the values in order would be read as well, and then mean something else when a key is added.
    if line.trim_ascii_start().first() != Some(&b'{') {
        let message =
            "a line must be a JSON object such as {\"at\":\"2026-06-10T15:00:00Z\",\"region\":\"US-FL\"}";
        return unreadable(Value::Null, "json-unreadable", message.to_owned());
    }
    let input: AttemptInput = match serde_json::from_slice(line) {
        Ok(input) => input,
        Err(error) => {
            // The readable rest of a damaged line may still tell which one it was.
            let id = serde_json::from_slice::<Value>(line)
                .ok()
                .and_then(|value| value.get("id").cloned());
            let code = if error.is_data() {
                "attempt-unreadable"
            } else {
                "json-unreadable"
            };
            return unreadable(id.unwrap_or(Value::Null), code, without_line_number(&error));
        }
    };
    let id = input.id.clone();
    let settings = gate.settings();
    match input.into_attempt(settings.purpose, settings.channel, assume_utc) {
        Ok(mut attempt) => {
            suppress(list, &mut attempt);
            JudgedLine::Determined(Box::new(gate.determine(&attempt)))
        }
        Err(error) => unreadable(
            id.map_or(Value::Null, Value::String),
            error.code(),
            error.to_string(),
        ),
    }
}

/// Tells the attempt what a do-not-call list has of its number.
pub fn suppress(list: &impl SuppressionList, attempt: &mut CallAttempt) {
    let phone = attempt.evidence.phone.as_deref();
    attempt.suppression = phone.and_then(|phone| list.suppression(phone, attempt.at));
}

fn unreadable(id: Value, code: &'static str, message: String) -> JudgedLine {
    // What was wrong may be a number: it is not repeated in full.
    let message = mask_numbers(&message);
    let error = LineError { code, message };
    JudgedLine::Unreadable(UnreadableLine {
        schema: SCHEMA,
        id,
        decision: "prohibit",
        error,
    })
}

/// serde_json counts lines within the text it was given, which is always one line here.
fn without_line_number(error: &serde_json::Error) -> String {
    error.to_string().replace(" at line 1 column ", " at column ")
}

#[cfg(test)]
mod tests {
    use core_compliance::{Rulebook, Settings, ZoneDatabase};

    use super::*;

    fn judge(line: &str) -> String {
        let gate = Gate::new(ZoneDatabase::bundled(), Rulebook::shipped(), Settings::default()).unwrap();
        judge_line(&gate, &(), line.as_bytes(), false).to_json().unwrap()
    }

    #[test]
    fn a_line_that_cannot_be_read_is_prohibited_in_its_place() {
        assert_eq!(
            judge(r#"{"id":"7","at":"2026-06-10T12:30:00"}"#),
            r#"{"schema":1,"id":"7","decision":"prohibit","error":{"code":"time-unreadable","message":"`at`: `2026-06-10T12:30:00` has no UTC offset; write `Z` or an offset such as `-04:00` after it"}}"#
        );
        assert!(
            judge("{nonsense").starts_with(
                r#"{"schema":1,"id":null,"decision":"prohibit","error":{"code":"json-unreadable""#
            )
        );
        assert!(
            judge(r#"{"id":8,"at":"2026-06-10T12:30:00Z"}"#).starts_with(
                r#"{"schema":1,"id":8,"decision":"prohibit","error":{"code":"attempt-unreadable""#
            )
        );
        for line in ["\u{fffd}", r#"["7","2026-06-10T12:30:00Z"]"#, "7", ""] {
            let judged = judge(line);
            assert!(
                judged.contains("json-unreadable") && judged.contains("must be a JSON object"),
                "{judged}"
            );
        }
        assert!(
            JudgedLine::too_long(9)
                .to_json()
                .unwrap()
                .contains(r#""code":"line-too-long""#)
        );
    }

    #[test]
    fn a_line_that_can_be_read_is_judged() {
        let line = judge(r#"{"id":"7","at":"2026-06-10T15:30:00Z","region":"US-CA"}"#);
        assert!(line.starts_with(r#"{"schema":1,"id":"7","decision":"permit","at":"2026-06-10T15:30:00Z","permitted_until":"2026-06-11T04:00:00Z","next_opening":null,"places":[{"jurisdiction":"US-CA","zone":"America/Los_Angeles","local_time":"2026-06-10T08:30:00-07:00","evidence":["region"]}]"#), "{line}");
    }
}
