//! The client: a configuration, a transport, and the layers between.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use core_compliance::ports::Clock;
use tokio::time::Instant;
use tower::ServiceExt;
use tower_service::Service;

use crate::config::CxoneConfig;
use crate::contacts::listing::{Entities, Fetched, Page, Wanted};
use crate::contacts::{CxoneContactSink, CxoneContactSource, fetch};
use crate::error::ClientError;
use crate::middleware::{CallError, Stack, stack};
use crate::parts::Parts;
use crate::request::Request;
use crate::stats::ClientStats;
use crate::transport::{ReqwestTransport, Response, TransportError, Wire};

/// A connection to one tenant. Clones share token, pace, retry budget, patience and counters; all that talks to one
/// tenant should come from one client.
///
/// Works inside a tokio runtime with time enabled.
#[derive(Clone)]
pub struct CxoneClient {
    stack: Stack,
    parts: Arc<Parts>,
    page_size: u32,
    stats: ClientStats,
}

/// What a [`CxoneClient::preflight`] met.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Preflight {
    /// How long the token was granted for.
    pub token_life: Duration,
    /// How long it took to get it.
    pub token_latency: Duration,
    /// Entities on the first page, readable or not.
    pub entities: usize,
    /// Whether further pages follow.
    pub has_more: bool,
    /// How long it took to get the page, waiting for pace included.
    pub page_latency: Duration,
}

impl CxoneClient {
    /// A client for production: reqwest over rustls (ring), the platform's root certificates, HTTP/1 with keep-alive,
    /// proxies from the environment. Nothing is sent yet.
    ///
    /// # Errors
    /// [`ClientError::Setup`] when this machine has no root certificates (not needed for http on loopback).
    pub fn new(config: CxoneConfig, clock: Arc<dyn Clock>) -> Result<Self, ClientError> {
        let transport = ReqwestTransport::new(&config.base_url)?;
        Ok(Self::with_transport(config, clock, transport))
    }

    /// A client over any leaf transport, such as a simulator in the same process. It gets complete requests with an
    /// absolute URI, must not follow redirects, and answers with the whole body.
    pub fn with_transport<T>(config: CxoneConfig, clock: Arc<dyn Clock>, transport: T) -> Self
    where
        T: Service<http::Request<Bytes>, Response = http::Response<Bytes>, Error = TransportError>
            + Clone
            + Send
            + Sync
            + 'static,
        T::Future: Send + 'static,
    {
        let stats = ClientStats::default();
        let wire = Wire::new(transport, stats.clone());
        let (parts, direct) = Parts::new(&config, clock, wire, stats.clone());
        let stack = stack(&parts, direct);
        Self {
            stack,
            parts: Arc::new(parts),
            page_size: config.page_size,
            stats,
        }
    }

    /// The contacts of the tenant, from the first page on.
    #[must_use]
    pub fn contact_source(&self) -> CxoneContactSource {
        CxoneContactSource::new(self.clone())
    }

    /// Where contacts are handed over.
    #[must_use]
    pub fn contact_sink(&self) -> CxoneContactSink {
        CxoneContactSink::new(self.clone())
    }

    /// A handle to the counters, valid for as long as it is kept.
    #[must_use]
    pub fn stats(&self) -> ClientStats {
        self.stats.clone()
    }

    /// Gets a token and one page, and writes nothing: a rehearsal of everything but the writing.
    ///
    /// # Errors
    /// What would end a run, with advice: [`ClientError::BadCredentials`], [`ClientError::TokenForbidden`],
    /// [`ClientError::ScopeMissing`], [`ClientError::NotThisApi`], [`ClientError::Unreachable`] and others.
    pub async fn preflight(&self) -> Result<Preflight, ClientError> {
        let started = Instant::now();
        let token = self.parts.tokens.obtain().await?;
        let token_latency = started.elapsed();
        let started = Instant::now();
        let page = match fetch(self.clone(), Wanted::first()).await? {
            Fetched::Page(page) => page,
            Fetched::Expired(answer) => {
                return Err(ClientError::NotThisApi {
                    place: crate::contacts::LIST,
                    answer,
                });
            }
        };
        let Page { entities, next, .. } = page;
        let entities = match entities {
            Entities::List(list) => list.len(),
            Entities::Absent => 0,
            // A whole page that is no list counts as one thing that cannot be read.
            Entities::Malformed(_) => 1,
        };
        let page_latency = started.elapsed();
        Ok(Preflight {
            token_life: token.life,
            token_latency,
            entities,
            has_more: next.is_some(),
            page_latency,
        })
    }

    pub(crate) async fn call(&self, request: Request) -> Result<Response, CallError> {
        self.stack.clone().oneshot(request).await
    }

    /// Status and words of an answer, safe to show.
    pub(crate) fn describe(&self, response: &Response) -> String {
        crate::response::describe(response, &self.parts.trials.redactor)
    }

    pub(crate) fn page_size(&self) -> u32 {
        self.page_size
    }
}

impl core::fmt::Debug for CxoneClient {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("CxoneClient")
            .field("base_url", &self.parts.trials.base_url.as_str())
            .finish_non_exhaustive()
    }
}
