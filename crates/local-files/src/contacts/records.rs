//! Rows of a CSV list: fields, and the bytes that they were written in.
//!
//! What ends a field and a row is `csv-core`'s to say. This adds what it does not tell: where a row begins and ends in
//! the list, that a quote was never closed, and where to go on after that.

use std::io::{self, BufRead};
use std::str::Utf8Error;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::lines::{LONGEST, Line, ends_of_lines, read_line, without_end};

/// A row as it stands in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// The line it begins in, from 1.
    pub(super) line: u64,
    /// Its bytes, the end of line left out.
    pub(super) bytes: Vec<u8>,
    /// What it says.
    pub(super) content: Content,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Fields(Fields),
    /// Bytes that are no UTF-8.
    NotUtf8,
    /// A quote was opened and not closed, to the end of the list or for as long as a row may be. The bytes are those of
    /// one line; reading goes on with the next.
    Unclosed,
    /// A line that is too long; its bytes are not kept.
    TooLong,
}

/// The fields of a row, unquoted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fields {
    text: String,
    ends: Vec<usize>,
}

impl Fields {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = index
            .checked_sub(1)
            .and_then(|before| self.ends.get(before).copied());
        self.text.get(start.unwrap_or(0)..end)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|index| self.get(index))
    }
}

/// Reads rows.
pub(super) struct Records<R> {
    input: R,
    parser: Reader,
    /// Lines read; those before `start` were given out.
    buffer: Vec<u8>,
    start: usize,
    /// The line that what is left of the buffer begins in.
    line: u64,
    /// After the buffer comes a line that was too long.
    too_long_follows: bool,
    has_ended: bool,
    fields: Vec<u8>,
    ends: Vec<usize>,
}

impl<R: BufRead> Records<R> {
    /// Reads rows from here on, which is the beginning of line `line`.
    pub(super) fn new(input: R, delimiter: u8, line: u64) -> Self {
        Self {
            input,
            parser: ReaderBuilder::new().delimiter(delimiter).build(),
            buffer: Vec::new(),
            start: 0,
            line,
            too_long_follows: false,
            has_ended: false,
            fields: vec![0; 1 << 10],
            ends: vec![0; 1 << 6],
        }
    }

    /// From the next row on, this is between fields.
    pub(super) fn separate_by(&mut self, delimiter: u8) {
        self.parser = ReaderBuilder::new().delimiter(delimiter).build();
    }

    /// The next row; blank lines are none.
    pub(super) fn next(&mut self) -> io::Result<Option<Record>> {
        loop {
            let is_blank = |byte: &&u8| matches!(byte, b'\n' | b'\r');
            let blank = self.left().iter().take_while(is_blank).count();
            self.take(blank);
            if !self.left().is_empty() {
                return self.record().map(Some);
            }
            if self.too_long_follows {
                self.too_long_follows = false;
                self.line += 1;
                return Ok(Some(Record {
                    line: self.line - 1,
                    bytes: Vec::new(),
                    content: Content::TooLong,
                }));
            }
            if !self.read_on()? && !self.too_long_follows {
                return Ok(None);
            }
        }
    }

    fn left(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or_default()
    }

    /// Reads one more line into the buffer; `false`: there is none that can be added.
    fn read_on(&mut self) -> io::Result<bool> {
        if self.has_ended || self.too_long_follows || self.left().len() > LONGEST {
            return Ok(false);
        }
        match read_line(&mut self.input, &mut self.buffer)? {
            Line::Whole => return Ok(true),
            Line::TooLong => self.too_long_follows = true,
            Line::End => self.has_ended = true,
        }
        Ok(false)
    }

