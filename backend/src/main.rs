//! `motcua`: serve, migrate, openapi, keys, units, officers and lists of them, audit.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};
use motcua::app::{self, Services};
use motcua::audit::{self, Head};
use motcua::clock::Clock;
use motcua::officer_imports::{self, Import, Seen};
use motcua::officers::{self, NewOfficer};
use motcua::random::Random;
use motcua::settings::{Settings, fresh_secrets};
use motcua::{openapi, second_factors, telemetry, units};
use motcua_openapi::sessions::Role;
use motcua_openapi::values::{PersonName, PhoneNumber};
use secrecy::SecretString;
use uuid::Uuid;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Creating citizens' accounts at a one-stop desk.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// A TOML file of settings; variables MOTCUA__SECTION__KEY go before it.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API (the default settings are a demo on made-up data).
    Serve,
    /// Bring the database up to this version and end.
    Migrate,
    /// Print the OpenAPI document; needs no database.
    Openapi,
    /// Print a fresh set of keys for the settings.
    Keys,
    /// Look after the audit.
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Add a unit; prints its id.
    AddUnit {
        /// Its name.
        name: String,
        /// The unit above it.
        #[arg(long)]
        parent: Option<Uuid>,
    },
    /// Authorise an officer; reads the first password from standard input; prints the id.
    AddOfficer {
        /// Sign-in name.
        username: String,
        /// Full name.
        #[arg(long)]
        full_name: String,
        /// Own phone.
        #[arg(long)]
        phone: Option<String>,
        /// The unit at the top of their agency.
        #[arg(long)]
        agency: Uuid,
        /// A unit they work in; may be given more than once.
        #[arg(long = "unit")]
        units: Vec<Uuid>,
        /// What they may do: officer, administrator or auditor.
        #[arg(long, default_value = "officer", value_parser = role)]
        role: Role,
    },
    /// Look after officers, many at once.
    Officers {
        #[command(subcommand)]
        command: OfficersCommand,
    },
    /// Remove every second factor of somebody who lost them, and end their sessions.
    RemoveSecondFactors {
        /// Sign-in name.
        username: String,
    },
}

fn role(text: &str) -> Result<Role, String> {
    Role::ALL
        .into_iter()
        .find(|role| role.as_str() == text)
        .ok_or_else(|| "officer, administrator or auditor".to_owned())
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Walk the chain: prints what is changed, missing or moved (then the exit code is 1), and its head.
    Verify {
        /// The head that an earlier walk printed: tells whether the tail was cut off since.
        #[arg(long)]
        head: Option<Head>,
    },
}

#[derive(Subcommand)]
enum OfficersCommand {
    /// Check a list of officers (.xlsx, .csv): prints its faults by row and cell (then the exit code is 1), or what it
    /// would do.
    Import {
        /// The list.
        file: PathBuf,
        /// Apply it, where it has no fault: all of it or nothing.
        #[arg(long)]
        apply: bool,
        /// The agency whose administrator would bring it; may be left out where there is one unit at the top.
        #[arg(long)]
        agency: Option<Uuid>,
    },
}

fn main() -> anyhow::Result<ExitCode> {
    // Two TLS stacks are linked: choose before either is used.
    rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .map_err(|_| anyhow::anyhow!("a TLS provider was installed before"))?;
    let arguments = Arguments::parse();
    telemetry::start();
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(run(arguments))
}

async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let load = || Settings::load(arguments.config.as_deref());
    let done: anyhow::Result<()> = match arguments.command {
        Command::Serve => serve(load()?).await,
        Command::Migrate => Services::open(load()?, Clock::system()).await.map(|_| ()),
        Command::Openapi => print(&serde_json::to_string_pretty(&openapi::document())?),
        Command::Keys => print(fresh_secrets(&Random::system()?).trim_end()),
        Command::Audit { command: AuditCommand::Verify { head } } => {
            return verify_audit(&Services::open(load()?, Clock::system()).await?, head).await;
        }
        Command::AddUnit { name, parent } => {
            let services = Services::open(load()?, Clock::system()).await?;
            print(&units::add(&services, parent, &name).await.map_err(broken)?.to_string())
        }
        Command::AddOfficer { username, full_name, phone, agency, units, role } => {
            let services = Services::open(load()?, Clock::system()).await?;
            let new = NewOfficer {
                username,
                full_name: PersonName::parse(&full_name).context("--full-name")?,
                phone: phone.as_deref().map(PhoneNumber::parse).transpose().context("--phone")?,
                password: read_password()?,
                role,
                agency_id: agency,
                units,
            };
            print(&officers::authorise(&services, new).await.map_err(broken)?.to_string())
        }
        Command::Officers { command: OfficersCommand::Import { file, apply, agency } } => {
            return import_officers(&Services::open(load()?, Clock::system()).await?, Import { file, agency, apply })
                .await;
        }
        Command::RemoveSecondFactors { username } => {
            let services = Services::open(load()?, Clock::system()).await?;
            second_factors::remove_by_username(&services, &username).await.map_err(broken)
        }
    };
    done.map(|()| ExitCode::SUCCESS)
}

/// The findings and the head on standard output, how far it has come on standard error.
async fn verify_audit(services: &Services, known: Option<Head>) -> anyhow::Result<ExitCode> {
    let progress = |done, total| _ = write!(std::io::stderr(), "\r{done} of {total} events");
    let verdict = audit::verify(services, known.as_ref(), progress).await.map_err(broken)?;
    _ = writeln!(std::io::stderr());
    for finding in &verdict.findings {
        print(&finding.to_string())?;
    }
    print(&format!("{} events, head {}", verdict.events, verdict.head))?;
    Ok(if verdict.findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Faults, rows and the end on standard output, how far it has come on standard error.
async fn import_officers(services: &Services, asked: Import) -> anyhow::Result<ExitCode> {
    let mut written = Ok(());
    let tell = |seen| match seen {
        Seen::Progress { state, done, total } => {
            _ = write!(std::io::stderr(), "\r{} {done} of {total} rows  ", state.as_str());
        }
        Seen::Line(line) => {
            if written.is_ok() {
                written = print(&line);
            }
        }
    };
    let did_all = officer_imports::import(services, asked, tell).await?;
    _ = writeln!(std::io::stderr());
    written?;
    Ok(if did_all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn serve(settings: Settings) -> anyhow::Result<()> {
    let running = app::start(settings, Clock::system()).await?;
    tracing::info!(address = %running.address, "ready");
    running.until(signal()).await
}

/// Ctrl-C, or the SIGTERM of a supervisor.
async fn signal() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(error) => {
            tracing::warn!(%error, "SIGTERM cannot be listened for");
            let _ = interrupt.await;
        }
    }
    tracing::info!("stopping: requests under way get to their end");
}

fn read_password() -> anyhow::Result<SecretString> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    let password = line.trim_end_matches(['\r', '\n']);
    anyhow::ensure!(password.chars().count() >= 8, "a password has at least 8 characters; give it on standard input");
    Ok(SecretString::from(password.to_owned()))
}

fn print(text: &str) -> anyhow::Result<()> {
    Ok(writeln!(std::io::stdout(), "{text}")?)
}

fn broken(fault: motcua::problem::Fault) -> anyhow::Error {
    anyhow::anyhow!("{fault}")
}
