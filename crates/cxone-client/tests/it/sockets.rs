//! The production transport, against a server of a few lines on loopback. Real sockets, no waiting.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use core_compliance::ports::{ContactSink, Delivery, PortFailureKind};
use cxone_client::{CxoneClient, RetryConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{clock, config_at, contact, read_all};

/// Serves these raw answers to API requests, in turn and the last for good; returns its URL and the counts of
/// connections and requests.
async fn serve(answers: Vec<String>) -> (String, Arc<AtomicUsize>, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (connections, requests) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (connected, asked) = (Arc::clone(&connections), Arc::clone(&requests));
    let answers = Arc::new(answers);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            connected.fetch_add(1, SeqCst);
            tokio::spawn(converse(stream, Arc::clone(&answers), Arc::clone(&asked)));
        }
    });
    (url, connections, requests)
}

async fn converse(mut stream: TcpStream, answers: Arc<Vec<String>>, asked: Arc<AtomicUsize>) {
    loop {
        let Some(head) = read_request(&mut stream).await else {
            return;
        };
        assert!(
            head.contains(" /api/v2/") || head.contains(" /prefix/api/v2/"),
            "{head}"
        );
        let answer = if head.contains("/api/v2/oauth/token ") {
            ok("200 OK", r#"{"access_token":"token-1","expires_in":3600}"#)
        } else {
            answers[asked.fetch_add(1, SeqCst).min(answers.len() - 1)].clone()
        };
        if stream.write_all(answer.as_bytes()).await.is_err() || answer.contains("Connection: close") {
            return;
        }
    }
}

/// Reads head and body; returns the head.
async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        bytes.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(bytes).unwrap();
    let length = head
        .to_lowercase()
        .split("content-length: ")
        .nth(1)
        .map_or(0, |rest| rest.lines().next().unwrap().parse().unwrap());
    stream.read_exact(&mut vec![0; length]).await.ok()?;
    Some(head)
}

fn ok(status: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn client(url: &str) -> CxoneClient {
    let millisecond = Duration::from_millis(1);
    let retry = RetryConfig::new(20, millisecond, millisecond).unwrap();
    CxoneClient::new(
        config_at(url)
            .requests_per_second(0)
            .retry(retry)
            .build()
            .unwrap(),
        clock(),
    )
    .unwrap()
}

#[tokio::test]
async fn one_connection_serves_many_requests() {
    let (url, connections, requests) = serve(vec![ok("201 Created", "{}")]).await;
    let sink = client(&url).contact_sink();
    for n in 0..20 {
        assert_eq!(sink.upsert(&contact(n), None).await.unwrap(), Delivery::Inserted);
    }
    assert_eq!((connections.load(SeqCst), requests.load(SeqCst)), (1, 20));
}

#[tokio::test]
async fn a_path_prefix_of_the_base_is_kept() {
    let (url, _, requests) = serve(vec![ok("200 OK", r#"{"entities":[]}"#)]).await;
    assert_eq!(
        read_all(client(&format!("{url}/prefix/")).contact_source()).await,
        (vec![], None)
    );
    assert_eq!(requests.load(SeqCst), 1);
}

#[tokio::test]
async fn broken_and_cut_answers_are_asked_for_again() {
    let cut = "HTTP/1.1 201 Created\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{".to_owned();
    let nothing = "Connection: close".to_owned();
    let (url, _, requests) = serve(vec![cut, nothing, ok("201 Created", "{}")]).await;
    assert_eq!(
        client(&url)
            .contact_sink()
            .upsert(&contact(1), None)
            .await
            .unwrap(),
        Delivery::Inserted
    );
    assert_eq!(requests.load(SeqCst), 3);
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere =
        "HTTP/1.1 307 Temporary Redirect\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n".to_owned();
    let (url, _, requests) = serve(vec![elsewhere, ok("201 Created", "{}")]).await;
    let failure = client(&url)
        .contact_sink()
        .upsert(&contact(1), None)
        .await
        .unwrap_err();
    assert_eq!(failure.kind, PortFailureKind::NotThisApi);
    assert_eq!(requests.load(SeqCst), 1);
}

#[tokio::test]
async fn a_body_beyond_the_cap_is_not_read() {
    let body = "x".repeat((16 << 20) + 1);
    let (url, _, requests) = serve(vec![ok("201 Created", &body)]).await;
    let delivery = client(&url)
        .contact_sink()
        .upsert(&contact(1), None)
        .await
        .unwrap();
    let Delivery::NotDelivered { reason, sends: 1 } = delivery else {
        panic!("{delivery:?}")
    };
    assert!(
        reason.starts_with("the answer is larger than 16777216 bytes"),
        "{reason}"
    );
    assert_eq!(requests.load(SeqCst), 1);
}
