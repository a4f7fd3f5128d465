//! One block: every row judged, and written to where it belongs.

use core_compliance::ports::{BlockKind, ListBlock, ListItem, ListLayout, ListRow, SuppressionList};
use core_compliance::{Decision, Gate, Instant};

use super::answers::{Brief, NEVER};
use super::books::{ListBooks, ReasonCount};
use super::judge::{Judge, ScrubOptions};
use super::local_time::time_of_day;
use super::run::ScrubOutputs;

/// What became of a block.
#[derive(Debug, Default)]
pub(super) struct Done {
    pub(super) annotated: Vec<u8>,
    pub(super) permitted: Vec<u8>,
    pub(super) prohibited: Vec<u8>,
    pub(super) rejected: Vec<u8>,
    pub(super) books: ListBooks,
    /// Why the block cannot be trusted: bytes of it are in none of its rows.
    pub(super) fault: Option<String>,
}

impl Done {
    /// Empty again, with its memory.
    pub(super) fn clear(&mut self) {
        for bytes in [
            &mut self.annotated,
            &mut self.permitted,
            &mut self.prohibited,
            &mut self.rejected,
        ] {
            bytes.clear();
        }
        self.books = ListBooks::default();
        self.fault = None;
    }
}

/// Judges blocks.
pub(super) struct Worker<'g, L: ListLayout, S> {
    layout: &'g L,
    judge: Judge<'g, L, S>,
    wanted: ScrubOutputs<()>,
    /// Rows and earliest opening of each reason, within one block.
    counts: Vec<(u64, i64)>,
}

impl<'g, L: ListLayout, S: SuppressionList> Worker<'g, L, S> {
    pub(super) fn new(
        gate: &'g Gate,
        layout: &'g L,
        suppression: Option<&'g S>,
        options: ScrubOptions,
        wanted: ScrubOutputs<()>,
    ) -> Self {
        Self {
            layout,
            judge: Judge::new(gate, layout, suppression, options),
            wanted,
            counts: Vec::new(),
        }
    }

    /// Judges all rows of a block. `done` is empty.
    pub(super) fn judge(&mut self, block: &ListBlock, mut done: Done) -> Done {
        self.judge.forget_if_much();
        self.counts.clear();
        let bytes = block.rows();
        if let BlockKind::Torn { first } = block.kind {
            if first {
                done.books.reject("row-too-long", block.line);
            }
            if self.wanted.rejected.is_some() {
                if first {
                    self.layout.reject(block.line, "row-too-long", &mut done.rejected);
                }
                done.rejected.extend_from_slice(bytes);
            }
            return done;
        }
        let mut seen = 0;
        let layout = self.layout;
        let blank = layout.each(block, &mut |item: &ListItem<'_>| {
            let (ListItem::Row(ListRow { bytes, .. }) | ListItem::Bad { bytes, .. }) = item;
            seen += bytes.len();
            self.item(item, &mut done);
        });
        if seen + blank != bytes.len() {
            done.fault = Some(format!(
                "of {} bytes from line {} on, {seen} are in rows and {blank} blank",
                bytes.len(),
                block.line
            ));
        }
        self.enter(&mut done.books);
        done
    }

    fn item(&mut self, item: &ListItem<'_>, done: &mut Done) {
        let row = match item {
            ListItem::Row(row) => row,
            ListItem::Bad { line, bytes, code } => return self.reject(*line, bytes, code, done),
        };
        let (answer, at) = match self.judge.judge(&row.fields) {
            Ok(ruling) => ruling,
            Err(code) => return self.reject(row.line, row.bytes, code, done),
        };
        let Some(Brief {
            is_permitted,
            reason,
            offset,
            next_opening,
        }) = self.judge.brief(answer).copied()
        else {
            done.fault = Some(format!("line {} has an answer that is not kept", row.line));
            return;
        };
        done.books.rows += 1;
        let ScrubOutputs {
            annotated,
            permitted,
            prohibited,
            ..
        } = self.wanted;
        // Which of two outputs a row goes to is not to be guessed, so nothing asks where neither is wanted.
        if (annotated.or(permitted).or(prohibited)).is_some()
            && let Some(note) = self.judge.note(answer)
        {
            let time = offset.map(|offset| time_of_day(at, offset));
            let write = |to: &mut Vec<u8>| self.layout.annotate(row.bytes, note, time, to);
            if annotated.is_some() {
                write(&mut done.annotated);
            }
            match (is_permitted, permitted, prohibited) {
                (true, Some(()), _) => write(&mut done.permitted),
                (false, _, Some(())) => write(&mut done.prohibited),
                _ => {}
            }
        }
        let reason = reason as usize;
        if self.counts.len() <= reason {
            self.counts.resize(reason + 1, (0, NEVER));
        }
        if let Some((rows, earliest)) = self.counts.get_mut(reason) {
            *rows += 1;
            *earliest = next_opening.min(*earliest);
        }
    }

    fn reject(&self, line: u64, bytes: &[u8], code: &'static str, done: &mut Done) {
        done.books.reject(code, line);
        if self.wanted.rejected.is_some() {
            self.layout.reject(line, code, &mut done.rejected);
            done.rejected.extend_from_slice(bytes);
        }
    }

    /// Enters the block's counts into its books.
    fn enter(&self, books: &mut ListBooks) {
        for ((rows, earliest_opening), reason) in self.counts.iter().zip(self.judge.reasons()) {
            if *rows > 0 {
                if reason.decision == Decision::Permit {
                    books.permitted += rows;
                } else {
                    books.prohibited += rows;
                }
                let count = ReasonCount {
                    rows: *rows,
                    earliest_opening: Instant::from_unix(*earliest_opening).ok(),
                };
                books.by_reason.insert(reason.clone(), count);
            }
        }
    }
}
