//! Gets one page, and reads what the answer means for the listing.

use http::StatusCode;
use serde_json::Value;

use super::LIST;
use super::listing::{Entities, Fetched, Page, Wanted};
use crate::client::CxoneClient;
use crate::error::ClientError;
use crate::middleware::CallError;
use crate::request;
use crate::response::{kind_of, object, sent_as, with_request};
use crate::transport::Response;

/// Gets a page.
pub(crate) async fn fetch(client: CxoneClient, wanted: Wanted) -> Result<Fetched, ClientError> {
    let page = wanted.number;
    let request = request::page(client.page_size(), wanted.token.as_deref()).map_err(|_| {
        ClientError::BrokenListing {
            page,
            problem: "its page token is too long for a URL".to_owned(),
        }
    })?;
    match client.call(request).await {
        Ok(response) => read(&client, &response, &wanted),
        Err(CallError::Run(error)) => Err(error),
        Err(CallError::GaveUp { reason, sends }) => Err(ClientError::PageUnreadable {
            page,
            sends,
            last: reason,
        }),
        Err(error @ CallError::Withheld) => Err(ClientError::PageUnreadable {
            page,
            sends: 0,
            last: error.to_string(),
        }),
    }
}

fn read(client: &CxoneClient, response: &Response, wanted: &Wanted) -> Result<Fetched, ClientError> {
    let answer = || client.describe(response);
    match response.status() {
        StatusCode::NO_CONTENT => Ok(Fetched::Page(Page {
            entities: Entities::Absent,
            next: None,
            sent_as: sent_as(response).map(str::to_owned),
        })),
        status if status.is_success() => match read_page(response.body()) {
            Ok(page) => Ok(Fetched::Page(Page {
                sent_as: sent_as(response).map(str::to_owned),
                ..page
            })),
            Err(problem) => Err(ClientError::BrokenListing {
                page: wanted.number,
                problem: with_request(problem, sent_as(response)),
            }),
        },
        status if status.is_redirection() => Err(ClientError::Redirected {
            place: LIST,
            answer: answer(),
        }),
        StatusCode::FORBIDDEN => Err(ClientError::ScopeMissing {
            scope: "contacts:read",
            answer: answer(),
        }),
        // 400, 404 and 410 say that the page token is no longer known. Other refusals in the middle of a listing make
        // no more sense of it; to begin anew is bounded and loses nothing.
        _ if wanted.proven => Ok(Fetched::Expired(answer())),
        _ => Err(ClientError::NotThisApi {
            place: LIST,
            answer: answer(),
        }),
    }
}

/// Reads a body that is known to be an object with `entities` or `nextPageToken`.
fn read_page(body: &[u8]) -> Result<Page, String> {
    let mut fields = object(body).ok_or("it is not a JSON object")?;
    let entities = match fields.remove("entities") {
        Some(Value::Array(list)) => Entities::List(list),
        Some(Value::Null) | None => Entities::Absent,
        Some(other) => Entities::Malformed(kind_of(&other)),
    };
    let next = match fields.remove("nextPageToken") {
        Some(Value::String(token)) if !token.is_empty() => Some(token),
        Some(Value::Number(number)) => Some(number.to_string()),
        Some(Value::String(_) | Value::Null) | None => None,
        // To take it for the end would silently drop the rest of the contacts.
        Some(other) => return Err(format!("`nextPageToken` is {}, not a text", kind_of(&other))),
    };
    Ok(Page {
        entities,
        next,
        sent_as: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, entities: &Entities, next: Option<&str>) {
        let page = read_page(body.as_bytes()).unwrap();
        assert_eq!((&page.entities, page.next.as_deref()), (entities, next), "{body}");
    }

    #[test]
    fn pages_in_every_shape() {
        let two = Entities::List(vec![1.into(), "x".into()]);
        check(r#"{"entities":[1,"x"],"nextPageToken":"t"}"#, &two, Some("t"));
        for last in [
            r#"{"entities":[1,"x"]}"#,
            r#"{"entities":[1,"x"],"nextPageToken":null}"#,
        ] {
            check(last, &two, None);
        }
        check(r#"{"entities":[1,"x"],"nextPageToken":""}"#, &two, None);
        check(
            r#"{"entities":null,"nextPageToken":"t"}"#,
            &Entities::Absent,
            Some("t"),
        );
        check(r#"{"nextPageToken":42}"#, &Entities::Absent, Some("42"));
        check(r#"{"entities":{"a":1}}"#, &Entities::Malformed("an object"), None);
        assert_eq!(
            read_page(br#"{"entities":[],"nextPageToken":{}}"#),
            Err("`nextPageToken` is an object, not a text".to_owned())
        );
    }
}
