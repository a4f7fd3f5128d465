//! What can go wrong: the faults by name, where each strikes and what it stores.

use std::time::Duration;

use http::StatusCode;

use crate::endpoint::Endpoints;
use crate::retry_after::RetryAfter;
use crate::setting::{SettingError, parse_duration};

/// The names of the faults that are not statuses, in the order in which messages list them.
pub(super) const NAMES: &[&str] = &[
    "revoked-token",
    "short-token",
    "reset-before",
    "reset-after",
    "truncated",
    "cut-json",
    "html",
    "empty",
    "hang",
    "slow",
    "duplicate",
    "looping",
    "null-page",
    "empty-page",
    "no-token",
    "expired-cursor",
];
const STATUSES: &str = "a status from 300 to 599 such as 503, alone or as 503-html or 503-empty";

/// What goes wrong.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum FaultKind {
    /// This status instead of the answer. 409 on an upsert says that the contact is there, and then it is.
    Status {
        /// The status.
        code: StatusCode,
        /// What its body is.
        body: BodyForm,
        /// What it says about when to come back.
        retry_after: RetryAfter,
    },
    /// Every token issued so far stops working, from this request on.
    RevokedToken,
    /// A token that lives this long only.
    ShortToken(Duration),
    /// The connection breaks before anything was stored.
    ResetBefore,
    /// The connection breaks after all was stored.
    ResetAfter,
    /// The connection ends in the middle of the answer; all was stored.
    Truncated,
    /// A complete answer whose JSON ends in the middle; all was stored.
    CutJson,
    /// 200 with an HTML page, as a proxy's login.
    Html,
    /// 200 with nothing.
    Empty,
    /// No answer, ever or until the connection is closed after this time.
    Hang(Option<Duration>),
    /// The answer comes this much later.
    Slow(Duration),
    /// A page begins with the last contact of the page before.
    Duplicate,
    /// `nextPageToken` leads back to the same page, or this many pages before it.
    Looping {
        /// How many pages back.
        back: u32,
    },
    /// `entities` is null, `nextPageToken` leads on; nothing is skipped.
    NullPage,
    /// `entities` is empty, `nextPageToken` leads on; nothing is skipped.
    EmptyPage,
    /// The field `nextPageToken` is left out where it would be null.
    NoToken,
    /// Every page token issued so far stops working, answered with this status; listing anew works.
    ExpiredCursor(StatusCode),
}

/// What the body of a status fault is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyForm {
    /// The usual error object.
    Json,
    /// An HTML page, as gateways send.
    Html,
    /// Nothing.
    Empty,
}

impl FaultKind {
    /// Reads `NAME[=VALUE]`, taken apart.
    pub(super) fn read(name: &str, value: Option<&str>) -> Result<FaultKind, SettingError> {
        let duration = || value.map(parse_duration).transpose();
        let kind = match name {
            "short-token" => FaultKind::ShortToken(duration()?.unwrap_or(Duration::from_secs(1))),
            "hang" => FaultKind::Hang(duration()?),
            "slow" => FaultKind::Slow(duration()?.unwrap_or(Duration::from_secs(2))),
            "expired-cursor" => FaultKind::ExpiredCursor(match value {
                None | Some("410") => StatusCode::GONE,
                Some("400") => StatusCode::BAD_REQUEST,
                Some(other) => return Err(SettingError::value(other, "`410` or `400`")),
            }),
            _ if value.is_some() => {
                return Err(SettingError::value(
                    value.unwrap_or_default(),
                    format!("possible: `{name}` takes no value; write `{name}:key=value`"),
                ));
            }
            "revoked-token" => FaultKind::RevokedToken,
            "reset-before" => FaultKind::ResetBefore,
            "reset-after" => FaultKind::ResetAfter,
            "truncated" => FaultKind::Truncated,
            "cut-json" => FaultKind::CutJson,
            "html" => FaultKind::Html,
            "empty" => FaultKind::Empty,
            "duplicate" => FaultKind::Duplicate,
            "looping" => FaultKind::Looping { back: 0 },
            "null-page" => FaultKind::NullPage,
            "empty-page" => FaultKind::EmptyPage,
            "no-token" => FaultKind::NoToken,
            status => return status_kind(status),
        };
        Ok(kind)
    }

    /// The endpoints at which a fault strikes unless `on=` says otherwise.
    pub(super) fn default_endpoints(&self) -> Endpoints {
        match self {
            FaultKind::Status { code, .. } if *code == StatusCode::CONFLICT => Endpoints::UPSERT,
            FaultKind::Status { .. }
            | FaultKind::RevokedToken
            | FaultKind::ResetBefore
            | FaultKind::ResetAfter
            | FaultKind::Truncated
            | FaultKind::CutJson
            | FaultKind::Html
            | FaultKind::Empty
            | FaultKind::Hang(_)
            | FaultKind::Slow(_) => Endpoints::CONTACTS,
            FaultKind::ShortToken(_) => Endpoints::TOKEN,
            FaultKind::Duplicate
            | FaultKind::Looping { .. }
            | FaultKind::NullPage
            | FaultKind::EmptyPage
            | FaultKind::NoToken
            | FaultKind::ExpiredCursor(_) => Endpoints::LIST,
        }
    }

    /// Whether a valid upsert is stored all the same, unless `stores=` says otherwise.
    pub(super) fn stores_by_default(&self) -> bool {
        match self {
            FaultKind::ResetAfter
            | FaultKind::Truncated
            | FaultKind::CutJson
            | FaultKind::Empty
            | FaultKind::Slow(_) => true,
            FaultKind::Status { .. }
            | FaultKind::RevokedToken
            | FaultKind::ShortToken(_)
            | FaultKind::ResetBefore
            | FaultKind::Html
            | FaultKind::Hang(_)
            | FaultKind::Duplicate
            | FaultKind::Looping { .. }
            | FaultKind::NullPage
            | FaultKind::EmptyPage
            | FaultKind::NoToken
            | FaultKind::ExpiredCursor(_) => false,
        }
    }
}

fn status_kind(name: &str) -> Result<FaultKind, SettingError> {
    let (digits, body) = match name.split_once('-') {
        None => (name, Some(BodyForm::Json)),
        Some((digits, "html")) => (digits, Some(BodyForm::Html)),
        Some((digits, "empty")) => (digits, Some(BodyForm::Empty)),
        Some(_) => (name, None),
    };
    let code = digits
        .parse::<u16>()
        .ok()
        .filter(|code| (300..=599).contains(code));
    match (code.and_then(|code| StatusCode::from_u16(code).ok()), body) {
        (Some(code), Some(body)) => {
            let throttles = code == StatusCode::TOO_MANY_REQUESTS;
            let retry_after = if throttles {
                RetryAfter::Seconds
            } else {
                RetryAfter::Omitted
            };
            Ok(FaultKind::Status {
                code,
                body,
                retry_after,
            })
        }
        _ => Err(SettingError::UnknownName {
            what: "fault",
            name: name.to_owned(),
            valid: format!("{STATUSES}; {}", NAMES.join(", ")),
        }),
    }
}
