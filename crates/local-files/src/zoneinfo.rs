//! An operator's zoneinfo folder: newer time zone data without a new Curfew.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::path::Path;
use std::time::UNIX_EPOCH;

use core_compliance::{Instant, LocalDate, ZoneData, ZoneDatabase, ZoneDatabaseBuilder};

use crate::FileError;
use crate::error::read_text;

/// TZif files begin with this (RFC 9636 §3.1).
const MAGIC: &[u8] = b"TZif";
/// Folders of other editions of the same zones, and names that stand for the host's own zone.
const LEFT_OUT: [&str; 4] = ["posix", "right", "localtime", "posixrules"];
/// Zone names have at most three parts; deeper folders hold something else.
const DEEPEST: usize = 3;

/// Reads a folder of compiled zones with its `tzdata.zi`, whose first line alone tells the version.
///
/// # Errors
/// [`FileError`] if the folder cannot be read, says no version, or holds no zones.
pub fn read_zoneinfo_folder(folder: &Path) -> Result<ZoneDatabase, FileError> {
    let wrong = |message: &str| FileError::Folder {
        path: folder.display().to_string(),
        message: message.to_owned(),
    };
    std::fs::read_dir(folder).map_err(|error| FileError::io(folder, error))?;
    let listing = folder.join("tzdata.zi");
    let version = read_text(&listing)
        .ok()
        .and_then(|text| {
            text.lines()
                .next()?
                .strip_prefix("# version ")
                .map(|version| version.trim().to_owned())
        })
        .filter(|version| is_version(version))
        .ok_or_else(|| {
            wrong("no `tzdata.zi` that begins with `# version 2026f`; zone data of unknown age are not used")
        })?;
    let mut zones = Vec::new();
    collect(folder, "", 1, &mut zones)?;
    if zones.is_empty() {
        return Err(wrong(
            "no TZif files; give the folder that holds `America/New_York`",
        ));
    }
    Ok(ZoneDatabaseBuilder {
        version,
        released_on: modified_on(&listing),
        origin: folder.display().to_string(),
    }
    .with_zones(zones))
}

/// `2026f`: a year and one or two letters.
fn is_version(text: &str) -> bool {
    let (year, letters) = text.split_at_checked(4).unwrap_or((text, ""));
    year.bytes().all(|byte| byte.is_ascii_digit())
        && (1..=2).contains(&letters.len())
        && letters.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// Which of two IANA versions is newer: by year, then `z` before `za`.
#[must_use]
pub fn newer(one: &str, two: &str) -> Ordering {
    let parts = |version: &str| {
        let letters = version.get(4..).unwrap_or("").to_owned();
        (version.get(..4).unwrap_or("").to_owned(), letters.len(), letters)
    };
    parts(one).cmp(&parts(two))
}

fn modified_on(file: &Path) -> Option<LocalDate> {
    let modified = std::fs::metadata(file)
        .ok()?
        .modified()
        .ok()?
        .duration_since(UNIX_EPOCH)
        .ok()?;
    let instant = Instant::from_unix(i64::try_from(modified.as_secs()).ok()?).ok()?;
    Some(LocalDate::from(instant.to_utc().date()))
}

fn collect(
    folder: &Path,
    prefix: &str,
    depth: usize,
    zones: &mut Vec<(String, ZoneData)>,
) -> Result<(), FileError> {
    let entries = std::fs::read_dir(folder).map_err(|error| FileError::io(folder, error))?;
    for entry in entries {
        let path = entry.map_err(|error| FileError::io(folder, error))?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        if depth == 1 && LEFT_OUT.contains(&name) {
            continue;
        }
        let name = format!("{prefix}{name}");
        if path.is_dir() {
            if depth < DEEPEST {
                collect(&path, &format!("{name}/"), depth + 1, zones)?;
            }
            continue;
        }
        let bytes = std::fs::read(&path).map_err(|error| FileError::io(&path, error))?;
        if bytes.starts_with(MAGIC) {
            zones.push((name, Cow::Owned(bytes)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_by_year_and_letters() {
        assert_eq!(newer("2026f", "2026e"), Ordering::Greater);
        assert_eq!(newer("2026a", "2025z"), Ordering::Greater);
        assert_eq!(newer("2026za", "2026z"), Ordering::Greater);
        assert_eq!(newer("2026f", "2026f"), Ordering::Equal);
    }

    #[test]
    fn versions_have_a_form() {
        for (text, right) in [
            ("2026f", true),
            ("2026za", true),
            ("2026", false),
            ("f2026", false),
            ("", false),
        ] {
            assert_eq!(is_version(text), right, "{text}");
        }
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let error = read_zoneinfo_folder(Path::new("/nowhere/zoneinfo"))
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("/nowhere/zoneinfo: cannot be read: "),
            "{error}"
        );
    }

    #[test]
    fn a_folder_without_a_version_is_refused() {
        let error = read_zoneinfo_folder(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("zone data of unknown age are not used"),
            "{error}"
        );
    }
}
