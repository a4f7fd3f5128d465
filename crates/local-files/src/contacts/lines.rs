//! Physical lines of a list, however they end, and never more of one than fits.

use std::io::{self, BufRead};

/// The longest line, and the longest row, in bytes: what is longer is no contact.
pub(super) const LONGEST: usize = 1 << 20;

/// What reading a line came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A line; without an end of line only where the list ends.
    Whole,
    /// More than [`LONGEST`] bytes, which were passed over.
    TooLong,
    /// The list has ended.
    End,
}

/// Appends the next line with its end (`\n`, `\r\n` or a lone `\r`) to `line`. Of a line that is too long nothing is
/// appended.
pub(super) fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Line> {
    let before = line.len();
    let mut found = Line::End;
    loop {
        let available = fill(input)?;
        if available.is_empty() {
            return Ok(found);
        }
        if found == Line::End {
            found = Line::Whole;
        }
        let end = available.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        let taken = end.map_or(available.len(), |end| end + 1);
        let piece = available.get(..taken).unwrap_or_default();
        let is_return = piece.last() == Some(&b'\r');
        if line.len() - before + piece.len() > LONGEST {
            found = Line::TooLong;
            line.truncate(before);
        }
        if found == Line::Whole {
            line.extend_from_slice(piece);
        }
        input.consume(taken);
        if end.is_some() {
            if is_return && fill(input)?.first() == Some(&b'\n') {
                input.consume(1);
                if found == Line::Whole {
                    line.push(b'\n');
                }
            }
            return Ok(found);
        }
    }
}

/// What is buffered, or comes next; empty at the end.
fn fill(input: &mut impl BufRead) -> io::Result<&[u8]> {
    while let Err(error) = input.fill_buf() {
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
    input.fill_buf()
}

/// How many lines these bytes end.
pub(super) fn ends_of_lines(bytes: &[u8]) -> u64 {
    let mut count = 0;
    let mut before = 0;
    for byte in bytes {
        count += u64::from(*byte == b'\r' || (*byte == b'\n' && before != b'\r'));
        before = *byte;
    }
    count
}

/// The bytes without the ends of line after them.
pub(super) fn without_end(mut bytes: &[u8]) -> &[u8] {
    while let [rest @ .., b'\n' | b'\r'] = bytes {
        bytes = rest;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn lines(text: &[u8], buffer: usize) -> Vec<(Line, Vec<u8>)> {
        let mut input = BufReader::with_capacity(buffer, text);
        let mut lines = Vec::new();
        loop {
            let mut line = b"before".to_vec();
            match read_line(&mut input, &mut line).unwrap() {
                Line::End => {
                    assert_eq!(line, b"before");
                    return lines;
                }
                found => lines.push((found, line.split_off(6))),
            }
        }
    }

    #[test]
    fn lines_end_in_every_way_wherever_the_buffer_does() {
        for buffer in [1, 2, 3, 64] {
            let read = lines(b"a\nb\r\nc\rd\n\r\ne", buffer);
            let texts: Vec<&[u8]> = read.iter().map(|(_, line)| line.as_slice()).collect();
            let expected: [&[u8]; 6] = [b"a\n", b"b\r\n", b"c\r", b"d\n", b"\r\n", b"e"];
            assert_eq!(texts, expected, "{buffer}");
            assert_eq!(ends_of_lines(b"a\nb\r\nc\rd\n\r\ne"), 5);
        }
        assert_eq!(lines(b"", 8), []);
    }

    #[test]
    fn a_line_that_is_too_long_is_passed_over() {
        let fits = vec![b'x'; LONGEST - 1];
        let text = [&fits, b"\nb\n".as_slice(), &fits, b"xx\nc\n", &fits, b"xx"].concat();
        let found: Vec<_> = lines(&text, 1 << 16)
            .into_iter()
            .map(|(found, line)| (found, line.len()))
            .collect();
        assert_eq!(
            found,
            [
                (Line::Whole, LONGEST),
                (Line::Whole, 2),
                (Line::TooLong, 0),
                (Line::Whole, 2),
                (Line::TooLong, 0)
            ]
        );
    }
}
