//! Adapters to CXone: reads contacts from a tenant and hands admitted ones over, by contract `contacts-v2`.
//!
//! One [`CxoneClient`] per tenant; from it come a [`CxoneContactSource`] and a [`CxoneContactSink`], which implement
//! the ports of `core-compliance`. The contract is the tutorial's and not among NICE's published specifications.
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use core_compliance::ports::{Clock, ContactSource, Reading};
//! use cxone_client::{BaseUrl, ClientId, ClientSecret, CxoneClient, CxoneConfig};
//!
//! # async fn example(clock: Arc<dyn Clock>) -> Result<(), Box<dyn std::error::Error>> {
//! let config = CxoneConfig::builder(
//!     BaseUrl::for_org("acme")?,
//!     ClientId::new(std::env::var("CXONE_CLIENT_ID")?)?,
//!     ClientSecret::new(std::env::var("CXONE_CLIENT_SECRET")?)?,
//! )
//! .build()?;
//! let client = CxoneClient::new(config, clock)?;
//! let mut contacts = client.contact_source();
//! while let Some(reading) = contacts.next().await? {
//!     if let Reading::Contact(contact) = reading {
//!         println!("{:?}", contact.external_id());
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! What it takes care of, and where:
//!
//! - `request`: the requests, built without I/O; `response`: how answers are read.
//! - `middleware`: one layer per file, in an order that is documented there and tested.
//! - `retry`: what is sent again, when, and what never is; `pace`: the tenant's quota; `token`: the bearer token.
//! - `contacts`: the listing with its guards, the source, the sink.
//! - [`transport`](TransportError): the leaf, reqwest in production and any service in tests.
//!
//! It reads no clock of its own: instants come from a [`Clock`](core_compliance::ports::Clock), durations from tokio,
//! so that tests run in paused time. Secrets, tokens and contacts appear in no error, log or debug output.
#![deny(missing_docs)]

mod base_url;
mod client;
mod config;
mod contacts;
mod error;
mod jitter;
mod middleware;
mod pace;
mod parts;
mod redact;
mod request;
mod request_id;
mod response;
mod retry;
mod secret;
mod stats;
mod sync;
mod token;
mod transport;

pub use base_url::BaseUrl;
pub use client::{CxoneClient, Preflight};
pub use config::{CxoneConfig, CxoneConfigBuilder, RetryConfig};
pub use contacts::{CxoneContactSink, CxoneContactSource};
pub use error::{ClientError, ConfigError};
pub use secret::{ClientId, ClientSecret};
pub use stats::{ClientStats, StatsSnapshot};
pub use transport::TransportError;
