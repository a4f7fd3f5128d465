//! `curfew config show`.

use std::collections::BTreeMap;

use core_compliance::{Gate, Rule, RuleOrigin};
use serde_json::json;

use crate::args::{ConfigAction, ConfigArgs, Format, Global};
use crate::exit::{CliError, Exit};
use crate::output::Output;
use crate::settings::{KEYS, Layers, load_gate};

/// Columns of the values; a longer value pushes its origin aside.
const NARROWEST: usize = 18;
const WIDEST: usize = 42;

pub(crate) fn run(global: &Global, args: &ConfigArgs, output: &Output) -> Result<u8, CliError> {
    let ConfigAction::Show(show) = &args.action;
    let layers = Layers::load(global, show.decision.flags())?;
    // Values that cannot be used are an error here as everywhere.
    let gate = load_gate(&layers, output)?;
    let file = layers.file.as_ref().map(|file| file.path.display().to_string());
    let rows: Vec<_> = KEYS
        .iter()
        .map(|key| match layers.value(key) {
            Some((value, origin)) => (key.name, Some(value), origin.to_string()),
            None => (key.name, None, "not set".to_owned()),
        })
        .collect();
    let settings = gate.settings();
    if output.format_or(Format::Text) != Format::Text {
        let values: serde_json::Map<_, _> = rows
            .iter()
            .map(|(name, value, origin)| ((*name).to_owned(), json!({"value": value, "origin": origin})))
            .collect();
        let document = json!({
            "file": file,
            "settings": values,
            "fields": layers.file.as_ref().map(|file| &file.fields),
            "columns": columns(&layers),
            "regions": settings.regions.own.keys().collect::<Vec<_>>(),
            "rules": own_rules(&gate).map(|rule| &rule.id).collect::<Vec<_>>(),
            "sha256": settings.sha256(settings.purpose, settings.channel),
        });
        output.line(&document.to_string())?;
        return Ok(Exit::DONE);
    }
    output.line(&format!("settings file: {}", file.as_deref().unwrap_or("none")))?;
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
    let lengths = rows.iter().map(|(_, value, _)| shown(value).chars().count());
    let width = lengths.max().unwrap_or_default().clamp(NARROWEST, WIDEST);
    for (name, value, origin) in rows {
        output.line(&format!("{name:<18} {:<width$} {origin}", shown(&value)))?;
    }
    for (kind, paths) in layers.file.iter().flat_map(|file| &file.fields) {
        output.line(&format!("fields {kind}: {}", paths.join(", ")))?;
    }
    for (field, header) in columns(&layers) {
        output.line(&format!("column {field}: {header}"))?;
    }
    for (code, region) in &settings.regions.own {
        let zones = if region.zones.is_empty() {
            "all its zones".to_owned()
        } else {
            region.zones.join(", ")
        };
        output.line(&format!("region {code}: {}, {zones}", region.jurisdiction))?;
    }
    for rule in own_rules(&gate) {
        output.line(&format!(
            "rule {}: {} ({})",
            rule.id, rule.jurisdiction, rule.status
        ))?;
    }
    Ok(Exit::DONE)
}

/// Which columns of lists hold what.
fn columns(layers: &Layers) -> BTreeMap<&str, &str> {
    let mappings = layers.file.iter().flat_map(|file| file.columns.iter());
    mappings.map(|(field, header)| (field.as_str(), header)).collect()
}

/// The user's own rules; the rulebook's are not settings.
fn own_rules(gate: &Gate) -> impl Iterator<Item = &Rule> {
    gate.rulebook()
        .rules()
        .iter()
        .filter(|rule| rule.origin == RuleOrigin::Overlay)
}
