//! The contract `contacts-v2`, in the process and in paused time.

use std::time::Duration;

use bytes::Bytes;
use cxone_simulator::{Profile, contact, contact_of};
use http::Request;
use serde_json::{Value, json};
use tokio::time::{Instant, advance, sleep};

use crate::tenant::{Client, FORM, body, config, header};

#[tokio::test(start_paused = true)]
async fn a_token_is_issued_to_the_right_client_only() {
    let client = Client::with_faults(&[]).await;
    let answer = client.ask_for_token(FORM).await.unwrap();
    let issued = body(&answer);
    assert_eq!(
        (&issued["token_type"], &issued["expires_in"]),
        (&json!("Bearer"), &json!(3600))
    );
    assert_eq!(header(&answer, "cache-control"), Some("no-store"));
    for (form, status, error) in [
        (FORM.replace("demo-secret", "guess"), 401, "invalid_client"),
        (
            FORM.replace("client_credentials", "password"),
            400,
            "unsupported_grant_type",
        ),
        (FORM.replace("&scope", "&scoop"), 403, "insufficient_scope"),
        (format!("{FORM}+admin"), 403, "insufficient_scope"),
        (format!("{FORM}&client_id=twice"), 400, "invalid_request"),
    ] {
        let answer = client.ask_for_token(&form).await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), &body(&answer)["error"]),
            (status, &json!(error)),
            "{form}"
        );
        assert!(body(&answer)["error_description"].is_string());
        assert!(header(&answer, "icstatusdescription").is_some());
    }
    let request = Request::post("/api/v2/oauth/token")
        .header("content-type", "application/json")
        .body(Bytes::from(r#"{"grant_type":"client_credentials"}"#));
    assert_eq!(client.send(request.unwrap()).await.unwrap().status(), 415);
}

#[tokio::test(start_paused = true)]
async fn a_bearer_opens_the_contacts_until_it_expires() {
    let mut config = config(&[]);
    config.token_life = Duration::from_secs(60);
    let mut client = Client::of(config).await;
    assert_eq!(client.list("").await.unwrap().status(), 200);
    advance(Duration::from_secs(60)).await;
    let answer = client.list("").await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &body(&answer)["message"]),
        (401, &json!("the bearer token has expired"))
    );
    assert!(header(&answer, "www-authenticate").is_some());
    client.renew().await;
    assert_eq!(client.upsert_status("7").await, 201);
    client.bearer = "Bearer made-up".to_owned();
    assert_eq!(client.upsert_status("7").await, 401);
    let request = Request::get("/api/v2/contacts").body(Bytes::new()).unwrap();
    assert_eq!(client.send(request).await.unwrap().status(), 401);
}

#[tokio::test(start_paused = true)]
async fn a_token_opens_what_its_scopes_say() {
    let mut client = Client::with_faults(&[]).await;
    let answer = client
        .ask_for_token(&FORM.replace("contacts%3Awrite+", ""))
        .await
        .unwrap();
    client.bearer = format!("Bearer {}", body(&answer)["access_token"].as_str().unwrap());
    assert_eq!(client.list("").await.unwrap().status(), 200);
    let refused = client.upsert("7").await.unwrap();
    assert_eq!(refused.status(), 403);
    assert!(
        body(&refused)["message"]
            .as_str()
            .unwrap()
            .contains("contacts:write")
    );
}

