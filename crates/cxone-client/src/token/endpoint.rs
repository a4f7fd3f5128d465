//! Asks the token endpoint, patiently and politely.

use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use tokio::time::{Instant, sleep};
use tower::ServiceExt;
use tower_service::Service;
use tracing::debug;

use super::answer::{PLACE, TokenAnswer, read};
use crate::error::ClientError;
use crate::middleware::SendError;
use crate::parts::Trials;
use crate::request::{Request, TOKEN_PATH, token};
use crate::request_id::{RequestId, RequestIds};
use crate::response::{SentAs, describe, with_request};
use crate::retry::backoff::{after_throttling, for_token};
use crate::retry::classify::{Ending, Verdict, classify};
use crate::retry::retry_after::retry_after;
use crate::secret::{AccessToken, ClientId, ClientSecret};
use crate::transport::{Response, TransportError};

/// How often an answer that looks final is asked for again when it may be a proxy's: in the middle of a run that had
/// tokens before, or a success of another shape.
const DOUBTFUL_SENDS: u32 = 4;

/// A token as it came.
#[derive(Debug)]
pub(super) struct Fetched {
    pub(super) bearer: HeaderValue,
    pub(super) life: Duration,
    /// When it was asked for: its life may have begun then.
    pub(super) asked_at: Instant,
}

/// The token endpoint, and what to show it.
pub(super) struct Endpoint<S> {
    credentials: (ClientId, ClientSecret),
    inner: S,
    trials: Arc<Trials>,
    ids: Arc<RequestIds>,
}

/// What to do after one send.
enum Next {
    Done(AccessToken, Duration),
    /// Ask again, after what the server asked for or our own backoff.
    Again {
        last: String,
        asked: Option<Duration>,
    },
    /// Ask again, but not often.
    Doubt(ClientError),
    Fail(ClientError),
}

impl<S> Endpoint<S> {
    pub(super) fn new(
        credentials: (ClientId, ClientSecret),
        inner: S,
        trials: Arc<Trials>,
        ids: Arc<RequestIds>,
    ) -> Self {
        Self {
            credentials,
            inner,
            trials,
            ids,
        }
    }

    /// `had_token`: this run got tokens before, so that a refusal may be a passing fault.
    fn next(&self, ended: Result<Response, SendError>, sent_as: &str, had_token: bool) -> Next {
        match ended {
            Ok(response) => self.after_answer(&response, had_token),
            Err(SendError::Transport(error)) => {
                if !matches!(error, TransportError::Connect(_)) {
                    self.trials.patience.reached();
                }
                let last = self.trials.redactor.quote(&error.to_string());
                let last = with_request(last, Some(sent_as));
                match classify(Ending::Failed(&error)) {
                    Verdict::Untrusted => Next::Fail(self.trials.untrusted(last)),
                    Verdict::TooLarge => Next::Doubt(ClientError::NotThisApi {
                        place: PLACE,
                        answer: last,
                    }),
                    _transient => Next::Again { last, asked: None },
                }
            }
            Err(SendError::Run(error)) => Next::Fail(error),
            Err(error @ (SendError::TimedOut(_) | SendError::DeadlinePassed | SendError::TokenWaited)) => {
                // Connecting has a shorter limit of its own: whoever is silent for so long is there.
                self.trials.patience.reached();
                Next::Again {
                    last: with_request(error.to_string(), Some(sent_as)),
                    asked: None,
                }
            }
        }
    }

    fn after_answer(&self, response: &Response, had_token: bool) -> Next {
        let Trials {
            clock,
            redactor,
            patience,
            stats,
            ..
        } = &*self.trials;
        patience.reached();
        let asked = retry_after(response.headers(), clock.now());
        // Readability is looked into below: what a token must look like is not a matter of a retry's classification.
        match classify(Ending::Answer {
            status: response.status(),
            readable: true,
            retry_after: asked,
        }) {
            Verdict::Throttled { .. } => {
                stats.count_throttled();
                return Next::Again {
                    last: describe(response, redactor),
                    asked,
                };
            }
            Verdict::Transient { .. } => {
                return Next::Again {
                    last: describe(response, redactor),
                    asked,
                };
            }
            Verdict::Success
            | Verdict::Final
            | Verdict::Unauthorized
            | Verdict::TooLarge
            | Verdict::Untrusted => {}
        }
        match read(response, redactor) {
            TokenAnswer::Granted(token, life) => Next::Done(token, life),
            TokenAnswer::CutShort => Next::Again {
                last: describe(response, redactor),
                asked: None,
            },
            TokenAnswer::Doubtful(error) => Next::Doubt(error),
            TokenAnswer::Refused(error) if had_token => Next::Doubt(error),
            TokenAnswer::Refused(error) => Next::Fail(error),
        }
    }
}

impl<S> Endpoint<S>
where
    S: Service<Request, Response = Response, Error = SendError> + Clone + Send,
    S::Future: Send,
{
    /// Asks until there is a token, a refusal, or no patience left.
    pub(super) async fn fetch(&self, had_token: bool) -> Result<Fetched, ClientError> {
        let trials = &*self.trials;
        let id = self.ids.next();
        let (mut sends, mut doubts) = (0, 0);
        loop {
            sends += 1;
            let asked_at = Instant::now();
            let sent_as = format!("{id}.{sends}");
            let ended = self.send(id, sends).await;
            let (last, asked) = match self.next(ended, &sent_as, had_token) {
                Next::Done(token, life) => match bearer(&token) {
                    Some(bearer) => {
                        trials.redactor.learn(&token);
                        return Ok(Fetched {
                            bearer,
                            life,
                            asked_at,
                        });
                    }
                    None => ("a token that cannot go into a header".to_owned(), None),
                },
                Next::Fail(error) => return Err(error),
                Next::Doubt(error) => {
                    doubts += 1;
                    if doubts >= DOUBTFUL_SENDS {
                        return Err(error);
                    }
                    (error.to_string(), None)
                }
                Next::Again { last, asked } => (last, asked),
            };
            let left = trials.trouble(&last)?;
            let own = for_token(&trials.retry, sends, &trials.jitter);
            let delay = match asked {
                Some(_) => after_throttling(&trials.retry, asked, sends, &trials.jitter).max(own / 2),
                None => own,
            };
            sleep(delay.min(left)).await;
            trials.stats.count_retry();
        }
    }

    async fn send(&self, id: RequestId, number: u32) -> Result<Response, SendError> {
        let (client_id, secret) = &self.credentials;
        let mut request = token(client_id, secret);
        id.stamp(request.headers_mut(), number);
        let started = Instant::now();
        let mut ended = self.inner.clone().oneshot(request).await;
        let elapsed_ms = started.elapsed().as_secs_f64() * 1_000.0;
        let status = ended.as_ref().map_or(0, |response| response.status().as_u16());
        debug!(method = "POST", path = TOKEN_PATH, %id, send = number, status, elapsed_ms, "asked for a token");
        if let Ok(response) = &mut ended {
            response.extensions_mut().insert(SentAs(format!("{id}.{number}")));
        }
        ended
    }
}

fn bearer(token: &AccessToken) -> Option<HeaderValue> {
    let mut bearer = HeaderValue::try_from(format!("Bearer {}", token.expose())).ok()?;
    bearer.set_sensitive(true);
    Some(bearer)
}

impl<S> core::fmt::Debug for Endpoint<S> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Endpoint").finish_non_exhaustive()
    }
}
