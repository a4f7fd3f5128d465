//! docs/performance.md: what benches have measured, each in a section of its own that only the harness writes.

use std::fs;

use crate::failure::Failure;
use crate::process;

const PAGE: &str = "docs/performance.md";

/// Puts what a bench has said in place of what it said before.
///
/// # Errors
/// When the page has no section for the bench, or cannot be written.
pub(crate) fn write(bench: &str, said: &str) -> Result<(), Failure> {
    let path = process::workspace_root().join(PAGE);
    let page =
        fs::read_to_string(&path).map_err(|error| Failure::new(format!("cannot read {PAGE}: {error}")))?;
    let page = replaced(&page, bench, said).ok_or_else(|| {
        let (begin, end) = marks(bench);
        Failure::new(format!(
            "{PAGE} has no section for `{bench}`; add the lines `{begin}` and `{end}`"
        ))
    })?;
    fs::write(&path, page).map_err(|error| Failure::new(format!("cannot write {PAGE}: {error}")))
}

fn marks(bench: &str) -> (String, String) {
    (
        format!("<!-- bench {bench} -->"),
        format!("<!-- end of bench {bench} -->"),
    )
}

/// The page with the section between the marks renewed.
fn replaced(page: &str, bench: &str, said: &str) -> Option<String> {
    let (begin, end) = marks(bench);
    let (before, rest) = page.split_once(&begin)?;
    let (_, after) = rest.split_once(&end)?;
    let lines: String = said
        .lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect();
    Some(format!("{before}{begin}\n```text\n{lines}```\n{end}{after}"))
}

#[cfg(test)]
mod tests {
    use super::replaced;

    #[test]
    fn a_section_is_renewed_and_nothing_else() {
        let page = "# P\n<!-- bench a -->\nold\n<!-- end of bench a -->\nrest\n<!-- bench b -->\n<!-- end of bench b -->\n";
        let once = replaced(page, "a", "new  \nlines").unwrap();
        assert_eq!(once, page.replace("old\n", "```text\nnew\nlines\n```\n"));
        assert_eq!(replaced(&once, "a", "new\nlines"), Some(once.clone()));
        assert_eq!(replaced(page, "c", "x"), None);
    }
}
