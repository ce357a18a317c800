//! The pages: from the Yew crate's programs to static files with hashed names and precompressed siblings.
//!
//! Owns: the one way the pages are built, for a developer as for a province: cargo → wasm-bindgen → wasm-opt → hashed
//! names → brotli. Refuses: an inline script (the policy is `script-src 'self' 'wasm-unsafe-eval'`), a reference to a file
//! that is not there, and to do again what nothing asks for.

mod bundle;
mod compile;
mod optimise;
mod page;
mod sizes;
mod styles;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::needs::{self, BINARYEN, NODE, Need};
use crate::wasm::Toolchain;
use crate::workspace::Workspace;
use bundle::Bundle;

pub(crate) use sizes::Sizes;

/// The folder of hashed files, whose names change with their contents: a server may let them be cached for ever.
const ASSETS: &str = "assets";

/// A program of the crate, which is a page of its own.
struct Program {
    /// Its name; its source is `frontend/{name}.html`, its files begin with it.
    name: &'static str,
    /// The page that a server answers with.
    page: &'static str,
}

const PROGRAMS: [Program; 4] = [
    Program { name: "desk", page: "index.html" },
    Program { name: "citizen", page: "citizen.html" },
    Program { name: "admin", page: "admin.html" },
    Program { name: "people", page: "people.html" },
];

/// What the page needs on this machine, and how it will be compiled.
pub(crate) struct Plan {
    toolchain: Toolchain,
    with_wasm_opt: bool,
}

impl Plan {
    /// Without npm the page is built all the same, only larger: npm is not installed for this alone.
    pub(crate) fn make(workspace: &Workspace, task_brings_npm: bool) -> Result<Self> {
        let with_wasm_opt = task_brings_npm || NODE.is_here(workspace);
        Ok(Self { toolchain: Toolchain::choose(workspace)?, with_wasm_opt })
    }

    pub(crate) fn needs(&self) -> Vec<&'static Need> {
        let mut needs = self.toolchain.needs().to_vec();
        if self.with_wasm_opt {
            needs.push(&BINARYEN);
        }
        needs
    }

    /// Says how the page will be built.
    pub(crate) fn announce(&self) {
        println!("  build    the pages (target/spa), {}", self.toolchain.shown());
        if !self.with_wasm_opt {
            println!("           without wasm-opt, since npm is not here: each page will be some tens of KB larger");
        }
    }
}

/// Installs what is missing for the pages alone, then builds them.
pub(crate) fn set_up_and_build(workspace: &Workspace) -> Result<Sizes> {
    let plan = Plan::make(workspace, false)?;
    println!("cargo xtask spa will");
    let missing = needs::announce(workspace, &plan.needs());
    plan.announce();
    needs::install(workspace, &missing)?;
    build(workspace, &plan)
}

/// Builds the pages into `target/spa`. What has not changed is not done again.
pub(crate) fn build(workspace: &Workspace, plan: &Plan) -> Result<Sizes> {
    plan.toolchain.prepare(workspace)?;
    let compiled = compile::cargo_build(workspace, plan.toolchain)?;
    let tool = optimise::Optimiser::find(workspace);
    let sources = Sources::read(workspace)?;
    let stamp = sources.stamp(&compiled, tool.as_ref())?;
    let out = workspace.spa();
    if let Some(sizes) = up_to_date(&out, &stamp)? {
        println!("    nothing changed: {} is up to date", out.display());
        return Ok(sizes);
    }
    let bundle = assemble(workspace, &sources, &compiled, tool.as_ref())?;
    bundle.write(&out, &stamp)?;
    Sizes::of_folder(&out)
}

fn up_to_date(out: &Path, stamp: &str) -> Result<Option<Sizes>> {
    let seen = fs::read_to_string(out.join(bundle::STAMP));
    if seen.is_ok_and(|seen| seen == stamp) { Sizes::of_folder(out).map(Some) } else { Ok(None) }
}

/// The files beside the Rust code that make up the pages.
struct Sources {
    /// In the order of the programs.
    pages: Vec<String>,
    /// The sheets that all pages share.
    styles: Vec<PathBuf>,
    /// Each program's own sheets, in the order of the programs.
    own_styles: Vec<Vec<PathBuf>>,
    files: Vec<PathBuf>,
}

