//! Which columns of a list hold what: by their headers, or as the user says.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use core_compliance::ports::RowField;

/// What a column can hold that Curfew reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Field {
    /// The id by which the tenant knows the contact.
    ExternalId,
    /// The number to call.
    Phone,
    /// A region code.
    Region,
    /// A postal code.
    PostalCode,
    /// An IANA zone name.
    Zone,
    /// An ISO 3166-1 country code.
    Country,
    /// The planned time; never recognised, only named.
    At,
}

impl Field {
    /// All fields.
    pub const ALL: [Self; 7] = [
        Self::ExternalId,
        Self::Phone,
        Self::Region,
        Self::PostalCode,
        Self::Zone,
        Self::Country,
        Self::At,
    ];

    /// The name by which settings, flags and errors call it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ExternalId => "external_id",
            Self::Phone => "phone",
            Self::Region => "region",
            Self::PostalCode => "postal_code",
            Self::Zone => "zone",
            Self::Country => "country",
            Self::At => "at",
        }
    }

    /// The headers that it is recognised by, reduced by [`reduced`].
    fn headers(self) -> &'static [&'static str] {
        match self {
            Self::ExternalId => &["externalid", "id"],
            Self::Phone => &["phone"],
            Self::Region => &["region", "state"],
            Self::PostalCode => &["postalcode", "zip", "postcode"],
            Self::Zone => &["zone", "timezone"],
            Self::Country => &["country"],
            Self::At => &[],
        }
    }
}

impl From<RowField> for Field {
    fn from(field: RowField) -> Self {
        match field {
            RowField::Phone => Self::Phone,
            RowField::Region => Self::Region,
            RowField::Zone => Self::Zone,
            RowField::Country => Self::Country,
            RowField::PostalCode => Self::PostalCode,
            RowField::At => Self::At,
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Field {
    type Err = ColumnsError;

    fn from_str(text: &str) -> Result<Self, ColumnsError> {
        let known = Self::ALL.into_iter().find(|field| field.as_str() == text);
        known.ok_or_else(|| ColumnsError::NoField(text.to_owned()))
    }
}

/// What the user says about the columns; it wins over what their headers say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnMapping(BTreeMap<Field, String>);

impl ColumnMapping {
    /// Says which header a field stands under.
    pub fn set(&mut self, field: Field, header: impl Into<String>) {
        self.0.insert(field, header.into());
    }

    /// Leaves it to the field's usual headers.
    pub fn forget(&mut self, field: Field) {
        self.0.remove(&field);
    }

    /// Whether no column is to be read as this field.
    #[must_use]
    pub fn reads_none(&self, field: Field) -> bool {
        self.0.get(&field).is_some_and(|header| header == NO_COLUMN)
    }

    /// The same with what `other` says on top.
    #[must_use]
    pub fn with(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// What a key means, where each row has keys of its own; the mapping wins, as in [`Columns::recognise`].
    pub(crate) fn field_of(&self, key: &str) -> Option<Field> {
        let short = reduced(key);
        let mut mapped = self.0.iter().filter(|(_, header)| *header != NO_COLUMN);
        if let Some((field, _)) = mapped.find(|(_, header)| *header == key || reduced(header) == short) {
            return Some(*field);
        }
        let is_named =
            |field: &Field| !self.0.contains_key(field) && field.headers().contains(&short.as_str());
        Field::ALL.into_iter().find(is_named)
    }

    /// What is said, in the order of [`Field::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = (Field, &str)> {
        self.0.iter().map(|(field, header)| (*field, header.as_str()))
    }
}

impl FromStr for ColumnMapping {
    type Err = ColumnsError;

    /// Reads `phone=Telefon,region=State`; `phone=-` reads no column as the field. A header with a comma in it can only be named in the settings file.
    fn from_str(text: &str) -> Result<Self, ColumnsError> {
        let mut mapping = Self::default();
        for pair in text.split(',').filter(|pair| !pair.trim().is_empty()) {
            let (field, header) = pair
                .split_once('=')
                .map(|(field, header)| (field.trim(), header.trim()))
                .filter(|(_, header)| !header.is_empty())
                .ok_or_else(|| ColumnsError::NotAPair(shown(pair)))?;
            let field: Field = field.parse()?;
            if mapping.0.insert(field, header.to_owned()).is_some() {
                return Err(ColumnsError::Twice(field));
            }
        }
        Ok(mapping)
    }
}

/// Why the columns of a list are not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ColumnsError {
    /// A part of the flag is no pair.
    #[error("`{0}` is not of the form FIELD=HEADER; write it as `phone=Telefon,region=State`")]
    NotAPair(String),
    /// There is no such field.
    #[error(
        "`{0}` is not a field of a list; the fields are external_id, phone, region, postal_code, zone, country, at"
    )]
    NoField(String),
    /// A field was mapped twice.
    #[error("`{0}` is mapped twice; name one header")]
    Twice(Field),
    /// The mapping names a header that is not there.
    #[error("no column `{header}`, which is to be `{field}`; the columns are {headers}")]
    NoSuchColumn {
        /// The field mapped to it.
        field: Field,
        /// The header asked for.
        header: String,
        /// The headers that are there.
        headers: String,
    },
    /// Two columns could be the field.
    #[error(
        "columns {first} and {second} could both be `{field}`; say which: `{field}=HEADER` in --columns, or \
         `{field} = \"HEADER\"` under [columns] in the settings; the columns are {headers}"
    )]
    Ambiguous {
        /// The field.
        field: Field,
        /// One column.
        first: String,
        /// The other.
        second: String,
        /// The headers that are there.
        headers: String,
    },
    /// A field that is needed was not found.
    #[error(
        "no column is known to be `{field}`; name it: `{field}=HEADER` in --columns, or `{field} = \"HEADER\"` under \
         [columns] in the settings; the columns are {headers}"
    )]
    Missing {
        /// The field.
        field: Field,
        /// The headers that are there.
        headers: String,
    },
    /// The first line holds data.
    #[error(
        "the first line has no headers: `{0}` looks like a phone number; put a line with the names of the columns before it"
    )]
    NoHeaders(String),
}

