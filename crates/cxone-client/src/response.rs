//! Reads answers: whether they carry what a success must, and what they say in words.

use http::{HeaderMap, StatusCode};
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use crate::redact::Redactor;
use crate::request::RequestKind;
use crate::transport::Response;

/// The header in which the tenant's servers put their words, as often as in the body.
const STATUS_DESCRIPTION: &str = "icstatusdescription";
/// The fields of a body in which servers put their words, the telling ones first.
const WORDS: [&str; 4] = ["message", "error_description", "errorDescription", "error"];

/// Under which id a request went out; travels in the extensions of its answer.
#[derive(Clone, Debug)]
pub(crate) struct SentAs(pub(crate) String);

/// Whether a 2xx answer carries what a success of this kind of request must.
pub(crate) fn is_readable(kind: RequestKind, status: StatusCode, body: &[u8]) -> bool {
    match kind {
        // No content is an empty list, but never the continuation of one: that would drop all the rest.
        RequestKind::FirstPage if status == StatusCode::NO_CONTENT => true,
        RequestKind::FirstPage | RequestKind::NextPage => object(body)
            .is_some_and(|page| page.contains_key("entities") || page.contains_key("nextPageToken")),
        RequestKind::Upsert if status == StatusCode::NO_CONTENT => true,
        // Any complete JSON acknowledges; a page of a proxy, a cut or an empty body do not.
        RequestKind::Upsert => is_json(body),
    }
}

/// The body as a JSON object.
pub(crate) fn object(body: &[u8]) -> Option<Map<String, Value>> {
    serde_json::from_slice(body).ok()
}

/// Whether the body is complete JSON of any shape.
pub(crate) fn is_json(body: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(body).is_ok()
}

/// What kind of JSON value this is, for people.
pub(crate) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// What a body looks like, without quoting it: a success may carry a token or contacts.
pub(crate) fn kind_of_body(body: &[u8]) -> &'static str {
    if body.iter().all(u8::is_ascii_whitespace) {
        "an empty body"
    } else if is_html(body) {
        "an HTML page"
    } else if is_json(body) {
        "JSON of another shape"
    } else if is_begun_json(body) {
        "JSON that is cut short"
    } else {
        "a body that is not JSON"
    }
}

/// Whether the body begins like a JSON object or list.
pub(crate) fn is_begun_json(body: &[u8]) -> bool {
    matches!(body.trim_ascii_start().first(), Some(b'{' | b'['))
}

fn is_html(body: &[u8]) -> bool {
    body.trim_ascii_start().first() == Some(&b'<')
}

/// Status, words and request id of an answer: `403 Forbidden: no such scope (request 5f3c-09aa-17.1)`.
pub(crate) fn describe(response: &Response, redactor: &Redactor) -> String {
    let mut text = status_text(response.status());
    if response.status().is_success() {
        text.push_str(" with ");
        text.push_str(kind_of_body(response.body()));
    } else if response.status().is_redirection() {
        let target = response
            .headers()
            .get(http::header::LOCATION)
            .and_then(|to| to.to_str().ok());
        text.push_str(&format!(
            " to {}",
            target.map_or_else(|| "nowhere".to_owned(), |to| redactor.quote(to))
        ));
    } else if let Some(words) = words(response.headers(), response.body(), redactor) {
        text.push_str(": ");
        text.push_str(&words);
    }
    with_request(text, sent_as(response))
}

/// Under which id the request of this answer went out.
pub(crate) fn sent_as(response: &Response) -> Option<&str> {
    response.extensions().get().map(|SentAs(id)| id.as_str())
}

/// The text with the id of the request that it is about: ` (request 5f3c-09aa-17.1)`.
pub(crate) fn with_request(text: String, id: Option<&str>) -> String {
    match id {
        Some(id) => format!("{text} (request {id})"),
        None => text,
    }
}

fn status_text(status: StatusCode) -> String {
    match status.canonical_reason() {
        Some(reason) => format!("{} {reason}", status.as_u16()),
        None => status.as_u16().to_string(),
    }
}

/// The server's own words, as they may be shown.
pub(crate) fn words(headers: &HeaderMap, body: &[u8], redactor: &Redactor) -> Option<String> {
    let from_body = object(body).and_then(|body| words_of(&body));
    let from_header = || {
        headers
            .get(STATUS_DESCRIPTION)
            .map(|text| String::from_utf8_lossy(text.as_bytes()).into_owned())
    };
    let snippet = || {
        if is_html(body) {
            return Some("an HTML page".to_owned());
        }
        // Far more than is shown, far less than a body may have.
        Some(String::from_utf8_lossy(body.get(..4096).unwrap_or(body)).into_owned())
    };
    let text = from_body.or_else(from_header).or_else(snippet)?;
    Some(redactor.quote(&text)).filter(|text| !text.is_empty())
}

