//! Every setting: its name in files, its variable, its flag, its default.

/// One setting.
#[derive(Debug)]
pub(crate) struct Key {
    /// Dotted key in the settings file.
    pub(crate) name: &'static str,
    /// Environment variable.
    pub(crate) variable: &'static str,
    /// Flag of the commands that heed it.
    pub(crate) flag: &'static str,
    /// Value where nothing sets it.
    pub(crate) default: Option<&'static str>,
}

const fn key(
    name: &'static str,
    variable: &'static str,
    flag: &'static str,
    default: Option<&'static str>,
) -> Key {
    Key {
        name,
        variable,
        flag,
        default,
    }
}

/// All settings, in the order in which `config show` lists them.
pub(crate) const KEYS: &[Key] = &[
    key("purpose", "CURFEW_PURPOSE", "--purpose", Some("sales")),
    key("channel", "CURFEW_CHANNEL", "--channel", Some("voice")),
    key("policy", "CURFEW_POLICY", "--policy", Some("every-candidate")),
    key("guard", "CURFEW_GUARD", "--guard", Some("0s")),
    key("for", "CURFEW_FOR", "--for", Some("0s")),
    key(
        "house_hours",
        "CURFEW_HOUSE_HOURS",
        "(no flag)",
        Some("08:00-21:00"),
    ),
    key(
        "unknown_numbers",
        "CURFEW_UNKNOWN_NUMBERS",
        "(no flag)",
        Some("note"),
    ),
    key("unverified", "CURFEW_UNVERIFIED", "(no flag)", Some("note")),
    key(
        "require_history",
        "CURFEW_REQUIRE_HISTORY",
        "(no flag)",
        Some("false"),
    ),
    key("calling_hours", "CURFEW_CALLING_HOURS", "--calling-hours", None),
    key("region_codes", "CURFEW_REGION_CODES", "--regions", Some("iso")),
    key("rules_file", "CURFEW_RULES_FILE", "--rules", None),
    key("tzdata", "CURFEW_TZDATA", "--tzdata", None),
    key("suppress", "CURFEW_SUPPRESS", "--suppress", None),
    key("assume_utc", "CURFEW_ASSUME_UTC", "--assume-utc", Some("false")),
    key("state_dir", "CURFEW_STATE_DIR", "--state-dir", None),
    key("sync.base_url", "CXONE_BASE_URL", "--base-url", None),
    key("sync.secrets_file", "CURFEW_SECRETS_FILE", "--secrets-file", None),
    key("sync.rate", "CURFEW_RATE", "--rate", Some("50")),
    key(
        "sync.concurrency",
        "CURFEW_CONCURRENCY",
        "--concurrency",
        Some("64"),
    ),
    key("sync.page_size", "CURFEW_PAGE_SIZE", "--page-size", Some("100")),
    key("sync.patience", "CURFEW_PATIENCE", "--patience", Some("5m")),
    key(
        "sync.max_rejected",
        "CURFEW_MAX_REJECTED",
        "--max-rejected",
        Some("0"),
    ),
    key("sync.country", "CURFEW_COUNTRY", "--country", None),
];
