//! Secret, token and whole phone numbers appear nowhere, even if the tenant echoes them in every error.
//!
//! A program of its own: its subscriber must be there before any other test meets a span.
#![cfg(test)]

use std::collections::BTreeSet;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use cxone_client::{BaseUrl, ClientId, ClientSecret, CxoneClient, CxoneConfig, TransportError};
use http::{Method, Request, Response, StatusCode};
use pipeline::mask_numbers;
use serde_json::{Value, json};
use tests::sync_kit::{InProcess, PausedClock, Report, SECRET, Scenario};
use tower_service::Service;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Between client and tenant: remembers every token, and makes each failing answer quote all that it was sent.
#[derive(Clone)]
struct Gossip {
    inner: InProcess,
    tokens: Arc<Mutex<BTreeSet<String>>>,
    /// Every so many upserts are refused, in turn with these statuses.
    every: u32,
    statuses: &'static [u16],
    upserts: Arc<Mutex<u32>>,
}

impl Service<Request<Bytes>> for Gossip {
    type Response = Response<Bytes>;
    type Error = TransportError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Bytes>, TransportError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Bytes>) -> Self::Future {
        let quoted = quote(&request);
        let is_token = request.uri().path().ends_with("token");
        let refuse = (!is_token && request.method() == Method::POST)
            .then(|| self.refusal())
            .flatten();
        let tokens = Arc::clone(&self.tokens);
        let answer = self.inner.call(request);
        Box::pin(async move {
            if let Some(status) = refuse {
                return Ok(gossip(status, &quoted));
            }
            match answer.await {
                Ok(answer) if is_token && answer.status().is_success() => {
                    let body: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
                    if let Some(token) = body["access_token"].as_str() {
                        tokens
                            .lock()
                            .unwrap_or_else(PoisonError::into_inner)
                            .insert(token.to_owned());
                    }
                    Ok(answer)
                }
                Ok(answer) if !answer.status().is_success() => Ok(gossip(answer.status().as_u16(), &quoted)),
                Err(error) => Err(TransportError::Broken(format!("{error}; it was {quoted}"))),
                whole => whole,
            }
        })
    }
}

impl Gossip {
    fn refusal(&self) -> Option<u16> {
        let mut upserts = self.upserts.lock().unwrap_or_else(PoisonError::into_inner);
        *upserts += 1;
        let turn = usize::try_from(*upserts / self.every).unwrap_or_default();
        upserts
            .is_multiple_of(self.every)
            .then(|| self.statuses.get(turn % self.statuses.len()).copied())?
    }
}

/// Everything in a request that must not be shown, most dangerous first.
fn quote(request: &Request<Bytes>) -> String {
    let bearer = request
        .headers()
        .get("authorization")
        .and_then(|value| value.to_str().ok());
    let phone = serde_json::from_slice::<Value>(request.body()).unwrap_or_default();
    format!(
        "{} {SECRET} {} {}",
        bearer.unwrap_or_default(),
        phone["phone"].as_str().unwrap_or_default(),
        String::from_utf8_lossy(request.body())
    )
}

fn gossip(status: u16, quoted: &str) -> Response<Bytes> {
    let body = match status % 3 {
        0 => json!({"error": {"message": quoted}}).to_string(),
        1 => format!("cannot take {quoted}"),
        _ => json!({"message": format!("no: {quoted}"), "details": quoted}).to_string(),
    };
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response
}

/// Runs; returns the report, the tokens that were granted, and the Debug output of what held secrets.
async fn run(
    scenario: &Scenario,
    every: u32,
    statuses: &'static [u16],
) -> (Report, BTreeSet<String>, String) {
    let clock = PausedClock::starting_at(scenario.start);
    let tenant = scenario.tenant(clock);
    let gossip = Gossip {
        inner: InProcess(tenant.clone()),
        tokens: Arc::default(),
        every,
        statuses,
        upserts: Arc::default(),
    };
    let tokens = Arc::clone(&gossip.tokens);
    let config = scenario.client_config();
    let shown = format!("{config:?} {config:#?}");
    let client = CxoneClient::with_transport(config, Arc::new(clock), gossip);
    let preflight = client
        .preflight()
        .await
        .map_err(|error| format!("{error} {error:?}"));
    let source = client.contact_source();
    let shown = format!(
        "{shown} {client:?} {source:?} {:?} {preflight:?}",
        client.contact_sink()
    );
    let report = scenario.run_with(&client, source, clock, tenant).await;
    let tokens = tokens.lock().unwrap_or_else(PoisonError::into_inner).clone();
    (report, tokens, shown)
}

/// All that a run says, as the command line would print it: messages masked, ids and codes as they are.
fn said(report: &Report) -> String {
    let events = report.events.iter().map(|event| {
        let message = mask_numbers(event.message.as_deref().unwrap_or_default());
        format!(
            "{} {:?} {:?} {message}\n",
            event.contact, event.outcome, event.reason
        )
    });
    let failure = report
        .failure
        .as_ref()
        .map(|failure| format!("{failure} {failure:?}"));
    let summary = serde_json::to_string(&report.summary).unwrap();
    format!(
        "{}{summary}{}",
        events.collect::<String>(),
        failure.unwrap_or_default()
    )
}

