//! Follows the chain of hashes through the log, and names every place where it breaks.

use core::fmt;
use std::io::BufRead;

use core_compliance::Instant;
use serde::Deserialize;

use super::line::{self, Envelope, Head, NO_HASH};
use super::segments::{Line, Lines};

/// Breaks named one by one; more of them are counted.
const MOST_BREAKS: usize = 1_000;

/// A place where the log is not what was written.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Break {
    /// The file, or nothing where it concerns the log as a whole.
    pub segment: Option<String>,
    /// The line in it, from 1.
    pub line: Option<u64>,
    /// The record, as far as it can be told.
    pub seq: Option<u64>,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(segment) = &self.segment {
            write!(f, "{segment}:")?;
            if let Some(line) = self.line {
                write!(f, "{line}:")?;
            }
            f.write_str(" ")?;
        }
        if let Some(seq) = self.seq {
            write!(f, "record {seq}: ")?;
        }
        f.write_str(&self.message)
    }
}

/// What is known of the record that comes next.
#[derive(Clone, Debug)]
struct Expected {
    seq: u64,
    /// The hash before it; `None` after a line that is no record.
    prev: Option<String>,
}

/// What pruning left behind.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Removed {
    pub(super) removed_through: u64,
    pub(super) removed_hash: String,
    #[serde(skip)]
    pub(super) by: u64,
}

/// How far the chain was followed.
#[derive(Clone, Debug, Default)]
pub(super) struct Chain {
    expected: Option<Expected>,
    /// Number and `prev` of the first record.
    pub(super) first: Option<(Head, Instant)>,
    pub(super) last: Option<(Head, Instant)>,
    pub(super) records: u64,
    pub(super) breaks: Vec<Break>,
    pub(super) more_breaks: u64,
    /// The last record of every file.
    pub(super) ends: Vec<Head>,
    pub(super) checkpoints: Vec<Removed>,
    /// Hashes to look out for, and the records that have them.
    pub(super) wanted: Vec<(String, Option<u64>)>,
}

impl Chain {
    /// Follows the chain through one file.
    pub(super) fn follow(
        &mut self,
        segment: &str,
        first_seq: u64,
        reader: impl BufRead,
    ) -> std::io::Result<()> {
        let mut lines = Lines::of(reader);
        let mut is_first = true;
        while let Some(line) = lines.next()? {
            let place = (segment, line);
            if !line.is_whole {
                let torn = "is torn: it has no line break; the next run mends that";
                self.break_at(place, None, torn.to_owned());
            }
            match line::open(line.bytes) {
                Err(message) => {
                    let seq = self.expected.as_ref().map(|expected| expected.seq);
                    self.break_at(place, seq, message);
                    self.expected = seq.map(|seq| Expected {
                        seq: seq + 1,
                        prev: None,
                    });
                }
                Ok(record) => {
                    if is_first && record.seq != first_seq {
                        let message =
                            format!("the file is named for record {first_seq} and begins with this one");
                        self.break_at(place, Some(record.seq), message);
                    }
                    self.record(place, &record);
                }
            }
            is_first = false;
        }
        self.ends.extend(self.last.as_ref().map(|(head, _)| head.clone()));
        Ok(())
    }

    fn record(&mut self, place: (&str, Line<'_>), record: &Envelope<'_>) {
        let head = record.head();
        let (seq, prev) = (record.seq, &*record.prev);
        match &self.expected {
            None if self.records == 0 => {
                let before = Head {
                    seq,
                    hash: prev.to_owned(),
                };
                self.first = Some((before, record.time));
            }
            None => {}
            Some(expected) => {
                let wrong = if seq > expected.seq {
                    Some(match seq - 1 {
                        last if last == expected.seq => format!("record {last} is missing before it"),
                        last => format!("records {} to {last} are missing before it", expected.seq),
                    })
                } else if seq < expected.seq {
                    Some(format!("stands where record {} belongs", expected.seq))
                } else if expected.prev.as_ref().is_some_and(|hash| hash != prev) {
                    Some(
                        "does not follow from the record before it: one of them was put in or changed"
                            .to_owned(),
                    )
                } else {
                    None
                };
                if let Some(message) = wrong {
                    self.break_at(place, Some(seq), message);
                }
            }
        }
        for (hash, found) in &mut self.wanted {
            if *hash == head.hash {
                *found = Some(seq);
            }
        }
        if record.kind == "checkpoint"
            && let Ok(removed) = serde_json::from_slice::<Removed>(place.1.bytes)
        {
            self.checkpoints.push(Removed { by: seq, ..removed });
        }
        self.records += 1;
        self.expected = Some(Expected {
            seq: seq + 1,
            prev: Some(head.hash.clone()),
        });
        self.last = Some((head, record.time));
    }

    fn break_at(&mut self, (segment, line): (&str, Line<'_>), seq: Option<u64>, message: String) {
        self.note(Break {
            segment: Some(segment.to_owned()),
            line: Some(line.number),
            seq,
            message,
        });
    }

    pub(super) fn note(&mut self, found: Break) {
        if self.breaks.len() < MOST_BREAKS {
            self.breaks.push(found);
        } else {
            self.more_breaks += 1;
        }
    }

    /// Looks at the beginning, once the end is known: before it there was nothing, or a checkpoint says what was.
    pub(super) fn check_beginning(&mut self) -> Option<Removed> {
        let (before, _) = self.first.clone()?;
        if before.seq == 1 && before.hash == NO_HASH {
            return None;
        }
        let vouches = |removed: &&Removed| {
            let through = removed.removed_through;
            let at_the_edge = through + 1 == before.seq && removed.removed_hash == before.hash;
            // Where removing was interrupted, what should have gone is still there, and has the hash that it should.
            let kept = || {
                self.ends
                    .iter()
                    .any(|end| end.seq == through && end.hash == removed.removed_hash)
            };
            at_the_edge || (through >= before.seq && kept())
        };
        let vouched = self.checkpoints.iter().find(vouches).cloned();
        if vouched.is_none() {
            let message = if before.seq == 1 {
                "the first record says that there was one before it".to_owned()
            } else {
                format!(
                    "records 1 to {} are missing, and no checkpoint says why",
                    before.seq - 1
                )
            };
            self.note(Break {
                segment: None,
                line: None,
                seq: None,
                message,
            });
        }
        vouched
    }
}

#[cfg(test)]
mod tests;
