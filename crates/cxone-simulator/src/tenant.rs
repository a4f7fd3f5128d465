//! The tenant: judges each request on its arrival, under the faults that are due.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::response::Response;
use http::header::{AUTHORIZATION, CACHE_CONTROL, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, StatusCode};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::answer::{oauth_refusal, refusal, unauthorized};
use crate::campaign::{Campaign, Receipt, Upload};
use crate::config::{Latency, Quota, SimulatorConfig};
use crate::contacts::{is_known, number_of};
use crate::endpoint::Endpoint;
use crate::fault::FaultKind;
use crate::listing::{ListRefusal, ListRequest, MAX_PAGE_SIZE, page};
use crate::quota::SlidingWindow;
use crate::stats::{Stats, Tally};
use crate::strike::{Armed, Shown, add_receipt};
use crate::token::{BearerRefusal, TokenRequest, Tokens};
use crate::upsert::{external_id, says_json, validate};
use crate::{answer, campaign::ContactKey};

/// What was found when a request arrived.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival {
    /// When.
    pub(crate) at: Duration,
    /// How long its answer takes.
    pub(crate) latency: Duration,
    /// The wait, when the quota was used up.
    pub(crate) over_quota: Option<Duration>,
    /// Whether its body is over the limit.
    pub(crate) oversized: bool,
}

/// Held only for a moment at each arrival, so that a page being made does not shift the times of others.
struct Gate {
    quota: SlidingWindow,
    latencies: ChaCha8Rng,
    tally: Tally,
}

/// What requests change.
pub(crate) struct State {
    pub(crate) tokens: Tokens,
    pub(crate) campaign: Campaign,
    pub(crate) armed: Armed,
    /// Page tokens of an earlier generation are expired.
    pub(crate) generation: u32,
    /// And answered so.
    expired_status: StatusCode,
}

/// A simulated tenant.
pub(crate) struct Tenant {
    pub(crate) config: SimulatorConfig,
    started: Instant,
    gate: Mutex<Gate>,
    state: Mutex<State>,
}

