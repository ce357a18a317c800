//! Where things lie: the one place that knows the repository's folders by name.
//!
//! Refuses: to create or change any of them.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The repository this task runs in.
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// The workspace that this program was built from.
    pub(crate) fn locate() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in the workspace's root")?;
        let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |dir| root.join(dir));
        Ok(Self { root: root.to_owned(), target })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path inside the repository.
    pub(crate) fn path(&self, inside: &str) -> PathBuf {
        self.root.join(inside)
    }

    /// The page's own target folder: another compiler may build it, and two compilers in one folder rebuild each
    /// other's work.
    pub(crate) fn wasm_target(&self) -> PathBuf {
        self.target.join("wasm")
    }

    /// The finished page: static files for any web server.
    pub(crate) fn spa(&self) -> PathBuf {
        self.target.join("spa")
    }

    /// Tools that npm brings, pinned by `xtask/tools/package-lock.json`.
    pub(crate) fn npm_tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// What tests leave behind to look at: screenshots, logs.
    pub(crate) fn test_artefacts(&self) -> PathBuf {
        self.target.join("test-artefacts")
    }

    /// The server's binary, as cargo's `dev` or `release` profile leaves it.
    pub(crate) fn server(&self, profile: Profile) -> PathBuf {
        let folder = match profile {
            Profile::Dev => "debug",
            Profile::Release => "release",
        };
        self.target.join(folder).join("motcua")
    }
}

/// The two cargo profiles that the server is built with.
#[derive(Clone, Copy)]
pub(crate) enum Profile {
    Dev,
    Release,
}
