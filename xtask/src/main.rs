//! `cargo xtask …`: every task of this repository, from an empty machine on.
//!
//! Owns: what a task needs, how it is installed, and the order of a task's steps. Each task says what it will do and
//! what it will install before it does. Refuses: to be linked by anything, to hold a rule of the product, and to
//! install what only root may install when it is not root (it prints the one command instead).
#![expect(clippy::print_stdout, reason = "a task talks to the person who started it")]

mod commands;
mod compose;
mod interrupt;
mod needs;
mod postgres;
mod process;
mod server;
mod spa;
mod stages;
mod texts;
mod wasm;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "The tasks of this repository")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Set up, build the page and the server, start everything on SQLite with demo data
    Run(commands::run::Options),
    /// Set up, then every test: unit, API on SQLite and PostgreSQL, browser
    Test(commands::test::Options),
    /// Formatting, lints, dependencies, the contract's drift, docker-compose.yml
    Check,
    /// Build the page only, into target/spa
    Spa,
    /// Write openapi/openapi.json from the code
    Openapi,
    /// Build for release and measure: start-up, idle memory, the page's bytes, then the load
    Bench(commands::bench::Options),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match carry_out(cli.task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) if interrupt::requested() => {
            println!("\nStopped.");
            ExitCode::from(130)
        }
        Err(error) => {
            println!("\nThis did not work: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(task: Task) -> anyhow::Result<()> {
    interrupt::listen()?;
    let workspace = Workspace::locate()?;
    match task {
        Task::Run(options) => commands::run::run(&workspace, &options),
        Task::Test(options) => commands::test::test(&workspace, &options),
        Task::Check => commands::check::check(&workspace),
        Task::Spa => commands::spa(&workspace),
        Task::Openapi => commands::openapi::write(&workspace),
        Task::Bench(options) => commands::bench::bench(&workspace, &options),
    }
}
