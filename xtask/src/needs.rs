//! What the tasks need on the machine, in one table, and how each is installed.
//!
//! Owns: finding out what is missing, saying so first, and installing it with the ordinary client of its registry.
//! Refuses: to download by any other way, and to install a package of the system when not root.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::process::{self, find_program};
use crate::workspace::Workspace;

/// One thing that a task needs.
#[derive(Debug)]
pub(crate) struct Need {
    /// What a person calls it.
    pub(crate) name: &'static str,
    /// What the task does with it.
    pub(crate) why: &'static str,
    probe: Probe,
    source: Source,
}

/// How to see that it is there.
#[derive(Debug)]
enum Probe {
    /// All of these programs are on PATH.
    Programs(&'static [&'static str]),
    /// These programs are on PATH, and these files exist.
    ProgramsAndFiles(&'static [&'static str], &'static [&'static str]),
    /// A PostgreSQL server's programs are somewhere (Debian keeps them off PATH).
    PostgresServer,
    /// `npm ci` has run here since the lock file changed.
    NodeModules(Folder),
}

/// Where it comes from.
#[derive(Debug)]
enum Source {
    /// Debian's packages.
    Apt(&'static [&'static str]),
    /// `cargo install --locked`, at this version.
    Cargo { package: &'static str, version: &'static str },
    /// `npm ci` with a committed lock file.
    Npm(Folder),
}

/// The folders where `npm ci` runs.
#[derive(Debug, Clone, Copy)]
enum Folder {
    /// Tools that build the page: the lock file is copied from `xtask/tools`.
    Tools,
    /// What the browser suite loads into a page.
    BrowserTests,
}

/// A PostgreSQL server for the suites.
pub(crate) const POSTGRES: Need = Need {
    name: "PostgreSQL",
    why: "the suites run on it, on a server of their own",
    probe: Probe::PostgresServer,
    source: Source::Apt(&["postgresql"]),
};

/// A browser and its driver.
pub(crate) const CHROMIUM: Need = Need {
    name: "Chromium and its driver",
    why: "the browser suite drives it",
    probe: Probe::Programs(&["chromium", "chromedriver"]),
    source: Source::Apt(&["chromium", "chromium-driver"]),
};

/// An SMS gateway with a fake carrier.
pub(crate) const KANNEL: Need = Need {
    name: "Kannel and its fake SMSC",
    why: "one suite sends texts through a real gateway",
    probe: Probe::ProgramsAndFiles(&["bearerbox", "smsbox"], &["/usr/lib/kannel/test/fakesmsc"]),
    source: Source::Apt(&["kannel", "kannel-extras"]),
};

/// The proxy in front of a province.
pub(crate) const NGINX: Need = Need {
    name: "nginx",
    why: "a test signs citizens in by certificates that it verifies",
    probe: Probe::Programs(&["nginx"]),
    source: Source::Apt(&["nginx"]),
};

/// What checks alert rules.
pub(crate) const PROMTOOL: Need = Need {
    name: "promtool",
    why: "a test loads the alert rules with it",
    probe: Probe::Programs(&["promtool"]),
    source: Source::Apt(&["prometheus"]),
};

/// npm and what runs its packages.
pub(crate) const NODE: Need = Need {
    name: "Node.js and npm",
    why: "they bring axe-core and wasm-opt",
    probe: Probe::Programs(&["node", "npm"]),
    source: Source::Apt(&["nodejs", "npm"]),
};

/// The accessibility rules that the browser suite checks.
pub(crate) const AXE: Need = Need {
    name: "axe-core",
    why: "the browser suite checks each page's accessibility with it",
    probe: Probe::NodeModules(Folder::BrowserTests),
    source: Source::Npm(Folder::BrowserTests),
};

/// A current wasm-opt.
pub(crate) const BINARYEN: Need = Need {
    name: "wasm-opt",
    why: "it makes the page smaller",
    probe: Probe::NodeModules(Folder::Tools),
    source: Source::Npm(Folder::Tools),
};

/// Debian's compiler for WebAssembly, for a machine whose rustup may not fetch the target.
pub(crate) const DEBIAN_WASM: Need = Need {
    name: "Debian's Rust for WebAssembly",
    why: "it compiles the page: the installed toolchain lacks wasm32-unknown-unknown and rustup may not fetch it",
    probe: Probe::ProgramsAndFiles(&["wasm-ld-22"], &["/usr/bin/rustc", "/usr/bin/cargo", "/usr/lib/rustlib/src"]),
    source: Source::Apt(&["rustc-web", "cargo-web", "rust-web-src", "lld-22"]),
};

/// The test runner.
pub(crate) const NEXTEST: Need = Need {
    name: "cargo-nextest",
    why: "it runs the tests",
    probe: Probe::Programs(&["cargo-nextest"]),
    source: Source::Cargo { package: "cargo-nextest", version: "0.9.143" },
};

/// The dependency checker.
pub(crate) const DENY: Need = Need {
    name: "cargo-deny",
    why: "it checks bans, licences and sources of the dependencies",
    probe: Probe::Programs(&["cargo-deny"]),
    source: Source::Cargo { package: "cargo-deny", version: "0.20.2" },
};

