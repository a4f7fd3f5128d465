//! Which hours of the coming year open and close from one rulebook to another.

use std::collections::{BTreeMap, BTreeSet};

use core_compliance::{
    Channel, Gate, Instant, Jurisdiction, LocalDate, Opening, Purpose, Rule, Timetable, Zone,
};
use serde_json::json;

use super::super::{named, places};
use super::pattern::pattern;
use crate::commands::day::Day;
use crate::exit::CliError;
use crate::output::{Output, Tone};
use crate::render::wrapped;

const DAY: i64 = 86_400;
/// How far ahead is looked.
const DAYS: i32 = 365;

/// All differences of a year.
pub(super) struct Year {
    from: Instant,
    channel: Channel,
    differences: Vec<Difference>,
}

/// What differs at one place for one purpose.
struct Difference {
    jurisdiction: Jurisdiction,
    name: String,
    zone: String,
    purpose: Purpose,
    opens: Timetable,
    closes: Timetable,
    /// In local time, in few words.
    opens_text: Vec<String>,
    closes_text: Vec<String>,
}

impl Year {
    /// Every place of either rulebook, without facts and history.
    pub(super) fn of(old: &Gate, new: &Gate, purposes: &[Purpose], from: Instant) -> Self {
        let channel = new.settings().channel;
        let mut jurisdictions = places::jurisdictions(old.rulebook());
        jurisdictions.extend(places::jurisdictions(new.rulebook()));
        let mut differences = Vec::new();
        for purpose in purposes {
            for jurisdiction in &jurisdictions {
                if is_untouched(old, new, jurisdiction, *purpose, channel) {
                    continue;
                }
                for zone in places::zones(new, jurisdiction) {
                    differences.extend(difference(
                        [old, new],
                        jurisdiction,
                        zone,
                        (*purpose, channel),
                        from,
                    ));
                }
            }
        }
        Self {
            from,
            channel,
            differences,
        }
    }

    pub(super) fn json(&self) -> serde_json::Value {
        let intervals = |timetable: &Timetable| {
            let instants = |each: &Opening| {
                let (open, close) = (
                    Instant::from_unix(each.open).ok(),
                    Instant::from_unix(each.close).ok(),
                );
                json!({"open": open, "close": close})
            };
            timetable.openings().iter().map(instants).collect::<Vec<_>>()
        };
        let one = |each: &Difference| {
            json!({
                "jurisdiction": each.jurisdiction, "zone": each.zone,
                "purpose": each.purpose, "channel": self.channel,
                "opens_s": seconds(&each.opens), "closes_s": seconds(&each.closes),
                "opens": intervals(&each.opens), "closes": intervals(&each.closes),
            })
        };
        json!({
            "from": self.from, "until": self.from.plus_seconds(i64::from(DAYS) * DAY),
            "differences": self.differences.iter().map(one).collect::<Vec<_>>(),
        })
    }

    pub(super) fn text(&self, purposes: &[Purpose], output: &Output) -> Result<(), CliError> {
        let until = self.from.plus_seconds(i64::from(DAYS) * DAY);
        for purpose in purposes {
            let title = format!("{purpose} {}, {} to {until}, local time", self.channel, self.from);
            let of_purpose: Vec<&Difference> = self
                .differences
                .iter()
                .filter(|each| each.purpose == *purpose)
                .collect();
            let verdict = if of_purpose.is_empty() {
                ": the same everywhere"
            } else {
                ":"
            };
            for line in wrapped("hours, ", &format!("{title}{verdict}"), 6) {
                output.line(&line)?;
            }
            for places in alike(&of_purpose) {
                self.one(&places, output)?;
            }
        }
        Ok(())
    }

    /// The places of which the same can be said.
    fn one(&self, places: &[&Difference], output: &Output) -> Result<(), CliError> {
        let mut zones: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for place in places {
            zones.entry(&place.name).or_default().push(&place.zone);
        }
        // Where all places are in one jurisdiction its zones are told; else the names are enough.
        let names = match zones.len() {
            1 => zones
                .iter()
                .map(|(name, zones)| format!("{name}: {}", zones.join(", ")))
                .collect::<Vec<_>>(),
            _ => zones.keys().map(|name| (*name).to_owned()).collect(),
        };
        for line in wrapped("", &format!("  {}", names.join("; ")), 2) {
            output.line(&line)?;
        }
        let Some(first) = places.first() else {
            return Ok(());
        };
        for (what, timetable, texts, tone) in [
            ("opens", &first.opens, &first.opens_text, Tone::Good),
            ("closes", &first.closes, &first.closes_text, Tone::Bad),
        ] {
            if texts.is_empty() {
                continue;
            }
            let total = shown_hours(seconds(timetable));
            let text = format!("{total} h: {}", texts.join("; "));
            for (position, line) in wrapped(&format!("    {what}"), &text, 11).into_iter().enumerate() {
                let toned = line.replacen(what, &output.toned(what, tone), usize::from(position == 0));
                output.line(&toned)?;
            }
        }
        Ok(())
    }
}

