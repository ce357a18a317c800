//! `cargo xtask check`: what can be said without running a test, the cheap first.
//!
//! Refuses: to mend what it finds.

use anyhow::Result;

use crate::compose;
use crate::needs::{self, DENY};
use crate::process;
use crate::stages::Stages;
use crate::workspace::Workspace;

/// Formatting, docker-compose.yml, dependencies, lints, the contract's drift.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    println!("cargo xtask check will");
    let missing = needs::announce(workspace, &[&DENY]);
    println!("  check    formatting, docker-compose.yml, dependencies, lints, the contract's drift");

    let cargo = |words: &[&str]| process::run(process::cargo(workspace.root()).args(words));
    let mut stages = Stages::begin();
    stages.stage("formatting", || cargo(&["fmt", "--all", "--check"]))?;
    stages.stage("docker-compose.yml", || compose::check(&workspace.path("docker-compose.yml")))?;
    if !missing.is_empty() {
        stages.stage("install", || needs::install(workspace, &missing))?;
    }
    stages
        .stage("dependencies", || cargo(&["deny", "--log-level", "error", "check", "bans", "licenses", "sources"]))?;
    stages.stage("lints", || cargo(&["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]))?;
    // All of it, though the document needs the server only: the tests then find everything built. The server alone would
    // be built with fewer features of its dependencies, the typesetter's among them, and the tests would build them anew.
    stages.stage("build", || cargo(&["build", "--workspace", "--bins", "--tests"]))?;
    stages.stage("the contract's drift", || super::openapi::require_current(workspace))?;
    stages.summary();
    Ok(())
}
