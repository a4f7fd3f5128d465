//! Starting programs from the root of the workspace.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus, Stdio};

use crate::failure::Failure;

/// The folder that holds the workspace's `Cargo.toml`.
pub(crate) fn workspace_root() -> PathBuf {
    let package =
        std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| OsString::from(env!("CARGO_MANIFEST_DIR")));
    let package = PathBuf::from(package);
    package
        .parent()
        .map_or_else(|| package.clone(), Path::to_path_buf)
}

/// A program started at the root, without the variables that cargo set for xtask itself.
///
/// Build scripts (ring's is one) watch `CARGO_PKG_*`: handing ours on would rebuild half the tree whenever a
/// developer changes between `cargo test` and `cargo xtask test`.
pub(crate) fn program(name: impl Into<OsString>) -> Command {
    let mut command = Command::new(name.into());
    command.current_dir(workspace_root());
    for (key, _) in std::env::vars_os() {
        let ours = key.to_str().is_some_and(|key| {
            key.starts_with("CARGO_PKG_")
                || key.starts_with("CARGO_MANIFEST_")
                || key == "CARGO_PRIMARY_PACKAGE"
        });
        if ours {
            command.env_remove(key);
        }
    }
    command
}

/// The cargo that started us.
pub(crate) fn cargo() -> Command {
    program(std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")))
}

/// The command as one would type it.
pub(crate) fn shown(command: &Command) -> String {
    let name = Path::new(command.get_program())
        .file_name()
        .unwrap_or(command.get_program());
    let mut words = vec![name.to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    words.join(" ")
}

/// Runs to the end, with our own stdout and stderr.
///
/// # Errors
/// When the program cannot be started; a non-zero exit is an answer, not an error.
pub(crate) fn status(command: &mut Command) -> Result<ExitStatus, Failure> {
    command.status().map_err(|error| cannot_start(command, &error))
}

/// Runs to the end and requires success.
///
/// # Errors
/// When the program cannot be started or ends with another code than 0.
pub(crate) fn succeed(command: &mut Command) -> Result<(), Failure> {
    let status = status(command)?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "`{}` failed ({status}); see its messages above",
        shown(command)
    )))
}

/// Runs to the end, requires success and gives its stdout; its stderr goes into the failure.
///
/// # Errors
/// When the program cannot be started, fails, or writes something that is not UTF-8.
pub(crate) fn output(command: &mut Command) -> Result<String, Failure> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| cannot_start(command, &error))?;
    if !output.status.success() {
        let messages = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(Failure::new(format!(
            "`{}` failed ({}):\n{messages}",
            shown(command),
            output.status
        )));
    }
    String::from_utf8(output.stdout)
        .map_err(|_| Failure::new(format!("`{}` wrote something that is not UTF-8", shown(command))))
}

/// The exit code of a child as ours: 128 + signal when it was killed, as shells do.
pub(crate) fn exit_code(status: ExitStatus) -> ExitCode {
    ExitCode::from(code_of(status))
}

/// The same as a number.
pub(crate) fn code_of(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let signal = None::<i32>;
    let code = status.code().or_else(|| signal.map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}

fn cannot_start(command: &Command, error: &std::io::Error) -> Failure {
    let name = command.get_program().to_string_lossy();
    Failure::new(format!(
        "cannot start `{name}`: {error}; install it or put it on PATH"
    ))
}

#[cfg(all(test, unix))]
mod tests {
    use super::{code_of, output, program, shown, status, succeed, workspace_root};

    #[test]
    fn the_root_is_the_workspace() {
        let manifest = std::fs::read_to_string(workspace_root().join("Cargo.toml")).unwrap();
        assert!(manifest.contains("[workspace]"));
    }

    #[test]
    fn codes_and_signals_pass_through() {
        let code = |script: &str| code_of(status(program("sh").args(["-c", script])).unwrap());
        assert_eq!(code("exit 0"), 0);
        assert_eq!(code("exit 75"), 75);
        assert_eq!(code("kill -9 $$"), 137);
    }

    #[test]
    fn variables_of_our_own_package_stay_here() {
        assert!(
            std::env::var_os("CARGO_PKG_NAME").is_some(),
            "cargo sets it for tests"
        );
        assert_eq!(
            output(program("sh").args(["-c", "echo \"$CARGO_PKG_NAME\""])).unwrap(),
            "\n"
        );
    }

    #[test]
    fn a_failure_carries_the_messages_and_the_command() {
        let mut command = program("sh");
        command.args(["-c", "echo lost >&2; exit 4"]);
        let message = output(&mut command).unwrap_err().to_string();
        assert!(
            message.contains("lost") && message.contains(&shown(&command)),
            "{message}"
        );
        assert!(succeed(program("sh").args(["-c", "exit 4"])).is_err());
        assert!(succeed(program("sh").args(["-c", "exit 0"])).is_ok());
        let message = status(&mut program("no-such-program")).unwrap_err().to_string();
        assert!(message.contains("put it on PATH"), "{message}");
    }
}
