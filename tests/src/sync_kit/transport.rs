//! The simulator as the client's transport: nothing between the two but this.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use cxone_client::TransportError;
use cxone_simulator::{SimulatedBreak, Simulator};
use http::{Request, Response};
use tower_service::Service;

/// A [`Simulator`] whose broken connections are the client's.
#[derive(Clone, Debug)]
pub struct InProcess(pub Simulator);

impl Service<Request<Bytes>> for InProcess {
    type Response = Response<Bytes>;
    type Error = TransportError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Bytes>, TransportError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        self.0.poll_ready(context).map_err(|broke| broken(&broke))
    }

    fn call(&mut self, request: Request<Bytes>) -> Self::Future {
        let answer = self.0.call(request);
        Box::pin(async move { answer.await.map_err(|broke| broken(&broke)) })
    }
}

fn broken(broke: &SimulatedBreak) -> TransportError {
    TransportError::Broken(broke.to_string())
}
