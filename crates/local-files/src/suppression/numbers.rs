//! Many phone numbers in little memory.

/// An ascending set of numbers, four bytes each: those with the same upper half share a bucket.
///
/// A number of 11 digits has one of three upper halves, one of 15 digits one of 233,000; a list of millions has few
/// buckets beside its numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct NumberSet {
    buckets: Vec<Bucket>,
    lower: Vec<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Bucket {
    upper: u32,
    /// Where the lower halves begin; they end where the next bucket's begin.
    start: u32,
}

/// There were more numbers than a position can count.
#[derive(Debug)]
pub(super) struct TooMany;

impl NumberSet {
    /// Adds a number greater than all so far; tells its position.
    pub(super) fn push(&mut self, number: u64) -> Result<u32, TooMany> {
        let position = u32::try_from(self.lower.len()).map_err(|_| TooMany)?;
        let (upper, lower) = halves(number);
        if self.buckets.last().is_none_or(|bucket| bucket.upper != upper) {
            self.buckets.push(Bucket {
                upper,
                start: position,
            });
        }
        self.lower.push(lower);
        Ok(position)
    }

    /// Gives back the room that growing left over.
    pub(super) fn shrink(&mut self) {
        self.buckets.shrink_to_fit();
        self.lower.shrink_to_fit();
    }

    /// Where the number stands, if it is there.
    pub(super) fn position(&self, number: u64) -> Option<u32> {
        let (upper, lower) = halves(number);
        let index = self
            .buckets
            .binary_search_by_key(&upper, |bucket| bucket.upper)
            .ok()?;
        let start = self.buckets.get(index)?.start;
        let end = self
            .buckets
            .get(index + 1)
            .map_or(self.lower.len(), |next| next.start as usize);
        let bucket = self.lower.get(start as usize..end)?;
        let within = bucket.binary_search(&lower).ok()?;
        Some(start + u32::try_from(within).ok()?)
    }

    pub(super) fn len(&self) -> usize {
        self.lower.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.buckets.capacity() * size_of::<Bucket>() + self.lower.capacity() * size_of::<u32>()
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the halves of 64 bits have 32")]
fn halves(number: u64) -> (u32, u32) {
    ((number >> 32) as u32, number as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_where_they_were_put_and_no_others() {
        let numbers = [
            1_000_000,
            13_055_550_123,
            13_055_550_124,
            // The same lower half under another upper one.
            13_055_550_123 + (1 << 32),
            999_999_999_999_999,
        ];
        let mut set = NumberSet::default();
        for (position, number) in numbers.iter().enumerate() {
            assert_eq!(set.push(*number).unwrap() as usize, position);
        }
        for (position, number) in numbers.iter().enumerate() {
            assert_eq!(set.position(*number), u32::try_from(position).ok());
            let absent = [number - 1, number + (1 << 32), 0];
            for other in absent.into_iter().filter(|other| !numbers.contains(other)) {
                assert_eq!(set.position(other), None, "{other}");
            }
        }
        assert_eq!(NumberSet::default().position(7), None);
    }
}