    /// The row with which the buffer begins.
    fn record(&mut self) -> io::Result<Record> {
        let mut feeding = Feeding::default();
        loop {
            let rest = self.buffer.get(self.start + feeding.read..).unwrap_or_default();
            if !rest.is_empty() {
                let is_whole = feeding.feed(&mut self.parser, rest, &mut self.fields, &mut self.ends);
                if is_whole {
                    return Ok(self.whole(&feeding));
                }
            }
            if !self.read_on()? {
                break;
            }
        }
        // The last line of a list may lack its end; in a quoted field an end of line ends nothing.
        let mut ending = feeding.clone();
        let can_end = self.has_ended && self.left().len() <= LONGEST;
        if can_end && ending.feed(&mut self.parser, b"\n", &mut self.fields, &mut self.ends) {
            ending.read = feeding.read;
            return Ok(self.whole(&ending));
        }
        self.parser.reset();
        let mut line = Vec::new();
        read_line(&mut self.left(), &mut line)?;
        let (number, bytes) = self.take(line.len());
        Ok(Record {
            line: number,
            bytes,
            content: Content::Unclosed,
        })
    }

    fn whole(&mut self, feeding: &Feeding) -> Record {
        let (line, bytes) = self.take(feeding.read);
        let written = self.fields.get(..feeding.written).unwrap_or_default();
        let ends = self.ends.get(..feeding.ended).unwrap_or_default();
        let content = match text_of(&bytes, written) {
            Ok(text) => Content::Fields(Fields {
                text,
                ends: ends.to_vec(),
            }),
            Err(_) => Content::NotUtf8,
        };
        Record { line, bytes, content }
    }

