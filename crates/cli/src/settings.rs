//! Settings: default < file < environment < flag, each value with where it comes from.

mod gate;
mod keys;
mod state;
mod suppression;

pub(crate) use gate::{load_gate, load_zones};
pub(crate) use keys::{KEYS, Key};
pub(crate) use state::state_dir;
pub(crate) use suppression::load_suppression;

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use local_files::{SettingsFile, read_settings_file};

use crate::args::Global;
use crate::exit::CliError;

/// Names the settings file.
const CONFIG_VARIABLE: &str = "CURFEW_CONFIG";
/// The settings file in the working folder.
const LOCAL_FILE: &str = "curfew.toml";

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    Default,
    File(String),
    Environment(&'static str),
    Flag(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(place) => f.write_str(place),
            Self::Environment(name) | Self::Flag(name) => f.write_str(name),
        }
    }
}

impl Origin {
    /// Where the user finds a value to mend it: flag, variable, or file, line and key.
    fn of(&self, key: &Key) -> String {
        match self {
            Self::Default | Self::File(_) => format!("{self}: `{}`", key.name),
            Self::Environment(_) | Self::Flag(_) => self.to_string(),
        }
    }
}

/// All layers of settings.
#[derive(Debug)]
pub(crate) struct Layers {
    pub(crate) file: Option<SettingsFile>,
    flags: Vec<(&'static str, String)>,
    heeds_environment: bool,
}

impl Layers {
    /// Reads the settings file, if there is one, and takes these flags.
    pub(crate) fn load(global: &Global, flags: Vec<(&'static str, String)>) -> Result<Self, CliError> {
        let file = match settings_path(global) {
            None => None,
            Some((path, named_by)) => {
                let names: Vec<&str> = KEYS.iter().map(|key| key.name).collect();
                let read = read_settings_file(&path, &names);
                Some(read.map_err(|error| CliError::usage(format!("{named_by}{error}")))?)
            }
        };
        Ok(Self {
            file,
            flags,
            heeds_environment: true,
        })
    }

    /// Defaults alone, for what must not depend on where it is run.
    pub(crate) fn defaults() -> Self {
        Self {
            file: None,
            flags: Vec::new(),
            heeds_environment: false,
        }
    }

    /// The value of a setting with its origin; `None` if nothing sets it.
    pub(crate) fn value(&self, key: &Key) -> Option<(String, Origin)> {
        let flag = self.flags.iter().find(|(name, _)| *name == key.name);
        if let Some((_, value)) = flag {
            return Some((value.clone(), Origin::Flag(key.flag)));
        }
        // An empty variable counts as not set.
        let set = std::env::var(key.variable)
            .ok()
            .filter(|value| self.heeds_environment && !value.is_empty());
        if let Some(value) = set {
            return Some((value, Origin::Environment(key.variable)));
        }
        let in_file = self.file.as_ref().and_then(|file| file.scalars.get(key.name));
        if let Some(scalar) = in_file {
            return Some((scalar.value.clone(), Origin::File(scalar.place.clone())));
        }
        key.default.map(|value| (value.to_owned(), Origin::Default))
    }

    /// The value of a setting, read by `read`; an error names the origin.
    pub(crate) fn read<T>(
        &self,
        name: &str,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Option<T>, CliError> {
        let Some(key) = KEYS.iter().find(|key| key.name == name) else {
            return Ok(None);
        };
        let Some((text, origin)) = self.value(key) else {
            return Ok(None);
        };
        read(&text)
            .map(Some)
            .map_err(|error| CliError::usage(format!("{}: {error}", origin.of(key))))
    }

    /// An error about a value that could be read and yet cannot be used, with where the value stands.
    pub(crate) fn wrong(&self, name: &str, error: &dyn fmt::Display) -> CliError {
        let key = KEYS.iter().find(|key| key.name == name);
        match key.and_then(|key| Some((key, self.value(key)?.1))) {
            Some((key, origin)) => CliError::usage(format!("{}: {error}", origin.of(key))),
            None => CliError::usage(error.to_string()),
        }
    }

    /// As [`Layers::read`], for values with a text form of their own.
    pub(crate) fn parse<T>(&self, name: &str) -> Result<Option<T>, CliError>
    where
        T: FromStr,
        T::Err: fmt::Display,
    {
        self.read(name, |text| {
            text.parse().map_err(|error: T::Err| error.to_string())
        })
    }

    /// An error about a table of the settings file.
    pub(crate) fn wrong_in_file(&self, key: &str, error: &dyn fmt::Display) -> CliError {
        let file = self.file.as_ref().map(|file| file.path.display().to_string());
        CliError::usage(format!("{}: `{key}`: {error}", file.unwrap_or_default()))
    }

    /// The files that decisions are read from, with what each is.
    pub(crate) fn files_read(&self) -> Result<Vec<(&'static str, PathBuf)>, CliError> {
        let mut files = Vec::new();
        files.extend(self.file.iter().map(|file| ("the settings", file.path.clone())));
        let rules = self.parse::<String>("rules_file")?;
        files.extend(rules.map(|path| ("the rules", path.into())));
        let zones = self.parse::<String>("tzdata")?;
        files.extend(zones.map(|folder| ("the zone data", Path::new(&folder).join("tzdata.zi"))));
        let lists = suppression::paths(self)?;
        files.extend(lists.into_iter().map(|path| ("a do-not-call list", path)));
        Ok(files)
    }

    pub(crate) fn assume_utc(&self) -> Result<bool, CliError> {
        self.boolean("assume_utc")
    }

    /// A setting that is a yes or no; no where nothing sets it.
    pub(crate) fn boolean(&self, name: &str) -> Result<bool, CliError> {
        let read = |text: &str| match text {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            _ => Err(format!("`{text}` is not a yes or no; write `true` or `false`")),
        };
        Ok(self.read(name, read)?.unwrap_or(false))
    }
}

/// The file to read: named by flag or environment, else the first that exists; with what names it, for errors.
fn settings_path(global: &Global) -> Option<(PathBuf, &'static str)> {
    if global.no_config {
        return None;
    }
    if let Some(path) = &global.config {
        return Some((path.clone(), "--config: "));
    }
    if let Some(path) = std::env::var_os(CONFIG_VARIABLE).filter(|path| !path.is_empty()) {
        return Some((path.into(), "CURFEW_CONFIG: "));
    }
    let local = Path::new(LOCAL_FILE);
    if local.is_file() {
        return Some((local.to_owned(), ""));
    }
    let base = std::env::var_os("XDG_CONFIG_HOME")
        .filter(|path| !path.is_empty())
        .map(PathBuf::from);
    let base = base.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".config")))?;
    let shared = base.join("curfew").join(LOCAL_FILE);
    shared.is_file().then_some((shared, ""))
}
