//! The core knows no file, no network, no environment, no runtime, no terminal.

use super::Violation;
use super::lexer::{Source, has_word};

const CORE: &str = "crates/core-compliance/src/";

/// Modules of `std` that reach the world, and the runtime.
const STD_MODULES: &[&str] = &["env", "fs", "net", "process", "thread"];

/// Words with which the core would reach the world in another way.
const WORDS: &[&str] = &[
    "tokio",
    "async_std",
    "println!",
    "print!",
    "eprintln!",
    "eprint!",
    "dbg!",
];

/// What one file of the core reaches for; files elsewhere may.
pub(crate) fn violations(path: &str, source: &Source) -> Vec<Violation> {
    if !path.starts_with(CORE) {
        return Vec::new();
    }
    let reaches = |number: usize, what: &str| {
        let advice = "make it a port and an adapter, or take the value as an argument";
        Violation::new(path, number, format!("the core uses `{what}`; {advice}"))
    };
    let mut found = Vec::new();
    for (number, line) in source.code_lines() {
        let modules = STD_MODULES.iter().map(|module| format!("std::{module}"));
        let used = modules
            .chain(WORDS.iter().map(|&word| word.to_owned()))
            .find(|what| has_word(line, what));
        found.extend(used.map(|what| reaches(number, &what)));
    }
    for (number, name) in grouped_imports(&source.code) {
        if STD_MODULES.contains(&name.as_str()) {
            found.push(reaches(number, &format!("std::{name}")));
        }
    }
    found
}

/// The first names inside every `std::{…}`, with their lines.
fn grouped_imports(code: &str) -> Vec<(usize, String)> {
    let mut names = Vec::new();
    for (at, _) in code.match_indices("std::{") {
        let (before, from) = code.split_at(at);
        let mut line = before.matches('\n').count() + 1;
        let mut depth = 0_usize;
        let mut name = String::new();
        for character in from.chars().skip("std::".len()) {
            match character {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            let ends = matches!(character, ',' | '}' | ':') && !name.is_empty();
            if ends && depth <= 1 {
                names.push((line, std::mem::take(&mut name)));
            }
            match character {
                // What follows `a::` is inside `a`: it is no module of `std` itself.
                ':' | '{' if depth > 1 => name.clear(),
                '\n' => line += 1,
                _ if depth == 1 && super::lexer::is_name(character) => name.push(character),
                ',' => name.clear(),
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::{Source, violations};

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found = violations("crates/core-compliance/src/a.rs", &Source::new(text));
        let shown: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(shown.len(), expected.len(), "{shown:?}");
        for (line, expected) in shown.iter().zip(expected) {
            assert!(line.contains(expected), "{line}");
        }
    }

    #[test]
    fn reaching_out_is_found() {
        check("use std::fs;", &["1: the core uses `std::fs`"]);
        check(
            "\nlet home = std::env::var(\"HOME\");",
            &["2: the core uses `std::env`"],
        );
        check(
            "use std::{fmt,\n    net::TcpStream};",
            &["2: the core uses `std::net`"],
        );
        check("use std::{collections::{BTreeMap, HashMap}, fs};", &["`std::fs`"]);
        check("tokio::spawn(f)", &["`tokio`"]);
        check("println!(\"x\")", &["`println!`"]);
    }

    #[test]
    fn staying_in_is_not() {
        check("use std::fmt;\nuse std::{collections::BTreeMap, sync::Arc};", &[]);
        check(
            "//! Never touches std::fs or tokio.\nlet x = \"std::net\"; let y = env!(\"X\");",
            &[],
        );
        let elsewhere = violations("crates/cli/src/main.rs", &Source::new("use std::fs;"));
        assert!(elsewhere.is_empty());
    }
}
