//! The guard of the token endpoint: so many requests per peer, as real tenants have it.

use std::net::{IpAddr, Ipv4Addr};

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use http::header::RETRY_AFTER;
use http::{HeaderValue, Request, StatusCode};
use tower_governor::governor::GovernorConfigBuilder;
use tower_governor::key_extractor::KeyExtractor;
use tower_governor::{GovernorError, GovernorLayer};

use crate::answer::oauth_refusal;
use crate::config::TokenGuard;

/// Whose request it is; in the request's extensions when it came over TCP.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// Tells peers apart by address. All requests in the process are one peer.
#[derive(Clone, Debug)]
struct ByPeer;

impl KeyExtractor for ByPeer {
    type Key = IpAddr;

    fn extract<T>(&self, request: &Request<T>) -> Result<IpAddr, GovernorError> {
        Ok(request
            .extensions()
            .get::<Peer>()
            .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0))
    }
}

/// Puts the guard before every route of `router`. A period of zero guards nothing.
pub(crate) fn guarded(router: Router, guard: TokenGuard) -> Router {
    let mut builder = GovernorConfigBuilder::default().key_extractor(ByPeer);
    match builder
        .period(guard.period)
        .burst_size(guard.burst.get())
        .finish()
    {
        Some(config) => router.layer(GovernorLayer::new(config).error_handler(refused)),
        None => router,
    }
}

fn refused(error: GovernorError) -> Response<Body> {
    match error {
        GovernorError::TooManyRequests { wait_time, .. } => {
            let description = "too many token requests from this address";
            let mut response = oauth_refusal(StatusCode::TOO_MANY_REQUESTS, "slow_down", description);
            // The crate floors the wait to whole seconds, and would invite the peer back too early.
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(wait_time.saturating_add(1)));
            response
        }
        GovernorError::UnableToExtractKey | GovernorError::Other { .. } => oauth_refusal(
            StatusCode::INTERNAL_SERVER_ERROR,
            "server_error",
            "the token guard failed",
        ),
    }
}