#[tokio::test(start_paused = true)]
async fn the_listing_has_every_contact_in_order() {
    let mut config = config(&[]);
    config.profile = Profile::MIXED;
    let client = Client::of(config).await;
    let mut page = body(&client.list("pageSize=100").await.unwrap());
    let mut all = Vec::new();
    loop {
        all.append(page["entities"].as_array_mut().unwrap());
        if page["nextPageToken"].is_null() {
            break;
        }
        page = body(&client.next(&page, 100).await.unwrap());
    }
    let expected: Vec<Value> = (1..=250).map(|number| contact(1, number)).collect();
    assert_eq!(all, expected);
    for (query, status) in [
        ("pageSize=0", 400),
        ("pageSize=101", 400),
        ("pageSize=x", 400),
        ("nextPageToken=x", 400),
    ] {
        assert_eq!(client.list(query).await.unwrap().status(), status, "{query}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_upsert_is_stored_and_echoed() {
    let mut config = config(&[]);
    config.keep_payloads = true;
    let client = Client::of(config).await;
    let odd = contact_of(&"clean:odd-fields=100".parse().unwrap(), 1, 7);
    let answer = client.upsert_raw(odd.to_string()).await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.body().as_ref()),
        (201, odd.to_string().as_bytes())
    );
    sleep(Duration::from_secs(3)).await;
    assert_eq!(client.upsert_raw(odd.to_string()).await.unwrap().status(), 200);
    let uploads = client.simulator.uploads();
    assert_eq!(uploads.len(), 2);
    assert_eq!(
        (uploads[1].payload.to_string(), uploads[1].stored_at),
        (odd.to_string(), Duration::from_secs(3))
    );
    assert_eq!(uploads[1].confirmed_at, Some(Duration::from_secs(3)));
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_stored_is_refused_with_a_reason() {
    let mut config = config(&[]);
    config.body_limit = 1_000;
    let client = Client::of(config).await;
    for (payload, status, reason) in [
        (
            json!({ "phone": "+12125550142" }).to_string(),
            400,
            "externalId is missing or not a text",
        ),
        (
            json!({ "externalId": "7", "phone": "555" }).to_string(),
            400,
            "phone `555` is not in E.164 format",
        ),
        (
            "{".to_owned(),
            400,
            "the body is not JSON: EOF while parsing an object at line 1 column 1",
        ),
        ("x".repeat(1_001), 413, "the body is larger than 1000 bytes"),
    ] {
        let answer = client.upsert_raw(payload).await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), &body(&answer)["message"]),
            (status, &json!(reason))
        );
        assert_eq!(header(&answer, "icstatusdescription"), Some(reason));
    }
    let request = Request::post("/api/v2/contacts")
        .header("authorization", &client.bearer)
        .body(Bytes::from("{}"));
    assert_eq!(client.send(request.unwrap()).await.unwrap().status(), 415);
    assert_eq!(client.simulator.stats().accepted_contacts, 0);
}

#[tokio::test(start_paused = true)]
async fn contacts_can_be_in_the_campaign_from_the_beginning() {
    let mut config = config(&[]);
    config.profile = "clean:known=100".parse().unwrap();
    let client = Client::of(config).await;
    assert_eq!(client.upsert_status("C-0000007").await, 200);
    assert_eq!(client.upsert_status("C-0000251").await, 201, "not in the listing");
}

#[tokio::test(start_paused = true)]
async fn the_quota_covers_pages_and_upserts_of_any_sliding_second() {
    let mut config = config(&[]);
    config.quota = "3".parse().unwrap();
    let client = Client::of(config).await;
    assert_eq!(client.list("").await.unwrap().status(), 200);
    advance(Duration::from_millis(400)).await;
    assert_eq!(
        (client.upsert_status("1").await, client.upsert_status("2").await),
        (201, 201)
    );
    let refused = client.upsert("3").await.unwrap();
    assert_eq!(
        (refused.status().as_u16(), header(&refused, "retry-after")),
        (429, Some("1"))
    );
    advance(Duration::from_millis(599)).await;
    assert_eq!(
        client.upsert_status("3").await,
        429,
        "the page counts until its second is over"
    );
    advance(Duration::from_millis(1)).await;
    assert_eq!(
        client.upsert_status("3").await,
        201,
        "refused requests did not count"
    );
    let stats = client.simulator.stats();
    assert_eq!(
        (
            stats.most_requests_in_any_second,
            stats.refused_by_quota,
            stats.throttled
        ),
        (5, 2, 2)
    );
}

#[tokio::test(start_paused = true)]
async fn an_answer_takes_the_latency_and_is_judged_on_arrival() {
    let mut config = config(&[]);
    config.latency = "300ms".parse().unwrap();
    config.quota = "2".parse().unwrap();
    let client = Client::of(config).await;
    let start = Instant::now();
    let (one, two, three) = tokio::join!(
        client.upsert_status("1"),
        client.upsert_status("2"),
        client.upsert_status("3")
    );
    assert_eq!((one, two, three), (201, 201, 429));
    assert_eq!(start.elapsed(), Duration::from_millis(300));
    client.stats("").await;
    assert_eq!(
        start.elapsed(),
        Duration::from_millis(300),
        "statistics take no time"
    );
}

