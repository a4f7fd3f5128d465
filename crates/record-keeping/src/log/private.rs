//! What contacts say of themselves may hold a number where none belongs, as where a column is taken for another. Records
//! keep such words with the number masked, as everything else that is kept or said.

use std::borrow::Cow;

use core_compliance::Determination;
use core_compliance::ports::mask_numbers;

/// No postal code has more digits.
const LONGEST_POSTAL_CODE: usize = 10;

/// The answer, with numbers that it quotes masked.
pub(crate) fn determination(determination: &Determination) -> Cow<'_, Determination> {
    let mut masked = Cow::Borrowed(determination);
    for (position, finding) in determination.findings.iter().enumerate() {
        let message = mask_numbers(&finding.message);
        if message != finding.message
            && let Some(finding) = masked.to_mut().findings.get_mut(position)
        {
            finding.message = message;
        }
    }
    masked
}

/// A postal code; it is digits itself.
pub(crate) fn postal_code(text: &str) -> String {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if digits > LONGEST_POSTAL_CODE {
        mask_numbers(text)
    } else {
        text.to_owned()
    }
}
