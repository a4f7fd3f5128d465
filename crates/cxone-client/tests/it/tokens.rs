//! The token's life.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use core_compliance::ports::{ContactSink, Delivery, PortFailure, PortFailureKind};
use tokio::time::advance;

use crate::support::{
    CONTACTS, Reply, Sent, TOKEN, Tenant, answer, answer_with, client, client_with, config, contact, grant,
    response, stored,
};

fn tenant(tokens: impl Fn(&Sent) -> Reply + Send + Sync + 'static) -> Tenant {
    Tenant::new(move |sent| {
        if sent.path == TOKEN {
            tokens(sent)
        } else {
            stored(sent)
        }
    })
}

async fn upsert(tenant: &Tenant) -> Result<Delivery, PortFailure> {
    client(tenant).contact_sink().upsert(&contact(7), None).await
}

fn late(reply: Reply, delay: u64) -> Reply {
    match reply {
        Reply::Answer(response) => Reply::Late(Duration::from_secs(delay), response),
        other => other,
    }
}

/// Upserts this many at once; all must succeed.
async fn many(sink: &cxone_client::CxoneContactSink, n: usize) {
    let tasks: Vec<_> = (0..n)
        .map(|n| {
            let sink = sink.clone();
            tokio::spawn(async move { sink.upsert(&contact(n), None).await })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), Ok(Delivery::Inserted));
    }
}

#[tokio::test(start_paused = true)]
async fn concurrent_requests_share_one_refresh() {
    let tenant = tenant(|sent| late(grant(sent, 3600), 2));
    many(&client(&tenant).contact_sink(), 40).await;
    assert_eq!(tenant.count("POST", TOKEN), 1);
    assert_eq!(tenant.count("POST", CONTACTS), 40);
}

#[tokio::test(start_paused = true)]
async fn who_waited_for_a_token_is_paced_anew() {
    let tenant = tenant(|sent| late(grant(sent, 3600), 30));
    many(&client(&tenant).contact_sink(), 200).await;
    let upserts: Vec<_> = tenant
        .sent()
        .iter()
        .filter(|sent| sent.path == CONTACTS)
        .map(|sent| sent.at)
        .collect();
    assert!(crate::support::most_in_a_second(&upserts) <= 50);
}

#[tokio::test(start_paused = true)]
async fn it_is_renewed_a_minute_before_its_end_counted_from_the_asking() {
    // The answer takes 20 s: of 300 s of life, 240 are fresh, 220 of them after the answer.
    let tenant = tenant(|sent| late(grant(sent, 300), 20));
    let sink = client(&tenant).contact_sink();
    sink.upsert(&contact(1), None).await.unwrap();
    advance(Duration::from_secs(215)).await;
    sink.upsert(&contact(2), None).await.unwrap();
    assert_eq!(tenant.count("POST", TOKEN), 1);
    advance(Duration::from_secs(5)).await;
    sink.upsert(&contact(3), None).await.unwrap();
    assert_eq!(tenant.count("POST", TOKEN), 2);
    assert_eq!(tenant.sent().last().unwrap().bearer.as_deref(), Some("token-2"));
}

#[tokio::test(start_paused = true)]
async fn a_short_life_is_used_to_its_half() {
    let tenant = tenant(|sent| grant(sent, 10));
    let sink = client(&tenant).contact_sink();
    for n in 0..100 {
        sink.upsert(&contact(n), None).await.unwrap();
        advance(Duration::from_millis(200)).await;
    }
    assert!(
        (4..=5).contains(&tenant.count("POST", TOKEN)),
        "{}",
        tenant.count("POST", TOKEN)
    );
}

#[tokio::test(start_paused = true)]
async fn while_one_renews_the_others_go_on_with_the_living_token() {
    let tenant = tenant(|sent| {
        if sent.nth == 0 {
            grant(sent, 300)
        } else {
            late(grant(sent, 300), 5)
        }
    });
    let sink = client(&tenant).contact_sink();
    sink.upsert(&contact(0), None).await.unwrap();
    advance(Duration::from_secs(241)).await;
    many(&sink, 100).await;
    let old = tenant
        .sent()
        .iter()
        .filter(|sent| sent.bearer.as_deref() == Some("token-1"))
        .count();
    assert_eq!((old, tenant.count("POST", TOKEN)), (100, 2));
}

