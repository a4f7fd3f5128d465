//! Caps: how often a callee may be called, and how long to wait after certain calls.

use crate::Jurisdiction;
use crate::attempt::{AttemptOutcome, Channel, PastAttempt, Purpose, UnknownWord, fmt_as_str, vocabulary};
use crate::civil::{DAY, LocalDate};
use crate::condition::Condition;
use crate::rule::{Provenance, RuleOrigin, RuleStatus};
use crate::timetable::Opening;
use crate::zone::Zone;
use core::fmt;

vocabulary! {
    /// Which past attempts count towards a cap.
    Counting {
        /// Every one.
        Attempts = "attempt",
        /// Those that somebody or something answered.
        Answered = "answered",
        /// Those in which the callee spoke.
        Conversations = "conversation",
        /// Those that reached the callee: spoken with, or a message left.
        Contacts = "contact",
        /// Those that nobody answered, or of unknown outcome.
        NoAnswers = "no-answer",
    }
}

impl Counting {
    fn counts(self, outcome: Option<AttemptOutcome>) -> bool {
        use AttemptOutcome::{Abandoned, Conversation, NoAnswer, Refusal, Voicemail};
        match self {
            Self::Attempts => true,
            // An outcome that is not known may be the one that counts.
            Self::Answered => matches!(
                outcome,
                None | Some(Conversation | Refusal | Abandoned | Voicemail)
            ),
            Self::Conversations => matches!(outcome, None | Some(Conversation | Refusal)),
            Self::Contacts => matches!(outcome, None | Some(Conversation | Refusal | Voicemail)),
            Self::NoAnswers => matches!(outcome, None | Some(NoAnswer)),
        }
    }
}

/// Over how long a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Period {
    /// Any so many consecutive hours.
    Hours(u32),
    /// So many consecutive local calendar days, the attempt's own included.
    Days(u32),
    /// So many calendar weeks from Monday, the attempt's own included.
    Weeks(u32),
    /// So many calendar months, the attempt's own included.
    Months(u32),
}

/// At most so many in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// How many.
    pub max: u32,
    /// In how long.
    pub period: Period,
}

/// A pause after an attempt that ended in a certain way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cooldown {
    /// How it ended.
    pub after: AttemptOutcome,
    /// For how long; `None` = for ever.
    pub pause: Option<Pause>,
}

/// How long a pause lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    /// Hours from the attempt.
    Hours(u32),
    /// Local calendar days, of which the attempt's own is the first.
    Days(u32),
}

/// One provision on frequency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cap {
    /// Permanent name.
    pub id: String,
    /// Where it governs.
    pub jurisdiction: Jurisdiction,
    /// Which purposes it governs; empty = all.
    pub purposes: Vec<Purpose>,
    /// Which channels it governs; empty = all.
    pub channels: Vec<Channel>,
    /// All of these hold.
    pub limits: Vec<Limit>,
    /// All of these hold.
    pub cooldowns: Vec<Cooldown>,
    /// Which attempts count.
    pub counts: Counting,
    /// Counted separately for each matter.
    pub per_matter: bool,
    /// Where one of these is met the cap does not bind.
    pub unless: Vec<Condition>,
    /// First local date in force.
    pub effective_from: Option<LocalDate>,
    /// First local date no longer in force.
    pub effective_until: Option<LocalDate>,
    /// What force it has.
    pub status: RuleStatus,
    /// Who brought it in.
    pub origin: RuleOrigin,
    /// Where it comes from.
    pub provenance: Provenance,
}

/// A stretch of time that a cap blocks, and the attempts that make it do so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The blocked instants.
    pub blocked: Opening,
    /// The attempts counted.
    pub attempts: Vec<PastAttempt>,
    /// In words: `3 attempts in 24 hours`.
    pub why: String,
}

impl Cap {
    /// Whether the cap governs this purpose and channel.
    #[must_use]
    pub fn governs(&self, purpose: Purpose, channel: Channel) -> bool {
        (self.purposes.is_empty() || self.purposes.contains(&purpose))
            && (self.channels.is_empty() || self.channels.contains(&channel))
    }

    /// Whether the cap is in force on a local date.
    #[must_use]
    pub fn in_force_on(&self, date: LocalDate) -> bool {
        self.effective_from.is_none_or(|from| from <= date)
            && self.effective_until.is_none_or(|until| date < until)
    }

    /// What this history blocks at a place with this clock.
    #[must_use]
    pub fn blocks(&self, history: &[PastAttempt], zone: &Zone) -> Vec<Block> {
        let mut history: Vec<&PastAttempt> = history.iter().collect();
        // Ties are ordered too: the order in which history is given changes nothing.
        history
            .sort_by(|one, two| (one.at, one.outcome, &one.matter).cmp(&(two.at, two.outcome, &two.matter)));
        let mut blocks = Vec::new();
        for group in self.groups(&history) {
            let counted: Vec<&PastAttempt> = group
                .iter()
                .copied()
                .filter(|attempt| self.counts.counts(attempt.outcome))
                .collect();
            for limit in &self.limits {
                blocks.extend(limit.blocks(&counted, zone));
            }
        }
        for attempt in &history {
            for cooldown in self
                .cooldowns
                .iter()
                .filter(|cooldown| cooldown.follows(attempt.outcome))
            {
                blocks.push(cooldown.block(attempt, zone));
            }
        }
        blocks
    }

