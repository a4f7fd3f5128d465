//! The last step before the transport: counts what is sent, and hides which transport it is.

use std::task::{Context, Poll};

use bytes::Bytes;
use tower::ServiceExt;
use tower::util::BoxCloneSyncService;
use tower_service::Service;

use super::{BoxFuture, Response, TransportError};
use crate::middleware::SendError;
use crate::request::Request;
use crate::stats::ClientStats;

/// Any transport, boxed and counted.
#[derive(Clone, Debug)]
pub(crate) struct Wire {
    transport: BoxCloneSyncService<Request, Response, TransportError>,
    stats: ClientStats,
}

impl Wire {
    pub(crate) fn new<T>(transport: T, stats: ClientStats) -> Self
    where
        T: Service<Request, Response = http::Response<Bytes>, Error = TransportError>
            + Clone
            + Send
            + Sync
            + 'static,
        T::Future: Send + 'static,
    {
        Self {
            transport: BoxCloneSyncService::new(transport),
            stats,
        }
    }
}

impl Service<Request> for Wire {
    type Response = Response;
    type Error = SendError;
    type Future = BoxFuture<Result<Response, SendError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), SendError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let transport = self.transport.clone();
        self.stats.count_request();
        Box::pin(async move { transport.oneshot(request).await.map_err(SendError::Transport) })
    }
}