/// A panic elsewhere leaves counts that are still worth reading.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Tenant {
    pub(crate) fn new(config: SimulatorConfig) -> Self {
        let mut latencies = ChaCha8Rng::seed_from_u64(config.seed);
        latencies.set_stream(u64::MAX - 1);
        let gate = Gate {
            quota: SlidingWindow::default(),
            latencies,
            tally: Tally::default(),
        };
        let state = State {
            tokens: Tokens::new(config.seed),
            campaign: Campaign::default(),
            armed: Armed::new(config.faults.clone(), config.seed),
            generation: 0,
            expired_status: StatusCode::GONE,
        };
        Self {
            config,
            started: Instant::now(),
            gate: Mutex::new(gate),
            state: Mutex::new(state),
        }
    }

    /// The time since the start.
    pub(crate) fn now(&self) -> Duration {
        Instant::now().duration_since(self.started)
    }

    /// Notes a request and judges it by the quota. The time is taken under the lock: arrivals are in order.
    pub(crate) fn arrive(&self, endpoint: Endpoint, body_length: usize) -> Arrival {
        let mut gate = locked(&self.gate);
        let at = self.now();
        gate.tally.arrive(endpoint, at);
        let over_quota = match self.config.quota {
            Quota::PerSecond(limit) if endpoint.is_contacts() => gate
                .quota
                .admit(at, usize::try_from(limit.get()).unwrap_or(usize::MAX))
                .err(),
            _ => None,
        };
        if over_quota.is_some() {
            gate.tally.refused_by_quota();
        }
        let latency = match (endpoint, self.config.latency) {
            (Endpoint::Stats, _) => Duration::ZERO,
            (_, Latency::Fixed(always)) => always,
            (_, Latency::Uniform { min, max }) => gate.latencies.random_range(min..=max),
        };
        Arrival {
            at,
            latency,
            over_quota,
            oversized: body_length > self.config.body_limit,
        }
    }

    /// Answers a token request.
    pub(crate) fn token(
        &self,
        arrival: Arrival,
        form: Result<TokenRequest, (StatusCode, String)>,
    ) -> Response {
        let mut state = locked(&self.state);
        let shown = Shown {
            endpoint: Endpoint::Token,
            continuation: false,
            contact: None,
        };
        self.under_faults(&mut state, shown, |state, fault| {
            if arrival.oversized {
                return self.oversized();
            }
            let judged = match form {
                Ok(form) => form.judge(&self.config.credentials, &self.config.granted_scopes),
                Err((status, description)) => return oauth_refusal(status, "invalid_request", &description),
            };
            let scopes = match judged {
                Ok(scopes) => scopes,
                Err(refused) => {
                    let status = StatusCode::from_u16(refused.status).unwrap_or(StatusCode::BAD_REQUEST);
                    return oauth_refusal(status, refused.error, &refused.description);
                }
            };
            let life = match fault {
                Some(FaultKind::ShortToken(life)) => *life,
                _ => self.config.token_life,
            };
            let scope = scopes.join(" ");
            let token = state.tokens.issue(arrival.at, life, scopes);
            // Floored: a token never lives shorter than it says.
            let body = json!({
                "access_token": token, "token_type": "Bearer", "expires_in": life.as_secs(), "scope": scope
            });
            let mut response = answer::json(StatusCode::OK, &body);
            response
                .headers_mut()
                .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        })
    }

    /// Answers a request for a page.
    pub(crate) fn list(
        &self,
        arrival: Arrival,
        headers: &HeaderMap,
        request: Result<ListRequest, String>,
    ) -> Response {
        let mut state = locked(&self.state);
        if let Some(refused) = self.refuse(&state, arrival, headers, "contacts:read") {
            return refused;
        }
        let request = match request {
            Ok(request) => request,
            Err(reason) => return refusal(StatusCode::BAD_REQUEST, &reason),
        };
        let continuation = request.is_continuation();
        let shown = Shown {
            endpoint: Endpoint::List,
            continuation,
            contact: None,
        };
        self.under_faults(&mut state, shown, |state, fault| {
            if let Some(FaultKind::ExpiredCursor(status)) = fault {
                state.generation = state.generation.wrapping_add(1);
                state.expired_status = *status;
                return refusal(*status, "nextPageToken has expired; list anew");
            }
            match request.read(self.config.seed, state.generation) {
                Ok((cursor, size)) => answer::json(StatusCode::OK, &page(&self.config, cursor, size, fault)),
                Err(ListRefusal::PageSize(given)) => {
                    let message = format!("pageSize `{given}` is not a number from 1 to {MAX_PAGE_SIZE}");
                    refusal(StatusCode::BAD_REQUEST, &message)
                }
                Err(ListRefusal::UnknownToken(given)) => refusal(
                    StatusCode::BAD_REQUEST,
                    &format!("nextPageToken `{given}` was not issued here"),
                ),
                Err(ListRefusal::ExpiredToken) => {
                    refusal(state.expired_status, "nextPageToken has expired; list anew")
                }
            }
        })
    }

    /// Answers an upsert.
    pub(crate) fn upsert(&self, arrival: Arrival, headers: &HeaderMap, body: &[u8]) -> Response {
        let contact = serde_json::from_slice::<Value>(body);
        let id = contact.as_ref().ok().and_then(external_id);
        let mut state = locked(&self.state);
        if let Some(id) = id {
            state.campaign.send(&ContactKey::of(id));
        }
        if let Some(refused) = self.refuse(&state, arrival, headers, "contacts:write") {
            return refused;
        }
        let shown = Shown {
            endpoint: Endpoint::Upsert,
            continuation: false,
            contact: id,
        };
        self.under_faults(&mut state, shown, |state, _| {
            if arrival.oversized {
                return self.oversized();
            }
            if !says_json(headers) {
                return refusal(
                    StatusCode::UNSUPPORTED_MEDIA_TYPE,
                    "the body must be application/json",
                );
            }
            let contact = match &contact {
                Ok(contact) => contact,
                Err(error) => {
                    return refusal(StatusCode::BAD_REQUEST, &format!("the body is not JSON: {error}"));
                }
            };
            match validate(contact) {
                Ok(id) => self.store(state, id, contact, arrival.at),
                Err(reason) => refusal(StatusCode::BAD_REQUEST, &reason),
            }
        })
    }

    fn store(&self, state: &mut State, id: &str, contact: &Value, at: Duration) -> Response {
        let (was_there, receipt) = state
            .campaign
            .store(id, at, self.config.keep_payloads.then_some(contact));
        let known = was_there || number_of(id).is_some_and(|number| self.is_known(number));
        let status = if known {
            StatusCode::OK
        } else {
            StatusCode::CREATED
        };
        add_receipt(answer::json(status, contact), receipt)
    }

    fn is_known(&self, number: u32) -> bool {
        number <= self.config.contacts && is_known(&self.config.profile, self.config.seed, number)
    }

    /// The quota first, as gateways do; then the bearer.
    fn refuse(
        &self,
        state: &State,
        arrival: Arrival,
        headers: &HeaderMap,
        scope: &'static str,
    ) -> Option<Response> {
        if let Some(wait) = arrival.over_quota {
            let mut response = refusal(
                StatusCode::TOO_MANY_REQUESTS,
                "the tenant's request quota is used up",
            );
            if let Some(value) = self
                .config
                .quota_retry_after
                .header(wait, self.config.clock.now())
            {
                response.headers_mut().insert(RETRY_AFTER, value);
            }
            return Some(response);
        }
        let authorization = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let refused = state.tokens.check(arrival.at, authorization, scope).err()?;
        Some(match refused {
            BearerRefusal::Missing => unauthorized("no bearer token was sent"),
            BearerRefusal::Unknown => unauthorized("the bearer token is not known"),
            BearerRefusal::Expired => unauthorized("the bearer token has expired"),
            BearerRefusal::Scope(scope) => refusal(
                StatusCode::FORBIDDEN,
                &format!("the bearer token lacks the scope `{scope}`"),
            ),
        })
    }

    fn oversized(&self) -> Response {
        let message = format!("the body is larger than {} bytes", self.config.body_limit);
        refusal(StatusCode::PAYLOAD_TOO_LARGE, &message)
    }

    /// An answer has left whole.
    pub(crate) fn answered(&self, status: StatusCode, receipt: Option<&Receipt>) {
        if let Some(receipt) = receipt {
            locked(&self.state).campaign.deliver(receipt, self.now());
        }
        locked(&self.gate).tally.answered(status);
    }

    /// A request ends without a whole answer.
    pub(crate) fn broke(&self) {
        locked(&self.gate).tally.broke();
    }

    /// A fault took a request.
    pub(crate) fn count_fault(&self, name: &str, stored: bool) {
        locked(&self.gate).tally.fault(name, stored);
    }

    pub(crate) fn stats(&self, with_contacts: bool) -> Stats {
        let state = locked(&self.state);
        let gate = locked(&self.gate);
        let mut stats = gate
            .tally
            .stats(self.now(), self.config.contacts, state.campaign.sums());
        stats.contacts = with_contacts.then(|| state.campaign.per_contact());
        stats
    }

    pub(crate) fn uploads(&self) -> Vec<Upload> {
        locked(&self.state).campaign.uploads().to_vec()
    }
}
