//! Puts the tenant's address before the path.

use std::task::{Context, Poll};

use http::Uri;
use tower_layer::Layer;
use tower_service::Service;

use crate::base_url::BaseUrl;
use crate::request::Request;

/// Adds [`BaseUri`].
#[derive(Clone, Debug)]
pub(crate) struct BaseUriLayer {
    base: BaseUrl,
}

/// Turns `/api/v2/contacts?…` into `https://acme.my.cxone.com/api/v2/contacts?…`.
#[derive(Clone, Debug)]
pub(crate) struct BaseUri<S> {
    inner: S,
    base: BaseUrl,
}

impl BaseUriLayer {
    pub(crate) fn new(base: BaseUrl) -> Self {
        Self { base }
    }
}

impl<S> Layer<S> for BaseUriLayer {
    type Service = BaseUri<S>;

    fn layer(&self, inner: S) -> BaseUri<S> {
        BaseUri {
            inner,
            base: self.base.clone(),
        }
    }
}

impl<S: Service<Request>> Service<Request> for BaseUri<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request) -> S::Future {
        if let Ok(uri) = set_base_uri(&self.base, request.uri()) {
            *request.uri_mut() = uri;
        }
        self.inner.call(request)
    }
}

/// The path and query of `uri` under `base`, whose own path comes first.
///
/// # Errors
/// Never for a validated base and a URI that was one already, other than for one that grows beyond 64 KiB; that is sent
/// as it was, for the transport to refuse.
fn set_base_uri(base: &BaseUrl, uri: &Uri) -> Result<Uri, http::uri::InvalidUri> {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    format!("{base}{path}").parse()
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use tower::{ServiceExt, service_fn};

    use super::*;

    #[tokio::test]
    async fn every_request_gets_the_address() {
        let layer = BaseUriLayer::new("https://acme.my.cxone.com".parse().unwrap());
        let service = layer.layer(service_fn(async |request: Request| {
            Ok::<_, Infallible>(request.uri().to_string())
        }));
        let mut request = Request::default();
        *request.uri_mut() = Uri::from_static("/api/v2/contacts");
        assert_eq!(
            service.oneshot(request).await.unwrap(),
            "https://acme.my.cxone.com/api/v2/contacts"
        );
    }

    #[test]
    fn the_path_follows_the_base() {
        for (base, expected) in [
            (
                "https://acme.my.cxone.com",
                "https://acme.my.cxone.com/api/v2/contacts?a=%20b",
            ),
            (
                "https://gw.example/cx/",
                "https://gw.example/cx/api/v2/contacts?a=%20b",
            ),
            ("http://[::1]:8080", "http://[::1]:8080/api/v2/contacts?a=%20b"),
        ] {
            let uri = Uri::from_static("/api/v2/contacts?a=%20b");
            assert_eq!(set_base_uri(&base.parse().unwrap(), &uri).unwrap(), expected);
        }
    }
}
