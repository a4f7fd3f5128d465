//! `cargo xtask kill`: a sync that is killed at random points and started again until it is done.
//!
//! The real binary against a simulated tenant with faults, over TCP. Each round has a tenant and a state directory of its
//! own; `kill -9` strikes after a random while, again and again, until the round ends by itself; rounds follow until
//! enough processes were killed. Judged from the tenant's side and from the decision log: no contact lost, none stored
//! outside its hours, none sent again except what was under way, the books of the last piece are those of the whole
//! run, and the log verifies. Exits 1 otherwise.
//!
//! Options: `--kills 200`, `--seed 1`, `--contacts 5000`, `--concurrency 16`.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a tool for people prints what it found"
)]

use std::process::ExitCode;

use tests::kill::{Plan, Round};
use tests::sync_kit::Dice;
use tests::sync_kit_process::{circumstances, option};

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
    let number = |name: &str, default: &str| -> Result<u32, String> {
        let text = option(arguments, name, default)?;
        text.parse()
            .map_err(|_| format!("{name} `{text}` is not a number"))
    };
    let kills = number("--kills", "200")?;
    let plan = Plan {
        contacts: number("--contacts", "5000")?.max(1),
        concurrency: number("--concurrency", "16")?.max(1),
    };
    let seed = number("--seed", "1")?;
    println!("{}", circumstances());
    println!(
        "{} contacts a round, concurrency {}, seed {seed}, faults {}\n",
        plan.contacts,
        plan.concurrency,
        tests::kill::FAULTS.join(" ")
    );
    println!("round  kills  stored  sent again  allowed  records  longest piece");
    let mut dice = Dice(u64::from(seed));
    let (mut killed, mut rounds) = (0, 0);
    while killed < kills {
        rounds += 1;
        let round = Round::run(&plan, rounds, kills - killed, &mut dice)?;
        killed += round.kills;
        println!(
            "{rounds:>5} {:>6} {:>7} {:>11} {:>8} {:>8} {:>11} ms",
            round.kills,
            round.stored,
            round.sent_again,
            round.kills * plan.concurrency,
            round.records,
            round.longest_piece
        );
    }
    println!(
        "\nmet: {killed} kills, none lost, none outside hours, no more sent again than was under way, every log verifies"
    );
    Ok(())
}
