//! One line of a do-not-call list: a number alone, or a row under `phone,expires,reason`.

use core_compliance::ports::mask_numbers;
use core_compliance::{Instant, InstantError, LocalDate, PhoneNumber};

use super::number;
use super::rows::Row;

/// A reason is cut here: it is repeated in every finding.
const LONGEST_REASON: usize = 200;
/// A date is over everywhere once it is over at UTC−12: at noon, UTC, of the next day.
const OVER_EVERYWHERE: i64 = 86_400 + 12 * 3_600;

/// Where the columns stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    phone: usize,
    expires: Option<usize>,
    reason: Option<usize>,
    count: usize,
}

impl Columns {
    /// A list of numbers alone.
    const PLAIN: Self = Self {
        phone: 0,
        expires: None,
        reason: None,
        count: 1,
    };

    /// The columns of a header.
    fn of(header: &[String]) -> Result<Self, String> {
        let (mut phone, mut expires, mut reason) = (None, None, None);
        for (index, name) in header.iter().enumerate() {
            let column = match name.to_ascii_lowercase().as_str() {
                "phone" => &mut phone,
                "expires" => &mut expires,
                "reason" => &mut reason,
                _ => {
                    return Err(format!(
                        "`{}` is no column of a do-not-call list; write one number a line, or the columns \
                         `phone,expires,reason` with commas between them",
                        mask_numbers(&shown(name))
                    ));
                }
            };
            if column.replace(index).is_some() {
                return Err(format!("column `{name}` is there twice; keep one"));
            }
        }
        Ok(Self {
            phone: phone.ok_or("no column `phone`; write the header `phone,expires,reason`")?,
            expires,
            reason,
            count: header.len(),
        })
    }
}

/// A line with something in it, or nothing to read.
pub(super) struct Line<'l>(Option<&'l str>);

impl<'l> Line<'l> {
    pub(super) fn of(bytes: &'l [u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(bytes)
            .map_err(|_| "the line is not UTF-8; save the list as UTF-8".to_owned())?
            .trim();
        Ok(Self(
            Some(text).filter(|text| !text.is_empty() && !text.starts_with('#')),
        ))
    }

    /// The entry; `None` of blank lines, comments and the header, which sets `columns`.
    pub(super) fn read(self, columns: &mut Option<Columns>) -> Result<Option<Row>, String> {
        let Some(text) = self.0 else { return Ok(None) };
        let is_alone = !text.contains([',', '"']);
        let fields = match (&columns, is_alone) {
            (Some(columns), true) if columns.phone == 0 => return row_of(text, None, None).map(Some),
            _ => fields(text)?,
        };
        let columns = match columns {
            Some(columns) => *columns,
            None if fields
                .iter()
                .any(|field| field.bytes().any(|byte| byte.is_ascii_digit())) =>
            {
                *columns.insert(Columns::PLAIN)
            }
            None => {
                *columns = Some(Columns::of(&fields)?);
                return Ok(None);
            }
        };
        if fields.len() > columns.count {
            return Err(match columns.count {
                1 => "more than a number; write the header `phone,expires,reason` above a list that has more"
                    .to_owned(),
                count => format!(
                    "{} fields, and the header has {count}; put a reason with commas between quotes",
                    fields.len()
                ),
            });
        }
        let field = |index: Option<usize>| index.and_then(|index| fields.get(index)).map(String::as_str);
        row_of(
            field(Some(columns.phone)).unwrap_or_default(),
            field(columns.expires),
            field(columns.reason),
        )
        .map(Some)
    }
}

/// The fields of a line, blanks around them left out. A field ends with its line: a quote that is not closed would
/// otherwise swallow the numbers below it.
fn fields(text: &str) -> Result<Vec<String>, String> {
    if text.bytes().filter(|byte| *byte == b'"').count() % 2 != 0 {
        return Err(
            "a quote is not closed on this line; close it, and write two for one within a text".to_owned(),
        );
    }
    let mut record = csv::StringRecord::new();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    reader
        .read_record(&mut record)
        .map_err(|error| error.to_string())?;
    Ok(record.iter().map(|field| field.trim().to_owned()).collect())
}

fn row_of(phone: &str, expires: Option<&str>, reason: Option<&str>) -> Result<Row, String> {
    // The error repeats no digits.
    let phone: PhoneNumber = phone
        .parse()
        .map_err(|error: core_compliance::PhoneError| error.to_string())?;
    let digits = phone.as_str().strip_prefix('+').unwrap_or_default();
    Ok(Row {
        number: number(digits.as_bytes()).ok_or("the phone number is not E.164")?,
        until: match expires.filter(|text| !text.is_empty()) {
            Some(text) => end(text)?,
            None => None,
        },
        reason: reason.filter(|text| !text.is_empty()).map(shown),
    })
}

/// The first instant after the expiry; `None` if it lies after all that can be asked about.
fn end(text: &str) -> Result<Option<Instant>, String> {
    if let Some(date) = date(text) {
        let over = i64::from(date.days()) * 86_400 + OVER_EVERYWHERE;
        return Ok(Instant::from_unix(over)
            .ok()
            .or_else(|| (over < 0).then_some(Instant::EARLIEST)));
    }
    match text.parse::<Instant>() {
        Ok(until) => Ok(Some(until)),
        Err(InstantError::OutOfRange(second)) if second > 0 => Ok(None),
        Err(InstantError::OutOfRange(_)) => Ok(Some(Instant::EARLIEST)),
        Err(InstantError::NoOffset(_)) => Err(format!(
            "`expires`: `{}` has no UTC offset; write `Z` or an offset such as `-04:00` after it, or a date alone",
            shown(text)
        )),
        Err(_) => Err(format!(
            "`expires`: `{}` is not a date; write it as `2026-12-31` or `2026-12-31T18:00:00Z`, or leave it empty for an \
             entry without end",
            mask_numbers(&shown(text))
        )),
    }
}

/// `2026-12-31`, and no other way to write it.
fn date(text: &str) -> Option<LocalDate> {
    let (year, rest) = text.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    let digits =
        |part: &str, count: usize| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    if !(digits(year, 4) && digits(month, 2) && digits(day, 2)) {
        return None;
    }
    LocalDate::from_calendar(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// A text of the list as findings and errors show it: one line, not too long, and no number that could be called.
fn shown(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(LONGEST_REASON)
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect();
    if text.chars().nth(LONGEST_REASON).is_some() {
        shown.push('…');
    }
    mask_numbers(&shown)
}
