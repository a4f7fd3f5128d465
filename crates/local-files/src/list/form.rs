//! What a list is written in, by its file's name.

use std::path::Path;

use super::LONGEST_ROW;
use super::scan::Rules;

/// How the rows of a list are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListForm {
    /// Fields with commas between them.
    Csv,
    /// Fields with tabs between them.
    Tsv,
    /// One JSON object a line.
    Ndjson,
}

/// How the bytes of a list are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// Not at all.
    Plain,
    /// gzip.
    Gzip,
    /// Zstandard.
    Zstd,
}

impl ListForm {
    /// For people.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Tsv => "TSV",
            Self::Ndjson => "NDJSON",
        }
    }

    /// What rows are made of.
    pub(super) fn rules(self) -> Rules {
        Rules {
            delimiter: match self {
                Self::Tsv => b'\t',
                Self::Csv | Self::Ndjson => b',',
            },
            longest: LONGEST_ROW,
        }
    }
}

/// Form and packing by the endings of a file's name: `leads.csv.gz`. `None` for an ending that says nothing.
#[must_use]
pub fn form_of(path: &Path) -> (Option<ListForm>, Packing) {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().to_ascii_lowercase())
        .unwrap_or_default();
    let (name, packing) = match name.rsplit_once('.') {
        Some((rest, "gz" | "gzip")) => (rest, Packing::Gzip),
        Some((rest, "zst" | "zstd")) => (rest, Packing::Zstd),
        _ => (name.as_str(), Packing::Plain),
    };
    let form = match name.rsplit_once('.') {
        Some((_, "csv")) => Some(ListForm::Csv),
        Some((_, "tsv" | "tab")) => Some(ListForm::Tsv),
        Some((_, "ndjson" | "jsonl")) => Some(ListForm::Ndjson),
        _ => None,
    };
    (form, packing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_say_form_and_packing() {
        for (name, form, packing) in [
            ("a/leads.csv", Some(ListForm::Csv), Packing::Plain),
            ("LEADS.CSV.GZ", Some(ListForm::Csv), Packing::Gzip),
            ("leads.tsv.zst", Some(ListForm::Tsv), Packing::Zstd),
            ("leads.jsonl", Some(ListForm::Ndjson), Packing::Plain),
            ("leads.txt", None, Packing::Plain),
            ("csv", None, Packing::Plain),
        ] {
            assert_eq!(form_of(Path::new(name)), (form, packing), "{name}");
        }
    }
}
