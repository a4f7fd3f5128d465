//! From a row of texts to a placed call.

use core_compliance::ports::{PlacedCall, mask_numbers};
use core_compliance::{AttemptOutcome, Evidence, Instant, PhoneNumber, Purpose};

use crate::columns::{ColumnMapping, Columns, ColumnsError, Field, reduced};

/// The headers of an attempt's own columns, reduced.
const AT: [&str; 6] = ["at", "time", "calledat", "placedat", "startedat", "starttime"];
const OUTCOME: [&str; 2] = ["outcome", "disposition"];
const MATTER: [&str; 1] = ["matter"];
const PURPOSE: [&str; 1] = ["purpose"];

/// Which column holds what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AttemptColumns {
    columns: Columns,
    at: usize,
    outcome: Option<usize>,
    matter: Option<usize>,
    purpose: Option<usize>,
}

impl AttemptColumns {
    /// Recognises the columns by these headers; `mapping` wins over what they say.
    pub(super) fn of<H: AsRef<str>>(headers: &[H], mapping: &ColumnMapping) -> Result<Self, ColumnsError> {
        let own = |names: &[&str]| {
            let is_named = |header: &&H| names.contains(&reduced(header.as_ref()).as_str());
            headers.iter().find(is_named).map(|header| header.as_ref().trim())
        };
        let index = |names: &[&str]| {
            let is_named = |header: &H| names.contains(&reduced(header.as_ref()).as_str());
            headers.iter().position(is_named)
        };
        let mut mapping = mapping.clone();
        if !mapping.iter().any(|(field, _)| field == Field::At)
            && let Some(header) = own(&AT)
        {
            mapping.set(Field::At, header);
        }
        let columns = Columns::recognise(headers, &mapping)?;
        if columns.index(Field::ExternalId).is_none() {
            columns.need(Field::Phone)?;
        }
        Ok(Self {
            at: columns.need(Field::At)?,
            outcome: index(&OUTCOME),
            matter: index(&MATTER),
            purpose: index(&PURPOSE),
            columns,
        })
    }

    pub(super) fn count(&self) -> usize {
        self.columns.headers().len()
    }

    /// The call of a row, or what is wrong with it; no error repeats a number.
    pub(super) fn call(&self, row: &[String], assume_utc: bool) -> Result<PlacedCall, String> {
        let text = |index: Option<usize>| {
            let text = row.get(index?)?.trim();
            (!text.is_empty()).then(|| text.to_owned())
        };
        let field = |field: Field| text(self.columns.index(field));
        let at = text(Some(self.at)).ok_or("`at` is empty; write when the call was placed")?;
        let at = if assume_utc {
            Instant::parse_assuming_utc(&at)
        } else {
            at.parse()
        };
        let phone = field(Field::Phone);
        if let Some(phone) = &phone {
            phone
                .parse::<PhoneNumber>()
                .map_err(|error| format!("`phone`: {error}"))?;
        }
        let call = PlacedCall {
            at: at.map_err(|error| format!("`at`: {}", mask_numbers(&error.to_string())))?,
            external_id: field(Field::ExternalId),
            outcome: text(self.outcome)
                .map(|word| word_of::<AttemptOutcome>("outcome", &word, '-'))
                .transpose()?,
            matter: text(self.matter),
            purpose: text(self.purpose)
                .map(|word| word_of::<Purpose>("purpose", &word, '_'))
                .transpose()?,
            evidence: Evidence {
                region: field(Field::Region),
                zone: field(Field::Zone),
                country: field(Field::Country),
                phone,
                postal_code: field(Field::PostalCode),
                ..Evidence::default()
            },
        };
        if call.external_id.is_none() && call.evidence.phone.is_none() {
            return Err("neither `external_id` nor `phone` says who was called".to_owned());
        }
        Ok(call)
    }
}

/// A word of a closed vocabulary, however its parts are joined and in any case.
fn word_of<T: core::str::FromStr<Err = core_compliance::UnknownWord>>(
    key: &str,
    word: &str,
    joint: char,
) -> Result<T, String> {
    let plain: String = word
        .to_lowercase()
        .chars()
        .map(|c| if matches!(c, '_' | '-' | ' ') { joint } else { c })
        .collect();
    plain.parse().map_err(|error: core_compliance::UnknownWord| {
        let error = core_compliance::UnknownWord {
            word: mask_numbers(
                &word
                    .chars()
                    .filter(|c| !c.is_control())
                    .take(60)
                    .collect::<String>(),
            ),
            ..error
        };
        format!("`{key}`: {error}")
    })
}
