//! Faults by name and schedule: `503:every=10`, `429:retry-after=date,first=5`, `hang=60s:id=C-0000007`.

mod kind;

use std::fmt;
use std::str::FromStr;

pub use kind::{BodyForm, FaultKind};

use crate::endpoint::Endpoints;
use crate::schedule::Schedule;
use crate::setting::{SettingError, positive, take_apart};

const KEYS: &[&str] = &[
    "every",
    "first",
    "nth",
    "after",
    "p",
    "times",
    "per-contact",
    "id",
    "on",
];

/// Every fault and key in words, for the command line's help.
pub const FAULT_HELP: &str = "\
A fault is NAME[=VALUE][:key=value,...]; give several, and the first that is due takes the request.

Names:
  300 to 599            this status, e.g. 503; 503-html, 503-empty: with such a body
  revoked-token         every token issued so far stops working
  short-token[=1s]      a token that lives this long only
  reset-before          connection reset, nothing stored
  reset-after           connection reset, upsert stored
  truncated             connection closed in the middle of the answer, upsert stored
  cut-json              answer complete but half its JSON, upsert stored
  html                  200 with an HTML page, nothing stored
  empty                 200 with nothing, upsert stored
  hang[=60s]            no answer, ever or until the connection is closed; nothing stored
  slow[=2s]             the answer comes this much later
  duplicate             a page begins with the last contact of the page before
  looping               nextPageToken leads back to the same page
  null-page             entities is null, nextPageToken leads on
  empty-page            entities is empty, nextPageToken leads on
  no-token              nextPageToken is left out where it would be null
  expired-cursor[=410]  page tokens issued so far stop working, answered 410 or 400; listing anew works

When, all that are given together (always, if none is):
  every=N  first=N  nth=N  after=N (from the N-th on)  p=0.05  times=N (at most)
  per-contact=N (the first N sends of each contact)  id=C-0000007 (this contact only)
  on=token|list|upsert|contacts|any, joined by + (default: list+upsert where it makes sense)

What, for some:
  retry-after=seconds|fraction|date|garbage|none|NUMBER   of a status; NUMBER is sent as it stands
  stores=true|false     whether a status, html, empty or hang stores the upsert all the same
  back=N                of looping: N pages back";

/// A fault with its schedule: `NAME[=VALUE][:key=value,…]`, as [`FAULT_HELP`] tells.
///
/// It is shown, and counts, the requests that it could strike: to its endpoints (and about its contact), admitted by
/// the quota and the bearer check, and not taken by a fault given before it. `503:every=10` thus strikes each tenth of
/// those. Given together, `500:per-contact=31` and `429:per-contact=5` fail a contact 31 times, then 5 times.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    text: String,
    name: String,
    pub(crate) kind: FaultKind,
    pub(crate) endpoints: Endpoints,
    /// Only requests for this contact.
    pub(crate) id: Option<String>,
    pub(crate) schedule: Schedule,
    stores: bool,
}

impl Fault {
    /// The name under which the statistics count it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What goes wrong.
    #[must_use]
    pub fn kind(&self) -> &FaultKind {
        &self.kind
    }

