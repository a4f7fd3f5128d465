//! Reading a tenant's contacts through every fault of a page.

use std::time::Duration;

use core_compliance::ports::{ContactSource, PortFailureKind, Reading};
use cxone_client::TransportError;
use serde_json::json;

use crate::support::{
    CONTACTS, Reply, Sent, Tenant, answer, answer_with, client, client_with, config, read_all,
};

/// Pages of two contacts each, `pages` of them, linked by `t1`, `t2`, …
fn page_of(sent: &Sent, pages: usize) -> Reply {
    let at: usize = sent
        .query
        .split("nextPageToken=t")
        .nth(1)
        .map_or(0, |n| n.parse().unwrap());
    let entities = json!([{"externalId": format!("{at}a")}, {"externalId": format!("{at}b")}]);
    let next = (at + 1 < pages).then(|| format!("t{}", at + 1));
    answer(
        200,
        json!({"entities": entities, "nextPageToken": next}).to_string(),
    )
}

fn ids(readings: &[Reading]) -> Vec<String> {
    let id = |reading: &Reading| match reading {
        Reading::Contact(contact) => contact.external_id().unwrap_or("-").to_owned(),
        other => format!("{other:?}"),
    };
    readings.iter().map(id).collect()
}

#[tokio::test(start_paused = true)]
async fn all_pages_are_read_and_each_is_asked_for_once() {
    let tenant = Tenant::api(|sent| page_of(sent, 3));
    let (readings, failure) = read_all(client_with(&tenant, config().page_size(2)).contact_source()).await;
    assert_eq!(
        (ids(&readings), failure),
        (
            ["0a", "0b", "1a", "1b", "2a", "2b"].map(str::to_owned).to_vec(),
            None
        )
    );
    let queries: Vec<_> = tenant
        .sent()
        .into_iter()
        .filter(|sent| sent.path == CONTACTS)
        .map(|sent| sent.query)
        .collect();
    assert_eq!(
        queries,
        [
            "pageSize=2",
            "pageSize=2&nextPageToken=t1",
            "pageSize=2&nextPageToken=t2"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn reading_stays_one_page_ahead_and_no_more() {
    let tenant = Tenant::api(|sent| page_of(sent, 100));
    let mut source = client(&tenant).contact_source();
    for (read, pages) in [(1, 2), (2, 2), (3, 3), (4, 3), (5, 4)] {
        source.next().await.unwrap();
        tokio::time::sleep(Duration::from_secs(60)).await;
        assert_eq!(tenant.count("GET", CONTACTS), pages, "after {read}");
    }
}

#[tokio::test(start_paused = true)]
async fn faults_of_a_page_lose_nothing() {
    let faults: Vec<fn() -> Reply> = vec![
        || answer(500, ""),
        || answer(503, "<html>"),
        || answer_with(429, "retry-after", "2", ""),
        || answer(401, ""),
        || answer(200, ""),
        || answer(200, "<html>sign in</html>"),
        || answer(200, r#"{"entities":[{"externalId":"0a"},{"ext"#),
        || answer(200, r#"{"message":"odd"}"#),
        || Reply::Hang,
        || Reply::Fail(TransportError::Broken("reset".into())),
    ];
    for fault in faults {
        let tenant = Tenant::api(move |sent| {
            if sent.nth.is_multiple_of(2) {
                fault()
            } else {
                page_of(sent, 3)
            }
        });
        let (readings, failure) = read_all(client(&tenant).contact_source()).await;
        assert_eq!((readings.len(), failure), (6, None));
    }
}

#[tokio::test(start_paused = true)]
async fn thirty_one_500s_on_a_page_lose_nothing() {
    let tenant = Tenant::api(|sent| {
        if (1..32).contains(&sent.nth) {
            answer(500, "")
        } else {
            page_of(sent, 3)
        }
    });
    let (readings, failure) = read_all(client(&tenant).contact_source()).await;
    assert_eq!((readings.len(), failure), (6, None));
}

#[tokio::test(start_paused = true)]
async fn a_page_that_stays_unreadable_is_an_error_after_all_before_it() {
    let tenant = Tenant::api(|sent| {
        if sent.query.ends_with("t2") {
            answer(200, "{\"entities\":[")
        } else {
            page_of(sent, 4)
        }
    });
    let mut source = client(&tenant).contact_source();
    for _ in 0..4 {
        assert!(matches!(source.next().await, Ok(Some(Reading::Contact(_)))));
    }
    for _ in 0..2 {
        let failure = source.next().await.unwrap_err();
        assert_eq!(failure.kind, PortFailureKind::BrokenListing);
        assert!(
            failure.message.starts_with(
                "page 3 of the contacts could not be read in 20 sends: 200 OK with JSON that is cut short"
            ),
            "{failure}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn no_content_ends_only_an_empty_listing() {
    let tenant = Tenant::api(|_| answer(204, ""));
    assert_eq!(read_all(client(&tenant).contact_source()).await, (vec![], None));

    let tenant = Tenant::api(|sent| {
        if sent.nth == 1 {
            answer(204, "")
        } else {
            page_of(sent, 3)
        }
    });
    assert_eq!(read_all(client(&tenant).contact_source()).await.0.len(), 6);
}

#[tokio::test(start_paused = true)]
async fn a_looping_cursor_is_an_error() {
    let tenant = Tenant::api(|sent| page_of(sent, 3 + usize::from(sent.nth < 100)));
    let looping = Tenant::api(|_| answer(200, r#"{"entities":[{"externalId":"1"}],"nextPageToken":"same"}"#));
    assert_eq!(read_all(client(&tenant).contact_source()).await.1, None);
    let (readings, failure) = read_all(client(&looping).contact_source()).await;
    assert_eq!(failure.unwrap().kind, PortFailureKind::BrokenListing);
    assert_eq!(readings.len(), 2);
    assert_eq!(looping.count("GET", CONTACTS), 2);
}

#[tokio::test(start_paused = true)]
async fn an_expired_cursor_begins_anew_and_skips_what_was_read() {
    for status in [400, 404, 409, 410, 422] {
        let tenant = Tenant::api(move |sent| {
            if sent.nth == 2 {
                answer(status, "expired")
            } else {
                page_of(sent, 4)
            }
        });
        let (readings, failure) = read_all(client(&tenant).contact_source()).await;
        assert_eq!(ids(&readings), ["0a", "0b", "1a", "1b", "2a", "2b", "3a", "3b"]);
        assert_eq!(failure, None);
    }
}

#[tokio::test(start_paused = true)]
async fn refusals_of_the_first_page_say_what_to_do() {
    for (status, kind, words) in [
        (403, PortFailureKind::NotAuthorized, "contacts:read"),
        (404, PortFailureKind::NotThisApi, "base URL"),
        (400, PortFailureKind::NotThisApi, "GET /api/v2/contacts"),
        (301, PortFailureKind::NotThisApi, "redirect"),
    ] {
        let tenant = Tenant::api(move |_| answer(status, ""));
        let (_, failure) = read_all(client(&tenant).contact_source()).await;
        let failure = failure.unwrap();
        assert_eq!(failure.kind, kind);
        assert!(failure.to_string().contains(words), "{failure}");
    }
}

#[tokio::test(start_paused = true)]
async fn no_field_changes_on_its_way_through() {
    let text = r#"{"externalId":"7","z":1.10,"big":123456789012345678901234567890,"e":1E-7,"a":{"k":null,"b":[0.1,-0.0,"é\u0000"]},"t":true}"#;
    let tenant = Tenant::api(move |sent| match sent.method.as_str() {
        "GET" => answer(200, format!(r#"{{"entities":[{text}]}}"#)),
        _ => answer(201, sent.body.clone()),
    });
    let client = client(&tenant);
    let (readings, _) = read_all(client.contact_source()).await;
    let [Reading::Contact(contact)] = &readings[..] else {
        panic!("{readings:?}")
    };
    core_compliance::ports::ContactSink::upsert(&client.contact_sink(), contact, None)
        .await
        .unwrap();
    insta::assert_snapshot!(tenant.sent().last().unwrap().body, @r#"{"externalId":"7","z":1.10,"big":123456789012345678901234567890,"e":1e-7,"a":{"k":null,"b":[0.1,-0.0,"é\u0000"]},"t":true}"#);
}

#[tokio::test(start_paused = true)]
async fn dropping_the_source_ends_the_page_under_way() {
    let tenant = Tenant::api(|sent| {
        if sent.nth == 0 {
            page_of(sent, 9)
        } else {
            answer(500, "")
        }
    });
    let mut source = client(&tenant).contact_source();
    source.next().await.unwrap();
    drop(source);
    let before = tenant.sent().len();
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert!(tenant.sent().len() <= before + 1);
}

/// A tenant that never answers a page is out of order as a whole; the page is not to blame.
#[tokio::test(start_paused = true)]
async fn a_tenant_that_answers_nothing_ends_with_the_patience_for_all() {
    let faults: [fn() -> Reply; 3] = [
        || answer(503, ""),
        || Reply::Fail(TransportError::Broken("reset".into())),
        || Reply::Late(Duration::from_millis(20), crate::support::response(500, "")),
    ];
    for fault in faults {
        let tenant = Tenant::api(move |_| fault());
        let (readings, failure) = read_all(client(&tenant).contact_source()).await;
        let kind = failure.map(|failure| failure.kind);
        assert_eq!((readings.len(), kind), (0, Some(PortFailureKind::OutOfPatience)));
    }
}
