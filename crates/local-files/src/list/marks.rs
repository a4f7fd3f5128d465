//! Where delimiters and line ends stand, 64 bytes at a time.
//!
//! Rows have a delimiter every ten bytes or so: a search that starts anew for each spends its time on starting. Here one
//! look at 64 bytes finds all of them, by arithmetic on words of eight bytes (docs/adr/0009-reading-lists.md).

/// Bytes looked at together.
const STEP: usize = 64;
const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
/// Gathers the highest bits of eight bytes in one.
const GATHER: u64 = 0x0002_0408_1020_4081;

/// The places of a delimiter and of LF, in order.
#[derive(Debug)]
pub(super) struct Marks<'b> {
    rest: &'b [u8],
    /// Every byte of it is the delimiter.
    delimiters: u64,
    /// Marks of the bytes looked at last, as bits.
    found: u64,
    /// Where these bytes begin, and where the rest does.
    base: usize,
    next: usize,
}

impl<'b> Marks<'b> {
    pub(super) fn new(bytes: &'b [u8], delimiter: u8) -> Self {
        Self {
            rest: bytes,
            delimiters: u64::from_le_bytes([delimiter; 8]),
            found: 0,
            base: 0,
            next: 0,
        }
    }

    fn marks(&self, bytes: &[u8; STEP]) -> u64 {
        const LINE_ENDS: u64 = u64::from_le_bytes([b'\n'; 8]);
        let words = bytes.as_chunks::<8>().0.iter();
        words.rev().fold(0, |found, word| {
            let word = u64::from_le_bytes(*word);
            let hits = zeros(word ^ self.delimiters) | zeros(word ^ LINE_ENDS);
            found << 8 | hits.wrapping_mul(GATHER) >> 56
        })
    }
}

/// The highest bit of every byte that is zero.
fn zeros(word: u64) -> u64 {
    !(((word & LOW) + LOW) | word | LOW)
}

impl Iterator for Marks<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        while self.found == 0 {
            self.base = self.next;
            match self.rest.split_first_chunk::<STEP>() {
                Some((bytes, rest)) => {
                    self.found = self.marks(bytes);
                    self.rest = rest;
                    self.next += STEP;
                }
                None if self.rest.is_empty() => return None,
                None => {
                    let mut bytes = [0; STEP];
                    bytes.iter_mut().zip(self.rest).for_each(|(to, from)| *to = *from);
                    let beyond = u64::MAX << self.rest.len();
                    self.found = self.marks(&bytes) & !beyond;
                    self.next += self.rest.len();
                    self.rest = &[];
                }
            }
        }
        let bit = self.found.trailing_zeros();
        self.found &= self.found - 1;
        Some(self.base + bit as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_is_found_and_nothing_else() {
        let mut state = 1_u32;
        for length in 0..400 {
            let bytes: Vec<u8> = (0..length)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    [b',', b'\n', b'-', b'+', 0x8c, 0x8a, 0, 0xff, (state >> 8) as u8]
                        [(state >> 24) as usize % 9]
                })
                .collect();
            for delimiter in [b',', b'\t', 0xff] {
                let wanted: Vec<usize> = memchr::memchr2_iter(delimiter, b'\n', &bytes).collect();
                assert_eq!(
                    Marks::new(&bytes, delimiter).collect::<Vec<_>>(),
                    wanted,
                    "{length}"
                );
            }
        }
    }
}
