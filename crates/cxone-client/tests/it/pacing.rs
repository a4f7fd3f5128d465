//! The pace as the tenant sees it.

use std::time::Duration;

use core_compliance::ports::{ContactSink, ContactSource, Delivery, Reading};
use serde_json::json;

use crate::support::{
    CONTACTS, Reply, Tenant, answer_with, client, contact, most_in_a_second, response, stored,
};

/// Answers uploads after `latency`, and pages of 100 out of `total` contacts.
fn tenant(latency: Duration, total: usize) -> Tenant {
    Tenant::api(move |sent| {
        if sent.method == "POST" {
            return Reply::Late(latency, response(201, sent.body.clone()));
        }
        let from: usize = sent
            .query
            .split("nextPageToken=")
            .nth(1)
            .map_or(0, |n| n.parse().unwrap());
        let to = (from + 100).min(total);
        let entities: Vec<_> = (from..to).map(|n| json!({"externalId": n.to_string()})).collect();
        let next = (to < total).then(|| to.to_string());
        Reply::Late(
            latency,
            response(
                200,
                json!({"entities": entities, "nextPageToken": next}).to_string(),
            ),
        )
    })
}

#[tokio::test(start_paused = true)]
async fn a_run_of_2000_contacts_uses_97_percent_of_the_quota_and_never_more() {
    for latency in [1, 20, 100, 300] {
        let tenant = tenant(Duration::from_millis(latency), 2000);
        let client = client(&tenant);
        let mut source = client.contact_source();
        let permits = std::sync::Arc::new(tokio::sync::Semaphore::new(32));
        let mut tasks = Vec::new();
        while let Some(Reading::Contact(contact)) = source.next().await.unwrap() {
            let (sink, permit) = (
                client.contact_sink(),
                permits.clone().acquire_owned().await.unwrap(),
            );
            tasks.push(tokio::spawn(async move {
                let delivery = sink.upsert(&contact, None).await;
                drop(permit);
                delivery
            }));
        }
        for task in tasks {
            assert_eq!(task.await.unwrap(), Ok(Delivery::Inserted));
        }
        let api: Vec<_> = tenant
            .sent()
            .into_iter()
            .filter(|sent| sent.path == CONTACTS)
            .collect();
        let moments: Vec<_> = api.iter().map(|sent| sent.at).collect();
        assert_eq!(moments.len(), 2020);
        assert!(
            most_in_a_second(&moments) <= 50,
            "{latency} ms: {}",
            most_in_a_second(&moments)
        );
        let upserts: Vec<_> = api
            .iter()
            .filter(|sent| sent.method == "POST")
            .map(|sent| sent.at)
            .collect();
        let (first, last) = (upserts[0], *upserts.last().unwrap());
        let used = moments.iter().filter(|at| **at > first && **at <= last).count();
        let share = used as f64 / (last - first).as_secs_f64() / 50.0;
        assert!(share >= 0.97, "{latency} ms: {share}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_throttling_holds_every_request_and_the_pace_recovers() {
    let tenant = Tenant::api(|sent| match sent.nth {
        100 => answer_with(429, "retry-after", "5", ""),
        _ => stored(sent),
    });
    let client = client(&tenant);
    let tasks: Vec<_> = (0..1000)
        .map(|n| {
            let sink = client.contact_sink();
            tokio::spawn(async move { sink.upsert(&contact(n), None).await })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), Ok(Delivery::Inserted));
    }
    let moments: Vec<_> = tenant
        .sent()
        .iter()
        .filter(|sent| sent.path == CONTACTS)
        .map(|sent| sent.at)
        .collect();
    assert_eq!(moments.len(), 1001);
    let throttled = moments[100];
    let next = moments[101];
    assert!(
        next - throttled >= Duration::from_secs(5),
        "{:?}",
        next - throttled
    );
    let within = |from: Duration, seconds: u64| {
        moments
            .iter()
            .filter(|at| **at >= from && **at < from + Duration::from_secs(seconds))
            .count()
    };
    // Slower at first, as before after a few seconds.
    assert!(within(next, 2) <= 82, "{}", within(next, 2));
    assert!(within(next + Duration::from_secs(6), 2) >= 96);
    assert_eq!(client.stats().snapshot().throttled, 1);
}

#[tokio::test(start_paused = true)]
async fn an_outage_is_not_amplified() {
    let tenant = Tenant::api(|sent| {
        if sent.at < Duration::from_secs(20) {
            crate::support::answer(503, "")
        } else {
            stored(sent)
        }
    });
    let client = client(&tenant);
    let tasks: Vec<_> = (0..64)
        .map(|n| {
            let sink = client.contact_sink();
            tokio::spawn(async move { sink.upsert(&contact(n), None).await })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), Ok(Delivery::Inserted));
    }
    let during = tenant
        .sent()
        .iter()
        .filter(|sent| sent.at < Duration::from_secs(20))
        .count();
    // 64 first sends, a hundred saved retries, ten a second from then on.
    assert!(during <= 64 + 100 + 200 + 10, "{during}");
}