    /// The attempts that are counted together. One without a matter counts towards every matter; the planned attempt
    /// may be about any of them.
    fn groups<'h>(&self, history: &[&'h PastAttempt]) -> Vec<Vec<&'h PastAttempt>> {
        if !self.per_matter {
            return vec![history.to_vec()];
        }
        let mut matters: Vec<Option<&str>> =
            history.iter().map(|attempt| attempt.matter.as_deref()).collect();
        matters.sort_unstable();
        matters.dedup();
        let about = |matter: Option<&str>| {
            let same = |each: &&&PastAttempt| each.matter.is_none() || each.matter.as_deref() == matter;
            history.iter().filter(same).copied().collect()
        };
        matters.into_iter().map(about).collect()
    }
}

impl Limit {
    /// Each run of `max` attempts that fit into one period blocks from the last of them to the end of the period.
    fn blocks(&self, counted: &[&PastAttempt], zone: &Zone) -> Vec<Block> {
        let max = usize::try_from(self.max.max(1)).unwrap_or(usize::MAX);
        let full = |run: &[&PastAttempt]| {
            let (first, last) = (run.first()?, run.last()?);
            let close = self.period.end_after(first.at.unix(), zone);
            let open = last.at.unix();
            (open < close).then(|| Block {
                blocked: Opening { open, close },
                attempts: run.iter().map(|attempt| (*attempt).clone()).collect(),
                why: format!("{} in {}", self.max, self.period),
            })
        };
        counted.windows(max).filter_map(full).collect()
    }
}

impl Period {
    /// First second at which an attempt at `at` is no longer in the same period.
    fn end_after(self, at: i64, zone: &Zone) -> i64 {
        let date = LocalDate::of_local_seconds(at + i64::from(zone.span_at(at).offset));
        let weekday = i32::from(date.weekday().number_days_from_monday());
        match self {
            Self::Hours(hours) => at + i64::from(hours) * 3_600,
            Self::Days(days) => start_of(date.plus_days(to_i32(days)), zone),
            Self::Weeks(weeks) => start_of(
                date.plus_days(to_i32(weeks).saturating_mul(7).saturating_sub(weekday)),
                zone,
            ),
            Self::Months(months) => {
                let (year, month) = (date.to_date().year(), i32::from(u8::from(date.to_date().month())));
                let next = (year * 12 + month - 1).saturating_add(to_i32(months));
                let month = u8::try_from(next.rem_euclid(12) + 1).unwrap_or(1);
                LocalDate::from_calendar(next.div_euclid(12), month, 1)
                    .map_or(i64::MAX, |first| start_of(first, zone))
            }
        }
    }
}

fn to_i32(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// First second at which the clock shows this date or a later one: the spans are searched, no local time is converted.
fn start_of(date: LocalDate, zone: &Zone) -> i64 {
    let midnight = i64::from(date.days()) * DAY;
    zone.spans(midnight - 2 * DAY, midnight + 2 * DAY)
        .find_map(|span| {
            let start = (midnight - i64::from(span.offset)).max(span.from);
            (start < span.until).then_some(start)
        })
        .unwrap_or(midnight)
}

impl Cooldown {
    /// Whether an attempt of this outcome starts the pause: a refusal is a conversation, too.
    fn follows(&self, outcome: Option<AttemptOutcome>) -> bool {
        outcome == Some(self.after)
            || (self.after == AttemptOutcome::Conversation && outcome == Some(AttemptOutcome::Refusal))
    }

    fn block(&self, attempt: &PastAttempt, zone: &Zone) -> Block {
        let at = attempt.at.unix();
        let (close, long) = match self.pause {
            None => (i64::MAX, "for good".to_owned()),
            Some(Pause::Hours(hours)) => (at + i64::from(hours) * 3_600, format!("for {hours} hours")),
            Some(Pause::Days(days)) => (Period::Days(days).end_after(at, zone), format!("for {days} days")),
        };
        Block {
            blocked: Opening { open: at, close },
            attempts: vec![attempt.clone()],
            why: format!("a pause {long} after {}", self.after),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, unit) = match self {
            Self::Hours(count) => (count, "hour"),
            Self::Days(count) => (count, "calendar day"),
            Self::Weeks(count) => (count, "calendar week"),
            Self::Months(count) => (count, "calendar month"),
        };
        write!(f, "{count} {unit}{}", if *count == 1 { "" } else { "s" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Instant, ZoneDatabase};

    #[test]
    fn no_period_is_too_long_to_be_added_up() {
        let zones = ZoneDatabase::bundled();
        let zone = zones.get("Pacific/Auckland").unwrap();
        for at in [Instant::EARLIEST, Instant::LATEST].map(Instant::unix) {
            for number in [
                u32::MAX,
                i32::MAX.unsigned_abs(),
                1 << 30,
                u32::MAX / 7,
                u32::MAX / 12,
            ] {
                for period in [Period::Hours, Period::Days, Period::Weeks, Period::Months] {
                    let end = period(number).end_after(at, zone);
                    assert!(
                        end > Instant::LATEST.unix(),
                        "{} from {at} end at {end}",
                        period(number)
                    );
                }
            }
        }
    }
}
