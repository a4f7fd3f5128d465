//! What the tenant demands of a contact before it is stored.

use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde_json::Value;

/// The external id and nothing else, or what is wrong with the contact, in words for people.
pub(crate) fn validate(contact: &Value) -> Result<&str, String> {
    let Some(fields) = contact.as_object() else {
        return Err("the body must be a JSON object".to_owned());
    };
    let id = external_id(contact).ok_or("externalId is missing or not a text")?;
    match fields.get("phone") {
        Some(Value::String(phone)) if is_e164(phone) => Ok(id),
        Some(Value::String(phone)) => Err(format!("phone `{phone}` is not in E.164 format")),
        _ => Err("phone is missing or not a text".to_owned()),
    }
}

/// The external id, if there is one, valid contact or not.
pub(crate) fn external_id(contact: &Value) -> Option<&str> {
    contact
        .get("externalId")
        .and_then(Value::as_str)
        .filter(|id| !id.trim().is_empty())
}

/// Whether the client says that it sends JSON.
pub(crate) fn says_json(headers: &HeaderMap) -> bool {
    let media_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let media_type = media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    media_type == "application/json" || media_type.ends_with("+json")
}

/// `+`, then 7 to 15 digits of which the first is not 0.
fn is_e164(phone: &str) -> bool {
    phone.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0')
    })
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use serde_json::json;

    use super::*;

    #[test]
    fn only_e164_phones_pass() {
        for good in ["+12125550142", "+4916329", "+123456789012345", "+441632960001"] {
            assert!(is_e164(good), "{good}");
        }
        let too_long = "+1234567890123456";
        for bad in [
            "12125550142",
            "+02125550142",
            "+1 212 555 0142",
            "+",
            "",
            too_long,
            "+1234",
            "+١٢١٢٥٥٥٠١",
        ] {
            assert!(!is_e164(bad), "{bad}");
        }
        assert!(
            crate::regions::MALFORMED_PHONES
                .iter()
                .all(|phone| !is_e164(phone))
        );
    }

    #[test]
    fn a_contact_needs_an_id_and_a_phone() {
        let phone = "+12125550142";
        assert_eq!(validate(&json!({ "externalId": "7", "phone": phone })), Ok("7"));
        for (contact, reason) in [
            (json!([]), "the body must be a JSON object"),
            (json!({ "phone": phone }), "externalId is missing or not a text"),
            (
                json!({ "externalId": " ", "phone": phone }),
                "externalId is missing or not a text",
            ),
            (
                json!({ "externalId": 7, "phone": phone }),
                "externalId is missing or not a text",
            ),
            (json!({ "externalId": "7" }), "phone is missing or not a text"),
            (
                json!({ "externalId": "7", "phone": "555" }),
                "phone `555` is not in E.164 format",
            ),
        ] {
            assert_eq!(validate(&contact), Err(reason.to_owned()), "{contact}");
        }
    }

    #[test]
    fn json_is_told_by_its_media_type() {
        for (media_type, says) in [
            ("application/json", true),
            ("Application/JSON; charset=utf-8", true),
            ("application/merge-patch+json", true),
            ("text/plain", false),
            ("application/x-www-form-urlencoded", false),
        ] {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(media_type))]);
            assert_eq!(says_json(&headers), says, "{media_type}");
        }
        assert!(!says_json(&HeaderMap::new()));
    }
}
