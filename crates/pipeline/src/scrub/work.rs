//! One block: every row judged, and written to where it belongs.

use core_compliance::ports::{BlockKind, ListBlock, ListItem, ListLayout, ListRow, SuppressionList};
use core_compliance::{Gate, Instant};

use super::books::{ListBooks, ReasonCount, earlier};
use super::judge::{Judge, Ruling, ScrubOptions};
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
    counts: Vec<(u64, Option<Instant>)>,
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
        match self.judge.judge(&row.fields) {
            Ruling::Rejected(code) => self.reject(row.line, row.bytes, code, done),
            Ruling::Decided(stretch, at) => {
                let answer = &stretch.answer;
                let (is_wanted, to, count) = if answer.is_permitted {
                    (
                        self.wanted.permitted.is_some(),
                        &mut done.permitted,
                        &mut done.books.permitted,
                    )
                } else {
                    (
                        self.wanted.prohibited.is_some(),
                        &mut done.prohibited,
                        &mut done.books.prohibited,
                    )
                };
                *count += 1;
                done.books.rows += 1;
                let is_annotated = self.wanted.annotated.is_some();
                if is_wanted || is_annotated {
                    let time = answer.clock.map(|(_, offset)| time_of_day(at, offset));
                    let time = time.as_ref().map_or(&[][..], |time| time);
                    let write = |to: &mut Vec<u8>| {
                        self.layout.annotate(row.bytes, &stretch.note, time, to);
                    };
                    if is_wanted {
                        write(to);
                    }
                    if is_annotated {
                        write(&mut done.annotated);
                    }
                }
                if self.counts.len() <= answer.reason {
                    self.counts.resize(answer.reason + 1, (0, None));
                }
                if let Some((rows, earliest)) = self.counts.get_mut(answer.reason) {
                    *rows += 1;
                    *earliest = earlier(*earliest, answer.next_opening);
                }
            }
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
                let count = ReasonCount {
                    rows: *rows,
                    earliest_opening: *earliest_opening,
                };
                books.by_reason.insert(reason.clone(), count);
            }
        }
    }
}
