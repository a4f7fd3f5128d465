//! Files with the user's own rules.

use std::path::Path;

use core_compliance::Overlay;
use core_compliance::document::Document;

use crate::FileError;
use crate::error::read_text;

/// Reads a file of rules, caps, calendars and relaxations (docs/rulebook-format.md).
///
/// # Errors
/// [`FileError`], with line and key.
pub fn read_rules_file(path: &Path) -> Result<Overlay, FileError> {
    let text = read_text(path)?;
    let name = path.display().to_string();
    Ok(Overlay::parse(
        &Document {
            name: &name,
            text: &text,
        },
        &[],
    )?)
}
