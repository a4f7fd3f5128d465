//! One row of the rulebook, whatever it is: its fields by the names of docs/rulebook-format.md.

use core_compliance::{
    Cap, Confidence, Jurisdiction, LocalDate, Period, Provenance, Provision, Rule, RuleClock, RuleOrigin,
    RuleStatus, Rulebook, WithoutRules,
};
use serde_json::{Map, Value, json};

use super::words;

/// A rule, a cap, or a jurisdiction without rules of its own.
#[derive(Clone, Copy, Debug)]
pub(super) enum Entry<'r> {
    Rule(&'r Rule),
    Cap(&'r Cap),
    Nothing(&'r WithoutRules),
}

/// The value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Text(String),
    List(Vec<String>),
}

impl Content {
    /// Its parts; a text is one.
    pub(super) fn parts(&self) -> &[String] {
        match self {
            Self::Text(text) => std::slice::from_ref(text),
            Self::List(parts) => parts,
        }
    }

    pub(super) fn json(&self) -> Value {
        match self {
            Self::Text(text) => json!(text),
            Self::List(parts) => json!(parts),
        }
    }
}

/// A field's name and value.
pub(super) type Field = (&'static str, Content);

/// Everything in a rulebook, by jurisdiction, rules before caps.
pub(super) fn entries(book: &Rulebook) -> Vec<Entry<'_>> {
    let rules = book.rules().iter().map(Entry::Rule);
    let caps = book.caps().iter().map(Entry::Cap);
    let nothing = book.without_rules().iter().map(Entry::Nothing);
    let mut all: Vec<_> = rules.chain(caps).chain(nothing).collect();
    // Stable: rules before caps before the rest, and each in order of id.
    all.sort_by(|one, two| one.jurisdiction().cmp(two.jurisdiction()));
    all
}

impl<'r> Entry<'r> {
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Rule(_) => "rule",
            Self::Cap(_) => "cap",
            Self::Nothing(_) => "no-rule",
        }
    }

    /// The id; that of a jurisdiction without rules is its code.
    pub(super) fn id(self) -> &'r str {
        match self {
            Self::Rule(rule) => &rule.id,
            Self::Cap(cap) => &cap.id,
            Self::Nothing(nothing) => nothing.jurisdiction.as_str(),
        }
    }

    pub(super) fn jurisdiction(self) -> &'r Jurisdiction {
        match self {
            Self::Rule(rule) => &rule.jurisdiction,
            Self::Cap(cap) => &cap.jurisdiction,
            Self::Nothing(nothing) => &nothing.jurisdiction,
        }
    }

    pub(super) fn provenance(self) -> &'r Provenance {
        match self {
            Self::Rule(rule) => &rule.provenance,
            Self::Cap(cap) => &cap.provenance,
            Self::Nothing(nothing) => &nothing.provenance,
        }
    }

    pub(super) fn status(self) -> Option<RuleStatus> {
        match self {
            Self::Rule(rule) => Some(rule.status),
            Self::Cap(cap) => Some(cap.status),
            Self::Nothing(_) => None,
        }
    }

    /// The status in words; a jurisdiction that was looked at and has no rules of its own has none.
    pub(super) fn status_in_words(self) -> &'static str {
        self.status().map_or("none", RuleStatus::as_str)
    }

    pub(super) fn confidence(self) -> Option<Confidence> {
        self.provenance().confidence
    }

    pub(super) fn is_own(self) -> bool {
        match self {
            Self::Rule(rule) => rule.origin == RuleOrigin::Overlay,
            Self::Cap(cap) => cap.origin == RuleOrigin::Overlay,
            Self::Nothing(_) => false,
        }
    }

    /// Whether a relaxation replaces this rule, or is what replaces it.
    pub(super) fn is_relaxed(self, book: &Rulebook) -> bool {
        let of = |id: &str| self.id() == id || self.id().strip_suffix("~relaxed") == Some(id);
        book.relaxations().iter().any(|each| of(&each.relaxes))
    }

    /// First local date in force, and first no longer.
    pub(super) fn dates(self) -> (Option<LocalDate>, Option<LocalDate>) {
        match self {
            Self::Rule(rule) => (rule.effective_from, rule.effective_until),
            Self::Cap(cap) => (cap.effective_from, cap.effective_until),
            Self::Nothing(_) => (None, None),
        }
    }

    pub(super) fn in_force_on(self, date: LocalDate) -> bool {
        let (from, until) = self.dates();
        from.is_none_or(|from| from <= date) && until.is_none_or(|until| date < until)
    }

    /// What it says, in one line.
    pub(super) fn short(self) -> String {
        match self {
            Self::Rule(rule) => match &rule.provision {
                Provision::Hours(hours) if hours.holidays.is_empty() => compact(&hours.week.to_string()),
                Provision::Hours(hours) => format!("{}; holidays", compact(&hours.week.to_string())),
                Provision::Requires(conditions) => {
                    let needs: Vec<_> = conditions.iter().map(ToString::to_string).collect();
                    format!("requires {}", needs.join(", or "))
                }
                _ => String::new(),
            },
            Self::Cap(cap) => {
                let limits = cap.limits.iter().map(|limit| {
                    let (count, unit) = match limit.period {
                        Period::Hours(hours) => (hours, "h"),
                        Period::Days(days) => (days, "d"),
                        Period::Weeks(weeks) => (weeks, "week"),
                        Period::Months(months) => (months, "month"),
                        other => return format!("{} in {other}", limit.max),
                    };
                    format!("{} in {count} {unit}", limit.max)
                });
                let cooldowns = cap
                    .cooldowns
                    .iter()
                    .map(|each| format!("rest after {}", each.after));
                format!("cap: {}", limits.chain(cooldowns).collect::<Vec<_>>().join(", "))
            }
            Self::Nothing(_) => "no hours of its own".to_owned(),
        }
    }

    /// The fields that it has, in the order of the format, in the words of the files where those are short.
    pub(super) fn fields(self) -> Vec<Field> {
        let mut fields = Fields::default();
        let provenance = self.provenance();
        fields.text("jurisdiction", self.jurisdiction());
        fields.filled("title", &provenance.title);
        let (purposes, channels, unless) = match self {
            Self::Rule(rule) => (&rule.purposes[..], &rule.channels[..], &rule.unless[..]),
            Self::Cap(cap) => (&cap.purposes[..], &cap.channels[..], &cap.unless[..]),
            Self::Nothing(_) => Default::default(),
        };
        fields.list("purposes", purposes.iter().map(ToString::to_string));
        fields.list("channels", channels.iter().map(ToString::to_string));
        match self {
            Self::Rule(rule) => rule_fields(rule, &mut fields),
            Self::Cap(cap) => {
                fields.list("limits", cap.limits.iter().map(|each| words::limit(*each)));
                fields.list(
                    "cooldowns",
                    cap.cooldowns.iter().map(|each| words::cooldown(*each)),
                );
                if !cap.limits.is_empty() {
                    fields.text("counts", words::counting(cap.counts, cap.per_matter));
                }
            }
            Self::Nothing(_) => {}
        }
        fields.list("unless", unless.iter().map(words::condition));
        let (from, until) = self.dates();
        fields.maybe("effective_from", from);
        fields.maybe("effective_until", until);
        fields.text("status", self.status_in_words());
        fields.maybe("confidence", provenance.confidence);
        fields.filled("citation", &provenance.citation);
        fields.filled("text", &provenance.text);
        fields.list("source", provenance.source.iter().cloned());
        fields.list("open", provenance.open.iter().cloned());
        fields.filled("note", &provenance.note);
        fields.0
    }

    pub(super) fn json(self, book: &Rulebook) -> Value {
        let mut object = Map::new();
        object.insert("id".to_owned(), json!(self.id()));
        object.insert("kind".to_owned(), json!(self.kind()));
        let origin = if self.is_own() { "overlay" } else { "rulebook" };
        object.insert("origin".to_owned(), json!(origin));
        object.insert("relaxed".to_owned(), json!(self.is_relaxed(book)));
        for (name, content) in self.fields() {
            object.insert(name.to_owned(), content.json());
        }
        Value::Object(object)
    }
}

