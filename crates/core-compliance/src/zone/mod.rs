//! Time zones as flat tables of spans: instant to local time is total, nothing ever goes the other way.

mod database;
mod error;
mod table;
mod time_tz;

pub use database::{ZoneData, ZoneDatabase, ZoneDatabaseBuilder};
pub use error::ZoneError;
pub use table::{Span, Zone};
