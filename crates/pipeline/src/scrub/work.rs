//! One block: every row judged, and written to where it belongs.

use core_compliance::ports::{
    BlockKind, BlockRows, ListBlock, ListLayout, RowFields, SuppressionList, TakeRows,
};
use core_compliance::{Gate, Instant};

use super::answer::AnswerId;
use super::books::ListBooks;
use super::judge::{Callee, Judge, ScrubOptions};
use super::learnt::Learnt;
use super::local_time::time_of_day;
use super::meanings::Meaning;
use super::outputs::{Done, ScrubOutputs};

/// Judges blocks.
pub(super) struct Worker<'g, L: ListLayout, S> {
    layout: &'g L,
    judge: Judge<'g, L, S>,
    wanted: ScrubOutputs<()>,
    /// Subjects and answers of the rows that are judged together.
    subjects: Vec<Option<usize>>,
    answers: Vec<Option<AnswerId>>,
}

/// A row whose callee has been located.
struct Located<'b> {
    bytes: &'b [u8],
    callee: Callee,
    at: Instant,
}

/// So many rows are judged together: what is known of their places lies here and there in memory, and is fetched for all of
/// them at a time.
const TOGETHER: usize = 256;
/// Seconds: a local date on which the clock is put back is two answers.
const DAY: u32 = 86_400;

impl<'g, L: ListLayout, S: SuppressionList> Worker<'g, L, S> {
    pub(super) fn new(
        gate: &'g Gate,
        learnt: &'g Learnt,
        layout: &'g L,
        suppression: Option<&'g S>,
        options: ScrubOptions,
        wanted: ScrubOutputs<()>,
    ) -> Self {
        Self {
            layout,
            judge: Judge::new(gate, learnt, layout, suppression, options),
            wanted,
            subjects: Vec::new(),
            answers: Vec::new(),
        }
    }

    /// Judges all rows of a block. `done` is empty.
    pub(super) fn judge(&mut self, block: &ListBlock, mut done: Done) -> Done {
        self.judge.forget_if_much();
        let rows = block.rows();
        let bytes = rows.bytes;
        if let BlockKind::Torn { first } = block.kind {
            if first {
                done.books.reject("row-too-long", block.line);
                done.head = Some(("row-too-long", 1));
            }
            if self.wanted.rejected.is_some() {
                if first {
                    self.layout.reject(block.line, "row-too-long", &mut done.rejected);
                }
                done.rejected.extend_from_slice(bytes);
            }
            return done;
        }
        let layout = self.layout;
        let mut taking = Taking {
            worker: self,
            kind: rows.kind,
            done,
            located: Vec::with_capacity(TOGETHER),
            seen: 0,
            is_head: true,
        };
        let blank = layout.each(rows, &mut taking);
        taking.settle();
        let Taking { mut done, seen, .. } = taking;
        if seen + blank != bytes.len() {
            done.fault = Some(format!(
                "of {} bytes from line {} on, {seen} are in rows and {blank} blank",
                bytes.len(),
                block.line
            ));
        }
        done
    }

    /// The subject of a row that has none yet: what says where the callee is is read again.
    #[cold]
    fn subject_of(&mut self, kind: BlockKind, row: &Located<'_>) -> Option<usize> {
        let Callee::Somewhere(meaning) = row.callee else {
            return None;
        };
        let rows = BlockRows {
            line: 1,
            bytes: row.bytes,
            kind,
        };
        let mut again = Again {
            judge: &mut self.judge,
            meaning,
            at: row.at,
            taken: 0,
            subject: None,
        };
        self.layout.each(rows, &mut again);
        again.subject.filter(|_| again.taken == 1)
    }

