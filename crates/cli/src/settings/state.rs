//! Where records are kept: the state directory.

use std::path::PathBuf;

use super::Layers;
use crate::exit::CliError;

/// The state directory: as set, else `curfew` in the user's folder for states.
pub(crate) fn state_dir(layers: &Layers) -> Result<PathBuf, CliError> {
    if let Some(path) = layers.parse::<String>("state_dir")? {
        return Ok(path.into());
    }
    let folder = |variable: &str, within: &str| {
        let base = std::env::var_os(variable).filter(|path| !path.is_empty())?;
        Some(PathBuf::from(base).join(within))
    };
    folder("XDG_STATE_HOME", "curfew")
        .or_else(|| folder("HOME", ".local/state/curfew"))
        .ok_or_else(|| {
            CliError::usage(
                "neither XDG_STATE_HOME nor HOME is set; name the state directory with --state-dir",
            )
        })
}
