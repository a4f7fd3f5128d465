//! Runs the real binary in an empty folder and an empty environment, and shows what came of it.

pub(crate) mod folder;
pub(crate) mod mask;
pub(crate) mod records;
pub(crate) mod tenant;

use std::io::Write as _;
use std::process::{Child, Command, Output, Stdio};

pub(crate) use folder::Folder;
use mask::mask;

/// The options by which the tutorial's rule is had: one daily window, the law set aside.
pub(crate) const PACIFIC: &str = "--calling-hours 08:00-21:00 --region US-PST";

/// One run of `curfew`, to be.
pub(crate) struct Run {
    pub(crate) folder: Folder,
    args: Vec<String>,
    variables: Vec<(String, String)>,
    stdin: Vec<u8>,
}

/// `curfew` with these arguments, which blanks separate.
pub(crate) fn curfew(args: &str) -> Run {
    Run {
        folder: Folder::new(),
        args: args.split_whitespace().map(str::to_owned).collect(),
        variables: Vec::new(),
        stdin: Vec::new(),
    }
}

/// What this run of `curfew` shows.
pub(crate) fn shown(args: &str) -> String {
    curfew(args).shown()
}

impl Run {
    /// One more argument, blanks and all.
    pub(crate) fn arg(mut self, arg: &str) -> Self {
        self.args.push(arg.to_owned());
        self
    }

    /// Where it runs instead, with what is there.
    pub(crate) fn within(mut self, folder: Folder) -> Self {
        self.folder = folder;
        self
    }

    /// A file in the folder where it runs.
    pub(crate) fn file(self, name: &str, text: impl AsRef<[u8]>) -> Self {
        self.folder.write(name, text.as_ref());
        self
    }

    /// Another command in the same folder.
    pub(crate) fn then(self, args: &str) -> Self {
        Self {
            args: args.split_whitespace().map(str::to_owned).collect(),
            ..self
        }
    }

    /// An environment variable; `$FOLDER` stands for the folder where it runs.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        let value = value.replace("$FOLDER", &self.folder.path().display().to_string());
        self.variables.push((name.to_owned(), value));
        self
    }

    /// What it is fed.
    pub(crate) fn stdin(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.stdin = bytes.as_ref().to_vec();
        self
    }

    /// Address and credentials of a tenant.
    pub(crate) fn tenant(self, url: &str) -> Self {
        self.env("CXONE_BASE_URL", url)
            .env("CXONE_CLIENT_ID", "demo")
            .env("CXONE_CLIENT_SECRET", "demo-secret")
    }

    /// It, with stdin, stdout and stderr yet to be said.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_curfew"));
        command
            .args(&self.args)
            .env_clear()
            .env("XDG_STATE_HOME", self.folder.state_home())
            .envs(self.variables.iter().cloned())
            .current_dir(self.folder.path());
        command
    }

    pub(crate) fn spawn(&self) -> Child {
        self.command()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    pub(crate) fn output(&self) -> Output {
        let mut child = self.spawn();
        let mut stdin = child.stdin.take().unwrap();
        let bytes = self.stdin.clone();
        let feeder = std::thread::spawn(move || {
            // A command that ends early does not read it all.
            let _ = stdin.write_all(&bytes);
        });
        let output = child.wait_with_output().unwrap();
        feeder.join().unwrap();
        output
    }

    /// Exit code, stdout and stderr, with what changes from run to run masked.
    pub(crate) fn shown(self) -> String {
        show(&self.output(), &self.folder)
    }

    /// Exit code and stdout as JSON.
    pub(crate) fn json(self) -> (i32, serde_json::Value) {
        let output = self.output();
        let value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", show(&output, &self.folder)));
        (output.status.code().unwrap(), value)
    }
}

/// An ended run, as snapshots have it.
pub(crate) fn show(output: &Output, folder: &Folder) -> String {
    let mut text = format!("exit: {}\n", output.status.code().unwrap_or(-1));
    for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        if !bytes.is_empty() {
            text.push_str(&format!("--- {name}\n{}", String::from_utf8_lossy(bytes)));
        }
    }
    mask(&text, &folder.path().display().to_string())
}
