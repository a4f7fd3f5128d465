//! `cargo xtask bench sync`: how much of a tenant's quota `curfew sync` uses, beside a script that works one by one.
//!
//! Each measurement has a tenant of its own (`curfew simulate`, 50 requests in any sliding second) and the real binary
//! over TCP, each in its own process; the tenant's count is what is printed. Exits 1 if a claim is not met: 97 % of the
//! quota between the first and the last upsert, never more than 50 in a second, no 429, every contact taken; and, from a
//! tenant without a quota, at least 2,000 upserts a second. Every decision, intent and outcome is recorded meanwhile.
//!
//! Options: `--unpaced 20000` (contacts of the tenant without a quota; 0 = leave it out), `--contacts 2000`, `--latency 1,20,100,300` (ms), `--runs 1` (medians are printed), `--peer both` (`none`,
//! `plain`: as fast as it goes, `paused`: 50 ms after each success), `--peer-contacts 400`.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a bench prints its table"
)]

use std::process::{Command, ExitCode, Output};

use serde_json::Value;
use tests::sync_kit_process::{TenantProcess, binary, circumstances, option};

const QUOTA: f64 = 50.0;
const LEAST_USED: f64 = 97.0;
const LEAST_UNPACED: f64 = 2_000.0;
const PEER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/sequential_peer.py");

/// Who is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Program {
    Curfew,
    /// The script, with this pause after each success, in ms.
    Script(u32),
}

/// One measurement, from the tenant's side.
#[derive(Clone, Copy, Debug, Default)]
struct Measured {
    seconds: f64,
    used: f64,
    used_by_upserts: f64,
    most: f64,
    throttled: f64,
    accepted: f64,
}

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
    let number = |name: &str, default: &str| -> Result<u32, String> {
        let text = option(arguments, name, default)?;
        text.parse()
            .map_err(|_| format!("{name} `{text}` is not a number"))
    };
    let (contacts, runs) = (number("--contacts", "2000")?, number("--runs", "1")?.max(1));
    let peer_contacts = number("--peer-contacts", "400")?;
    let latencies = option(arguments, "--latency", "1,20,100,300")?;
    let peers: &[Program] = match option(arguments, "--peer", "both")?.as_str() {
        "none" => &[],
        "plain" => &[Program::Script(0)],
        "paused" => &[Program::Script(50)],
        "both" => &[Program::Script(0), Program::Script(50)],
        other => return Err(format!("--peer `{other}`; choose none, plain, paused or both")),
    };
    println!("{}", circumstances());
    println!(
        "{contacts} contacts ({peer_contacts} for the script), quota 50 requests in any sliding second, {runs} run(s)\n"
    );
    println!("latency  program                seconds  quota used  by upserts  most in 1 s  429s  taken");
    let mut holds = true;
    for latency in latencies.split(',') {
        let programs = [&[Program::Curfew], peers].concat();
        let mut measured: Vec<Vec<Measured>> = vec![Vec::new(); programs.len()];
        for _ in 0..runs {
            // Interleaved, so that a busy spell of the machine meets all alike.
            for (program, results) in programs.iter().zip(&mut measured) {
                let contacts = if *program == Program::Curfew {
                    contacts
                } else {
                    peer_contacts
                };
                results.push(measure(*program, latency.trim(), contacts)?);
            }
        }
        for (program, results) in programs.iter().zip(&measured) {
            println!("{}", line(*program, latency.trim(), &median(results)));
            if *program == Program::Curfew {
                holds &= results.iter().all(|result| meets(result, contacts));
            }
        }
    }
    println!();
    let verdict = if holds { "met" } else { "NOT met" };
    println!("{verdict}: at least 97 % used, never more than 50 in a second, no 429, every contact taken");
    let unpaced = number("--unpaced", "20000")?;
    if unpaced == 0 {
        return Ok(holds);
    }
    let mut rates = Vec::new();
    for _ in 0..runs {
        rates.push(unpaced_rate(unpaced)?);
    }
    rates.sort_by(f64::total_cmp);
    let rate = rates.get(rates.len() / 2).copied().unwrap_or_default();
    let is_fast = rate >= LEAST_UNPACED;
    let verdict = if is_fast { "met" } else { "NOT met" };
    println!(
        "{verdict}: {rate:.0} upserts a second to a tenant without a quota, at least 2,000, each on record"
    );
    Ok(holds && is_fast)
}

