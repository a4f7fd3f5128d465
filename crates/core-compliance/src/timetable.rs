//! Timetables: when a rule set permits calls in one zone, as intervals of instants.

use crate::civil::{DAY, LocalDate};
use crate::window::CallingWindow;
use crate::zone::Zone;

/// A half-open stretch of instants `[open, close)`, in seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Opening {
    /// First permitted second.
    pub open: i64,
    /// First second after it that is not permitted.
    pub close: i64,
}

/// The sorted, disjoint, non-adjacent intervals `[open, close)` in which calls are permitted, within `[from, until)`.
///
/// Outside `[from, until)` a timetable knows nothing and permits nothing; an opening that ends at `until` may go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timetable {
    from: i64,
    until: i64,
    openings: Box<[Opening]>,
}

impl Timetable {
    /// The instants of `[from, until)` at which a clock in `zone` shows a time inside that date's windows.
    ///
    /// Each span of constant offset is taken by itself: the windows of every local date in it are shifted by the
    /// offset and cut to the span. Gaps and folds therefore need no special case: a local time that is skipped lies in
    /// no span, one that comes twice lies in two.
    #[must_use]
    pub fn of_windows<W: AsRef<[CallingWindow]>>(
        zone: &Zone,
        from: i64,
        until: i64,
        windows_on: impl Fn(LocalDate) -> W,
    ) -> Self {
        let mut openings = Vec::new();
        for span in zone.spans(from, until) {
            let (start, end) = (span.from.max(from), span.until.min(until));
            let offset = i64::from(span.offset);
            let first = LocalDate::of_local_seconds(start + offset);
            let last = LocalDate::of_local_seconds(end - 1 + offset);
            for day in first.days()..=last.days() {
                let date = LocalDate::of_local_seconds(i64::from(day) * DAY);
                let midnight = i64::from(day) * DAY - offset;
                openings.extend(windows_on(date).as_ref().iter().map(|window| Opening {
                    open: (midnight + i64::from(window.start())).max(start),
                    close: (midnight + i64::from(window.end())).min(end),
                }));
            }
        }
        Self::new(from, until, openings)
    }

    /// A timetable of these intervals, cut to `[from, until)`, sorted and merged.
    #[must_use]
    pub fn new(from: i64, until: i64, openings: impl IntoIterator<Item = Opening>) -> Self {
        let mut openings: Vec<Opening> = openings
            .into_iter()
            .map(|each| Opening {
                open: each.open.max(from),
                close: each.close.min(until),
            })
            .filter(|each| each.open < each.close)
            .collect();
        openings.sort_unstable();
        openings.dedup_by(|next, kept| {
            let touches = next.open <= kept.close;
            if touches {
                kept.close = kept.close.max(next.close);
            }
            touches
        });
        Self {
            from,
            until,
            openings: openings.into(),
        }
    }

    /// First second that this timetable knows.
    #[must_use]
    pub fn from(&self) -> i64 {
        self.from
    }

    /// First second that it does not know any more.
    #[must_use]
    pub fn until(&self) -> i64 {
        self.until
    }

    /// The intervals, in order.
    #[must_use]
    pub fn openings(&self) -> &[Opening] {
        &self.openings
    }

    /// Whether `at` lies in an opening.
    #[must_use]
    pub fn permits(&self, at: i64) -> bool {
        self.opening_from(at).is_some_and(|opening| opening.open <= at)
    }

    /// The opening that holds `at` or, failing that, the next one after it.
    #[must_use]
    pub fn opening_from(&self, at: i64) -> Option<Opening> {
        self.openings
            .get(self.openings.partition_point(|opening| opening.close <= at))
            .copied()
    }

    /// What both permit: the only way in which rules and places combine.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        let (from, until) = (self.from.max(other.from), self.until.min(other.until));
        let mut both = Vec::new();
        let (mut ours, mut theirs) = (self.openings.iter().peekable(), other.openings.iter().peekable());
        while let (Some(one), Some(two)) = (ours.peek(), theirs.peek()) {
            both.push(Opening {
                open: one.open.max(two.open),
                close: one.close.min(two.close),
            });
            if one.close <= two.close {
                ours.next();
            } else {
                theirs.next();
            }
        }
        Self::new(from, until, both)
    }

    /// What either permits.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let openings = self.openings.iter().chain(&*other.openings).copied();
        Self::new(self.from.min(other.from), self.until.max(other.until), openings)
    }

    /// What this one permits and the other does not.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        self.intersect(&other.complement(self.from, self.until))
    }

    /// The instants of `[from, until)` that are not permitted.
    #[must_use]
    pub fn complement(&self, from: i64, until: i64) -> Self {
        let opens = core::iter::once(from).chain(self.openings.iter().map(|each| each.close));
        let closes = self
            .openings
            .iter()
            .map(|each| each.open)
            .chain(core::iter::once(until));
        Self::new(
            from,
            until,
            opens.zip(closes).map(|(open, close)| Opening { open, close }),
        )
    }

    /// All of `[from, until)`.
    #[must_use]
    pub fn always(from: i64, until: i64) -> Self {
        Self::new(
            from,
            until,
            [Opening {
                open: from,
                close: until,
            }],
        )
    }

    /// The instants around which `before` seconds and after which `after` seconds are permitted too.
    ///
    /// `after` counts from the instant itself: 0 asks for no second after it. Ends that lie on the edge of what the
    /// timetable knows are kept, as nothing is known to close there.
    #[must_use]
    pub fn narrowed(&self, before: u32, after: u32) -> Self {
        let openings = self.openings.iter().map(|each| Opening {
            open: if each.open == self.from {
                each.open
            } else {
                each.open + i64::from(before)
            },
            close: if each.close == self.until {
                each.close
            } else {
                each.close - i64::from(after)
            },
        });
        Self::new(self.from, self.until, openings)
    }
}
