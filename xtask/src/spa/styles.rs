//! A page's style sheet: all of `frontend/styles/*.css` in the order of their names, then those of its own folder there.
//!
//! Refuses: a `url()` that names no file of the page, and anything from another host.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::bundle::Bundle;

/// Joins the sheets and points each `url()` at the hashed file.
pub(super) fn concatenate<'a>(sheets: impl Iterator<Item = &'a PathBuf>, bundle: &Bundle) -> Result<String> {
    let mut all = String::new();
    for sheet in sheets {
        let text = fs::read_to_string(sheet).with_context(|| format!("reading {}", sheet.display()))?;
        all.push_str(&rewrite(&text, bundle).with_context(|| sheet.display().to_string())?);
        all.push('\n');
    }
    Ok(all)
}

fn rewrite(text: &str, bundle: &Bundle) -> Result<String> {
    if text.contains("@import") {
        bail!("`@import` costs the reader one more round trip; every sheet of the folder is joined anyway");
    }
    let mut rest = text;
    let mut rewritten = String::with_capacity(text.len());
    while let Some((before, after)) = rest.split_once("url(") {
        let (inside, after) = after.split_once(')').context("a `url(` without its `)`")?;
        rewritten.push_str(before);
        rewritten.push_str(&format!("url({})", target(inside, bundle)?));
        rest = after;
    }
    rewritten.push_str(rest);
    Ok(rewritten)
}

fn target<'a>(inside: &'a str, bundle: &'a Bundle) -> Result<&'a str> {
    let reference = inside.trim().trim_matches(['"', '\'']);
    if reference.starts_with('#') {
        return Ok(inside);
    }
    bundle.path_of(reference).with_context(|| format!("`url({reference})` names no file of the page"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle_with_a_font() -> Bundle {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("be-vietnam.woff2");
        fs::write(&file, [0, 1, 2]).unwrap();
        let mut bundle = Bundle::default();
        bundle.add_file(&file).unwrap();
        bundle
    }

    #[test]
    fn a_font_is_asked_for_by_its_hashed_name() {
        let bundle = bundle_with_a_font();
        let sheet = "@font-face{src:url(\"../fonts/be-vietnam.woff2\") format(\"woff2\")}a{b:url(#c)}";
        let rewritten = rewrite(sheet, &bundle).unwrap();
        let path = bundle.path_of("be-vietnam.woff2").unwrap();
        assert_eq!(rewritten, format!("@font-face{{src:url({path}) format(\"woff2\")}}a{{b:url(#c)}}"));
    }

    #[test]
    fn a_reference_to_no_file_is_refused() {
        let bundle = bundle_with_a_font();
        for sheet in ["a{b:url(absent.png)}", "a{b:url(https://example.org/x.css)}", "a{b:url(be-vietnam.woff2}"] {
            assert!(rewrite(sheet, &bundle).is_err(), "{sheet}");
        }
        assert!(rewrite("@import 'other.css';", &bundle).is_err());
    }
}