/// Says what is missing and how it will be installed. Gives what is missing, for [`install`].
pub(crate) fn announce(workspace: &Workspace, needs: &[&'static Need]) -> Vec<&'static Need> {
    let missing: Vec<_> = needs.iter().copied().filter(|need| !need.is_here(workspace)).collect();
    if missing.is_empty() {
        println!("  install  nothing: all that it needs is here");
    }
    for need in &missing {
        println!("  install  {} by {}: {}", need.name, need.source.shown(), need.why);
    }
    missing
}

/// Installs what is missing: the system's packages in one go, then the rest one by one.
pub(crate) fn install(workspace: &Workspace, missing: &[&'static Need]) -> Result<()> {
    install_packages(workspace, &packages(missing))?;
    for need in missing {
        match need.source {
            Source::Apt(_) => {}
            Source::Cargo { package, version } => cargo_install(workspace, package, version)?,
            Source::Npm(folder) => npm_ci(workspace, folder)?,
        }
        if !need.is_here(workspace) {
            bail!("{} was installed by {} but is still not found", need.name, need.source.shown());
        }
    }
    Ok(())
}

impl Need {
    /// Is it on this machine?
    pub(crate) fn is_here(&self, workspace: &Workspace) -> bool {
        match self.probe {
            Probe::Programs(programs) => all_on_path(programs),
            Probe::ProgramsAndFiles(programs, files) => {
                all_on_path(programs) && files.iter().all(|file| Path::new(file).exists())
            }
            Probe::PostgresServer => crate::postgres::programs().is_some(),
            Probe::NodeModules(folder) => folder.is_current(workspace),
        }
    }
}

impl Source {
    fn shown(&self) -> String {
        match self {
            Self::Apt(packages) => format!("apt-get ({})", packages.join(" ")),
            Self::Cargo { package, version } => {
                format!("cargo install {package}@{version} (compiled here: some minutes, once)")
            }
            Self::Npm(_) => "npm ci (pinned by its lock file)".to_owned(),
        }
    }
}

impl Folder {
    /// Where its lock file is committed.
    fn lock_folder(self, workspace: &Workspace) -> PathBuf {
        match self {
            Self::Tools => workspace.path("xtask/tools"),
            Self::BrowserTests => workspace.path("tests/browser"),
        }
    }

    /// Where its `node_modules` lies.
    fn home(self, workspace: &Workspace) -> PathBuf {
        match self {
            Self::Tools => workspace.npm_tools(),
            Self::BrowserTests => workspace.path("tests/browser"),
        }
    }

    fn is_current(self, workspace: &Workspace) -> bool {
        let lock = self.lock_folder(workspace).join("package-lock.json");
        let seen = self.home(workspace).join("node_modules/.installed-lock.json");
        matches!((fs::read(lock), fs::read(seen)), (Ok(lock), Ok(seen)) if lock == seen)
    }
}

fn all_on_path(programs: &[&str]) -> bool {
    programs.iter().all(|program| find_program(program).is_some())
}

fn packages(missing: &[&'static Need]) -> Vec<&'static str> {
    missing
        .iter()
        .flat_map(|need| match need.source {
            Source::Apt(packages) => packages,
            Source::Cargo { .. } | Source::Npm(_) => &[],
        })
        .copied()
        .collect()
}

fn install_packages(workspace: &Workspace, packages: &[&str]) -> Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    let names = packages.join(" ");
    if find_program("apt-get").is_none() {
        bail!("there is no apt-get on this system; install what its own packages call {names}, then start again");
    }
    if !process::is_root() {
        bail!(
            "only root may install packages. Run this once, then start again:\n\n  \
             sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends {names}'\n"
        );
    }
    let apt = || {
        let mut command = process::command("apt-get", workspace.root());
        command.env("DEBIAN_FRONTEND", "noninteractive").arg("-qq");
        command
    };
    process::run(apt().arg("update")).context("apt-get needs the list of packages first")?;
    process::run(apt().args(["install", "-y", "--no-install-recommends"]).args(packages))
}

fn cargo_install(workspace: &Workspace, package: &str, version: &str) -> Result<()> {
    process::run(process::cargo(workspace.root()).args(["install", "--locked", &format!("{package}@{version}")]))
}

fn npm_ci(workspace: &Workspace, folder: Folder) -> Result<()> {
    let (lock_folder, home) = (folder.lock_folder(workspace), folder.home(workspace));
    if !lock_folder.join("package-lock.json").is_file() {
        bail!("{} has no package-lock.json, so nothing says what npm should install", lock_folder.display());
    }
    fs::create_dir_all(&home)?;
    if lock_folder != home {
        for file in ["package.json", "package-lock.json"] {
            fs::copy(lock_folder.join(file), home.join(file))?;
        }
    }
    process::run(process::command("npm", &home).args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]))?;
    fs::copy(lock_folder.join("package-lock.json"), home.join("node_modules/.installed-lock.json"))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABSENT: Need = Need {
        name: "a thing",
        why: "the test",
        probe: Probe::Programs(&["no-such-program-here"]),
        source: Source::Apt(&["no-such-package-here"]),
    };

    #[test]
    fn what_is_missing_is_found_out() {
        let workspace = Workspace::locate().unwrap();
        assert!(!ABSENT.is_here(&workspace));
        let missing = announce(&workspace, &[&ABSENT]);
        assert_eq!(packages(&missing), ["no-such-package-here"]);
    }

    #[test]
    fn nothing_missing_installs_nothing() {
        install(&Workspace::locate().unwrap(), &[]).unwrap();
    }

    #[test]
    fn every_npm_folder_is_pinned_to_exact_versions() {
        let workspace = Workspace::locate().unwrap();
        for folder in [Folder::Tools, Folder::BrowserTests] {
            let text = fs::read_to_string(folder.lock_folder(&workspace).join("package.json")).unwrap();
            assert!(!text.contains('^') && !text.contains('~'), "{folder:?}: {text}");
        }
    }
}
