//! Which compiler turns the page into WebAssembly.
//!
//! Asked in this order: is the target there; may rustup add it; can Debian's own compiler do it. Refuses: to let
//! rustup fetch anything where `RUSTUP_AUTO_INSTALL=0` forbids it.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::needs::{DEBIAN_WASM, Need};
use crate::process::{self, find_program};
use crate::workspace::Workspace;

/// The target of the page.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// How the page is compiled on this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Toolchain {
    /// The toolchain in use has the target.
    Installed,
    /// rustup adds the target to it.
    AddedByRustup,
    /// Debian's compiler builds the standard library too.
    Debian,
}

/// What the choice rests on.
struct Machine {
    target_is_here: bool,
    has_rustup: bool,
    rustup_may_install: bool,
    has_apt: bool,
}

impl Toolchain {
    /// The first way that this machine allows.
    pub(crate) fn choose(workspace: &Workspace) -> Result<Self> {
        Self::first_possible(&Machine::look(workspace.root()))
    }

    fn first_possible(machine: &Machine) -> Result<Self> {
        if machine.target_is_here {
            Ok(Self::Installed)
        } else if machine.has_rustup && machine.rustup_may_install {
            Ok(Self::AddedByRustup)
        } else if machine.has_apt {
            Ok(Self::Debian)
        } else {
            bail!(
                "the page needs the Rust target {TARGET}, which is not installed here, and neither rustup nor \
                 apt-get may bring it. Install it once, then start again:\n\n  rustup target add {TARGET}\n"
            )
        }
    }

    /// Says in one line how the page will be compiled.
    pub(crate) fn shown(self) -> &'static str {
        match self {
            Self::Installed => "with the installed Rust toolchain",
            Self::AddedByRustup => {
                "with the installed Rust toolchain, after `rustup target add wasm32-unknown-unknown`"
            }
            Self::Debian => "with Debian's Rust for WebAssembly, its standard library included",
        }
    }

    /// What must be on the machine first.
    pub(crate) fn needs(self) -> &'static [&'static Need] {
        match self {
            Self::Installed | Self::AddedByRustup => &[],
            Self::Debian => &[&DEBIAN_WASM],
        }
    }

    /// Lets rustup add the target, where that is the way.
    pub(crate) fn prepare(self, workspace: &Workspace) -> Result<()> {
        match self {
            Self::Installed | Self::Debian => Ok(()),
            Self::AddedByRustup => {
                process::run(process::command("rustup", workspace.root()).args(["target", "add", TARGET]))
            }
        }
    }

    /// A `cargo` that compiles for the target.
    pub(crate) fn cargo(self, workspace: &Workspace) -> Command {
        match self {
            Self::Installed | Self::AddedByRustup => process::cargo(workspace.root()),
            Self::Debian => debian_cargo(workspace.root()),
        }
    }
}

impl Machine {
    fn look(folder: &Path) -> Self {
        Self {
            target_is_here: target_folder(folder).is_some_and(|target| target.is_dir()),
            has_rustup: find_program("rustup").is_some(),
            rustup_may_install: env::var_os("RUSTUP_AUTO_INSTALL").is_none_or(|value| value != "0"),
            has_apt: find_program("apt-get").is_some(),
        }
    }
}

fn target_folder(folder: &Path) -> Option<PathBuf> {
    let output = process::command("rustc", folder)
        .args(["--print", "target-libdir", "--target", TARGET])
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let path = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| PathBuf::from(path.trim()))
}

/// Debian's cargo with Debian's rustc, whatever rustup put first on PATH.
fn debian_cargo(folder: &Path) -> Command {
    let mut command = process::command("/usr/bin/cargo", folder);
    for name in ["RUSTUP_TOOLCHAIN", "RUSTC", "RUSTDOC", "RUSTC_WRAPPER", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"] {
        command.env_remove(name);
    }
    let mut path = OsString::from("/usr/bin:");
    path.push(env::var_os("PATH").unwrap_or_default());
    command
        .env("PATH", path)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
        // The page has nobody to tell why it panicked: without the words it is a tenth smaller.
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", "-Zunstable-options -Cpanic=immediate-abort")
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-22");
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    const BARE: Machine = Machine { target_is_here: false, has_rustup: true, rustup_may_install: false, has_apt: true };

    #[test]
    fn an_installed_target_is_used() {
        let machine = Machine { target_is_here: true, rustup_may_install: true, ..BARE };
        assert_eq!(Toolchain::first_possible(&machine).unwrap(), Toolchain::Installed);
    }

    #[test]
    fn rustup_adds_the_target_where_it_may() {
        let machine = Machine { rustup_may_install: true, ..BARE };
        assert_eq!(Toolchain::first_possible(&machine).unwrap(), Toolchain::AddedByRustup);
    }

    #[test]
    fn debians_compiler_is_used_where_rustup_may_not_install() {
        assert_eq!(Toolchain::first_possible(&BARE).unwrap(), Toolchain::Debian);
    }

    #[test]
    fn a_machine_with_no_way_is_told_the_one_command() {
        let machine = Machine { has_apt: false, ..BARE };
        let error = Toolchain::first_possible(&machine).unwrap_err();
        assert!(error.to_string().contains("rustup target add wasm32-unknown-unknown"), "{error}");
    }
}
