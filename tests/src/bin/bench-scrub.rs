//! `cargo xtask bench scrub`: whole lists, beside DuckDB, polars (both from PyPI, in a throw-away environment) and `cat`.
//!
//! One synthetic list from a seed. Every job is a process of its own; all jobs run in turn, `--runs` times, and medians
//! count, so that what else the machine does meets them alike. What a job writes is a new file and is removed once the job
//! is timed, so that nobody waits while another's pages are written back; and before it as many bytes are written and
//! removed, since a virtual machine gives memory back that nobody uses, and whoever takes it first would pay for that.
//! Ratios are the results; seconds are the machine's.
//!
//! Options: `--rows 10000000`, `--runs 5`, `--threads 2`, `--folder DIR` (for the list and what is written).
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a bench prints its table"
)]

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use lists::maker::{HEAD, ListMaker};
use serde_json::Value;
use tests::sync_kit_process::{binary, circumstances, option};
use tokio::time::Instant as Stopwatch;

const PEERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/scrub_peers.py");
const WHEELS: [&str; 2] = ["duckdb==2.0.1", "polars==2.1.0"];
const SEED: u64 = 1;
/// The week in which North America's clocks change.
const FROM: &str = "2026-10-29T00:00:00Z";
const SECONDS: u64 = 7 * 86_400;
/// What scrub writes, and what `cat` copies.
const ANNOTATED: &str = "annotated.csv";
const COPIED: &str = "copied.csv";
/// How often a process's memory is looked at.
const SAMPLING: Duration = Duration::from_millis(20);

/// One thing to be measured.
struct Job {
    name: &'static str,
    command: Command,
    /// What it writes; removed before, so that everybody writes a new file.
    writes: Option<PathBuf>,
    /// Where it says how many rows may be called.
    counts: Counts,
    seconds: Vec<f64>,
    peak: u64,
    permitted: Option<u64>,
}

#[derive(Clone, Copy, PartialEq)]
enum Counts {
    /// Nowhere.
    No,
    /// As a number on stdout.
    Number,
    /// As JSON on stdout.
    Json,
}

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
    let (rows, runs) = (number("--rows", "10000000")?, number("--runs", "5")?.max(1));
    let threads = number("--threads", "2")?;
    let default = std::env::temp_dir().join(format!("curfew-bench-scrub-{}", std::process::id()));
    let folder = PathBuf::from(option(arguments, "--folder", &default.to_string_lossy())?);
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(&folder).map_err(failed)?;
    let list = folder.join("list.csv");
    write_list(&list, rows).map_err(failed)?;
    let python = peers(&folder.join("venv"))?;
    let size = fs::metadata(&list).map_err(failed)?.len();
    let mut jobs = jobs(&folder, &list, &python, threads)?;
    // What `cat` copies is what scrub has written; that run also warms everything up.
    let mut written = 0;
    for job in &mut jobs {
        job.run()?;
        if job.name == ANNOTATE {
            written = fs::metadata(folder.join(ANNOTATED)).map_err(failed)?.len();
            fs::rename(folder.join(ANNOTATED), folder.join(COPIED)).map_err(failed)?;
        }
        job.forget_output()?;
        (job.seconds, job.peak) = (Vec::new(), 0);
    }
    succeed(&mut Command::new("sync"))?;
    for _ in 0..runs {
        for job in &mut jobs {
            if job.writes.is_some() {
                touch_memory(&folder.join("touched"), written).map_err(failed)?;
                succeed(&mut Command::new("sync"))?;
            }
            job.run()?;
            job.forget_output()?;
        }
    }
    println!("{}", circumstances());
    println!("{}; {} threads each", WHEELS.join(", "), threads);
    println!(
        "{rows} rows, {:.0} MB (seed {SEED}), annotated {:.0} MB; medians of {runs} interleaved runs\n",
        size as f64 / 1e6,
        written as f64 / 1e6
    );
    report(&jobs, rows);
    if folder == default {
        fs::remove_dir_all(&folder).map_err(failed)?;
    }
    Ok(())
}

fn write_list(path: &Path, rows: u64) -> std::io::Result<()> {
    let from = FROM.parse().map_err(std::io::Error::other)?;
    let mut maker = ListMaker::new(SEED, from, SECONDS, 0);
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    writeln!(file, "{HEAD}")?;
    let mut row = Vec::new();
    for number in 0..rows {
        row.clear();
        maker.row(number, &mut row);
        file.write_all(&row)?;
    }
    file.flush()
}

