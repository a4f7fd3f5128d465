//! Many callees over a day: everything about a callee is settled once, then each instant costs nanoseconds.
#![expect(clippy::print_stdout, reason = "an example shows what it found")]

use core_compliance::{CallAttempt, Evidence, Gate, Instant, Rulebook, Settings, ZoneDatabase};

const NUMBERS: [&str; 4] = ["+12125550123", "+13055550123", "+12145550123", "+14155550123"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let gate = Gate::new(ZoneDatabase::bundled(), Rulebook::shipped(), Settings::default())?;
    let midnight: Instant = "2026-06-10T00:00:00Z".parse()?;
    let attempts = NUMBERS.map(|number| {
        let evidence = Evidence {
            phone: Some(number.to_owned()),
            ..Evidence::default()
        };
        CallAttempt::new(midnight, evidence)
    });
    let schedules = attempts.each_ref().map(|attempt| gate.schedule(attempt));

    for hour in 0..24 {
        let at = midnight.plus_seconds(hour * 3_600);
        let callable = NUMBERS
            .iter()
            .zip(&schedules)
            .filter(|(_, schedule)| schedule.decide(at).is_permitted());
        let numbers: Vec<&str> = callable.map(|(number, _)| *number).collect();
        println!("{at}  {}", numbers.join(" "));
    }
    Ok(())
}
