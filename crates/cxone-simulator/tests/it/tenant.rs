//! A client of the tests: sends what it is told, and retries nothing.

use std::sync::Arc;

use bytes::Bytes;
use core_compliance::Instant;
use core_compliance::ports::Clock;
use cxone_simulator::{SimulatedBreak, Simulator, SimulatorConfig};
use http::{Request, Response};
use serde_json::{Value, json};
use tower::ServiceExt;

/// Always 2026-06-10T15:00:00Z.
pub(crate) struct FixedClock;

impl Clock for FixedClock {
    fn now(&self) -> Instant {
        Instant::from_unix_clamped(1_781_103_600)
    }
}

pub(crate) const FORM: &str = "grant_type=client_credentials&client_id=demo&client_secret=demo-secret\
                        &scope=contacts%3Awrite+contacts%3Aread";

/// A small tenant of clean contacts without quota or guard, with these faults.
pub(crate) fn config(faults: &[&str]) -> SimulatorConfig {
    let mut config = SimulatorConfig::new(Arc::new(FixedClock));
    config.contacts = 250;
    config.profile = "clean".parse().unwrap();
    config.quota = "none".parse().unwrap();
    config.token_guard = None;
    config.faults = faults.iter().map(|fault| fault.parse().unwrap()).collect();
    config
}

pub(crate) struct Client {
    pub(crate) simulator: Simulator,
    pub(crate) bearer: String,
}

pub(crate) type Answer = Result<Response<Bytes>, SimulatedBreak>;

impl Client {
    /// A client with a token.
    pub(crate) async fn of(config: SimulatorConfig) -> Self {
        let mut client = Self {
            simulator: Simulator::new(config).unwrap(),
            bearer: String::new(),
        };
        client.renew().await;
        client
    }

    pub(crate) async fn with_faults(faults: &[&str]) -> Self {
        Self::of(config(faults)).await
    }

    pub(crate) async fn renew(&mut self) {
        let answer = self.ask_for_token(FORM).await.unwrap();
        assert_eq!(answer.status(), 200);
        self.bearer = format!("Bearer {}", body(&answer)["access_token"].as_str().unwrap());
    }

    pub(crate) async fn send(&self, request: Request<Bytes>) -> Answer {
        self.simulator.clone().oneshot(request).await
    }

    pub(crate) async fn ask_for_token(&self, form: &str) -> Answer {
        let request = Request::post("/api/v2/oauth/token")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Bytes::from(form.to_owned()));
        self.send(request.unwrap()).await
    }

    pub(crate) async fn list(&self, query: &str) -> Answer {
        let request = Request::get(format!("/api/v2/contacts?{query}"))
            .header("authorization", &self.bearer)
            .body(Bytes::new());
        self.send(request.unwrap()).await
    }

    /// The page that follows `page`.
    pub(crate) async fn next(&self, page: &Value, size: u32) -> Answer {
        self.list(&format!(
            "pageSize={size}&nextPageToken={}",
            page["nextPageToken"].as_str().unwrap()
        ))
        .await
    }

    pub(crate) async fn upsert_raw(&self, body: impl Into<Bytes>) -> Answer {
        let request = Request::post("/api/v2/contacts")
            .header("authorization", &self.bearer)
            .header("content-type", "application/json")
            .body(body.into());
        self.send(request.unwrap()).await
    }

    pub(crate) async fn upsert(&self, id: &str) -> Answer {
        self.upsert_raw(json!({ "externalId": id, "phone": "+12125550142" }).to_string())
            .await
    }

    /// The status of an upsert; 0 if the connection broke.
    pub(crate) async fn upsert_status(&self, id: &str) -> u16 {
        self.upsert(id).await.map_or(0, |answer| answer.status().as_u16())
    }

    pub(crate) async fn stats(&self, query: &str) -> Value {
        let request = Request::get(format!("/_simulator/stats{query}"))
            .body(Bytes::new())
            .unwrap();
        body(&self.send(request).await.unwrap())
    }
}

pub(crate) fn body(answer: &Response<Bytes>) -> Value {
    serde_json::from_slice(answer.body()).unwrap_or_else(|error| panic!("{error}: {answer:?}"))
}

pub(crate) fn header<'a>(answer: &'a Response<Bytes>, name: &str) -> Option<&'a str> {
    answer.headers().get(name).map(|value| value.to_str().unwrap())
}
