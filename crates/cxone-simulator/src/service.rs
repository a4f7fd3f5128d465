//! The simulator as a service: routes to the tenant, waits out delays, and breaks what a fault breaks.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Form, Router};
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, DATE};
use http::{HeaderMap, HeaderValue, Request, StatusCode};
use http_body_util::BodyExt;
use tower::Service;

use crate::answer::{self, How, refusal, take_ending};
use crate::campaign::Upload;
use crate::config::{ConfigError, SimulatorConfig};
use crate::endpoint::{CONTACTS_PATH, Endpoint, STATS_PATH, TOKEN_PATH};
use crate::guard::guarded;
use crate::listing::ListRequest;
use crate::retry_after::http_date;
use crate::stats::Stats;
use crate::tenant::{Arrival, Tenant};
use crate::token::TokenRequest;

/// A simulated tenant. Clones are the same tenant.
///
/// In a test it is the transport itself: a [`Service`] from requests to answers, whose delays pass in paused time and
/// whose errors are broken connections. [`Simulator::bind`] puts it on a TCP port.
#[derive(Clone)]
pub struct Simulator {
    tenant: Arc<Tenant>,
    router: Router,
}

/// A connection that ended without a whole answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SimulatedBreak {
    /// Reset before anything was stored.
    #[error("connection reset before the request was stored")]
    ResetBefore,
    /// Reset after all was stored.
    #[error("connection reset after the request was stored")]
    ResetAfter,
    /// Ended in the middle of the answer; all was stored.
    #[error("connection closed after {} of the answer's bytes", .sent.body().len())]
    Truncated {
        /// Head, with the full `Content-Length`, and the part of the body that was sent.
        sent: Box<http::Response<Bytes>>,
    },
    /// Closed after a long silence.
    #[error("connection closed without an answer")]
    HungUp,
}

impl Simulator {
    /// A tenant in this process. Its time starts now.
    ///
    /// # Errors
    /// [`ConfigError`] when a value is out of its range.
    pub fn new(config: SimulatorConfig) -> Result<Self, ConfigError> {
        config.check()?;
        let guard = config.token_guard;
        let tenant = Arc::new(Tenant::new(config));
        let token: Router<Arc<Tenant>> = Router::new().route(TOKEN_PATH, post(token));
        let token = token.with_state(Arc::clone(&tenant));
        let token = match guard {
            Some(guard) => guarded(token, guard),
            None => token,
        };
        let router = Router::new()
            .route(CONTACTS_PATH, get(list).post(upsert))
            .route(STATS_PATH, get(stats))
            .with_state(Arc::clone(&tenant))
            .merge(token)
            .fallback(async || refusal(StatusCode::NOT_FOUND, "no such resource"))
            .method_not_allowed_fallback(async || {
                refusal(
                    StatusCode::METHOD_NOT_ALLOWED,
                    "the resource does not have this method",
                )
            })
            // The tenant has a limit of its own, and answers it in its own words.
            .layer(DefaultBodyLimit::disable());
        Ok(Self { tenant, router })
    }

    /// What the tenant was sent so far, with every contact.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.tenant.stats(true)
    }

    /// What the tenant was sent so far, in sums only.
    #[must_use]
    pub fn stats_without_contacts(&self) -> Stats {
        self.tenant.stats(false)
    }

    /// Every upsert stored, in order, if [`SimulatorConfig::keep_payloads`]; else nothing.
    #[must_use]
    pub fn uploads(&self) -> Vec<Upload> {
        self.tenant.uploads()
    }

    /// Bytes in a request body above which the answer is 413.
    pub(crate) fn body_limit(&self) -> usize {
        self.tenant.config.body_limit
    }
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator")
            .field("contacts", &self.tenant.config.contacts)
            .finish_non_exhaustive()
    }
}

impl Service<Request<Bytes>> for Simulator {
    type Response = http::Response<Bytes>;
    type Error = SimulatedBreak;
    type Future = Pin<Box<dyn Future<Output = Result<http::Response<Bytes>, SimulatedBreak>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), SimulatedBreak>> {
        Poll::Ready(Ok(()))
    }

    /// The request arrives when this is called, whenever the future is polled.
    fn call(&mut self, mut request: Request<Bytes>) -> Self::Future {
        let endpoint = Endpoint::of(request.method(), request.uri().path());
        let arrival = self.tenant.arrive(endpoint, request.body().len());
        request.extensions_mut().insert(arrival);
        let request = if arrival.oversized {
            request.map(|_| Body::empty())
        } else {
            request.map(Body::from)
        };
        let routed = self.router.call(request);
        let tenant = Arc::clone(&self.tenant);
        Box::pin(async move {
            let Ok(response): Result<Response, Infallible> = routed.await;
            leave(&tenant, endpoint, arrival, response).await
        })
    }
}

