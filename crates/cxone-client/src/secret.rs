//! Credentials that cannot print: no `Debug`, `Display` or `Serialize` ever shows their text.

use core::fmt;

use secrecy::{ExposeSecret, SecretString};

use crate::error::ConfigError;

/// What stands in for a secret wherever one would have been printed.
pub(crate) const REDACTED: &str = "[redacted]";

/// The longest credential taken, in bytes: a whole file given by mistake is refused.
const LONGEST: usize = 4096;

/// The client id of the API application registered with the tenant. Prints as `[redacted]`.
#[derive(Clone)]
pub struct ClientId(SecretString);

/// The client secret that belongs to a [`ClientId`]. Prints as `[redacted]`; its text leaves this crate only in the
/// body of the token request. Wiped from memory when dropped.
#[derive(Clone)]
pub struct ClientSecret(SecretString);

/// A bearer token. Never leaves the crate other than in an `Authorization` header marked sensitive.
#[derive(Clone)]
pub(crate) struct AccessToken(SecretString);

impl ClientId {
    /// Takes a client id of 1 to 4096 bytes.
    ///
    /// # Errors
    /// [`ConfigError::Credential`] when it is empty, too long, begins or ends with white space, or holds a control
    /// character.
    pub fn new(text: impl Into<String>) -> Result<Self, ConfigError> {
        checked("client id", text.into()).map(Self)
    }

    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl ClientSecret {
    /// Takes a client secret of 1 to 4096 bytes.
    ///
    /// # Errors
    /// [`ConfigError::Credential`] when it is empty, too long, begins or ends with white space, or holds a control
    /// character.
    pub fn new(text: impl Into<String>) -> Result<Self, ConfigError> {
        checked("client secret", text.into()).map(Self)
    }

    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl AccessToken {
    pub(crate) fn new(text: String) -> Self {
        Self(SecretString::from(text))
    }

    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

fn checked(what: &'static str, text: String) -> Result<SecretString, ConfigError> {
    let secret = SecretString::from(text);
    let text = secret.expose_secret();
    let problem = if text.is_empty() {
        "is empty"
    } else if text.len() > LONGEST {
        "is longer than 4096 bytes"
    } else if text.trim().len() != text.len() {
        "begins or ends with white space; remove it, often a line break at the end of a file"
    } else if text.chars().any(char::is_control) {
        "holds a control character"
    } else {
        return Ok(secret);
    };
    Err(ConfigError::Credential { what, problem })
}

macro_rules! prints_redacted {
    ($($name:ident),+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), REDACTED)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(REDACTED)
            }
        }
    )+};
}

prints_redacted!(ClientId, ClientSecret, AccessToken);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_form_of_printing_shows_the_text() {
        let id = ClientId::new("the-id").unwrap();
        let secret = ClientSecret::new("hunter2").unwrap();
        let token = AccessToken::new("eyJ.x.y".to_owned());
        let printed = format!("{id:?} {id} {secret:?} {secret:#?} {secret} {token:?} {token}");
        for text in ["the-id", "hunter2", "eyJ"] {
            assert!(!printed.contains(text), "{printed}");
        }
        assert_eq!(secret.to_string(), "[redacted]");
        assert_eq!(format!("{secret:?}"), "ClientSecret([redacted])");
    }

    #[test]
    fn unusable_credentials_are_refused_without_quoting_them() {
        for bad in ["", " s3cret", "s3cret\n", "s3\u{7}cret", &"s3cret".repeat(1000)] {
            let error = ClientSecret::new(bad).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("s3"), "{error}");
        }
        assert_eq!(
            ClientId::new("").unwrap_err().to_string(),
            "the client id is empty"
        );
    }
}
