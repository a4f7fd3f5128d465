//! Makes every send wait for its turn in the tenant's quota.

use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::time::Instant;
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
            let number = pace.grant().await;
            let sent = Instant::now();
            let ended = inner.oneshot(request).await;
            if ended.is_ok() {
                pace.answered(number, sent.elapsed());
            }
            ended
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tower::service_fn;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn sends_leave_one_by_one_at_the_pace() {
        let start = Instant::now();
        let layer = RateLimitLayer::new(Arc::new(Pace::new(10)));
        let service = layer.layer(service_fn(async |_: Request| {
            Ok::<_, SendError>(Response::default())
        }));
        for n in 0..5 {
            service.clone().oneshot(Request::default()).await.unwrap();
            // Each a tenth of the window of 1.022 s after the one before, give or take the millisecond of a timer.
            let late = start.elapsed().saturating_sub(n * Duration::from_micros(102_200));
            assert!(late <= Duration::from_millis(u64::from(n) + 1), "{n}: {late:?}");
        }
    }
}