/// Differences with the same texts and totals, in the order in which they first come.
fn alike<'d>(differences: &[&'d Difference]) -> Vec<Vec<&'d Difference>> {
    let mut groups: Vec<Vec<&Difference>> = Vec::new();
    for each in differences {
        let same = |group: &&mut Vec<&Difference>| {
            group.first().is_some_and(|other| {
                (&other.opens_text, &other.closes_text) == (&each.opens_text, &each.closes_text)
                    && seconds(&other.opens) == seconds(&each.opens)
                    && seconds(&other.closes) == seconds(&each.closes)
            })
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(each),
            None => groups.push(vec![each]),
        }
    }
    groups
}

/// Whether the same rules and calendars govern in both: then the hours are the same, and need not be built.
fn is_untouched(old: &Gate, new: &Gate, place: &Jurisdiction, purpose: Purpose, channel: Channel) -> bool {
    let rules = |gate: &Gate| -> Vec<Rule> {
        let governing = gate.rulebook().governing(place, purpose, channel);
        governing.cloned().collect()
    };
    let (before, after) = (rules(old), rules(new));
    let ids: BTreeSet<&String> = after
        .iter()
        .filter_map(|rule| match &rule.provision {
            core_compliance::Provision::Hours(hours) => Some(hours),
            _ => None,
        })
        .flat_map(|hours| hours.holidays.iter().map(|effect| &effect.calendar))
        .collect();
    before == after
        && ids
            .iter()
            .all(|id| old.rulebook().calendar(id) == new.rulebook().calendar(id))
}

fn difference(
    [old, new]: [&Gate; 2],
    jurisdiction: &Jurisdiction,
    zone: &Zone,
    (purpose, channel): (Purpose, Channel),
    from: Instant,
) -> Option<Difference> {
    let attempt = places::attempt(jurisdiction, zone.name(), purpose, channel, from);
    let (start, end) = (from.unix(), from.unix() + i64::from(DAYS) * DAY);
    let year = Timetable::always(start, end);
    let before = old.timetable(&attempt)?.intersect(&year);
    let after = new.timetable(&attempt)?.intersect(&year);
    let (opens, closes) = (after.minus(&before), before.minus(&after));
    if opens.openings().is_empty() && closes.openings().is_empty() {
        return None;
    }
    Some(Difference {
        name: named(new, jurisdiction),
        jurisdiction: jurisdiction.clone(),
        zone: zone.name().to_owned(),
        purpose,
        opens_text: local(&opens, zone),
        closes_text: local(&closes, zone),
        opens,
        closes,
    })
}

fn seconds(timetable: &Timetable) -> i64 {
    timetable
        .openings()
        .iter()
        .map(|each| each.close - each.open)
        .sum()
}

/// `624`, `182.5`.
fn shown_hours(seconds: i64) -> String {
    let tenths = (seconds + 180) / 360;
    match tenths % 10 {
        0 => format!("{}", tenths / 10),
        rest => format!("{}.{rest}", tenths / 10),
    }
}

/// The local days of a timetable with their hours, in few words.
fn local(timetable: &Timetable, zone: &Zone) -> Vec<String> {
    let date_of = |second: i64| {
        Instant::from_unix(second)
            .ok()
            .map(|at| zone.local_time(at).date())
    };
    let mut dates: BTreeSet<LocalDate> = BTreeSet::new();
    for opening in timetable.openings() {
        if let (Some(first), Some(last)) = (date_of(opening.open), date_of(opening.close - 1)) {
            dates.extend((first.days()..=last.days()).map(|day| first.plus_days(day - first.days())));
        }
    }
    let days: Vec<(LocalDate, String)> = dates
        .into_iter()
        .map(|date| (date, Day::of(timetable, zone, date).hours()))
        .collect();
    pattern(&days)
}
