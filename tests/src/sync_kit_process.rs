//! The real binary in processes of its own, for benches: a tenant on loopback, and what it counted.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// The binary under test, as `cargo xtask bench` names it.
///
/// # Errors
/// When it is not named.
pub fn binary() -> Result<PathBuf, String> {
    std::env::var_os("CURFEW_BINARY")
        .map(PathBuf::from)
        .ok_or_else(|| "CURFEW_BINARY names no binary; start this by `cargo xtask bench`".to_owned())
}

/// A tenant in a process of its own, which ends with it.
#[derive(Debug)]
pub struct TenantProcess {
    child: Child,
    address: String,
    /// The records of its clients.
    state: tempfile::TempDir,
}

impl TenantProcess {
    /// Starts `curfew simulate` with these arguments, and waits until it listens.
    ///
    /// # Errors
    /// What went wrong.
    pub fn start(arguments: &[&str]) -> Result<Self, String> {
        let failed = |error: std::io::Error| format!("`curfew simulate` cannot be started: {error}");
        let mut child = Command::new(binary()?)
            .arg("simulate")
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        let state = tempfile::tempdir().map_err(failed)?;
        let stdout = child.stdout.take().ok_or("no stdout")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).map_err(failed)?;
        let address = line.trim().strip_prefix("LISTENING http://").map(str::to_owned);
        match address {
            Some(address) => Ok(Self {
                child,
                address,
                state,
            }),
            None => {
                let _ = child.kill();
                Err(format!("`curfew simulate` said `{}`", line.trim()))
            }
        }
    }

    /// Where it listens: `127.0.0.1:40123`.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What it counted, without the contacts.
    ///
    /// # Errors
    /// What went wrong.
    pub fn stats(&self) -> Result<Value, String> {
        let failed = |error: std::io::Error| format!("the tenant's statistics cannot be read: {error}");
        let mut stream = TcpStream::connect(&self.address).map_err(failed)?;
        let request =
            "GET /_simulator/stats?contacts=false HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).map_err(failed)?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).map_err(failed)?;
        let (_, body) = answer.split_once("\r\n\r\n").ok_or("an answer without a body")?;
        serde_json::from_str(body).map_err(|error| format!("{error} in {body}"))
    }

    /// A command that is to talk to this tenant, with its credentials and nothing else of the user's settings.
    #[must_use]
    pub fn client(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env("CXONE_BASE_URL", format!("http://{}", self.address))
            .env("CXONE_ORG", "demo")
            .env("CXONE_CLIENT_ID", "demo")
            .env("CXONE_CLIENT_SECRET", "demo-secret")
            .env("CURFEW_STATE_DIR", self.state.path())
            .env_remove("CURFEW_CONFIG")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }
}

impl Drop for TenantProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The value of `--name VALUE` among these arguments, or the default.
///
/// # Errors
/// When it cannot be read.
pub fn option(arguments: &[String], name: &str, default: &str) -> Result<String, String> {
    let given = arguments.iter().position(|argument| argument == name);
    match given {
        None => Ok(default.to_owned()),
        Some(at) => arguments
            .get(at + 1)
            .cloned()
            .ok_or_else(|| format!("{name} needs a value")),
    }
}

/// Date, machine and versions, for the head of a table.
#[must_use]
pub fn circumstances() -> String {
    let curfew = binary().map_or_else(
        |error| error,
        |binary| run(&binary.to_string_lossy(), &["--version"]),
    );
    format!("{}\n{curfew}; {}", machine(), run("python3", &["--version"]))
}

/// Date and machine, for the head of a table.
#[must_use]
pub fn machine() -> String {
    let processors = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = processors
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or("an unknown processor", |(_, model)| model);
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default();
    format!(
        "{}, {cores} cores of {model}, load {load}, {}",
        run("date", &["-u", "+%FT%TZ"]),
        run("uname", &["-sr"])
    )
}

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    output.map_or_else(
        |_| format!("no {program}"),
        |output| String::from_utf8_lossy(&output.stdout).trim().replace('\n', "; "),
    )
}
