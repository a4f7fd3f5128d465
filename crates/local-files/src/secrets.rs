//! Credentials from a file of `NAME=value` lines, for those who keep none in the environment.

use std::path::Path;

use crate::FileError;
use crate::error::read_text;

/// The values found; printing it shows names alone.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SecretsFile(Vec<(String, String)>);

impl SecretsFile {
    /// The value of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(each, _)| each == name)
            .map(|(_, value)| value.as_str())
    }
}

impl core::fmt::Debug for SecretsFile {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

/// Reads `NAME=value` lines; blank lines and lines that begin with `#` are passed over, quotes around a value are
/// taken off.
///
/// # Errors
/// [`FileError`] with the line, never with what stands in it.
pub fn read_secrets_file(path: &Path) -> Result<SecretsFile, FileError> {
    parse_secrets(path, &read_text(path)?)
}

fn parse_secrets(path: &Path, text: &str) -> Result<SecretsFile, FileError> {
    let mut secrets = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let wrong = || FileError::Content {
            path: path.display().to_string(),
            line: index + 1,
            key: String::new(),
            message: "not of the form NAME=value".to_owned(),
        };
        let (name, value) = line
            .strip_prefix("export ")
            .unwrap_or(line)
            .split_once('=')
            .ok_or_else(wrong)?;
        let value = value.trim();
        let quoted = ['"', '\'']
            .into_iter()
            .find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote));
        secrets.push((name.trim().to_owned(), quoted.unwrap_or(value).to_owned()));
    }
    Ok(SecretsFile(secrets))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_and_never_shown() {
        let text = "# mine\nCXONE_ORG=acme\nexport CXONE_CLIENT_SECRET=\"s3cr=et\"\n";
        let secrets = parse_secrets(Path::new("x.env"), text).unwrap();
        assert_eq!(secrets.get("CXONE_CLIENT_SECRET"), Some("s3cr=et"));
        assert_eq!(format!("{secrets:?}"), r#"["CXONE_ORG", "CXONE_CLIENT_SECRET"]"#);
        let error = parse_secrets(Path::new("x.env"), "s3cret")
            .unwrap_err()
            .to_string();
        assert_eq!(error, "x.env:1: not of the form NAME=value");
    }
}