#[tokio::test(start_paused = true)]
async fn a_life_shorter_than_the_queue_still_makes_progress() {
    let tenant = tenant(|sent| late(grant(sent, 1), 1));
    let client = client_with(&tenant, config().requests_per_second(1));
    many(&client.contact_sink(), 5).await;
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_is_discarded_once_however_many_it_refused() {
    let tenant = Tenant::api(|sent| match sent.bearer.as_deref() {
        Some("token-1") => Reply::Late(Duration::from_millis(700), response(401, "")),
        _ => stored(sent),
    });
    many(&client(&tenant).contact_sink(), 30).await;
    assert_eq!(tenant.count("POST", TOKEN), 2);
}

#[tokio::test(start_paused = true)]
async fn tokens_revoked_again_and_again_lose_nothing() {
    // Every token serves seven requests.
    let used = Arc::new(AtomicUsize::new(0));
    let tenant = Tenant::api(move |sent| {
        let n = used.fetch_add(1, SeqCst);
        let current = format!("token-{}", n / 7 + 1);
        if sent.bearer.as_deref() == Some(&current) {
            stored(sent)
        } else {
            used.fetch_sub(1, SeqCst);
            answer(401, "")
        }
    });
    many(&client(&tenant).contact_sink(), 60).await;
}

#[tokio::test(start_paused = true)]
async fn refusals_say_what_to_do() {
    for (status, body, kind, words) in [
        (
            401,
            r#"{"error":"invalid_client"}"#,
            PortFailureKind::NotAuthorized,
            "CXONE_CLIENT_SECRET",
        ),
        (403, "", PortFailureKind::NotAuthorized, "IP allow-list"),
        (404, "<html>", PortFailureKind::NotThisApi, "base URL"),
        (302, "", PortFailureKind::NotThisApi, "redirect"),
        (
            400,
            r#"{"error":"unsupported_grant_type"}"#,
            PortFailureKind::NotThisApi,
            "contacts-v2",
        ),
    ] {
        let tenant = tenant(move |_| answer(status, body));
        let failure = upsert(&tenant).await.unwrap_err();
        assert_eq!(failure.kind, kind, "{failure}");
        assert!(failure.to_string().contains(words), "{failure}");
        assert_eq!(tenant.sent().len(), 1, "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn another_servers_success_is_asked_for_a_few_times_only() {
    for body in ["<html>sign in</html>", r#"{"token":"x"}"#, "[]"] {
        let tenant = tenant(move |_| answer(200, body));
        let failure = upsert(&tenant).await.unwrap_err();
        assert_eq!(failure.kind, PortFailureKind::NotThisApi, "{failure}");
        assert_eq!(tenant.sent().len(), 4);
    }
}

#[tokio::test(start_paused = true)]
async fn troubles_of_the_token_endpoint_are_waited_out() {
    let tenant = tenant(|sent| match sent.nth {
        0 => answer(503, ""),
        1 => answer_with(429, "retry-after", "3", ""),
        2 => answer(200, ""),
        3 => answer(200, r#"{"access_token":"tok"#),
        4 => Reply::Hang,
        5 => Reply::Fail(cxone_client::TransportError::Broken("reset".into())),
        6 => answer(200, "<html>"),
        _ => grant(sent, 3600),
    });
    assert_eq!(upsert(&tenant).await, Ok(Delivery::Inserted));
    let asked: Vec<_> = tenant
        .sent()
        .iter()
        .filter(|sent| sent.path == TOKEN)
        .map(|sent| sent.at)
        .collect();
    assert!(
        asked
            .windows(2)
            .all(|pair| pair[1] - pair[0] >= Duration::from_millis(250)),
        "{asked:?}"
    );
    assert!(asked[2] - asked[1] >= Duration::from_secs(3));
}

#[tokio::test(start_paused = true)]
async fn a_token_endpoint_that_only_throttles_ends_with_the_patience_for_all_at_once() {
    let tenant = tenant(|_| answer(429, ""));
    let client = client(&tenant);
    let start = tokio::time::Instant::now();
    let tasks: Vec<_> = (0..20)
        .map(|n| {
            let sink = client.contact_sink();
            tokio::spawn(async move { sink.upsert(&contact(n), None).await })
        })
        .collect();
    for task in tasks {
        assert_eq!(
            task.await.unwrap().unwrap_err().kind,
            PortFailureKind::OutOfPatience
        );
    }
    assert!(
        start.elapsed() < Duration::from_secs(310),
        "{:?}",
        start.elapsed()
    );
    assert!(tenant.sent().len() < 150, "{}", tenant.sent().len());
}

#[tokio::test(start_paused = true)]
async fn in_the_middle_of_a_run_a_refusal_may_be_a_passing_fault() {
    let tenant = Tenant::new(|sent| match (sent.path.as_str(), sent.nth) {
        (TOKEN, 1) => answer(404, "<html>"),
        (TOKEN, 2) => answer(401, ""),
        (TOKEN, _) => grant(sent, 10),
        _ => stored(sent),
    });
    let sink = client(&tenant).contact_sink();
    sink.upsert(&contact(1), None).await.unwrap();
    advance(Duration::from_secs(11)).await;
    assert_eq!(sink.upsert(&contact(2), None).await, Ok(Delivery::Inserted));
}

/// It took the connection, so its name is right; silence is waited out for as long as the run is patient.
#[tokio::test(start_paused = true)]
async fn a_token_endpoint_that_is_silent_at_first_is_waited_for() {
    let tenant = tenant(|sent| match sent.nth {
        0..=3 => Reply::Hang,
        _ => grant(sent, 3600),
    });
    assert_eq!(upsert(&tenant).await, Ok(Delivery::Inserted));
}
