//! Where rows and fields of delimited text end.
//!
//! A field that begins with a quotation mark ends with one, after which a delimiter or a line end follows; two marks
//! within it are one. Anywhere else a mark is a character like others. A row ends with LF or CRLF. Where a quoted field
//! is not closed so, or a row grows too long, the line on which the row begins is no row, and reading
//! goes on with the next line: one lost mark costs one line, not the rest of the list.

use memchr::{memchr, memchr2};

/// What rows are made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    /// What stands between fields.
    pub(super) delimiter: u8,
    /// Longer rows are none.
    pub(super) longest: usize,
}

/// What begins at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scanned {
    /// A row, up to here; line end included.
    Row(usize),
    /// A line that is no row, up to here, and the code of why.
    Bad(usize, &'static str),
    /// More bytes are needed to tell.
    Open,
}

/// The extent of a field: quotation marks around it are left out, those within are not undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether two quotation marks within it stand for one.
    pub(super) is_doubled: bool,
}

/// Scans the row that begins at `start`; `take` gets its fields. `is_end`: nothing follows these bytes.
pub(super) fn scan(
    bytes: &[u8],
    start: usize,
    rules: Rules,
    is_end: bool,
    mut take: impl FnMut(Extent),
) -> Scanned {
    let mut at = start;
    loop {
        let field = if bytes.get(at) == Some(&b'"') {
            quoted(bytes, at, rules, is_end)
        } else {
            plain(bytes, at, rules, is_end)
        };
        let too_long = |end: usize| end - start > rules.longest;
        match field {
            Field::Ends { extent, next } if !too_long(next) => {
                take(extent);
                at = next;
            }
            Field::EndsRow { extent, end } if !too_long(end) => {
                take(extent);
                return Scanned::Row(end);
            }
            Field::Open if !too_long(bytes.len()) => return Scanned::Open,
            Field::Unclosed => return bad_line(bytes, start, rules, is_end, "quote-unclosed"),
            _ => return bad_line(bytes, start, rules, is_end, "row-too-long"),
        }
    }
}

enum Field {
    Ends { extent: Extent, next: usize },
    EndsRow { extent: Extent, end: usize },
    Open,
    Unclosed,
}

/// The line on which the row begins is no row. A line that is too long itself is that, whatever else is wrong with it.
fn bad_line(bytes: &[u8], start: usize, rules: Rules, is_end: bool, code: &'static str) -> Scanned {
    let rest = bytes.get(start..).unwrap_or_default();
    let length = match memchr(b'\n', rest) {
        Some(length) => length + 1,
        None if is_end => rest.len(),
        None => return Scanned::Open,
    };
    let code = if length > rules.longest {
        "row-too-long"
    } else {
        code
    };
    Scanned::Bad(start + length, code)
}

fn plain(bytes: &[u8], start: usize, rules: Rules, is_end: bool) -> Field {
    let rest = bytes.get(start..).unwrap_or_default();
    let Some(length) = memchr2(rules.delimiter, b'\n', rest) else {
        let extent = Extent {
            start,
            end: without_return(bytes, start, bytes.len()),
            is_doubled: false,
        };
        return match is_end {
            true => Field::EndsRow {
                extent,
                end: bytes.len(),
            },
            false => Field::Open,
        };
    };
    let end = start + length;
    if bytes.get(end) == Some(&b'\n') {
        let extent = Extent {
            start,
            end: without_return(bytes, start, end),
            is_doubled: false,
        };
        return Field::EndsRow { extent, end: end + 1 };
    }
    let extent = Extent {
        start,
        end,
        is_doubled: false,
    };
    Field::Ends {
        extent,
        next: end + 1,
    }
}

/// The CR of a CRLF is no part of the field.
fn without_return(bytes: &[u8], start: usize, end: usize) -> usize {
    match bytes.get(start..end) {
        Some([.., b'\r']) => end - 1,
        _ => end,
    }
}

