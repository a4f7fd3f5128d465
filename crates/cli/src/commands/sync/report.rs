//! What a run tells while it goes on, and its books at the end.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use core_compliance::Gate;
use pipeline::{Books, ContactEvent, Outcome, Summary, SyncObserver, mask_numbers};
use serde_json::json;
use tokio::time::Instant as Moment;

use super::job::Show;
use crate::args::Format;
use crate::output::{Output, Tone, printable};
use crate::render::{WIDTH, clipped, local_and_utc, wrapped};

/// How often progress is shown on a terminal, and elsewhere.
const TERMINAL_PACE: Duration = Duration::from_millis(200);
const SPARSE_PACE: Duration = Duration::from_secs(30);
/// Columns that every terminal has.
const TERMINAL_WIDTH: usize = 80;
/// Columns of the outcome in the list of contacts.
const OUTCOME_WIDTH: usize = 13;
/// Rejected contacts named one by one before only their number is told; failed ones are always named.
const REJECTED_NAMED: u64 = 20;

pub(crate) struct Reporter<'a> {
    output: &'a Output,
    show: Show,
    gate: &'a Gate,
    limit: Option<u64>,
    state: Mutex<State>,
}

struct State {
    started: Moment,
    shown: Moment,
    on_terminal: bool,
    has_progress_line: bool,
    rejected_named: u64,
    /// Contacts read so far, those without an outcome yet included.
    read: u64,
    /// The first contact of each reason, with its message.
    examples: BTreeMap<String, (String, String)>,
    last: Option<Summary>,
}

impl<'a> Reporter<'a> {
    pub(crate) fn new(output: &'a Output, show: Show, gate: &'a Gate, limit: Option<u64>) -> Self {
        let now = Moment::now();
        let state = State {
            started: now,
            shown: now,
            on_terminal: output.can_overwrite(),
            has_progress_line: false,
            rejected_named: 0,
            read: 0,
            examples: BTreeMap::new(),
            last: None,
        };
        Self {
            output,
            show,
            gate,
            limit,
            state: Mutex::new(state),
        }
    }

    /// A poisoned lock means a panic elsewhere; what is kept here is for show.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn stopping(&self) {
        self.clear(&mut self.state());
        self.output
            .note("stopping: what is in flight is finished; interrupt again to end at once");
    }

    /// What earlier pieces of the run came to.
    pub(crate) fn carry(&self, carried: &Summary) {
        let mut state = self.state();
        state.read = carried.books.read;
        state.last = Some(carried.clone());
    }

    /// The books of a run that was cut off: what had not ended is not attempted.
    pub(crate) fn cut_off(&self) -> Summary {
        let state = self.state();
        let mut summary = state.last.clone().unwrap_or_default();
        let books = &mut summary.books;
        books.read = state.read;
        let settled = books.sent() + books.prohibited + books.suppressed + books.duplicate + books.rejected;
        books.not_attempted = books.read - settled - books.failed;
        summary
    }

    pub(crate) fn finish(&self) {
        self.clear(&mut self.state());
    }

    fn clear(&self, state: &mut State) {
        if state.has_progress_line {
            let _ = write!(io::stderr().lock(), "\r\u{1b}[K");
            state.has_progress_line = false;
        }
    }

    fn progress(&self, state: &mut State, summary: &Summary) {
        let pace = if state.on_terminal {
            TERMINAL_PACE
        } else {
            SPARSE_PACE
        };
        if self.output.quiet || state.shown.elapsed() < pace {
            return;
        }
        state.shown = Moment::now();
        let line = progress_line(&summary.books, self.limit, state.started.elapsed());
        if state.on_terminal {
            // A line that wraps could not be overwritten.
            let line = clipped(&line, TERMINAL_WIDTH - 1);
            let _ = write!(io::stderr().lock(), "\r\u{1b}[K{line}");
            let _ = io::stderr().lock().flush();
            state.has_progress_line = true;
        } else {
            self.output.note(&line);
        }
    }

    fn show(&self, state: &mut State, event: &ContactEvent) {
        let message = printable(&mask_numbers(event.message.as_deref().unwrap_or_default()));
        if self.output.format_or(Format::Text) == Format::Ndjson {
            let line = json!({
                "contact": event.contact, "outcome": event.outcome.as_str(), "reason": event.reason,
                "message": message, "next_opening": event.next_opening, "permitted_until": event.permitted_until,
            });
            // A reader that has gone away ends the report, not the run.
            let _ = self.output.line(&line.to_string());
            return;
        }
        if self.output.format_or(Format::Text) == Format::Text && self.show == Show::EveryContact {
            self.clear(state);
            let (word, tone) = match event.outcome {
                Outcome::Prohibited | Outcome::Suppressed => (event.outcome.as_str(), Tone::Bad),
                Outcome::Rejected | Outcome::Failed => (event.outcome.as_str(), Tone::Bad),
                sent => (sent.as_str(), Tone::Good),
            };
            let word = self.output.toned(&format!("{word:<OUTCOME_WIDTH$}"), tone);
            let _ = self.output.line(&format!(
                "{word} {:<10}  {}",
                printable(&event.contact),
                self.when_or_why(event)
            ));
            for line in wrapped("", &message, OUTCOME_WIDTH + 1) {
                let _ = self.output.line(&line);
            }
            return;
        }
        match event.outcome {
            Outcome::Failed => {
                self.clear(state);
                self.output
                    .warning(&format!("failed: {}: {message}", printable(&event.contact)));
            }
            Outcome::Rejected if state.rejected_named < REJECTED_NAMED => {
                state.rejected_named += 1;
                self.clear(state);
                self.output
                    .warning(&format!("rejected: {}: {message}", printable(&event.contact)));
                if state.rejected_named == REJECTED_NAMED {
                    self.output
                        .warning("further rejected contacts are counted only; --format ndjson names all");
                }
            }
            _ => {}
        }
    }

    /// Until when, or from when on, a contact may be called; if neither is known, the reason's code.
    fn when_or_why(&self, event: &ContactEvent) -> String {
        let shown = |at| local_and_utc(self.gate, event.zone.as_deref(), at);
        match (event.permitted_until, event.next_opening, &event.reason) {
            (Some(until), ..) => format!("until {}", shown(until)),
            (None, Some(opening), _) => format!("opens {}", shown(opening)),
            (None, None, Some(reason)) => reason.clone(),
            (None, None, None) => "no end in sight".to_owned(),
        }
    }

    /// The books, for people.
    pub(crate) fn books(&self, summary: &Summary, throttled: u64, seconds: f64) -> io::Result<()> {
        let books = &summary.books;
        if self.show == Show::EveryContact && books.read > 0 {
            self.output.line("")?;
        }
        for (name, count) in columns(books) {
            if count > 0 || ["read", "inserted", "prohibited", "rejected", "failed"].contains(&name) {
                self.output.line(&format!("{name:<14} {count:>9}"))?;
            }
        }
        if !summary.by_reason.is_empty() {
            self.output.line("not in the campaign, by reason:")?;
        }
        let state = self.state();
        for (reason, count) in &summary.by_reason {
            let example = match (self.show, state.examples.get(reason)) {
                (Show::Exceptions, Some((contact, message))) => format!("  first {contact}: {message}"),
                _ => String::new(),
            };
            let line = format!("  {reason:<26} {count:>9}{example}");
            self.output.line(&clipped(&line, WIDTH))?;
        }
        if books.sent() == 0 {
            let why = if books.read == 0 {
                "no contact was read"
            } else {
                "none of the contacts that were read came through; the reasons are above"
            };
            self.output.line(&format!("nothing was sent: {why}"))?;
        }
        if let Some(opening) = summary.earliest_opening {
            self.output.line(&format!(
                "the first of the prohibited may be called from {opening}"
            ))?;
        }
        let rate = books.sent() as f64 / seconds.max(0.001);
        self.output.note(&format!(
            "{seconds:.1} s, {rate:.0} contacts a second sent, throttled {throttled} times; rulebook {}, tzdb {}",
            self.gate.rulebook().version(),
            self.gate.zones().version()
        ));
        Ok(())
    }
}

