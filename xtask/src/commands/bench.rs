//! `cargo xtask bench`: what this machine makes of a release build.
//!
//! Measures here: the page's bytes, the time to the first ready answer, the memory of an idle server. The load (look-ups,
//! whole registrations, request forms) is measured by the `bench` program of the tests crate. Prints every target and
//! whether it was met; a miss is no error.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use clap::Args;

use crate::interrupt;
use crate::needs;
use crate::process;
use crate::server::{Server, Start};
use crate::spa::{self, Sizes};
use crate::stages::Stages;
use crate::workspace::{Profile, Workspace};

const RUNS: usize = 5;
const START_TARGET: Duration = Duration::from_millis(300);
const IDLE_TARGET_KIB: u64 = 60_000_000 / 1024;
const IDLE_FOR: Duration = Duration::from_secs(5);

/// What is measured.
#[derive(Args)]
pub(crate) struct Options {
    /// Leave out the load: only the page, the start-up and the idle memory
    #[arg(long)]
    no_load: bool,
}

/// Builds for release and measures.
pub(crate) fn bench(workspace: &Workspace, options: &Options) -> Result<()> {
    let plan = spa::Plan::make(workspace, false)?;
    println!("cargo xtask bench will");
    let missing = needs::announce(workspace, &plan.needs());
    plan.announce();
    println!("  build    the server for release, and measure it on this machine only");

    let mut stages = Stages::begin();
    if !missing.is_empty() {
        stages.stage("install", || needs::install(workspace, &missing))?;
    }
    let sizes = stages.stage("build the page", || spa::build(workspace, &plan))?;
    stages.stage("build the server", || super::build_server(workspace, Profile::Release))?;
    let measured = stages.stage("start the server and let it idle", || Measured::take(workspace))?;
    if !options.no_load {
        stages.stage("load", || load(workspace))?;
    }
    stages.summary();
    report(&sizes, &measured);
    Ok(())
}

/// The load programs of the tests crate. They start `MOTCUA_BENCH_SERVER` themselves and print their own table.
fn load(workspace: &Workspace) -> Result<()> {
    let mut cargo = process::cargo(workspace.root());
    cargo.args(["run", "--release", "--package", "motcua-tests", "--bin", "bench"]);
    process::run(cargo.env("MOTCUA_BENCH_SERVER", workspace.server(Profile::Release)))
}

/// What was measured of the server alone.
struct Measured {
    /// From nothing: the database is made and filled with demo data.
    first_starts: Vec<Duration>,
    /// On a database that is there.
    later_starts: Vec<Duration>,
    idle_kib: u64,
}

impl Measured {
    fn take(workspace: &Workspace) -> Result<Self> {
        let mut measured = Self { first_starts: Vec::new(), later_starts: Vec::new(), idle_kib: 0 };
        for _ in 0..RUNS {
            let folder = tempfile::tempdir()?;
            measured.first_starts.push(start(workspace, folder.path())?.1);
            let (server, took) = start(workspace, folder.path())?;
            measured.later_starts.push(took);
            if measured.later_starts.len() == RUNS {
                interrupt::pause(IDLE_FOR);
                measured.idle_kib = server.resident_kib()?;
            }
        }
        Ok(measured)
    }
}

/// Starts a server and gives the time to its first ready answer.
fn start(workspace: &Workspace, data: &Path) -> Result<(Server, Duration)> {
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()?));
    let started = Instant::now();
    let start = Start { profile: Profile::Release, listen, data, log: data.join("server.log") };
    let mut server = Server::start(workspace, start)?;
    server.wait_until_ready(Duration::from_millis(2))?;
    Ok((server, started.elapsed()))
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

fn report(sizes: &Sizes, measured: &Measured) {
    let verdict = |met: bool| if met { "met" } else { "MISSED" };
    sizes.print();
    println!();
    for (name, starts) in [("first", &measured.first_starts), ("later", &measured.later_starts)] {
        let middle = median(starts);
        println!(
            "start-up, {name}: {} ms (median of {RUNS}, {}); at most {} ms: {}",
            middle.as_millis(),
            listed(starts),
            START_TARGET.as_millis(),
            verdict(middle <= START_TARGET)
        );
    }
    println!(
        "idle memory: {} KiB resident after {} s; at most {IDLE_TARGET_KIB} KiB: {}",
        measured.idle_kib,
        IDLE_FOR.as_secs(),
        verdict(measured.idle_kib <= IDLE_TARGET_KIB)
    );
}

fn median(times: &[Duration]) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort();
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

fn listed(times: &[Duration]) -> String {
    times.iter().map(|time| time.as_millis().to_string()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_one() {
        let times = [5, 1, 9, 2, 3].map(Duration::from_millis);
        assert_eq!(median(&times), Duration::from_millis(3));
        assert_eq!(median(&[]), Duration::ZERO);
        assert_eq!(listed(&times), "5 1 9 2 3");
    }
}
