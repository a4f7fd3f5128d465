//! The settings file, `curfew.toml`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use core_compliance::document::{Document, Node};
use core_compliance::{Jurisdiction, Overlay, Region};

use crate::error::read_text;
use crate::{ColumnMapping, Field, FileError};

/// One value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// The value as text.
    pub value: String,
    /// `curfew.toml:3`.
    pub place: String,
}

/// For each kind of evidence the paths at which contacts carry it.
pub type FieldLists = BTreeMap<String, Vec<String>>;

/// A settings file as read; what the values mean is for the command line to say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SettingsFile {
    /// Which file.
    pub path: PathBuf,
    /// Values by dotted key: `guard`, `sync.rate`.
    pub scalars: BTreeMap<String, Scalar>,
    /// `[regions.CODE]`.
    pub regions: BTreeMap<String, Region>,
    /// `[[rule]]`, `[[cap]]`, `[[calendar]]`, `[[relaxation]]`.
    pub overlay: Overlay,
    /// `[fields]`.
    pub fields: FieldLists,
    /// `[columns]`.
    pub columns: ColumnMapping,
}

/// Reads a settings file. `known` lists the dotted keys of plain values; any other key is an error.
///
/// # Errors
/// [`FileError`], with line and key.
pub fn read_settings_file(path: &Path, known: &[&str]) -> Result<SettingsFile, FileError> {
    parse_settings(path, &read_text(path)?, known)
}

fn parse_settings(path: &Path, text: &str, known: &[&str]) -> Result<SettingsFile, FileError> {
    let name = path.display().to_string();
    let document = Document { name: &name, text };
    let table = document.parse()?;
    let mut settings = SettingsFile {
        path: path.to_owned(),
        ..SettingsFile::default()
    };
    let mut has_overlay = false;
    let nodes = document.nodes(table.get_ref(), "");
    for (name, node) in &nodes {
        match name.as_str() {
            "regions" => {
                for (code, region) in node.entries()? {
                    settings
                        .regions
                        .insert(code.to_ascii_uppercase(), read_region(&region)?);
                }
            }
            "rule" | "cap" | "calendar" | "relaxation" => has_overlay = true,
            "fields" => settings.fields = read_fields(node)?,
            "columns" => settings.columns = read_columns(node)?,
            section
                if known
                    .iter()
                    .any(|key| key.split_once('.').is_some_and(|(first, _)| first == section)) =>
            {
                for (_, value) in node.entries()? {
                    take_scalar(&mut settings, &value, known, &document)?;
                }
            }
            _ => take_scalar(&mut settings, node, known, &document)?,
        }
    }
    if has_overlay {
        let others: Vec<&str> = nodes.iter().map(|(name, _)| name.as_str()).collect();
        settings.overlay = Overlay::parse(&document, &others)?;
    }
    Ok(settings)
}

fn take_scalar(
    settings: &mut SettingsFile,
    node: &Node<'_, '_>,
    known: &[&str],
    document: &Document<'_>,
) -> Result<(), FileError> {
    if !known.contains(&node.key()) {
        let tables = "[regions], [fields], [columns], [[rule]], [[cap]], [[calendar]], [[relaxation]]";
        return Err(node.unknown(&format!("{}, {tables}", known.join(", "))).into());
    }
    let place = format!("{}:{}", document.name, node.line());
    settings.scalars.insert(
        node.key().to_owned(),
        Scalar {
            value: node.scalar()?,
            place,
        },
    );
    Ok(())
}

fn read_region(node: &Node<'_, '_>) -> Result<Region, FileError> {
    let mut jurisdiction: Option<Jurisdiction> = None;
    let mut zones = Vec::new();
    for (name, value) in node.entries()? {
        match name.as_str() {
            "jurisdiction" => jurisdiction = Some(value.known_jurisdiction()?),
            "zones" => zones = value.list().iter().map(Node::text).collect::<Result<_, _>>()?,
            _ => return Err(value.unknown("jurisdiction, zones").into()),
        }
    }
    let jurisdiction = jurisdiction.ok_or_else(|| node.wrong("`jurisdiction` is missing"))?;
    Ok(Region { jurisdiction, zones })
}

fn read_fields(node: &Node<'_, '_>) -> Result<FieldLists, FileError> {
    let mut fields = FieldLists::new();
    for (name, value) in node.entries()? {
        if !["region", "zone", "country", "postal_code"].contains(&name.as_str()) {
            return Err(value.unknown("region, zone, country, postal_code").into());
        }
        fields.insert(
            name,
            value.list().iter().map(Node::text).collect::<Result<_, _>>()?,
        );
    }
    Ok(fields)
}

