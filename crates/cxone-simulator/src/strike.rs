//! Faults at work: which one takes a request, and what it makes of the answer.

use axum::response::Response;
use http::StatusCode;
use http::header::RETRY_AFTER;

use crate::answer::{self, Ending, HTML, How, oauth_refusal, refusal, take_ending, unauthorized};
use crate::campaign::{ContactKey, Receipt};
use crate::endpoint::Endpoint;
use crate::fault::{BodyForm, Fault, FaultKind};
use crate::schedule::Progress;
use crate::tenant::{State, Tenant};

/// What faults look at in a request.
#[derive(Clone, Copy)]
pub(crate) struct Shown<'a> {
    pub(crate) endpoint: Endpoint,
    /// A request for a page other than the first.
    pub(crate) continuation: bool,
    /// The contact of an upsert.
    pub(crate) contact: Option<&'a str>,
}

/// The faults with the progress of their schedules.
pub(crate) struct Armed(Vec<(Fault, Progress)>);

impl Armed {
    pub(crate) fn new(faults: Vec<Fault>, seed: u64) -> Self {
        let arm = |(place, fault)| (fault, Progress::new(seed, place));
        Self(faults.into_iter().enumerate().map(arm).collect())
    }

    /// The fault that takes this request: the first that is due. Later ones do not see the request, so that faults
    /// given together come one after the other instead of hiding each other.
    pub(crate) fn strike(&mut self, shown: Shown<'_>) -> Option<Fault> {
        let key = shown.contact.map(ContactKey::of);
        self.0
            .iter_mut()
            .find_map(|(fault, progress)| {
                let matches = fault.endpoints.contains(shown.endpoint)
                    && fault.id.as_deref().is_none_or(|id| shown.contact == Some(id))
                    && (shown.continuation || !needs_continuation(&fault.kind));
                (matches && fault.schedule.strikes(progress, key.as_ref())).then_some(&*fault)
            })
            .cloned()
    }
}

/// Some faults have nothing to bend on a first page.
fn needs_continuation(kind: &FaultKind) -> bool {
    matches!(kind, FaultKind::Duplicate | FaultKind::ExpiredCursor(_))
}

/// An answer whose sender is to be told that its upsert succeeded.
pub(crate) fn add_receipt(mut response: Response, receipt: Receipt) -> Response {
    response.extensions_mut().insert(Ending {
        receipt: Some(receipt),
        ..Ending::default()
    });
    response
}

impl Tenant {
    /// The normal answer, or what the due fault makes of it.
    pub(crate) fn under_faults(
        &self,
        state: &mut State,
        shown: Shown<'_>,
        normal: impl FnOnce(&mut State, Option<&FaultKind>) -> Response,
    ) -> Response {
        let Some(fault) = state.armed.strike(shown) else {
            return normal(state, None);
        };
        // What was stored is told by the receipt, which a refused contact does not have.
        let mut stored = false;
        let normal = |state: &mut State| {
            let mut response = normal(state, Some(&fault.kind));
            let ending = take_ending(&mut response);
            stored = ending.receipt.is_some();
            (response, ending)
        };
        let response = match &fault.kind {
            FaultKind::Status {
                code,
                body,
                retry_after,
            } => {
                if fault.stores() {
                    drop(normal(state));
                }
                let mut response = status(*code, *body, shown.endpoint);
                let wait = std::time::Duration::from_secs(1);
                if let Some(value) = retry_after.header(wait, self.config.clock.now()) {
                    response.headers_mut().insert(RETRY_AFTER, value);
                }
                match shown.contact {
                    Some(id) if *code == StatusCode::CONFLICT => add_receipt(
                        response,
                        Receipt::Conflict {
                            key: ContactKey::of(id),
                        },
                    ),
                    _ => response,
                }
            }
            FaultKind::RevokedToken => {
                state.tokens.revoke_all();
                unauthorized("the bearer token has been revoked")
            }
            FaultKind::ResetBefore => ends(answer::empty(StatusCode::OK), How::ResetBefore),
            FaultKind::ResetAfter => ends(normal(state).0, How::ResetAfter),
            FaultKind::Truncated => ends(normal(state).0, How::Truncated),
            FaultKind::CutJson => ends(normal(state).0, How::CutJson),
            FaultKind::Html | FaultKind::Empty => {
                if fault.stores() {
                    drop(normal(state));
                }
                match fault.kind {
                    FaultKind::Html => answer::body(StatusCode::OK, "text/html; charset=utf-8", HTML),
                    _ => answer::empty(StatusCode::OK),
                }
            }
            FaultKind::Hang(limit) => {
                if fault.stores() {
                    drop(normal(state));
                }
                ends(answer::empty(StatusCode::OK), How::Hang(*limit))
            }
            FaultKind::Slow(delay) => {
                let (mut response, ending) = normal(state);
                response.extensions_mut().insert(Ending {
                    delay: *delay,
                    ..ending
                });
                response
            }
            FaultKind::ShortToken(_)
            | FaultKind::Duplicate
            | FaultKind::Looping { .. }
            | FaultKind::NullPage
            | FaultKind::EmptyPage
            | FaultKind::NoToken
            | FaultKind::ExpiredCursor(_) => normal(state).0,
        };
        self.count_fault(fault.name(), stored);
        response
    }
}

fn ends(mut response: Response, how: How) -> Response {
    response.extensions_mut().insert(Ending {
        how,
        ..Ending::default()
    });
    response
}

fn status(code: StatusCode, form: BodyForm, endpoint: Endpoint) -> Response {
    match form {
        BodyForm::Json if endpoint == Endpoint::Token => {
            let error = if code.is_client_error() {
                "invalid_request"
            } else {
                "server_error"
            };
            oauth_refusal(code, error, &format!("{code} by a fault of the simulator"))
        }
        BodyForm::Json if code == StatusCode::UNAUTHORIZED => {
            unauthorized("the bearer token is not accepted")
        }
        BodyForm::Json if code == StatusCode::CONFLICT => refusal(code, "the contact already exists"),
        BodyForm::Json => refusal(code, &format!("{code} by a fault of the simulator")),
        BodyForm::Html => answer::body(code, "text/html; charset=utf-8", HTML),
        BodyForm::Empty => answer::empty(code),
    }
}
