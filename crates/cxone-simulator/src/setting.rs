//! Reading settings given as text: durations, percentages, and `NAME[=VALUE][:key=value,…]`.

use std::time::Duration;

/// Why the text of a setting cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettingError {
    /// A value of the wrong kind.
    #[error("`{value}` is not {expected}")]
    Value {
        /// What was given.
        value: String,
        /// What would have been right, with an example.
        expected: String,
    },
    /// A name that means nothing.
    #[error("unknown {what} `{name}`; valid: {valid}")]
    UnknownName {
        /// What sort of name was expected.
        what: &'static str,
        /// What was given.
        name: String,
        /// Every valid name.
        valid: String,
    },
    /// A key that means nothing, or nothing here.
    #[error("unknown key `{key}` for `{name}`; valid: {valid}")]
    UnknownKey {
        /// What was given.
        key: String,
        /// The name that it was given for.
        name: String,
        /// Every key valid for that name.
        valid: String,
    },
    /// A key without a value.
    #[error("`{key}` has no value; write `{key}=…`")]
    NoValue {
        /// The key.
        key: String,
    },
    /// The same key twice.
    #[error("`{key}` is given twice; give it once")]
    Twice {
        /// The key.
        key: String,
    },
}

impl SettingError {
    /// A value that is not what was `expected`.
    pub(crate) fn value(value: &str, expected: impl Into<String>) -> Self {
        Self::Value {
            value: value.to_owned(),
            expected: expected.into(),
        }
    }
}

/// Reads a duration such as `20ms`, `2s`, `1h30m`.
///
/// # Errors
/// When the text is not a duration, or a negative one.
pub fn parse_duration(text: &str) -> Result<Duration, SettingError> {
    text.trim()
        .parse::<jiff::SignedDuration>()
        .ok()
        .and_then(|signed| Duration::try_from(signed).ok())
        .ok_or_else(|| SettingError::value(text, "a duration; write it as `20ms`, `2s` or `1h30m`"))
}

/// Reads a whole number that is at least 1.
pub(crate) fn positive(text: &str) -> Result<u64, SettingError> {
    match text.parse::<u64>() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(SettingError::value(text, "a whole number from 1 up")),
    }
}

/// A text taken apart: `NAME[=VALUE][:key=value,…]`.
pub(crate) struct Parts<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: Option<&'a str>,
    pub(crate) options: Vec<(&'a str, &'a str)>,
}

/// Takes a text apart; a key given twice is refused, for one of the two would be lost.
pub(crate) fn take_apart(text: &str) -> Result<Parts<'_>, SettingError> {
    let (head, tail) = match text.split_once(':') {
        Some((head, tail)) => (head, Some(tail)),
        None => (text, None),
    };
    let (name, value) = match head.split_once('=') {
        Some((name, value)) => (name.trim(), Some(value.trim())),
        None => (head.trim(), None),
    };
    let mut options: Vec<(&str, &str)> = Vec::new();
    for option in tail.into_iter().flat_map(|tail| tail.split(',')) {
        let Some((key, value)) = option.split_once('=') else {
            return Err(SettingError::NoValue {
                key: option.trim().to_owned(),
            });
        };
        let key = key.trim();
        if options.iter().any(|(earlier, _)| *earlier == key) {
            return Err(SettingError::Twice { key: key.to_owned() });
        }
        options.push((key, value.trim()));
    }
    Ok(Parts { name, value, options })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_in_the_usual_units() {
        for (text, millis) in [
            ("20ms", 20),
            ("2s", 2_000),
            ("0s", 0),
            ("1h30m", 5_400_000),
            ("3600s", 3_600_000),
        ] {
            assert_eq!(parse_duration(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for text in ["", "20", "-2s", "soon", "2 parsecs"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_setting_comes_apart() {
        let parts = take_apart("hang=60s:every=10, on=list").unwrap();
        assert_eq!((parts.name, parts.value), ("hang", Some("60s")));
        assert_eq!(parts.options, [("every", "10"), ("on", "list")]);
    }

    #[test]
    fn keys_without_a_value_or_given_twice_are_refused() {
        assert_eq!(
            take_apart("503:every").err().map(|e| e.to_string()).as_deref(),
            Some("`every` has no value; write `every=…`")
        );
        assert!(matches!(
            take_apart("503:p=1,p=2"),
            Err(SettingError::Twice { .. })
        ));
    }
}
