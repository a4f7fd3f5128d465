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
    use std::sync::atomic::{AtomicI64, AtomicU32, Ordering::SeqCst};

    use tower::service_fn;

    use super::*;

    struct Hands(AtomicI64);

    impl Clock for Hands {
        fn now(&self) -> Instant {
            Instant::from_unix_clamped(self.0.load(SeqCst))
        }
    }

    #[tokio::test]
    async fn nothing_passes_from_the_deadline_on() {
        let clock = Arc::new(Hands(AtomicI64::new(99)));
        let sent = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&sent);
        let service = SendDeadlineLayer::new(clock.clone()).layer(service_fn(move |_: Request| {
            count.fetch_add(1, SeqCst);
            async { Ok(Response::default()) }
        }));
        let mut request = Request::default();
        request
            .extensions_mut()
            .insert(Deadline(Instant::from_unix_clamped(100)));
        assert!(service.clone().oneshot(request.clone()).await.is_ok());
        clock.0.store(100, SeqCst);
        assert!(matches!(
            service.oneshot(request).await,
            Err(SendError::DeadlinePassed)
        ));
        assert_eq!(sent.load(SeqCst), 1);
    }

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
