//! A CXone tenant on loopback for the demo, the tests and dry rehearsals.
//!
//! It speaks the contract `contacts-v2` (tokens, a paged listing, an upsert by external id) over contacts made from a
//! seed, keeps an exact quota, fails by name and schedule, and tells afterwards what it was sent:
//! `GET /_simulator/stats`, or [`Simulator::stats`].
//!
//! The same [`Simulator`] is used in two ways. On a port: [`Simulator::bind`], then [`Server::address`]. In a test:
//! as a `tower` service from `http::Request<Bytes>` to `http::Response<Bytes>` whose delays pass in paused tokio time
//! and whose error, [`SimulatedBreak`], is a broken connection.
//!
//! A request is judged when it arrives and answered after the latency. Which comes first: the quota, the bearer, the
//! faults, the request itself. A request refused by the quota does not count towards it; one refused by the bearer
//! check does. In paused time, make the simulator inside the runtime and set `token_guard` to `None`.
//! To add a fault: name it in `fault`, say what it does in `strike` or `listing`.

mod answer;
mod campaign;
mod config;
mod contacts;
mod endpoint;
mod fault;
mod guard;
mod listing;
mod profile;
mod quota;
mod regions;
mod retry_after;
mod schedule;
mod server;
mod service;
mod setting;
mod stats;
mod strike;
mod tenant;
#[cfg(test)]
mod testing;
mod token;
mod upsert;

pub use campaign::Upload;
pub use config::{ConfigError, Credentials, Latency, MAX_CONTACTS, Quota, SimulatorConfig, TokenGuard};
pub use contacts::{contact, contact_of, external_id};
pub use fault::{BodyForm, FAULT_HELP, Fault, FaultKind};
pub use profile::Profile;
pub use retry_after::RetryAfter;
pub use server::{BindError, Server};
pub use service::{SimulatedBreak, Simulator};
pub use setting::{SettingError, parse_duration};
pub use stats::{ContactStats, FaultStats, RequestStats, Stats};
