//! In which format a list is written.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

/// The format of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListFormat {
    /// Fields with commas between them, or with semicolons or tabs where the first line has these.
    Csv,
    /// Fields with tabs between them.
    Tsv,
    /// One JSON object a line.
    Ndjson,
}

impl ListFormat {
    /// The format that a file's name tells.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        Some(match extension.as_str() {
            "csv" => Self::Csv,
            "tsv" | "tab" => Self::Tsv,
            "ndjson" | "jsonl" => Self::Ndjson,
            _ => return None,
        })
    }

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Ndjson => "ndjson",
        }
    }
}

impl fmt::Display for ListFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ListFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Csv, Self::Tsv, Self::Ndjson]
            .into_iter()
            .find(|format| format.as_str() == text)
            .ok_or_else(|| format!("`{text}` is not a format of lists; write csv, tsv or ndjson"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_format() {
        for (name, format) in [
            ("leads.csv", Some(ListFormat::Csv)),
            ("LEADS.CSV", Some(ListFormat::Csv)),
            ("a/b.tab", Some(ListFormat::Tsv)),
            ("x.jsonl", Some(ListFormat::Ndjson)),
            ("x.json", None),
            ("csv", None),
            ("-", None),
        ] {
            assert_eq!(ListFormat::of(Path::new(name)), format, "{name}");
        }
        assert!("xlsx".parse::<ListFormat>().is_err());
    }
}
