//! Caps: what the history blocks, and what is to be said about it.

use std::sync::Arc;

use crate::attempt::{CallAttempt, PastAttempt};
use crate::cap::{Block, Cap};
use crate::determination::{Effect, Finding, FindingCode};
use crate::locate::{notes, prohibits};
use crate::rule::RuleStatus;
use crate::settings::{Hours, UnverifiedRules};
use crate::timetable::{Opening, Timetable};
use crate::window::CallingWindow;
use crate::zone::Zone;

use super::Gate;
use super::bind::{Group, Range};

/// What caps leave open, and the findings.
pub(super) struct CapReadings {
    /// One for each cap and clock that blocks anything.
    pub(super) open: Vec<Arc<Timetable>>,
    pub(super) findings: Vec<Finding>,
}

impl Gate {
    /// Holds the attempt's history against every cap of every place.
    pub(super) fn read_caps(&self, groups: &[Group<'_>], attempt: &CallAttempt, range: Range) -> CapReadings {
        let mut readings = CapReadings {
            open: Vec::new(),
            findings: Vec::new(),
        };
        if matches!(self.settings.hours, Hours::CallingHours(_)) {
            return readings;
        }
        let mut seen: Vec<(&str, &str)> = Vec::new();
        let mut not_evaluated: Vec<&Cap> = Vec::new();
        for group in groups {
            for jurisdiction in &group.jurisdictions {
                for cap in self
                    .rulebook
                    .governing_caps(jurisdiction, attempt.purpose, attempt.channel)
                {
                    let key = (cap.id.as_str(), group.zone.name());
                    if seen.contains(&key) {
                        continue;
                    }
                    seen.push(key);
                    match &attempt.history {
                        None if cap.in_force_on(group.zone.local_time(attempt.at).date()) => {
                            not_evaluated.push(cap)
                        }
                        None => {}
                        Some(history) => {
                            self.read_cap(cap, history, group.zone, attempt, range, &mut readings)
                        }
                    }
                }
            }
        }
        not_evaluated.retain(|cap| self.cap_decides(cap));
        not_evaluated.sort_by(|one, two| one.id.cmp(&two.id));
        not_evaluated.dedup_by(|one, two| one.id == two.id);
        if !not_evaluated.is_empty() {
            let ids: Vec<_> = not_evaluated.iter().map(|cap| cap.id.as_str()).collect();
            let message = format!(
                "how often the callee was called is not known, so these caps were not evaluated: {}; give `attempts`",
                ids.join(", ")
            );
            let found = if self.settings.require_history {
                prohibits
            } else {
                notes
            };
            readings
                .findings
                .push(found(FindingCode::CapNotEvaluated, message));
        }
        readings
    }

    fn cap_decides(&self, cap: &Cap) -> bool {
        cap.status != RuleStatus::Unverified || self.settings.unverified == UnverifiedRules::Decide
    }

    fn read_cap(
        &self,
        cap: &Cap,
        history: &[PastAttempt],
        zone: &Zone,
        attempt: &CallAttempt,
        range: Range,
        readings: &mut CapReadings,
    ) {
        let none = Timetable::new(range.from, range.until, []);
        let exempt = cap.unless.iter().fold(none, |all, condition| {
            all.union(&condition.met_by(attempt, zone, range.from, range.until))
        });
        let blocks = cap.blocks(history, zone);
        let stretches = blocks.iter().map(|block| block.blocked);
        let in_force = Timetable::of_windows(zone, range.from, range.until, |date| {
            if cap.in_force_on(date) {
                CallingWindow::WHOLE_DAY_LIST
            } else {
                &[]
            }
        });
        let blocked = Timetable::new(range.from, range.until, stretches)
            .intersect(&in_force)
            .minus(&exempt);
        let at = attempt.at.unix();
        let holding = blocks
            .iter()
            .find(|block| holds(block.blocked, at))
            .filter(|_| blocked.permits(at));
        // A cap that comes into force later delays an opening, and has nothing to say of today.
        if cap.in_force_on(zone.local_time(attempt.at).date()) {
            readings
                .findings
                .extend(self.cap_finding(cap, holding, history.len()));
        }
        if self.cap_decides(cap) && !blocked.openings().is_empty() {
            readings
                .open
                .push(Arc::new(blocked.complement(range.from, range.until)));
        }
    }

    fn cap_finding(&self, cap: &Cap, holding: Option<&Block>, known: usize) -> Option<Finding> {
        let name = self.gazetteer.name(&cap.jurisdiction);
        let citation = Some(cap.provenance.citation.clone()).filter(|citation| !citation.is_empty());
        let cited = citation
            .as_ref()
            .map_or(String::new(), |citation| format!(" ({citation})"));
        let (code, effect, message) = match holding {
            Some(block) => {
                let times: Vec<_> = block
                    .attempts
                    .iter()
                    .map(|attempt| attempt.at.to_string())
                    .collect();
                let counted = times.join(", ");
                let effect = if self.cap_decides(cap) {
                    Effect::Prohibits
                } else {
                    Effect::Notes
                };
                let code = if self.cap_decides(cap) {
                    FindingCode::CapReached
                } else {
                    FindingCode::UnverifiedRuleWouldProhibit
                };
                (
                    code,
                    effect,
                    format!("{name} allows {}; counted: {counted}{cited}", block.why),
                )
            }
            None if self.cap_decides(cap) => {
                let limits: Vec<_> = cap
                    .limits
                    .iter()
                    .map(|limit| format!("{} in {}", limit.max, limit.period))
                    .collect();
                let limits = if limits.is_empty() {
                    "calls after a pause".to_owned()
                } else {
                    limits.join(" and ")
                };
                (
                    FindingCode::WithinCap,
                    Effect::Permits,
                    format!("{name} allows {limits}; {known} known{cited}"),
                )
            }
            None => return None,
        };
        Some(Finding {
            code,
            effect,
            rule: Some(cap.id.clone()),
            status: Some(cap.status),
            jurisdiction: Some(cap.jurisdiction.clone()),
            citation,
            message,
        })
    }
}

fn holds(opening: Opening, at: i64) -> bool {
    opening.open <= at && at < opening.close
}
