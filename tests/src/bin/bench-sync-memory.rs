//! `cargo xtask bench sync-memory`: how much memory `curfew sync --dry-run` takes, and how it grows with the list.
//!
//! A tenant without quota and the real binary, each in its own process. The peak is the kernel's high-water mark
//! (`VmHWM`), sampled until the run ends. Exits 1 unless it stays under 64 MiB up to 200,000 contacts and under
//! 96 MiB beyond, and grows by at most 32 bytes a contact.
//!
//! Options: `--contacts 50000,200000,1000000`, `--runs 1` (the highest peak counts).
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a bench prints its table"
)]

use std::process::{Child, ExitCode};
use std::time::Duration;

use tests::sync_kit_process::{TenantProcess, binary, circumstances, option};

/// Up to this many contacts, and the peak that is allowed; and beyond.
const MANY: u32 = 200_000;
const MOST_BYTES: u64 = 64 << 20;
const MOST_BYTES_BEYOND: u64 = 96 << 20;
const MOST_PER_CONTACT: f64 = 32.0;
const SAMPLING: Duration = Duration::from_millis(5);

fn main() -> ExitCode {
    match run(&std::env::args().collect::<Vec<_>>()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<bool, String> {
    let read = |text: &str| {
        text.trim()
            .parse::<u32>()
            .map_err(|_| format!("`{text}` is not a number"))
    };
    let sizes = option(arguments, "--contacts", "50000,200000,1000000")?;
    let sizes: Vec<u32> = sizes.split(',').map(read).collect::<Result<_, _>>()?;
    let runs = read(&option(arguments, "--runs", "1")?)?.max(1);
    println!("{}", circumstances());
    println!("curfew sync --dry-run, no quota\n");
    println!("contacts     peak bytes        MiB   seconds");
    let mut peaks = Vec::new();
    for contacts in sizes {
        let mut peak = 0;
        let mut seconds = 0.0;
        for _ in 0..runs {
            let measured = measure(contacts)?;
            peak = peak.max(measured.0);
            seconds = measured.1;
        }
        println!(
            "{contacts:>8} {peak:>14} {:>10.1} {seconds:>9.1}",
            peak as f64 / f64::from(1 << 20)
        );
        peaks.push((contacts, peak));
    }
    let fits = peaks.iter().all(|(contacts, peak)| {
        *peak
            < if *contacts > MANY {
                MOST_BYTES_BEYOND
            } else {
                MOST_BYTES
            }
    });
    let growth = match (peaks.first(), peaks.last()) {
        (Some((few, low)), Some((many, high))) if many > few => {
            (*high as f64 - *low as f64) / (f64::from(*many) - f64::from(*few))
        }
        _ => 0.0,
    };
    let slow = growth <= MOST_PER_CONTACT;
    println!("\n{growth:.1} bytes a contact");
    let verdict = if fits && slow { "met" } else { "NOT met" };
    println!(
        "{verdict}: under 64 MiB up to 200,000 contacts, under 96 MiB beyond, growing by at most 32 bytes a contact"
    );
    Ok(fits && slow)
}

/// Peak in bytes, and seconds.
fn measure(contacts: u32) -> Result<(u64, f64), String> {
    let tenant = TenantProcess::start(&["--contacts", &contacts.to_string(), "--quota", "none"])?;
    let mut command = tenant.client(binary()?);
    command
        .args([
            "sync",
            "--dry-run",
            "--rate",
            "0",
            "--no-config",
            "--quiet",
            "--format",
            "json",
        ])
        .args(["--calling-hours", "00:00-24:00", "--max-rejected", "100%"])
        // Nobody reads them until the end: a full pipe would hold the run.
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null());
    let started = tokio::time::Instant::now();
    let mut child = command.spawn().map_err(|error| format!("{command:?}: {error}"))?;
    let mut peak = 0;
    let status = loop {
        // The mark only rises, and what is missed between the last sample and the end is the printing of the books.
        peak = high_water_mark(&child).unwrap_or(0).max(peak);
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) => std::thread::sleep(SAMPLING),
            Err(error) => return Err(format!("the run cannot be waited for: {error}")),
        }
    };
    let read = tenant
        .stats()?
        .pointer("/requests/list")
        .and_then(serde_json::Value::as_u64);
    if !status.success() || read < Some(u64::from(contacts) / 100) {
        return Err(format!("the run ended with {status} after {read:?} pages"));
    }
    Ok((peak, started.elapsed().as_secs_f64()))
}

fn high_water_mark(child: &Child) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}
