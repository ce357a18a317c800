//! Runs other programs: to their end, for their output, or beside this one until they are stopped.
//!
//! Owns: that a child never outlives its task, and that cargo called from a cargo task sees a clean environment.
//! Refuses: a shell. Arguments are passed as they are.

use std::env;
use std::ffi::OsStr;
use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

use crate::interrupt;

const LOOK_EVERY: Duration = Duration::from_millis(50);

/// A command without what the outer cargo put into the environment, which would make an inner cargo rebuild, or load
/// another compiler's libraries.
pub(crate) fn command(program: impl AsRef<OsStr>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    for (name, _) in env::vars_os() {
        let name_text = name.to_string_lossy();
        if name_text.starts_with("CARGO_PKG_") || name_text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    for name in ["CARGO", "LD_LIBRARY_PATH"] {
        command.env_remove(name);
    }
    command
}

/// `cargo` with the toolchain that runs this task.
pub(crate) fn cargo(folder: &Path) -> Command {
    command("cargo", folder)
}

/// Runs a command to its end, its output shown. An error when it fails or when the person asks to stop.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = run_for_status(command)?;
    if !status.success() {
        bail!("`{}` ended with {status}", shown(command));
    }
    Ok(())
}

/// Runs a command to its end, its output shown, and gives its status.
pub(crate) fn run_for_status(command: &mut Command) -> Result<ExitStatus> {
    let name = shown(command);
    let child = command.stdin(Stdio::null()).spawn().with_context(|| format!("starting `{name}`"))?;
    let mut running = Running { name, child };
    let status = interrupt::wait_for(LOOK_EVERY, None, || Ok(running.child.try_wait()?))?;
    status.context("a wait without a limit ends with a status")
}

/// Runs a command to its end and gives what it printed. Its errors are shown.
pub(crate) fn output(command: &mut Command) -> Result<Vec<u8>> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("starting `{}`", shown(command)))?;
    if !output.status.success() {
        bail!("`{}` ended with {}", shown(command), output.status);
    }
    Ok(output.stdout)
}

/// The words of a command, as a person would type them.
pub(crate) fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

/// The full path of a program on PATH.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(name)).find(|candidate| candidate.is_file())
}

/// May this process install packages?
pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// A program that runs beside this one. Dropping it stops it: SIGTERM, and SIGKILL when it does not end in time.
pub(crate) struct Running {
    name: String,
    child: Child,
}

impl Running {
    /// Starts a program with both outputs in `log`, in a process group of its own: Ctrl-C reaches this task only,
    /// which then stops the program in its own time.
    pub(crate) fn start(command: &mut Command, log: &Path) -> Result<Self> {
        let name = shown(command);
        let file = File::create(log).with_context(|| format!("creating {}", log.display()))?;
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .process_group(0)
            .spawn()
            .with_context(|| format!("starting `{name}`"))?;
        Ok(Self { name, child })
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// An error when the program has ended by itself.
    pub(crate) fn still_runs(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => bail!("`{}` ended by itself with {status}", self.name),
        }
    }

    /// Asks the program to end, waits, and kills it when it has not ended after `patience`.
    pub(crate) fn stop(&mut self, signal: Signal, patience: Duration) -> Result<()> {
        if self.child.try_wait()?.is_some() {
            return Ok(());
        }
        let id = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw).context("a child's id")?;
        kill_process(id, signal)?;
        let started = std::time::Instant::now();
        while started.elapsed() < patience {
            if self.child.try_wait()?.is_some() {
                return Ok(());
            }
            interrupt::pause(LOOK_EVERY);
        }
        println!("`{}` did not end within {} s: killing it", self.name, patience.as_secs());
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Err(error) = self.stop(Signal::TERM, Duration::from_secs(20)) {
            println!("`{}` could not be stopped: {error:#}", self.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn here() -> PathBuf {
        env::temp_dir()
    }

    #[test]
    fn a_failing_program_is_an_error_that_names_it() {
        let error = run(&mut command("false", &here())).unwrap_err();
        assert!(format!("{error:#}").contains("`false` ended with"), "{error:#}");
    }

    #[test]
    fn a_missing_program_is_an_error_that_names_it() {
        let error = run(command("no-such-program-here", &here()).arg("--now")).unwrap_err();
        assert!(format!("{error:#}").contains("no-such-program-here --now"), "{error:#}");
        assert_eq!(find_program("no-such-program-here"), None);
    }

    #[test]
    fn a_running_program_is_stopped_when_dropped() {
        let log = tempfile::NamedTempFile::new().unwrap();
        let mut running = Running::start(command("sleep", &here()).arg("60"), log.path()).unwrap();
        running.still_runs().unwrap();
        let folder = PathBuf::from(format!("/proc/{}", running.id()));
        assert!(folder.exists());
        drop(running);
        assert!(!folder.exists());
    }

    #[test]
    fn a_program_that_ended_by_itself_is_noticed() {
        let log = tempfile::NamedTempFile::new().unwrap();
        let mut running = Running::start(&mut command("true", &here()), log.path()).unwrap();
        let ended = interrupt::wait_for(LOOK_EVERY, Some(Duration::from_secs(10)), || Ok(running.still_runs().err()));
        assert!(ended.unwrap().is_some());
    }
}
