//! Judging whole lists, at nearly the speed of copying them.
//!
//! What a row is and how it is written is a matter of the list's [layout](core_compliance::ports::ListLayout). Here is
//! what makes it quick: a row's evidence is reduced to what it means for the place, each meaning is located once, and
//! what was determined for a place is kept for as long as it [stands](core_compliance::Gate::determine_steadily).

mod answer;
mod answers;
mod books;
mod five_digits;
mod judge;
mod learnt;
mod local_time;
mod meanings;
mod memory;
mod outputs;
mod postal_meaning;
mod quick;
mod recent;
mod run;
mod suppressed;
mod timeline;
mod together;
mod windows_zones;
mod work;

pub use books::{ListBooks, Reason, ReasonCount, Rejects};
pub use judge::{ListPlanned, ScrubOptions};
pub use outputs::ScrubOutputs;
pub use run::{REJECTED_ALIKE, ScrubFailure, ScrubProgress, ScrubRun};
pub use windows_zones::{ZoneNames, windows_zone};
