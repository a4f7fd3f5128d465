//! Makes every send wait for its turn in the tenant's quota.

use std::sync::Arc;
use std::task::{Context, Poll};

use tower::ServiceExt;
use tower_layer::Layer;
use tower_service::Service;

use crate::middleware::SendError;
use crate::pace::Pace;
use crate::request::Request;
use crate::transport::{BoxFuture, Response};

/// Adds [`RateLimit`].
#[derive(Clone, Debug)]
pub(crate) struct RateLimitLayer {
    pace: Arc<Pace>,
}

/// Waits for a grant before it sends. The arithmetic is in [`crate::pace`], for it is shared by all requests.
#[derive(Clone, Debug)]
pub(crate) struct RateLimit<S> {
    inner: S,
    pace: Arc<Pace>,
}

impl RateLimitLayer {
    pub(crate) fn new(pace: Arc<Pace>) -> Self {
        Self { pace }
    }
}

impl<S> Layer<S> for RateLimitLayer {
    type Service = RateLimit<S>;

    fn layer(&self, inner: S) -> RateLimit<S> {
        RateLimit {
            inner,
            pace: Arc::clone(&self.pace),
        }
    }
}

impl<S> Service<Request> for RateLimit<S>
where
    S: Service<Request, Response = Response, Error = SendError> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response;
    type Error = SendError;
    type Future = BoxFuture<Result<Response, SendError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), SendError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let (inner, pace) = (self.inner.clone(), Arc::clone(&self.pace));
        Box::pin(async move {
            pace.grant().await;
            inner.oneshot(request).await
        })
    }
}
