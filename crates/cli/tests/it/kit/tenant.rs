//! `curfew simulate` as a child: a tenant for the runs of `curfew sync`.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, ExitStatus};

use super::{Run, curfew};

pub(crate) struct Tenant {
    child: Child,
    _run: Run,
    pub(crate) url: String,
}

impl Tenant {
    /// A tenant without a quota.
    pub(crate) fn start(args: &str) -> Self {
        let run = curfew(&format!("simulate --quota none {args}"));
        let mut child = run.spawn();
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        let url = line
            .strip_prefix("LISTENING ")
            .unwrap_or_default()
            .trim()
            .to_owned();
        assert!(url.starts_with("http://127.0.0.1:"), "{line}");
        Self {
            child,
            _run: run,
            url,
        }
    }

    /// Ends it by a signal.
    pub(crate) fn end(mut self, signal: &str) -> ExitStatus {
        send(&self.child, signal);
        self.child.wait().unwrap()
    }

    /// What the tenant says that it was sent.
    pub(crate) fn stats(&self) -> serde_json::Value {
        let mut stream = TcpStream::connect(self.url.trim_start_matches("http://")).unwrap();
        stream
            .write_all(b"GET /_simulator/stats HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let body = answer.split_once("\r\n\r\n").unwrap().1;
        let json = body
            .trim_start_matches(|c| c != '{')
            .trim_end_matches(|c| c != '}');
        serde_json::from_str(json).unwrap()
    }
}

impl Drop for Tenant {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal by name, such as `TERM`.
pub(crate) fn send(child: &Child, signal: &str) {
    let status = Command::new("kill")
        .args([format!("-{signal}"), child.id().to_string()])
        .status()
        .unwrap();
    assert!(status.success());
}

/// The address of a port on which nobody listens. A free port could be another test's by the time that it is used.
pub(crate) fn nobody() -> &'static str {
    "http://127.0.0.1:1"
}

/// The address of a server that answers everything with a web page.
pub(crate) fn web_page() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let _ = stream.read(&mut [0; 4_096]);
            let page = "<html><body>Welcome</body></html>";
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{page}",
                page.len()
            );
        }
    });
    url
}
