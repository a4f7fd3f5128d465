//! Checks that need no timetable.

use core_compliance::{LocalDate, Provision, RULEBOOK_AGE_LIMIT_DAYS, RuleStatus, Rulebook};

use super::super::entry::entries;
use super::super::words;
use super::{Level, LintFinding};

/// A calendar that ends within so many days is noted.
const SOON_DAYS: i32 = 60;
/// How far ahead a rule's own hours are looked at.
pub(super) const AHEAD_DAYS: i32 = 366;

pub(super) fn age(book: &Rulebook, today: LocalDate, findings: &mut Vec<LintFinding>) {
    let age = today.days() - book.reviewed_on().days();
    if age > RULEBOOK_AGE_LIMIT_DAYS {
        let message = format!(
            "last reviewed on {}, {age} days ago; update Curfew",
            book.reviewed_on()
        );
        findings.push(LintFinding::new(
            Level::Warning,
            "rulebook-stale",
            "rulebook",
            message,
        ));
    }
}

pub(super) fn relaxations(book: &Rulebook, today: LocalDate, findings: &mut Vec<LintFinding>) {
    for relaxation in book.relaxations() {
        let how = match &relaxation.hours {
            None => "disabled".to_owned(),
            Some(hours) => format!("relaxed to {}", words::week(&hours.week)),
        };
        let by = format!("by {}, because of: {}", relaxation.author, relaxation.reason);
        findings.push(if relaxation.expires <= today {
            let message = format!(
                "{how} until {} {by}; that has passed and the shipped rule decides again: delete or renew it",
                relaxation.expires
            );
            LintFinding::new(Level::Error, "relaxation-expired", &relaxation.relaxes, message)
        } else {
            let message = format!("{how} until {} {by}", relaxation.expires);
            LintFinding::new(Level::Warning, "relaxation", &relaxation.relaxes, message)
        });
    }
}

pub(super) fn calendars(book: &Rulebook, today: LocalDate, findings: &mut Vec<LintFinding>) {
    for calendar in book.calendars() {
        let Some(last) = calendar.verified_through else {
            continue;
        };
        let ends_in = last.days() - today.days();
        if ends_in < 0 {
            let message =
                format!("its days after {last} are not known, and those dates are prohibited; update Curfew");
            findings.push(LintFinding::new(
                Level::Warning,
                "calendar-ended",
                &calendar.id,
                message,
            ));
        } else if ends_in <= SOON_DAYS {
            let message = format!(
                "its days after {last} are not known yet; until they are, those dates are prohibited"
            );
            findings.push(LintFinding::new(
                Level::Note,
                "calendar-ends-soon",
                &calendar.id,
                message,
            ));
        }
    }
}

/// Who calls a rule law says where it stands. Rules of the house need no source.
pub(super) fn sources(book: &Rulebook, findings: &mut Vec<LintFinding>) {
    for entry in entries(book) {
        let claims = matches!(entry.status(), Some(RuleStatus::Law | RuleStatus::SelfRegulatory));
        let provenance = entry.provenance();
        if claims && (provenance.source.is_empty() || provenance.citation.is_empty()) {
            let message = "it claims to be law and names no source or citation; add `citation` and `source`, or make \
                           its status `practice`";
            findings.push(LintFinding::new(Level::Warning, "no-source", entry.id(), message));
        }
    }
}

/// Own rules that have run out; the shipped ones stay for attempts of the past.
pub(super) fn expired(book: &Rulebook, today: LocalDate, findings: &mut Vec<LintFinding>) {
    for entry in entries(book).into_iter().filter(|entry| entry.is_own()) {
        if let (_, Some(until)) = entry.dates()
            && until <= today
        {
            let message = format!("it was in force until {until} alone; delete it once it is of no interest");
            findings.push(LintFinding::new(
                Level::Note,
                "no-longer-in-force",
                entry.id(),
                message,
            ));
        }
    }
}

/// Rules without an end whose own hours are closed throughout the year ahead.
pub(super) fn closed_rules(book: &Rulebook, today: LocalDate, findings: &mut Vec<LintFinding>) {
    for rule in book.rules().iter().filter(|rule| rule.effective_until.is_none()) {
        let dates = (0..AHEAD_DAYS).map(|day| today.plus_days(day));
        let mut in_force = dates.filter(|date| rule.in_force_on(*date)).peekable();
        if in_force.peek().is_none() {
            continue;
        }
        let is_closed = match &rule.provision {
            Provision::Hours(hours) => in_force.all(|date| {
                let on = hours.on(date, &rule.jurisdiction, |id| book.calendar(id));
                on.windows.is_empty()
            }),
            Provision::Requires(conditions) => conditions.is_empty(),
            _ => false,
        };
        if is_closed {
            let message =
                "it is closed throughout the coming year; give a ban its end with `effective_until`";
            findings.push(LintFinding::new(Level::Warning, "never-opens", &rule.id, message));
        }
    }
}
