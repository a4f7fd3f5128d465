//! Where fields and rows end in text without quotation marks, 64 bytes at a time.
//!
//! Fields are short: a search that starts anew for each spends its time on starting, and a loop that ends after five marks
//! here and seven there is not foreseen by the processor. Here one look at 64 bytes finds the marks of all, and they are
//! entered eight at a time (docs/adr/0009-reading-lists.md).

use fearless_simd::prelude::*;
use fearless_simd::{Level, dispatch, u8x64};

/// Bytes looked at together.
const STEP: usize = 64;
/// Ends of fields, and of rows, that are entered together.
const FIELDS: usize = 8;
const ROWS: usize = 2;

/// Finds where fields and rows end; its memory is used again.
#[derive(Debug)]
pub(super) struct Marks {
    level: Level,
    fields: Places,
    rows: Places,
}

impl Default for Marks {
    /// With the widest instructions that this processor has.
    fn default() -> Self {
        Self {
            level: Level::new(),
            fields: Places::default(),
            rows: Places::default(),
        }
    }
}

impl Marks {
    /// Where the fields of these bytes begin, and where rows end: a field ends one byte before the next one begins, and a row
    /// after its line end. The last one does so too where its line end is missing, a byte beyond these bytes.
    pub(super) fn find(&mut self, bytes: &[u8], delimiter: u8) -> (&[usize], &[usize]) {
        dispatch!(self.level, simd => self.find_with(simd, bytes, delimiter));
        (self.fields.all(), self.rows.all())
    }

    #[inline(always)]
    fn find_with<S: Simd>(&mut self, simd: S, bytes: &[u8], delimiter: u8) {
        (self.fields.count, self.rows.count) = (0, 0);
        self.fields.first(0);
        let kinds = [delimiter, b'\n'].map(|byte| u8x64::splat(simd, byte));
        let (chunks, rest) = bytes.as_chunks::<STEP>();
        for (start, chunk) in (0..).step_by(STEP).zip(chunks) {
            let [fields, rows] = found(simd, chunk, kinds);
            self.fields.enter::<FIELDS>(start, fields);
            self.rows.enter::<ROWS>(start, rows);
        }
        let mut last = [0; STEP];
        last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        let within = (1 << rest.len()) - 1;
        let [mut fields, mut rows] = found(simd, &last, kinds).map(|found| found & within);
        if !bytes.ends_with(b"\n") {
            fields |= 1 << rest.len();
            rows |= 1 << rest.len();
        }
        self.fields.enter::<FIELDS>(bytes.len() - rest.len(), fields);
        self.rows.enter::<ROWS>(bytes.len() - rest.len(), rows);
    }
}

/// How many line ends there are.
pub(super) fn count_lines(bytes: &[u8]) -> u64 {
    dispatch!(Level::new(), simd => count_lines_with(simd, bytes))
}

#[inline(always)]
fn count_lines_with<S: Simd>(simd: S, bytes: &[u8]) -> u64 {
    let line_ends = u8x64::splat(simd, b'\n');
    let (chunks, rest) = bytes.as_chunks::<STEP>();
    let of_chunks: u32 = chunks
        .iter()
        .map(|chunk| {
            u8x64::simd_from(simd, *chunk)
                .simd_eq(line_ends)
                .to_bitmask()
                .count_ones()
        })
        .sum();
    u64::from(of_chunks) + rest.iter().filter(|byte| **byte == b'\n').count() as u64
}

/// Places after marks.
#[derive(Debug, Default)]
struct Places {
    memory: Vec<usize>,
    count: usize,
}

impl Places {
    /// Enters the first place.
    fn first(&mut self, place: usize) {
        self.memory.resize(self.memory.len().max(STEP), 0);
        if let Some(first) = self.memory.first_mut() {
            *first = place;
            self.count = 1;
        }
    }

    /// Enters the marks of bytes that begin at `start`, so many at a time.
    #[inline(always)]
    fn enter<const TOGETHER: usize>(&mut self, start: usize, marks: u64) {
        if self.memory.len() < self.count + STEP {
            self.memory.resize(self.count * 2 + 16 * STEP, 0);
        }
        let room = self.memory.get_mut(self.count..).unwrap_or_default();
        let (first, mut left) = (start.wrapping_add(1), marks);
        for places in room.as_chunks_mut::<TOGETHER>().0 {
            for place in places {
                // Beyond the last mark this is nonsense, which is not counted.
                *place = first.wrapping_add(left.trailing_zeros() as usize);
                left &= left.wrapping_sub(1);
            }
            if left == 0 {
                break;
            }
        }
        self.count += marks.count_ones() as usize;
    }

    fn all(&self) -> &[usize] {
        self.memory.get(..self.count).unwrap_or_default()
    }
}

/// Where a byte is one of two kinds, and where it is the second, as bits.
#[inline(always)]
fn found<S: Simd>(simd: S, bytes: &[u8; STEP], kinds: [u8x64<S>; 2]) -> [u64; 2] {
    let bytes = u8x64::simd_from(simd, *bytes);
    let [one, two] = kinds.map(|kind| bytes.simd_eq(kind).to_bitmask());
    [one | two, two]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_is_found_and_nothing_else() {
        let mut state = 1_u32;
        let mut marks = Marks::default();
        for length in 0..400 {
            let bytes: Vec<u8> = (0..length)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    [b',', b'\n', b'-', b'+', 0x8c, 0x8a, 0, 0xff, (state >> 8) as u8]
                        [(state >> 24) as usize % 9]
                })
                .collect();
            for delimiter in [b',', b'\t', 0xff] {
                let after = |marks: &mut dyn Iterator<Item = usize>| -> Vec<usize> {
                    let end = (!bytes.ends_with(b"\n")).then_some(length);
                    marks.chain(end).map(|mark| mark + 1).collect()
                };
                let mut fields = after(&mut memchr::memchr2_iter(delimiter, b'\n', &bytes));
                fields.insert(0, 0);
                let rows = after(&mut memchr::memchr_iter(b'\n', &bytes));
                assert_eq!(marks.find(&bytes, delimiter), (&*fields, &*rows), "{length}");
            }
        }
    }

    #[test]
    fn a_dense_line_has_room() {
        let bytes = [b','; 10_000];
        assert_eq!(Marks::default().find(&bytes, b',').0.len(), 10_002);
    }
}
