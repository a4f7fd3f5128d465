//! `judge-list hours|law ROWS`: judges a fixed list of so many rows in memory, in one thread. `cargo xtask instructions`
//! counts what that takes.

use std::process::ExitCode;

use core_compliance::{Gate, Hours, Rulebook, Settings, ZoneDatabase};
use lists::in_memory::scrub;
use lists::maker::ListMaker;
use local_files::{ColumnMapping, ListForm};
use pipeline::{ListPlanned, ScrubOptions, ZoneNames};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, what, rows] = arguments.as_slice() else {
        return ExitCode::from(2);
    };
    match rows.parse().ok().and_then(|rows| judge(what == "hours", rows)) {
        Some(judged) if judged > 0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// How many rows were judged.
fn judge(hours_alone: bool, rows: u64) -> Option<u64> {
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
    let list = ListMaker::new(1, "2026-10-30T00:00:00Z".parse().ok()?, 86_400, 0).list(rows);
    let mapping: ColumnMapping = columns.parse().ok()?;
    let scrubbed = scrub(&gate, &(), &list, ListForm::Csv, &mapping, options, 1).ok()?;
    Some(scrubbed.books.permitted + scrubbed.books.prohibited)
}
