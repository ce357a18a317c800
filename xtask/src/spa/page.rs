//! The html files: the links that start a page, and hashed names for what it refers to.
//!
//! Refuses: a script or a style inside the page, which the Content-Security-Policy would block, and a reference to a
//! file that is not there.

use anyhow::{Context, Result, bail};

use super::bundle::Bundle;

/// Where the links go in `frontend/*.html`.
const MARKER: &str = "<!-- xtask:head -->";

/// The paths that a page starts from.
pub(super) struct Head {
    pub(super) style: String,
    pub(super) script: String,
    pub(super) wasm: String,
    pub(super) boot: String,
}

/// The module that starts the page.
pub(super) fn boot_script(script: &str, wasm: &str) -> String {
    include_str!("boot.js").replace("{script}", script).replace("{wasm}", wasm)
}

/// The finished html file.
pub(super) fn finish(index: &str, head: &Head, bundle: &Bundle) -> Result<String> {
    if index.contains("<script") || index.contains("<style") || index.contains(" style=") {
        bail!("the page holds a script or a style; the policy allows none inside the page");
    }
    if index.matches(MARKER).count() != 1 {
        bail!("the page must hold `{MARKER}` once, in its head");
    }
    Ok(rewrite(index, bundle)?.replace(MARKER, &head.links()))
}

impl Head {
    fn links(&self) -> String {
        let Self { style, script, wasm, boot } = self;
        [
            format!("<link rel=\"stylesheet\" href=\"{style}\">"),
            format!("<link rel=\"preload\" href=\"{wasm}\" as=\"fetch\" type=\"application/wasm\" crossorigin>"),
            format!("<link rel=\"modulepreload\" href=\"{script}\">"),
            format!("<script type=\"module\" src=\"{boot}\"></script>"),
        ]
        .join("\n    ")
    }
}

/// Gives each `href` and `src` that names a file of the page its hashed path.
fn rewrite(index: &str, bundle: &Bundle) -> Result<String> {
    let mut rewritten = String::with_capacity(index.len());
    let mut rest = index;
    while let Some((at, opening)) = next_reference(rest) {
        let (before, after) = rest.split_at(at + opening.len());
        let (reference, after) = after.split_once('"').context("an attribute without its closing quote")?;
        rewritten.push_str(before);
        rewritten.push_str(target(reference, bundle)?);
        rewritten.push('"');
        rest = after;
    }
    rewritten.push_str(rest);
    Ok(rewritten)
}

fn next_reference(text: &str) -> Option<(usize, &'static str)> {
    [" href=\"", " src=\""].into_iter().filter_map(|opening| Some((text.find(opening)?, opening))).min()
}

fn target<'a>(reference: &'a str, bundle: &'a Bundle) -> Result<&'a str> {
    let within_the_page = reference.starts_with('#') || reference == "/" || reference.starts_with("data:");
    if within_the_page {
        return Ok(reference);
    }
    bundle.path_of(reference).with_context(|| format!("it refers to {reference}, which is no file of the pages"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<!doctype html><head><base href=\"/\"><link rel=\"icon\" href=\"icons/logo.svg\">\
                        <!-- xtask:head --></head><body></body>";

    fn head() -> Head {
        let path = |name: &str| format!("/assets/{name}");
        Head { style: path("a.css"), script: path("a.js"), wasm: path("a.wasm"), boot: path("boot.js") }
    }

    fn bundle_with_an_icon() -> Bundle {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("logo.svg");
        std::fs::write(&file, "<svg/>").unwrap();
        let mut bundle = Bundle::default();
        bundle.add_file(&file).unwrap();
        bundle
    }

    #[test]
    fn the_page_gets_its_links_and_hashed_names() {
        let bundle = bundle_with_an_icon();
        let page = finish(PAGE, &head(), &bundle).unwrap();
        assert!(!page.contains(MARKER) && !page.contains("icons/logo.svg"), "{page}");
        assert!(page.contains(bundle.path_of("logo.svg").unwrap()), "{page}");
        assert!(page.contains("<script type=\"module\" src=\"/assets/boot.js\"></script>"), "{page}");
        assert!(page.contains("<base href=\"/\">"), "{page}");
    }

    #[test]
    fn what_the_policy_would_block_is_refused() {
        let bundle = bundle_with_an_icon();
        for inside in ["<script>start()</script>", "<style>a{}</style>", "<p style=\"color:red\">"] {
            let page = PAGE.replace("<body>", &format!("<body>{inside}"));
            assert!(finish(&page, &head(), &bundle).is_err(), "{inside}");
        }
    }

    #[test]
    fn a_page_without_the_marker_or_with_a_lost_reference_is_refused() {
        let bundle = bundle_with_an_icon();
        assert!(finish(&PAGE.replace(MARKER, ""), &head(), &bundle).is_err());
        assert!(finish(&PAGE.replace("logo.svg", "absent.svg"), &head(), &bundle).is_err());
    }

    #[test]
    fn the_boot_script_names_both_hashed_files() {
        let script = boot_script("/assets/a.js", "/assets/a.wasm");
        assert!(script.contains("from \"/assets/a.js\"") && script.contains("module_or_path: \"/assets/a.wasm\""));
    }
}
