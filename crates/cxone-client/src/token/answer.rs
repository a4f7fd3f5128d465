//! Reads what the token endpoint answers.

use std::time::Duration;

use serde_json::Value;

use crate::error::ClientError;
use crate::redact::Redactor;
use crate::response::{describe, is_begun_json, is_json, kind_of_body, object};
use crate::secret::AccessToken;
use crate::transport::Response;

/// The place, for errors.
pub(super) const PLACE: &str = "POST /api/v2/oauth/token";
/// Life assumed of a token whose `expires_in` says nothing useful; a 401 corrects it.
const ASSUMED_LIFE: Duration = Duration::from_secs(300);
/// The longest life believed: renewing once a day costs nothing.
const LONGEST_LIFE: Duration = Duration::from_secs(86_400);

/// What an answer of the token endpoint, other than throttling or trouble of the server, means.
#[derive(Debug)]
pub(super) enum TokenAnswer {
    /// A token and its life.
    Granted(AccessToken, Duration),
    /// A token that did not arrive whole: ask again.
    CutShort,
    /// Looks like another server; a proxy's page looks the same, so it is asked again a few times.
    Doubtful(ClientError),
    /// A refusal.
    Refused(ClientError),
}

/// Reads an answer with status 2xx, 3xx or 4xx. A success is never quoted, for it may hold a token under another name.
pub(super) fn read(response: &Response, redactor: &Redactor) -> TokenAnswer {
    if response.status().is_success() {
        return read_success(response.body());
    }
    let answer = describe(response, redactor);
    if response.status().is_redirection() {
        return TokenAnswer::Refused(ClientError::Redirected { place: PLACE, answer });
    }
    TokenAnswer::Refused(
        match (response.status().as_u16(), error_code(response.body()).as_deref()) {
            (401, _) | (400, Some("invalid_client")) => ClientError::BadCredentials { answer },
            (403, _) | (400, Some("invalid_scope" | "unauthorized_client")) => {
                ClientError::TokenForbidden { answer }
            }
            (_, _) => ClientError::NotThisApi { place: PLACE, answer },
        },
    )
}

fn read_success(body: &[u8]) -> TokenAnswer {
    let Some(fields) = object(body) else {
        if body.trim_ascii().is_empty() || (is_begun_json(body) && !is_json(body)) {
            return TokenAnswer::CutShort;
        }
        return doubtful(kind_of_body(body));
    };
    let token = fields.get("access_token").and_then(Value::as_str).map(str::trim);
    match token {
        Some(token) if !token.is_empty() && token.bytes().all(|b| b.is_ascii_graphic()) => {
            TokenAnswer::Granted(AccessToken::new(token.to_owned()), life(fields.get("expires_in")))
        }
        Some(_) => doubtful("an access_token that is empty or cannot go into a header"),
        None => doubtful("JSON without access_token"),
    }
}

fn doubtful(what: &str) -> TokenAnswer {
    TokenAnswer::Doubtful(ClientError::NotThisApi {
        place: PLACE,
        answer: format!("a success with {what}"),
    })
}

/// The OAuth error code.
fn error_code(body: &[u8]) -> Option<String> {
    object(body)?.get("error")?.as_str().map(str::to_owned)
}

/// The life of a token in whole seconds, from a number or a text of digits. Nothing useful, zero and less are taken as
/// 5 minutes; more than a day as a day.
fn life(expires_in: Option<&Value>) -> Duration {
    let seconds: Option<f64> = match expires_in {
        Some(Value::Number(number)) => number.to_string().parse().ok(),
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(_) | None => None,
    };
    match seconds {
        Some(seconds) if seconds >= 1.0 => {
            Duration::from_secs_f64(seconds.floor().min(LONGEST_LIFE.as_secs_f64()))
        }
        Some(_) | None => ASSUMED_LIFE,
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;
    use crate::secret::{ClientId, ClientSecret};

    fn answer(status: u16, body: &str) -> TokenAnswer {
        let mut response = Response::new(body.to_owned().into());
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        let redactor = Redactor::new(
            ClientId::new("id").unwrap(),
            ClientSecret::new("hunter2").unwrap(),
        );
        read(&response, &redactor)
    }

    #[test]
    fn lives_in_every_form_are_sane() {
        for (expires_in, expected) in [
            ("3600", 3600),
            ("\"3600\"", 3600),
            ("\" 3600 \"", 3600),
            ("3599.9", 3599),
            ("1", 1),
            ("0", 300),
            ("-5", 300),
            ("null", 300),
            ("true", 300),
            ("\"soon\"", 300),
            ("\"NaN\"", 300),
            ("\"inf\"", 86_400),
            ("1e400", 86_400),
            ("99999999999999999999999999", 86_400),
        ] {
            let body = format!(r#"{{"access_token":"t","expires_in":{expires_in}}}"#);
            match answer(200, &body) {
                TokenAnswer::Granted(_, life) => assert_eq!(life.as_secs(), expected, "{expires_in}"),
                other => panic!("{expires_in}: {other:?}"),
            }
        }
        assert!(
            matches!(answer(200, r#"{"access_token":"t"}"#), TokenAnswer::Granted(_, life) if life == ASSUMED_LIFE)
        );
    }

    #[test]
    fn what_is_not_a_token_is_told_apart() {
        for cut in ["", " ", r#"{"access_token":"t"#, "[1,"] {
            assert!(matches!(answer(200, cut), TokenAnswer::CutShort), "{cut}");
        }
        for (other, words) in [
            ("<html>login</html>", "an HTML page"),
            (r#"{"accessToken":"abc"}"#, "JSON without access_token"),
            ("[]", "JSON of another shape"),
            ("welcome", "not JSON"),
            (r#"{"access_token":""}"#, "empty"),
            ("{\"access_token\":\"a\\nb\"}", "header"),
        ] {
            match answer(200, other) {
                TokenAnswer::Doubtful(error) => {
                    assert!(error.to_string().contains(words), "{error}");
                    assert!(!error.to_string().contains("abc"), "{error}");
                }
                read => panic!("{other}: {read:?}"),
            }
        }
    }

    #[track_caller]
    fn refused(status: u16, body: &str) -> ClientError {
        match answer(status, body) {
            TokenAnswer::Refused(error) => error,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn refusals_by_status() {
        assert!(matches!(refused(401, ""), ClientError::BadCredentials { .. }));
        assert!(matches!(
            refused(400, r#"{"error":"invalid_client"}"#),
            ClientError::BadCredentials { .. }
        ));
        assert!(matches!(
            refused(400, r#"{"error":"invalid_scope"}"#),
            ClientError::TokenForbidden { .. }
        ));
        assert!(matches!(refused(403, ""), ClientError::TokenForbidden { .. }));
        for status in [400, 404, 405, 409, 410, 415] {
            assert!(
                matches!(refused(status, "<html>"), ClientError::NotThisApi { .. }),
                "{status}"
            );
        }
        assert!(matches!(refused(302, ""), ClientError::Redirected { .. }));
        insta::assert_snapshot!(
            refused(401, r#"{"error":"invalid_client","error_description":"bad secret hunter2"}"#),
            @"the tenant refused the client credentials: 401 Unauthorized: bad secret [redacted]; invalid_client"
        );
    }
}