fn quoted(bytes: &[u8], start: usize, rules: Rules, is_end: bool) -> Field {
    let mut from = start + 1;
    let mut is_doubled = false;
    loop {
        let rest = bytes.get(from..).unwrap_or_default();
        let Some(length) = memchr(b'"', rest) else {
            return if is_end { Field::Unclosed } else { Field::Open };
        };
        let end = from + length;
        if end - start > rules.longest {
            return Field::Unclosed;
        }
        let extent = Extent {
            start: start + 1,
            end,
            is_doubled,
        };
        match (bytes.get(end + 1), bytes.get(end + 2)) {
            (Some(b'"'), _) => (from, is_doubled) = (end + 2, true),
            (Some(next), _) if *next == rules.delimiter => {
                return Field::Ends {
                    extent,
                    next: end + 2,
                };
            }
            (Some(b'\n'), _) => return Field::EndsRow { extent, end: end + 2 },
            (Some(b'\r'), Some(b'\n')) => return Field::EndsRow { extent, end: end + 3 },
            (None, _) | (Some(b'\r'), None) if !is_end => return Field::Open,
            (None, _) | (Some(b'\r'), None) => {
                return Field::EndsRow {
                    extent,
                    end: bytes.len(),
                };
            }
            _ => return Field::Unclosed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::LONGEST_ROW;

    const RULES: Rules = Rules {
        delimiter: b',',
        longest: LONGEST_ROW,
    };

    /// Rows as lists of fields, bad lines as their code.
    fn scanned(text: &str) -> Vec<String> {
        let bytes = text.as_bytes();
        let (mut at, mut all) = (0, Vec::new());
        while at < bytes.len() {
            let mut fields = Vec::new();
            let end = match scan(bytes, at, RULES, true, |field| {
                fields.push(text.get(field.start..field.end).unwrap())
            }) {
                Scanned::Row(end) => {
                    all.push(fields.join("|"));
                    end
                }
                Scanned::Bad(end, code) => {
                    all.push(format!("{code}: {}", text.get(at..end).unwrap().trim_end()));
                    end
                }
                Scanned::Open => panic!("nothing is open at the end"),
            };
            assert!(end > at);
            at = end;
        }
        all
    }

    #[test]
    fn rows_end_where_they_should() {
        assert_eq!(scanned("a,b\nc,d"), ["a|b", "c|d"]);
        assert_eq!(scanned("a,b\r\n,\r\n\n"), ["a|b", "|", ""]);
        assert_eq!(
            scanned("\"a,\nb\",c\n\"\"\"x\"\"\",\"\""),
            ["a,\nb|c", "\"\"x\"\"|"]
        );
        assert_eq!(scanned("a\"b,c\"\n\"d\"\r\n\"e\"\r"), ["a\"b|c\"", "d", "e"]);
        assert_eq!(scanned("a\rb,\0\n"), ["a\rb|\0"]);
    }

    #[test]
    fn a_lost_mark_costs_one_line() {
        assert_eq!(
            scanned("1,\"a\n2,b\n3,c"),
            ["quote-unclosed: 1,\"a", "2|b", "3|c"]
        );
        assert_eq!(scanned("1,\"a\"x\n2,b"), ["quote-unclosed: 1,\"a\"x", "2|b"]);
        assert_eq!(scanned("1,\"a\n2,\"b\"\n"), ["quote-unclosed: 1,\"a", "2|b"]);
        assert_eq!(scanned("\""), ["quote-unclosed: \""]);
        let far = format!("1,\"a\n2,b\n{}\"\n", "x".repeat(LONGEST_ROW));
        assert_eq!(scanned(&far)[..2], ["quote-unclosed: 1,\"a", "2|b"]);
    }

    #[test]
    fn a_row_that_is_too_long_is_none() {
        let long = format!("{}\n2,b\n", "x".repeat(LONGEST_ROW));
        assert!(scanned(&long)[0].starts_with("row-too-long: xxx"));
        assert_eq!(scanned(&long)[1], "2|b");
        let longest = format!("{}\n2,b\n", "x".repeat(LONGEST_ROW - 1));
        assert!(scanned(&longest)[0].starts_with("xxx"));
    }

    #[test]
    fn what_may_go_on_is_open() {
        for text in ["a,b", "\"a", "\"a\"", "\"a\"\r", "a,\"b\"\""] {
            assert_eq!(
                scan(text.as_bytes(), 0, RULES, false, |_| {}),
                Scanned::Open,
                "{text}"
            );
        }
    }
}
