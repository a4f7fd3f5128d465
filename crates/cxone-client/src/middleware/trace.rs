//! Gives each request an id and a span: method, path, status, time. Never query, headers or body.

use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::time::Instant;
use tower::ServiceExt;
use tower_layer::Layer;
use tower_service::Service;
use tracing::{Instrument, debug, debug_span};

use crate::middleware::CallError;
use crate::request::Request;
use crate::request_id::RequestIds;
use crate::transport::{BoxFuture, Response};

/// Adds [`Trace`].
#[derive(Clone, Debug)]
pub(crate) struct TraceLayer {
    ids: Arc<RequestIds>,
}

/// Wraps a request and all its sends in one span.
#[derive(Clone, Debug)]
pub(crate) struct Trace<S> {
    inner: S,
    ids: Arc<RequestIds>,
}

impl TraceLayer {
    pub(crate) fn new(ids: Arc<RequestIds>) -> Self {
        Self { ids }
    }
}

impl<S> Layer<S> for TraceLayer {
    type Service = Trace<S>;

    fn layer(&self, inner: S) -> Trace<S> {
        Trace {
            inner,
            ids: Arc::clone(&self.ids),
        }
    }
}

impl<S> Service<Request> for Trace<S>
where
    S: Service<Request, Response = Response, Error = CallError> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response;
    type Error = CallError;
    type Future = BoxFuture<Result<Response, CallError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), CallError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let inner = self.inner.clone();
        let id = self.ids.next();
        request.extensions_mut().insert(id);
        let span = debug_span!("request", method = %request.method(), path = request.uri().path(), %id);
        let traced = async move {
            let started = Instant::now();
            let ended = inner.oneshot(request).await;
            let elapsed_ms = started.elapsed().as_secs_f64() * 1_000.0;
            debug!(ended = %describe(&ended), elapsed_ms, "settled");
            ended
        };
        Box::pin(traced.instrument(span))
    }
}

/// How a request ended, in words without any text of the server.
fn describe(ended: &Result<Response, CallError>) -> String {
    match ended {
        Ok(response) => response.status().as_u16().to_string(),
        Err(error) => error.label().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use tower::service_fn;

    use super::*;
    use crate::jitter::Jitter;
    use crate::request_id::RequestId;

    #[tokio::test]
    async fn every_request_gets_an_id_of_its_own() {
        let layer = TraceLayer::new(Arc::new(RequestIds::new(&Jitter::new(Some(1)))));
        let service = layer.layer(service_fn(async |request: Request| {
            let id: &RequestId = request.extensions().get().unwrap();
            Ok(Response::new(id.to_string().into()))
        }));
        let first = service.clone().oneshot(Request::default()).await.unwrap();
        let second = service.oneshot(Request::default()).await.unwrap();
        assert!(first.body().ends_with(b"-1") && second.body().ends_with(b"-2"));
    }

    #[test]
    fn an_ending_is_described_without_quoting_anyone() {
        let reason = "500: cannot store +13055550123".to_owned();
        assert_eq!(describe(&Err(CallError::GaveUp { reason, sends: 3 })), "gave up");
        assert_eq!(describe(&Ok(Response::default())), "200");
    }
}
