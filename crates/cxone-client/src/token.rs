//! The bearer token: got once for everybody, renewed early, discarded when refused.

mod answer;
mod endpoint;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::HeaderValue;
use tokio::time::Instant;
use tower_service::Service;

use crate::error::ClientError;
use crate::middleware::SendError;
use crate::parts::Trials;
use crate::request::Request;
use crate::request_id::RequestIds;
use crate::secret::{ClientId, ClientSecret};
use crate::sync::lock;
use crate::transport::Response;
use endpoint::Endpoint;

/// How long before its end a token is renewed: longer than any send takes.
const MARGIN: Duration = Duration::from_secs(60);

/// A token in use.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    /// `Bearer …`, marked sensitive.
    pub(crate) bearer: HeaderValue,
    /// Counts the tokens of this client, from 1.
    pub(crate) generation: u64,
    /// Its whole life as granted.
    pub(crate) life: Duration,
    refresh_at: Instant,
    expires_at: Instant,
}

/// Keeps the token of a client.
#[derive(Debug)]
pub(crate) struct TokenCache<S> {
    endpoint: Endpoint<S>,
    /// Held by the one refresh under way.
    turn: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    grant: Option<Grant>,
    /// The newest generation that the API accepted.
    accepted: u64,
    generations: u64,
    /// Refreshes that came to an end, and how the last one failed if it did.
    refreshes: u64,
    failure: Option<ClientError>,
}

impl<S> TokenCache<S> {
    pub(crate) fn new(
        credentials: (ClientId, ClientSecret),
        inner: S,
        trials: Arc<Trials>,
        ids: Arc<RequestIds>,
    ) -> Self {
        let endpoint = Endpoint::new(credentials, inner, trials, ids);
        Self {
            endpoint,
            turn: tokio::sync::Mutex::default(),
            state: Mutex::default(),
        }
    }

    /// The token, if no waiting is called for: a fresh one, or one that still lives while somebody renews it.
    pub(crate) fn ready(&self) -> Option<Grant> {
        let now = Instant::now();
        let grant = lock(&self.state).grant.clone()?;
        let being_renewed = || now < grant.expires_at && self.turn.try_lock().is_err();
        (now < grant.refresh_at || being_renewed()).then_some(grant)
    }

    /// Discards the token if it is still this one, and says whether the API had ever accepted it.
    pub(crate) fn refused(&self, generation: u64) -> bool {
        let mut state = lock(&self.state);
        if state
            .grant
            .as_ref()
            .is_some_and(|grant| grant.generation == generation)
        {
            state.grant = None;
        }
        state.accepted >= generation
    }

    /// Notes that the API accepted this token.
    pub(crate) fn accepted(&self, generation: u64) {
        let mut state = lock(&self.state);
        state.accepted = state.accepted.max(generation);
    }
}

impl<S> TokenCache<S>
where
    S: Service<Request, Response = Response, Error = SendError> + Clone + Send,
    S::Future: Send,
{
    /// A fresh token. However many ask at once, one of them fetches it for all, and when it fails, for all.
    ///
    /// # Errors
    /// The failure of the run that the token endpoint gave cause for.
    pub(crate) async fn obtain(&self) -> Result<Grant, ClientError> {
        let seen = lock(&self.state).refreshes;
        let _turn = self.turn.lock().await;
        let had_token = {
            let state = lock(&self.state);
            if let Some(grant) = state
                .grant
                .as_ref()
                .filter(|grant| Instant::now() < grant.refresh_at)
            {
                return Ok(grant.clone());
            }
            // Whoever waited for a refresh that failed does not try the same again, one after the other.
            if let (true, Some(failure)) = (state.refreshes > seen, &state.failure) {
                return Err(failure.clone());
            }
            state.generations > 0
        };
        let fetched = self.endpoint.fetch(had_token).await;
        let mut state = lock(&self.state);
        state.refreshes += 1;
        match fetched {
            Ok(fetched) => {
                state.generations += 1;
                let grant = Grant {
                    bearer: fetched.bearer,
                    generation: state.generations,
                    life: fetched.life,
                    refresh_at: fetched.asked_at + fresh_for(fetched.life),
                    expires_at: fetched.asked_at + fetched.life,
                };
                state.failure = None;
                state.grant = Some(grant.clone());
                Ok(grant)
            }
            Err(failure) => {
                state.failure = Some(failure.clone());
                Err(failure)
            }
        }
    }
}

/// How long a token is used before it is renewed: until 60 s before its end, or for half of a life under 120 s.
fn fresh_for(life: Duration) -> Duration {
    life.saturating_sub(MARGIN).max(life.min(2 * MARGIN) / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_renewed_60_s_early_or_at_half_of_a_short_life() {
        for (life, fresh) in [
            (3600, 3540.0),
            (300, 240.0),
            (121, 61.0),
            (120, 60.0),
            (119, 59.5),
            (60, 30.0),
            (1, 0.5),
        ] {
            assert_eq!(
                fresh_for(Duration::from_secs(life)).as_secs_f64(),
                fresh,
                "{life}"
            );
        }
    }
}
