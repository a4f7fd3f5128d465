//! The gate: one attempt in, one determination out.

mod again;
mod bind;
mod caps;
mod direct;
mod explain;
mod holidays;
mod outlook;
mod schedule;
mod steady;
mod suppression;
#[cfg(test)]
#[cfg(feature = "bundled-tzdb")]
mod tests;
mod verdict;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use crate::attempt::{CallAttempt, Channel, EvidenceKind, Purpose};
use crate::civil::LocalDate;
use crate::determination::{
    Decision, Determination, Effect, Finding, FindingCode, JudgedPlace, SCHEMA, SettingsStamp, VersionStamp,
};
use crate::digest::Sha256Hex;
use crate::gazetteer::Gazetteer;
use crate::locate::{Located, Locator, notes, prohibits};
use crate::rule::{Provision, RuleClock};
use crate::rulebook::Rulebook;
use crate::settings::{Hours, Settings, SettingsError};
use crate::timetable::Timetable;
use crate::zone::{Zone, ZoneDatabase};
use crate::{Instant, Jurisdiction, Place};

use bind::{Group, Range};
use direct::DirectReading;
pub use holidays::HolidayOn;
pub use outlook::LOOK_AHEAD_DAYS;
use outlook::{Outlook, outlook};
use schedule::Schedules;
pub use verdict::{Schedule, Verdict};

/// A rulebook older than this many days at the attempt is noted as stale.
pub const RULEBOOK_AGE_LIMIT_DAYS: i32 = 180;
/// Time zone data older than this many days at the attempt are noted as stale.
pub const TZDB_AGE_LIMIT_DAYS: i32 = 120;

/// Decides about attempts by one rulebook, one release of time zone data and one set of settings.
///
/// A gate has no clock and does no I/O; it remembers timetables that it has built, which changes no answer.
///
/// ```
/// # #[cfg(feature = "bundled-tzdb")] {
/// use core_compliance::{CallAttempt, Evidence, Gate, Rulebook, Settings, ZoneDatabase};
///
/// let gate = Gate::new(ZoneDatabase::bundled(), Rulebook::shipped(), Settings::default())?;
/// let evidence = Evidence { region: Some("US-CA".into()), ..Evidence::default() };
/// let determination = gate.determine(&CallAttempt::new("2026-06-10T14:59:59Z".parse()?, evidence));
/// assert!(!determination.is_permitted());
/// assert_eq!(determination.next_opening, Some("2026-06-10T15:00:00Z".parse()?));
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Gate {
    zones: Arc<ZoneDatabase>,
    rulebook: Rulebook,
    gazetteer: &'static Gazetteer,
    settings: Settings,
    /// The counties of the tables and of the rulebook.
    counties: BTreeSet<Jurisdiction>,
    /// The clocks of rules that read a fixed offset.
    fixed_clocks: BTreeMap<i32, Zone>,
    /// Fingerprints of the settings, each taken when first asked for.
    prints: BTreeMap<(Purpose, Channel), OnceLock<Sha256Hex>>,
    schedules: Schedules,
}

impl Gate {
    /// A gate of these parts.
    ///
    /// # Errors
    /// [`SettingsError`] where a setting is out of range.
    pub fn new(
        zones: impl Into<Arc<ZoneDatabase>>,
        rulebook: Rulebook,
        settings: Settings,
    ) -> Result<Self, SettingsError> {
        let fixed = rulebook.rules().iter().filter_map(|rule| match &rule.provision {
            Provision::Hours(hours) => match hours.clock {
                RuleClock::Fixed(offset) => Some((offset, Zone::fixed(offset))),
                RuleClock::Callee | RuleClock::Jurisdiction => None,
            },
            Provision::Requires(_) => None,
        });
        let prints = Purpose::ALL.iter().flat_map(|purpose| {
            let channels = Channel::ALL.iter();
            channels.map(|channel| ((*purpose, *channel), OnceLock::new()))
        });
        Ok(Self {
            zones: zones.into(),
            counties: rulebook
                .counties()
                .into_iter()
                .chain(Gazetteer::counties())
                .collect(),
            fixed_clocks: fixed.collect(),
            rulebook,
            gazetteer: Gazetteer::standard(),
            settings: settings.checked()?,
            prints: prints.collect(),
            schedules: Schedules::default(),
        })
    }

    /// Another gate on the same time zone data, for comparing rulebooks.
    ///
    /// # Errors
    /// [`SettingsError`] where a setting is out of range.
    pub fn with_rulebook(&self, rulebook: Rulebook, settings: Settings) -> Result<Self, SettingsError> {
        Self::new(Arc::clone(&self.zones), rulebook, settings)
    }

    /// The time zone data in use.
    #[must_use]
    pub fn zones(&self) -> &ZoneDatabase {
        &self.zones
    }

    /// The rulebook in use.
    #[must_use]
    pub fn rulebook(&self) -> &Rulebook {
        &self.rulebook
    }

    /// The settings in use.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The tables of places in use.
    #[must_use]
    pub fn gazetteer(&self) -> &Gazetteer {
        self.gazetteer
    }