    /// Whether a valid upsert that it strikes is stored all the same.
    #[must_use]
    pub fn stores(&self) -> bool {
        self.stores
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for Fault {
    type Err = SettingError;

    fn from_str(text: &str) -> Result<Self, SettingError> {
        let parts = take_apart(text)?;
        let kind = FaultKind::read(parts.name, parts.value)?;
        let mut fault = Self {
            text: text.to_owned(),
            name: parts.name.to_owned(),
            endpoints: kind.default_endpoints(),
            id: None,
            schedule: Schedule::default(),
            stores: kind.stores_by_default(),
            kind,
        };
        let mut endpoints_given = None;
        for (key, value) in parts.options {
            match key {
                "every" => fault.schedule.every = Some(positive(value)?),
                "first" => fault.schedule.first = Some(positive(value)?),
                "nth" => fault.schedule.nth = Some(positive(value)?),
                "after" => fault.schedule.after = Some(positive(value)?),
                "times" => fault.schedule.times = Some(positive(value)?),
                "per-contact" => fault.schedule.per_contact = Some(positive(value)?),
                "p" => fault.schedule.p = Some(probability(value)?),
                "id" => fault.id = Some(value.to_owned()),
                "on" => endpoints_given = Some(value),
                _ => fault.set_own_key(key, value)?,
            }
        }
        if fault.id.is_some() || fault.schedule.per_contact.is_some() {
            fault.endpoints = fault.endpoints.both(Endpoints::UPSERT);
        }
        if let Some(given) = endpoints_given {
            fault.endpoints = given.parse::<Endpoints>()?.both(possible_endpoints(&fault));
        }
        if fault.endpoints.is_none() {
            let name = &fault.name;
            return Err(SettingError::value(
                text,
                format!(
                    "possible: no request that it selects can suffer `{name}`; {}",
                    possible_endpoints(&fault)
                ),
            ));
        }
        Ok(fault)
    }
}

impl Fault {
    /// Sets a key that only some faults have.
    fn set_own_key(&mut self, key: &str, value: &str) -> Result<(), SettingError> {
        match (key, &mut self.kind) {
            ("retry-after", FaultKind::Status { retry_after, .. }) => *retry_after = value.parse()?,
            ("back", FaultKind::Looping { back }) => {
                *back = u32::try_from(positive(value)?)
                    .map_err(|_| SettingError::value(value, "a number of pages that fits 32 bits"))?;
            }
            (
                "stores",
                FaultKind::Status { .. } | FaultKind::Html | FaultKind::Empty | FaultKind::Hang(_),
            ) => {
                self.stores = value
                    .parse()
                    .map_err(|_| SettingError::value(value, "`true` or `false`"))?;
            }
            _ => {
                let own: &[&str] = match &self.kind {
                    FaultKind::Status { .. } => &["retry-after", "stores"],
                    FaultKind::Html | FaultKind::Empty | FaultKind::Hang(_) => &["stores"],
                    FaultKind::Looping { .. } => &["back"],
                    _ => &[],
                };
                return Err(SettingError::UnknownKey {
                    key: key.to_owned(),
                    name: self.name.clone(),
                    valid: [KEYS, own].concat().join(", "),
                });
            }
        }
        Ok(())
    }
}

fn probability(text: &str) -> Result<f64, SettingError> {
    match text.parse::<f64>() {
        Ok(p) if (0.0..=1.0).contains(&p) => Ok(p),
        _ => Err(SettingError::value(text, "a probability; write it as `0.05`")),
    }
}

/// The endpoints at which a fault can strike at all.
fn possible_endpoints(fault: &Fault) -> Endpoints {
    let by_kind = match &fault.kind {
        FaultKind::RevokedToken => Endpoints::CONTACTS,
        kind => match kind.default_endpoints() {
            Endpoints::CONTACTS | Endpoints::UPSERT => Endpoints::ALL,
            only => only,
        },
    };
    let about_a_contact = fault.id.is_some() || fault.schedule.per_contact.is_some();
    if about_a_contact {
        by_kind.both(Endpoints::UPSERT)
    } else {
        by_kind
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::StatusCode;

    use super::kind::NAMES;
    use super::*;
    use crate::retry_after::RetryAfter;

    fn fault(text: &str) -> Fault {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn message(text: &str) -> String {
        text.parse::<Fault>().unwrap_err().to_string()
    }

    #[test]
    fn every_name_is_read_and_prints_as_given() {
        for name in NAMES {
            assert_eq!(
                (fault(name).name(), fault(name).to_string().as_str()),
                (*name, *name)
            );
        }
        for status in [
            400, 401, 403, 404, 408, 409, 410, 413, 422, 429, 500, 502, 503, 504, 302,
        ] {
            for (suffix, form) in [
                ("", BodyForm::Json),
                ("-html", BodyForm::Html),
                ("-empty", BodyForm::Empty),
            ] {
                let read = fault(&format!("{status}{suffix}"));
                let FaultKind::Status { code, body, .. } = read.kind else {
                    panic!("{status}")
                };
                assert_eq!((code.as_u16(), body), (status, form));
            }
        }
    }

    #[test]
    fn the_help_tells_every_name_and_key() {
        let own = ["retry-after", "stores", "back"];
        for word in NAMES.iter().chain(KEYS).chain(&own) {
            assert!(FAULT_HELP.contains(&format!("  {word}")), "{word}");
        }
        assert!(FAULT_HELP.lines().all(|line| line.len() <= 110));
    }

    #[test]
    fn schedules_and_own_keys_are_read() {
        let read =
            fault("503:every=10,first=9,nth=8,after=7,p=0.05,times=6,id=C-0000007,per-contact=5,on=upsert");
        let schedule = Schedule {
            every: Some(10),
            first: Some(9),
            nth: Some(8),
            after: Some(7),
            p: Some(0.05),
            per_contact: Some(5),
            times: Some(6),
        };
        assert_eq!((read.schedule, read.id.as_deref()), (schedule, Some("C-0000007")));
        for (form, expected) in [("none", RetryAfter::Omitted), ("date", RetryAfter::Date)] {
            let read = fault(&format!("429:retry-after={form}"));
            assert!(
                matches!(read.kind, FaultKind::Status { retry_after, .. } if retry_after == expected),
                "{form}"
            );
        }
        assert_eq!(
            fault("hang=60s").kind,
            FaultKind::Hang(Some(Duration::from_secs(60)))
        );
        assert_eq!(
            fault("slow=2s:every=3").kind,
            FaultKind::Slow(Duration::from_secs(2))
        );
        assert_eq!(fault("looping:back=2").kind, FaultKind::Looping { back: 2 });
        assert_eq!(
            fault("expired-cursor=400").kind,
            FaultKind::ExpiredCursor(StatusCode::BAD_REQUEST)
        );
    }

    #[test]
    fn endpoints_follow_from_the_fault_and_can_be_narrowed() {
        for (text, endpoints) in [
            ("503", Endpoints::CONTACTS),
            ("503:on=token", Endpoints::TOKEN),
            ("503:on=any", Endpoints::ALL),
            ("503:on=token+list", Endpoints::TOKEN.with(Endpoints::LIST)),
            ("409", Endpoints::UPSERT),
            ("503:id=C-0000007", Endpoints::UPSERT),
            ("short-token=3s", Endpoints::TOKEN),
            ("looping", Endpoints::LIST),
        ] {
            assert_eq!(fault(text).endpoints, endpoints, "{text}");
        }
        for text in [
            "looping:on=upsert",
            "short-token:on=list",
            "503:id=C-0000007,on=list",
            "looping:per-contact=1",
        ] {
            assert!(
                message(text).contains("no request that it selects can suffer"),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_stored_is_known_beforehand() {
        for name in [
            "reset-after",
            "truncated",
            "cut-json",
            "empty",
            "slow",
            "504:stores=true",
            "hang:stores=true",
        ] {
            assert!(fault(name).stores(), "{name}");
        }
        for name in ["500", "reset-before", "html", "hang", "empty:stores=false"] {
            assert!(!fault(name).stores(), "{name}");
        }
    }

    #[test]
    fn wrong_faults_say_what_is_right() {
        for text in ["resett", "200", "600", "503-xml", ""] {
            let message = message(text);
            assert!(
                message.starts_with(&format!("unknown fault `{text}`; valid: a status from 300")),
                "{message}"
            );
            assert!(
                message.contains("revoked-token, ") && message.ends_with("expired-cursor"),
                "{message}"
            );
        }
        assert_eq!(
            message("503:evry=10"),
            "unknown key `evry` for `503`; valid: every, first, nth, after, p, times, per-contact, id, on, \
             retry-after, stores"
        );
        assert!(message("reset-after:stores=false").starts_with("unknown key `stores` for `reset-after`"));
        assert_eq!(message("503:every=0"), "`0` is not a whole number from 1 up");
        assert_eq!(message("503:p=2"), "`2` is not a probability; write it as `0.05`");
        assert!(message("429:retry-after=later").contains("`garbage`"));
        assert!(message("503=2s").contains("takes no value"));
        assert!(message("503:on=page").contains("unknown endpoint `page`"));
    }
}
