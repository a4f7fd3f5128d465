//! How far a scrub is, on stderr.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use pipeline::ScrubProgress;
use tokio::time::Instant as Moment;

/// How often it is told.
const PACE: Duration = Duration::from_millis(500);

/// Tells rows, rate and the time that is left.
#[derive(Debug)]
pub(super) struct Progress {
    started: Moment,
    /// When it was told last; `None` = it is not told.
    told: Option<Mutex<Moment>>,
    on_terminal: bool,
    read: Arc<AtomicU64>,
    size: Option<u64>,
}

impl Progress {
    pub(super) fn new(is_wanted: bool, is_quiet: bool, read: Arc<AtomicU64>, size: Option<u64>) -> Self {
        let started = Moment::now();
        let on_terminal = io::stderr().is_terminal();
        let is_told = (on_terminal && !is_quiet) || is_wanted;
        Self {
            started,
            told: is_told.then(|| Mutex::new(started)),
            on_terminal,
            read,
            size,
        }
    }

    pub(super) fn seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    /// Takes the line away again.
    pub(super) fn end(&self) {
        if self.told.is_some() && self.on_terminal {
            let _ = write!(io::stderr().lock(), "\r\u{1b}[K");
        }
    }

    fn line(&self, rows: u64) -> String {
        let seconds = self.seconds();
        let rate = rows as f64 / seconds;
        let read = self.read.load(Ordering::Relaxed);
        let rest = self.size.filter(|size| read > 0 && *size >= read).map(|size| {
            let share = read as f64 / size as f64;
            let left = seconds / share - seconds;
            format!(", {:.0} %, {} left", share * 100.0, clock(left))
        });
        format!("{rows} rows, {rate:.0} a second{}", rest.unwrap_or_default())
    }
}

impl ScrubProgress for Progress {
    fn done(&self, rows: u64) {
        let Some(told) = &self.told else { return };
        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.elapsed() < PACE {
            return;
        }
        *told = Moment::now();
        let line = self.line(rows);
        let mut stderr = io::stderr().lock();
        // Progress may get lost.
        let _ = if self.on_terminal {
            write!(stderr, "\r\u{1b}[K{line}").and_then(|()| stderr.flush())
        } else {
            writeln!(stderr, "{line}")
        };
    }
}

/// `1:05`, `1:00:00`.
fn clock(seconds: f64) -> String {
    let all = Duration::try_from_secs_f64(seconds.max(0.0))
        .unwrap_or_default()
        .as_secs();
    let (hours, minutes, seconds) = (all / 3_600, all / 60 % 60, all % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::clock;

    #[test]
    fn what_is_left_reads_as_a_clock() {
        assert_eq!(
            (clock(0.4), clock(65.0), clock(3_600.0), clock(-1.0)),
            (
                "0:00".to_owned(),
                "1:05".to_owned(),
                "1:00:00".to_owned(),
                "0:00".to_owned()
            )
        );
        assert_eq!(clock(f64::INFINITY), "0:00");
    }
}
