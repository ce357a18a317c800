//! One module a task. Each says what it will do, installs what is missing, and does it in timed stages.

pub(crate) mod bench;
pub(crate) mod check;
pub(crate) mod openapi;
pub(crate) mod run;
pub(crate) mod test;

use anyhow::Result;

use crate::process;
use crate::spa;
use crate::workspace::{Profile, Workspace};

/// Builds the page alone and says what it weighs.
pub(crate) fn spa(workspace: &Workspace) -> Result<()> {
    let sizes = spa::set_up_and_build(workspace)?;
    sizes.print();
    println!("\n{}", workspace.spa().display());
    Ok(())
}

/// Compiles the server as it ships: without the tests' seams.
fn build_server(workspace: &Workspace, profile: Profile) -> Result<()> {
    let mut cargo = process::cargo(workspace.root());
    cargo.args(["build", "--package", "motcua", "--bin", "motcua"]);
    if let Profile::Release = profile {
        cargo.arg("--release");
    }
    process::run(&mut cargo)
}
