//! The simulator on a loopback port: HTTP/1 over TCP, with connections that break as the faults say.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt, stream};
use http::{Request, Response};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tower::Service;

use crate::config::{ConfigError, SimulatorConfig};
use crate::guard::Peer;
use crate::service::{SimulatedBreak, Simulator};

/// How long a shutdown waits for requests under way; hanging ones never end.
const GRACE: Duration = Duration::from_secs(1);

type TcpBody = UnsyncBoxBody<Bytes, SimulatedBreak>;

/// Why the simulator cannot listen.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BindError {
    /// The tenant is open to whoever reaches it, so it must be reached from this machine alone.
    #[error("`{0}` is not a loopback address; use 127.0.0.1 or [::1]")]
    NotLoopback(SocketAddr),
    /// The operating system refuses.
    #[error("cannot listen on `{address}`: {source}; use another port, or 0 for any free one")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The tenant cannot be simulated as configured.
    #[error(transparent)]
    Config(#[from] ConfigError),
}

/// A simulator that serves a port, until it is shut down or dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    simulator: Simulator,
    stop: watch::Sender<bool>,
    accepting: JoinHandle<()>,
}

impl Simulator {
    /// Serves a new tenant on a loopback address; port 0 takes any free one.
    ///
    /// # Errors
    /// [`BindError`] when the address is not loopback, is taken, or the configuration is out of range.
    pub async fn bind(config: SimulatorConfig, address: SocketAddr) -> Result<Server, BindError> {
        Self::new(config)?.serve(address).await
    }

    /// Serves this tenant on a loopback address; port 0 takes any free one.
    ///
    /// # Errors
    /// [`BindError`] when the address is not loopback or is taken.
    pub async fn serve(self, address: SocketAddr) -> Result<Server, BindError> {
        if !address.ip().is_loopback() {
            return Err(BindError::NotLoopback(address));
        }
        let failed = |source| BindError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let (stop, stopped) = watch::channel(false);
        let accepting = tokio::spawn(accept(listener, self.clone(), stopped));
        Ok(Server {
            address,
            simulator: self,
            stop,
            accepting,
        })
    }
}

impl Server {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:PORT`, the base of every URL of the tenant.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The tenant behind the port.
    #[must_use]
    pub fn simulator(&self) -> &Simulator {
        &self.simulator
    }

    /// Takes no more connections, lets requests under way end within a second, then closes what is left.
    pub async fn shutdown(mut self) {
        self.stop.send_replace(true);
        if let Err(error) = (&mut self.accepting).await {
            tracing::warn!(%error, "the simulator did not end in order");
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, simulator: Simulator, mut stopped: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    connections.spawn(serve_connection(stream, peer, simulator.clone(), stopped.clone()));
                }
                Err(error) => {
                    // Out of file descriptors, most likely: they come back when connections end.
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            },
            Some(_) = connections.join_next() => {}
            _ = stopped.changed() => break,
        }
    }
    drop(listener);
    let all_ended = async { while connections.join_next().await.is_some() {} };
    // What is left is aborted with the set.
    let _ = tokio::time::timeout(GRACE, all_ended).await;
}

async fn serve_connection(
    stream: TcpStream,
    peer: SocketAddr,
    simulator: Simulator,
    mut stopped: watch::Receiver<bool>,
) {
    // Small answers must not wait for the acknowledgement of earlier ones.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "cannot set TCP_NODELAY");
    }
    let service = service_fn(move |request| Box::pin(answer(simulator.clone(), peer, request)));
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let mut stopping = *stopped.borrow();
    let ended = loop {
        tokio::select! {
            // Without shutdown, so that the stream can still be reset.
            ended = std::future::poll_fn(|cx| connection.poll_without_shutdown(cx)) => break ended,
            _ = stopped.changed(), if !stopping => {
                stopping = true;
                Pin::new(&mut connection).graceful_shutdown();
            }
        }
    };
    let mut stream = connection.into_parts().io.into_inner();
    let closed = match ended {
        Err(error) if is_reset(&error) => stream.set_zero_linger(),
        _ => stream.shutdown().await,
    };
    if let Err(error) = closed {
        tracing::debug!(%error, "the peer was gone first");
    }
}

/// Whether a fault resets the connection, so that the peer meets an error instead of an end.
fn is_reset(error: &hyper::Error) -> bool {
    matches!(
        error.source().and_then(|source| source.downcast_ref()),
        Some(SimulatedBreak::ResetBefore | SimulatedBreak::ResetAfter)
    )
}

async fn answer(
    mut simulator: Simulator,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Result<Response<TcpBody>, SimulatedBreak> {
    let (mut parts, body) = request.into_parts();
    parts.extensions.insert(Peer(peer.ip()));
    let body = read(body, simulator.body_limit()).await?;
    // It arrives now that it is here as a whole, like in the process.
    match simulator.call(Request::from_parts(parts, body)).await {
        Ok(response) => {
            Ok(response.map(|body| Full::new(body).map_err(|never| match never {}).boxed_unsync()))
        }
        Err(SimulatedBreak::Truncated { sent }) => Ok(sent.map(truncated)),
        Err(broken) => Err(broken),
    }
}

/// Reads a body. Of one that is too large, only a byte too many is kept, but all is read: closing a connection with
/// unread bytes resets it, and the peer might never see the answer.
async fn read(mut body: Incoming, limit: usize) -> Result<Bytes, SimulatedBreak> {
    let mut all = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            return Err(SimulatedBreak::HungUp);
        };
        let room = limit.saturating_add(1).saturating_sub(all.len());
        if let Ok(data) = frame.into_data() {
            all.extend_from_slice(&data.slice(..data.len().min(room)));
        }
    }
    Ok(all.freeze())
}

/// A body that breaks after these bytes; the connection then closes short of the announced length.
fn truncated(sent: Bytes) -> TcpBody {
    let breaks = stream::once(async {
        // Lets the connection flush what it holds before it meets the error.
        tokio::task::yield_now().await;
        Err(SimulatedBreak::HungUp)
    });
    BodyExt::boxed_unsync(StreamBody::new(
        stream::iter([Ok(Frame::data(sent))]).chain(breaks),
    ))
}
