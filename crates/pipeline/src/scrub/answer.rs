//! An answer about places at an instant.

use core_compliance::{Instant, LocalDate};

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Answer {
    pub(super) is_permitted: bool,
    pub(super) permitted_until: Option<Instant>,
    pub(super) next_opening: Option<Instant>,
    /// The number of its reason.
    pub(super) reason: usize,
    /// The number of the zone that is shown; `None` = the place is not known.
    pub(super) zone: Option<usize>,
    /// The local date there, and seconds east of UTC.
    pub(super) clock: Option<(LocalDate, i32)>,
}

/// The number of an answer.
pub(super) type AnswerId = u32;
