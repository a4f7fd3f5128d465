//! Documents tell the truth about files: links resolve, named files exist, every decision record is listed.

use super::Violation;
use super::files::Tree;

const ARCHITECTURE: &str = "docs/architecture.md";
const DECISIONS: &str = "docs/adr/README.md";

/// Folders whose files the architecture page names by path.
const NAMED: &[&str] = &["crates/", "docs/", "tests/", "xtask/"];

/// What the documents get wrong.
pub(crate) fn violations(tree: &Tree) -> Vec<Violation> {
    let mut found = Vec::new();
    for file in tree.texts().iter().filter(|file| is_document(&file.path)) {
        found.extend(broken_links(&file.path, &file.text, tree));
        if file.path == ARCHITECTURE {
            found.extend(missing_files(&file.path, &file.text, tree));
        }
        if file.path == DECISIONS {
            found.extend(unlisted_decisions(&file.text, tree.paths()));
        }
    }
    found
}

fn is_document(path: &str) -> bool {
    let at_the_root = !path.contains('/');
    path.ends_with(".md") && (at_the_root || path.starts_with("docs/"))
}

/// Links to files that are not there.
fn broken_links(path: &str, text: &str, tree: &Tree) -> Vec<Violation> {
    let mut found = Vec::new();
    for (number, target) in links(text) {
        let file = target.split('#').next().unwrap_or_default();
        if file.is_empty() || file.contains("://") || file.starts_with("mailto:") {
            continue;
        }
        let resolved = resolve(path, file);
        if !resolved.as_ref().is_some_and(|resolved| tree.has(resolved)) {
            let message = format!("the link `{target}` leads nowhere; mend the path or the file's name");
            found.push(Violation::new(path, number, message));
        }
    }
    found
}

/// The targets of `[…](target)` and `[…]: target`, outside of code.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut all = Vec::new();
    let mut fenced = false;
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        // Every second piece between backticks is code.
        let prose: Vec<&str> = line.split('`').step_by(2).collect();
        let prose = prose.join("`");
        for (at, mark) in prose.match_indices("](") {
            let rest = prose.split_at(at).1.strip_prefix(mark).unwrap_or_default();
            let target = rest.split([')', ' ']).next().unwrap_or_default();
            all.push((number, target.trim_matches(['<', '>']).to_owned()));
        }
        let reference = prose.strip_prefix('[').and_then(|rest| rest.split_once("]: "));
        if let Some((_, target)) = reference {
            all.push((
                number,
                target.split_whitespace().next().unwrap_or_default().to_owned(),
            ));
        }
    }
    all
}

/// `target` as seen from the document at `from`; none when it leads out of the repository.
fn resolve(from: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    if target.starts_with('/') {
        parts.clear();
    }
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// Paths named in prose or code that do not exist; patterns (`*`, `<name>`, `{a,b}`, `…`) are no names.
fn missing_files(path: &str, text: &str, tree: &Tree) -> Vec<Violation> {
    let mut found = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let words =
            line.split(|character: char| character.is_whitespace() || "`()[],;\"'".contains(character));
        for word in words {
            let name = word
                .trim_end_matches(['.', ':'])
                .split('#')
                .next()
                .unwrap_or_default();
            let pattern = name.contains(['*', '<', '{', '…', '?']);
            if pattern || !NAMED.iter().any(|folder| name.starts_with(folder)) {
                continue;
            }
            if !tree.has(name) {
                let message = format!("names `{name}`, which is not there; follow the file that moved");
                found.push(Violation::new(path, number, message));
            }
        }
    }
    found
}

/// Decision records that their table of contents leaves out.
fn unlisted_decisions(list: &str, paths: &[String]) -> Vec<Violation> {
    let mut found = Vec::new();
    for path in paths {
        let Some(name) = path.strip_prefix("docs/adr/").filter(|name| is_decision(name)) else {
            continue;
        };
        if !list.contains(name) {
            found.push(Violation::new(
                DECISIONS,
                1,
                format!("does not list `{name}`; add a line for it"),
            ));
        }
    }
    found
}

fn is_decision(name: &str) -> bool {
    let number = name.split('-').next().unwrap_or_default();
    name.ends_with(".md") && number.len() == 4 && number.chars().all(|digit| digit.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{Tree, violations};

    #[track_caller]
    fn check(path: &str, text: &str, expected: &[&str]) {
        let tree = Tree::of(&[
            (path, text),
            ("crates/cli/src/main.rs", ""),
            ("LICENSE-MIT", ""),
            ("docs/adr/0001-a.md", ""),
        ]);
        let shown: Vec<String> = violations(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(shown.len(), expected.len(), "{shown:?}");
        for (line, expected) in shown.iter().zip(expected) {
            assert!(line.contains(expected), "{line}");
        }
    }

    #[test]
    fn links_lead_somewhere() {
        check(
            "README.md",
            "See [a](LICENSE-MIT), [b](docs/adr/), [c](https://x.org/y), [d](#top).\n",
            &[],
        );
        check(
            "README.md",
            "\n[a](LICENSE) and [b](docs/gone.md#top)\n",
            &[":2: the link `LICENSE`", "gone.md#top"],
        );
        check(
            "docs/a.md",
            "[up](../LICENSE-MIT) [out](../../LICENSE-MIT)\n",
            &["`../../LICENSE-MIT`"],
        );
        check(
            "docs/a.md",
            "[ref]\n\n[ref]: adr/0002-b.md\n",
            &[":3: the link `adr/0002-b.md`"],
        );
        check("README.md", "`[a](b)`\n```\n[a](b)\n```\n", &[]);
        check("crates/cli/notes.md", "[a](b)\n", &[]);
    }

    #[test]
    fn the_architecture_names_real_files() {
        check(
            "docs/architecture.md",
            "`crates/cli/src/main.rs`, crates/cli, `crates/*/src`.\n",
            &[],
        );
        check(
            "docs/architecture.md",
            "See `crates/cli/src/lib.rs`.\n",
            &[":1: names `crates/cli/src/lib.rs`"],
        );
        check("docs/glossary.md", "See `crates/cli/src/lib.rs`.\n", &[]);
    }

    #[test]
    fn every_decision_is_listed() {
        check("docs/adr/README.md", "[one](0001-a.md)\n", &[]);
        check(
            "docs/adr/README.md",
            "nothing yet\n",
            &["does not list `0001-a.md`"],
        );
    }
}