    /// Decides about one attempt and says why. Total: whatever cannot be decided is prohibited with a reason.
    #[must_use]
    pub fn determine(&self, attempt: &CallAttempt) -> Determination {
        self.decide(self.locator().locate(&attempt.evidence), attempt)
    }

    fn decide(&self, located: Located, attempt: &CallAttempt) -> Determination {
        let Located { places, mut findings } = located;
        self.note_age(attempt.at, &mut findings);
        let range = Range::around(attempt.at);
        let groups = self.groups(places.iter().map(|(place, _)| place), attempt, range);
        let DirectReading {
            permits: direct_permits,
            findings: mut readings,
            closings,
        } = self.read_directly(&groups, attempt);
        let mut timetables: Vec<_> = groups
            .iter()
            .map(|group| self.schedules.of(self, group, range))
            .collect();
        let resolved = !places.is_empty();
        let timetables_permit = timetables
            .iter()
            .all(|timetable| timetable.permits(attempt.at.unix()));
        if resolved && direct_permits != timetables_permit {
            readings.push(prohibits(
                FindingCode::EvaluatorsDisagree,
                format!(
                    "internal fault: two evaluations of {} disagree; please report it",
                    attempt.at
                ),
            ));
        }
        findings.append(&mut readings);
        let caps = self.read_caps(&groups, attempt, range);
        findings.extend(caps.findings);
        timetables.extend(caps.open);
        timetables.extend(suppression::open(attempt, range).map(Arc::new));
        let suppressed = suppression::holding(attempt);
        if let Some(entry) = suppressed {
            findings.insert(0, suppression::finding(entry));
        }
        self.note_relaxations(&groups, attempt, &mut findings);
        let outlook = outlook(&timetables, attempt.at);
        let all_permit = direct_permits && matches!(outlook, Outlook::Open { .. });
        let is_prohibited = findings.iter().any(|finding| finding.effect == Effect::Prohibits);
        if resolved && !all_permit && !is_prohibited {
            let message = format!(
                "internal fault: no reason is known why {} is closed; please report it",
                attempt.at
            );
            findings.push(prohibits(FindingCode::EvaluatorsDisagree, message));
        }
        let permitted = resolved && all_permit && !is_prohibited;
        let (permitted_until, next_opening) = if suppressed.is_some_and(|entry| entry.until.is_none()) {
            findings.push(suppression::never_opens());
            (None, None)
        } else {
            horizon(permitted, resolved, &outlook, &mut findings)
        };
        // What prohibits comes first, then what permits; of that first what ends the permission.
        let binds_next = |finding: &Finding| {
            permitted_until.is_some_and(|until| {
                let closes =
                    |(id, at): &(&str, i64)| *at == until.unix() && finding.rule.as_deref() == Some(*id);
                closings.iter().any(closes)
            })
        };
        findings.sort_by_key(|finding| match finding.effect {
            Effect::Prohibits => 0,
            Effect::Permits if binds_next(finding) => 1,
            Effect::Permits => 2,
            Effect::Notes => 3,
        });
        Determination {
            schema: SCHEMA,
            id: attempt.id.clone(),
            decision: if permitted {
                Decision::Permit
            } else {
                Decision::Prohibit
            },
            at: attempt.at,
            permitted_until,
            next_opening,
            places: self.judged(places, attempt.at),
            findings,
            settings: SettingsStamp {
                purpose: attempt.purpose,
                channel: attempt.channel,
                policy: self.settings.policy,
                guard_s: self.settings.guard,
                sha256: self.settings_print(attempt.purpose, attempt.channel),
            },
            rulebook: VersionStamp {
                version: self.rulebook.version().to_owned(),
                sha256: self.rulebook.sha256().clone(),
            },
            tzdb: VersionStamp {
                version: self.zones.version().to_owned(),
                sha256: self.zones.sha256().clone(),
            },
            engine: env!("CARGO_PKG_VERSION"),
        }
    }

    /// When the attempt's callee may be called, from the day before the attempt to 400 days after it: all candidate
    /// places, all rules, intersected. `None` if no place could be resolved; [`Gate::determine`] says why.
    #[must_use]
    pub fn timetable(&self, attempt: &CallAttempt) -> Option<Timetable> {
        let located = self.locator().locate(&attempt.evidence);
        let range = Range::around(attempt.at);
        let groups = self.groups(located.places.iter().map(|(place, _)| place), attempt, range);
        let timetables = groups.iter().map(|group| self.schedules.of(self, group, range));
        let caps = self.read_caps(&groups, attempt, range).open;
        let all = timetables
            .chain(caps)
            .chain(
                suppression::open(attempt, range)
                    .map(Arc::new)
                    .filter(|_| !groups.is_empty()),
            )
            .reduce(|one, two| Arc::new(one.intersect(&two)));
        all.map(|timetable| (*timetable).clone())
    }

    fn settings_print(&self, purpose: Purpose, channel: Channel) -> Sha256Hex {
        let take = || self.settings.sha256(purpose, channel);
        let kept = self.prints.get(&(purpose, channel));
        kept.map_or_else(take, |kept| kept.get_or_init(take).clone())
    }