/// Where each field stands in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    headers: Vec<String>,
    found: BTreeMap<Field, usize>,
}

impl Columns {
    /// Finds the fields among these headers.
    ///
    /// Case, blanks around, and the difference between `_`, `-`, a space and nothing do not count. A column that the
    /// mapping gives to one field is not recognised as another.
    ///
    /// # Errors
    /// [`ColumnsError`]: two columns for one field, a mapped header that is not there, or a first line of data.
    pub fn recognise<H: AsRef<str>>(headers: &[H], mapping: &ColumnMapping) -> Result<Self, ColumnsError> {
        let headers: Vec<String> = headers
            .iter()
            .map(|header| header.as_ref().trim().to_owned())
            .collect();
        let mut columns = Self {
            headers,
            found: BTreeMap::new(),
        };
        let looks_like_phone = |header: &&String| {
            header.strip_prefix('+').is_some_and(|digits| {
                digits.len() >= FEWEST_HIDDEN && digits.bytes().all(|byte| byte.is_ascii_digit())
            })
        };
        if let Some(header) = columns.headers.iter().find(looks_like_phone) {
            return Err(ColumnsError::NoHeaders(shown(header)));
        }
        for (field, header) in mapping.0.iter().filter(|(_, header)| *header != NO_COLUMN) {
            let exact = columns.only(*field, |each| each == header.trim())?;
            let found = match exact {
                Some(index) => Some(index),
                None => columns.only(*field, |each| reduced(each) == reduced(header))?,
            };
            let index = found.ok_or_else(|| ColumnsError::NoSuchColumn {
                field: *field,
                header: shown(header),
                headers: columns.listed(),
            })?;
            columns.found.insert(*field, index);
        }
        let mapped: Vec<usize> = columns.found.values().copied().collect();
        let is_mapped = |index: usize| mapped.contains(&index);
        for field in Field::ALL {
            if mapping.0.contains_key(&field) {
                continue;
            }
            let names = field.headers();
            let found = columns.only_of(field, |index, each| {
                !is_mapped(index) && names.contains(&reduced(each).as_str())
            })?;
            if let Some(index) = found {
                columns.found.insert(field, index);
            }
        }
        Ok(columns)
    }

