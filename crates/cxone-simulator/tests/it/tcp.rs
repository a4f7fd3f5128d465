//! The simulator on a real port, spoken to byte by byte.

use std::net::SocketAddr;
use std::time::Duration;

use cxone_simulator::{BindError, Server, Simulator, SimulatorConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::tenant::{FORM, config};

async fn serve(config: SimulatorConfig) -> Server {
    Simulator::bind(config, "127.0.0.1:0".parse().unwrap())
        .await
        .unwrap()
}

/// Sends bytes, and reads until the connection ends or falls silent.
async fn talk(address: SocketAddr, request: &str) -> (String, Result<(), std::io::ErrorKind>) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut read = Vec::new();
    let ended = match tokio::time::timeout(Duration::from_millis(300), stream.read_to_end(&mut read)).await {
        Ok(ended) => ended.map(drop).map_err(|error| error.kind()),
        Err(_) => Err(std::io::ErrorKind::TimedOut),
    };
    (String::from_utf8_lossy(&read).into_owned(), ended)
}

fn post(path: &str, bearer: &str, media_type: &str, body: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {bearer}\r\n\
         Content-Type: {media_type}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

async fn token(address: SocketAddr) -> String {
    let (answer, _) = talk(
        address,
        &post(
            "/api/v2/oauth/token",
            "",
            "application/x-www-form-urlencoded",
            FORM,
        ),
    )
    .await;
    let token = answer
        .split_once(r#""access_token":""#)
        .and_then(|(_, rest)| rest.split_once('"'));
    token.unwrap_or_else(|| panic!("{answer}")).0.to_owned()
}

async fn upsert(server: &Server) -> (String, Result<(), std::io::ErrorKind>) {
    let bearer = token(server.address()).await;
    let contact = r#"{"externalId":"C-0000007","phone":"+12125550142"}"#;
    talk(
        server.address(),
        &post("/api/v2/contacts", &bearer, "application/json", contact),
    )
    .await
}

#[tokio::test]
async fn a_contact_is_upserted_over_a_port() {
    let mut config = config(&[]);
    config.token_guard = Some(cxone_simulator::TokenGuard::default());
    let server = serve(config).await;
    assert_eq!(
        server.base_url(),
        format!("http://127.0.0.1:{}", server.address().port())
    );
    let (answer, ended) = upsert(&server).await;
    assert!(answer.starts_with("HTTP/1.1 201 Created\r\n"), "{answer}");
    assert!(
        answer.ends_with(r#"{"externalId":"C-0000007","phone":"+12125550142"}"#),
        "{answer}"
    );
    assert_eq!((ended, answer.matches("date: ").count()), (Ok(()), 1));
    assert_eq!(server.simulator().stats().accepted, 1);
    let address = server.address();
    server.shutdown().await;
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn only_loopback_addresses_are_served() {
    for address in ["0.0.0.0:0", "192.0.2.1:80", "[::]:0"] {
        let refused = Simulator::bind(config(&[]), address.parse().unwrap()).await;
        assert!(matches!(refused, Err(BindError::NotLoopback(_))), "{address}");
    }
    let server = serve(config(&[])).await;
    let taken = Simulator::bind(config(&[]), server.address()).await;
    assert!(matches!(taken, Err(BindError::Listen { .. })));
}

#[tokio::test]
async fn a_reset_is_a_reset_before_and_after_storing() {
    for (fault, stored) in [("reset-before", 0), ("reset-after", 1)] {
        let server = serve(config(&[fault])).await;
        let (answer, ended) = upsert(&server).await;
        assert_eq!(
            (answer.as_str(), ended),
            ("", Err(std::io::ErrorKind::ConnectionReset)),
            "{fault}"
        );
        assert_eq!(server.simulator().stats().unconfirmed, stored, "{fault}");
    }
}

#[tokio::test]
async fn a_truncated_answer_ends_short_of_its_length() {
    let server = serve(config(&["truncated"])).await;
    let (answer, ended) = upsert(&server).await;
    let (head, body) = answer
        .split_once("\r\n\r\n")
        .unwrap_or_else(|| panic!("{answer}"));
    assert!(head.contains("content-length: 49"), "{head}");
    assert_eq!((body, ended), (r#"{"externalId":"C-0000007"#, Ok(())));
}

#[tokio::test]
async fn a_hanging_request_is_silent_and_does_not_hold_up_the_end() {
    let server = serve(config(&["hang:stores=true"])).await;
    let (answer, ended) = upsert(&server).await;
    assert_eq!((answer.as_str(), ended), ("", Err(std::io::ErrorKind::TimedOut)));
    let stats = server.simulator().stats();
    assert_eq!((stats.unconfirmed, stats.broken), (1, 1));
    tokio::time::timeout(Duration::from_secs(5), server.shutdown())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_client_that_closes_the_connection_was_not_told() {
    let mut config = config(&[]);
    config.latency = "20ms".parse().unwrap();
    let server = serve(config).await;
    let bearer = token(server.address()).await;
    let contact = r#"{"externalId":"C-0000007","phone":"+12125550142"}"#;
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    stream
        .write_all(post("/api/v2/contacts", &bearer, "application/json", contact).as_bytes())
        .await
        .unwrap();
    while server.simulator().stats().unconfirmed == 0 {
        tokio::task::yield_now().await;
    }
    drop(stream);
    tokio::time::sleep(Duration::from_millis(60)).await;
    let stats = server.simulator().stats();
    assert_eq!((stats.accepted, stats.unconfirmed), (0, 1));
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused() {
    let mut config = config(&[]);
    config.body_limit = 150;
    let server = serve(config).await;
    let bearer = token(server.address()).await;
    let large = " ".repeat(3_000_000);
    let (answer, _) = talk(
        server.address(),
        &post("/api/v2/contacts", &bearer, "application/json", &large),
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    let form = "application/x-www-form-urlencoded";
    let (answer, _) = talk(server.address(), &post("/api/v2/oauth/token", "", form, &large)).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}
