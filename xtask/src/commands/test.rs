//! `cargo xtask test`: sets up, then every test: unit, API on SQLite and on a PostgreSQL of its own, browser.
//!
//! Refuses: to use a server that is already running here, and to leave its own one running.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::needs::{self, AXE, CHROMIUM, KANNEL, NEXTEST, NGINX, NODE, Need, POSTGRES, PROMTOOL};
use crate::postgres::Postgres;
use crate::process::{self, find_program};
use crate::spa;
use crate::stages::Stages;
use crate::workspace::{Profile, Workspace};

/// Which tests run.
#[derive(Args)]
pub(crate) struct Options {
    /// Only the API suite: no page is built, no browser started
    #[arg(long, conflicts_with = "no_browser")]
    api_only: bool,
    /// Everything but the browser suite
    #[arg(long)]
    no_browser: bool,
    /// Only tests whose name contains one of these words
    filters: Vec<String>,
    /// Options for cargo nextest
    #[arg(last = true)]
    nextest: Vec<String>,
}

/// How much of the suites runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    Everything,
    WithoutBrowser,
    ApiOnly,
}

impl Scope {
    fn of(options: &Options) -> Self {
        match (options.api_only, options.no_browser) {
            (true, _) => Self::ApiOnly,
            (false, true) => Self::WithoutBrowser,
            (false, false) => Self::Everything,
        }
    }

    fn shown(self) -> &'static str {
        match self {
            Self::Everything => "every test: unit, API on SQLite and PostgreSQL, browser",
            Self::WithoutBrowser => "every test but the browser suite",
            Self::ApiOnly => "the API suite, on SQLite and PostgreSQL",
        }
    }

    fn needs(self) -> Vec<&'static Need> {
        let mut needs = vec![&POSTGRES, &KANNEL, &NGINX, &PROMTOOL, &NEXTEST];
        if self == Self::Everything {
            needs.extend([&CHROMIUM, &NODE, &AXE]);
        }
        needs
    }

    fn brings_npm(self) -> bool {
        self == Self::Everything
    }

    /// The words that choose these tests, for nextest and for cargo's own runner.
    fn choice(self, runner: Runner) -> &'static [&'static str] {
        match (self, runner) {
            (Self::Everything, _) => &["--workspace"],
            (Self::WithoutBrowser, Runner::Nextest) => &["--workspace", "-E", "not binary(=browser)"],
            (Self::WithoutBrowser, Runner::Cargo) => &["--workspace", "--lib", "--bins", "--test", "api"],
            // Of the workspace, not of its package: the same features, so that nothing is built twice.
            (Self::ApiOnly, _) => &["--workspace", "--test", "api"],
        }
    }
}

/// What runs the tests.
#[derive(Clone, Copy)]
enum Runner {
    Nextest,
    Cargo,
}

impl Runner {
    fn find() -> Self {
        if find_program("cargo-nextest").is_some() { Self::Nextest } else { Self::Cargo }
    }

    /// The command that builds and runs these tests.
    fn command(self, workspace: &Workspace, scope: Scope) -> Command {
        let mut cargo = process::cargo(workspace.root());
        match self {
            Self::Nextest => cargo.args(["nextest", "run"]),
            Self::Cargo => cargo.arg("test"),
        };
        cargo.args(scope.choice(self));
        if let (Self::Nextest, Scope::Everything) = (self, scope) {
            let rules = workspace.path("xtask/nextest-browser.toml");
            cargo.args(["--tool-config-file", &format!("xtask:{}", rules.display())]);
        }
        cargo
    }

    /// Adds the person's choice of tests, and how they are to run.
    fn choose(self, options: &Options, command: &mut Command) {
        match self {
            Self::Nextest => {
                if std::env::var_os("CI").is_some() {
                    command.args(["--profile", "ci"]);
                }
                command.args(&options.nextest).args(&options.filters);
            }
            Self::Cargo => {
                command.arg("--").args(&options.filters);
            }
        }
    }
}

/// Sets up, runs the tests, and stops what it started.
pub(crate) fn test(workspace: &Workspace, options: &Options) -> Result<()> {
    let scope = Scope::of(options);
    let plan = if scope == Scope::ApiOnly { None } else { Some(spa::Plan::make(workspace, scope.brings_npm())?) };
    let mut needs = scope.needs();
    needs.extend(plan.iter().flat_map(spa::Plan::needs));
    println!("cargo xtask test will");
    let missing = needs::announce(workspace, &needs);
    if let Some(plan) = &plan {
        plan.announce();
    }
    println!("  start    a PostgreSQL of its own on a free port, and stop it at the end");
    println!("  run      {}", scope.shown());

    let mut stages = Stages::begin();
    if !missing.is_empty() {
        stages.stage("install", || install(workspace, &missing))?;
    }
    if let Some(plan) = &plan {
        stages.stage("build the page", || build_page(workspace, plan))?;
    }
    let artefacts = workspace.test_artefacts();
    fs::create_dir_all(&artefacts).with_context(|| format!("creating {}", artefacts.display()))?;
    let runner = Runner::find();
    stages.stage("build the tests", || process::run(runner.command(workspace, scope).arg("--no-run")))?;
    // Of the workspace, like the tests: nothing is built twice. One suite starts it, and kills it.
    stages.stage("build the server", || {
        process::run(process::cargo(workspace.root()).args(["build", "--workspace", "--bin", "motcua"]))
    })?;
    let postgres = stages.stage("start PostgreSQL", || Postgres::start(&artefacts.join("postgres.log")))?;
    stages.summary();

    // The runner's own summary comes last: who reads the end of the output sees it.
    let mut command = runner.command(workspace, scope);
    runner.choose(options, &mut command);
    environment(workspace, &postgres, &mut command);
    println!("\n==> run the tests: {}", process::shown(&command));
    let outcome = process::run_for_status(&mut command)?;
    drop(postgres);
    if !outcome.success() {
        bail!("the tests ended with {outcome}; what they left to look at is in {}", artefacts.display());
    }
    Ok(())
}

/// Installs what is missing. Without cargo-nextest the tests still run, by cargo's own runner.
fn install(workspace: &Workspace, missing: &[&'static Need]) -> Result<()> {
    let (runner, rest): (Vec<_>, Vec<_>) = missing.iter().copied().partition(|need| need.name == NEXTEST.name);
    needs::install(workspace, &rest)?;
    if let Err(error) = needs::install(workspace, &runner) {
        println!("    note: {error:#}; `cargo test` runs the tests instead");
    }
    Ok(())
}

fn build_page(workspace: &Workspace, plan: &spa::Plan) -> Result<()> {
    let sizes = spa::build(workspace, plan)?;
    sizes.print();
    sizes.check()
}

/// What the suites read to find their parts.
fn environment(workspace: &Workspace, postgres: &Postgres, command: &mut Command) {
    command
        .env("MOTCUA_TEST_POSTGRES_URL", postgres.url())
        .env("MOTCUA_TEST_SERVER", workspace.server(Profile::Dev))
        .env("MOTCUA_TEST_SPA_DIR", workspace.spa())
        .env("MOTCUA_TEST_ARTEFACTS", workspace.test_artefacts());
    if let Some(driver) = find_program("chromedriver") {
        command.env("MOTCUA_TEST_CHROMEDRIVER", driver);
    }
}
