//! The contacts of a tenant: the adapters behind the ports [`ContactSource`](core_compliance::ports::ContactSource) and
//! [`ContactSink`](core_compliance::ports::ContactSink).

pub(crate) mod listing;
mod page;
mod sink;
mod source;

pub use sink::CxoneContactSink;
pub use source::CxoneContactSource;

pub(crate) use page::fetch;

/// Where contacts are listed, for errors.
pub(crate) const LIST: &str = "GET /api/v2/contacts";
/// Where contacts are handed over, for errors.
pub(crate) const UPSERT: &str = "POST /api/v2/contacts";
