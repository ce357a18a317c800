//! `cargo xtask openapi`: the committed contract document, made from the code.
//!
//! The server prints it without a database. Refuses: to write anything else than what the server prints.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::process;
use crate::workspace::{Profile, Workspace};

/// Writes `openapi/openapi.json`.
pub(crate) fn write(workspace: &Workspace) -> Result<()> {
    super::build_server(workspace, Profile::Dev)?;
    let path = document(workspace);
    fs::write(&path, generate(workspace)?).with_context(|| format!("writing {}", path.display()))?;
    println!("{}", path.display());
    Ok(())
}

/// An error that names the first differing line, when the committed document is not what the built server gives.
pub(crate) fn require_current(workspace: &Workspace) -> Result<()> {
    let path = document(workspace);
    let committed = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    let generated = String::from_utf8(generate(workspace)?).context("the document is not UTF-8")?;
    if let Some(line) = first_difference(&committed, &generated) {
        bail!(
            "openapi/openapi.json is not what the code gives; they part at line {line}. Run: cargo xtask openapi, \
             and look at what changed"
        );
    }
    Ok(())
}

fn document(workspace: &Workspace) -> PathBuf {
    workspace.path("openapi/openapi.json")
}

fn generate(workspace: &Workspace) -> Result<Vec<u8>> {
    let server = workspace.server(Profile::Dev);
    let mut document = process::output(process::command(server, workspace.root()).arg("openapi"))?;
    if document.last() != Some(&b'\n') {
        document.push(b'\n');
    }
    Ok(document)
}

/// The number of the first line that differs, counted from 1.
fn first_difference(committed: &str, generated: &str) -> Option<usize> {
    if committed == generated {
        return None;
    }
    let same = committed.lines().zip(generated.lines()).take_while(|(one, other)| one == other).count();
    Some(same + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drift_is_found_at_its_line() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some(2));
        assert_eq!(first_difference("a\n", "a\nb\n"), Some(2));
        assert_eq!(first_difference("", "a\n"), Some(1));
    }
}
