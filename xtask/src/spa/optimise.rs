//! wasm-opt, where a version that understands today's modules is at hand.
//!
//! npm's `binaryen` comes first, since the repository pins it; then a new enough one on PATH. Refuses: an older one,
//! such as Debian 12's 108, which cannot read what the compiler writes.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::process::{self, find_program};
use crate::workspace::Workspace;

/// The oldest version known to read a module of today's compiler.
const OLDEST: u32 = 120;

/// A wasm-opt that works.
pub(super) struct Optimiser {
    program: PathBuf,
    version: String,
}

impl Optimiser {
    pub(super) fn find(workspace: &Workspace) -> Option<Self> {
        let pinned = workspace.npm_tools().join("node_modules/.bin/wasm-opt");
        let found = Self::probe(pinned, workspace.root())
            .or_else(|| find_program("wasm-opt").and_then(|program| Self::probe(program, workspace.root())));
        if found.is_none() {
            println!("    note: no wasm-opt of version {OLDEST} or later is here, so the page stays larger");
        }
        found
    }

    fn probe(program: PathBuf, folder: &Path) -> Option<Self> {
        let output = process::command(&program, folder).arg("--version").output().ok()?;
        let version = String::from_utf8(output.stdout).ok()?.trim().to_owned();
        (version_number(&version)? >= OLDEST).then_some(Self { program, version })
    }

    pub(super) fn version(&self) -> &str {
        &self.version
    }

    /// Makes a module smaller. Its enabled features are read from the module itself. `-Oz` gives fewer bytes, but more of
    /// them after brotli, which is what is sent.
    pub(super) fn optimise(&self, wasm: &[u8], folder: &Path) -> Result<Vec<u8>> {
        let (before, after) = (folder.join("before.wasm"), folder.join("after.wasm"));
        fs::write(&before, wasm)?;
        let mut command = process::command(&self.program, folder);
        command.args(["-O2", "--strip-debug", "--strip-producers", "--strip-target-features"]);
        process::run(command.arg(&before).arg("-o").arg(&after)).context("wasm-opt")?;
        Ok(fs::read(after)?)
    }
}

/// The number in `wasm-opt version 132 (version_132)`.
fn version_number(text: &str) -> Option<u32> {
    text.strip_prefix("wasm-opt version ")?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read() {
        assert_eq!(version_number("wasm-opt version 132 (version_132)"), Some(132));
        assert_eq!(version_number("wasm-opt version 108"), Some(108));
        assert_eq!(version_number("command not found"), None);
    }

    #[test]
    fn an_optimiser_that_is_not_there_is_not_found() {
        assert!(Optimiser::probe(PathBuf::from("/no/wasm-opt"), Path::new("/")).is_none());
    }
}