#[tokio::test(start_paused = true)]
async fn latencies_are_drawn_from_the_seed() {
    let mut spread = Vec::new();
    for _ in 0..2 {
        let mut config = config(&[]);
        config.latency = "10ms..90ms".parse().unwrap();
        let client = Client::of(config).await;
        let start = Instant::now();
        let mut taken = Vec::new();
        for number in 0..20 {
            let before = start.elapsed();
            client.upsert_status(&number.to_string()).await;
            taken.push(start.elapsed() - before);
        }
        assert!(
            taken.iter().all(|time| (10..=91).contains(&time.as_millis())),
            "{taken:?}"
        );
        spread.push(taken);
    }
    assert_eq!(spread[0], spread[1]);
    assert!(spread[0].iter().min() < spread[0].iter().max());
}

#[tokio::test(start_paused = true)]
async fn a_client_that_goes_away_was_not_told() {
    let mut config = config(&[]);
    config.latency = "300ms".parse().unwrap();
    let client = Client::of(config).await;
    assert!(
        tokio::time::timeout(Duration::from_millis(100), client.upsert("C-0000007"))
            .await
            .is_err()
    );
    let stats = client.simulator.stats();
    assert_eq!((stats.accepted, stats.unconfirmed), (0, 1));
    assert_eq!(
        client.upsert_status("C-0000007").await,
        200,
        "stored all the same"
    );
}

#[tokio::test]
async fn the_token_endpoint_is_guarded_per_peer() {
    let mut config = config(&[]);
    config.token_guard = Some(cxone_simulator::TokenGuard::default());
    let client = Client::of(config).await;
    let mut statuses = Vec::new();
    for _ in 0..10 {
        statuses.push(client.ask_for_token(FORM).await.unwrap());
    }
    let refused = statuses.pop().unwrap();
    assert!(statuses.iter().all(|answer| answer.status() == 200));
    assert_eq!(
        (refused.status().as_u16(), header(&refused, "retry-after")),
        (429, Some("1"))
    );
    assert_eq!(body(&refused)["error"], "slow_down");
    assert_eq!(
        client.list("").await.unwrap().status(),
        200,
        "other endpoints are not guarded"
    );
}

#[tokio::test(start_paused = true)]
async fn other_addresses_are_not_there() {
    let client = Client::with_faults(&[]).await;
    for (method, path, status) in [
        ("GET", "/", 404),
        ("GET", "/api/v2/oauth/token", 405),
        ("DELETE", "/api/v2/contacts", 405),
    ] {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .body(Bytes::new())
            .unwrap();
        assert_eq!(
            client.send(request).await.unwrap().status(),
            status,
            "{method} {path}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_statistics_have_this_shape() {
    let client = Client::with_faults(&["503:on=upsert,nth=2"]).await;
    client.list("pageSize=1").await.unwrap();
    advance(Duration::from_millis(1_500)).await;
    for id in ["C-0000007", "C-0000007", "C-0000007", "foreign"] {
        client.upsert_status(id).await;
    }
    insta::assert_snapshot!(serde_json::to_string_pretty(&client.stats("").await).unwrap(), @r#"
    {
      "uptime_s": 1.5,
      "listed_contacts": 250,
      "requests": {
        "total": 6,
        "token": 1,
        "list": 1,
        "upsert": 4,
        "other": 0
      },
      "most_requests_in_any_second": 4,
      "refused_by_quota": 0,
      "throttled": 0,
      "answers": {
        "200": 3,
        "201": 2,
        "503": 1
      },
      "broken": 0,
      "first_upsert_s": 1.5,
      "last_upsert_s": 1.5,
      "requests_from_first_to_last_upsert": 4,
      "accepted_contacts": 2,
      "accepted": 3,
      "accepted_again": 1,
      "sent_after_acceptance": 2,
      "unconfirmed": 0,
      "faults": {
        "503": {
          "fired": 1,
          "stored": 0
        }
      },
      "contacts": {
        "C-0000007": {
          "sends": 3,
          "accepted": 2,
          "unconfirmed": 0
        },
        "foreign": {
          "sends": 1,
          "accepted": 1,
          "unconfirmed": 0
        }
      }
    }
    "#);
    assert_eq!(client.stats("?contacts=false").await.get("contacts"), None);
}
