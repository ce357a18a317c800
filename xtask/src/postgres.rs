//! A PostgreSQL server for one test run: its own folder, its own free port, gone afterwards.
//!
//! Refuses: to touch a server that already runs here, to listen beyond this machine, and to keep data safe (nothing
//! is flushed to disk: a test's data is worth nothing after a crash).

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::Signal;
use tempfile::TempDir;

use crate::interrupt;
use crate::process::{self, Running, find_program};

/// The user that Debian's package makes. initdb refuses to run as root.
const USER: &str = "postgres";

/// Settings of a server whose data may be lost.
const SETTINGS: &[&str] = &[
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=300",
    "listen_addresses=127.0.0.1",
    "timezone=UTC",
];

/// A server that runs until it is dropped.
pub(crate) struct Postgres {
    port: u16,
    // Dropped in this order: the server stops before its folder goes.
    server: Running,
    _folder: TempDir,
}

impl Postgres {
    /// Makes a new cluster and starts a server on it.
    pub(crate) fn start(log: &Path) -> Result<Self> {
        let programs = programs().context("no PostgreSQL server is installed")?;
        let folder = tempfile::Builder::new().prefix("motcua-postgres-").tempdir()?;
        if process::is_root() {
            give_to_user(folder.path())?;
        }
        let data = folder.path().join("data");
        init(&programs, folder.path(), &data)?;
        let port = free_port()?;
        let mut command = as_user(&programs.join("postgres"), folder.path());
        command.arg("-D").arg(&data).arg("-k").arg(folder.path()).args(["-p", &port.to_string()]);
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        let mut server = Self { port, server: Running::start(&mut command, log)?, _folder: folder };
        server.wait_until_ready(&programs, log)?;
        Ok(server)
    }

    /// Where the suites connect; each makes a database of its own.
    pub(crate) fn url(&self) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/postgres", self.port)
    }

    fn wait_until_ready(&mut self, programs: &Path, log: &Path) -> Result<()> {
        let port = self.port.to_string();
        let ready = interrupt::wait_for(Duration::from_millis(100), Some(Duration::from_secs(60)), || {
            self.server.still_runs()?;
            let status = process::command(programs.join("pg_isready"), Path::new("/"))
                .args(["-q", "-h", "127.0.0.1", "-p", &port])
                .stdin(Stdio::null())
                .status()?;
            Ok(status.success().then_some(()))
        });
        match ready {
            Ok(Some(())) => Ok(()),
            Ok(None) => bail!("PostgreSQL was not ready after 60 s; see {}", log.display()),
            Err(error) => Err(error.context(format!("see {}", log.display()))),
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // SIGINT is PostgreSQL's fast shutdown: it does not wait for its clients.
        if let Err(error) = self.server.stop(Signal::INT, Duration::from_secs(20)) {
            println!("PostgreSQL could not be stopped: {error:#}");
        }
    }
}

/// The folder of the newest server's programs.
pub(crate) fn programs() -> Option<PathBuf> {
    let on_path = find_program("initdb").and_then(|initdb| Some(initdb.parent()?.to_owned()));
    newest_of_debian(Path::new("/usr/lib/postgresql")).or(on_path)
}

fn newest_of_debian(versions: &Path) -> Option<PathBuf> {
    let versions = fs::read_dir(versions).ok()?.filter_map(Result::ok);
    let numbered = versions.filter_map(|entry| Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path())));
    let with_a_server = numbered.filter(|(_, path)| path.join("bin/initdb").is_file());
    with_a_server.max().map(|(_, path)| path.join("bin"))
}

fn init(programs: &Path, folder: &Path, data: &Path) -> Result<()> {
    let mut command = as_user(&programs.join("initdb"), folder);
    command.arg("-D").arg(data).args(["-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]);
    process::run(command.stdout(Stdio::null())).context("making a new PostgreSQL cluster")
}

/// A command as the person who runs this task, or as PostgreSQL's own user when that is root.
fn as_user(program: &Path, folder: &Path) -> Command {
    if !process::is_root() {
        return process::command(program, folder);
    }
    let mut command = process::command("setpriv", folder);
    // Should this task be killed, the server ends with it.
    command.args(["--reuid", USER, "--regid", USER, "--init-groups", "--pdeathsig", "INT", "--"]).arg(program);
    command
}

fn give_to_user(folder: &Path) -> Result<()> {
    process::run(process::command("chown", folder).arg(format!("{USER}:{USER}")).arg(folder))
        .context("giving the folder to PostgreSQL's user")
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_installed_server_is_taken() {
        let versions = tempfile::tempdir().unwrap();
        for version in ["9", "15", "17"] {
            fs::create_dir_all(versions.path().join(version).join("bin")).unwrap();
        }
        for version in ["9", "15"] {
            fs::write(versions.path().join(version).join("bin/initdb"), "").unwrap();
        }
        assert_eq!(newest_of_debian(versions.path()), Some(versions.path().join("15/bin")), "17 has no server");
        assert_eq!(newest_of_debian(&versions.path().join("absent")), None);
    }
}
