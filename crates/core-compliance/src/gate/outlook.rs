//! How long an attempt stays permitted, or when it next may be placed, over all timetables at once.

use std::sync::Arc;

use crate::Instant;
use crate::civil::DAY;
use crate::timetable::{Opening, Timetable};

/// How far ahead closings and openings are looked for, in days.
pub const LOOK_AHEAD_DAYS: u32 = 400;

/// What the timetables together say of an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outlook {
    /// Permitted by all, until the first of them closes.
    Open {
        /// `None` = not within the look-ahead.
        until: Option<Instant>,
    },
    /// Not permitted by at least one.
    Closed {
        /// The first instant that all of them permit; `None` = not within the look-ahead.
        next: Option<Instant>,
    },
}

pub(super) fn outlook(timetables: &[Arc<Timetable>], at: Instant) -> Outlook {
    if let [timetable] = timetables {
        return outlook_of(timetable.opening_from(at.unix()), at);
    }
    let farthest = farthest(at);
    if !timetables.is_empty() && timetables.iter().all(|timetable| timetable.permits(at.unix())) {
        let closes = |timetable: &Arc<Timetable>| Some(timetable.opening_from(at.unix())?.close);
        let first = timetables.iter().filter_map(closes).min();
        return Outlook::Open {
            until: first.and_then(|second| within(second, at)),
        };
    }
    let next = next_common(timetables, at.unix(), farthest).and_then(|second| within(second, at));
    Outlook::Closed { next }
}

/// The same where there is one timetable, of which this is the opening at the instant or after it.
pub(super) fn outlook_of(opening: Option<Opening>, at: Instant) -> Outlook {
    match opening {
        Some(opening) if opening.open <= at.unix() => Outlook::Open {
            until: within(opening.close, at),
        },
        other => Outlook::Closed {
            next: other.and_then(|opening| within(opening.open, at)),
        },
    }
}

fn farthest(at: Instant) -> i64 {
    at.unix() + i64::from(LOOK_AHEAD_DAYS) * DAY
}

/// Beyond the last supported instant nothing can be named, and nothing needs to be.
fn within(second: i64, at: Instant) -> Option<Instant> {
    Instant::from_unix(second)
        .ok()
        .filter(|found| found.unix() <= farthest(at) && *found > at)
}

/// The first second from `at` on that every timetable permits: each in turn pushes it to its own next opening, until
/// none does.
fn next_common(timetables: &[Arc<Timetable>], at: i64, farthest: i64) -> Option<i64> {
    let mut second = at;
    let mut agreed = 0;
    for timetable in timetables.iter().cycle() {
        if agreed == timetables.len() {
            return Some(second);
        }
        let opening = timetable.opening_from(second)?;
        if opening.open <= second {
            agreed += 1;
        } else {
            (second, agreed) = (opening.open, 1);
        }
        if second > farthest {
            return None;
        }
    }
    None
}
