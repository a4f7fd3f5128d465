//! `judge-list make ROWS FILE` writes a fixed list of so many rows; `judge-list hours|law FILE` judges one in memory, in one
//! thread. `cargo xtask instructions` counts what judging takes.

use std::process::ExitCode;

use core_compliance::{Gate, Hours, Rulebook, Settings, ZoneDatabase};
use lists::in_memory::scrub;
use lists::maker::ListMaker;
use local_files::{ColumnMapping, ListForm};
use pipeline::{ListPlanned, ScrubOptions, ZoneNames};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["make", rows, file] => make(rows, file),
        ["hours", file] => judge(true, file),
        ["law", file] => judge(false, file),
        _ => return ExitCode::from(2),
    };
    if done.is_some() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn make(rows: &str, file: &str) -> Option<()> {
    let list = ListMaker::new(1, "2026-10-30T00:00:00Z".parse().ok()?, 86_400, 0).list(rows.parse().ok()?);
    std::fs::write(file, list).ok()
}

fn judge(hours_alone: bool, file: &str) -> Option<()> {
    let mut settings = Settings::default();
    let mut columns = "at=planned_at".to_owned();
    if hours_alone {
        settings.hours = Hours::CallingHours("08:00-21:00".parse().ok()?);
        columns.push_str(",phone=-,region=-,postal_code=-");
    }
    let gate = Gate::new(ZoneDatabase::bundled(), Rulebook::shipped(), settings).ok()?;
    let options = ScrubOptions {
        planned: ListPlanned::Column,
        assume_utc: false,
        zone_names: ZoneNames::Iana,
    };
    let list = std::fs::read(file).ok()?;
    let mapping: ColumnMapping = columns.parse().ok()?;
    let scrubbed = scrub(&gate, None::<&()>, &list, ListForm::Csv, &mapping, options, 1).ok()?;
    (scrubbed.books.permitted > 0 && scrubbed.books.prohibited > 0).then_some(())
}