fn words_of(body: &Map<String, Value>) -> Option<String> {
    let mut found: Vec<String> = Vec::new();
    for field in WORDS {
        let text = match body.get(field) {
            Some(Value::String(text)) => text.clone(),
            // `{"error": {"message": …}}`
            Some(Value::Object(inner)) => match words_of(inner) {
                Some(text) => text,
                None => continue,
            },
            Some(_) | None => continue,
        };
        if !text.trim().is_empty() && !found.contains(&text) {
            found.push(text);
        }
    }
    (!found.is_empty()).then(|| found.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::{ClientId, ClientSecret};

    fn redactor() -> Redactor {
        Redactor::new(
            ClientId::new("id").unwrap(),
            ClientSecret::new("hunter2").unwrap(),
        )
    }

    #[track_caller]
    fn says(header: Option<&str>, body: &str, expected: Option<&str>) {
        let mut headers = HeaderMap::new();
        if let Some(text) = header {
            headers.insert(STATUS_DESCRIPTION, text.parse().unwrap());
        }
        assert_eq!(
            words(&headers, body.as_bytes(), &redactor()).as_deref(),
            expected,
            "{body}"
        );
    }

    #[test]
    fn words_come_from_body_fields_then_header_then_body() {
        says(None, r#"{"message":"phone is bad"}"#, Some("phone is bad"));
        says(
            None,
            r#"{"error":"invalid_client","error_description":"who?"}"#,
            Some("who?; invalid_client"),
        );
        says(None, r#"{"error":"x","errorDescription":"x"}"#, Some("x"));
        says(None, r#"{"error":{"message":"deep"}}"#, Some("deep"));
        says(Some("no list"), r#"{"error":"in the body"}"#, Some("in the body"));
        says(Some("no list"), "", Some("no list"));
        says(Some("no list"), r#"{"other":1}"#, Some("no list"));
        says(None, "plain words\n", Some("plain words"));
        says(None, "<html><title>502</title>", Some("an HTML page"));
        says(None, r#"{"message":7}"#, Some(r#"{"message":7}"#));
        says(None, "", None);
        says(
            None,
            r#"{"message":"secret hunter2 is wrong"}"#,
            Some("secret [redacted] is wrong"),
        );
    }

    #[track_caller]
    fn readable(kind: RequestKind, status: u16, body: &str, expected: bool) {
        let status = StatusCode::from_u16(status).unwrap();
        assert_eq!(
            is_readable(kind, status, body.as_bytes()),
            expected,
            "{kind:?} {status} {body}"
        );
    }

    #[test]
    fn a_page_is_an_object_with_entities_or_a_token() {
        use RequestKind::{FirstPage, NextPage};
        for kind in [FirstPage, NextPage] {
            readable(kind, 200, r#"{"entities":[],"nextPageToken":null}"#, true);
            readable(kind, 200, r#"{"entities":null}"#, true);
            readable(kind, 200, r#"{"nextPageToken":"x"}"#, true);
            for bad in [
                "",
                "{}",
                "[]",
                "null",
                r#"{"entities":["#,
                "<html>",
                r#"{"error":"x"}"#,
                "{\"entities\":[]} x",
            ] {
                readable(kind, 200, bad, false);
            }
        }
        readable(FirstPage, 204, "", true);
        readable(NextPage, 204, "", false);
    }

    #[test]
    fn an_acknowledgement_is_complete_json_or_204() {
        for good in [r#"{"externalId":"7"}"#, "{}", "true", r#""ok""#] {
            readable(RequestKind::Upsert, 200, good, true);
        }
        for bad in ["", " ", r#"{"externalId":"7""#, "<html></html>", r#"{"a":1}{"#] {
            readable(RequestKind::Upsert, 201, bad, false);
        }
        readable(RequestKind::Upsert, 204, "", true);
        readable(RequestKind::Upsert, 202, "", false);
    }

    #[test]
    fn an_answer_is_described_with_its_request() {
        let mut response = Response::new(r#"{"message":"no such scope"}"#.into());
        *response.status_mut() = StatusCode::FORBIDDEN;
        response.extensions_mut().insert(SentAs("5f3c-09aa-17.1".into()));
        assert_eq!(
            describe(&response, &redactor()),
            "403 Forbidden: no such scope (request 5f3c-09aa-17.1)"
        );
        let success = Response::new("{\"access\":".into());
        assert_eq!(
            describe(&success, &redactor()),
            "200 OK with JSON that is cut short"
        );
    }
}
