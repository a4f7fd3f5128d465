//! A tenant in a closure, and what tests need around it.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use core_compliance::Instant;
use core_compliance::ports::{Clock, ContactRecord, ContactSource, PortFailure, Reading};
use cxone_client::{
    BaseUrl, ClientId, ClientSecret, CxoneClient, CxoneConfig, CxoneConfigBuilder, CxoneContactSource,
    TransportError,
};
use serde_json::json;
use tower_service::Service;

pub(crate) const SECRET: &str = "hunter2/s3cret+é";
pub(crate) const TOKEN: &str = "/api/v2/oauth/token";
pub(crate) const CONTACTS: &str = "/api/v2/contacts";
pub(crate) const PHONE: &str = "+13055550123";

/// One request as it reached the tenant.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) at: Duration,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) bearer: Option<String>,
    pub(crate) id: String,
    pub(crate) body: String,
    /// How many with this method and path came before.
    pub(crate) nth: usize,
}

impl Sent {
    pub(crate) fn is(&self, method: &str, path: &str) -> bool {
        self.method == method && self.path == path
    }
}

/// What the tenant does.
pub(crate) enum Reply {
    Answer(http::Response<Bytes>),
    Late(Duration, http::Response<Bytes>),
    Hang,
    Fail(TransportError),
}

/// What was sent, and how much of it by method and path.
type Log = (Vec<Sent>, HashMap<String, usize>);
type Behaviour = dyn Fn(&Sent) -> Reply + Send + Sync;

/// A leaf transport that answers from a closure and remembers what it was sent.
#[derive(Clone)]
pub(crate) struct Tenant {
    start: tokio::time::Instant,
    log: Arc<Mutex<Log>>,
    behaviour: Arc<Behaviour>,
}

impl Tenant {
    /// Everything is answered by the closure.
    pub(crate) fn new(behaviour: impl Fn(&Sent) -> Reply + Send + Sync + 'static) -> Self {
        Self {
            start: tokio::time::Instant::now(),
            log: Arc::default(),
            behaviour: Arc::new(behaviour),
        }
    }

    /// Tokens `token-1`, `token-2`, … of an hour are granted; the rest is answered by the closure.
    pub(crate) fn api(behaviour: impl Fn(&Sent) -> Reply + Send + Sync + 'static) -> Self {
        Self::new(move |sent| {
            if sent.path == TOKEN {
                grant(sent, 3600)
            } else {
                behaviour(sent)
            }
        })
    }

    pub(crate) fn sent(&self) -> Vec<Sent> {
        self.log.lock().unwrap().0.clone()
    }

    pub(crate) fn count(&self, method: &str, path: &str) -> usize {
        self.sent().iter().filter(|sent| sent.is(method, path)).count()
    }
}

impl Service<http::Request<Bytes>> for Tenant {
    type Response = http::Response<Bytes>;
    type Error = TransportError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, TransportError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Bytes>) -> Self::Future {
        let header = |name: &str| {
            request
                .headers()
                .get(name)
                .map(|value| value.to_str().unwrap().to_owned())
        };
        let mut log = self.log.lock().unwrap();
        let nth = log
            .1
            .entry(format!("{} {}", request.method(), request.uri().path()))
            .or_default();
        let sent = Sent {
            at: self.start.elapsed(),
            method: request.method().to_string(),
            path: request.uri().path().to_owned(),
            query: request.uri().query().unwrap_or_default().to_owned(),
            bearer: header("authorization").map(|value| value.trim_start_matches("Bearer ").to_owned()),
            id: header("x-request-id").unwrap_or_default(),
            body: String::from_utf8(request.body().to_vec()).unwrap(),
            nth: *nth,
        };
        *nth += 1;
        log.0.push(sent.clone());
        drop(log);
        let reply = (self.behaviour)(&sent);
        Box::pin(async move {
            match reply {
                Reply::Answer(response) => Ok(response),
                Reply::Late(delay, response) => {
                    tokio::time::sleep(delay).await;
                    Ok(response)
                }
                Reply::Hang => std::future::pending().await,
                Reply::Fail(error) => Err(error),
            }
        })
    }
}

pub(crate) fn response(status: u16, body: impl Into<String>) -> http::Response<Bytes> {
    http::Response::builder()
        .status(status)
        .body(Bytes::from(body.into()))
        .unwrap()
}

pub(crate) fn answer(status: u16, body: impl Into<String>) -> Reply {
    Reply::Answer(response(status, body))
}

pub(crate) fn answer_with(status: u16, name: &str, value: &str, body: &str) -> Reply {
    let response = http::Response::builder().status(status).header(name, value);
    Reply::Answer(response.body(Bytes::from(body.to_owned())).unwrap())
}

pub(crate) fn grant(sent: &Sent, life: u64) -> Reply {
    answer(
        200,
        json!({"access_token": format!("token-{}", sent.nth + 1), "expires_in": life}).to_string(),
    )
}

/// An acknowledged upsert.
pub(crate) fn stored(sent: &Sent) -> Reply {
    answer(201, sent.body.clone())
}

/// The clock of tests: tokio's paused time, from a fixed instant on.
pub(crate) struct TestClock {
    start: tokio::time::Instant,
}

/// 2026-06-10T15:00:00Z, when every [`TestClock`] starts.
pub(crate) const START: i64 = 1_781_103_600;

impl Clock for TestClock {
    fn now(&self) -> Instant {
        let elapsed = i64::try_from(self.start.elapsed().as_secs()).unwrap();
        Instant::from_unix(START + elapsed).unwrap()
    }
}

pub(crate) fn clock() -> Arc<dyn Clock> {
    Arc::new(TestClock {
        start: tokio::time::Instant::now(),
    })
}

pub(crate) fn config() -> CxoneConfigBuilder {
    config_at("https://acme.my.cxone.com")
}

pub(crate) fn config_at(url: &str) -> CxoneConfigBuilder {
    let url: BaseUrl = url.parse().unwrap();
    let (id, secret) = (
        ClientId::new("client-0123").unwrap(),
        ClientSecret::new(SECRET).unwrap(),
    );
    CxoneConfig::builder(url, id, secret).seed(7)
}

pub(crate) fn client(tenant: &Tenant) -> CxoneClient {
    client_with(tenant, config())
}

pub(crate) fn client_with(tenant: &Tenant, config: CxoneConfigBuilder) -> CxoneClient {
    CxoneClient::with_transport(config.build().unwrap(), clock(), tenant.clone())
}

pub(crate) fn contact(id: impl ToString) -> ContactRecord {
    ContactRecord::from_json(json!({"externalId": id.to_string(), "phone": PHONE})).unwrap()
}

pub(crate) async fn read_all(mut source: CxoneContactSource) -> (Vec<Reading>, Option<PortFailure>) {
    let mut readings = Vec::new();
    loop {
        match source.next().await {
            Ok(Some(reading)) => readings.push(reading),
            Ok(None) => return (readings, None),
            Err(failure) => return (readings, Some(failure)),
        }
    }
}

/// The most of these moments in any sliding second.
pub(crate) fn most_in_a_second(moments: &[Duration]) -> usize {
    let second = Duration::from_secs(1);
    let within = |first: &Duration| {
        moments
            .iter()
            .filter(|at| **at >= *first && **at < *first + second)
            .count()
    };
    moments.iter().map(within).max().unwrap_or(0)
}
