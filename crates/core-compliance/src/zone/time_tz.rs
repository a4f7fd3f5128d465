//! `time-tz`'s traits on our tables, so that `OffsetDateTime::to_timezone(&zone)` works with current data.
//!
//! `time-tz` brings the traits alone: its own database is from 2022 (docs/adr/0001-time-data.md).

use time::{OffsetDateTime, UtcOffset};
use time_tz::{Offset, OffsetResult, TimeZone};

use super::table::{Span, Zone};

/// No zone's clock has ever been a day away from UTC; the margin covers it on both sides.
const WIDEST_OFFSET: i64 = 26 * 3_600;

impl Offset for Span {
    fn to_utc(&self) -> UtcOffset {
        UtcOffset::from_whole_seconds(self.offset).unwrap_or(UtcOffset::UTC)
    }

    /// Always empty: abbreviations are modelling artefacts and nothing may be decided by them.
    fn name(&self) -> &str {
        ""
    }

    /// Always false: TZif's flag is a modelling artefact that says nothing about the law (docs/adr/0001-time-data.md).
    fn is_dst(&self) -> bool {
        false
    }
}

impl TimeZone for Zone {
    type Offset = Span;

    fn get_offset_utc(&self, date_time: &OffsetDateTime) -> Span {
        self.span_at(date_time.unix_timestamp())
    }

    /// `date_time` is read as a wall clock; its own offset is ignored, as `time-tz` asks.
    fn get_offset_local(&self, date_time: &OffsetDateTime) -> OffsetResult<Span> {
        let local = date_time.unix_timestamp() + i64::from(date_time.offset().whole_seconds());
        let mut hits = self
            .spans(local - WIDEST_OFFSET, local + WIDEST_OFFSET)
            .filter(|span| (span.from..span.until).contains(&(local - i64::from(span.offset))));
        match (hits.next(), hits.next()) {
            (None, _) => OffsetResult::None,
            (Some(only), None) => OffsetResult::Some(only),
            (Some(earlier), Some(later)) => OffsetResult::Ambiguous(earlier, later),
        }
    }

    fn get_offset_primary(&self) -> Span {
        self.span_at(0)
    }

    fn name(&self) -> &str {
        Zone::name(self)
    }
}
