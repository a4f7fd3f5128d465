//! What an answer, or its absence, means for the request: one pure function over status, body and transport.

use std::time::Duration;

use http::StatusCode;

use crate::transport::TransportError;

/// How one send ended.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ending<'a> {
    /// An answer came.
    Answer {
        /// Its status.
        status: StatusCode,
        /// Whether the body is what a success of this kind of request must carry.
        readable: bool,
        /// The delay that it asks for.
        retry_after: Option<Duration>,
    },
    /// The transport failed.
    Failed(&'a TransportError),
    /// No complete answer within the send timeout.
    TimedOut,
}

/// What the ending means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Done: 2xx with a readable body, or 409, which says that it was done before.
    Success,
    /// 429: the tenant has had enough for now. Nobody's fault but the run's pace.
    Throttled {
        /// What it asked for.
        retry_after: Option<Duration>,
    },
    /// May well succeed when sent again.
    Transient {
        /// What it asked for (503 may).
        retry_after: Option<Duration>,
        /// Whether the server may have acted on it nevertheless.
        ambiguous: bool,
    },
    /// 401: the token is no longer good.
    Unauthorized,
    /// Will not get better by repetition, and concerns this request: 3xx and other 4xx. Its meaning depends on the
    /// request.
    Final,
    /// The answer exceeds the size that is read; it would again.
    TooLarge,
    /// The server cannot be trusted to be the tenant's.
    Untrusted,
}

/// Classifies how a send ended.
///
/// That a POST may be repeated after an ambiguous ending (timeout, broken connection, 5xx, unreadable success) rests on
/// the contract: an upsert by `externalId` has the same effect twice as once.
pub(crate) fn classify(ending: Ending<'_>) -> Verdict {
    match ending {
        Ending::Answer {
            status,
            readable,
            retry_after,
        } => classify_answer(status, readable, retry_after),
        Ending::TimedOut => Verdict::Transient {
            retry_after: None,
            ambiguous: true,
        },
        Ending::Failed(error) => match error {
            TransportError::Connect(_) => Verdict::Transient {
                retry_after: None,
                ambiguous: false,
            },
            TransportError::Broken(_) => Verdict::Transient {
                retry_after: None,
                ambiguous: true,
            },
            TransportError::Certificate(_) => Verdict::Untrusted,
            TransportError::AnswerTooLarge { .. } => Verdict::TooLarge,
        },
    }
}

fn classify_answer(status: StatusCode, readable: bool, retry_after: Option<Duration>) -> Verdict {
    match status.as_u16() {
        200..=299 if readable => Verdict::Success,
        // A success that cannot be read acknowledges nothing: the proxy in between may have made it up.
        200..=299 => Verdict::Transient {
            retry_after: None,
            ambiguous: true,
        },
        409 => Verdict::Success,
        429 => Verdict::Throttled { retry_after },
        401 => Verdict::Unauthorized,
        408 | 425 => Verdict::Transient {
            retry_after,
            ambiguous: false,
        },
        // Overload is announced before anything was done.
        503 => Verdict::Transient {
            retry_after,
            ambiguous: false,
        },
        // Also 501 and 505: behind a load balancer one broken node says so, and the next one does not.
        500..=599 => Verdict::Transient {
            retry_after,
            ambiguous: true,
        },
        300..=499 => Verdict::Final,
        // 1xx never reaches us as an answer, and 600 upwards does not exist.
        _ => Verdict::Transient {
            retry_after: None,
            ambiguous: true,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, readable: bool) -> Verdict {
        let retry_after = Some(Duration::from_secs(2));
        classify(Ending::Answer {
            status: StatusCode::from_u16(status).unwrap(),
            readable,
            retry_after,
        })
    }

    /// Every status there can be, by its verdict; readable or not matters for 2xx only.
    #[test]
    fn every_status_has_its_verdict() {
        let asked = Some(Duration::from_secs(2));
        for status in 100..=999 {
            let expected = match status {
                200..=299 | 409 => Verdict::Success,
                401 => Verdict::Unauthorized,
                429 => Verdict::Throttled { retry_after: asked },
                408 | 425 | 503 => Verdict::Transient {
                    retry_after: asked,
                    ambiguous: false,
                },
                500..=599 => Verdict::Transient {
                    retry_after: asked,
                    ambiguous: true,
                },
                300..=499 => Verdict::Final,
                _ => Verdict::Transient {
                    retry_after: None,
                    ambiguous: true,
                },
            };
            assert_eq!(answer(status, true), expected, "{status}");
            let unreadable = match status {
                200..=299 => Verdict::Transient {
                    retry_after: None,
                    ambiguous: true,
                },
                _ => expected,
            };
            assert_eq!(answer(status, false), unreadable, "{status} unreadable");
        }
    }

    #[test]
    fn these_are_never_repeated() {
        for status in [
            201, 204, 301, 302, 307, 308, 400, 402, 403, 404, 405, 406, 409, 410, 411, 413, 414, 415, 422,
            451,
        ] {
            assert!(
                matches!(answer(status, true), Verdict::Success | Verdict::Final),
                "{status}"
            );
        }
    }

    #[test]
    fn these_are_repeated() {
        for status in [408, 425, 429, 500, 501, 502, 503, 504, 505, 507, 520, 529, 599] {
            assert!(
                matches!(
                    answer(status, true),
                    Verdict::Transient { .. } | Verdict::Throttled { .. }
                ),
                "{status}"
            );
        }
    }

    #[test]
    fn transport_failures_by_what_is_known_about_them() {
        let transient = |ambiguous| Verdict::Transient {
            retry_after: None,
            ambiguous,
        };
        for (error, expected) in [
            (TransportError::Connect("refused".into()), transient(false)),
            (TransportError::Broken("reset".into()), transient(true)),
            (TransportError::Certificate("expired".into()), Verdict::Untrusted),
            (TransportError::AnswerTooLarge { limit: 1 }, Verdict::TooLarge),
        ] {
            assert_eq!(classify(Ending::Failed(&error)), expected, "{error}");
        }
        assert_eq!(classify(Ending::TimedOut), transient(true));
    }
}
