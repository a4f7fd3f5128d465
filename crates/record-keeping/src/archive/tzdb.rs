//! Zone data as one file: a line of JSON that lists the zones, then their bytes in that order.

use core_compliance::{Instant, LocalDate, ZoneDatabase, ZoneDatabaseBuilder};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Contents {
    version: String,
    released_on: Option<String>,
    origin: String,
    /// Name and length of each.
    zones: Vec<(String, usize)>,
}

pub(super) fn write(zones: &ZoneDatabase) -> Result<Vec<u8>, serde_json::Error> {
    let contents = Contents {
        version: zones.version().to_owned(),
        released_on: zones.released_on().map(|date| date.to_string()),
        origin: zones.origin().to_owned(),
        zones: zones
            .data()
            .map(|(name, data)| (name.to_owned(), data.len()))
            .collect(),
    };
    let mut bytes = serde_json::to_vec(&contents)?;
    bytes.push(b'\n');
    for (_, data) in zones.data() {
        bytes.extend_from_slice(data);
    }
    Ok(bytes)
}

pub(super) fn read(bytes: &[u8]) -> Option<ZoneDatabase> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let (head, rest) = bytes.split_at_checked(end)?;
    let contents: Contents = serde_json::from_slice(head).ok()?;
    let mut rest = rest.get(1..)?;
    let mut zones = Vec::new();
    for (name, length) in contents.zones {
        let (data, after) = rest.split_at_checked(length)?;
        zones.push((name, data.to_vec().into()));
        rest = after;
    }
    let builder = ZoneDatabaseBuilder {
        version: contents.version,
        released_on: contents.released_on.as_deref().and_then(date),
        origin: contents.origin,
    };
    rest.is_empty().then(|| builder.with_zones(zones))
}

fn date(text: &str) -> Option<LocalDate> {
    let noon: Instant = format!("{text}T12:00:00Z").parse().ok()?;
    Some(LocalDate::from(noon.to_utc().date()))
}