#[track_caller]
fn holds_no_secret(text: &str, what: &str, tokens: &BTreeSet<String>) {
    assert!(!text.is_empty(), "{what} is empty");
    for secret in tokens
        .iter()
        .map(String::as_str)
        .chain([SECRET, "s3cret", "sync-kit%2Fs3cret"])
    {
        let found = text.lines().find(|line| line.contains(secret));
        assert_eq!(found, None, "{secret} in {what}");
    }
}

#[track_caller]
fn holds_no_phone(text: &str, what: &str, report: &Report) {
    for contact in report.listed().values() {
        let digits = contact["phone"]
            .as_str()
            .unwrap_or_default()
            .trim_start_matches('+');
        assert!(digits.len() < 9 || !text.contains(digits), "{digits} in {what}");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_that_a_run_says_holds_a_secret_a_token_or_a_phone_number() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_span_events(FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(log.clone());
    subscriber.try_init().unwrap();
    let scenarios: [(&[&str], u32, &'static [u16]); 8] = [
        (&["503:every=5", "reset-after:every=7"], 9, &[400, 422, 413]),
        (
            &["revoked-token:every=25", "truncated:every=9"],
            4,
            &[500, 502, 429, 408],
        ),
        (&["html:every=6", "cut-json:every=8"], 3, &[404, 410, 409]),
        (&[], 11, &[403]),
        (&["401:after=30"], 1_000, &[400]),
        (&["500:on=token,first=2", "403:on=list,nth=6"], 7, &[302, 400]),
        (&["400:on=list"], 1_000, &[400]),
        (&["503", "hang:every=4"], 5, &[503]),
    ];
    let mut quoted = 0;
    for (faults, every, statuses) in scenarios {
        let scenario = Scenario {
            patience: Duration::from_secs(120),
            token_life: Duration::from_secs(20),
            ..Scenario::new(faults)
        };
        let (report, tokens, shown) = run(&scenario, every, statuses).await;
        assert!(!tokens.is_empty());
        let said = said(&report);
        quoted += said.matches("[redacted]").count();
        holds_no_secret(&said, "what the run says", &tokens);
        holds_no_phone(&said, "what the run says", &report);
        holds_no_secret(&shown, "Debug output", &tokens);
        holds_no_phone(&shown, "Debug output", &report);
        let logged = String::from_utf8(log.0.lock().unwrap().split_off(0)).unwrap();
        holds_no_secret(&logged, "the log", &tokens);
        holds_no_phone(&logged, "the log", &report);
        let books = report.summary.books;
        assert!(books.balance(), "{faults:?}: {books:?}");
    }
    assert!(
        quoted > 50,
        "the tenant's gossip must have reached the report: {quoted}"
    );
}

#[tokio::test(start_paused = true)]
async fn refused_credentials_are_not_shown() {
    for (id, secret) in [("client-0123456", "hunter2"), ("sync-kit-client", "p&ss word/+é")] {
        let scenario = Scenario {
            secret: secret.to_owned(),
            ..Scenario::new(&[])
        };
        let (report, _, shown) = run(&scenario, 1_000, &[400]).await;
        let said = said(&report);
        assert!(report.failure.is_some());
        for text in [&said, &shown] {
            assert!(!text.contains(secret) && !text.contains("p%26ss"), "{id}: {text}");
        }
    }
}

#[test]
fn plain_http_is_for_loopback_alone() {
    for url in [
        "http://127.0.0.1:8080",
        "http://localhost",
        "http://[::1]:9",
        "http://127.9.9.9",
        "https://acme.my.cxone.com",
    ] {
        assert!(url.parse::<BaseUrl>().is_ok(), "{url}");
    }
    let others = [
        "http://acme.my.cxone.com",
        "http://10.0.0.1",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://[::2]",
        "http://0.0.0.0",
        "http://169.254.169.254",
        "HTTP://acme.my.cxone.com",
        "http://127.0.0.1@evil.example",
        "ftp://127.0.0.1",
        "http://[::ffff:10.0.0.1]",
    ];
    for url in others {
        assert!(url.parse::<BaseUrl>().is_err(), "{url}");
    }
    let error = "http://user:pa55word@acme.my.cxone.com/?token=t0ken"
        .parse::<BaseUrl>()
        .unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("pa55word") && !shown.contains("t0ken"), "{shown}");
}

#[test]
fn what_holds_secrets_does_not_print_them() {
    let config = CxoneConfig::builder(
        "https://acme.my.cxone.com".parse().unwrap(),
        ClientId::new("client-0123456").unwrap(),
        ClientSecret::new(SECRET).unwrap(),
    );
    let shown = format!("{config:?} {:?}", ClientSecret::new(SECRET).unwrap());
    assert!(!shown.contains("s3cret"), "{shown}");
}
