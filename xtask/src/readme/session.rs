//! Runs the commands of a page as a reader would, but with nothing of this machine's settings.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::failure::Failure;
use crate::process;
use crate::scratch::Scratch;

/// Longest time a command of a page may take, in steps of [`STEP`]: two minutes.
const MOST_STEPS: u32 = 2_400;
const STEP: Duration = Duration::from_millis(50);

/// Variables that change what `curfew` prints; they are the reader's, not the page's.
const FOREIGN: &[&str] = &[
    "CURFEW_", "CXONE_", "XDG_", "RUST_", "CLICOLOR", "COLUMNS", "NO_COLOR", "TERM",
];

/// What a command wrote, stdout and stderr as they came, and its exit code.
#[derive(Debug)]
pub(crate) struct Printed {
    pub(crate) text: String,
    pub(crate) code: u8,
}

impl Printed {
    /// Its lines, without white space at their ends (pages have none) and without empty ones at the end.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.text
            .trim_end()
            .lines()
            .map(|line| line.trim_end().to_owned())
            .collect()
    }
}

/// A place in which commands run.
pub(crate) struct Session {
    root: PathBuf,
    path: std::ffi::OsString,
    home: Scratch,
}

impl Session {
    /// Commands run in `root` and find `curfew` where it was built.
    ///
    /// # Errors
    /// When there is no temporary folder to serve as the home of the commands.
    pub(crate) fn new(root: &Path, curfew: &Path) -> Result<Self, Failure> {
        let built = curfew.parent().map(Path::to_path_buf).unwrap_or_default();
        let inherited = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(built).chain(std::env::split_paths(&inherited));
        let path = std::env::join_paths(folders)
            .map_err(|error| Failure::new(format!("cannot put the built program on PATH: {error}")))?;
        Ok(Self {
            root: root.to_path_buf(),
            path,
            home: Scratch::new("readme")?,
        })
    }

    /// Runs a script in `sh`.
    ///
    /// # Errors
    /// When there is no `sh`, or the script does not end.
    pub(crate) fn run(&self, script: &str) -> Result<Printed, Failure> {
        let mut command = process::program("sh");
        for (key, _) in std::env::vars_os() {
            if key
                .to_str()
                .is_some_and(|key| FOREIGN.iter().any(|start| key.starts_with(start)))
            {
                command.env_remove(key);
            }
        }
        command
            .current_dir(&self.root)
            .env("PATH", &self.path)
            .env("HOME", self.home.path());
        command.arg("-c").arg(format!("exec 2>&1\n{script}"));
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let child = command.spawn().map_err(|error| {
            Failure::new(format!(
                "cannot start `sh`: {error}; the pages need a POSIX shell"
            ))
        })?;
        finish(child, script, MOST_STEPS)
    }
}

/// Reads while it waits, so that a full pipe never stops the child.
fn finish(mut child: Child, script: &str, most_steps: u32) -> Result<Printed, Failure> {
    let mut pipe = child.stdout.take();
    let reader = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read before an error is still worth showing.
        let _ = pipe.as_mut().map(|pipe| pipe.read_to_end(&mut bytes));
        String::from_utf8_lossy(&bytes).into_owned()
    });
    for _ in 0..most_steps {
        let status = child
            .try_wait()
            .map_err(|error| Failure::new(format!("cannot wait for `{script}`: {error}")))?;
        if let Some(status) = status {
            let text = reader
                .join()
                .map_err(|_| Failure::new(format!("lost the output of `{script}`")))?;
            return Ok(Printed {
                text,
                code: process::code_of(status),
            });
        }
        std::thread::sleep(STEP);
    }
    // It may have ended in between; either way nothing is left running.
    let _ = child.kill();
    let _ = child.wait();
    Err(Failure::new(format!(
        "`{script}` did not end in time; show a command that ends, or use another block"
    )))
}

#[cfg(all(test, unix))]
mod tests {
    use super::{Session, finish};
    use crate::process;
    use crate::scratch::Scratch;
    use std::process::Stdio;

    #[test]
    fn the_built_program_runs_with_both_streams_and_its_code() {
        use std::os::unix::fs::PermissionsExt;
        let folder = Scratch::new("bin").unwrap();
        let program = folder.path().join("curfew");
        std::fs::write(
            &program,
            "#!/bin/sh\necho \"out $1 ${CARGO_PKG_NAME:-clean}\"; echo err >&2; exit 3\n",
        )
        .unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        let session = Session::new(folder.path(), &program).unwrap();
        let printed = session.run("echo x | curfew 'a b'").unwrap();
        assert_eq!(
            (printed.lines(), printed.code),
            (vec!["out a b clean".to_owned(), "err".to_owned()], 3)
        );
    }

    #[test]
    fn what_does_not_end_is_stopped() {
        let mut command = process::program("sleep");
        let child = command.arg("60").stdout(Stdio::piped()).spawn().unwrap();
        let message = finish(child, "sleep 60", 2).unwrap_err().to_string();
        assert!(message.contains("did not end in time"), "{message}");
    }
}
