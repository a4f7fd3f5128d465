//! Do-not-call lists.

use std::path::PathBuf;

use local_files::SuppressionFile;

use super::Layers;
use crate::exit::CliError;

/// All lists that the settings name, as one; empty where they name none.
pub(crate) fn load_suppression(layers: &Layers) -> Result<SuppressionFile, CliError> {
    let paths = paths(layers)?;
    let list = SuppressionFile::read(&paths).map_err(|error| layers.wrong("suppress", &error))?;
    if !paths.is_empty() {
        tracing::info!(
            files = paths.len(),
            numbers = list.len(),
            "do-not-call lists are loaded"
        );
    }
    Ok(list)
}

/// Where the lists are.
pub(super) fn paths(layers: &Layers) -> Result<Vec<PathBuf>, CliError> {
    let joined = layers.parse::<String>("suppress")?;
    Ok(joined
        .map(|paths| std::env::split_paths(&paths).collect())
        .unwrap_or_default())
}
