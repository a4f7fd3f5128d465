//! What of a local day is open, and what its clock does on it.

use core_compliance::{Instant, LocalDate, LocalTime, Timetable, Zone};

/// Half an hour a cell: 48 cells a day fit a terminal of 80 columns.
const CELLS: u32 = 48;
const CELL_SECONDS: u32 = 86_400 / CELLS;
/// No clock is more than 26 hours from UTC.
const FARTHEST_OFFSET: i64 = 93_600;

/// One local date.
pub(super) struct Day {
    pub(super) date: LocalDate,
    pub(super) stretches: Vec<Stretch>,
    /// Instants at which the clock is put forward or back.
    pub(super) clock_changes: Vec<Instant>,
}

/// One stretch of a local day in which calls are permitted.
pub(super) struct Stretch {
    pub(super) open: Instant,
    pub(super) close: Instant,
    local_open: LocalTime,
    /// What the clock shows a second before the close.
    local_close: LocalTime,
}

impl Day {
    pub(super) fn of(timetable: &Timetable, zone: &Zone, date: LocalDate) -> Self {
        Self {
            date,
            stretches: stretches(timetable, zone, date),
            clock_changes: clock_changes(zone, date),
        }
    }

    /// `08:00-21:00, 22:00-23:00`, or `closed`.
    pub(super) fn hours(&self) -> String {
        if self.stretches.is_empty() {
            return "closed".to_owned();
        }
        let hours = |it: &Stretch| format!("{}-{}", it.local_open.clock(), end_of(it));
        self.stretches.iter().map(hours).collect::<Vec<_>>().join(", ")
    }

    /// The day as a bar: see [`bar`].
    pub(super) fn bar(&self) -> String {
        bar(&self.stretches)
    }
}

/// The changes of the clock after which it shows this date.
fn clock_changes(zone: &Zone, date: LocalDate) -> Vec<Instant> {
    let midnight = i64::from(date.days()) * 86_400;
    let mut before = None;
    let mut changes = Vec::new();
    for span in zone.spans(midnight - FARTHEST_OFFSET, midnight + 86_400 + FARTHEST_OFFSET) {
        if before
            .replace(span.offset)
            .is_some_and(|before| before != span.offset)
            && let Ok(at) = Instant::from_unix(span.from)
            && zone.local_time(at).date() == date
        {
            changes.push(at);
        }
    }
    changes
}

/// The parts of a local date in which the timetable permits. Where clocks change, a part ends and another begins.
fn stretches(timetable: &Timetable, zone: &Zone, date: LocalDate) -> Vec<Stretch> {
    let midnight = i64::from(date.days()) * 86_400;
    let mut found = Vec::new();
    for span in zone.spans(midnight - FARTHEST_OFFSET, midnight + 86_400 + FARTHEST_OFFSET) {
        let offset = i64::from(span.offset);
        let (from, until) = (
            span.from.max(midnight - offset),
            span.until.min(midnight + 86_400 - offset),
        );
        for opening in timetable
            .openings()
            .iter()
            .filter(|opening| opening.open < until && from < opening.close)
        {
            let (open, close) = (opening.open.max(from), opening.close.min(until));
            let instants = Instant::from_unix(open).ok().zip(Instant::from_unix(close).ok());
            let Some((open, close)) = instants else { continue };
            // The close belongs to the next span where clocks change at it; it is shown by the clock that ran till then.
            let local_close = zone.local_time(close.plus_seconds(-1));
            found.push(Stretch {
                open,
                close,
                local_open: zone.local_time(open),
                local_close,
            });
        }
    }
    found
}

/// Seconds since local midnight at which a stretch ends, up to 86,400.
fn end_second(stretch: &Stretch) -> u32 {
    stretch.local_close.second_of_day() + 1
}

fn end_of(stretch: &Stretch) -> String {
    let end = end_second(stretch);
    if end.is_multiple_of(60) {
        format!("{:02}:{:02}", end / 3_600, end / 60 % 60)
    } else {
        format!("{:02}:{:02}:{:02}", end / 3_600, end / 60 % 60, end % 60)
    }
}

/// `#` = open throughout the half hour, `+` = in a part of it.
fn bar(stretches: &[Stretch]) -> String {
    (0..CELLS)
        .map(|cell| {
            let (from, until) = (cell * CELL_SECONDS, (cell + 1) * CELL_SECONDS);
            let open: u32 = stretches
                .iter()
                .map(|it| {
                    end_second(it)
                        .min(until)
                        .saturating_sub(it.local_open.second_of_day().max(from))
                })
                .sum();
            match open {
                0 => '.',
                open if open < CELL_SECONDS => '+',
                _ => '#',
            }
        })
        .collect()
}
