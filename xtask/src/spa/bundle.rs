//! The finished pages' files: each under a name that holds the hash of its contents, with a brotli sibling.
//!
//! Refuses: two different files under one source name, and to leave a half-written page where a server reads it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use brotli::enc::BrotliEncoderParams;

use super::{ASSETS, hash};

/// Holds the hash of what the page was made from.
pub(super) const STAMP: &str = ".stamp";

/// Files that will become a folder.
#[derive(Default)]
pub(super) struct Bundle {
    /// Hashed name to contents.
    assets: BTreeMap<String, Vec<u8>>,
    /// A source file's name (`logo.svg`) to its hashed name.
    names: BTreeMap<String, String>,
    /// An html file's name to its text.
    pages: BTreeMap<&'static str, String>,
}

impl Bundle {
    /// Adds a file and gives the path that the page asks for.
    pub(super) fn add(&mut self, stem: &str, extension: &str, bytes: Vec<u8>) -> String {
        let name = format!("{stem}-{}.{extension}", hash(&bytes));
        let path = format!("/{ASSETS}/{name}");
        self.assets.insert(name, bytes);
        path
    }

    /// Adds a source file, to be found again by its name.
    pub(super) fn add_file(&mut self, file: &Path) -> Result<()> {
        let part = |part: Option<&std::ffi::OsStr>| part.and_then(|part| part.to_str()).map(str::to_owned);
        let unnamed = || format!("{} has no plain name", file.display());
        let name = part(file.file_name()).with_context(unnamed)?;
        let stem = part(file.file_stem()).with_context(unnamed)?;
        let extension = part(file.extension()).with_context(unnamed)?;
        let bytes = fs::read(file).with_context(|| format!("reading {}", file.display()))?;
        let path = self.add(&stem, &extension, bytes);
        if self.names.insert(name.clone(), path).is_some() {
            bail!("two files of the page are called {name}");
        }
        Ok(())
    }

    /// The path under which the page asks for the source file that `reference` names (`../fonts/a.woff2`,
    /// `/icons/logo.svg`).
    pub(super) fn path_of(&self, reference: &str) -> Option<&str> {
        let name = reference.rsplit('/').next()?;
        self.names.get(name).map(String::as_str)
    }

    pub(super) fn add_page(&mut self, name: &'static str, text: String) {
        self.pages.insert(name, text);
    }

    /// Writes everything into a new folder and puts it in the place of the old one.
    pub(super) fn write(&self, out: &Path, stamp: &str) -> Result<()> {
        let fresh = out.with_extension("new");
        remove(&fresh)?;
        fs::create_dir_all(fresh.join(ASSETS))?;
        for (name, text) in &self.pages {
            write_with_sibling(&fresh.join(name), text.as_bytes())?;
        }
        for (name, bytes) in &self.assets {
            write_with_sibling(&fresh.join(ASSETS).join(name), bytes)?;
        }
        fs::write(fresh.join(STAMP), stamp)?;
        remove(out)?;
        fs::rename(&fresh, out).with_context(|| format!("putting {} in place", out.display()))
    }
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("removing {}", folder.display()))?;
    }
    Ok(())
}

/// Writes a file, and its brotli sibling where that saves a tenth or more (a font is compressed already).
fn write_with_sibling(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(path, bytes)?;
    let compressed = compress(bytes)?;
    if compressed.len() < bytes.len() / 10 * 9 {
        let mut name = path.as_os_str().to_owned();
        name.push(".br");
        fs::write(name, compressed)?;
    }
    Ok(())
}

fn compress(bytes: &[u8]) -> Result<Vec<u8>> {
    let parameters = BrotliEncoderParams { quality: 11, size_hint: bytes.len(), ..BrotliEncoderParams::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut compressed, &parameters).context("brotli")?;
    Ok(compressed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_changes_with_the_contents_and_only_with_them() {
        let mut bundle = Bundle::default();
        let one = bundle.add("motcua", "css", b"a{}".to_vec());
        let same = bundle.add("motcua", "css", b"a{}".to_vec());
        let other = bundle.add("motcua", "css", b"b{}".to_vec());
        assert_eq!(one, same);
        assert_ne!(one, other);
        assert!(one.starts_with("/assets/motcua-") && one.ends_with(".css"), "{one}");
    }

    #[test]
    fn a_file_is_found_by_any_path_that_names_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("logo.svg");
        fs::write(&file, "<svg/>").unwrap();
        let mut bundle = Bundle::default();
        bundle.add_file(&file).unwrap();
        let path = bundle.path_of("../icons/logo.svg").unwrap();
        assert_eq!(bundle.path_of("/icons/logo.svg"), Some(path));
        assert_eq!(bundle.path_of("absent.svg"), None);
        assert!(bundle.add_file(&file).is_err(), "the same name twice");
    }

    #[test]
    fn a_written_page_replaces_the_old_one_and_compresses_what_shrinks() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("spa");
        fs::create_dir_all(&out).unwrap();
        fs::write(out.join("old.html"), "old").unwrap();
        let mut bundle = Bundle::default();
        bundle.add("motcua", "css", b"a{color:red}".repeat(50));
        bundle.add("font", "woff2", vec![1, 2, 3]);
        bundle.add_page("index.html", "<!doctype html>".repeat(10));
        bundle.write(&out, "stamp").unwrap();
        assert!(!out.join("old.html").exists());
        assert_eq!(fs::read_to_string(out.join(STAMP)).unwrap(), "stamp");
        let mut names: Vec<_> = fs::read_dir(out.join(ASSETS))
            .unwrap()
            .map(|entry| entry.unwrap().path().extension().unwrap().to_string_lossy().into_owned())
            .collect();
        names.sort();
        assert_eq!(names, ["br", "css", "woff2"]);
    }
}