/// Writes so many bytes and removes them, so that the memory of files is at hand.
fn touch_memory(path: &Path, bytes: u64) -> std::io::Result<()> {
    let mut zeros = std::io::Read::take(std::io::repeat(0), bytes);
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    std::io::copy(&mut zeros, &mut file)?;
    drop(file);
    fs::remove_file(path)
}

/// A Python that has the peers.
fn peers(folder: &Path) -> Result<PathBuf, String> {
    let python = folder.join("bin").join("python");
    if !python.exists() {
        succeed(Command::new("python3").args(["-m", "venv"]).arg(folder))?;
        let install = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--only-binary",
            ":all:",
        ];
        succeed(Command::new(&python).args(install).args(WHEELS))?;
    }
    Ok(python)
}

fn succeed(command: &mut Command) -> Result<(), String> {
    let status = command
        .status()
        .map_err(|error| format!("{command:?}: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{command:?}: {status}"))
    }
}

fn jobs(folder: &Path, list: &Path, python: &Path, threads: u64) -> Result<Vec<Job>, String> {
    let curfew = binary()?;
    let scrub = |law: bool, output: Option<&str>| {
        let mut command = Command::new(&curfew);
        command.arg("scrub").arg(list).args([
            "--at-column",
            "planned_at",
            "--format",
            "json",
            "--quiet",
            "--no-config",
        ]);
        command.args(["--threads", &threads.to_string()]);
        if !law {
            command.args([
                "--calling-hours",
                "08:00-21:00",
                "--columns",
                "phone=-,region=-,postal_code=-",
            ]);
        }
        match output {
            Some(name) => command.arg("--force").arg("--annotate").arg(folder.join(name)),
            None => command.arg("--preview"),
        };
        command
    };
    let peer = |name: &str, what: &str| {
        let mut command = Command::new(python);
        command
            .env("THREADS", threads.to_string())
            .args([PEERS, name, what])
            .arg(list);
        if what == "annotate" {
            command.arg(folder.join(format!("{name}.csv")));
        }
        command
    };
    let copy = {
        let mut command = Command::new("sh");
        command
            .arg("-c")
            .arg(format!("cat {COPIED} > copy.csv"))
            .current_dir(folder);
        command
    };
    let job = |name, command, counts, writes: Option<&str>| Job {
        name,
        command,
        writes: writes.map(|name| folder.join(name)),
        counts,
        seconds: Vec::new(),
        peak: 0,
        permitted: None,
    };
    Ok(vec![
        job(
            ANNOTATE,
            scrub(false, Some(ANNOTATED)),
            Counts::Json,
            Some(ANNOTATED),
        ),
        job(CAT, copy, Counts::No, Some("copy.csv")),
        job(DUCKDB, peer("duckdb", "annotate"), Counts::No, Some("duckdb.csv")),
        job(POLARS, peer("polars", "annotate"), Counts::No, Some("polars.csv")),
        job(LAW, scrub(true, Some("law.csv")), Counts::Json, Some("law.csv")),
        job(PREVIEW, scrub(false, None), Counts::Json, None),
        job(DUCKDB_COUNTS, peer("duckdb", "count"), Counts::Number, None),
        job(POLARS_COUNTS, peer("polars", "count"), Counts::Number, None),
        job(LAW_PREVIEW, scrub(true, None), Counts::Json, None),
    ])
}

const ANNOTATE: &str = "curfew, hours alone, annotated";
const CAT: &str = "cat of the same bytes";
const DUCKDB: &str = "DuckDB, hours alone, annotated";
const POLARS: &str = "polars, hours alone, annotated";
const LAW: &str = "curfew, law, phones, postal codes, annotated";
const PREVIEW: &str = "curfew, hours alone, preview";
const DUCKDB_COUNTS: &str = "DuckDB, hours alone, counted";
const POLARS_COUNTS: &str = "polars, hours alone, counted";
const LAW_PREVIEW: &str = "curfew, law, phones, postal codes, preview";

