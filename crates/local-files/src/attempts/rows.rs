//! The rows of a CSV file with the lines on which they begin, whatever their quotes.

use std::collections::VecDeque;
use std::io::{self, BufRead};

/// A quoted text goes on for at most so many lines; after them the quote counts as never closed.
const LONGEST_ROW: usize = 100;

/// A row, or the line at which none can be made out.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// From 1.
    pub(super) line: u64,
    pub(super) fields: Result<Vec<String>, String>,
}

/// Reads rows. One whose quote is never closed costs a line: reading goes on below it.
#[derive(Debug)]
pub(super) struct Rows<R> {
    reader: R,
    separator: Option<u8>,
    /// Lines that were read ahead.
    ahead: VecDeque<Vec<u8>>,
    /// Lines that were given out.
    line: u64,
}

impl<R: BufRead> Rows<R> {
    /// `separator`: what stands between fields; `None` = whichever of `,`, `;` and tab the first row has most of.
    pub(super) fn new(reader: R, separator: Option<u8>) -> Self {
        Self {
            reader,
            separator,
            ahead: VecDeque::new(),
            line: 0,
        }
    }

    /// The next row that is not blank; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Row>> {
        loop {
            let Some(first) = self.take()? else {
                return Ok(None);
            };
            let line = self.line;
            let text = match line {
                1 => first.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&first),
                _ => &first,
            };
            if text.trim_ascii().is_empty() {
                continue;
            }
            let whole = self.whole(text)?;
            let fields = match whole {
                Some(row) => self.fields(&row),
                None => {
                    Err("a quote is not closed; close it, and write two for one within a text".to_owned())
                }
            };
            return Ok(Some(Row { line, fields }));
        }
    }

    /// The line with those that belong to it; `None` if its quote is never closed.
    fn whole(&mut self, first: &[u8]) -> io::Result<Option<Vec<u8>>> {
        let mut row = first.to_vec();
        let mut more = Vec::new();
        while !quotes(&row).is_multiple_of(2) {
            let next = if more.len() < LONGEST_ROW {
                self.take()?
            } else {
                None
            };
            let Some(next) = next else {
                self.line -= more.len() as u64;
                more.into_iter()
                    .rev()
                    .for_each(|line| self.ahead.push_front(line));
                return Ok(None);
            };
            row.extend_from_slice(&next);
            more.push(next);
        }
        Ok(Some(row))
    }

    fn take(&mut self) -> io::Result<Option<Vec<u8>>> {
        let line = match self.ahead.pop_front() {
            Some(line) => line,
            None => {
                let mut line = Vec::new();
                if self.reader.read_until(b'\n', &mut line)? == 0 {
                    return Ok(None);
                }
                line
            }
        };
        self.line += 1;
        Ok(Some(line))
    }

    fn fields(&mut self, row: &[u8]) -> Result<Vec<String>, String> {
        let separator = *self.separator.get_or_insert_with(|| most_frequent(row));
        let mut record = csv::StringRecord::new();
        let read = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            .from_reader(row)
            .read_record(&mut record);
        match read {
            Ok(_) => Ok(record.iter().map(|field| field.trim().to_owned()).collect()),
            Err(_) => Err("the line is not UTF-8; save the file as UTF-8".to_owned()),
        }
    }
}

fn quotes(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte == b'"').count()
}

fn most_frequent(row: &[u8]) -> u8 {
    let count = |separator: u8| row.iter().filter(|byte| **byte == separator).count();
    // Of equally many the last, the comma.
    [b'\t', b';', b',']
        .into_iter()
        .max_by_key(|separator| count(*separator))
        .unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &[u8]) -> Vec<(u64, Result<Vec<String>, String>)> {
        let mut rows = Rows::new(text, None);
        let mut all = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            all.push((row.line, row.fields));
        }
        all
    }

    #[test]
    fn rows_know_the_line_on_which_they_begin() {
        let all = rows(b"\xef\xbb\xbfa;b;c, d\r\n\r\n1;\"two\r\nlines\"\r\n\n 3 ; \"\"\nx;\xfc\ny;z");
        let lines: Vec<u64> = all.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [1, 3, 6, 7, 8]);
        assert_eq!(all[0].1.as_ref().unwrap(), &["a", "b", "c, d"]);
        assert_eq!(all[1].1.as_ref().unwrap(), &["1", "two\r\nlines"]);
        assert!(all[3].1.as_ref().unwrap_err().contains("UTF-8"));
        assert_eq!(all[4].1.as_ref().unwrap(), &["y", "z"]);
    }

    #[test]
    fn a_quote_that_is_never_closed_costs_one_line() {
        let all = rows(b"a,b\n1,\"open\n2,x\n3,y\n");
        assert!(all[1].1.as_ref().unwrap_err().contains("quote is not closed"));
        assert_eq!(all[2], (3, Ok(vec!["2".to_owned(), "x".to_owned()])));
        assert_eq!(all.len(), 4);
        let mut long = b"a,b\n1,\"open\n".to_vec();
        (0..150).for_each(|_| long.extend_from_slice(b"2,x\n"));
        long.extend_from_slice(b"3,\"\n");
        let all = rows(&long);
        assert_eq!(all.iter().filter(|(_, fields)| fields.is_err()).count(), 2);
        assert_eq!((all.len(), all.last().unwrap().0), (153, 153));
    }
}
