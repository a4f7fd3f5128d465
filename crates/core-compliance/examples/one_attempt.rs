//! One attempt, decided and explained: `cargo run --example one_attempt [REGION] [TIME]`.
#![expect(clippy::print_stdout, reason = "an example shows what it found")]

use core_compliance::{CallAttempt, Evidence, Gate, Rulebook, Settings, ZoneDatabase};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let region = arguments.next().unwrap_or_else(|| "US-TX".to_owned());
    let at = arguments
        .next()
        .unwrap_or_else(|| "2026-06-14T16:30:00Z".to_owned());

    let gate = Gate::new(ZoneDatabase::bundled(), Rulebook::shipped(), Settings::default())?;
    let evidence = Evidence {
        region: Some(region),
        ..Evidence::default()
    };
    let determination = gate.determine(&CallAttempt::new(at.parse()?, evidence));

    println!("{}", determination.decision);
    for place in &determination.places {
        println!(
            "  in {}, {}: {}",
            place.jurisdiction, place.zone, place.local_time
        );
    }
    for finding in &determination.findings {
        println!("  {} {}: {}", finding.effect, finding.code, finding.message);
    }
    if let Some(until) = determination.permitted_until {
        println!("until {until}");
    }
    if let Some(opening) = determination.next_opening {
        println!("opens {opening}");
    }
    Ok(())
}