impl Job {
    fn run(&mut self) -> Result<(), String> {
        let failed = |error: std::io::Error| format!("{}: {error}", self.name);
        self.forget_output()?;
        let watch = Stopwatch::now();
        let mut child = self
            .command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let status = format!("/proc/{}/status", child.id());
        let has_ended = AtomicBool::new(false);
        let (ended, peak) = std::thread::scope(|scope| {
            let sampled = scope.spawn(|| {
                let mut peak = 0;
                while !has_ended.load(Ordering::Relaxed) {
                    let text = fs::read_to_string(&status).unwrap_or_default();
                    peak = peak.max(high_water(&text).unwrap_or(0));
                    std::thread::park_timeout(SAMPLING);
                }
                peak
            });
            // What is said is little and waits in the pipe.
            let ended = child.wait();
            self.seconds.push(watch.elapsed().as_secs_f64());
            has_ended.store(true, Ordering::Relaxed);
            sampled.thread().unpark();
            (ended, sampled.join().unwrap_or(0))
        });
        let ended = ended.map_err(failed)?;
        self.peak = self.peak.max(peak);
        if !ended.success() {
            return Err(format!("{}: {ended}", self.name));
        }
        let mut said = String::new();
        if let Some(mut stdout) = child.stdout.take() {
            std::io::Read::read_to_string(&mut stdout, &mut said).map_err(failed)?;
        }
        self.permitted = match self.counts {
            Counts::No => None,
            Counts::Number => said.trim().parse().ok(),
            Counts::Json => serde_json::from_str::<Value>(&said)
                .ok()
                .and_then(|books| books.get("permitted")?.as_u64()),
        };
        Ok(())
    }

    /// Removes what it has written, if it has.
    fn forget_output(&self) -> Result<(), String> {
        match self.writes.as_ref().filter(|path| path.exists()) {
            Some(path) => fs::remove_file(path).map_err(|error| format!("{}: {error}", path.display())),
            None => Ok(()),
        }
    }

    fn median(&self) -> f64 {
        let mut seconds = self.seconds.clone();
        seconds.sort_unstable_by(f64::total_cmp);
        seconds.get(seconds.len() / 2).copied().unwrap_or(f64::NAN)
    }
}

/// The kernel's high-water mark, in bytes.
fn high_water(status: &str) -> Option<u64> {
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1_024)
}

fn report(jobs: &[Job], rows: u64) {
    println!(
        "{:<46} {:>8} {:>13} {:>9}  permitted",
        "", "seconds", "rows a second", "peak MiB"
    );
    for job in jobs {
        let permitted = job
            .permitted
            .map_or_else(|| "-".to_owned(), |count| count.to_string());
        println!(
            "{:<46} {:>8.2} {:>13.0} {:>9.0}  {permitted}",
            job.name,
            job.median(),
            rows as f64 / job.median(),
            job.peak as f64 / f64::from(1 << 20)
        );
    }
    let median = |name: &str| {
        jobs.iter()
            .find(|job| job.name == name)
            .map_or(f64::NAN, Job::median)
    };
    let permitted = |name: &str| {
        jobs.iter()
            .find(|job| job.name == name)
            .and_then(|job| job.permitted)
    };
    let line = |what: &str, ratio: f64, wanted: &str| println!("{what:<66} {ratio:>6.2}  (wanted: {wanted})");
    println!();
    line(
        "annotated, in times of cat",
        median(ANNOTATE) / median(CAT),
        "at most 1.3",
    );
    let faster = median(DUCKDB).min(median(POLARS));
    line(
        "annotated, times faster than the faster peer",
        faster / median(ANNOTATE),
        "at least 2.5",
    );
    line(
        "preview, times faster than DuckDB's count",
        median(DUCKDB_COUNTS) / median(PREVIEW),
        "at least 5",
    );
    line(
        "law, annotated, in times of cat",
        median(LAW) / median(CAT),
        "at most 2.6",
    );
    line(
        "law, preview, times faster than DuckDB's count of hours",
        median(DUCKDB_COUNTS) / median(LAW_PREVIEW),
        "at least 2.5",
    );
    line(
        "law, annotated, in times of hours alone",
        median(LAW) / median(ANNOTATE),
        "at most 2",
    );
    line(
        "law, preview, in times of hours alone",
        median(LAW_PREVIEW) / median(PREVIEW),
        "at most 2",
    );
    let agree = if permitted(PREVIEW) == permitted(DUCKDB_COUNTS) {
        "agree"
    } else {
        "DISAGREE"
    };
    println!("curfew's and DuckDB's counts for hours alone {agree}");
}
