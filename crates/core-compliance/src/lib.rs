//! Decides whether an outbound call may be placed to a person at an instant, by that person's local time and the rules
//! of the place; explains why; says until when, or when calling next opens.
//!
//! What it does not do: no I/O, no clock, no async runtime, no network, no panics. Time zone data and rules are
//! parameters; the instant is part of the question.
//!
//! ```
//! # #[cfg(feature = "bundled-tzdb")] {
//! use core_compliance::{CallAttempt, Evidence, Gate, Rulebook, Settings, ZoneDatabase};
//!
//! let gate = Gate::new(ZoneDatabase::bundled(), Rulebook::shipped(), Settings::default())?;
//! let evidence = Evidence { region: Some("US-CA".into()), ..Evidence::default() };
//! let determination = gate.determine(&CallAttempt::new("2026-06-10T16:00:00Z".parse()?, evidence));
//! assert!(determination.is_permitted());
//! assert_eq!(determination.permitted_until, Some("2026-06-11T04:00:00Z".parse()?));
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Features
//! - `bundled-tzdb` (default): the IANA time zone data of the release inside the crate.
//! - `phone` (default): which places the prefix of a phone number names ([`phone`]).
//! - `phone-plan` (default): whether a numbering plan has a phone number; brings some forty crates.
//! - `postal` (default): which places a postal code names ([`postal`]).
//! - `serde`: the JSON of attempts and determinations.
//! - `ports`: the traits through which Curfew's own use cases reach the world; outside the semver promise.
#![deny(missing_docs)]

mod attempt;
mod calendar;
mod cap;
mod civil;
mod condition;
mod determination;
mod digest;
#[cfg(feature = "ports")]
pub mod document;
#[cfg(not(feature = "ports"))]
mod document;
mod gate;
mod gazetteer;
mod instant;
mod jurisdiction;
mod locate;
#[cfg(any(feature = "phone", feature = "postal"))]
mod named_place;
#[cfg(feature = "phone")]
pub mod phone;
mod place;
#[cfg(feature = "ports")]
pub mod ports;
#[cfg(feature = "postal")]
pub mod postal;
mod regions;
mod rule;
mod rulebook;
mod settings;
mod timetable;
mod window;
mod zone;

/// The example of the README is compiled and run with the other documentation.
#[cfg(all(doctest, feature = "bundled-tzdb", feature = "phone"))]
#[doc = include_str!("../README.md")]
struct ReadmeExample;

#[cfg(feature = "serde")]
pub use attempt::{AttemptInput, InputError};
pub use attempt::{
    AttemptOutcome, BusinessRelationship, CallAttempt, CalleeKind, CallerKind, Channel, Consent,
    ConsentLevel, Evidence, EvidenceKind, PastAttempt, Purpose, RelationshipKind, Suppression, UnknownWord,
};
pub use calendar::{Calendar, Day, Move, When, Years};
pub use cap::{Block, Cap, Cooldown, Counting, Limit, Pause, Period};
pub use civil::{LocalDate, LocalTime};
pub use condition::Condition;
pub use determination::{
    Decision, Determination, Effect, Finding, FindingCode, JudgedPlace, SCHEMA, SettingsStamp, VersionStamp,
};
pub use digest::Sha256Hex;
pub use document::DocumentError;
pub use gate::{
    Gate, HolidayOn, LOOK_AHEAD_DAYS, RULEBOOK_AGE_LIMIT_DAYS, Schedule, TZDB_AGE_LIMIT_DAYS, Verdict,
};
pub use gazetteer::Gazetteer;
pub use instant::{Instant, InstantError, InstantReader};
pub use jurisdiction::{Jurisdiction, JurisdictionError};
pub use locate::has_e164_shape;
#[cfg(any(feature = "phone", feature = "postal"))]
pub use named_place::NamedPlace;
#[cfg(feature = "phone")]
pub use phone::{PhoneError, PhoneNumber, PhonePlaces};
pub use place::Place;
#[cfg(feature = "postal")]
pub use postal::{PostalError, PostalPlaces, locate_postal};
pub use regions::{Region, RegionScheme, Regions};
pub use rule::{
    Confidence, DayHours, HolidayEffect, Hours as RuleHours, HoursChange, Provenance, Provision, Rule,
    RuleClock, RuleOrigin, RuleStatus,
};
pub use rulebook::{
    AddedDays, Overlay, Parts, Relaxation, Rulebook, RulebookError, RulebookSource, SourceDocument,
    WithoutRules,
};
pub use settings::{
    Hours, LONGEST_CALL, LONGEST_GUARD, Policy, Settings, SettingsError, UnknownNumbers, UnverifiedRules,
    standard_house_hours,
};
pub use timetable::{Opening, Timetable};
pub use window::{CallingWindow, WeeklyWindows, WindowError};
pub use zone::{Span, Zone, ZoneData, ZoneDatabase, ZoneDatabaseBuilder, ZoneError};
