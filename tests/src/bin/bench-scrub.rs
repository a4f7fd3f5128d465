//! `cargo xtask bench scrub`: whole lists, beside DuckDB, polars and `cat`.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a bench prints its table"
)]

use std::io::Write as _;
use std::process::ExitCode;

use tests::list_kit::{HEAD, ListMaker};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let rows: u64 = arguments[2].parse().unwrap();
    let mut file = std::io::BufWriter::new(std::fs::File::create(&arguments[1]).unwrap());
    let mut maker = ListMaker::new(1, "2026-10-29T00:00:00Z".parse().unwrap(), 7 * 86_400, 0);
    writeln!(file, "{HEAD}").unwrap();
    let mut row = Vec::new();
    for number in 0..rows {
        row.clear();
        maker.row(number, &mut row);
        file.write_all(&row).unwrap();
    }
    ExitCode::SUCCESS
}
