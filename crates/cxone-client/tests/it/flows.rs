//! Everything at once: all faults mixed, nothing lost, nothing doubled after its acknowledgement.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use core_compliance::ports::{ContactSink, ContactSource, Delivery, Reading};
use cxone_client::TransportError;
use serde_json::{Value, json};

use crate::support::{Reply, Sent, TOKEN, Tenant, answer, answer_with, client, grant, response};

/// A fault for about every fourth request, different each time.
fn fault(n: u64) -> Option<Reply> {
    // Any fixed scrambling will do.
    let roll = n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    Some(match roll % 64 {
        0 => answer(500, ""),
        1 => answer(502, "<html>"),
        2 => answer_with(503, "retry-after", "1", ""),
        3 => answer_with(429, "retry-after", "0.5", ""),
        4 => answer(429, ""),
        5 => answer(401, ""),
        6 => answer(200, ""),
        7 => answer(200, "<html>"),
        8 => answer(200, "{\"entities\":[{"),
        9 => Reply::Hang,
        10 => Reply::Fail(TransportError::Connect("refused".into())),
        11 => Reply::Fail(TransportError::Broken("reset".into())),
        12 => answer(408, ""),
        13 => answer(504, ""),
        _ => return None,
    })
}

fn api(sent: &Sent, total: usize) -> Reply {
    if sent.method == "POST" {
        return Reply::Late(Duration::from_millis(20), response(201, sent.body.clone()));
    }
    let from: usize = sent
        .query
        .split("nextPageToken=")
        .nth(1)
        .map_or(0, |n| n.parse().unwrap());
    let to = (from + 100).min(total);
    let entities: Vec<_> = (from..to)
        .map(|n| json!({"externalId": n.to_string(), "n": n}))
        .collect();
    answer(
        200,
        json!({"entities": entities, "nextPageToken": (to < total).then(|| to.to_string())}).to_string(),
    )
}

#[tokio::test(start_paused = true)]
async fn mixed_faults_lose_nothing_and_repeat_nothing_acknowledged() {
    const TOTAL: usize = 1000;
    // Per contact: acknowledged, and sent after that.
    let seen: Arc<Mutex<HashMap<String, (bool, bool)>>> = Arc::default();
    let book = Arc::clone(&seen);
    let count = Mutex::new(0_u64);
    let tenant = Tenant::new(move |sent| {
        let n = {
            let mut count = count.lock().unwrap();
            *count += 1;
            *count
        };
        if sent.path == TOKEN {
            return fault(n)
                .filter(|_| sent.nth > 0)
                .unwrap_or_else(|| grant(sent, 90));
        }
        let reply = fault(n).unwrap_or_else(|| api(sent, TOTAL));
        if sent.method == "POST" {
            let body: Value = serde_json::from_str(&sent.body).unwrap();
            let id = body["externalId"].as_str().unwrap().to_owned();
            let mut book = book.lock().unwrap();
            let entry = book.entry(id).or_default();
            entry.1 |= entry.0;
            entry.0 |= matches!(&reply, Reply::Late(..));
        }
        reply
    });
    let client = client(&tenant);
    let mut source = client.contact_source();
    let permits = Arc::new(tokio::sync::Semaphore::new(32));
    let mut tasks = Vec::new();
    while let Some(reading) = source.next().await.unwrap() {
        let Reading::Contact(contact) = reading else {
            panic!("{reading:?}")
        };
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
    assert_eq!(tasks.len(), TOTAL);
    for task in tasks {
        assert_eq!(task.await.unwrap(), Ok(Delivery::Inserted));
    }
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), TOTAL);
    assert!(seen.values().all(|(acknowledged, after)| *acknowledged && !after));
}
