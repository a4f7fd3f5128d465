//! Bounds the time of one send, from first byte out to last byte in.

use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::timeout;
use tower::ServiceExt;
use tower_layer::Layer;
use tower_service::Service;

use crate::middleware::SendError;
use crate::request::Request;
use crate::transport::{BoxFuture, Response};

/// Adds [`SendTimeout`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct SendTimeoutLayer {
    limit: Duration,
}

/// Gives up waiting for an answer after a time. The request may have arrived all the same.
#[derive(Clone, Debug)]
pub(crate) struct SendTimeout<S> {
    inner: S,
    limit: Duration,
}

impl SendTimeoutLayer {
    pub(crate) fn new(limit: Duration) -> Self {
        Self { limit }
    }
}

impl<S> Layer<S> for SendTimeoutLayer {
    type Service = SendTimeout<S>;

    fn layer(&self, inner: S) -> SendTimeout<S> {
        SendTimeout {
            inner,
            limit: self.limit,
        }
    }
}

impl<S> Service<Request> for SendTimeout<S>
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
        Box::pin(within(self.limit, self.inner.clone().oneshot(request)))
    }
}

async fn within<T>(
    limit: Duration,
    answer: impl Future<Output = Result<T, SendError>>,
) -> Result<T, SendError> {
    timeout(limit, answer)
        .await
        .unwrap_or(Err(SendError::TimedOut(limit)))
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use tokio::time::sleep;
    use tower::service_fn;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_limit_is_per_send() {
        let seconds = Duration::from_secs;
        let service = SendTimeoutLayer::new(seconds(3)).layer(service_fn(async |_: Request| {
            sleep(Duration::from_secs(2)).await;
            Ok(Response::default())
        }));
        for _ in 0..3 {
            assert!(service.clone().oneshot(Request::default()).await.is_ok());
        }
        let service = SendTimeoutLayer::new(seconds(1)).layer(service);
        assert!(matches!(
            service.oneshot(Request::default()).await,
            Err(SendError::TimedOut(_))
        ));
    }

    #[tokio::test(start_paused = true)]
    async fn a_hanging_send_ends_and_a_slow_one_is_waited_for() {
        let limit = Duration::from_secs(30);
        let hanging = within::<()>(limit, pending()).await;
        assert!(matches!(hanging, Err(SendError::TimedOut(given)) if given == limit));
        let slow = within(limit, async {
            sleep(Duration::from_secs(29)).await;
            Ok(7)
        });
        assert_eq!(slow.await.unwrap(), 7);
    }
}
