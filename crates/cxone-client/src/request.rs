//! The requests of contract `contacts-v2`, built without any I/O: path and query only, base and token come later.

use bytes::Bytes;
use core_compliance::ports::ContactRecord;
use http::header::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use http::{HeaderValue, Method, Uri};
use url::form_urlencoded::Serializer;

use crate::secret::{ClientId, ClientSecret};

/// A request as it travels through the layers.
pub(crate) type Request = http::Request<Bytes>;

/// Where tokens are granted.
pub(crate) const TOKEN_PATH: &str = "/api/v2/oauth/token";
/// Where contacts are listed (GET) and handed over (POST).
pub(crate) const CONTACTS_PATH: &str = "/api/v2/contacts";
/// The scopes asked for.
const SCOPES: &str = "contacts:write contacts:read";

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");
const CURFEW: HeaderValue = HeaderValue::from_static(concat!("curfew/", env!("CARGO_PKG_VERSION")));

/// What a request is for; travels in its extensions, and decides which answers are readable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RequestKind {
    /// The first page of a listing.
    FirstPage,
    /// A later page of a listing.
    NextPage,
    /// One contact handed over.
    Upsert,
}

/// The one request whose body holds credentials; nothing else of them leaves the process.
pub(crate) fn token(id: &ClientId, secret: &ClientSecret) -> Request {
    let body = Serializer::new(String::new())
        .append_pair("grant_type", "client_credentials")
        .append_pair("client_id", id.expose())
        .append_pair("client_secret", secret.expose())
        .append_pair("scope", SCOPES)
        .finish();
    let mut request = new(Method::POST, Uri::from_static(TOKEN_PATH), Bytes::from(body));
    request.headers_mut().insert(CONTENT_TYPE, FORM);
    request
}

/// One page of the listing.
///
/// # Errors
/// A page token too long for a URL.
pub(crate) fn page(page_size: u32, page_token: Option<&str>) -> Result<Request, http::uri::InvalidUri> {
    let mut query = Serializer::new(String::new());
    query.append_pair("pageSize", &page_size.to_string());
    if let Some(page_token) = page_token {
        query.append_pair("nextPageToken", page_token);
    }
    // A form writes a space as `+`; in a query not every server reads that back. A true `+` is `%2B` by now.
    let query = query.finish().replace('+', "%20");
    let uri = Uri::try_from(format!("{CONTACTS_PATH}?{query}"))?;
    let mut request = new(Method::GET, uri, Bytes::new());
    let kind = if page_token.is_some() {
        RequestKind::NextPage
    } else {
        RequestKind::FirstPage
    };
    request.extensions_mut().insert(kind);
    Ok(request)
}

/// One contact, every field as it stands in the record.
///
/// # Errors
/// A record that cannot be written as JSON.
pub(crate) fn upsert(contact: &ContactRecord) -> Result<Request, serde_json::Error> {
    let body = serde_json::to_vec(contact.fields())?;
    let mut request = new(Method::POST, Uri::from_static(CONTACTS_PATH), Bytes::from(body));
    request.headers_mut().insert(CONTENT_TYPE, JSON);
    request.extensions_mut().insert(RequestKind::Upsert);
    Ok(request)
}

fn new(method: Method, uri: Uri, body: Bytes) -> Request {
    let mut request = Request::new(body);
    *request.method_mut() = method;
    *request.uri_mut() = uri;
    request.headers_mut().insert(ACCEPT, JSON);
    request.headers_mut().insert(USER_AGENT, CURFEW);
    request
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(request: &Request) -> String {
        let mut text = format!("{} {}\n", request.method(), request.uri());
        for (name, value) in request.headers() {
            text.push_str(&format!("{name}: {}\n", value.to_str().unwrap()));
        }
        text + std::str::from_utf8(request.body()).unwrap()
    }

    #[test]
    fn the_token_request_is_an_encoded_form() {
        let id = ClientId::new("id@acme").unwrap();
        let secret = ClientSecret::new("a&b=c+d é%").unwrap();
        insta::assert_snapshot!(shown(&token(&id, &secret)), @"
        POST /api/v2/oauth/token
        accept: application/json
        user-agent: curfew/0.1.0
        content-type: application/x-www-form-urlencoded
        grant_type=client_credentials&client_id=id%40acme&client_secret=a%26b%3Dc%2Bd+%C3%A9%25&scope=contacts%3Awrite+contacts%3Aread
        ");
    }

    #[test]
    fn pages_are_asked_for_by_size_and_token() {
        insta::assert_snapshot!(shown(&page(100, None).unwrap()), @"
        GET /api/v2/contacts?pageSize=100
        accept: application/json
        user-agent: curfew/0.1.0
        ");
        insta::assert_snapshot!(shown(&page(7, Some("a b&pageSize=9#/é+=")).unwrap()), @"
        GET /api/v2/contacts?pageSize=7&nextPageToken=a%20b%26pageSize%3D9%23%2F%C3%A9%2B%3D
        accept: application/json
        user-agent: curfew/0.1.0
        ");
        assert!(page(7, Some(&"x".repeat(70_000))).is_err());
    }

    #[test]
    fn an_upsert_carries_the_record_as_it_is() {
        let text = r#"{"z":1,"externalId":"7","phone":"+13055550123","n":12345678901234567890.50,"attributes":{"b":null,"a":1e400}}"#;
        let contact = ContactRecord::from_json(serde_json::from_str(text).unwrap()).unwrap();
        insta::assert_snapshot!(shown(&upsert(&contact).unwrap()), @r#"
        POST /api/v2/contacts
        accept: application/json
        user-agent: curfew/0.1.0
        content-type: application/json
        {"z":1,"externalId":"7","phone":"+13055550123","n":12345678901234567890.50,"attributes":{"b":null,"a":1e+400}}
        "#);
    }
}
