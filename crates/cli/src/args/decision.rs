//! Options that decisions depend on, shared by several commands.

use clap::Args;
use core_compliance::{Evidence, Place};

/// Between the files of a setting that may name several, as in `PATH`.
const LIST_SEPARATOR: &str = ":";

/// Options that change what is decided; each is also a setting.
#[derive(Args, Debug, Default)]
pub(crate) struct DecisionArgs {
    /// Why the call is made: sales, sales_automated, fundraising, research, collections, informational
    #[arg(long, value_name = "PURPOSE", help_heading = "Decision options")]
    pub(crate) purpose: Option<String>,
    /// By what: voice, text, email
    #[arg(long, value_name = "CHANNEL", help_heading = "Decision options")]
    pub(crate) channel: Option<String>,
    /// With several candidate places: every-candidate, prefer-address
    #[arg(long, value_name = "POLICY", help_heading = "Decision options")]
    pub(crate) policy: Option<String>,
    /// Margin by which every window is shrunk at both ends, such as 5m
    #[arg(long, value_name = "DURATION", help_heading = "Decision options")]
    pub(crate) guard: Option<String>,
    /// How long the call lasts, such as 10m: the whole span must be permitted
    #[arg(long = "for", value_name = "DURATION", help_heading = "Decision options")]
    pub(crate) call_length: Option<String>,
    /// Set the law aside and use these hours alone, such as 08:00-21:00
    #[arg(long, value_name = "HOURS", help_heading = "Decision options")]
    pub(crate) calling_hours: Option<String>,
    /// Which region codes are known: iso, or tutorial for its ten alone
    #[arg(long, value_name = "SCHEME", help_heading = "Decision options")]
    pub(crate) regions: Option<String>,
    /// File with further [[rule]] tables; they can only tighten
    #[arg(long, value_name = "FILE", help_heading = "Decision options")]
    pub(crate) rules: Option<String>,
    /// Folder with newer compiled zone data
    #[arg(long, value_name = "DIR", help_heading = "Decision options")]
    pub(crate) tzdata: Option<String>,
    /// Do-not-call list: a number a line, or CSV with phone,expires,reason; repeatable
    #[arg(long, value_name = "FILE", help_heading = "Decision options")]
    pub(crate) suppress: Vec<String>,
    /// Take times without an offset as UTC
    #[arg(long, help_heading = "Decision options")]
    pub(crate) assume_utc: bool,
}

impl DecisionArgs {
    /// The options given, by name of setting.
    pub(crate) fn flags(&self) -> Vec<(&'static str, String)> {
        let mut flags = Vec::new();
        let mut add = |name, value: &Option<String>| flags.extend(value.clone().map(|value| (name, value)));
        add("purpose", &self.purpose);
        add("channel", &self.channel);
        add("policy", &self.policy);
        add("guard", &self.guard);
        add("for", &self.call_length);
        add("calling_hours", &self.calling_hours);
        add("region_codes", &self.regions);
        add("rules_file", &self.rules);
        add("tzdata", &self.tzdata);
        let lists = Some(self.suppress.join(LIST_SEPARATOR)).filter(|_| !self.suppress.is_empty());
        add("suppress", &lists);
        add("assume_utc", &self.assume_utc.then(|| "true".to_owned()));
        flags
    }
}

/// Where the callee is.
#[derive(Args, Debug, Default)]
pub(crate) struct EvidenceArgs {
    /// Region code: ISO 3166 (US-FL, GB), US-EST and its kin, or one of the settings' own
    #[arg(long, value_name = "CODE")]
    pub(crate) region: Option<String>,
    /// IANA time zone, such as America/New_York
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
    /// ISO 3166-1 country code
    #[arg(long, value_name = "CODE")]
    pub(crate) country: Option<String>,
    /// Number to call, E.164
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true)]
    pub(crate) phone: Option<String>,
    /// Postal code
    #[arg(long, value_name = "CODE")]
    pub(crate) postal_code: Option<String>,
    /// A place outright, such as US-NY@America/New_York; repeatable; replaces all other evidence
    #[arg(long = "place", value_name = "JURISDICTION@ZONE", value_parser = parse_place)]
    pub(crate) places: Vec<Place>,
}

pub(crate) fn parse_place(text: &str) -> Result<Place, String> {
    let (jurisdiction, zone) = text
        .split_once('@')
        .ok_or("write it as `US-NY@America/New_York`")?;
    let jurisdiction = jurisdiction
        .parse()
        .map_err(|error: core_compliance::JurisdictionError| error.to_string())?;
    Ok(Place {
        jurisdiction,
        zone: zone.to_owned(),
    })
}

impl EvidenceArgs {
    pub(crate) fn evidence(&self) -> Evidence {
        Evidence {
            region: self.region.clone(),
            zone: self.zone.clone(),
            country: self.country.clone(),
            phone: self.phone.clone(),
            postal_code: self.postal_code.clone(),
            places: self.places.clone(),
            unreadable: Vec::new(),
        }
    }
}
