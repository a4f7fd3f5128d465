//! Rules of your own on top of the shipped law: they tighten it, and a relaxation says who answers for it.
#![expect(clippy::print_stdout, reason = "an example shows what it found")]

use core_compliance::{CallAttempt, Evidence, Gate, Overlay, Place, Rulebook, Settings, ZoneDatabase};

const RULES: &str = r#"
[[rule]]
id = "acme.no-evenings"
jurisdiction = "US"
purposes = ["sales"]
hours = "mon-fri 09:00-17:00"

[[relaxation]]
relaxes = "US-RI"
hours = "mon-sat 09:00-20:00"
reason = "counsel's opinion of 2026-05-04: we are no telephonic seller"
author = "j.doe@example.com"
expires = "2027-05-04"
"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rulebook = Rulebook::shipped().with_overlay(Overlay::of_text("rules.toml", RULES)?)?;
    let gate = Gate::new(ZoneDatabase::bundled(), rulebook, Settings::default())?;
    for (jurisdiction, at) in [
        ("US-NJ", "2026-06-10T21:30:00Z"),
        ("US-RI", "2026-06-10T14:00:00Z"),
    ] {
        let place = Place {
            jurisdiction: jurisdiction.parse()?,
            zone: "America/New_York".to_owned(),
        };
        let evidence = Evidence {
            places: vec![place],
            ..Evidence::default()
        };
        let determination = gate.determine(&CallAttempt::new(at.parse()?, evidence));
        println!("{jurisdiction} at {at}: {}", determination.decision);
        for finding in &determination.findings {
            println!("  {} {}: {}", finding.effect, finding.code, finding.message);
        }
    }
    Ok(())
}
