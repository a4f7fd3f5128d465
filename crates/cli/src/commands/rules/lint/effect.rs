//! Checks of what rules do together, by their timetables.

use core_compliance::{
    CallingWindow, Channel, Condition, Gate, Hours, Instant, Jurisdiction, LocalDate, Opening, Parts,
    Provision, Purpose, Rule, Rulebook, Settings, Timetable, WeeklyWindows,
};

use super::super::places;
use super::checks::AHEAD_DAYS;
use super::{Level, LintFinding};
use crate::exit::CliError;

const DAY: i64 = 86_400;

/// Own rules of hours that are wider than what others leave anyhow, whatever the facts of an attempt: each of those
/// others binds wherever the rule binds, and lifts only where the rule lifts.
pub(super) fn without_effect(
    gate: &Gate,
    today: LocalDate,
    findings: &mut Vec<LintFinding>,
) -> Result<(), CliError> {
    let book = gate.rulebook();
    let own = book.rules().iter().filter(|rule| {
        let origin = core_compliance::RuleOrigin::Overlay;
        rule.origin == origin && rule.decides() && matches!(rule.provision, Provision::Hours(_))
    });
    let last = today.plus_days(AHEAD_DAYS);
    for rule in own.filter(|rule| rule.effective_until.is_none_or(|until| until > today)) {
        let starts = rule.effective_from.unwrap_or(today).max(today);
        if starts > last {
            continue;
        }
        let firmer: Vec<&Rule> = book
            .rules()
            .iter()
            .filter(|other| is_firmer(other, rule))
            .collect();
        let without = gate_of(gate, firmer.iter().copied())?;
        let with = gate_of(gate, firmer.iter().copied().chain([rule]))?;
        let purpose = rule.purposes.first().copied().unwrap_or(Purpose::Sales);
        let channel = rule.channels.first().copied().unwrap_or(Channel::Voice);
        let changes = probes(book, rule).iter().any(|place| {
            places::zones(gate, place).any(|zone| {
                let open = |gate: &Gate| year_of(gate, place, zone.name(), purpose, channel, starts);
                open(&with) != open(&without)
            })
        });
        if !changes {
            let message = match firmer.is_empty() {
                true => "it is open around the clock and changes nothing; delete it".to_owned(),
                false => {
                    let ids: Vec<&str> = firmer.iter().map(|rule| rule.id.as_str()).collect();
                    format!(
                        "it is never narrower than {} and changes nothing; delete it",
                        ids.join(", ")
                    )
                }
            };
            findings.push(LintFinding::new(
                Level::Warning,
                "without-effect",
                &rule.id,
                message,
            ));
        }
    }
    Ok(())
}

/// Whether `other` binds wherever `rule` binds, and lifts only where it lifts.
fn is_firmer(other: &Rule, rule: &Rule) -> bool {
    let covers = |purposes: bool, channels: bool| purposes && channels;
    other.id != rule.id
        && other.decides()
        && matches!(other.provision, Provision::Hours(_))
        && rule.jurisdiction.is_within(&other.jurisdiction)
        && covers(
            is_part(&rule.purposes, &other.purposes),
            is_part(&rule.channels, &other.channels),
        )
        && other
            .unless
            .iter()
            .all(|condition: &Condition| rule.unless.contains(condition))
}

/// Whether a list names a part of another; an empty one names all.
fn is_part<T: PartialEq>(part: &[T], whole: &[T]) -> bool {
    whole.is_empty() || (!part.is_empty() && part.iter().all(|each| whole.contains(each)))
}

/// Where a rule may differ from others: in its jurisdiction, and in the counties within that have days of their own.
fn probes(book: &Rulebook, rule: &Rule) -> Vec<Jurisdiction> {
    let within = places::jurisdictions(book);
    let counties = within
        .into_iter()
        .filter(|place| place.as_str().contains(':') && place.is_within(&rule.jurisdiction));
    std::iter::once(rule.jurisdiction.clone())
        .chain(counties)
        .collect()
}

/// Places where hours alone, whatever facts are given, leave no time of the coming year open.
pub(super) fn closed_places(
    gate: &Gate,
    today: LocalDate,
    findings: &mut Vec<LintFinding>,
) -> Result<(), CliError> {
    let book = gate.rulebook();
    let of_hours = book
        .rules()
        .iter()
        .filter(|rule| matches!(rule.provision, Provision::Hours(_)) && rule.effective_until.is_none());
    let hours_alone = gate_of(gate, of_hours)?;
    for place in places::jurisdictions(book) {
        let mut closed: Vec<&str> = Vec::new();
        for purpose in Purpose::ALL {
            let is_closed = places::zones(gate, &place).any(|zone| {
                let year = year_of(&hours_alone, &place, zone.name(), *purpose, Channel::Voice, today);
                year.is_some_and(|year| year.openings().is_empty())
            });
            if is_closed {
                closed.push(purpose.as_str());
            }
        }
        if !closed.is_empty() {
            let message = format!(
                "all hours together leave no time open in the coming year for {}; `curfew rules show {place}`",
                closed.join(", ")
            );
            let finding = LintFinding::new(Level::Warning, "place-never-opens", place.as_str(), message);
            findings.push(finding);
        }
    }
    Ok(())
}

/// A gate of these rules alone, whose house is open around the clock.
fn gate_of<'r>(gate: &Gate, rules: impl Iterator<Item = &'r Rule>) -> Result<Gate, CliError> {
    let book = gate.rulebook();
    let parts = Parts {
        rules: rules.cloned().collect(),
        calendars: book.calendars().cloned().collect(),
        ..Parts::default()
    };
    let book = Rulebook::of_parts(book.version(), book.reviewed_on(), parts)
        .map_err(|error| CliError::failed(error.to_string()))?;
    let house = WeeklyWindows::daily(CallingWindow::WHOLE_DAY);
    let settings = Settings {
        hours: Hours::Law { house },
        ..Settings::default()
    };
    gate.with_rulebook(book, settings)
        .map_err(|error| CliError::failed(error.to_string()))
}

/// What is open at a place in the year from a date on, without facts; `None` if the place cannot be judged.
fn year_of(
    gate: &Gate,
    place: &Jurisdiction,
    zone: &str,
    purpose: Purpose,
    channel: Channel,
    starts: LocalDate,
) -> Option<Timetable> {
    let from = i64::from(starts.days()) * DAY;
    let at = Instant::from_unix(from).ok()?;
    let timetable = gate.timetable(&places::attempt(place, zone, purpose, channel, at))?;
    let year = Opening {
        open: from,
        close: from + i64::from(AHEAD_DAYS) * DAY,
    };
    Some(timetable.intersect(&Timetable::new(year.open, year.close, [year])))
}
