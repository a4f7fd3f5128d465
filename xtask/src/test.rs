//! `cargo xtask test [cargo test arguments]`: every test of the workspace, doc tests included.
//!
//! Plain `cargo test`, so that nothing but the toolchain is needed. Tests of the real binary live in the package
//! `cli`, which makes cargo build `curfew` before it runs them.

use crate::failure::Outcome;
use crate::process;

/// The newcomer's second command; its exit code is cargo's.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    let mut command = process::cargo();
    command.args(cargo_arguments(arguments));
    Ok(process::exit_code(process::status(&mut command)?))
}

/// Everything by default; a chosen package replaces the whole workspace.
fn cargo_arguments(arguments: &[String]) -> Vec<String> {
    let for_cargo = arguments.iter().take_while(|argument| *argument != "--");
    let chosen = for_cargo
        .filter(|argument| !argument.starts_with("--p") || argument.starts_with("--package"))
        .any(|argument| argument.starts_with("-p") || argument.starts_with("--package"));
    let scope = if chosen {
        "--all-features"
    } else {
        "--workspace --all-features"
    };
    let mut all = vec!["test".to_owned()];
    all.extend(scope.split(' ').map(str::to_owned));
    all.extend(arguments.iter().cloned());
    all
}

#[cfg(test)]
mod tests {
    use super::cargo_arguments;

    fn shown(arguments: &[&str]) -> String {
        cargo_arguments(&arguments.iter().map(|&word| word.to_owned()).collect::<Vec<_>>()).join(" ")
    }

    #[test]
    fn everything_unless_a_package_is_chosen() {
        assert_eq!(shown(&[]), "test --workspace --all-features");
        assert_eq!(
            shown(&["window", "--", "-p"]),
            "test --workspace --all-features window -- -p"
        );
        assert_eq!(
            shown(&["--profile", "release"]),
            "test --workspace --all-features --profile release"
        );
        assert_eq!(
            shown(&["-p", "core-compliance"]),
            "test --all-features -p core-compliance"
        );
        assert_eq!(shown(&["--package=xtask"]), "test --all-features --package=xtask");
    }
}
