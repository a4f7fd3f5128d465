//! The files of the checkout, without what is built or hidden.

use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// Hidden folders are left out, except these.
const HIDDEN_BUT_OURS: &[&str] = &[".cargo", ".ci", ".github"];

/// Folders that hold nothing written by hand.
const BUILT: &[&str] = &["target", "__pycache__", "proptest-regressions"];

/// Files whose text is checked, by how their names end; `.ci/run` has no extension.
const TEXTS: &[&str] = &[
    ".rs",
    ".toml",
    ".md",
    ".yml",
    ".py",
    ".sh",
    ".ci/run",
    "core-dependencies.txt",
];

/// One text file.
#[derive(Debug)]
pub(crate) struct TextFile {
    /// From the root, with forward slashes.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// The paths below the root and the texts that are checked.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    paths: Vec<String>,
    texts: Vec<TextFile>,
}

impl Tree {
    /// Walks the checkout. Files not yet known to git count: they are about to be committed.
    pub(crate) fn read(root: &Path) -> Result<Self, Failure> {
        let mut tree = Self::default();
        let mut folders = vec![root.to_path_buf()];
        while let Some(folder) = folders.pop() {
            for path in entries(&folder)? {
                let name = path
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned();
                if path.is_dir() {
                    let hidden = name.starts_with('.') && !HIDDEN_BUT_OURS.contains(&name.as_str());
                    if !hidden && !BUILT.contains(&name.as_str()) {
                        folders.push(path);
                    }
                    continue;
                }
                let relative = relative(root, &path);
                if TEXTS.iter().any(|ending| relative.ends_with(ending)) {
                    let text = std::fs::read_to_string(&path).map_err(|error| {
                        Failure::new(format!("cannot read `{relative}` as UTF-8 text: {error}"))
                    })?;
                    tree.texts.push(TextFile {
                        path: relative.clone(),
                        text,
                    });
                }
                tree.paths.push(relative);
            }
        }
        tree.paths.sort();
        tree.texts.sort_by(|left, right| left.path.cmp(&right.path));
        Ok(tree)
    }

    /// A tree out of thin air, for tests.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let text = |&(path, text): &(&str, &str)| TextFile {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        let paths = files.iter().map(|(path, _)| (*path).to_owned()).collect();
        Self {
            paths,
            texts: files.iter().map(text).collect(),
        }
    }

    /// Every file, sorted.
    pub(crate) fn paths(&self) -> &[String] {
        &self.paths
    }

    /// Every text that is checked, sorted by path.
    pub(crate) fn texts(&self) -> &[TextFile] {
        &self.texts
    }

    /// Whether the path is a file or a folder of the tree.
    pub(crate) fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let folder = format!("{path}/");
        path.is_empty()
            || self
                .paths
                .iter()
                .any(|known| known == path || known.starts_with(&folder))
    }
}

/// `path` from `root`, with forward slashes.
pub(crate) fn relative(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    path.components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let cannot = |error: std::io::Error| Failure::new(format!("cannot list `{}`: {error}", folder.display()));
    std::fs::read_dir(folder)
        .map_err(cannot)?
        .map(|entry| entry.map(|entry| entry.path()).map_err(cannot))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::Tree;
    use crate::scratch::Scratch;

    #[test]
    fn built_and_hidden_folders_are_left_out() {
        let scratch = Scratch::new("tree").unwrap();
        for path in [
            "src/lib.rs",
            "target/a.rs",
            ".git/b.rs",
            ".ci/run",
            "data/list.tsv",
        ] {
            let path = scratch.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "x\n").unwrap();
        }
        let tree = Tree::read(scratch.path()).unwrap();
        assert_eq!(tree.paths(), [".ci/run", "data/list.tsv", "src/lib.rs"]);
        let texts: Vec<&str> = tree.texts().iter().map(|file| file.path.as_str()).collect();
        assert_eq!(texts, [".ci/run", "src/lib.rs"]);
    }

    #[test]
    fn files_and_folders_are_found() {
        let tree = Tree::of(&[("crates/cli/src/main.rs", "")]);
        assert!(tree.has("crates/cli/src/main.rs") && tree.has("crates/cli") && tree.has("crates/cli/"));
        assert!(!tree.has("crates/cl") && !tree.has("crates/cli/src/lib.rs"));
    }
}