/// Lets an answer leave as agreed, and notes what the client was told only then: whoever goes away while waiting was
/// not told.
async fn leave(
    tenant: &Tenant,
    endpoint: Endpoint,
    arrival: Arrival,
    mut response: Response,
) -> Result<http::Response<Bytes>, SimulatedBreak> {
    let ending = take_ending(&mut response);
    if let Some(date) = http_date(tenant.config.clock.now(), 0) {
        response.headers_mut().insert(DATE, date);
    }
    let delay = arrival.latency + ending.delay;
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    let broken = match ending.how {
        How::Whole => {
            if endpoint != Endpoint::Stats {
                tenant.answered(response.status(), ending.receipt.as_ref());
            }
            return Ok(whole(response).await);
        }
        How::CutJson => {
            tenant.answered(response.status(), None);
            let cut = whole(response).await.map(first_half);
            return Ok(cut);
        }
        How::ResetBefore => SimulatedBreak::ResetBefore,
        How::ResetAfter => SimulatedBreak::ResetAfter,
        How::Truncated => {
            let mut sent = whole(response).await;
            let announced = HeaderValue::from(sent.body().len());
            sent.headers_mut().insert(CONTENT_LENGTH, announced);
            SimulatedBreak::Truncated {
                sent: Box::new(sent.map(first_half)),
            }
        }
        How::Hang(None) => {
            tenant.broke();
            return std::future::pending().await;
        }
        How::Hang(Some(limit)) => {
            tokio::time::sleep(limit).await;
            SimulatedBreak::HungUp
        }
    };
    tenant.broke();
    Err(broken)
}

fn first_half(body: Bytes) -> Bytes {
    body.slice(..body.len() / 2)
}

/// The body of our own answers is in memory: collecting it neither waits nor fails.
async fn whole(response: Response) -> http::Response<Bytes> {
    let (mut parts, body) = response.into_parts();
    // Told by axum from the body; would be wrong once a fault cuts it.
    parts.headers.remove(CONTENT_LENGTH);
    let body = body.collect().await.map(|all| all.to_bytes()).unwrap_or_default();
    http::Response::from_parts(parts, body)
}

async fn token(
    State(tenant): State<Arc<Tenant>>,
    Extension(arrival): Extension<Arrival>,
    form: Result<Form<TokenRequest>, FormRejection>,
) -> Response {
    let form = form.map(|Form(form)| form).map_err(|rejected| {
        let status = match rejected.status() {
            StatusCode::UNSUPPORTED_MEDIA_TYPE => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            _ => StatusCode::BAD_REQUEST,
        };
        (status, rejected.body_text())
    });
    tenant.token(arrival, form)
}

async fn list(
    State(tenant): State<Arc<Tenant>>,
    Extension(arrival): Extension<Arrival>,
    headers: HeaderMap,
    query: Result<Query<ListRequest>, QueryRejection>,
) -> Response {
    tenant.list(
        arrival,
        &headers,
        query
            .map(|Query(query)| query)
            .map_err(|rejected| rejected.body_text()),
    )
}

async fn upsert(
    State(tenant): State<Arc<Tenant>>,
    Extension(arrival): Extension<Arrival>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    tenant.upsert(arrival, &headers, &body)
}

/// What a request for the statistics may leave out.
#[derive(serde::Deserialize)]
struct StatsRequest {
    contacts: Option<bool>,
}

async fn stats(
    State(tenant): State<Arc<Tenant>>,
    query: Result<Query<StatsRequest>, QueryRejection>,
) -> Response {
    let with_contacts = match query {
        Ok(Query(query)) => query.contacts.unwrap_or(true),
        Err(rejected) => return refusal(StatusCode::BAD_REQUEST, &rejected.body_text()),
    };
    match serde_json::to_vec(&tenant.stats(with_contacts)) {
        Ok(body) => answer::body(StatusCode::OK, "application/json", body),
        Err(error) => refusal(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    }
}
