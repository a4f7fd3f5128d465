//! `cargo xtask tzdata [--check]`: regenerates the data files made from IANA data, or compares them.
//!
//! The generators are Python, so that the expected values come from another implementation than ours. They run in
//! a throw-away virtual environment with one pinned release, and never see the zone files of the host. It takes
//! minutes and needs PyPI, so `ci` leaves it out. To move to another release: change the constants here and in
//! the generators, run it, read the diff.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::failure::{self, Failure, Outcome};
use crate::process;
use crate::scratch::Scratch;

/// The release on PyPI; 2026.6 is IANA's 2026f.
const WHEEL: &str = "tzdata==2026.6";
/// Has Windows' names of zones; the release on PyPI.
const WINDOWS_WHEEL: &str = "tzlocal==5.4.5";

/// One script and the committed files that it writes.
struct Generator {
    script: &'static str,
    folder: &'static str,
    files: &'static [&'static str],
    /// The script takes the path of its one file instead of the folder.
    takes_file: bool,
}

const GENERATORS: &[Generator] = &[
    Generator {
        script: "xtask/data/generate_places.py",
        folder: "crates/core-compliance/data",
        files: &["countries.tsv", "country-zones.tsv", "zone-links.tsv"],
        takes_file: false,
    },
    Generator {
        script: "xtask/data/generate_windows_zones.py",
        folder: "crates/pipeline/data",
        files: &["windows-zones.tsv"],
        takes_file: false,
    },
    Generator {
        script: "tests/data/generate_zone_transitions.py",
        folder: "tests/data",
        files: &["zone-transitions-2026f.txt"],
        takes_file: true,
    },
];

/// Writes the files, or with `--check` compares them with what would be written.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    failure::only(arguments, &["--check"])?;
    let root = process::workspace_root();
    let scratch = Scratch::new("tzdata")?;
    let python = virtual_environment(&scratch.path().join("venv"))?;
    let mut stale = Vec::new();
    for generator in GENERATORS {
        println!("==> {}", generator.script);
        let committed = root.join(generator.folder);
        if arguments.is_empty() {
            generate(&python, generator, &committed)?;
            continue;
        }
        let fresh = scratch.path().join("fresh").join(generator.folder);
        std::fs::create_dir_all(&fresh)
            .map_err(|error| Failure::new(format!("cannot make `{}`: {error}", fresh.display())))?;
        generate(&python, generator, &fresh)?;
        let differing = differing(&committed, &fresh, generator.files)?;
        stale.extend(
            differing
                .into_iter()
                .map(|file| format!("{}/{file}", generator.folder)),
        );
    }
    if stale.is_empty() {
        println!("tzdata: every generated file is as {WHEEL} makes it");
        return Ok(ExitCode::SUCCESS);
    }
    let stale = stale.join(", ");
    Err(Failure::new(format!(
        "out of date: {stale}; run `cargo xtask tzdata` and read the diff before committing"
    )))
}

/// Makes it and installs the pinned release; answers its Python.
fn virtual_environment(folder: &Path) -> Result<PathBuf, Failure> {
    process::succeed(process::program("python3").args(["-m", "venv"]).arg(folder))?;
    let python = folder.join("bin").join("python");
    let mut install = process::program(&python);
    install.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--only-binary",
        ":all:",
        WHEEL,
        WINDOWS_WHEEL,
    ]);
    process::succeed(&mut install)?;
    Ok(python)
}

fn generate(python: &Path, generator: &Generator, folder: &Path) -> Result<(), Failure> {
    let target = match generator.files.first() {
        Some(file) if generator.takes_file => folder.join(file),
        _ => folder.to_path_buf(),
    };
    let mut command = process::program(python);
    process::succeed(isolated(&mut command).arg(generator.script).arg(target))
}

/// Without the host's zone files (an empty `PYTHONTZPATH` leaves only the installed release), without traces.
fn isolated(command: &mut Command) -> &mut Command {
    command
        .env("PYTHONTZPATH", "")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONHASHSEED", "0")
}

fn differing(committed: &Path, fresh: &Path, files: &[&str]) -> Result<Vec<String>, Failure> {
    let mut names = Vec::new();
    for file in files {
        let made = std::fs::read(fresh.join(file))
            .map_err(|error| Failure::new(format!("the generator did not write `{file}`: {error}")))?;
        if std::fs::read(committed.join(file)).ok().as_ref() != Some(&made) {
            names.push((*file).to_owned());
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::{GENERATORS, differing};
    use crate::process::workspace_root;
    use crate::scratch::Scratch;

    #[test]
    fn every_generator_and_file_is_there() {
        for generator in GENERATORS {
            assert!(
                workspace_root().join(generator.script).is_file(),
                "{}",
                generator.script
            );
            for file in generator.files {
                assert!(
                    workspace_root().join(generator.folder).join(file).is_file(),
                    "{file}"
                );
            }
        }
    }

    #[test]
    fn changed_and_missing_files_differ_and_equal_ones_do_not() {
        let (committed, fresh) = (Scratch::new("tzdata").unwrap(), Scratch::new("tzdata").unwrap());
        for (file, old, new) in [
            ("same", Some("a"), "a"),
            ("changed", Some("a"), "b"),
            ("missing", None, "a"),
        ] {
            if let Some(old) = old {
                std::fs::write(committed.path().join(file), old).unwrap();
            }
            std::fs::write(fresh.path().join(file), new).unwrap();
        }
        let names = differing(committed.path(), fresh.path(), &["same", "changed", "missing"]).unwrap();
        assert_eq!(names, ["changed", "missing"]);
        assert!(differing(committed.path(), fresh.path(), &["never-written"]).is_err());
    }
}