impl Sources {
    fn read(workspace: &Workspace) -> Result<Self> {
        let frontend = workspace.path("frontend");
        let page = |program: &Program| {
            let path = frontend.join(format!("{}.html", program.name));
            fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))
        };
        let pages = PROGRAMS.iter().map(page).collect::<Result<_>>()?;
        let mut files = Vec::new();
        for folder in ["fonts", "icons", "images"] {
            files.extend(files_in(&frontend.join(folder))?.into_iter().filter(|file| !is_about(file)));
        }
        let is_css = |file: &PathBuf| file.extension().is_some_and(|extension| extension == "css");
        let sheets = |folder: &Path| -> Result<Vec<_>> { Ok(files_in(folder)?.into_iter().filter(is_css).collect()) };
        let styles = frontend.join("styles");
        let own_styles = PROGRAMS.iter().map(|program| sheets(&styles.join(program.name))).collect::<Result<_>>()?;
        Ok(Self { pages, styles: sheets(&styles)?, own_styles, files })
    }

    /// A hash of all that the finished pages are made from, this task included.
    fn stamp(&self, compiled: &[PathBuf], tool: Option<&optimise::Optimiser>) -> Result<String> {
        let task = fs::metadata(std::env::current_exe()?)?;
        let task = format!("{} {:?}", task.len(), task.modified()?);
        let tool = tool.map_or_else(String::new, |tool| tool.version().to_owned());
        let mut hashes = vec![task, tool];
        hashes.extend(self.pages.iter().map(|page| hash(page.as_bytes())));
        for file in compiled.iter().chain(&self.styles).chain(self.own_styles.iter().flatten()).chain(&self.files) {
            hashes.push(file.display().to_string());
            hashes.push(hash(&fs::read(file).with_context(|| format!("reading {}", file.display()))?));
        }
        Ok(hash(hashes.join("\n").as_bytes()))
    }
}

/// A licence or a note that lies beside a font or an icon is not part of the page.
fn is_about(file: &Path) -> bool {
    let extension = file.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    matches!(extension.as_deref(), None | Some("txt" | "md"))
}

/// The files of a folder in the order of their names; none when the folder is not there.
fn files_in(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder)?.collect::<std::io::Result<Vec<_>>>()?;
    let mut files: Vec<_> = entries.into_iter().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    files.sort();
    Ok(files)
}

/// All files under their final names, with every reference among them rewritten.
fn assemble(
    workspace: &Workspace,
    sources: &Sources,
    compiled: &[PathBuf],
    tool: Option<&optimise::Optimiser>,
) -> Result<Bundle> {
    let mut bundle = Bundle::default();
    for file in &sources.files {
        bundle.add_file(file)?;
    }
    for (index, program) in PROGRAMS.iter().enumerate() {
        let (compiled, source, own) = (&compiled[index], &sources.pages[index], &sources.own_styles[index]);
        let style = styles::concatenate(sources.styles.iter().chain(own), &bundle)?;
        let style = bundle.add(program.name, "css", style.into_bytes());
        let bound = compile::bind(workspace, program, compiled)?;
        let script = name_snippets(bound.script, bound.snippets, &mut bundle)?;
        let wasm = match tool {
            Some(tool) => tool.optimise(&bound.wasm, &workspace.wasm_target())?,
            None => bound.wasm,
        };
        let wasm = bundle.add(program.name, "wasm", wasm);
        let script = bundle.add(program.name, "js", script.into_bytes());
        let boot = page::boot_script(&script, &wasm);
        let boot = bundle.add(&format!("{}-boot", program.name), "js", boot.into_bytes());
        let head = page::Head { style, script, wasm, boot };
        let page = page::finish(source, &head, &bundle).with_context(|| format!("frontend/{}.html", program.name))?;
        bundle.add_page(program.page, page);
    }
    Ok(bundle)
}

/// Gives the small scripts of dependencies hashed names, and makes the page's script import them by those.
fn name_snippets(mut script: String, snippets: Vec<(String, String)>, bundle: &mut Bundle) -> Result<String> {
    for (import, text) in snippets {
        let path = bundle.add("part", "js", text.into_bytes());
        script = script.replace(&import, &path);
    }
    if script.contains("./snippets/") {
        bail!("the page's script imports a file that wasm-bindgen did not give");
    }
    Ok(script)
}

/// The first 16 hexadecimal digits of a SHA-256.
fn hash(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(bytes);
    data_encoding::HEXLOWER.encode(&digest[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependencys_script_is_imported_by_its_hashed_name() {
        let mut bundle = Bundle::default();
        let import = "./snippets/gloo-1234/inline0.js".to_owned();
        let script = format!("import {{ go }} from '{import}';");
        let named = name_snippets(script.clone(), vec![(import, "export function go() {}".to_owned())], &mut bundle);
        assert!(named.unwrap().starts_with("import { go } from '/assets/part-"));
        assert!(name_snippets(script, Vec::new(), &mut bundle).is_err(), "a script that nobody gave");
    }

    #[test]
    fn notes_beside_fonts_are_left_out() {
        assert!(is_about(Path::new("fonts/LICENSE")) && is_about(Path::new("fonts/README.md")));
        assert!(!is_about(Path::new("fonts/be-vietnam.woff2")));
    }
}
