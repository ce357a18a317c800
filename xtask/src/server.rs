//! The server under a task's hand: started, waited for, measured, stopped.
//!
//! Refuses: to start on an address that another program holds.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::interrupt;
use crate::process::{self, Running};
use crate::workspace::{Profile, Workspace};

/// How the server is started.
pub(crate) struct Start<'a> {
    pub(crate) profile: Profile,
    pub(crate) listen: SocketAddr,
    pub(crate) data: &'a Path,
    pub(crate) log: PathBuf,
}

/// A server that runs until it is dropped.
pub(crate) struct Server {
    running: Running,
    listen: SocketAddr,
    log: PathBuf,
}

impl Server {
    /// Starts `motcua serve` and returns at once.
    pub(crate) fn start(workspace: &Workspace, start: Start<'_>) -> Result<Self> {
        require_free(start.listen)?;
        let mut command = command(workspace, &start);
        let running = Running::start(command.arg("serve"), &start.log)?;
        Ok(Self { running, listen: start.listen, log: start.log })
    }

    /// Waits until the server says that it is ready.
    pub(crate) fn wait_until_ready(&mut self, every: Duration) -> Result<()> {
        let listen = self.listen;
        let ready = interrupt::wait_for(every, Some(Duration::from_secs(120)), || {
            self.running.still_runs()?;
            Ok((status_of(listen, "/readyz") == Some(200)).then_some(()))
        });
        match ready {
            Ok(Some(())) => Ok(()),
            Ok(None) => bail!("the server was not ready after 120 s; it wrote:\n{}", self.last_lines()),
            Err(error) if interrupt::requested() => Err(error),
            Err(error) => bail!("{error:#}; it wrote:\n{}", self.last_lines()),
        }
    }

    /// An error, with the server's last words, when it has ended by itself.
    pub(crate) fn still_runs(&mut self) -> Result<()> {
        self.running.still_runs().or_else(|error| bail!("{error:#}; it wrote:\n{}", self.last_lines()))
    }

    /// The memory that the server holds now, in KiB.
    pub(crate) fn resident_kib(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.running.id()))?;
        resident_kib(&status).context("/proc/…/status has no VmRSS")
    }

    fn last_lines(&self) -> String {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<_> = text.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}

/// An error that says what to do, when the address is taken.
pub(crate) fn require_free(listen: SocketAddr) -> Result<()> {
    TcpListener::bind(listen)
        .map(drop)
        .with_context(|| format!("{listen} is not free; end what listens there, or choose another with --listen"))
}

fn command(workspace: &Workspace, start: &Start<'_>) -> Command {
    let mut command = process::command(workspace.server(start.profile), workspace.root());
    command
        .env("MOTCUA__DATA_DIR", start.data)
        .env("MOTCUA__SERVER__LISTEN", start.listen.to_string())
        .env("MOTCUA__SERVER__SPA_DIR", workspace.spa())
        // Plain HTTP on one machine: not every browser keeps a `Secure` cookie from there.
        .env("MOTCUA__SERVER__SECURE_COOKIES", "false");
    command
}

/// The status of a GET, or `None` when nothing answers.
fn status_of(listen: SocketAddr, path: &str) -> Option<u16> {
    let patience = Duration::from_secs(5);
    let mut stream = TcpStream::connect_timeout(&listen, patience).ok()?;
    stream.set_read_timeout(Some(patience)).ok()?;
    // One write: a server may answer and close as soon as it has seen the first line.
    let request = format!("GET {path} HTTP/1.1\r\nHost: {listen}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = [0; "HTTP/1.1 200".len()];
    stream.read_exact(&mut answer).ok()?;
    str::from_utf8(&answer).ok()?.strip_prefix("HTTP/1.1 ")?.parse().ok()
}

fn resident_kib(status: &str) -> Option<u64> {
    status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    fn answering(answer: &'static str) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 256];
            let _ = stream.read(&mut request).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
        });
        address
    }

    #[test]
    fn a_status_is_read_and_silence_is_none() {
        assert_eq!(status_of(answering("HTTP/1.1 503 Service Unavailable\r\n\r\n"), "/readyz"), Some(503));
        assert_eq!(status_of(answering("not HTTP"), "/readyz"), None);
        let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        assert_eq!(status_of(nobody, "/readyz"), None);
    }

    #[test]
    fn a_taken_address_is_refused_with_advice() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let error = require_free(taken.local_addr().unwrap()).unwrap_err();
        assert!(error.to_string().contains("--listen"), "{error}");
    }

    #[test]
    fn the_resident_size_is_read() {
        assert_eq!(resident_kib("Name:\tmotcua\nVmRSS:\t   51234 kB\n"), Some(51_234));
        assert_eq!(resident_kib("Name:\tmotcua\n"), None);
    }
}