/// Hours without the minutes that are none: `mon-fri 09-20:30`.
fn compact(hours: &str) -> String {
    // Seconds are shown only where there are some: `09:00:01` stays.
    let kept = hours.replace(":00:", "\u{0}");
    kept.replace(":00", "").replace('\u{0}', ":00:")
}

fn rule_fields(rule: &Rule, fields: &mut Fields) {
    match &rule.provision {
        Provision::Hours(hours) => {
            fields.text("hours", &hours.week);
            if hours.start_excluded {
                fields.text("start_excluded", "true");
            }
            if hours.clock != RuleClock::Callee {
                fields.text("clock", words::clock(hours.clock));
            }
            fields.list("holidays", hours.holidays.iter().map(words::effect));
        }
        Provision::Requires(conditions) if conditions.is_empty() => {
            fields.text("requires", "what cannot be: a ban")
        }
        Provision::Requires(conditions) => fields.list("requires", conditions.iter().map(words::condition)),
        other => fields.text("provision", format!("{other:?}")),
    }
}

/// Fields as they are gathered; empty ones are left out.
#[derive(Debug, Default)]
pub(super) struct Fields(pub(super) Vec<Field>);

impl Fields {
    pub(super) fn text(&mut self, name: &'static str, value: impl ToString) {
        self.0.push((name, Content::Text(value.to_string())));
    }

    pub(super) fn filled(&mut self, name: &'static str, value: &str) {
        // Texts of several lines are joined: they are read in a terminal or a table.
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        if !value.is_empty() {
            self.text(name, value);
        }
    }

    pub(super) fn maybe(&mut self, name: &'static str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.text(name, value);
        }
    }

    pub(super) fn list(&mut self, name: &'static str, values: impl Iterator<Item = String>) {
        let values: Vec<_> = values.collect();
        if !values.is_empty() {
            self.0.push((name, Content::List(values)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_in_short_are_no_other_hours() {
        assert_eq!(
            compact("mon-fri 09:00-20:30; sat 10:00-18:00"),
            "mon-fri 09-20:30; sat 10-18"
        );
        assert_eq!(compact("09:00:01-21:00"), "09:00:01-21");
    }
}
