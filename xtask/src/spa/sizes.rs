//! What a first visit to each page loads, in bytes.
//!
//! Counts every file of a page once, as a server sends it to a browser that takes brotli. What the pages share counts
//! for each. All fonts are counted, though a page loads only those whose letters it shows: the sum is the most that a
//! first visit can cost.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::{ASSETS, PROGRAMS, Program, files_in};

/// The most that a first visit to a page may load, as brotli.
const BUDGET: u64 = 400 * 1024;

/// The finished pages, each with its files and their sizes.
pub(crate) struct Sizes {
    pages: Vec<Page>,
}

struct Page {
    program: &'static Program,
    files: Vec<Size>,
}

struct Size {
    name: String,
    raw: u64,
    sent: u64,
}

impl Sizes {
    pub(super) fn of_folder(folder: &Path) -> Result<Self> {
        let assets = files_in(&folder.join(ASSETS))?;
        let pages = PROGRAMS.iter().map(|program| Page::of(program, folder, &assets)).collect::<Result<_>>()?;
        Ok(Self { pages })
    }

    /// Prints a table for each page.
    pub(crate) fn print(&self) {
        for page in &self.pages {
            page.print();
        }
    }

    /// Fails where a page is too large, with the name of each.
    pub(crate) fn check(&self) -> Result<()> {
        let over = self.pages.iter().filter(|page| page.first_load() > BUDGET);
        let over: Vec<_> = over.map(|page| format!("{} ({})", page.program.name, page.first_load())).collect();
        if !over.is_empty() {
            bail!("too large, where a first visit may load {BUDGET} bytes: {}", over.join(", "));
        }
        Ok(())
    }
}

impl Page {
    fn of(program: &'static Program, folder: &Path, assets: &[PathBuf]) -> Result<Self> {
        let mut paths = vec![folder.join(program.page)];
        paths.extend(assets.iter().filter(|path| !is_sibling(path) && !is_of_another(path, program)).cloned());
        let files = paths.iter().map(|path| Size::of(path)).collect::<Result<_>>()?;
        Ok(Self { program, files })
    }

    /// What a first visit loads.
    fn first_load(&self) -> u64 {
        self.files.iter().map(|file| file.sent).sum()
    }

    fn print(&self) {
        println!("\n      raw   brotli  {}", self.program.name);
        for file in &self.files {
            println!("{:>9} {:>8}  {}", file.raw, file.sent, file.name);
        }
        let sum = self.first_load();
        let verdict = if sum <= BUDGET { "within" } else { "OVER" };
        println!("{sum:>18}  first load in all, {verdict} the {BUDGET} that it may cost");
    }
}

/// The files of a program begin with its name; the rest are shared.
fn is_of_another(path: &Path, program: &Program) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let others = PROGRAMS.iter().filter(|other| other.name != program.name);
    others.into_iter().any(|other| name.starts_with(&format!("{}-", other.name)))
}

impl Size {
    fn of(path: &Path) -> Result<Self> {
        let raw = fs::metadata(path)?.len();
        let sent = fs::metadata(sibling(path)).map_or(raw, |sibling| sibling.len());
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self { name, raw, sent })
    }
}

fn sibling(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".br");
    PathBuf::from(name)
}

fn is_sibling(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "br")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &Path, name: &str, length: usize) {
        fs::create_dir_all(folder.join(ASSETS)).unwrap();
        fs::write(folder.join(name), vec![0; length]).unwrap();
    }

    #[test]
    fn a_file_counts_as_it_is_sent_and_for_each_page_that_loads_it() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        for program in &PROGRAMS {
            write(folder, program.page, 100);
        }
        write(folder, "index.html.br", 40);
        write(folder, "assets/desk-0.wasm", 1000);
        write(folder, "assets/desk-0.wasm.br", 300);
        write(folder, "assets/admin-boot-0.js", 20);
        write(folder, "assets/b.woff2", 7);
        let sizes = Sizes::of_folder(folder).unwrap();
        assert_eq!(sizes.pages.iter().map(Page::first_load).collect::<Vec<_>>(), [347, 107, 127, 107]);
        assert!(sizes.check().is_ok());
    }

    #[test]
    fn a_page_over_the_budget_fails_by_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        for program in &PROGRAMS {
            write(folder, program.page, 100);
        }
        write(folder, "assets/admin-0.wasm", 400 * 1024);
        let error = Sizes::of_folder(folder).unwrap().check().unwrap_err().to_string();
        assert!(error.contains("admin") && !error.contains("desk") && !error.contains("citizen"), "{error}");
    }
}
