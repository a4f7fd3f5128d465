//! docs/findings.md explains every code that a user can meet.

use std::path::{Path, PathBuf};

use core_compliance::FindingCode;

const PAGE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/findings.md"));

/// Codes in tables stand first in their row.
fn is_explained(code: &str) -> bool {
    PAGE.lines()
        .any(|line| line.starts_with(&format!("| `{code}` |")))
}

fn in_workspace(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// Every string of the form `word-word` in the code of a file, its unit tests left out.
fn codes_in(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let is_code = |word: &&str| {
        let plain = |part: &str| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        word.contains('-') && word.split('-').all(plain)
    };
    code.split('"').filter(is_code).map(str::to_owned).collect()
}

#[test]
fn every_finding_code_is_explained() {
    for code in FindingCode::ALL {
        assert!(
            is_explained(code.as_str()),
            "`{code}` is missing; add a row to docs/findings.md"
        );
    }
}

#[test]
fn every_reason_of_sync_and_scrub_and_error_of_check_is_explained() {
    let mut codes = codes_in(&in_workspace("crates/core-compliance/src/attempt/input.rs"));
    codes.extend(codes_in(&in_workspace("crates/pipeline/src/check.rs")));
    for entry in std::fs::read_dir(in_workspace("crates/pipeline/src/sync")).unwrap() {
        codes.extend(codes_in(&entry.unwrap().path()));
    }
    for folder in [
        "crates/local-files/src/contacts",
        "crates/local-files/src/list",
        "crates/pipeline/src/scrub",
    ] {
        for entry in std::fs::read_dir(in_workspace(folder)).unwrap() {
            codes.extend(codes_in(&entry.unwrap().path()));
        }
    }
    for expected in [
        "time-missing",
        "json-unreadable",
        "phone-not-e164",
        "not-delivered",
        "phone-damaged",
        "quote-unclosed",
    ] {
        assert!(
            codes.iter().any(|code| code == expected),
            "`{expected}` was not found in the code; this test looks in the wrong files"
        );
    }
    codes.push("duplicate".to_owned());
    for code in codes {
        assert!(
            is_explained(&code),
            "`{code}` is missing; add a row to docs/findings.md"
        );
    }
}
