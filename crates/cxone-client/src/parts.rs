//! What the layers of one client share.

use std::sync::Arc;
use std::time::Duration;

use core_compliance::ports::Clock;

use crate::base_url::BaseUrl;
use crate::config::{CxoneConfig, RetryConfig};
use crate::error::ClientError;
use crate::jitter::Jitter;
use crate::middleware::base_uri::BaseUriLayer;
use crate::middleware::{Direct, direct};
use crate::pace::Pace;
use crate::redact::Redactor;
use crate::request_id::RequestIds;
use crate::retry::budget::RetryBudget;
use crate::retry::patience::{Exhausted, Patience};
use crate::stats::ClientStats;
use crate::token::TokenCache;
use crate::transport::Wire;

/// The shared state of a client's layers.
pub(crate) struct Parts {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<RequestIds>,
    pub(crate) pace: Arc<Pace>,
    pub(crate) tokens: Arc<TokenCache<Direct>>,
    pub(crate) trials: Arc<Trials>,
}

/// What decides on repetition, shared by requests and tokens.
pub(crate) struct Trials {
    pub(crate) base_url: BaseUrl,
    pub(crate) retry: RetryConfig,
    pub(crate) budget: RetryBudget,
    pub(crate) patience: Patience,
    pub(crate) pace: Arc<Pace>,
    pub(crate) jitter: Arc<Jitter>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) stats: ClientStats,
    pub(crate) redactor: Redactor,
}

impl Parts {
    /// Also returns the way that tokens take, to build the stack upon.
    pub(crate) fn new(
        config: &CxoneConfig,
        clock: Arc<dyn Clock>,
        wire: Wire,
        stats: ClientStats,
    ) -> (Self, Direct) {
        let jitter = Arc::new(Jitter::new(config.seed));
        let ids = Arc::new(RequestIds::new(&jitter));
        let pace = Arc::new(Pace::new(config.requests_per_second));
        let direct = direct(
            config.send_timeout,
            BaseUriLayer::new(config.base_url.clone()),
            wire,
        );
        let trials = Arc::new(Trials {
            base_url: config.base_url.clone(),
            retry: config.retry,
            budget: RetryBudget::new(),
            patience: Patience::new(config.patience),
            pace: Arc::clone(&pace),
            jitter,
            clock: Arc::clone(&clock),
            stats,
            redactor: Redactor::new(config.client_id.clone(), config.client_secret.clone()),
        });
        let credentials = (config.client_id.clone(), config.client_secret.clone());
        let tokens = TokenCache::new(credentials, direct.clone(), Arc::clone(&trials), Arc::clone(&ids));
        (
            Self {
                clock,
                ids,
                pace,
                tokens: Arc::new(tokens),
                trials,
            },
            direct,
        )
    }
}

impl Trials {
    /// Notes a failure worth a retry; says how long the run may still wait.
    ///
    /// # Errors
    /// The failure that ends the run when it may wait no longer.
    pub(crate) fn trouble(&self, last: &str) -> Result<Duration, ClientError> {
        self.patience.trouble().map_err(|exhausted| match exhausted {
            Exhausted::Patience => ClientError::OutOfPatience {
                patience: self.patience.limit(),
                last: last.to_owned(),
            },
            Exhausted::FirstContact => ClientError::Unreachable {
                base_url: self.base_url.to_string(),
                last: last.to_owned(),
            },
        })
    }

    /// The failure of a server that cannot be trusted.
    pub(crate) fn untrusted(&self, last: String) -> ClientError {
        ClientError::Certificate {
            base_url: self.base_url.to_string(),
            last,
        }
    }
}
