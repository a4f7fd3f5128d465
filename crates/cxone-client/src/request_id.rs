//! Ids by which one request is found in our traces and in the tenant's logs.

use core::fmt;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::jitter::Jitter;

/// The header that carries the id.
pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Hands out ids: eight hex digits that tell runs apart, then a counter. No part has more than six digits in a row: more
/// would be hidden wherever phone numbers are.
#[derive(Debug)]
pub(crate) struct RequestIds {
    run: u32,
    next: AtomicU64,
}

/// The id of one request; each send of it appends its number: `5f3c-09aa-17.2` is the second send of request 17.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RequestId {
    run: u32,
    number: u64,
}

impl RequestIds {
    pub(crate) fn new(jitter: &Jitter) -> Self {
        Self {
            run: jitter.bits(),
            next: AtomicU64::new(1),
        }
    }

    pub(crate) fn next(&self) -> RequestId {
        RequestId {
            run: self.run,
            number: self.next.fetch_add(1, Relaxed),
        }
    }
}

impl RequestId {
    /// Writes the id of send number `send` into the headers.
    pub(crate) fn stamp(self, headers: &mut HeaderMap, send: u32) {
        if let Ok(value) = HeaderValue::try_from(format!("{self}.{send}")) {
            headers.insert(X_REQUEST_ID, value);
        }
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (high, low) = (self.run >> 16, self.run & 0xffff);
        let (millions, rest) = (self.number / 1_000_000, self.number % 1_000_000);
        write!(f, "{high:04x}-{low:04x}-")?;
        match millions {
            0 => write!(f, "{rest}"),
            _ => write!(f, "{millions}-{rest:06}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_count_up_and_sends_are_told_apart() {
        let ids = RequestIds {
            run: 0x5f3c_09aa,
            next: AtomicU64::new(17),
        };
        let mut headers = HeaderMap::new();
        ids.next().stamp(&mut headers, 2);
        assert_eq!(headers[X_REQUEST_ID], "5f3c-09aa-17.2");
        assert_eq!(ids.next().to_string(), "5f3c-09aa-18");
    }

    #[test]
    fn ids_are_not_taken_for_phone_numbers() {
        for (run, number) in [
            (0x1234_5678, 1),
            (0x9999_9999, 999_999),
            (0x0000_0001, 1_000_000),
            (0x1111_1111, 12_345_678),
        ] {
            let id = RequestId { run, number }.to_string();
            assert_eq!(core_compliance::ports::mask_numbers(&id), id);
        }
    }
}
