//! Lets nothing out once the permission behind it has ended.

use std::sync::Arc;
use std::task::{Context, Poll};

use core_compliance::Instant;
use core_compliance::ports::Clock;
use http::Extensions;
use tower::ServiceExt;
use tower_layer::Layer;
use tower_service::Service;

use crate::middleware::SendError;
use crate::request::Request;
use crate::transport::{BoxFuture, Response};

/// The instant from which a request may no longer be sent; travels in its extensions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline(pub(crate) Instant);

/// Adds [`SendDeadline`].
#[derive(Clone)]
pub(crate) struct SendDeadlineLayer {
    clock: Arc<dyn Clock>,
}

/// Compares the deadline of a request with the clock at every send.
#[derive(Clone)]
pub(crate) struct SendDeadline<S> {
    inner: S,
    clock: Arc<dyn Clock>,
}

impl SendDeadlineLayer {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock }
    }
}

impl<S> Layer<S> for SendDeadlineLayer {
    type Service = SendDeadline<S>;

    fn layer(&self, inner: S) -> SendDeadline<S> {
        SendDeadline {
            inner,
            clock: Arc::clone(&self.clock),
        }
    }
}

impl<S> Service<Request> for SendDeadline<S>
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
        let (inner, now) = (self.inner.clone(), self.clock.now());
        Box::pin(async move {
            check(request.extensions(), now)?;
            inner.oneshot(request).await
        })
    }
}

/// Whether a request may be sent at `now`: the deadline itself is too late.
///
/// # Errors
/// [`SendError::DeadlinePassed`].
pub(crate) fn check(extensions: &Extensions, now: Instant) -> Result<(), SendError> {
    match extensions.get() {
        Some(Deadline(deadline)) if now >= *deadline => Err(SendError::DeadlinePassed),
        Some(_) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deadline_is_exclusive() {
        let at = |unix| Instant::from_unix(unix).unwrap();
        let mut extensions = Extensions::new();
        assert!(check(&extensions, Instant::LATEST).is_ok());
        extensions.insert(Deadline(at(100)));
        assert!(check(&extensions, at(99)).is_ok());
        for late in [100, 101] {
            assert!(matches!(
                check(&extensions, at(late)),
                Err(SendError::DeadlinePassed)
            ));
        }
    }
}
