//! The layers between a request and the wire, one file each: a layer, its service, and the pure function within.
//!
//! Outermost first: trace → retry → rate limit → send deadline → auth → send timeout → base URI → transport. The order
//! carries meaning. Auth is inside retry, or a retry would resend a stale token. The rate limit is inside retry, so that
//! every send is paced, and outside the timeout, so that waiting spends none. The deadline is looked at after the
//! waiting, at every send.

pub(crate) mod auth;
pub(crate) mod base_uri;
pub(crate) mod rate_limit;
pub(crate) mod retry;
pub(crate) mod send_deadline;
pub(crate) mod send_timeout;
pub(crate) mod trace;

use std::time::Duration;

use tower_layer::Layer;

use crate::error::ClientError;
use crate::parts::Parts;
use crate::transport::{TransportError, Wire};
use auth::{Auth, AuthLayer};
use base_uri::{BaseUri, BaseUriLayer};
use rate_limit::{RateLimit, RateLimitLayer};
use retry::{Retry, RetryLayer};
use send_deadline::{SendDeadline, SendDeadlineLayer};
use send_timeout::{SendTimeout, SendTimeoutLayer};
use trace::{Trace, TraceLayer};

/// What every request needs last: a bound on its time, and the address. Tokens take this short way.
pub(crate) type Direct = SendTimeout<BaseUri<Wire>>;
/// The whole stack.
pub(crate) type Stack = Trace<Retry<RateLimit<SendDeadline<Auth<Direct>>>>>;

/// Why a send brought no answer; between the layers inside retry.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum SendError {
    #[error(transparent)]
    Transport(TransportError),
    #[error("no answer within {0:?}")]
    TimedOut(Duration),
    #[error("the deadline has passed")]
    DeadlinePassed,
    /// The token had to be waited for, so that pace and deadline are to be looked at anew. Nothing was sent.
    #[error("a token was waited for")]
    TokenWaited,
    /// A failure of the run.
    #[error(transparent)]
    Run(ClientError),
}

/// Why a request came to nothing; what the stack answers.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum CallError {
    /// The deadline passed, and no send before can have arrived.
    #[error("not sent: the deadline has passed")]
    Withheld,
    /// Tried often enough.
    #[error("{reason}")]
    GaveUp { reason: String, sends: u32 },
    /// A failure of the run.
    #[error(transparent)]
    Run(ClientError),
}

impl CallError {
    /// The sort of error in words that are safe to log: reasons may quote a server that quotes a contact.
    pub(crate) fn label(&self) -> &'static str {
        match self {
            Self::Withheld => "withheld",
            Self::GaveUp { .. } => "gave up",
            Self::Run(_) => "run failed",
        }
    }
}

/// The way that tokens take.
pub(crate) fn direct(timeout: Duration, base: BaseUriLayer, wire: Wire) -> Direct {
    SendTimeoutLayer::new(timeout).layer(base.layer(wire))
}

/// Puts the layers on top of one another.
pub(crate) fn stack(parts: &Parts, direct: Direct) -> Stack {
    let auth = AuthLayer::new(parts.tokens.clone(), parts.clock.clone()).layer(direct);
    let deadline = SendDeadlineLayer::new(parts.clock.clone()).layer(auth);
    let paced = RateLimitLayer::new(parts.pace.clone()).layer(deadline);
    let retried = RetryLayer::new(parts.trials.clone()).layer(paced);
    TraceLayer::new(parts.ids.clone()).layer(retried)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the layers do in this order is tested in `tests/it`; that it is this order, here.
    #[test]
    fn the_order_of_the_layers() {
        let name = std::any::type_name::<Stack>();
        let layers: Vec<_> = name
            .split('<')
            .map(|layer| layer.rsplit("::").next().unwrap())
            .collect();
        let order = layers.join(" → ").replace('>', "");
        assert_eq!(
            order,
            "Trace → Retry → RateLimit → SendDeadline → Auth → SendTimeout → BaseUri → Wire"
        );
    }
}
