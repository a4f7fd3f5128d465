//! One block: every row judged, and written to where it belongs.

use core_compliance::ports::{BlockKind, ListBlock, ListItem, ListLayout, ListRow, SuppressionList};
use core_compliance::{Gate, Instant};

use super::answers::AnswerId;
use super::books::ListBooks;
use super::judge::{Callee, Judge, ScrubOptions};
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
    /// How many rows it begins with that are rejected, all for this reason.
    pub(super) head: Option<(&'static str, u64)>,
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
        self.head = None;
        self.fault = None;
    }
}

/// Judges blocks.
pub(super) struct Worker<'g, L: ListLayout, S> {
    layout: &'g L,
    judge: Judge<'g, L, S>,
    wanted: ScrubOutputs<()>,
    /// Answers of the rows that are judged together.
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
            answers: Vec::new(),
        }
    }

    /// Judges all rows of a block. `done` is empty.
    pub(super) fn judge(&mut self, block: &ListBlock, mut done: Done) -> Done {
        self.judge.forget_if_much();
        let bytes = block.rows();
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
        let mut seen = 0;
        let layout = self.layout;
        let mut located = Vec::with_capacity(TOGETHER);
        let mut is_head = true;
        let blank = layout.each(block, &mut |item: &ListItem<'_, '_>| {
            let (ListItem::Row(ListRow { bytes, .. }) | ListItem::Bad { bytes, .. }) = item;
            seen += bytes.len();
            match self.locate(item) {
                Ok(row) => {
                    located.push(row);
                    is_head = false;
                }
                Err(rejected) => {
                    let (code, rows) = done.head.unwrap_or((rejected.2, 0));
                    is_head &= code == rejected.2;
                    if is_head {
                        done.head = Some((code, rows + 1));
                    }
                    self.reject(rejected, &mut done);
                }
            }
            if located.len() == TOGETHER {
                self.settle(&located, &mut done);
                located.clear();
            }
        });
        self.settle(&located, &mut done);
        if seen + blank != bytes.len() {
            done.fault = Some(format!(
                "of {} bytes from line {} on, {seen} are in rows and {blank} blank",
                bytes.len(),
                block.line
            ));
        }
        done
    }

    /// Where the callee of a row is; or the line, bytes and code of what is rejected.
    fn locate<'b>(&mut self, item: &ListItem<'b, '_>) -> Result<Located<'b>, (u64, &'b [u8], &'static str)> {
        let row = match item {
            ListItem::Row(row) => row,
            ListItem::Bad { line, bytes, code } => return Err((*line, bytes, code)),
        };
        let bytes = row.bytes;
        match self.judge.locate(&row.fields) {
            Ok((callee, at)) => Ok(Located { bytes, callee, at }),
            Err(code) => Err((row.line, bytes, code)),
        }
    }

    /// Judges rows, counts them and writes them.
    fn settle(&mut self, located: &[Located<'_>], done: &mut Done) {
        let judge = &mut self.judge;
        self.answers.clear();
        let answers = located.iter().map(|row| judge.decide(row.callee, row.at));
        self.answers.extend(answers);
        done.books.rows += located.len() as u64;
        let mut fault = || done.fault = Some("a row has no answer".to_owned());
        if self.answers.iter().any(Option::is_none) {
            return fault();
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
                return fault();
            };
            let time = answer.offset.map(|offset| time_of_day(row.at, offset));
            let write = |to: &mut Vec<u8>| self.layout.annotate(row.bytes, &answer.note, time, to);
            if annotated.is_some() {
                write(&mut done.annotated);
            }
            match (answer.is_permitted, permitted, prohibited) {
                (true, Some(()), _) => write(&mut done.permitted),
                (false, _, Some(())) => write(&mut done.prohibited),
                _ => {}
            }
        }
    }

    fn reject(&self, (line, bytes, code): (u64, &[u8], &'static str), done: &mut Done) {
        done.books.reject(code, line);
        if self.wanted.rejected.is_some() {
            self.layout.reject(line, code, &mut done.rejected);
            done.rejected.extend_from_slice(bytes);
        }
    }

    /// What was decided for the rows of all blocks.
    pub(super) fn close(self) -> ListBooks {
        self.judge.close()
    }
}
