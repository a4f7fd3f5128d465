//! Places: where the callee may be.

use crate::Jurisdiction;

/// A place in which the callee may be: whose law, and which clock.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Place {
    /// Whose law governs the call.
    pub jurisdiction: Jurisdiction,
    /// IANA name of the zone whose clock the callee reads.
    pub zone: String,
}
