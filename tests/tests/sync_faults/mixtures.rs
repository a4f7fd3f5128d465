//! Faults in random mixtures, each from its seed.

use std::time::Duration;

use pipeline::SyncOptions;
use tests::sync_kit::{Dice, MORNING, Scenario};

/// Faults that a run outlives, whatever else of these happens to it.
const PASSING: &[&str] = &[
    "408",
    "500",
    "502",
    "503",
    "504",
    "500-html",
    "503-empty",
    "504:stores=true",
    "429",
    "429:retry-after=fraction",
    "429:retry-after=date",
    "429:retry-after=garbage",
    "429:retry-after=none",
    "503:retry-after=2",
    "reset-before",
    "reset-after",
    "truncated",
    "cut-json",
    "html",
    "empty",
    "hang=7s",
    "hang",
    "slow",
    "slow=35s",
    "409",
    "duplicate",
    "null-page",
    "empty-page",
    "no-token",
    "short-token=2s",
];
/// Faults that may cost a contact its place or end the run; either way nothing is missing from the report.
const LASTING: &[&str] = &[
    "400",
    "401",
    "403",
    "404",
    "410",
    "413",
    "422",
    "422-html",
    "302",
    "revoked-token",
    "looping",
    "expired-cursor",
    "expired-cursor=400",
    "500:on=token",
    "html:on=token",
    "401:on=token",
    "429:retry-after=99999",
    "400:on=upsert",
    "404:on=upsert",
    "422:on=upsert",
    "hang:stores=true",
];
/// Wednesday morning in America; half a minute before the window closes in New York, ten seconds before it opens in
/// Los Angeles.
const STARTS: [i64; 3] = [MORNING, 1_781_139_570, 1_781_103_590];

/// A fault with a random schedule.
fn scheduled(dice: &mut Dice, fault: &str) -> String {
    let schedule = match dice.roll(5) {
        0 => format!("first={}", 1 + dice.roll(5)),
        1 => format!("every={}", 5 + dice.roll(20)),
        2 => format!("nth={}", 1 + dice.roll(40)),
        3 => format!("after={},times={}", 1 + dice.roll(30), 1 + dice.roll(12)),
        _ => format!("p=0.{:02}", 1 + dice.roll(12)),
    };
    let separator = if fault.contains(':') { ',' } else { ':' };
    format!("{fault}{separator}{schedule}")
}

/// A run with two to five faults of these, everything else random as well.
fn mixture(seed: u64, from: &[&[&str]]) -> Scenario {
    let dice = &mut Dice(seed);
    let mut faults: Vec<String> = Vec::new();
    for _ in 0..2 + dice.roll(4) {
        let list = *dice.pick(from);
        let fault = *dice.pick(list);
        faults.push(scheduled(dice, fault));
    }
    let faults: Vec<&str> = faults.iter().map(String::as_str).collect();
    Scenario {
        seed,
        start: *dice.pick(&STARTS),
        contacts: *dice.pick(&[30, 61, 90]),
        page_size: *dice.pick(&[7, 20, 100]),
        latency: dice
            .pick(&["0ms", "20ms", "5ms..400ms", "300ms"])
            .parse()
            .unwrap(),
        token_life: Duration::from_secs(*dice.pick(&[3, 30, 3_600])),
        by_law: dice.roll(4) == 0,
        options: SyncOptions {
            concurrency: *dice.pick(&[1, 5, 64, 200]),
            ..SyncOptions::default()
        },
        ..Scenario::new(&faults)
    }
}

#[tokio::test(start_paused = true)]
async fn mixtures_that_pass_lose_nothing() {
    for seed in 1..=40 {
        let report = mixture(seed, &[PASSING]).run().await;
        report.audit_outlived();
    }
}

#[tokio::test(start_paused = true)]
async fn mixtures_of_everything_leave_nothing_unaccounted_for() {
    for seed in 101..=160 {
        mixture(seed, &[PASSING, LASTING]).run().await.audit();
    }
}
