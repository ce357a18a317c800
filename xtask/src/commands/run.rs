//! `cargo xtask run`: from an empty machine to a page in the browser, with demo data and the texts on the terminal.
//!
//! Refuses: to build anything when the address is taken, and to leave the server running when it ends.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;

use crate::interrupt;
use crate::needs;
use crate::server::{self, Server, Start};
use crate::spa;
use crate::stages::Stages;
use crate::texts::Texts;
use crate::workspace::{Profile, Workspace};

/// How the demo runs.
#[derive(Args)]
pub(crate) struct Options {
    /// Address and port of the page
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The folder for the database, the scans and the texts
    #[arg(long, default_value = ".motcua")]
    data_dir: PathBuf,
    /// Build and start the release profile: slower to build, faster to answer
    #[arg(long)]
    release: bool,
}

/// Sets up, builds, starts, and shows texts until the person asks to stop.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let data = workspace.root().join(&options.data_dir);
    let plan = spa::Plan::make(workspace, false)?;
    println!("cargo xtask run will");
    let missing = needs::announce(workspace, &plan.needs());
    plan.announce();
    println!("  build    the server");
    println!("  start    it on http://{} with demo data in {}", options.listen, data.display());
    server::require_free(options.listen)?;

    let profile = if options.release { Profile::Release } else { Profile::Dev };
    let mut stages = Stages::begin();
    if !missing.is_empty() {
        stages.stage("install", || needs::install(workspace, &missing))?;
    }
    stages.stage("build the page", || spa::build(workspace, &plan))?;
    stages.stage("build the server", || super::build_server(workspace, profile))?;
    fs::create_dir_all(&data).with_context(|| format!("creating {}", data.display()))?;
    let mut texts = Texts::watch(data.join("messages"))?;
    let mut server = stages.stage("start the server", || start(workspace, options, profile, &data))?;
    stages.summary();
    welcome(options, &data);
    watch(&mut server, &mut texts)
}

fn start(workspace: &Workspace, options: &Options, profile: Profile, data: &Path) -> Result<Server> {
    let start = Start { profile, listen: options.listen, data, log: data.join("server.log") };
    let mut server = Server::start(workspace, start)?;
    server.wait_until_ready(Duration::from_millis(50))?;
    Ok(server)
}

fn welcome(options: &Options, data: &Path) {
    println!("\n  Open     http://{}", shown(options.listen));
    match fs::read_to_string(data.join("demo-sign-in.txt")) {
        Ok(sign_in) => {
            println!("\n  Sign in");
            for line in sign_in.lines() {
                println!("    {line}");
            }
        }
        Err(_) => println!("\n  The server wrote no demo sign-in into {}", data.display()),
    }
    println!("\n  The log is {}. Texts to citizens appear below. Ctrl-C stops.", data.join("server.log").display());
}

/// The address as a browser is given it: passkeys are made for the name `localhost`, not for a number.
fn shown(listen: SocketAddr) -> String {
    if listen.ip() == Ipv4Addr::LOCALHOST { format!("localhost:{}", listen.port()) } else { listen.to_string() }
}

/// Shows texts until the person asks to stop; an error when the server ends before that.
fn watch(server: &mut Server, texts: &mut Texts) -> Result<()> {
    while !interrupt::requested() {
        server.still_runs()?;
        texts.show_new()?;
        interrupt::pause(Duration::from_millis(200));
    }
    println!("\nStopping the server.");
    Ok(())
}
