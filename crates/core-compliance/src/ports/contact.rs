//! A contact as its owner holds it: every field kept, in order, unread ones too.

use serde_json::{Map, Value};

/// The free attributes of a contact.
pub type Attributes = Map<String, Value>;

/// A contact record: a JSON object of which Curfew reads a few fields and keeps all.
#[derive(Clone, Debug, PartialEq)]
pub struct ContactRecord(Map<String, Value>);

/// Why a value is not a contact record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// Something else than a JSON object.
    #[error("a contact must be a JSON object, not {0}")]
    NotAnObject(&'static str),
}

impl ContactRecord {
    /// Takes a JSON object.
    ///
    /// # Errors
    /// [`RecordError::NotAnObject`] for every other value.
    pub fn from_json(value: Value) -> Result<Self, RecordError> {
        let kind = match value {
            Value::Object(fields) => return Ok(Self(fields)),
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
        };
        Err(RecordError::NotAnObject(kind))
    }

    /// The fields, in the order read.
    #[must_use]
    pub fn fields(&self) -> &Map<String, Value> {
        &self.0
    }

    /// The fields, to annotate them.
    pub fn fields_mut(&mut self) -> &mut Map<String, Value> {
        &mut self.0
    }

    /// `externalId`, if it is a text with something in it.
    #[must_use]
    pub fn external_id(&self) -> Option<&str> {
        self.text("externalId").filter(|id| !id.trim().is_empty())
    }

    /// A top-level field that is a text.
    #[must_use]
    pub fn text(&self, field: &str) -> Option<&str> {
        self.0.get(field).and_then(Value::as_str)
    }

    /// The value at a dotted path such as `attributes.region`; a `null` counts as absent. Names with dots in them, as
    /// headers of lists may have, are found too: a longer name goes before a deeper path.
    #[must_use]
    pub fn at_path(&self, path: &str) -> Option<&Value> {
        within(&self.0, path).filter(|value| !value.is_null())
    }

    /// The record as a JSON value.
    #[must_use]
    pub fn into_json(self) -> Value {
        Value::Object(self.0)
    }
}

fn within<'v>(fields: &'v Map<String, Value>, path: &str) -> Option<&'v Value> {
    fields.get(path).or_else(|| {
        path.rmatch_indices('.').find_map(|(dot, _)| {
            let (name, rest) = path.split_at(dot);
            within(fields.get(name)?.as_object()?, rest.strip_prefix('.')?)
        })
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_reach_into_attributes_and_null_is_absent() {
        let record = ContactRecord::from_json(json!({
            "externalId": "7", "attributes": {"region": "US-FL", "zip": null, "deep": {"er": 1}}
        }))
        .unwrap();
        assert_eq!(record.at_path("attributes.region"), Some(&json!("US-FL")));
        assert_eq!(record.at_path("attributes.deep.er"), Some(&json!(1)));
        assert_eq!(record.at_path("attributes.zip"), None);
        assert_eq!(record.at_path("attributes.region.x"), None);
        assert_eq!(record.at_path("phone"), None);
    }

    #[test]
    fn names_with_dots_are_found() {
        let record = ContactRecord::from_json(json!({
            "attributes": {"address.state": "US-FL", "x": {"y.z": 1, "y": {"z": 2, "w": 3}}, "x.y": null}
        }))
        .unwrap();
        assert_eq!(record.at_path("attributes.address.state"), Some(&json!("US-FL")));
        assert_eq!(record.at_path("attributes.x.y.z"), Some(&json!(1)));
        assert_eq!(record.at_path("attributes.x.y.w"), Some(&json!(3)));
        assert_eq!(record.at_path("attributes.x.y"), None);
        assert_eq!(record.at_path("attributes."), None);
    }

    #[test]
    fn an_external_id_is_a_text_that_is_not_blank() {
        for (value, expected) in [
            (json!("7"), Some("7")),
            (json!(" "), None),
            (json!(7), None),
            (json!(null), None),
        ] {
            let record = ContactRecord::from_json(json!({ "externalId": value })).unwrap();
            assert_eq!(record.external_id(), expected);
        }
    }

    #[test]
    fn only_objects_are_records() {
        assert_eq!(
            ContactRecord::from_json(json!([1])),
            Err(RecordError::NotAnObject("an array"))
        );
    }
}