    fn locator(&self) -> Locator<'_> {
        Locator {
            zones: &self.zones,
            gazetteer: self.gazetteer,
            regions: &self.settings.regions,
            policy: self.settings.policy,
            counties: &self.counties,
            unknown_numbers: self.settings.unknown_numbers,
            law_applies: matches!(self.settings.hours, Hours::Law { .. }),
            places_alone: false,
        }
    }

    fn judged(&self, places: Vec<(Place, Vec<EvidenceKind>)>, at: Instant) -> Vec<JudgedPlace> {
        let judged = |(place, evidence): (Place, Vec<_>)| {
            // Located places are in zones that the data knows.
            let local_time = self.zones.get(&place.zone).ok()?.local_time(at);
            Some(JudgedPlace {
                jurisdiction: place.jurisdiction,
                zone: place.zone,
                local_time,
                evidence,
            })
        };
        places.into_iter().filter_map(judged).collect()
    }

    /// Says that a shipped rule or cap which governs was relaxed by the user, while the relaxation lasts.
    fn note_relaxations(&self, groups: &[Group<'_>], attempt: &CallAttempt, findings: &mut Vec<Finding>) {
        for relaxation in self.rulebook.relaxations() {
            let governs = |group: &Group<'_>| {
                let mut rules = group.rules.iter();
                rules.any(|bound| bound.rule.id == relaxation.relaxes)
                    || group.jurisdictions.iter().any(|place| {
                        self.rulebook
                            .governing_caps(place, attempt.purpose, attempt.channel)
                            .any(|cap| cap.id == relaxation.relaxes)
                    })
            };
            let lasts_for = |group: &Group<'_>| {
                group.zone.local_time(attempt.at).date() < relaxation.expires && governs(group)
            };
            if groups.iter().any(lasts_for) {
                findings.push(notes(
                    FindingCode::RuleRelaxed,
                    format!(
                        "{} is relaxed until {} by {}: {}",
                        relaxation.relaxes, relaxation.expires, relaxation.author, relaxation.reason
                    ),
                ));
            }
        }
    }

    fn note_age(&self, at: Instant, findings: &mut Vec<Finding>) {
        let today = LocalDate::of_local_seconds(at.unix());
        let age = |since: LocalDate| today.days() - since.days();
        let reviewed = self.rulebook.reviewed_on();
        if age(reviewed) > RULEBOOK_AGE_LIMIT_DAYS && matches!(self.settings.hours, Hours::Law { .. }) {
            findings.push(notes(
                FindingCode::RulebookStale,
                format!(
                    "the rulebook was last reviewed on {reviewed}, {} days before the attempt; update Curfew",
                    age(reviewed)
                ),
            ));
        }
        if let Some(released) = self
            .zones
            .released_on()
            .filter(|released| age(*released) > TZDB_AGE_LIMIT_DAYS)
        {
            findings.push(notes(
                FindingCode::TzdbStale,
                format!(
                    "time zone data {} is of {released}, {} days before the attempt; update Curfew or give newer data with --tzdata",
                    self.zones.version(),
                    age(released)
                ),
            ));
        }
    }
}

/// Until when, or from when on; where there is no answer, the finding that says why.
fn horizon(
    permitted: bool,
    resolved: bool,
    outlook: &Outlook,
    findings: &mut Vec<Finding>,
) -> (Option<Instant>, Option<Instant>) {
    let beyond = |what: &str| {
        notes(
            FindingCode::BeyondHorizon,
            format!("calling does not {what} within {LOOK_AHEAD_DAYS} days, which is as far as Curfew looks"),
        )
    };
    let needs_history = |finding: &Finding| {
        finding.code == FindingCode::CapNotEvaluated && finding.effect == Effect::Prohibits
    };
    if findings.iter().any(needs_history) {
        let message = "when calling opens can be told once `attempts` are given".to_owned();
        findings.push(notes(FindingCode::FactsNeeded, message));
        return (None, None);
    }
    match (permitted, resolved, outlook) {
        (true, _, Outlook::Open { until: Some(until) }) => (Some(*until), None),
        (true, _, Outlook::Open { until: None }) => {
            findings.push(beyond("close"));
            (None, None)
        }
        (false, true, Outlook::Closed { next: Some(next) }) => (None, Some(*next)),
        (false, true, Outlook::Closed { next: None }) => {
            let lacks_facts = findings
                .iter()
                .any(|finding| finding.code == FindingCode::RequirementNotMet);
            findings.push(if lacks_facts {
                let message = "calling opens once the fact that the law demands is given";
                notes(FindingCode::FactsNeeded, message.to_owned())
            } else {
                let message =
                    format!("hours, caps and do-not-call entries together leave no time open within {LOOK_AHEAD_DAYS} days");
                notes(FindingCode::NeverOpens, message)
            });
            (None, None)
        }
        (_, false, _) => {
            findings.push(notes(
                FindingCode::FactsNeeded,
                "when calling opens can be told once the facts above are supplied".to_owned(),
            ));
            (None, None)
        }
        // The evaluators disagree: no time can be trusted.
        (true, true, Outlook::Closed { .. }) | (false, true, Outlook::Open { .. }) => (None, None),
    }
}
