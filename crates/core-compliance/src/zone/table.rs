//! One zone: the sorted instants at which its offset from UTC changes.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use jiff::Timestamp;
use jiff::tz::TimeZone as TzifZone;

use crate::Instant;
use crate::civil::LocalTime;

/// Tables run past the last instant plus the farthest look-ahead (400 days), so that every search ends inside.
const TABLE_END: i64 = Instant::LATEST.unix() + 500 * 86_400;

/// A stretch of constant offset: `[from, until)` in seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First second of the span; `i64::MIN` if it began before 1970.
    pub from: i64,
    /// First second after the span; `i64::MAX` if it is the last.
    pub until: i64,
    /// Seconds east of UTC.
    pub offset: i32,
}

/// A time zone with all its spans from 1970 to 2201.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    name: Box<str>,
    /// Start of each span; the first is `i64::MIN`.
    starts: Box<[i64]>,
    /// Offset of each span, in seconds east of UTC.
    offsets: Box<[i32]>,
    /// Print of all spans since [`SAME_CLOCK_SINCE`]; 64 bits tell 600 zones apart with certainty enough (10⁻¹⁴).
    clock: u64,
}

/// Zones are taken for the same clock if they have agreed since 2010-01-01T00:00:00Z: records name the zone of the
/// nearest large town (`America/New_York` for Detroit), and no law looks back further.
const SAME_CLOCK_SINCE: Instant = Instant::from_unix_clamped(1_262_304_000);

impl Zone {
    /// Reads TZif bytes (RFC 9636, versions 2 and later with their footer).
    ///
    /// # Errors
    /// The parser's words, where the bytes are not TZif.
    pub fn from_tzif(name: &str, bytes: &[u8]) -> Result<Self, String> {
        let zone = TzifZone::tzif(name, bytes).map_err(|error| error.to_string())?;
        let first = zone.to_offset(Timestamp::UNIX_EPOCH).seconds();
        let mut starts = vec![i64::MIN];
        let mut offsets = vec![first];
        let mut last = first;
        for change in zone.following(Timestamp::UNIX_EPOCH) {
            let at = change.timestamp().as_second();
            if at > TABLE_END {
                break;
            }
            let offset = change.offset().seconds();
            // A change of name or daylight flag alone moves no clock.
            if offset != last {
                starts.push(at);
                offsets.push(offset);
                last = offset;
            }
        }
        let mut zone = Self {
            name: name.into(),
            starts: starts.into(),
            offsets: offsets.into(),
            clock: 0,
        };
        zone.clock = zone.clock_print();
        Ok(zone)
    }

    /// A clock that never changes, `offset` seconds east of UTC.
    #[must_use]
    pub(crate) fn fixed(offset: i32) -> Self {
        let name = format!("UTC{}", crate::civil::OffsetText(offset));
        let mut zone = Self {
            name: name.into(),
            starts: [i64::MIN].into(),
            offsets: [offset].into(),
            clock: 0,
        };
        zone.clock = zone.clock_print();
        zone
    }

    fn clock_print(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.recent_spans().for_each(|span| span.hash(&mut hasher));
        hasher.finish()
    }

    /// Start and offset of each span since [`SAME_CLOCK_SINCE`].
    fn recent_spans(&self) -> impl Iterator<Item = (i64, i32)> + '_ {
        let since = SAME_CLOCK_SINCE.unix();
        self.spans(since, TABLE_END)
            .map(move |span| (span.from.max(since), span.offset))
    }

    /// IANA name, as the data spells it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The span that holds at `unix` seconds.
    #[must_use]
    pub fn span_at(&self, unix: i64) -> Span {
        let next = self.starts.partition_point(|start| *start <= unix);
        let index = next.saturating_sub(1);
        Span {
            from: self.starts.get(index).copied().unwrap_or(i64::MIN),
            until: self.starts.get(next).copied().unwrap_or(i64::MAX),
            offset: self.offsets.get(index).copied().unwrap_or(0),
        }
    }

    /// What a clock in this zone shows at an instant.
    #[must_use]
    pub fn local_time(&self, at: Instant) -> LocalTime {
        LocalTime::new(at.unix(), self.span_at(at.unix()).offset)
    }

    /// The spans that overlap `[from, until)`, in order.
    pub fn spans(&self, from: i64, until: i64) -> impl Iterator<Item = Span> + '_ {
        let mut next = (from < until).then_some(from);
        core::iter::from_fn(move || {
            let span = self.span_at(next?);
            next = (span.until < until).then_some(span.until);
            Some(span)
        })
    }

    /// Whether clocks in both zones have agreed at every instant since 2010, and will.
    #[must_use]
    pub fn same_clock(&self, other: &Self) -> bool {
        self.clock == other.clock
    }
}
