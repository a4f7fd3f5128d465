//! `[[cap]]` tables.

use crate::Jurisdiction;
use crate::cap::{Cap, Cooldown, Counting, Limit, Pause, Period};
use crate::document::{DocumentError, Node};
use crate::rule::{Provenance, RuleOrigin, RuleStatus};

use super::parse::{PROVENANCE_KEYS, check_provenance, read_conditions, take_provenance};

pub(super) fn read_cap(node: &Node<'_, '_>, origin: RuleOrigin) -> Result<Cap, DocumentError> {
    let (mut id, mut jurisdiction) = (None, None::<Jurisdiction>);
    let (mut purposes, mut channels, mut unless) = (Vec::new(), Vec::new(), Vec::new());
    let (mut limits, mut cooldowns) = (Vec::new(), Vec::new());
    let (mut counts, mut per_matter) = (Counting::Attempts, false);
    let mut status = if origin == RuleOrigin::Overlay {
        RuleStatus::Practice
    } else {
        RuleStatus::Law
    };
    let (mut effective_from, mut effective_until) = (None, None);
    let mut provenance = Provenance::default();
    for (name, value) in node.entries()? {
        match name.as_str() {
            "id" => id = Some(value.text()?).filter(|id| !id.trim().is_empty()),
            "jurisdiction" => jurisdiction = Some(value.known_jurisdiction()?),
            "purposes" => purposes = value.parsed_list()?,
            "channels" => channels = value.parsed_list()?,
            "limits" => limits = value.list().iter().map(read_limit).collect::<Result<_, _>>()?,
            "cooldowns" => cooldowns = value.list().iter().map(read_cooldown).collect::<Result<_, _>>()?,
            "counts" => counts = value.parsed()?,
            "per_matter" => per_matter = value.boolean()?,
            "unless" => unless = read_conditions(&value)?,
            "effective_from" => effective_from = Some(value.date()?),
            "effective_until" => effective_until = Some(value.date()?),
            "status" => status = value.parsed()?,
            _ if take_provenance(&mut provenance, &name, &value)? => {}
            _ => {
                return Err(value.unknown(&format!(
                    "id, jurisdiction, purposes, channels, limits, cooldowns, counts, per_matter, unless, \
                     effective_from, effective_until, status, {PROVENANCE_KEYS}"
                )));
            }
        }
    }
    check_provenance(&provenance, origin, node)?;
    if limits.is_empty() && cooldowns.is_empty() {
        return Err(node.wrong("a cap needs `limits` or `cooldowns`"));
    }
    let missing = |key: &str| node.wrong(format!("`{key}` is missing"));
    Ok(Cap {
        id: id.ok_or_else(|| missing("id"))?,
        jurisdiction: jurisdiction.ok_or_else(|| missing("jurisdiction"))?,
        purposes,
        channels,
        limits,
        cooldowns,
        counts,
        per_matter,
        unless,
        effective_from,
        effective_until,
        status,
        origin,
        provenance,
    })
}

fn read_limit(node: &Node<'_, '_>) -> Result<Limit, DocumentError> {
    let (mut max, mut period) = (None, None);
    for (name, value) in node.entries()? {
        match name.as_str() {
            "max" => max = Some(value.number()?),
            "hours" => period = Some(Period::Hours(value.number()?)),
            "days" => period = Some(Period::Days(value.number()?)),
            "weeks" => period = Some(Period::Weeks(value.number()?)),
            "months" => period = Some(Period::Months(value.number()?)),
            _ => return Err(value.unknown("max, hours, days, weeks, months")),
        }
    }
    let max = max
        .filter(|max| *max > 0)
        .ok_or_else(|| node.wrong("`max` must be at least 1"))?;
    let period = period.ok_or_else(|| node.wrong("a limit needs `hours`, `days`, `weeks` or `months`"))?;
    Ok(Limit { max, period })
}

fn read_cooldown(node: &Node<'_, '_>) -> Result<Cooldown, DocumentError> {
    let (mut after, mut pause) = (None, None);
    for (name, value) in node.entries()? {
        match name.as_str() {
            "after" => after = Some(value.parsed()?),
            "hours" => pause = Some(Some(Pause::Hours(value.number()?))),
            "days" => pause = Some(Some(Pause::Days(value.number()?))),
            "for_ever" if value.boolean()? => pause = Some(None),
            _ => return Err(value.unknown("after, hours, days, for_ever = true")),
        }
    }
    let after = after.ok_or_else(|| node.wrong("`after` is missing"))?;
    let pause = pause.ok_or_else(|| node.wrong("a cooldown needs `hours`, `days` or `for_ever = true`"))?;
    Ok(Cooldown { after, pause })
}
