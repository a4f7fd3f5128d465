//! Sends again what may still succeed, for as long as tries, budget and patience last.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::StatusCode;
use tokio::time::{Instant, sleep};
use tower::ServiceExt;
use tower_layer::Layer;
use tower_service::Service;
use tracing::debug;

use crate::error::ClientError;
use crate::middleware::auth::{TokenHadWorked, TokenRounds};
use crate::middleware::{CallError, SendError};
use crate::parts::Trials;
use crate::request::{Request, RequestKind};
use crate::request_id::RequestId;
use crate::response::{SentAs, describe, is_readable};
use crate::retry::backoff::{after_throttling, full_jitter};
use crate::retry::classify::{Ending, Verdict, classify};
use crate::retry::plan::{Circumstances, Step, Tally};
use crate::retry::retry_after::retry_after;
use crate::transport::{BoxFuture, Response, TransportError};

/// Adds [`Retry`].
#[derive(Clone)]
pub(crate) struct RetryLayer {
    trials: Arc<Trials>,
}

/// Repeats sends. That a POST may be repeated rests on the contract: an upsert by `externalId` is idempotent.
#[derive(Clone)]
pub(crate) struct Retry<S> {
    inner: S,
    trials: Arc<Trials>,
}

impl RetryLayer {
    pub(crate) fn new(trials: Arc<Trials>) -> Self {
        Self { trials }
    }
}

impl<S> Layer<S> for RetryLayer {
    type Service = Retry<S>;

    fn layer(&self, inner: S) -> Retry<S> {
        Retry {
            inner,
            trials: Arc::clone(&self.trials),
        }
    }
}

impl<S> Service<Request> for Retry<S>
where
    S: Service<Request, Response = Response, Error = SendError> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response;
    type Error = CallError;
    type Future = BoxFuture<Result<Response, CallError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), CallError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let Self { inner, trials } = self.clone();
        let kind = request.extensions().get().copied().unwrap_or(RequestKind::Upsert);
        let id = request.extensions().get().copied();
        Box::pin(async move {
            Repetition {
                trials: &trials,
                kind,
                id,
            }
            .run(inner, request)
            .await
        })
    }
}

/// One request, sent until it is settled.
struct Repetition<'a> {
    trials: &'a Trials,
    kind: RequestKind,
    id: Option<RequestId>,
}

