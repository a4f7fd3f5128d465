//! The answers of the tenant, and how each leaves: at once, late, broken or never.

use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::{Value, json};

use crate::campaign::Receipt;

/// Where CXone puts its error text, often with a body that says less.
const STATUS_DESCRIPTION: HeaderName = HeaderName::from_static("icstatusdescription");

/// The page that a gateway or a proxy sends in place of an answer.
pub(crate) const HTML: &str = "<!DOCTYPE html><html><head><title>Service unavailable</title></head>\
                               <body><h1>Service unavailable</h1><p>Please sign in again.</p></body></html>";

/// How an answer leaves. Travels in the answer's extensions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ending {
    /// Waited for, beside the latency.
    pub(crate) delay: Duration,
    pub(crate) how: How,
    /// To be noted once the answer has left whole.
    pub(crate) receipt: Option<Receipt>,
}

/// Whether the answer arrives.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum How {
    #[default]
    Whole,
    ResetBefore,
    ResetAfter,
    Truncated,
    /// Whole as HTTP goes, but half the body.
    CutJson,
    Hang(Option<Duration>),
}

/// Takes the ending out of an answer; the default if nothing special was agreed.
pub(crate) fn take_ending(response: &mut Response) -> Ending {
    response.extensions_mut().remove().unwrap_or_default()
}

/// A JSON answer.
pub(crate) fn json(status: StatusCode, value: &Value) -> Response {
    body(status, "application/json", value.to_string())
}

/// An answer with a body of this type.
pub(crate) fn body(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Response {
    let mut response = Response::new(Body::from(body.into()));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// An answer without a body.
pub(crate) fn empty(status: StatusCode) -> Response {
    status.into_response()
}

/// An error of the contacts endpoints: the text in the body and in `icStatusDescription`.
pub(crate) fn refusal(status: StatusCode, message: &str) -> Response {
    let mut response = json(status, &json!({ "message": message, "status": status.as_u16() }));
    describe(&mut response, message);
    response
}

/// An error of the token endpoint, in OAuth's form.
pub(crate) fn oauth_refusal(status: StatusCode, error: &str, description: &str) -> Response {
    let mut response = json(
        status,
        &json!({ "error": error, "error_description": description }),
    );
    describe(&mut response, description);
    response
}

/// 401 for a bearer that opens nothing.
pub(crate) fn unauthorized(message: &str) -> Response {
    let mut response = refusal(StatusCode::UNAUTHORIZED, message);
    response.headers_mut().insert(
        WWW_AUTHENTICATE,
        HeaderValue::from_static(r#"Bearer realm="contacts", error="invalid_token""#),
    );
    response
}

/// Headers carry visible ASCII only; what the client sent may be anything.
fn describe(response: &mut Response, message: &str) {
    let visible: String = message
        .chars()
        .map(|c| if c == ' ' || c.is_ascii_graphic() { c } else { '?' })
        .collect();
    if let Ok(value) = HeaderValue::try_from(visible) {
        response.headers_mut().insert(STATUS_DESCRIPTION, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_survives_any_text() {
        let response = refusal(StatusCode::BAD_REQUEST, "phone `\u{1f490}\n` is wrong");
        assert_eq!(response.headers()[STATUS_DESCRIPTION], "phone `??` is wrong");
    }
}
