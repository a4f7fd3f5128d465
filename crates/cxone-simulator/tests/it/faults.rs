//! Every fault, as the client meets it and as the statistics tell it.

use std::time::Duration;

use cxone_simulator::SimulatedBreak;
use serde_json::json;
use tokio::time::Instant;

use crate::tenant::{Client, body, header};

#[tokio::test(start_paused = true)]
async fn every_status_comes_by_name_and_stores_nothing() {
    for status in [
        400, 401, 403, 404, 408, 409, 410, 413, 422, 429, 500, 502, 503, 504,
    ] {
        for suffix in ["", "-html", "-empty"] {
            let client = Client::with_faults(&[&format!("{status}{suffix}:first=1,on=upsert")]).await;
            let answer = client.upsert("C-0000007").await.unwrap();
            assert_eq!(answer.status().as_u16(), status);
            match suffix {
                "-html" => assert!(answer.body().starts_with(b"<!DOCTYPE html>")),
                "-empty" => assert!(answer.body().is_empty()),
                _ => assert!(body(&answer)["message"].is_string()),
            }
            let stats = client.simulator.stats();
            assert_eq!(
                (stats.unconfirmed, stats.accepted),
                (0, u64::from(status == 409)),
                "{status}{suffix}"
            );
            assert_eq!(stats.faults[&format!("{status}{suffix}")].fired, 1);
            let again = client.upsert_status("C-0000007").await;
            assert_eq!(
                again,
                if status == 409 { 200 } else { 201 },
                "409 says that it is there, so it is"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_throttled_client_is_told_in_every_form() {
    for (form, sent) in [
        ("2", Some("2")),
        ("0.5", Some("0.5")),
        ("-1", Some("-1")),
        ("99999", Some("99999")),
        ("garbage", Some("soon")),
        ("none", None),
        ("date", Some("Wed, 10 Jun 2026 15:00:02 GMT")),
    ] {
        let client = Client::with_faults(&[&format!("429:retry-after={form}")]).await;
        let answer = client.upsert("7").await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), header(&answer, "retry-after")),
            (429, sent),
            "{form}"
        );
        assert_eq!(header(&answer, "date"), Some("Wed, 10 Jun 2026 15:00:00 GMT"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_status_can_come_although_the_upsert_was_stored() {
    let client = Client::with_faults(&["504:stores=true,first=1"]).await;
    assert_eq!(
        (client.upsert_status("7").await, client.upsert_status("7").await),
        (504, 200)
    );
    let stats = client.simulator.stats();
    assert_eq!((stats.faults["504"].fired, stats.faults["504"].stored), (1, 1));
    assert_eq!(
        (stats.accepted, stats.unconfirmed, stats.sent_after_acceptance),
        (1, 1, 0)
    );
}

#[tokio::test(start_paused = true)]
async fn connections_break_before_and_after_storing() {
    let client = Client::with_faults(&["reset-before:nth=1", "reset-after:nth=1", "truncated:nth=1"]).await;
    assert!(matches!(
        client.upsert("1").await,
        Err(SimulatedBreak::ResetBefore)
    ));
    assert_eq!(client.simulator.stats().unconfirmed, 0);
    assert!(matches!(
        client.upsert("1").await,
        Err(SimulatedBreak::ResetAfter)
    ));
    assert_eq!(client.simulator.stats().unconfirmed, 1);
    let Err(SimulatedBreak::Truncated { sent }) = client.upsert("1").await else {
        panic!("truncated")
    };
    let announced: usize = header(&sent, "content-length").unwrap().parse().unwrap();
    assert_eq!(sent.body().len(), announced / 2);
    assert_eq!(client.upsert_status("1").await, 200);
    let stats = client.simulator.stats();
    assert_eq!((stats.unconfirmed, stats.accepted, stats.broken), (2, 1, 3));
}

#[tokio::test(start_paused = true)]
async fn unreadable_answers_are_no_acknowledgement() {
    let client = Client::with_faults(&["html:nth=1", "empty:nth=1", "cut-json:nth=1"]).await;
    let html = client.upsert("1").await.unwrap();
    assert_eq!(
        (html.status().as_u16(), header(&html, "content-type")),
        (200, Some("text/html; charset=utf-8"))
    );
    assert_eq!(
        client.simulator.stats().unconfirmed,
        0,
        "a proxy's page stores nothing"
    );
    let empty = client.upsert("1").await.unwrap();
    assert_eq!((empty.status().as_u16(), empty.body().len()), (200, 0));
    let cut = client.upsert("1").await.unwrap();
    assert!(cut.status().is_success() && serde_json::from_slice::<serde_json::Value>(cut.body()).is_err());
    let stats = client.simulator.stats();
    assert_eq!((stats.accepted, stats.unconfirmed), (0, 2));
}

#[tokio::test(start_paused = true)]
async fn silence_lasts_as_long_as_it_says() {
    let mut client = Client::with_faults(&["hang=60s:nth=1", "hang:nth=1", "slow=2s:nth=1"]).await;
    let start = Instant::now();
    assert!(matches!(client.upsert("1").await, Err(SimulatedBreak::HungUp)));
    assert_eq!(start.elapsed(), Duration::from_secs(60));
    assert!(
        tokio::time::timeout(Duration::from_secs(86_400), client.upsert("1"))
            .await
            .is_err()
    );
    client.renew().await;
    let start = Instant::now();
    assert_eq!(
        client.upsert_status("1").await,
        201,
        "neither silence stored anything"
    );
    assert_eq!(start.elapsed(), Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn tokens_are_revoked_or_short() {
    let mut client = Client::with_faults(&["revoked-token:nth=2", "short-token=2s:nth=2"]).await;
    assert_eq!(client.upsert_status("1").await, 201);
    assert_eq!(
        (client.upsert_status("2").await, client.upsert_status("2").await),
        (401, 401)
    );
    let short = body(&client.ask_for_token(crate::tenant::FORM).await.unwrap());
    assert_eq!(short["expires_in"], 2);
    client.bearer = format!("Bearer {}", short["access_token"].as_str().unwrap());
    assert_eq!(client.upsert_status("2").await, 201);
    tokio::time::advance(Duration::from_secs(2)).await;
    assert_eq!(client.upsert_status("3").await, 401);
    client.renew().await;
    assert_eq!(client.upsert_status("3").await, 201);
}

#[tokio::test(start_paused = true)]
async fn the_token_endpoint_fails_on_request_only() {
    let client = Client::with_faults(&["500:on=any,nth=2", "503:on=token,nth=2"]).await;
    let answer = client.ask_for_token(crate::tenant::FORM).await;
    assert_eq!(answer.unwrap().status(), 500);
    let answer = client.ask_for_token(crate::tenant::FORM).await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &body(&answer)["error"]),
        (503, &json!("server_error"))
    );
}

#[tokio::test(start_paused = true)]
async fn pages_go_wrong_in_every_way() {
    let ids = |page: &serde_json::Value| page["entities"].as_array().map(Vec::len);
    let client = Client::with_faults(&[
        "null-page:nth=1",
        "empty-page:nth=1",
        "duplicate:nth=1",
        "looping:nth=1",
    ])
    .await;
    let null = body(&client.list("pageSize=100").await.unwrap());
    assert_eq!(ids(&null), None);
    let empty = body(&client.next(&null, 100).await.unwrap());
    assert_eq!(ids(&empty), Some(0));
    let duplicate = body(&client.next(&empty, 100).await.unwrap());
    assert_eq!(duplicate["entities"][0]["externalId"], "C-0000001");
    let looping = body(&client.next(&duplicate, 100).await.unwrap());
    assert_eq!(
        looping["nextPageToken"], duplicate["nextPageToken"],
        "leads back to itself"
    );
    let rest = body(&client.next(&looping, 100).await.unwrap());
    assert_eq!(rest["entities"], looping["entities"]);
    let last = body(&client.next(&rest, 100).await.unwrap());
    assert!(last["nextPageToken"].is_null());
}

#[tokio::test(start_paused = true)]
async fn an_expired_cursor_ends_the_listing_but_not_the_next() {
    for (fault, status) in [("expired-cursor:nth=1", 410), ("expired-cursor=400:nth=1", 400)] {
        let client = Client::with_faults(&[fault]).await;
        let first = body(&client.list("pageSize=100").await.unwrap());
        for _ in 0..2 {
            assert_eq!(
                client.next(&first, 100).await.unwrap().status(),
                status,
                "expired for good"
            );
        }
        let anew = body(&client.list("pageSize=100").await.unwrap());
        assert_eq!(anew["entities"], first["entities"]);
        assert_eq!(client.next(&anew, 100).await.unwrap().status(), 200);
    }
}

#[tokio::test(start_paused = true)]
async fn faults_given_together_come_one_after_the_other() {
    let client = Client::with_faults(&[
        "500:per-contact=31,id=C-0000007",
        "429:per-contact=5,id=C-0000007",
    ])
    .await;
    assert_eq!(client.upsert_status("C-0000008").await, 201);
    let mut statuses = Vec::new();
    for _ in 0..37 {
        statuses.push(client.upsert_status("C-0000007").await);
    }
    assert_eq!(statuses, [vec![500; 31], vec![429; 5], vec![201]].concat());
    let stats = client.simulator.stats();
    assert_eq!((stats.faults["500"].fired, stats.faults["429"].fired), (31, 5));
    assert_eq!(stats.contacts.unwrap()["C-0000007"].sends, 37);
}

#[tokio::test(start_paused = true)]
async fn a_fault_does_not_make_an_invalid_contact_valid() {
    let client = Client::with_faults(&["reset-after:nth=1", "504:stores=true,nth=1"]).await;
    for _ in 0..2 {
        let _ = client
            .upsert_raw(json!({ "externalId": "7", "phone": "555" }).to_string())
            .await;
    }
    let stats = client.simulator.stats();
    assert_eq!(
        (
            stats.unconfirmed,
            stats.faults["reset-after"].stored,
            stats.faults["504"].stored
        ),
        (0, 0, 0)
    );
}