impl Repetition<'_> {
    async fn run<S>(&self, inner: S, request: Request) -> Result<Response, CallError>
    where
        S: Service<Request, Response = Response, Error = SendError> + Clone,
    {
        let _under_way = self.trials.patience.begin();
        let mut tally = Tally::default();
        let mut rounds = TokenRounds::default();
        let mut troubled = None;
        loop {
            let number = tally.sends.saturating_add(1);
            let mut send = request.clone();
            send.extensions_mut().insert(rounds);
            if let Some(id) = self.id {
                id.stamp(send.headers_mut(), number);
            }
            let sent = Instant::now();
            let ended = match inner.clone().oneshot(send).await {
                Ok(response) => Ok(self.signed(response, number)),
                Err(SendError::TokenWaited) => {
                    rounds.0 += 1;
                    continue;
                }
                Err(SendError::DeadlinePassed) => return Err(withheld(tally)),
                Err(SendError::Run(error)) => return Err(CallError::Run(error)),
                Err(error @ SendError::Transport(TransportError::Connect(_))) => Err(error),
                Err(error @ (SendError::Transport(_) | SendError::TimedOut(_))) => {
                    self.trials.patience.reached();
                    Err(error)
                }
            };
            rounds = TokenRounds::default();
            let verdict = self.judge(&ended);
            let since = *troubled.get_or_insert_with(Instant::now);
            let step = tally.next(verdict, self.circumstances(&ended, since));
            let status = ended.as_ref().map_or(0, |response| response.status().as_u16());
            debug!(
                send = number,
                status,
                ?step,
                elapsed_ms = sent.elapsed().as_secs_f64() * 1_000.0,
                "sent"
            );
            let reason = match (step, ended) {
                (Step::Finish, Ok(response)) => {
                    self.settled(verdict);
                    return Ok(response);
                }
                (_, Ok(response)) => describe(&response, &self.trials.redactor),
                (_, Err(error)) => self.described(&error, number),
            };
            self.wait(step, reason, tally).await?;
            self.trials.stats.count_retry();
        }
    }

    /// Notes that an answer came, and under which id it was asked for.
    fn signed(&self, mut response: Response, number: u32) -> Response {
        self.trials.patience.reached();
        if response.status() == StatusCode::TOO_MANY_REQUESTS {
            self.trials.stats.count_throttled();
        }
        if let Some(id) = self.id {
            response.extensions_mut().insert(SentAs(format!("{id}.{number}")));
        }
        response
    }

    fn settled(&self, verdict: Verdict) {
        self.trials.patience.success();
        if verdict == Verdict::Success {
            self.trials.budget.refund();
        }
    }

    fn described(&self, error: &SendError, number: u32) -> String {
        let text = self.trials.redactor.quote(&error.to_string());
        match self.id {
            Some(id) => format!("{text} (request {id}.{number})"),
            None => text,
        }
    }

    fn judge(&self, ended: &Result<Response, SendError>) -> Verdict {
        match ended {
            Ok(response) => classify(Ending::Answer {
                status: response.status(),
                readable: is_readable(self.kind, response.status(), response.body()),
                retry_after: retry_after(response.headers(), self.trials.clock.now()),
            }),
            Err(SendError::Transport(error)) => classify(Ending::Failed(error)),
            // The others never come this far.
            Err(_timed_out) => classify(Ending::TimedOut),
        }
    }

    /// A page is asked for beyond its tries for as long as the run is patient: it has no second pass. Not so when what
    /// comes cannot be read, for that is answered at once and would go on for ever.
    ///
    /// `since`: when this request first failed.
    fn circumstances(&self, ended: &Result<Response, SendError>, since: Instant) -> Circumstances {
        let trials = self.trials;
        let unreadable = ended
            .as_ref()
            .is_ok_and(|response| response.status().is_success());
        let patient = since.elapsed() < trials.patience.limit();
        let worked = |response: &Response| {
            response
                .extensions()
                .get()
                .is_some_and(|TokenHadWorked(worked)| *worked)
        };
        Circumstances {
            most_sends: trials.retry.sends,
            stubborn: self.kind != RequestKind::Upsert && !unreadable && patient,
            token_had_worked: ended.as_ref().is_ok_and(worked),
        }
    }

    /// Waits before the next send, or says why there is none.
    async fn wait(&self, step: Step, reason: String, tally: Tally) -> Result<(), CallError> {
        let trials = self.trials;
        let delay = match step {
            Step::NewToken => return Ok(()),
            Step::GiveUp | Step::Finish => {
                if self.kind != RequestKind::Upsert {
                    // Where nothing else succeeded either, it is not this page that is at fault.
                    trials.trouble(&reason).map_err(CallError::Run)?;
                }
                return Err(CallError::GaveUp {
                    reason,
                    sends: tally.sends,
                });
            }
            Step::TokenRefused => return Err(CallError::Run(ClientError::TokenRefused { answer: reason })),
            Step::Distrust => return Err(CallError::Run(trials.untrusted(reason))),
            Step::Throttle { throttlings, asked } => {
                // Everybody slows down; this one also waits, unless it is told to, by its own backoff.
                trials.pace.throttled(asked);
                after_throttling(&trials.retry, asked, throttlings, &trials.jitter)
            }
            Step::Retry { retry, asked } => {
                let own = full_jitter(&trials.retry, retry, &trials.jitter);
                let asked = asked.map(|_| after_throttling(&trials.retry, asked, retry, &trials.jitter));
                own.max(asked.unwrap_or(Duration::ZERO))
                    .max(trials.budget.spend(Instant::now()))
            }
        };
        let left = trials.trouble(&reason).map_err(CallError::Run)?;
        sleep(delay.min(left)).await;
        Ok(())
    }
}

/// Once an earlier send may have arrived, nobody can say any more that the contact was withheld.
fn withheld(tally: Tally) -> CallError {
    if tally.ambiguous {
        let reason = "the deadline passed after a send whose outcome is unknown".to_owned();
        return CallError::GaveUp {
            reason,
            sends: tally.sends,
        };
    }
    CallError::Withheld
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passed_deadline_withholds_only_what_cannot_have_arrived() {
        assert!(matches!(withheld(Tally::default()), CallError::Withheld));
        let mut unsure = Tally::default();
        (unsure.ambiguous, unsure.sends) = (true, 2);
        assert!(matches!(withheld(unsure), CallError::GaveUp { sends: 2, .. }));
    }
}
