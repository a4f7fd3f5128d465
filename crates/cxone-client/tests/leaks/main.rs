//! Neither secrets nor people appear in logs, errors or debug output.
//!
//! A program of its own, for its subscriber must be there before any other test meets a span: tracing remembers which
//! ones nobody listened to.
#![expect(
    clippy::unwrap_used,
    reason = "a test ends where it fails; clippy knows tests, not their helpers"
)]

#[path = "../it/support.rs"]
#[expect(dead_code, reason = "shared with the other tests, which use more of it")]
mod support;

use std::io;
use std::sync::{Arc, Mutex};

use core_compliance::ports::ContactSink;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;

use support::{PHONE, SECRET, TOKEN, Tenant, answer, client, contact, grant, read_all, stored};

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Captured {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Captured {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn without_secrets(text: &str) {
    let encoded: String = url::form_urlencoded::byte_serialize(SECRET.as_bytes()).collect();
    for secret in [SECRET, &encoded, "hunter2", "token-1", "token-2", "client-0123"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

#[tokio::test(start_paused = true)]
async fn traces_of_a_full_flow_hold_no_secret_token_or_phone() {
    let captured = Captured::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(captured.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();

    // A server that echoes everything it should not, in every answer.
    let tenant = Tenant::new(|sent| {
        let gossip = format!(
            r#"{{"message":"{SECRET} {} {PHONE}"}}"#,
            sent.bearer.clone().unwrap_or_default()
        );
        match (sent.method.as_str(), sent.path.as_str(), sent.nth) {
            (_, TOKEN, 0) => answer(503, gossip),
            (_, TOKEN, _) => grant(sent, 3600),
            ("GET", _, 0) => answer(500, gossip),
            ("GET", _, _) => answer(
                200,
                format!(r#"{{"entities":[{{"externalId":"1","phone":"{PHONE}"}}]}}"#),
            ),
            (_, _, 0) => answer(401, gossip),
            (_, _, 1) => answer(429, gossip),
            (_, _, 2) => answer(502, gossip),
            (_, _, 3) => stored(sent),
            (_, _, _) => answer(400, gossip),
        }
    });
    let client = client(&tenant);
    let (readings, _) = read_all(client.contact_source()).await;
    assert_eq!(readings.len(), 1);
    let sink = client.contact_sink();
    sink.upsert(&contact(1), None).await.unwrap();
    let rejected = sink.upsert(&contact(2), None).await.unwrap();

    failures_hold_no_secret().await;
    let traces = captured.text();
    without_secrets(&traces);
    assert!(!traces.contains(PHONE) && !traces.contains("5550123"), "{traces}");
    // Something was traced at all, and can be found by its id.
    let last = tenant.sent().pop().unwrap();
    let id = last.id.rsplit_once('.').unwrap().0;
    assert!(
        traces.contains(id) && traces.contains("path=\"/api/v2/contacts\"") && traces.contains("status=429"),
        "{traces}"
    );

    // The server's words are for whoever owns the contact, but not the secrets in them.
    without_secrets(&format!("{rejected:?} {client:?} {sink:?}"));
    assert!(
        format!("{rejected:?}").contains("[redacted] [redacted]"),
        "{rejected:?}"
    );
}

async fn failures_hold_no_secret() {
    let echo = |sent: &support::Sent| format!("you said {} {SECRET}", sent.body);
    for status in [200, 302, 400, 401, 403, 404] {
        let tenant = Tenant::new(move |sent| answer(status, echo(sent)));
        let failure = client(&tenant)
            .contact_sink()
            .upsert(&contact(1), None)
            .await
            .unwrap_err();
        without_secrets(&format!("{failure} {failure:?}"));
    }
    let tenant = Tenant::api(move |sent| answer(403, format!("{:?}", sent.bearer)));
    let error = client(&tenant).preflight().await.unwrap_err();
    without_secrets(&format!("{error} {error:?} {}", error.advice()));
}
