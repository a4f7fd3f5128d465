//! What was stored, compared with what was listed.

use serde_json::Value;

const ANNOTATION: [&str; 6] = [
    "validatedAt",
    "permittedFrom",
    "permittedUntil",
    "timeZone",
    "jurisdiction",
    "rulebook",
];

/// The payload without Curfew's six attributes, as text: fields in their order, numbers digit by digit.
///
/// # Panics
/// When one of the six is not there.
#[must_use]
pub fn without_annotation(payload: &Value) -> String {
    let mut bare = payload.clone();
    let attributes = bare
        .get_mut("attributes")
        .and_then(Value::as_object_mut)
        .expect("an annotated contact has attributes");
    for name in ANNOTATION {
        assert!(
            attributes.shift_remove(name).is_some(),
            "`{name}` is missing from {payload}"
        );
    }
    bare.to_string()
}
