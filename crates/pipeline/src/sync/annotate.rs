//! What Curfew writes into a contact: attributes that a dialer can test and an auditor can read.

use core_compliance::ports::{Attributes, ContactRecord};
use core_compliance::{Determination, Instant};
use serde_json::Value;

/// The attributes that Curfew writes.
const NAMES: [&str; 6] = [
    "validatedAt",
    "permittedFrom",
    "permittedUntil",
    "timeZone",
    "jurisdiction",
    "rulebook",
];
/// Where a name is taken by somebody else's value, ours is written with this before it.
const PREFIX: &str = "curfew_";
/// How the value of `rulebook` begins wherever Curfew wrote it: by this mark its own attributes are known again.
const MARK: &str = "curfew ";

/// Whether the attribute at this path was written by Curfew.
pub(super) fn is_ours(record: &ContactRecord, path: &str) -> bool {
    let Some(name) = path.strip_prefix("attributes.") else {
        return false;
    };
    let attributes = record.fields().get("attributes").and_then(Value::as_object);
    attributes.is_some_and(|attributes| NAMES.contains(&name) && holds_ours(attributes, name))
}

/// Whether `name` itself holds our value: the contact bears our mark and no prefixed twin.
fn holds_ours(attributes: &Attributes, name: &str) -> bool {
    let marked = [NAMES[5].to_owned(), format!("{PREFIX}{}", NAMES[5])]
        .iter()
        .any(|name| {
            attributes
                .get(name)
                .and_then(Value::as_str)
                .is_some_and(|value| value.starts_with(MARK))
        });
    marked && !attributes.contains_key(&format!("{PREFIX}{name}"))
}

/// Writes the annotation into the contact; every other field stays as it was read.
///
/// # Errors
/// The reason, where `attributes` is there and no object: it cannot be annotated without altering it.
pub(super) fn annotate(
    record: &mut ContactRecord,
    determination: &Determination,
    validated_at: Instant,
) -> Result<(), String> {
    let values = [
        Value::String(validated_at.to_string()),
        Value::String(determination.at.to_string()),
        determination
            .permitted_until
            .map_or(Value::Null, |until| Value::String(until.to_string())),
        Value::String(joined(
            determination.places.iter().map(|place| place.zone.as_str()),
        )),
        Value::String(joined(
            determination
                .places
                .iter()
                .map(|place| place.jurisdiction.as_str()),
        )),
        Value::String(format!(
            "{MARK}{}; rulebook {} (sha256 {}); tzdb {}",
            determination.engine,
            determination.rulebook.version,
            determination.rulebook.sha256,
            determination.tzdb.version
        )),
    ];
    let attributes = record.fields_mut().entry("attributes").or_insert(Value::Null);
    if attributes.is_null() {
        *attributes = Value::Object(Attributes::new());
    }
    let Value::Object(attributes) = attributes else {
        return Err("`attributes` is not an object; the contact cannot be annotated".to_owned());
    };
    let own_names: Vec<String> = NAMES
        .iter()
        .map(|name| {
            let is_free = !attributes.contains_key(*name) || holds_ours(attributes, name);
            if is_free {
                (*name).to_owned()
            } else {
                format!("{PREFIX}{name}")
            }
        })
        .collect();
    for (name, value) in own_names.into_iter().zip(values) {
        attributes.insert(name, value);
    }
    Ok(())
}

/// Each text once, in order, with commas between.
fn joined<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    let mut once: Vec<&str> = Vec::new();
    for text in texts {
        if !once.contains(&text) {
            once.push(text);
        }
    }
    once.join(",")
}

#[cfg(test)]
mod tests {
    use core_compliance::{CallAttempt, Evidence, Gate, Rulebook, Settings, ZoneDatabase};
    use serde_json::json;

    use super::*;

    fn annotated(contact: Value, at: &str) -> Result<Value, String> {
        let gate = Gate::new(ZoneDatabase::bundled(), Rulebook::shipped(), Settings::default()).unwrap();
        let evidence = Evidence {
            region: Some("US-CA".to_owned()),
            ..Evidence::default()
        };
        let at: Instant = at.parse().unwrap();
        let determination = gate.determine(&CallAttempt::new(at, evidence));
        let mut record = ContactRecord::from_json(contact).unwrap();
        annotate(&mut record, &determination, at)?;
        Ok(record.into_json())
    }

    #[test]
    fn everything_read_is_kept_and_six_attributes_are_added() {
        let contact = json!({"externalId": "7", "x": [1.10, {"y": null}], "attributes": {"region": "US-CA", "n": 12345678901234567890_u64}});
        let result = annotated(contact, "2026-06-10T16:00:00Z").unwrap();
        assert_eq!(result["x"], json!([1.10, {"y": null}]));
        let attributes = result["attributes"].as_object().unwrap();
        assert_eq!(attributes["n"], json!(12345678901234567890_u64));
        assert_eq!(attributes["permittedFrom"], "2026-06-10T16:00:00Z");
        assert_eq!(attributes["permittedUntil"], "2026-06-11T04:00:00Z");
        assert_eq!(
            (&attributes["timeZone"], &attributes["jurisdiction"]),
            (&json!("America/Los_Angeles"), &json!("US-CA"))
        );
        assert!(
            attributes["rulebook"]
                .as_str()
                .unwrap()
                .starts_with("curfew 0.1.0; rulebook ")
        );
        assert_eq!(attributes.len(), 8);
    }

    #[test]
    fn a_foreign_value_keeps_its_name_also_on_the_next_run() {
        let contact = json!({"externalId": "7", "attributes": {"timeZone": "Eastern"}});
        let once = annotated(contact, "2026-06-10T16:00:00Z").unwrap();
        let twice = annotated(once.clone(), "2026-06-10T17:00:00Z").unwrap();
        for result in [&once, &twice] {
            assert_eq!(result["attributes"]["timeZone"], "Eastern");
            assert_eq!(result["attributes"]["curfew_timeZone"], "America/Los_Angeles");
        }
        assert_eq!(twice["attributes"]["validatedAt"], "2026-06-10T17:00:00Z");
        assert_eq!(twice["attributes"].as_object().unwrap().len(), 7);
    }

    #[test]
    fn attributes_that_are_no_object_are_not_overwritten() {
        assert!(
            annotated(
                json!({"externalId": "7", "attributes": "x"}),
                "2026-06-10T16:00:00Z"
            )
            .is_err()
        );
        assert!(
            annotated(
                json!({"externalId": "7", "attributes": null}),
                "2026-06-10T16:00:00Z"
            )
            .is_ok()
        );
        assert!(annotated(json!({"externalId": "7"}), "2026-06-10T16:00:00Z").is_ok());
    }
}
