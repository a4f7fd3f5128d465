//! Whether a number is one that its country's numbering plan has, by the metadata of libphonenumber.

use rlibphonenumber::PHONE_NUMBER_UTIL;

use super::PhoneNumber;

/// Whether the numbering plan of its country has a number of this form, by the metadata inside `rlibphonenumber`
/// (libphonenumber's, its version is that of the crate).
///
/// Plans lag behind reality, so `false` is a hint and no proof. Takes some 3 µs; the first call reads the metadata
/// (some 5 ms). Not needed by [`locate`](super::locate).
#[must_use]
pub fn in_numbering_plan(number: &PhoneNumber) -> bool {
    PHONE_NUMBER_UTIL
        .parse(number.as_str(), None)
        .is_ok_and(|parsed| PHONE_NUMBER_UTIL.is_valid_number(&parsed))
}
