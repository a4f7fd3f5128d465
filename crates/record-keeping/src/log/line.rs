//! One line of the log: `{"hash":"…","prev":"…","seq":1,"time":"…",…}`.
//!
//! `hash` is the SHA-256 of everything between the comma after it and the line break; `prev` is the hash of the line
//! before. So no byte of a line can change, and no line can come, go or move, without a hash that no longer fits.

use std::borrow::Cow;

use core_compliance::{Instant, Sha256Hex};
use serde::Deserialize;

/// What stands before the hash, and between it and what is hashed.
const BEFORE: &[u8] = b"{\"hash\":\"";
const AFTER: &[u8] = b"\",";
/// Hexadecimal digits of a hash.
const DIGITS: usize = 64;

/// The `prev` of the first line there ever was.
pub(crate) const NO_HASH: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The end of a log: the number and the hash of its last record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its number; 0 = there is none yet.
    pub seq: u64,
    /// Its hash, 64 hexadecimal digits.
    pub hash: String,
}

impl Head {
    /// The head of a log without records.
    pub(crate) fn none() -> Self {
        Self {
            seq: 0,
            hash: NO_HASH.to_owned(),
        }
    }
}

/// Writes the record after `head`; `rest` is its JSON from the key after `time` on, closing brace included.
pub(crate) fn compose(head: &Head, time: Instant, rest: &str, out: &mut Vec<u8>) -> Head {
    let seq = head.seq + 1;
    let body = format!(
        "\"prev\":\"{}\",\"seq\":{seq},\"time\":\"{time}\",{rest}",
        head.hash
    );
    let hash = Sha256Hex::of(body.as_bytes());
    out.extend_from_slice(BEFORE);
    out.extend_from_slice(hash.as_str().as_bytes());
    out.extend_from_slice(AFTER);
    out.extend_from_slice(body.as_bytes());
    out.push(b'\n');
    Head {
        seq,
        hash: hash.to_string(),
    }
}

/// What every line says of itself.
#[derive(Debug, Deserialize)]
pub(crate) struct Envelope<'l> {
    #[serde(borrow)]
    pub(crate) hash: Cow<'l, str>,
    #[serde(borrow)]
    pub(crate) prev: Cow<'l, str>,
    pub(crate) seq: u64,
    pub(crate) time: Instant,
    #[serde(default, borrow)]
    pub(crate) run: Option<Cow<'l, str>>,
    #[serde(borrow)]
    pub(crate) kind: Cow<'l, str>,
}

impl Envelope<'_> {
    pub(crate) fn head(&self) -> Head {
        Head {
            seq: self.seq,
            hash: self.hash.clone().into_owned(),
        }
    }

    /// Whether this is the record after the one with this number and hash.
    pub(crate) fn follows(&self, last: &Head) -> bool {
        self.seq == last.seq + 1 && self.prev == last.hash
    }
}

/// Reads a line (without its break) whose hash fits.
///
/// # Errors
/// What is wrong with it, for people.
pub(crate) fn open(line: &[u8]) -> Result<Envelope<'_>, String> {
    let parts = || {
        let (hash, rest) = line.strip_prefix(BEFORE)?.split_at_checked(DIGITS)?;
        Some((hash, rest.strip_prefix(AFTER)?))
    };
    let Some((hash, body)) = parts() else {
        return Err("is no record: it does not begin with its hash".to_owned());
    };
    if Sha256Hex::of(body).as_str().as_bytes() != hash {
        return Err("its hash is not that of its contents".to_owned());
    }
    serde_json::from_slice(line).map_err(|error| format!("is no record: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(head: &Head, rest: &str) -> (Head, Vec<u8>) {
        let mut out = Vec::new();
        let time = "2026-06-10T12:30:00Z".parse().unwrap();
        (compose(head, time, rest, &mut out), out)
    }

    #[test]
    fn a_line_is_read_as_it_was_written() {
        let (head, written) = line(&Head::none(), "\"run\":\"r\",\"kind\":\"note\",\"x\":1}");
        let text = String::from_utf8(written).unwrap();
        assert!(text.ends_with(
            ",\"seq\":1,\"time\":\"2026-06-10T12:30:00Z\",\"run\":\"r\",\"kind\":\"note\",\"x\":1}\n"
        ));
        let read = open(text.trim_end().as_bytes()).unwrap();
        assert_eq!((read.head(), &*read.prev), (head.clone(), NO_HASH));
        assert_eq!((read.run.as_deref(), &*read.kind), (Some("r"), "note"));
        let (next, _) = line(&head, "\"kind\":\"note\"}");
        assert_eq!(next.seq, 2);
    }

    #[test]
    fn what_is_no_record_is_named() {
        let (_, mut written) = line(&Head::none(), "\"kind\":\"note\"}");
        written.pop();
        assert!(open(b"{}").unwrap_err().contains("does not begin with its hash"));
        let middle = written.len() - 5;
        written[middle] ^= 1;
        assert!(open(&written).unwrap_err().contains("not that of its contents"));
        let (_, mut odd) = line(&Head::none(), "\"no\":\"kind\"}");
        odd.pop();
        assert!(open(&odd).unwrap_err().contains("missing field `kind`"));
    }
}