    /// Takes so many bytes, and a `\n` that belongs to a `\r` at their end, off the buffer; with the line they begin in.
    fn take(&mut self, count: usize) -> (u64, Vec<u8>) {
        let (taken, rest) = self.left().split_at_checked(count).unwrap_or_default();
        let is_split = taken.ends_with(b"\r") && rest.starts_with(b"\n");
        let (bytes, lines) = (without_end(taken).to_vec(), ends_of_lines(taken));
        let begins_in = self.line;
        self.line += lines;
        self.start += count + usize::from(is_split);
        // What was given out is dropped once it is the greater part, so that each byte is moved but once or twice.
        if self.start * 2 >= self.buffer.len() {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        (begins_in, bytes)
    }
}

/// The unquoted text of a row whose bytes are UTF-8.
fn text_of(bytes: &[u8], written: &[u8]) -> Result<String, Utf8Error> {
    std::str::from_utf8(bytes)?;
    Ok(std::str::from_utf8(written)?.to_owned())
}

/// How far a row was read.
#[derive(Clone, Default)]
struct Feeding {
    /// Bytes of the buffer.
    read: usize,
    /// Bytes of unquoted text.
    written: usize,
    /// Fields.
    ended: usize,
}

impl Feeding {
    /// Reads on, and says whether the row is whole. `input` is not empty: to `csv-core` that would be the end.
    fn feed(
        &mut self,
        parser: &mut Reader,
        input: &[u8],
        fields: &mut Vec<u8>,
        ends: &mut Vec<usize>,
    ) -> bool {
        let mut at = 0;
        loop {
            let (result, read, written, ended) = parser.read_record(
                input.get(at..).unwrap_or_default(),
                fields.get_mut(self.written..).unwrap_or_default(),
                ends.get_mut(self.ended..).unwrap_or_default(),
            );
            at += read;
            self.read += read;
            self.written += written;
            self.ended += ended;
            match result {
                ReadRecordResult::OutputFull => fields.resize(fields.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => ends.resize(ends.len() * 2, 0),
                ReadRecordResult::Record => return true,
                ReadRecordResult::InputEmpty | ReadRecordResult::End => return false,
            }
        }
    }
}

/// Where the third field of a row begins in its bytes; `None` if it has none.
pub(super) fn third_field(bytes: &[u8], delimiter: u8) -> Option<usize> {
    let mut parser = ReaderBuilder::new().delimiter(delimiter).build();
    let mut fields = vec![0; bytes.len() + 1];
    let mut at = 0;
    for _ in 0..2 {
        let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
        let (result, read, _) = parser.read_field(rest, &mut fields);
        at += read;
        if !matches!(result, csv_core::ReadFieldResult::Field { record_end: false }) {
            return None;
        }
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn records(text: impl AsRef<[u8]>) -> Vec<Record> {
        let mut by_buffer = Vec::new();
        for buffer in [1, 7, 1 << 16] {
            let input = BufReader::with_capacity(buffer, text.as_ref());
            let mut records = Records::new(input, b',', 1);
            let mut all = Vec::new();
            while let Some(record) = records.next().unwrap() {
                all.push(record);
            }
            by_buffer.push(all);
        }
        let last = by_buffer.pop().unwrap();
        assert!(by_buffer.iter().all(|records| *records == last));
        last
    }

    /// `line: field|field`, or what the row is instead with its bytes.
    fn shown(text: impl AsRef<[u8]>) -> Vec<String> {
        let each = |record: Record| match &record.content {
            Content::Fields(fields) => {
                format!("{}: {}", record.line, fields.iter().collect::<Vec<_>>().join("|"))
            }
            other => format!(
                "{}: {other:?} {}",
                record.line,
                String::from_utf8_lossy(&record.bytes)
            ),
        };
        records(text).into_iter().map(each).collect()
    }

    #[test]
    fn rows_are_read_with_their_lines() {
        assert_eq!(shown("a,b\r\nc,d\n\n\r\ne,f"), ["1: a|b", "2: c|d", "5: e|f"]);
        assert_eq!(shown("a,b\rc,d\r"), ["1: a|b", "2: c|d"]);
        assert_eq!(
            shown("a,\"x\r\ny, \"\"z\"\"\"\nb,c\n"),
            ["1: a|x\r\ny, \"z\"", "3: b|c"]
        );
        assert_eq!(shown(",\n\"\"\n"), ["1: |", "2: "]);
        assert_eq!(shown(""), [""; 0]);
        assert_eq!(shown("\n\r\n\r"), [""; 0]);
    }

    #[test]
    fn the_bytes_of_a_row_are_those_it_was_written_in() {
        let read = records("a,\"x\r\ny\" \r\n\"b\",c");
        let bytes: Vec<_> = read.into_iter().map(|record| record.bytes).collect();
        assert_eq!(bytes, [b"a,\"x\r\ny\" ".to_vec(), b"\"b\",c".to_vec()]);
    }

    #[test]
    fn an_unclosed_quote_costs_its_line_alone() {
        assert_eq!(
            shown("a,\"b\nc,d\ne,f"),
            ["1: Unclosed a,\"b", "2: c|d", "3: e|f"]
        );
        assert_eq!(shown("x,y\na,\"b"), ["1: x|y", "2: Unclosed a,\"b"]);
        let long = format!("a,\"b\r\n{}", "c,d\r\n".repeat(LONGEST / 4));
        let read = shown(&long);
        assert_eq!(read.len(), LONGEST / 4 + 1);
        assert_eq!(
            (read[0].as_str(), read[1].as_str()),
            ("1: Unclosed a,\"b", "2: c|d")
        );
        assert_eq!(read[LONGEST / 4], format!("{}: c|d", LONGEST / 4 + 1));
    }

    #[test]
    fn a_line_that_is_too_long_is_told_in_its_place() {
        let long = "x".repeat(LONGEST + 1);
        assert_eq!(
            shown(format!("a,b\n{long}\nc,d\n")),
            ["1: a|b", "2: TooLong ", "3: c|d"]
        );
        assert_eq!(
            shown(format!("a,\"b\n{long}\nc,d\n")),
            ["1: Unclosed a,\"b", "2: TooLong ", "3: c|d"]
        );
        assert_eq!(shown(&long), ["1: TooLong "]);
    }

    #[test]
    fn other_encodings_are_told() {
        assert_eq!(
            shown(b"a,M\xfcller\nb,c\n"),
            ["1: NotUtf8 a,M\u{fffd}ller", "2: b|c"]
        );
    }

    #[test]
    fn the_third_field_is_found_behind_quotes() {
        assert_eq!(third_field(b"7,\"a, \"\"b\"\"\",c,d", b','), Some(13));
        assert_eq!(third_field(b"7,,", b','), Some(3));
        assert_eq!(third_field(b"7,a", b','), None);
        assert_eq!(third_field(b"", b','), None);
    }
}
