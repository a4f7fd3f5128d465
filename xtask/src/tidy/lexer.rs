//! Rust text split into code and comments, so that a check never stumbles over a word inside a string.
//!
//! Both halves keep every line break, so that line numbers hold; what belongs to the other half, and what is
//! inside a literal, is blank. Literals keep their quotes.

/// One Rust file, split.
#[derive(Debug)]
pub(crate) struct Source {
    /// Code with comments and the insides of literals blanked.
    pub(crate) code: String,
    /// Comments (doc comments too), everything else blanked.
    pub(crate) comments: String,
}

impl Source {
    /// Splits `text`; never fails: what is no Rust only gives less to check.
    pub(crate) fn new(text: &str) -> Self {
        let mut lexer = Lexer {
            rest: text,
            previous: ' ',
            code: String::new(),
            comments: String::new(),
        };
        while lexer.step() {}
        Self {
            code: lexer.code,
            comments: lexer.comments,
        }
    }

    /// Code line by line, numbered from 1.
    pub(crate) fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.code.lines())
    }
}

/// Where a character goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Code,
    Comments,
    Neither,
}

struct Lexer<'a> {
    rest: &'a str,
    /// The last character of code, to tell `r"…"` from the end of a name.
    previous: char,
    code: String,
    comments: String,
}

impl Lexer<'_> {
    /// Takes one token or character; false at the end.
    fn step(&mut self) -> bool {
        let mut upcoming = self.rest.chars();
        let Some(first) = upcoming.next() else {
            return false;
        };
        let (second, third) = (upcoming.next(), upcoming.next());
        match (first, second) {
            ('/', Some('/')) => self.take_until_line_end(),
            ('/', Some('*')) => self.take_block_comment(),
            ('"', _) => self.take_quoted('"'),
            ('r', Some('"' | '#')) if self.starts_literal() && self.raw_hashes().is_some() => self.take_raw(),
            ('\'', Some('\\')) => self.take_quoted('\''),
            ('\'', Some(_)) if third == Some('\'') => self.take_quoted('\''),
            _ => self.take(Half::Code),
        }
        true
    }

    /// Whether an `r` here begins a literal: alone, or after the `b` or `c` of `br"…"`, `cr"…"`.
    fn starts_literal(&self) -> bool {
        if matches!(self.previous, 'b' | 'c') {
            let before = self.code.chars().rev().nth(1).unwrap_or(' ');
            return !is_name(before);
        }
        !is_name(self.previous)
    }

    /// How many `#` follow the `r` before a quote; none when it is a raw name such as `r#type`.
    fn raw_hashes(&self) -> Option<usize> {
        let after = self.rest.strip_prefix('r')?;
        let hashes = after.len() - after.trim_start_matches('#').len();
        after.trim_start_matches('#').starts_with('"').then_some(hashes)
    }

    fn take_until_line_end(&mut self) {
        while self.rest.chars().next().is_some_and(|next| next != '\n') {
            self.take(Half::Comments);
        }
    }

    fn take_block_comment(&mut self) {
        let mut depth = 0_usize;
        loop {
            if self.rest.starts_with("/*") {
                depth += 1;
                self.take_many(2, Half::Comments);
            } else if self.rest.starts_with("*/") {
                depth -= 1;
                self.take_many(2, Half::Comments);
            } else {
                self.take(Half::Comments);
            }
            if depth == 0 || self.rest.is_empty() {
                return;
            }
        }
    }

    fn take_quoted(&mut self, quote: char) {
        self.take(Half::Code);
        while let Some(next) = self.rest.chars().next() {
            if next == quote {
                self.take(Half::Code);
                return;
            }
            self.take_many(if next == '\\' { 2 } else { 1 }, Half::Neither);
        }
    }

    fn take_raw(&mut self) {
        let hashes = self.raw_hashes().unwrap_or_default();
        let end = format!("\"{}", "#".repeat(hashes));
        self.take_many(hashes + 2, Half::Code);
        while !self.rest.is_empty() && !self.rest.starts_with(&end) {
            self.take(Half::Neither);
        }
        self.take_many(hashes + 1, Half::Code);
    }

    fn take_many(&mut self, count: usize, half: Half) {
        for _ in 0..count {
            self.take(half);
        }
    }

    fn take(&mut self, half: Half) {
        let mut characters = self.rest.chars();
        let Some(character) = characters.next() else {
            return;
        };
        self.rest = characters.as_str();
        let shown = |wanted: Half| {
            if character == '\n' || half == wanted {
                character
            } else {
                ' '
            }
        };
        self.code.push(shown(Half::Code));
        self.comments.push(shown(Half::Comments));
        self.previous = shown(Half::Code);
    }
}

/// Whether a character can be part of a name.
pub(crate) fn is_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Whether `line` contains `needle` as whole words: neither end continues a name.
pub(crate) fn has_word(line: &str, needle: &str) -> bool {
    line.match_indices(needle).any(|(at, _)| {
        let (before, from) = line.split_at(at);
        let after = from.strip_prefix(needle).unwrap_or_default();
        let open = |edge: Option<char>, inner: Option<char>| {
            !(edge.is_some_and(is_name) && inner.is_some_and(is_name))
        };
        open(before.chars().next_back(), needle.chars().next())
            && open(after.chars().next(), needle.chars().next_back())
    })
}

#[cfg(test)]
mod tests {
    use super::{Source, has_word};

    #[track_caller]
    fn check(text: &str, code: &str, comments: &str) {
        let source = Source::new(text);
        let squeezed = |half: &str| half.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(
            (squeezed(&source.code), squeezed(&source.comments)),
            (code.to_owned(), comments.to_owned())
        );
        assert_eq!(
            source.code.matches('\n').count(),
            text.matches('\n').count(),
            "lines stay"
        );
    }

    #[test]
    fn comments_leave_the_code() {
        check("a; // b\nc", "a; c", "// b");
        check("a /* b /* c */ d */ e", "a e", "/* b /* c */ d */");
        check("/* never closed", "", "/* never closed");
        check("//! doc\nfn f() {}", "fn f() {}", "//! doc");
    }

    #[test]
    fn literals_are_blank_inside() {
        check(r#"f("std::fs // no");"#, r#"f(" ");"#, "");
        check(r#"f("a\"b"); g"#, r#"f(" "); g"#, "");
        check(r###"f(r#"a "quoted" // b"#); g"###, r###"f(r#" "#); g"###, "");
        check(r#"f(br"a\"); g"#, r#"f(br" "); g"#, "");
        check("f(\"one\ntwo\"); g", "f(\" \"); g", "");
        check("f(\"never closed", "f(\"", "");
    }

    #[test]
    fn quotes_of_characters_and_lifetimes_are_told_apart() {
        check("f('\"', '\\'', '/'); // x", "f(' ', ' ', ' ');", "// x");
        check("fn f<'a>(x: &'a str) {} // x", "fn f<'a>(x: &'a str) {}", "// x");
        check(
            "let r#type = bar\"\"; var\"x\"",
            "let r#type = bar\"\"; var\" \"",
            "",
        );
    }

    #[test]
    fn words_are_whole() {
        assert!(has_word("use std::fs;", "std::fs") && has_word("(tokio::x)", "tokio"));
        assert!(!has_word("use std::fsx;", "std::fs") && !has_word("my_tokio", "tokio"));
        assert!(has_word("println!(\"\")", "println!") && !has_word("eprintln!(\"\")", "println!"));
    }
}
