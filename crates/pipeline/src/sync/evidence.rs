//! Which fields of a contact speak for its place.

use core_compliance::ports::ContactRecord;
use core_compliance::{Evidence, EvidenceKind};
use serde_json::Value;

use super::annotate::is_ours;

/// For each kind of evidence the dotted paths at which it may stand; the first that holds something counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPaths {
    /// Region codes.
    pub region: Vec<String>,
    /// IANA zone names.
    pub zone: Vec<String>,
    /// ISO 3166-1 country codes.
    pub country: Vec<String>,
    /// Postal codes.
    pub postal_code: Vec<String>,
}

impl Default for FieldPaths {
    fn default() -> Self {
        let paths = |names: &[&str]| names.iter().map(|name| format!("attributes.{name}")).collect();
        Self {
            region: paths(&["region", "state"]),
            zone: paths(&["zone", "time_zone", "timezone", "timeZone"]),
            country: paths(&["country"]),
            postal_code: paths(&["postal_code", "postalCode", "zip"]),
        }
    }
}

impl FieldPaths {
    /// The evidence in a contact. What Curfew wrote there earlier is none.
    #[must_use]
    pub fn evidence_in(&self, record: &ContactRecord) -> Evidence {
        let mut evidence = Evidence {
            phone: record.text("phone").map(str::to_owned),
            ..Evidence::default()
        };
        let kinds: [(EvidenceKind, &[String]); 4] = [
            (EvidenceKind::Region, &self.region),
            (EvidenceKind::Zone, &self.zone),
            (EvidenceKind::Country, &self.country),
            (EvidenceKind::PostalCode, &self.postal_code),
        ];
        for (kind, paths) in kinds {
            let found = paths
                .iter()
                .filter(|path| !is_ours(record, path))
                .find_map(|path| {
                    let value = record.at_path(path)?;
                    let is_blank = value.as_str().is_some_and(|text| text.trim().is_empty());
                    (!is_blank).then_some((path, value))
                });
            match found {
                None => {}
                Some((_, Value::String(text))) => {
                    let field = match kind {
                        EvidenceKind::Region => &mut evidence.region,
                        EvidenceKind::Zone => &mut evidence.zone,
                        EvidenceKind::Country => &mut evidence.country,
                        _ => &mut evidence.postal_code,
                    };
                    *field = Some(text.clone());
                }
                Some((path, _)) => evidence
                    .unreadable
                    .push((kind, format!("`{path}` must be a text"))),
            }
        }
        evidence
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn evidence(attributes: Value) -> Evidence {
        let record = ContactRecord::from_json(json!({"externalId": "7", "attributes": attributes})).unwrap();
        FieldPaths::default().evidence_in(&record)
    }

    #[test]
    fn the_first_field_that_holds_something_counts() {
        assert_eq!(
            evidence(json!({"region": " ", "state": "US-FL"}))
                .region
                .as_deref(),
            Some("US-FL")
        );
        assert_eq!(
            evidence(json!({"region": "US-GA", "state": "US-FL"}))
                .region
                .as_deref(),
            Some("US-GA")
        );
        assert_eq!(evidence(json!({"region": null})), Evidence::default());
    }

    #[test]
    fn what_is_no_text_is_unreadable_not_absent() {
        assert_eq!(evidence(json!({"region": 5})).unreadable.len(), 1);
    }

    #[test]
    fn what_curfew_wrote_is_never_evidence() {
        let ours = json!({"rulebook": "curfew 0.1.0; rulebook 0", "timeZone": "Asia/Tokyo"});
        assert_eq!(evidence(ours).zone, None);
        let foreign = json!({"timeZone": "Asia/Tokyo"});
        assert_eq!(evidence(foreign).zone.as_deref(), Some("Asia/Tokyo"));
        let both = json!({"rulebook": "curfew 0.1.0; rulebook 0", "timeZone": "Asia/Tokyo", "curfew_timeZone": "Europe/Rome"});
        assert_eq!(evidence(both).zone.as_deref(), Some("Asia/Tokyo"));
    }
}
