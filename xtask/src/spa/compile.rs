//! From Rust to a WebAssembly module and its script: cargo, then wasm-bindgen as a library.
//!
//! The library's version is the lock file's version of `wasm-bindgen`: both need the same `wasm-bindgen-shared`, and
//! cargo links only one. Refuses: a script that a dependency wants from npm.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::{Bindgen, Output};

use super::{PROGRAMS, Program};
use crate::process;
use crate::wasm::{TARGET, Toolchain};
use crate::workspace::Workspace;

const PACKAGE: &str = "motcua-frontend";
const PROFILE: &str = "wasm";

/// What wasm-bindgen makes of a compiled module.
pub(super) struct Bound {
    pub(super) script: String,
    pub(super) wasm: Vec<u8>,
    /// Small scripts of dependencies: the path by which `script` imports each, and its text.
    pub(super) snippets: Vec<(String, String)>,
}

/// Compiles the pages' crate and gives each program's module.
pub(super) fn cargo_build(workspace: &Workspace, toolchain: Toolchain) -> Result<Vec<PathBuf>> {
    let target = workspace.wasm_target();
    let mut cargo = toolchain.cargo(workspace);
    cargo.args(["build", "--package", PACKAGE, "--bins", "--profile", PROFILE, "--target", TARGET, "--target-dir"]);
    process::run(cargo.arg(&target))?;
    let folder = target.join(TARGET).join(PROFILE);
    Ok(PROGRAMS.iter().map(|program| folder.join(format!("{}.wasm", program.name))).collect())
}

/// Makes the script that loads the module, and the module that it loads.
pub(super) fn bind(workspace: &Workspace, program: &Program, compiled: &Path) -> Result<Bound> {
    let mut output = Bindgen::new()
        .input_path(compiled)
        .out_name(program.name)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()
        .context("wasm-bindgen")?;
    if let Some(package) = output.npm_dependencies().keys().next() {
        bail!("a dependency of the page wants {package} from npm, which this build does not bring");
    }
    let snippets = snippets(&output);
    let folder = workspace.wasm_target().join("bound");
    output.emit(&folder)?;
    let script = std::fs::read_to_string(folder.join(format!("{}.js", program.name)))?;
    let wasm = std::fs::read(folder.join(format!("{}_bg.wasm", program.name)))?;
    Ok(Bound { script, wasm, snippets })
}

fn snippets(output: &Output) -> Vec<(String, String)> {
    let inline = output.snippets().iter().flat_map(|(package, scripts)| {
        let numbered = scripts.iter().enumerate();
        numbered.map(move |(number, script)| (format!("./snippets/{package}/inline{number}.js"), script.clone()))
    });
    let files = output.local_modules().iter().map(|(path, script)| (format!("./snippets/{path}"), script.clone()));
    inline.chain(files).collect()
}
