//! `cargo xtask bench history`: what a do-not-call list of millions takes in memory and time, and a ledger of a million
//! attempts to be asked.
//!
//! Options: `--numbers 5000000`, `--attempts 1000000`, `--lookups 200000`.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a bench prints its table"
)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use core_compliance::ports::{AttemptLedger as _, AttemptRecorder as _, CalleeKey, PlacedCall, ReportedCall};
use core_compliance::{Evidence, Instant};
use local_files::SuppressionFile;
use record_keeping::SqliteAttemptLedger;
use tests::sync_kit_process::{machine, option};
use tokio::time::Instant as Stopwatch;

/// Spreads numbers over the plan: odd, so that all of ten digits are met.
const SPREAD: u64 = 7_919_999_989;
const TEN_DIGITS: u64 = 10_000_000_000;
const BATCH: u64 = 10_000;

fn main() -> ExitCode {
    match run(&std::env::args().collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<(), String> {
    let number = |name, default| {
        let text = option(arguments, name, default)?;
        text.parse::<u64>()
            .map_err(|_| format!("{name}: `{text}` is not a number"))
    };
    let numbers = number("--numbers", "5000000")?.max(1);
    let attempts = number("--attempts", "1000000")?.max(1);
    let lookups = number("--lookups", "200000")?.max(1);
    let folder = std::env::temp_dir().join(format!("curfew-bench-history-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    println!("{}", machine());
    let measured = list(&folder.join("dnc.txt"), numbers, lookups).and_then(|()| {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        runtime.block_on(ledger(&folder.join("state"), attempts, lookups))
    });
    // A left-over in the folder for temporary files does no harm.
    let _ = std::fs::remove_dir_all(&folder);
    measured
}

/// The number of this place in the walk, E.164.
fn phone(place: u64, text: &mut String) {
    text.clear();
    // Writing to a `String` cannot fail.
    let _ = write!(text, "+1{:010}", place.wrapping_mul(SPREAD) % TEN_DIGITS);
}

fn list(path: &PathBuf, numbers: u64, lookups: u64) -> Result<(), String> {
    let words = |error: std::io::Error| error.to_string();
    let mut text = String::new();
    let mut file = BufWriter::new(std::fs::File::create(path).map_err(words)?);
    for place in 0..numbers {
        phone(place, &mut text);
        writeln!(file, "{text}").map_err(words)?;
    }
    file.flush().map_err(words)?;
    drop(file);
    let started = Stopwatch::now();
    let list = SuppressionFile::read(&[path]).map_err(|error| error.to_string())?;
    let loading = started.elapsed();
    println!(
        "do-not-call list: {} numbers, read in {:.2} s, {:.2} bytes a number",
        list.len(),
        loading.as_secs_f64(),
        list.bytes() as f64 / list.len() as f64
    );
    for (what, first) in [("on it", 0), ("not on it", numbers)] {
        // Made before the clock runs, in an order that no cache foresees.
        let asked: Vec<String> = (0..lookups)
            .map(|place| {
                phone(first + place.wrapping_mul(SPREAD) % numbers, &mut text);
                text.clone()
            })
            .collect();
        let started = Stopwatch::now();
        let found = asked
            .iter()
            .filter(|phone| black_box(list.entry(phone, Instant::EARLIEST)).is_some())
            .count();
        let each = started.elapsed().as_secs_f64() * 1e9 / lookups as f64;
        println!("  a number {what:<10} {each:>8.0} ns   ({found} of {lookups} found)");
    }
    Ok(())
}

async fn ledger(folder: &Path, attempts: u64, lookups: u64) -> Result<(), String> {
    let ledger = SqliteAttemptLedger::open(folder).map_err(|error| error.to_string())?;
    let callees = (attempts / 4).max(1);
    let started = Stopwatch::now();
    let mut entered = 0;
    let mut text = String::new();
    while entered < attempts {
        let calls: Vec<PlacedCall> = (entered..(entered + BATCH).min(attempts))
            .map(|place| {
                phone(place % callees, &mut text);
                PlacedCall {
                    at: Instant::from_unix_clamped(1_700_000_000 + place as i64 * 7),
                    external_id: Some(format!("C-{:07}", place % callees)),
                    outcome: None,
                    matter: None,
                    purpose: None,
                    evidence: Evidence {
                        phone: Some(text.clone()),
                        ..Evidence::default()
                    },
                }
            })
            .collect();
        let reported: Vec<_> = calls
            .iter()
            .zip(entered..)
            .map(|(call, line)| ReportedCall {
                call,
                source: "bench",
                line,
            })
            .collect();
        let done = ledger.enter(&reported, Instant::LATEST).await;
        entered += done.map_err(|failure| failure.to_string())?.len() as u64;
    }
    println!(
        "ledger: {entered} attempts to {callees} callees, entered at {:.0} a second",
        entered as f64 / started.elapsed().as_secs_f64()
    );
    let reader = SqliteAttemptLedger::read(folder);
    let started = Stopwatch::now();
    let mut found = 0;
    for place in 0..lookups {
        let callee = place.wrapping_mul(SPREAD) % callees;
        phone(callee, &mut text);
        let id = format!("C-{callee:07}");
        let key = CalleeKey {
            external_id: Some(&id),
            phone: Some(&text),
        };
        let history = reader.attempts(key, Instant::LATEST).await;
        found += history
            .map_err(|failure| failure.to_string())?
            .map_or(0, |history| history.len());
    }
    let each = started.elapsed().as_secs_f64() * 1e6 / lookups as f64;
    println!(
        "  a lookup by id and number {each:>8.1} µs   ({:.1} attempts each)",
        found as f64 / lookups as f64
    );
    Ok(())
}
