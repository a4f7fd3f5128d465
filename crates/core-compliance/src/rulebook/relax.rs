//! What a relaxation does to shipped rules and caps.

use crate::cap::Cap;
use crate::civil::LocalDate;
use crate::rule::{Hours, Provision, Rule, RuleOrigin};

use super::{Relaxation, RulebookError};

/// Relaxes the rule or cap of this id.
pub(super) fn apply(
    rules: &mut Vec<Rule>,
    caps: &mut Vec<Cap>,
    relaxation: &Relaxation,
) -> Result<(), RulebookError> {
    let shipped = |id: &str, origin| id == relaxation.relaxes && origin == RuleOrigin::Rulebook;
    if let Some(position) = rules.iter().position(|rule| shipped(&rule.id, rule.origin)) {
        relax_rule(rules, position, relaxation);
        return Ok(());
    }
    let Some(position) = caps.iter().position(|cap| shipped(&cap.id, cap.origin)) else {
        return Err(RulebookError::UnknownId(relaxation.relaxes.clone()));
    };
    if relaxation.hours.is_some() {
        return Err(RulebookError::HoursForCap(relaxation.relaxes.clone()));
    }
    let cap = caps.remove(position);
    let from = later(cap.effective_from, relaxation.expires);
    // One that ends before the relaxation does never comes back.
    if cap.effective_until.is_none_or(|until| from < until) {
        caps.push(Cap {
            effective_from: Some(from),
            ..cap
        });
    }
    Ok(())
}

fn later(from: Option<LocalDate>, expires: LocalDate) -> LocalDate {
    from.map_or(expires, |from| from.max(expires))
}

/// Puts the relaxed hours before the expiry, the shipped rule after it.
fn relax_rule(rules: &mut Vec<Rule>, position: usize, relaxation: &Relaxation) {
    let shipped = rules.remove(position);
    let begins_after = |until: LocalDate| shipped.effective_from.is_some_and(|from| from >= until);
    if let Some(hours) = relaxation
        .hours
        .as_ref()
        .filter(|_| !begins_after(relaxation.expires))
    {
        let until = shipped
            .effective_until
            .map_or(relaxation.expires, |until| until.min(relaxation.expires));
        rules.push(Rule {
            id: format!("{}~relaxed", shipped.id),
            provision: relaxed(&shipped.provision, hours),
            effective_until: Some(until),
            ..shipped.clone()
        });
    }
    // A rule that ends before the relaxation does never comes back.
    let from = later(shipped.effective_from, relaxation.expires);
    if shipped.effective_until.is_none_or(|until| from < until) {
        rules.push(Rule {
            effective_from: Some(from),
            ..shipped
        });
    }
}

/// The relaxed hours under the shipped rule's clock, boundaries and holidays: those are not relaxed with them.
fn relaxed(shipped: &Provision, hours: &Hours) -> Provision {
    Provision::Hours(match shipped {
        Provision::Hours(shipped) => Hours {
            week: hours.week.clone(),
            ..shipped.clone()
        },
        Provision::Requires(_) => hours.clone(),
    })
}
