//! When to send again, and when not: pure decisions, without any waiting of their own.

pub(crate) mod backoff;
pub(crate) mod budget;
pub(crate) mod classify;
pub(crate) mod patience;
pub(crate) mod plan;
pub(crate) mod retry_after;