fn read_columns(node: &Node<'_, '_>) -> Result<ColumnMapping, FileError> {
    let mut columns = ColumnMapping::default();
    for (name, value) in node.entries()? {
        let field: Field = name
            .parse()
            .map_err(|_| value.unknown(&Field::ALL.map(Field::as_str).join(", ")))?;
        columns.set(field, value.text()?);
    }
    Ok(columns)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    const KNOWN: &[&str] = &["guard", "house_hours", "sync.rate"];

    fn read(text: &str) -> Result<SettingsFile, String> {
        parse_settings(Path::new("curfew.toml"), text, KNOWN).map_err(|error| error.to_string())
    }

    #[test]
    fn everything_a_file_may_hold_is_read() {
        let settings = read(
            r#"guard = "5m"
[sync]
rate = 40
[regions.emea-1]
jurisdiction = "GB"
zones = ["Europe/London"]
[fields]
region = ["attributes.bundesland", "attributes.region"]
[columns]
phone = "Telefon"
[[rule]]
id = "acme.florida"
jurisdiction = "US-FL"
hours = "mon-fri 09:00-18:00"
purposes = ["sales"]
effective_from = 2026-01-01
"#,
        )
        .unwrap();
        assert_eq!(
            settings.scalars["sync.rate"],
            Scalar {
                value: "40".into(),
                place: "curfew.toml:3".into()
            }
        );
        assert_eq!(settings.regions["EMEA-1"].zones, ["Europe/London"]);
        assert_eq!(settings.fields["region"].len(), 2);
        assert_eq!(
            settings.columns.iter().collect::<Vec<_>>(),
            [(Field::Phone, "Telefon")]
        );
        assert_eq!(
            (
                settings.overlay.parts.rules[0].id.as_str(),
                settings.overlay.parts.rules.len()
            ),
            ("acme.florida", 1)
        );
        assert_eq!(
            settings.overlay.parts.rules[0].effective_from,
            LocalDate::from_calendar(2026, 1, 1)
        );
    }

    use core_compliance::LocalDate;

    #[test]
    fn what_is_wrong_is_named_with_file_line_and_key() {
        let wrong = |text: &str| read(text).unwrap_err();
        assert_snapshot!(wrong("guard = \"5m\"\ngaurd = 3"), @"curfew.toml:2: `gaurd`: unknown key; known here: guard, house_hours, sync.rate, [regions], [fields], [columns], [[rule]], [[cap]], [[calendar]], [[relaxation]]");
        assert_snapshot!(wrong("[sync]\nrat = 3"), @"curfew.toml:2: `sync.rat`: unknown key; known here: guard, house_hours, sync.rate, [regions], [fields], [columns], [[rule]], [[cap]], [[calendar]], [[relaxation]]");
        assert_snapshot!(wrong("[columns]\nfone = \"x\""), @"curfew.toml:2: `columns.fone`: unknown key; known here: external_id, phone, region, postal_code, zone, country, at");
        assert_snapshot!(wrong("guard = ["), @"curfew.toml:1: unclosed array, expected `]`");
        assert_snapshot!(wrong("[regions.X]\njurisdiction = \"US-FLA\""), @"curfew.toml:2: `regions.X.jurisdiction`: `US-FLA` is not a known jurisdiction; write an ISO code");
        assert_snapshot!(wrong("[[rule]]\nid = \"x\"\njurisdiction = \"US\"\nhours = \"21-8\""), @"curfew.toml:4: `rule[0].hours`: `21` is not a time of day; write it as `08:00`, from `00:00` to `24:00`");
        assert_snapshot!(wrong("[[rule]]\nid = \"x\"\njurisdiction = \"US\""), @"curfew.toml:1: `rule[0]`: a rule has either `hours` or `requires`");
        assert_snapshot!(wrong("[[rule]]\nid = \"x\"\njurisdiction = \"US-FLA\""), @"curfew.toml:3: `rule[0].jurisdiction`: `US-FLA` is not a known jurisdiction; write an ISO code");
        assert_snapshot!(wrong("[[rule]]\nid = \"x\"\neffective_from = \"soon\""), @"curfew.toml:3: `rule[0].effective_from`: `soon` is not a date; write it as `2026-01-31`");
    }
}