fn meets(measured: &Measured, contacts: u32) -> bool {
    measured.used >= LEAST_USED
        && measured.most <= QUOTA
        && measured.throttled == 0.0
        && measured.accepted == f64::from(contacts)
}

fn measure(program: Program, latency: &str, contacts: u32) -> Result<Measured, String> {
    let tenant = TenantProcess::start(&[
        "--contacts",
        &contacts.to_string(),
        "--profile",
        "clean",
        "--latency",
        &format!("{latency}ms"),
    ])?;
    let started = tokio::time::Instant::now();
    let output = match program {
        Program::Curfew => finished(tenant.client(binary()?).args([
            "sync",
            "--calling-hours",
            "00:00-24:00",
            "--no-config",
            "--quiet",
            "--format",
            "json",
        ]))?,
        Program::Script(pause) => {
            let pause = format!("{:.3}", f64::from(pause) / 1_000.0);
            finished(tenant.client("python3").args([PEER, tenant.address(), &pause]))?
        }
    };
    let seconds = started.elapsed().as_secs_f64();
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(format!("{program:?} ended with {}: {said}", output.status));
    }
    read(&tenant.stats()?, seconds).ok_or_else(|| "the tenant counted nothing".to_owned())
}

/// Upserts a second, by the tenant's count from the first to the last.
fn unpaced_rate(contacts: u32) -> Result<f64, String> {
    let tenant = TenantProcess::start(&[
        "--contacts",
        &contacts.to_string(),
        "--profile",
        "clean",
        "--quota",
        "none",
    ])?;
    let output = finished(tenant.client(binary()?).args([
        "sync",
        "--calling-hours",
        "00:00-24:00",
        "--no-config",
        "--quiet",
        "--format",
        "json",
        "--rate",
        "0",
    ]))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(format!("the run ended with {}: {said}", output.status));
    }
    let stats = tenant.stats()?;
    let number = |path: &str| stats.pointer(path).and_then(Value::as_f64).unwrap_or_default();
    if number("/accepted_contacts") != f64::from(contacts) {
        return Err(format!(
            "{} of {contacts} were taken",
            number("/accepted_contacts")
        ));
    }
    Ok((number("/requests/upsert") - 1.0) / (number("/last_upsert_s") - number("/first_upsert_s")))
}

fn finished(command: &mut Command) -> Result<Output, String> {
    command.output().map_err(|error| format!("{command:?}: {error}"))
}

/// Gaps are counted, not posts: n requests from the first to the last have n - 1 between them.
fn read(stats: &Value, seconds: f64) -> Option<Measured> {
    let number = |path: &str| stats.pointer(path).and_then(Value::as_f64);
    let span = number("/last_upsert_s")? - number("/first_upsert_s")?;
    Some(Measured {
        seconds,
        used: (number("/requests_from_first_to_last_upsert")? - 1.0) / (span * QUOTA) * 100.0,
        used_by_upserts: (number("/requests/upsert")? - 1.0) / (span * QUOTA) * 100.0,
        most: number("/most_requests_in_any_second")?,
        throttled: number("/throttled")?,
        accepted: number("/accepted_contacts")?,
    })
}

/// Of each measure on its own.
fn median(results: &[Measured]) -> Measured {
    let middle = |of: fn(&Measured) -> f64| {
        let mut values: Vec<f64> = results.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or_default()
    };
    Measured {
        seconds: middle(|it| it.seconds),
        used: middle(|it| it.used),
        used_by_upserts: middle(|it| it.used_by_upserts),
        most: middle(|it| it.most),
        throttled: middle(|it| it.throttled),
        accepted: middle(|it| it.accepted),
    }
}

fn line(program: Program, latency: &str, measured: &Measured) -> String {
    let name = match program {
        Program::Curfew => "curfew sync".to_owned(),
        Program::Script(0) => "script".to_owned(),
        Program::Script(pause) => format!("script, {pause} ms pause"),
    };
    let Measured {
        seconds,
        used,
        used_by_upserts,
        most,
        throttled,
        accepted,
    } = measured;
    format!(
        "{latency:>4} ms  {name:<20} {seconds:>9.1} {used:>9.1} % {used_by_upserts:>9.1} % {most:>12} {throttled:>5} {accepted:>6}"
    )
}
