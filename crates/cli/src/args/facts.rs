//! Facts about the callee on the command line; the names in NDJSON (`docs/check-input.md`) are known as well.

use clap::Args;
use core_compliance::{
    AttemptOutcome, BusinessRelationship, CallAttempt, CalleeKind, CallerKind, Consent, Instant,
    InstantError, PastAttempt, UnknownWord,
};

/// What is known of the callee beside the place. What is not given is not known, and grants nothing.
#[derive(Args, Debug, Default)]
pub(crate) struct FactsArgs {
    /// The callee's consent, express or express-written, with the time since when if it is known
    #[arg(long, value_name = "LEVEL[@TIME]", help_heading = "Facts")]
    pub(crate) consent: Option<String>,
    /// When the callee took the consent back
    #[arg(long, value_name = "TIME", requires = "consent", help_heading = "Facts")]
    pub(crate) consent_revoked: Option<String>,
    /// What ties callee and caller: inquiry, transaction, contract-in-progress, with the time of the last one
    #[arg(
        long,
        alias = "business-relationship",
        value_name = "KIND[@TIME]",
        help_heading = "Facts"
    )]
    pub(crate) relationship: Option<String>,
    /// An attempt already made, and how it ended: conversation, refusal, no-answer, abandoned, voicemail; repeatable
    #[arg(long = "attempt", value_name = "TIME[=OUTCOME]", help_heading = "Facts")]
    pub(crate) attempts: Vec<String>,
    /// No attempt was made yet; without this and --attempt the history is not known, and caps are not evaluated
    #[arg(long, conflicts_with = "attempts", help_heading = "Facts")]
    pub(crate) no_attempts: bool,
    /// Who is called: consumer, business
    #[arg(long, alias = "callee-kind", value_name = "KIND", value_parser = word::<CalleeKind>, help_heading = "Facts")]
    pub(crate) callee: Option<CalleeKind>,
    /// Who calls: commercial, nonprofit, political
    #[arg(long, alias = "caller-kind", value_name = "KIND", value_parser = word::<CallerKind>, help_heading = "Facts")]
    pub(crate) caller: Option<CallerKind>,
}

fn word<W: core::str::FromStr<Err = UnknownWord>>(text: &str) -> Result<W, UnknownWord> {
    text.parse()
}

impl FactsArgs {
    /// Puts the facts into an attempt whose instant is known. The error names the flag.
    pub(crate) fn put_into(&self, attempt: &mut CallAttempt, assume_utc: bool) -> Result<(), String> {
        let time = |text: &str| read_time(text, assume_utc);
        if let Some(text) = &self.consent {
            let (level, given_at) = with_time(text, &time).map_err(named("--consent"))?;
            let level = level.parse().map_err(named("--consent"))?;
            let revoked = self.consent_revoked.as_deref().map(time).transpose();
            attempt.consent = Some(Consent {
                level,
                given_at,
                revoked_at: revoked.map_err(named("--consent-revoked"))?,
            });
        }
        if let Some(text) = &self.relationship {
            let (kind, last_at) = with_time(text, &time).map_err(named("--relationship"))?;
            let kind = kind.parse().map_err(named("--relationship"))?;
            attempt.business_relationship = Some(BusinessRelationship { kind, last_at });
        }
        let planned = attempt.at;
        let past = |text: &String| past_attempt(text, planned, &time).map_err(named("--attempt"));
        let history = self.attempts.iter().map(past).collect::<Result<Vec<_>, _>>()?;
        attempt.history = (self.no_attempts || !history.is_empty()).then_some(history);
        attempt.callee_kind = self.callee;
        attempt.caller_kind = self.caller;
        Ok(())
    }
}

fn named<E: core::fmt::Display>(flag: &'static str) -> impl Fn(E) -> String {
    move |error| format!("{flag}: {error}")
}

fn read_time(text: &str, assume_utc: bool) -> Result<Instant, InstantError> {
    if assume_utc {
        Instant::parse_assuming_utc(text)
    } else {
        text.parse()
    }
}

/// A word, and the time after `@` if there is one.
fn with_time<'t>(
    text: &'t str,
    time: &impl Fn(&str) -> Result<Instant, InstantError>,
) -> Result<(&'t str, Option<Instant>), InstantError> {
    match text.split_once('@') {
        Some((word, at)) => Ok((word, Some(time(at)?))),
        None => Ok((text, None)),
    }
}

fn past_attempt(
    text: &str,
    planned: Instant,
    time: &impl Fn(&str) -> Result<Instant, InstantError>,
) -> Result<PastAttempt, String> {
    let (at, outcome) = match text.split_once('=') {
        Some((at, outcome)) => (at, Some(outcome)),
        None => (text, None),
    };
    let at = time(at).map_err(|error| error.to_string())?;
    if at > planned {
        return Err(format!(
            "{at} is later than the planned time {planned}; only attempts already made count"
        ));
    }
    let outcome: Option<AttemptOutcome> = outcome
        .map(str::parse)
        .transpose()
        .map_err(|error: UnknownWord| error.to_string())?;
    Ok(PastAttempt {
        at,
        outcome,
        matter: None,
    })
}
