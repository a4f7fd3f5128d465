//! The leaf of the stack: one HTTP exchange, the whole body collected. reqwest in production, any service in tests.

mod wire;

use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tower_service::Service;

use crate::base_url::BaseUrl;
use crate::error::ClientError;
use crate::request::Request;

pub(crate) use wire::Wire;

/// An answer with its whole body.
pub(crate) type Response = http::Response<Bytes>;
pub(crate) type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// The largest body that is read: 16 MiB, some hundred times a full page.
pub(crate) const LARGEST_ANSWER: usize = 16 << 20;
/// Time for name resolution, TCP and TLS together.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Idle connections are dropped before the usual 60 s of servers, lest a request meets a closing one.
const POOL_IDLE: Duration = Duration::from_secs(45);

/// Why no answer came. The distinctions decide on retries.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// No connection: nothing was sent.
    #[error("could not connect: {0}")]
    Connect(String),
    /// The connection ended before the answer was complete: the server may have acted.
    #[error("the connection broke: {0}")]
    Broken(String),
    /// The server's certificate is not trusted.
    #[error("the certificate was refused: {0}")]
    Certificate(String),
    /// The answer exceeds what is read.
    #[error("the answer is larger than {limit} bytes")]
    AnswerTooLarge {
        /// The most bytes read.
        limit: usize,
    },
}

/// The production transport: reqwest over rustls with the ring provider, the roots of the platform, HTTP/1 with
/// keep-alive, the proxies of the environment (none for loopback), and no redirects.
#[derive(Clone, Debug)]
pub(crate) struct ReqwestTransport(reqwest::Client);

impl ReqwestTransport {
    /// # Errors
    /// [`ClientError::Setup`], for instance when the machine has no root certificates.
    pub(crate) fn new(base_url: &BaseUrl) -> Result<Self, ClientError> {
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls(base_url)?)
            .http1_only()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_idle_timeout(POOL_IDLE);
        if base_url.is_loopback() {
            builder = builder.no_proxy();
        }
        builder
            .build()
            .map(Self)
            .map_err(|error| ClientError::Setup(chain(&error)))
    }
}

/// No process-wide crypto provider is installed or relied upon: a library has no business there.
fn tls(base_url: &BaseUrl) -> Result<rustls::ClientConfig, ClientError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions = rustls::ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| ClientError::Setup(error.to_string()))?;
    if base_url.is_plain() {
        // Never used for a handshake; a machine without root certificates can still rehearse on loopback.
        return Ok(versions
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth());
    }
    let verifier = rustls_platform_verifier::Verifier::new(provider)
        .map_err(|error| ClientError::Setup(error.to_string()))?;
    Ok(versions
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}

impl Service<Request> for ReqwestTransport {
    type Response = Response;
    type Error = TransportError;
    type Future = BoxFuture<Result<Response, TransportError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let client = self.0.clone();
        Box::pin(async move {
            let request = reqwest::Request::try_from(request).map_err(|error| from_reqwest(&error))?;
            let mut answer = client
                .execute(request)
                .await
                .map_err(|error| from_reqwest(&error))?;
            let mut response = http::Response::new(());
            *response.status_mut() = answer.status();
            *response.headers_mut() = std::mem::take(answer.headers_mut());
            let body = collect(&mut answer).await?;
            Ok(response.map(|()| body))
        })
    }
}

async fn collect(answer: &mut reqwest::Response) -> Result<Bytes, TransportError> {
    let mut body = BytesMut::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| from_reqwest(&error))? {
        if body.len() + chunk.len() > LARGEST_ANSWER {
            return Err(TransportError::AnswerTooLarge {
                limit: LARGEST_ANSWER,
            });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

fn from_reqwest(error: &reqwest::Error) -> TransportError {
    let text = chain(error);
    if is_about_certificates(error) {
        TransportError::Certificate(text)
    } else if error.is_connect() || error.is_builder() {
        TransportError::Connect(text)
    } else {
        TransportError::Broken(text)
    }
}

/// The innermost causes say what happened; reqwest's own layers only repeat the URL, which is left out.
fn chain(error: &reqwest::Error) -> String {
    let mut texts: Vec<String> = Vec::new();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !texts.iter().any(|earlier| earlier.contains(&text)) {
            texts.push(text);
        }
        cause = error.source();
    }
    if texts.is_empty() {
        "the request failed".to_owned()
    } else {
        texts.join(": ")
    }
}

fn is_about_certificates(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        let inner = error
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref);
        let tls = error
            .downcast_ref()
            .or_else(|| inner.and_then(|inner| inner.downcast_ref::<rustls::Error>()));
        if matches!(tls, Some(rustls::Error::InvalidCertificate(_))) {
            return true;
        }
        cause = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_made_without_a_process_wide_provider() {
        assert!(ReqwestTransport::new(&"http://127.0.0.1:1".parse().unwrap()).is_ok());
        assert!(rustls::crypto::CryptoProvider::get_default().is_none());
    }

    #[test]
    fn certificate_errors_are_found_inside_io_errors() {
        let inner = rustls::Error::InvalidCertificate(rustls::CertificateError::Expired);
        assert!(is_about_certificates(&std::io::Error::other(inner)));
        assert!(!is_about_certificates(&std::io::Error::other("reset")));
    }
}
