//! What can be wrong with time zone data.

/// Why a zone cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ZoneError {
    /// No zone of this name in the data in use.
    #[error("`{name}` is not a time zone of IANA {version}; write it as `America/New_York`")]
    Unknown {
        /// The name asked for.
        name: String,
        /// Version of the data that was asked.
        version: String,
    },
    /// The zone's TZif bytes (RFC 9636) cannot be read.
    #[error(
        "the data of time zone `{name}` in IANA {version} cannot be read: {reason}; replace the zone data"
    )]
    Unreadable {
        /// The zone.
        name: String,
        /// Version of the data.
        version: String,
        /// What the parser said.
        reason: String,
    },
}
