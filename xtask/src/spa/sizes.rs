//! What a first visit loads, in bytes.
//!
//! Counts every file of the page once, as a server sends it to a browser that takes brotli. All fonts are counted,
//! though a page loads only those whose letters it shows: the sum is the most that a first visit can cost.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{ASSETS, files_in};

/// The most that a first visit may load, as brotli.
pub(crate) const BUDGET: u64 = 400 * 1024;

/// The files of a finished page and their sizes.
pub(crate) struct Sizes {
    files: Vec<Size>,
}

struct Size {
    name: String,
    raw: u64,
    sent: u64,
}

impl Sizes {
    pub(super) fn of_folder(folder: &Path) -> Result<Self> {
        let mut paths = vec![folder.join("index.html")];
        paths.extend(files_in(&folder.join(ASSETS))?.into_iter().filter(|path| !is_sibling(path)));
        let files = paths.iter().map(|path| Size::of(path)).collect::<Result<_>>()?;
        Ok(Self { files })
    }

    /// What a first visit loads.
    pub(crate) fn first_load(&self) -> u64 {
        self.files.iter().map(|file| file.sent).sum()
    }

    /// Prints the table of files.
    pub(crate) fn print(&self) {
        println!("\n      raw   brotli  file");
        for file in &self.files {
            println!("{:>9} {:>8}  {}", file.raw, file.sent, file.name);
        }
        let (sum, verdict) = (self.first_load(), if self.fits() { "within" } else { "OVER" });
        println!("{sum:>18}  first load in all, {verdict} the {BUDGET} that it may cost");
    }

    /// Is the page small enough?
    pub(crate) fn fits(&self) -> bool {
        self.first_load() <= BUDGET
    }
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

    #[test]
    fn a_file_counts_as_it_is_sent() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, length: usize| {
            fs::create_dir_all(folder.path().join(ASSETS)).unwrap();
            fs::write(folder.path().join(name), vec![0; length]).unwrap();
        };
        write("index.html", 100);
        write("index.html.br", 40);
        write("assets/a.wasm", 1000);
        write("assets/a.wasm.br", 300);
        write("assets/b.woff2", 7);
        let sizes = Sizes::of_folder(folder.path()).unwrap();
        assert_eq!(sizes.first_load(), 347);
        assert!(sizes.fits());
        write("assets/c.woff2", 400 * 1024);
        assert!(!Sizes::of_folder(folder.path()).unwrap().fits());
    }
}