    /// As [`Self::recognise`], for objects of which each may lack keys: a mapped key that is not there is no error, and
    /// nothing else is taken for its field.
    ///
    /// # Errors
    /// [`ColumnsError`]: two keys for one field.
    pub(crate) fn among<H: AsRef<str>>(keys: &[H], mapping: &ColumnMapping) -> Result<Self, ColumnsError> {
        let is_there = |header: &str| keys.iter().any(|key| reduced(key.as_ref()) == reduced(header));
        let (there, missing): (Vec<_>, Vec<_>) = mapping.iter().partition(|(_, header)| is_there(header));
        let there = there
            .into_iter()
            .map(|(field, header)| (field, header.to_owned()))
            .collect();
        let mut columns = Self::recognise(keys, &ColumnMapping(there))?;
        for (field, _) in missing {
            columns.found.remove(&field);
        }
        Ok(columns)
    }

    /// The column of a field, counted from 0.
    #[must_use]
    pub fn index(&self, field: Field) -> Option<usize> {
        self.found.get(&field).copied()
    }

    /// The column of a field that must be there, counted from 0.
    ///
    /// # Errors
    /// [`ColumnsError::Missing`], with the headers that are there.
    pub fn need(&self, field: Field) -> Result<usize, ColumnsError> {
        self.index(field).ok_or_else(|| ColumnsError::Missing {
            field,
            headers: self.listed(),
        })
    }

    /// The headers, blanks around them left out.
    #[must_use]
    pub fn headers(&self) -> &[String] {
        &self.headers
    }

    /// What was recognised, in words: `external_id = column 1 "id", phone = column 3 "Phone"`.
    #[must_use]
    pub fn described(&self) -> String {
        let each = |(field, index): (&Field, &usize)| {
            let header = self.headers.get(*index).map_or("", String::as_str);
            format!("{field} = column {} \"{}\"", index + 1, shown(header))
        };
        let all: Vec<String> = self.found.iter().map(each).collect();
        if all.is_empty() {
            return "no column was recognised".to_owned();
        }
        all.join(", ")
    }

    /// The one column whose header matches.
    fn only(&self, field: Field, matches: impl Fn(&str) -> bool) -> Result<Option<usize>, ColumnsError> {
        self.only_of(field, |_, header| matches(header))
    }

    fn only_of(
        &self,
        field: Field,
        matches: impl Fn(usize, &str) -> bool,
    ) -> Result<Option<usize>, ColumnsError> {
        let mut found = self
            .headers
            .iter()
            .enumerate()
            .filter(|(index, header)| matches(*index, header));
        match (found.next(), found.next()) {
            (first, None) => Ok(first.map(|(index, _)| index)),
            (None, Some((index, _))) => Ok(Some(index)),
            (Some((first, one)), Some((second, other))) => {
                let named = |index: usize, header: &str| format!("{} `{}`", index + 1, shown(header));
                Err(ColumnsError::Ambiguous {
                    field,
                    first: named(first, one),
                    second: named(second, other),
                    headers: self.listed(),
                })
            }
        }
    }

    /// The headers for an error, no more than a screen can show, and no number among them.
    #[must_use]
    pub fn listed(&self) -> String {
        let mut listed: Vec<String> = self
            .headers
            .iter()
            .take(MOST_LISTED)
            .map(|header| format!("`{}`", shown(header)))
            .collect();
        if self.headers.len() > MOST_LISTED {
            listed.push(format!("and {} more", self.headers.len() - MOST_LISTED));
        }
        listed.join(", ")
    }
}

/// Instead of a header: no column holds the field, whatever it is called.
const NO_COLUMN: &str = "-";
/// Headers named in an error.
const MOST_LISTED: usize = 40;
/// Letters of a header shown in an error.
const LONGEST_SHOWN: usize = 40;
/// With so many digits a text may be a phone number; a list without headers has them in its first line.
const FEWEST_HIDDEN: usize = 7;

/// A header as matching sees it: small letters, without blanks, `_` and `-`.
pub(crate) fn reduced(header: &str) -> String {
    header
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// A header as errors show it: one short line, and no number that could be called.
fn shown(header: &str) -> String {
    let digits = header.bytes().filter(u8::is_ascii_digit).count();
    let mut shown: String = header
        .chars()
        .take(LONGEST_SHOWN)
        .map(|c| match c {
            c if c.is_control() => '\u{fffd}',
            c if c.is_ascii_digit() && digits >= FEWEST_HIDDEN => '*',
            c => c,
        })
        .collect();
    if header.chars().nth(LONGEST_SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests;