/// How far the run is: `read 150, 44 a second, 1 s left; sent 113, prohibited 6`.
fn progress_line(books: &Books, limit: Option<u64>, elapsed: Duration) -> String {
    let settled = books.sent()
        + books.prohibited
        + books.suppressed
        + books.duplicate
        + books.rejected
        + books.failed
        + books.not_attempted;
    let rate = settled as f64 / elapsed.as_secs_f64().max(0.001);
    let mut line = format!("read {}, {rate:.0} a second", books.read);
    if let Some(limit) = limit.filter(|_| settled > 0) {
        let left = limit.saturating_sub(settled) as f64 / rate.max(0.001);
        line.push_str(&match left {
            left if left < 120.0 => format!(", {left:.0} s left"),
            left => format!(", {:.0} min left", left / 60.0),
        });
    }
    line.push_str(&format!(
        "; sent {}, prohibited {}",
        books.sent(),
        books.prohibited
    ));
    for (name, count) in [("rejected", books.rejected), ("failed", books.failed)] {
        if count > 0 {
            line.push_str(&format!(", {name} {count}"));
        }
    }
    line
}

fn columns(books: &Books) -> [(&'static str, u64); 11] {
    [
        ("read", books.read),
        ("inserted", books.inserted),
        ("updated", books.updated),
        ("already there", books.already_there),
        ("would upsert", books.would_upsert),
        ("prohibited", books.prohibited),
        ("suppressed", books.suppressed),
        ("duplicate", books.duplicate),
        ("rejected", books.rejected),
        ("failed", books.failed),
        ("not attempted", books.not_attempted),
    ]
}

impl SyncObserver for Reporter<'_> {
    fn read(&self, count: u64) {
        self.state().read = count;
    }

    fn contact(&self, event: &ContactEvent, summary: &Summary) {
        let mut state = self.state();
        if let Some(reason) = &event.reason
            && !state.examples.contains_key(reason)
        {
            let message = mask_numbers(event.message.as_deref().unwrap_or_default());
            state
                .examples
                .insert(reason.clone(), (printable(&event.contact), message));
        }
        self.show(&mut state, event);
        self.progress(&mut state, summary);
        state.last = Some(summary.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_tells_what_is_settled_not_what_is_read_ahead() {
        let books = Books {
            read: 150,
            inserted: 90,
            prohibited: 10,
            ..Books::default()
        };
        let line = |books, limit| progress_line(books, limit, Duration::from_secs(2));
        assert_eq!(
            line(&books, None),
            "read 150, 50 a second; sent 90, prohibited 10"
        );
        assert_eq!(
            line(&books, Some(200)),
            "read 150, 50 a second, 2 s left; sent 90, prohibited 10"
        );
        let flawed = Books {
            failed: 1,
            rejected: 2,
            ..books
        };
        assert_eq!(
            line(&flawed, Some(20_000)),
            "read 150, 52 a second, 6 min left; sent 90, prohibited 10, rejected 2, failed 1"
        );
        assert_eq!(
            line(&Books::default(), Some(1)),
            "read 0, 0 a second; sent 0, prohibited 0"
        );
    }
}