    /// Judges rows, counts them and writes them. What is known lies here and there in memory: each step fetches for all rows
    /// before the next one needs it.
    fn settle(&mut self, kind: BlockKind, located: &[Located<'_>], done: &mut Done) {
        self.subjects.clear();
        self.subjects
            .extend(located.iter().map(|row| self.judge.known_subject(row.callee)));
        self.answers.clear();
        for (place, row) in located.iter().enumerate() {
            let known = self.subjects.get(place).copied().flatten();
            let answer = match (row.callee, known) {
                (Callee::Answered(answer), _) => Some(self.judge.decided(answer)),
                (_, Some(subject)) => self.judge.decide(subject, row.at),
                (_, None) => {
                    let subject = self.subject_of(kind, row);
                    subject.and_then(|subject| self.judge.decide(subject, row.at))
                }
            };
            self.answers.push(answer);
        }
        done.books.rows += located.len() as u64;
        if self.answers.iter().any(Option::is_none) {
            done.fault = Some("a row has no answer".to_owned());
            return;
        }
        let ScrubOutputs {
            annotated,
            permitted,
            prohibited,
            ..
        } = self.wanted;
        if annotated.or(permitted).or(prohibited).is_none() {
            return;
        }
        for (row, answer) in located.iter().zip(&self.answers) {
            let Some(answer) = answer.and_then(|answer| self.judge.written(answer)) else {
                done.fault = Some("an answer is not known".to_owned());
                return;
            };
            let time = match answer.midnight {
                None => None,
                Some(midnight) => match u32::try_from(row.at.unix() - midnight) {
                    Ok(second) if second < DAY => Some(time_of_day(second)),
                    _ => {
                        done.fault = Some(format!("the answer for {} is of another day", row.at));
                        return;
                    }
                },
            };
            let side = match answer.is_permitted {
                true => permitted.map(|()| &mut done.permitted),
                false => prohibited.map(|()| &mut done.prohibited),
            };
            let (to, other) = match annotated {
                Some(()) => (Some(&mut done.annotated), side),
                None => (side, None),
            };
            if let Some(to) = to {
                let from = to.len();
                self.layout.annotate(row.bytes, &answer.note, time, to);
                if let Some(other) = other {
                    other.extend_from_slice(to.get(from..).unwrap_or_default());
                }
            }
        }
    }

    /// What was decided for the rows of all blocks.
    pub(super) fn close(self) -> ListBooks {
        self.judge.close()
    }
}

/// Takes the rows of a block.
struct Taking<'w, 'g, 'b, L: ListLayout, S> {
    worker: &'w mut Worker<'g, L, S>,
    kind: BlockKind,
    done: Done,
    /// Rows that are to be judged together.
    located: Vec<Located<'b>>,
    /// How many bytes were in rows.
    seen: usize,
    /// Whether all rows so far are rejected alike.
    is_head: bool,
}

impl<L: ListLayout, S: SuppressionList> Taking<'_, '_, '_, L, S> {
    fn settle(&mut self) {
        self.worker.settle(self.kind, &self.located, &mut self.done);
        self.located.clear();
    }

    #[cold]
    fn reject(&mut self, line: u64, bytes: &[u8], code: &'static str) {
        let (first, rows) = self.done.head.unwrap_or((code, 0));
        self.is_head &= first == code;
        if self.is_head {
            self.done.head = Some((first, rows + 1));
        }
        self.done.books.reject(code, line);
        if self.worker.wanted.rejected.is_some() {
            self.worker.layout.reject(line, code, &mut self.done.rejected);
            self.done.rejected.extend_from_slice(bytes);
        }
    }
}

impl<'b, L: ListLayout, S: SuppressionList> TakeRows<'b> for Taking<'_, '_, 'b, L, S> {
    fn row(&mut self, line: u64, bytes: &'b [u8], fields: &impl RowFields) {
        self.seen += bytes.len();
        match self.worker.judge.locate(fields) {
            Ok((callee, at)) => {
                self.is_head = false;
                self.located.push(Located { bytes, callee, at });
                if self.located.len() == TOGETHER {
                    self.settle();
                }
            }
            Err(code) => self.reject(line, bytes, code),
        }
    }

    fn bad(&mut self, line: u64, bytes: &'b [u8], code: &'static str) {
        self.seen += bytes.len();
        self.reject(line, bytes, code);
    }
}

/// Takes a row once more, for what says where its callee is.
struct Again<'j, 'g, L: ListLayout, S> {
    judge: &'j mut Judge<'g, L, S>,
    meaning: Meaning,
    at: Instant,
    /// How many rows there were: one, or the layout is broken.
    taken: usize,
    subject: Option<usize>,
}

impl<'b, L: ListLayout, S: SuppressionList> TakeRows<'b> for Again<'_, '_, L, S> {
    fn row(&mut self, _line: u64, _bytes: &'b [u8], fields: &impl RowFields) {
        self.taken += 1;
        self.subject = Some(self.judge.subject_of(self.meaning, fields, self.at));
    }

    fn bad(&mut self, _line: u64, _bytes: &'b [u8], _code: &'static str) {
        self.taken += 1;
    }
}
