//! What a task answers: an exit code, or a failure that says what to do.

use std::fmt;
use std::process::ExitCode;

/// The answer of a task.
pub(crate) type Outcome = Result<ExitCode, Failure>;

/// Why a task could not go on; the message is lower-case and says what to do.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    code: u8,
}

impl Failure {
    /// Something went wrong while working: exit 1.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            code: 1,
        }
    }

    /// The caller's arguments make no sense: exit 2.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            code: 2,
        }
    }

    /// The code with which the process ends.
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.code)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

/// Refuses arguments that a task does not take.
///
/// # Errors
/// Names the first argument that is not in `known`.
pub(crate) fn only(arguments: &[String], known: &[&str]) -> Result<(), Failure> {
    match arguments
        .iter()
        .find(|argument| !known.contains(&argument.as_str()))
    {
        None => Ok(()),
        Some(unknown) if known.is_empty() => Err(Failure::usage(format!(
            "this task takes no arguments; leave out `{unknown}`"
        ))),
        Some(unknown) => Err(Failure::usage(format!(
            "unknown argument `{unknown}`; this task takes {}",
            known.join(", ")
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::only;

    #[test]
    fn unknown_arguments_are_named() {
        assert!(only(&["--check".to_owned()], &["--check"]).is_ok());
        let failure = only(&["--chekc".to_owned()], &["--check"]).unwrap_err();
        assert_eq!(
            failure.to_string(),
            "unknown argument `--chekc`; this task takes --check"
        );
    }
}
