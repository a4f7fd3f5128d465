//! Puts a valid token on every send, and discards one that was refused.

use std::sync::Arc;
use std::task::{Context, Poll};

use core_compliance::ports::Clock;
use http::header::AUTHORIZATION;
use http::{Extensions, StatusCode};
use tower::ServiceExt;
use tower_layer::Layer;
use tower_service::Service;

use crate::middleware::send_deadline::check;
use crate::middleware::{Direct, SendError};
use crate::request::Request;
use crate::token::{Grant, TokenCache};
use crate::transport::{BoxFuture, Response};

/// How often one request goes back to the queue after waiting for a token; then it goes out regardless, or a token
/// that lives shorter than the queue is long would keep it there for ever.
const MOST_ROUNDS: u32 = 3;

/// How often this request has waited for a token; travels in its extensions.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct TokenRounds(pub(crate) u32);

/// The token that a send carried had been accepted before; travels in the extensions of a 401.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TokenHadWorked(pub(crate) bool);

/// Adds [`Auth`].
#[derive(Clone)]
pub(crate) struct AuthLayer {
    tokens: Arc<TokenCache<Direct>>,
    clock: Arc<dyn Clock>,
}

/// Authorizes sends.
#[derive(Clone)]
pub(crate) struct Auth<S> {
    inner: S,
    tokens: Arc<TokenCache<Direct>>,
    clock: Arc<dyn Clock>,
}

impl AuthLayer {
    pub(crate) fn new(tokens: Arc<TokenCache<Direct>>, clock: Arc<dyn Clock>) -> Self {
        Self { tokens, clock }
    }
}

impl<S> Layer<S> for AuthLayer {
    type Service = Auth<S>;

    fn layer(&self, inner: S) -> Auth<S> {
        Auth {
            inner,
            tokens: Arc::clone(&self.tokens),
            clock: Arc::clone(&self.clock),
        }
    }
}

impl<S> Service<Request> for Auth<S>
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

    fn call(&mut self, mut request: Request) -> Self::Future {
        let Self { inner, tokens, clock } = self.clone();
        Box::pin(async move {
            let grant = match tokens.ready() {
                Some(grant) => grant,
                None => {
                    let grant = tokens.obtain().await.map_err(SendError::Run)?;
                    if must_queue_again(request.extensions()) {
                        return Err(SendError::TokenWaited);
                    }
                    // The layer outside looked before the token was waited for.
                    check(request.extensions(), clock.now())?;
                    grant
                }
            };
            request.headers_mut().insert(AUTHORIZATION, grant.bearer.clone());
            let mut response = inner.oneshot(request).await?;
            note(&tokens, &grant, &mut response);
            Ok(response)
        })
    }
}

/// After waiting for a token, the place in the quota is long past: sending now, together with all others that waited,
/// would be a burst.
fn must_queue_again(extensions: &Extensions) -> bool {
    extensions.get().copied().unwrap_or(TokenRounds(0)).0 < MOST_ROUNDS
}

/// Discards the token on 401, but only if it is still the one in use; remembers on success that it is good.
fn note<S>(tokens: &TokenCache<S>, grant: &Grant, response: &mut Response) {
    if response.status() == StatusCode::UNAUTHORIZED {
        let had_worked = tokens.refused(grant.generation);
        response.extensions_mut().insert(TokenHadWorked(had_worked));
    } else if response.status().is_success() {
        tokens.accepted(grant.generation);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_sends_back_to_the_queue_but_not_for_ever() {
        let mut extensions = Extensions::new();
        assert!(must_queue_again(&extensions));
        for (rounds, again) in [(1, true), (2, true), (3, false), (4, false)] {
            extensions.insert(TokenRounds(rounds));
            assert_eq!(must_queue_again(&extensions), again, "{rounds}");
        }
    }
}
