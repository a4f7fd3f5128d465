//! What cargo knows about the workspace: packages, dependencies, features, built programs.

use serde_json::Value;

use crate::failure::Failure;
use crate::process::{self, cargo};
use std::path::PathBuf;

/// A package of this workspace, as its `Cargo.toml` says.
#[derive(Debug, Default)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) manifest: PathBuf,
    /// Names of the features, `default` left out, sorted.
    pub(crate) features: Vec<String>,
    pub(crate) dependencies: Vec<Dependency>,
    pub(crate) targets: Vec<Target>,
}

/// One line of `[dependencies]`, `[dev-dependencies]` or `[build-dependencies]`.
#[derive(Debug, Clone)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// `normal`, `dev` or `build`.
    pub(crate) kind: String,
}

/// Something cargo can build.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) source: PathBuf,
}

/// The packages of this workspace; reads manifests only, so that it is quick and needs no network.
///
/// # Errors
/// When cargo refuses the manifests.
pub(crate) fn workspace_packages() -> Result<Vec<Package>, Failure> {
    let metadata = metadata(&["--no-deps"])?;
    Ok(list(&metadata, "packages").iter().map(package).collect())
}

/// `cargo metadata` with the given arguments.
///
/// # Errors
/// When cargo fails or answers something that is not JSON.
pub(crate) fn metadata(arguments: &[&str]) -> Result<Value, Failure> {
    let text = process::output(
        cargo()
            .args(["metadata", "--format-version", "1"])
            .args(arguments),
    )?;
    serde_json::from_str(&text)
        .map_err(|error| Failure::new(format!("cannot read what `cargo metadata` answered: {error}")))
}

/// Builds the program `binary` of `package` in the dev profile (or release) and says where it is.
///
/// # Errors
/// When it does not compile.
pub(crate) fn build_binary(package: &str, binary: &str, release: bool) -> Result<PathBuf, Failure> {
    let mut command = cargo();
    command.args(["build", "--package", package, "--bin", binary]);
    command.arg("--message-format=json-render-diagnostics");
    if release {
        command.arg("--release");
    }
    command
        .stdin(std::process::Stdio::null())
        .stderr(std::process::Stdio::inherit());
    let output = command
        .output()
        .map_err(|error| Failure::new(format!("cannot start cargo: {error}; put it on PATH")))?;
    if !output.status.success() {
        return Err(Failure::new(format!(
            "`{binary}` does not build; see cargo's messages above"
        )));
    }
    let messages = String::from_utf8_lossy(&output.stdout);
    executable(&messages, binary).ok_or_else(|| {
        Failure::new(format!(
            "cargo did not say where it put `{binary}`; is it a bin of `{package}`?"
        ))
    })
}

fn executable(messages: &str, binary: &str) -> Option<PathBuf> {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message.pointer("/target/name").and_then(Value::as_str) == Some(binary))
        .find_map(|message| {
            message
                .get("executable")
                .and_then(Value::as_str)
                .map(PathBuf::from)
        })
}

fn package(value: &Value) -> Package {
    let mut features: Vec<String> = value
        .get("features")
        .and_then(Value::as_object)
        .map(|features| {
            features
                .keys()
                .filter(|name| *name != "default")
                .cloned()
                .collect()
        })
        .unwrap_or_default();
    features.sort();
    Package {
        name: text(value, "name"),
        manifest: text(value, "manifest_path").into(),
        features,
        dependencies: list(value, "dependencies")
            .iter()
            .map(|dependency| {
                let kind = dependency.get("kind").and_then(Value::as_str).unwrap_or("normal");
                Dependency {
                    name: text(dependency, "name"),
                    kind: kind.to_owned(),
                }
            })
            .collect(),
        targets: list(value, "targets")
            .iter()
            .map(|target| Target {
                name: text(target, "name"),
                kind: list(target, "kind")
                    .first()
                    .and_then(Value::as_str)
                    .unwrap_or_default()
                    .to_owned(),
                source: text(target, "src_path").into(),
            })
            .collect(),
    }
}

/// The array under `key`, empty when there is none.
pub(crate) fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value
        .get(key)
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
}

/// The string under `key`, empty when there is none.
pub(crate) fn text(value: &Value, key: &str) -> String {
    value
        .get(key)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::{executable, package, workspace_packages};
    use std::path::PathBuf;

    #[test]
    fn a_manifest_is_read() {
        let value = serde_json::json!({
            "name": "core", "manifest_path": "/w/core/Cargo.toml",
            "features": {"serde": [], "default": [], "ports": []},
            "dependencies": [{"name": "time", "kind": null}, {"name": "proptest", "kind": "dev"}],
            "targets": [{"name": "laws", "kind": ["test"], "src_path": "/w/core/tests/laws.rs"}],
        });
        let package = package(&value);
        assert_eq!(package.features, ["ports", "serde"]);
        let kinds: Vec<&str> = package
            .dependencies
            .iter()
            .map(|each| each.kind.as_str())
            .collect();
        assert_eq!(kinds, ["normal", "dev"]);
        assert_eq!(package.targets[0].kind, "test");
    }

    #[test]
    fn the_built_program_is_found_among_the_messages() {
        let messages = "not json\n\
            {\"target\":{\"name\":\"serde\"},\"executable\":null}\n\
            {\"target\":{\"name\":\"curfew\"},\"executable\":\"/t/debug/curfew\"}\n";
        assert_eq!(
            executable(messages, "curfew"),
            Some(PathBuf::from("/t/debug/curfew"))
        );
        assert_eq!(executable(messages, "serde"), None);
    }

    #[test]
    fn this_workspace_is_read() {
        let packages = workspace_packages().unwrap();
        assert!(packages.iter().any(|package| package.name == "xtask"));
    }
}
